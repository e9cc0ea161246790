"""Reports of people without an account: each acts as a person of its own, and sees its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import shapely
from sqlalchemy import Connection, RowMapping, func, select, text

from geo.issues import Order
from geo.store.actors import RESIDENT
from geo.store.events import record
from geo.store.schema.tables import AREA, ISSUE, REVIEW
from geo.store.working.handling import act

_KINDS: Final = (
    "community",
    "subdistrict",
    "district",
    "city",
)  # where a map begins, if there is one


def resident(reference: str) -> str:
    """Return who acts for the report of a number: nobody else's issue is that person's to see.

    >>> resident("W7K3MQ2X9A4")
    'web:W7K3MQ2X9A4'
    """
    return f"{RESIDENT}{reference}"


def own_report(conn: Connection) -> dict[str, Any] | None:
    """Return the report of the acting resident: see `own_report()` in the database; None: none.

    `content`: whether its reporter is, by an own answer to the last result, else by the last that
    was said on the telephone; None where nothing was said.
    """
    found = conn.execute(text("select * from own_report()")).mappings().one_or_none()
    return None if found is None else {**found, "content": _is_content(conn, found)}


def _is_content(conn: Connection, report: RowMapping) -> bool | None:
    """Tell whether a reporter is content: nobody else's call-back stands over the own answer."""
    own = (
        select(REVIEW.c.solved, REVIEW.c.satisfied)
        .where(
            REVIEW.c.issue == report["id"],
            REVIEW.c.kind == "call_back",
            REVIEW.c.made_by == func.acting_person(),
            REVIEW.c.made_at >= func.coalesce(report["finished_at"], REVIEW.c.made_at),
        )
        .order_by(REVIEW.c.id.desc())
        .limit(1)
    )
    said = conn.execute(own).one_or_none() or (report["solved"], report["satisfied"])
    return None if None in said else all(said)


def answer_call_back(conn: Connection, *, solved: bool, satisfied: bool, words: str) -> bool:
    """Tell whether the acting resident's answer about the last result was kept: once for each."""
    asked = select(func.answer_call_back(solved, satisfied, words))
    number = conn.execute(asked).scalar()
    if number is None:
        return False
    issue = conn.execute(select(ISSUE.c.id, ISSUE.c.path)).one()
    told = {"id": number, "kind": "call_back", "rater": "reporter"}
    record(conn, "issue", issue.id, "review", {"review": told}, path=issue.path)
    return True


def is_reopenable(report: Mapping[str, Any], now: datetime, *, days: int) -> bool:
    """Tell whether a closed report may be reopened by its reporter: not content, and soon enough.

    What was answered after work asks for the call-back first; who was content then has no second
    word, and who got an answer without any work needs none.

    Parameters
    ----------
    report
        As `own_report`.
    days
        For how long after it was closed.
    """
    if report["state"] != "closed" or report["answerable"] is not None:
        return False
    closed = report["closed_at"]
    in_time = closed is not None and now - closed <= timedelta(days=days)
    return in_time and report["content"] is not True


def reopen_report(conn: Connection, reason: str, now: datetime, *, days: int) -> bool:
    """Tell whether the acting resident's report was reopened; not twice, whoever asks at once.

    Steps change tasks, which are not a resident's to see: the connection is the owner's, and the
    report that `own_report` names the only one it is used for.
    """
    own = select(ISSUE.c.id).where(ISSUE.c.received_by == func.acting_person())
    conn.execute(own.with_for_update())
    report = own_report(conn)
    if report is None or not is_reopenable(report, now, days=days):
        return False
    act(conn, int(report["id"]), Order(step="reopen", reason=reason))
    return True


def where_to_begin(conn: Connection) -> tuple[float, float] | None:
    """Return a place inside the first community (degrees, EPSG:4326); None: there are no areas."""
    level = func.array_position(list(_KINDS), AREA.c.kind)
    asked = (
        select(func.ST_AsBinary(func.ST_PointOnSurface(AREA.c.geom)))
        .where(AREA.c.net == "admin", AREA.c.kind.in_(_KINDS), AREA.c.valid_to.is_(None))
        .order_by(level, AREA.c.code)
        .limit(1)
    )
    found = conn.execute(asked).scalar()
    if found is None:
        return None
    point = shapely.from_wkb(bytes(found))
    return float(shapely.get_x(point)), float(shapely.get_y(point))
