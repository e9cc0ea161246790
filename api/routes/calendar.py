"""The calendar of working days: how far it reaches."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from api.calendar_told import outlook_told
from api.transactions import Acting
from geo.store.rules.calendars import outlook

router = APIRouter(prefix="/api", tags=["issues"])


@router.get("/calendar")
def reach(conn: Acting) -> dict[str, Any]:
    """Return the years the calendar has, and a warning before deadlines run beyond them.

    `missing` is the first year that lacks, `guessed` counts the person's open tasks that are due
    there by weekdays alone; they are reckoned again when the year is taken in.
    """
    return outlook_told(outlook(conn))
