"""What one sees of an issue while it is entered, before anything is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, func, or_, select

from geo.errors import BeyondCalendarError
from geo.store.rules.deadlines import desk_alone, of_service
from geo.store.rules.routes import listed
from geo.store.schema.tables import ISSUE


class Due(NamedTuple):
    """When what is sent now would be due, and when its holder would be warned."""

    due_at: datetime
    yellow_at: datetime


def due_now(conn: Connection, service: str | None, said: datetime | None) -> Due | None:
    """Return when an issue of a service would be due if it were sent now.

    None where that is in a year that the calendar does not speak of.

    Parameters
    ----------
    said
        The source's own due time, which comes before any limit of ours.
    """
    known = listed(conn, [service]).get(service) if service else None
    plain = desk_alone(conn)
    desk = of_service(plain, known.limits) if known else plain
    try:
        due = said or desk.due()
        return Due(due, desk.warning(due))
    except BeyondCalendarError:
        return None


def calls_seen(conn: Connection, reporter: str, days: float) -> int:
    """Return how many issues of one person within days the acting person dispatches or received.

    Unlike `calls_of_reporter` not of the whole city, nor of all one may see: whoever is complained
    about could try whose number it was.
    """
    since = func.now() - timedelta(days=days)
    when = func.coalesce(ISSUE.c.reported_at, ISSUE.c.received_at)
    mine = ISSUE.c.received_by == func.acting_person()
    dispatched = ISSUE.c.path.overlap(func.duty_codes(["dispatcher"]))
    known = or_(mine, dispatched)
    counted = select(func.count()).where(ISSUE.c.reporter == reporter, when >= since, known)
    return int(conn.execute(counted).scalar_one())


def issue_numbered(conn: Connection, source: str, reference: str) -> int | None:
    """Return the issue of that source's number, if it is there and the acting person may see it."""
    named = (ISSUE.c.source == source, ISSUE.c.reference == reference)
    found = conn.execute(select(ISSUE.c.id).where(*named)).scalar_one_or_none()
    return None if found is None else int(found)


def issues_of_reference(conn: Connection, reference: str, sources: Sequence[str]) -> dict[str, int]:
    """Return source → issue of those that bear a number and that the acting person may see."""
    named = (ISSUE.c.source.in_(sources), ISSUE.c.reference == reference)
    asked = select(ISSUE.c.source, ISSUE.c.id).where(*named).order_by(ISSUE.c.source)
    return {row.source: row.id for row in conn.execute(asked)}
