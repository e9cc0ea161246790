"""The calendar of the database: years taken in as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd
from sqlalchemy import Connection, delete, extract, insert

from geo.store.deadlines import days_known
from geo.store.events import record
from geo.store.tables import CALENDAR

_WORKDAYS: Final = 5


@dataclass(frozen=True)
class Year:
    """A year taken in: days off on weekdays, days worked though off, and whether it differs."""

    year: int
    off: int
    worked: int
    changed: bool


def commit_days(conn: Connection, days: pd.DataFrame, batch: int) -> tuple[Year, ...]:
    """Return the years of a calendar, now those of the database; other years stay as they are.

    Parameters
    ----------
    days
        `day`, `works`, `name`; a year that it names is replaced as a whole.
    """
    known = days_known(conn)
    years = tuple(
        _taken(conn, int(year), rows, known[known["day"].dt.year == year])
        for year, rows in days.groupby(days["day"].dt.year)
    )
    told = {"years": [year.year for year in years if year.changed]}
    record(conn, "import", batch, "commit_calendar", told)
    return years


def _taken(conn: Connection, year: int, days: pd.DataFrame, known: pd.DataFrame) -> Year:
    same = _told(days) == _told(known)
    if not same:
        conn.execute(delete(CALENDAR).where(extract("year", CALENDAR.c.day) == year))
        conn.execute(insert(CALENDAR), _told(days))
    off = int((~days["works"] & (days["day"].dt.day_of_week < _WORKDAYS)).sum())
    return Year(year, off, int(days["works"].sum()), not same)


def _told(days: pd.DataFrame) -> list[dict[str, object]]:
    return [
        {"day": day.date(), "works": bool(works), "name": str(name)}
        for day, works, name in days[["day", "works", "name"]].itertuples(index=False)
    ]
