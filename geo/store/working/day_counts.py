"""How many issues came on each day, as it is kept: a board's cost follows days, not issues."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import Connection

from geo.store.answers import question, rows_of
from geo.store.database import CITY_TIME

_ZONE: Final = ZoneInfo(CITY_TIME)


def days_kept(conn: Connection, scope: str | None, source: str | None) -> pd.DataFrame | None:
    """Return `day` (of the city), `source`, `n`, `is_open` (of them, not closed), the oldest first.

    None where the acting person's duties do not cover the scope (None: the city and what nobody
    owns), or it is finer than a subdistrict.
    """
    if not conn.execute(question("days_are_kept"), {"scope": scope}).scalar_one():
        return None
    return rows_of(conn, question("days_kept"), scope=scope, source=source)


def is_whole(moment: datetime | None) -> bool:
    """Tell whether a day of the city begins then; None, for no end of a period, is one.

    >>> is_whole(datetime.fromisoformat("2026-11-26T16:00:00+00:00"))
    True
    """
    return moment is None or moment.astimezone(_ZONE).time() == time()


def within(days: pd.DataFrame, since: datetime | None, until: datetime | None) -> pd.DataFrame:
    """Return the rows whose `day` lies between two beginnings of days."""
    first, end = (_day(moment) for moment in (since, until))
    kept = [(first is None or day >= first) and (end is None or day < end) for day in days["day"]]
    return days[pd.Series(kept, days.index, dtype=bool)]


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.astimezone(_ZONE).date()
