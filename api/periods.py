"""Periods as people name them: from one day to another, both counted, by the city's clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pandas as pd

from geo.errors import BadPeriodError
from geo.store.database import CITY_TIME, Connection
from geo.store.net.revisions import today

_QUARTER: Final = pd.DateOffset(months=3)
_SECOND_QUARTER: Final = date(1, 4, 1)  # before it no three months have passed


def midnight(day: date | None) -> datetime | None:
    """Return the instant at which a day begins in the city."""
    return None if day is None else datetime.combine(day, time.min, ZoneInfo(CITY_TIME))


def between(since: date | None, until: date | None) -> tuple[datetime | None, datetime | None]:
    """Return where a period begins and ends; None on a side where it is open.

    Raises
    ------
    BadPeriodError
        When it ends before it begins.

    >>> between(None, date.max)
    (None, None)
    """
    if since and until and until < since:
        raise BadPeriodError(since=since, until=until)
    ends = until + timedelta(days=1) if until is not None and until < date.max else None
    return midnight(since), midnight(ends)


def instants(
    conn: Connection, since: date | None, until: date | None
) -> tuple[datetime, datetime, dict[str, str]]:
    """Return where a period begins and ends, and its days as told; this month by default.

    Raises
    ------
    BadPeriodError
        When it ends before it begins, or days run out.
    """
    last = until or today(conn)
    first = since or last.replace(day=1)
    if not first <= last < date.max:
        raise BadPeriodError(since=first, until=last)
    zone = ZoneInfo(CITY_TIME)
    ends = last + timedelta(days=1)
    begun, over = (datetime.combine(day, time.min, zone) for day in (first, ends))
    return begun, over, {"since": first.isoformat(), "until": last.isoformat()}


def period_before(since: datetime, until: datetime) -> datetime:
    """Return where the period before this one begins, as long as this; else the first instant.

    >>> period_before(datetime(1, 4, 1, tzinfo=UTC), datetime(2000, 1, 1, tzinfo=UTC)).year
    1
    """
    first = datetime.min.replace(tzinfo=UTC)
    return first if until - since > since - first else since - (until - since)


def quarter(
    conn: Connection, since: date | None = None, until: date | None = None
) -> tuple[date, date]:
    """Return first and last day of a period: the three months up to today where none is named."""
    last = until or today(conn)
    return since or _quarter_before(last), last


def _quarter_before(last: date) -> date:
    """Return the first day of the three months that end with a day; the first there is.

    >>> _quarter_before(date(2026, 11, 28)).isoformat(), _quarter_before(date.min).isoformat()
    ('2026-08-29', '0001-01-01')
    """
    if last < _SECOND_QUARTER:
        return date.min
    first: date = (pd.Timestamp(last) - _QUARTER + pd.Timedelta(days=1)).date()
    return first
