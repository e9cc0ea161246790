"""Answers that go back to a source, as a list: its own numbers and due times, and what was done."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

import pandas as pd

from api.files.lists import write_list
from api.issue_lists import HEADINGS, Chosen, issue_list
from api.periods import between
from geo.errors import UnknownChoiceError
from geo.reference import sources
from geo.scratch import scratch
from geo.store.database import CITY_TIME, Connection
from geo.store.net.naming import party_names
from geo.store.working.replies import read_replies

TITLE: Final = "答复"
# Beside the columns of a list of issues, which the importer takes back as the same issues.
_REPLY: Final = {
    "outcome_zh": "办理结果",
    "reply": "答复内容",
    "handled_by": "办理单位",
    "person_name": "办理人",
    "closed_at": "办结时间",
    "solved_zh": "是否解决",
    "satisfied_zh": "是否满意",
    "root": "并入系统编号",
}
_OUTCOMES: Final = {
    "solved": "已解决",
    "answered": "已答复",
    "cancelled": "已注销",
    "unfounded": "不属实",
    "merged": "已合并",
}
_YES: Final = {True: "是", False: "否"}


class Asked(NamedTuple):
    """Whose replies: a source, and the days in the city on which its issues were closed."""

    source: str
    since: date | None = None
    until: date | None = None


def replies(conn: Connection, asked: Asked) -> pd.DataFrame:
    """Return the replies to a source, with the headings of the sheet; by number.

    Raises
    ------
    UnknownChoiceError
        When there is no such source.
    BadPeriodError
        When the last day is before the first.
    """
    if asked.source not in sources():
        known = ", ".join(sources())
        raise UnknownChoiceError(option="source", found=asked.source, known=known)
    since, until = between(asked.since, asked.until)
    found = read_replies(conn, asked.source, since=since, until=until)
    issues = issue_list(conn, Chosen(source=asked.source, state="closed"))
    told = issues.merge(_in_words(conn, found), on="id").sort_values("reference")
    return told.rename(columns={**HEADINGS, **_REPLY})


def write_replies(conn: Connection, asked: Asked, out: Path) -> int:
    """Write the replies to a file, by its ending CSV or a workbook; return how many there are."""
    table = replies(conn, asked)
    write_list(table, out, title=TITLE)
    return len(table)


def replies_as(conn: Connection, asked: Asked, form: str) -> bytes:
    """Return the replies as the bytes of a file: csv or xlsx."""
    with scratch() as folder:
        path = folder / f"replies.{form}"
        write_replies(conn, asked, path)
        return path.read_bytes()


def _in_words(conn: Connection, found: pd.DataFrame) -> pd.DataFrame:
    every = [code for codes in found["parties"] for code in codes]
    names = party_names(conn, [*every, *found["person"].dropna()])
    handled = ["、".join(names.get(code, code) for code in codes) for codes in found["parties"]]
    merged = found["root"] != found["id"]
    return pd.DataFrame(
        {
            "id": found["id"],
            "outcome_zh": found["outcome"].map(_OUTCOMES),
            "reply": found["reply"],
            "handled_by": handled,
            "person_name": found["person"].map(lambda code: names.get(code, code)),
            "closed_at": pd.to_datetime(found["closed_at"], utc=True)
            .dt.tz_convert(CITY_TIME)
            .dt.floor("s"),
            "solved_zh": found["solved"].map(_YES),
            "satisfied_zh": found["satisfied"].map(_YES),
            "root": found["root"].where(merged).astype("Int64").astype("str"),
        }
    )
