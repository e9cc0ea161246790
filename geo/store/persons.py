"""What is kept of a person who reported something: told, erased, forgotten after its time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, select

from geo.retention import Periods
from geo.store.answers import question, run_parts
from geo.store.events import record
from geo.store.schema.tables import ISSUE

_SHORT: Final = 8  # letters of a key that an event tells: enough to find it, too few to try numbers


class Forgotten(NamedTuple):
    """How many issues were forgotten, and the photos that no issue has any more."""

    issues: int
    photos: tuple[str, ...] = ()


def said_by(conn: Connection, reporter: str, reason: str) -> list[dict[str, Any]]:
    """Return what is kept of a person, an issue each, the oldest first; who asked is kept too.

    By the owner's role.

    Parameters
    ----------
    reporter
        The key of the person (`geo.issues.reporters.reporter_key`).
    reason
        Why somebody asks.
    """
    rows = conn.execute(question("said_by_reporter"), {"reporter": reporter}).mappings()
    found = [dict(row) for row in rows]
    _tell(conn, reporter, "export", reason, len(found))
    return found


def forget_person(conn: Connection, reporter: str, reason: str) -> Forgotten:
    """Return what was erased of a person: words, places' names, photos, and that it was one person.

    By the owner's role. Issues stay as counts, in their grid; open ones lose their words as well.
    """
    asked = select(ISSUE.c.id).where(ISSUE.c.reporter == reporter).order_by(ISSUE.c.id)
    done = _forget(conn, conn.execute(asked).scalars().all(), "request")
    _tell(conn, reporter, "erase", reason, done.issues)
    return done


def forget_past(conn: Connection, kept: Periods, most: int) -> Forgotten:
    """Return what was erased because its time is over, so many issues at the most.

    By the owner's role.
    """
    told = {"days": kept.issue_words_days, "most": most}
    done = _forget(conn, conn.execute(question("past_keeping"), told).scalars().all(), "retention")
    rest = {"reporter_days": kept.issue_reporter_days, "task_days": kept.task_words_days}
    run_parts(conn, "forget_the_rest", **rest, most=most)
    return done


def _forget(conn: Connection, ids: Sequence[int], why: str) -> Forgotten:
    if not ids:
        return Forgotten(0)
    row = conn.execute(question("forget"), {"ids": list(ids), "why": why}).one()
    return Forgotten(int(row.issues), tuple(row.photos))


def _tell(conn: Connection, reporter: str, name: str, reason: str, issues: int) -> None:
    record(conn, "person", reporter[:_SHORT], name, {"reason": reason, "issues": issues})
