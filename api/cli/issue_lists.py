"""`jingwei issue list` and `jingwei issue replies`: issues shown, and written to a file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from api.cli.planning import opened, print_rows
from api.issue_lists import Chosen, issue_list, write_issues
from api.replies import Asked, write_replies
from geo.reference import sources
from geo.store.database import Connection, transaction

_SHOWN: Final = 30
_COLUMNS: Final = {
    "id": "诉求 Issue",
    "source": "来源 Source",
    "reference": "编号 Number",
    "state": "状态 State",
    "service_name": "类别 Service",
    "community_name": "社区 Community",
    "party_name": "承办 Holder",
    "when": "时间 When",
}
_DAYS: Final = ["%Y-%m-%d"]
Day = Annotated[datetime | None, typer.Option(formats=_DAYS, help="日期，含当日 A day, included")]
KNOWN: Final = "|".join(sources())


def list_issues(
    *,
    scope: Annotated[
        str | None, typer.Option(help="区域编码；空为待认领 Area; '' unclaimed")
    ] = None,
    service: Annotated[
        str | None, typer.Option(help="服务编码，含下级 Service, or above it")
    ] = None,
    state: Annotated[str | None, typer.Option(help="状态 State")] = None,
    source: Annotated[str | None, typer.Option(help=f"来源 Source: {KNOWN}")] = None,
    since: Day = None,
    until: Day = None,
    out: Annotated[Path | None, typer.Option(help="写成 .csv 或 .xlsx Write a file")] = None,
    limit: Annotated[int, typer.Option(min=1, help="屏幕上最多几件 Most shown")] = _SHOWN,
    who: Annotated[
        str | None, typer.Option("--as", help="只看此人可见的 Only what this person may see")
    ] = None,
) -> None:
    """列出诉求，最近的在前；--out 写成文件。List issues, the latest first, or write a file."""
    days = (day and day.date() for day in (since, until))
    chosen = Chosen(scope, service, state, source, *days)
    with _reading(who) as conn:
        if out is not None:
            count = write_issues(conn, chosen, out)
            typer.echo(f"{out}：{count:,} 件 issues")
            return
        found = issue_list(conn, chosen, limit=limit)
    told = found["reported_at"].fillna(found["received_at"]).dt.strftime("%Y-%m-%d %H:%M")
    print_rows(found.assign(when=told), _COLUMNS)


def write_answers(
    *,
    source: Annotated[str, typer.Option(help=f"来源 Source: {KNOWN}")],
    out: Annotated[Path, typer.Option(help="写成 .csv 或 .xlsx Write a file")],
    since: Day = None,
    until: Day = None,
    who: Annotated[
        str | None, typer.Option("--as", help="只看此人可见的 Only what this person may see")
    ] = None,
) -> None:
    """办结的答复写成文件，原编号、原时限。Write the replies that go back to a source."""
    days = (day and day.date() for day in (since, until))
    with _reading(who) as conn:
        count = write_replies(conn, Asked(source, *days), out)
    typer.echo(f"{out}：{count:,} 件 replies")


@contextmanager
def _reading(who: str | None) -> Iterator[Connection]:
    """Open a transaction: as a person by row-level security, else as whoever keeps the data."""
    with (
        opened() as store,
        transaction(store.app if who else store.owner, who or "cli") as conn,
    ):
        yield conn
