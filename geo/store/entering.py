"""What one sees of an issue while it is entered, before anything is kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from geo.errors import BeyondCalendarError
from geo.store.deadlines import desk_alone, of_service
from geo.store.routes import listed
from geo.store.tables import ISSUE


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
    """Return how many issues of one person within days the acting person may see.

    Unlike `calls_of_reporter` not of the whole city: whoever types a number learns nothing that
    the worklist does not show.
    """
    since = func.now() - timedelta(days=days)
    when = func.coalesce(ISSUE.c.reported_at, ISSUE.c.received_at)
    counted = select(func.count()).where(ISSUE.c.reporter == reporter, when >= since)
    return int(conn.execute(counted).scalar_one())


def issue_numbered(conn: Connection, source: str, reference: str) -> int | None:
    """Return the issue of that source's number, if it is there and the acting person may see it."""
    named = (ISSUE.c.source == source, ISSUE.c.reference == reference)
    found = conn.execute(select(ISSUE.c.id).where(*named)).scalar_one_or_none()
    return None if found is None else int(found)
