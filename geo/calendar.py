"""Working time: on which days and at which hours a clock runs, and what is due when."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from geo.errors import BadDeadlinesError, BeyondCalendarError
from geo.reference import boundary_file

Seconds: TypeAlias = NDArray[np.int64]
Moments: TypeAlias = datetime | Sequence[datetime] | pd.Series | pd.DatetimeIndex

_FIRST, _LAST = date(2000, 1, 1), date(2050, 1, 1)  # the days an issue may be of
_SPOKEN: Final = tuple(
    math.floor(datetime(year, 1, 1, tzinfo=UTC).timestamp())
    for year in (_FIRST.year + 1, _LAST.year)
)
_WORKDAYS: Final = 5  # Monday to Friday, where the calendar says nothing else
_MINUTE: Final = 60


class Span(NamedTuple):
    """A stretch of a working day, in seconds after midnight by the clock of the place."""

    opens: int
    closes: int


@dataclass(frozen=True)
class Deadlines:
    """Working hours, and limits in working days: see `data/boundaries/deadlines.toml`."""

    zone: str
    spans: tuple[Span, ...]
    answer: float
    extend: float
    give_back: float
    yellow: float
    on_the_spot: float  # minutes, in an emergency


@dataclass(frozen=True, eq=False)
class WorkingTime:
    """Working time as a ruler: every moment has a place on it, and every place a moment.

    `opens` and `closes` are the working spans in order, in seconds since 1970 (UTC); `before` is
    the working time up to each opening. `day` is the working time of one working day. `years` are
    those that the calendar speaks of (None: it needs none). Others are a guess by weekdays, without
    holidays: whoever shows a moment in them says so (`guesses`).
    """

    opens: Seconds
    closes: Seconds
    before: Seconds
    day: int
    zone: str
    years: frozenset[int] | None

    def elapsed(self, start: Moments, end: Moments) -> Seconds:
        """Return the seconds of working time between two moments; negative where they are turned.

        Parameters
        ----------
        start, end
            Moments in time with a zone, or arrays of them, broadcast together.

        Raises
        ------
        BeyondCalendarError
            When a moment is before 2000 or after 2049.
        """
        return self._place(_moments(end)) - self._place(_moments(start))

    def after(self, start: datetime, days: float) -> datetime:
        """Return the moment when so many working days have run from a start.

        A day that is full at the close of business ends there, not at the next opening. Less than
        nothing goes back: the moment from which so many days run to `start`.

        Raises
        ------
        BeyondCalendarError
            When it is before 2000 or after 2049.
        """
        return datetime.fromtimestamp(int(self.all_after([start], days)[0]), UTC)

    def all_after(self, start: Moments, days: ArrayLike) -> Seconds:
        """Return the same for arrays, in seconds since 1970 (UTC)."""
        run = np.rint(np.asarray(days, np.float64) * self.day).astype(np.int64)
        place = self._place(_moments(start)) + run
        # The first span that ends at the place or later: so a full day ends at its close.
        span = np.searchsorted(self._full, place, side="left")
        if (place < 0).any() or (span >= len(self.opens)).any():
            raise BeyondCalendarError(first=_FIRST.year, last=_LAST.year - 1)
        return np.asarray(self.opens[span] + place - self.before[span], np.int64)

    @cached_property
    def _full(self) -> Seconds:
        """The working time up to each close."""
        return self.before + self.closes - self.opens

    def covers(self, moments: Moments) -> NDArray[np.bool_]:
        """Tell which moments, and the year before them, are of those that can be reckoned."""
        seconds = _moments(moments)
        return np.asarray((seconds >= _SPOKEN[0]) & (seconds < _SPOKEN[1]), np.bool_)

    def guesses(self, moments: Moments) -> NDArray[np.bool_]:
        """Tell which moments are of years that the calendar does not speak of."""
        local = pd.DatetimeIndex(pd.to_datetime(_listed(moments), utc=True)).tz_convert(self.zone)
        if self.years is None:
            return np.zeros(len(local), np.bool_)
        return ~np.isin(local.year.to_numpy(), sorted(self.years))

    def _place(self, moments: Seconds) -> Seconds:
        """Return the working time from the beginning to each moment."""
        outside = (moments < self.opens[0]) | (moments > self.closes[-1])
        if outside.any():
            raise BeyondCalendarError(first=_FIRST.year, last=_LAST.year - 1)
        span = np.searchsorted(self.opens, moments, side="right") - 1
        return np.asarray(
            self.before[span] + np.minimum(moments, self.closes[span]) - self.opens[span], np.int64
        )


def calendar(path: Path | None = None) -> pd.DataFrame:
    """Return the days that are not as their weekday says: `day`, `works` (bool), `name`.

    Source: the State Council's yearly notices on public holidays, 2012 to 2026.

    >>> days = calendar().set_index("day")
    >>> bool(days.loc["2026-02-14", "works"]), days.loc["2026-02-14", "name"]
    (True, '春节调休上班')
    """
    table = pd.read_csv(path or boundary_file("calendar.csv"), dtype="str", keep_default_na=False)
    return table.assign(day=pd.to_datetime(table["day"]), works=table["works"] == "yes")


def deadlines(path: Path | None = None) -> Deadlines:
    """Return working hours and limits of a file, or those that come with the program.

    Raises
    ------
    BadDeadlinesError
        Which key of which file is wrong.

    >>> deadlines().answer
    5.0
    """
    path = path or boundary_file("deadlines.toml")
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        hours, days = data["hours"], data["days"]
        spans = tuple(_span(text) for text in hours["spans"])
        limits = [float(days[name]) for name in ("answer", "extend", "return", "yellow")]
        limits.append(float(data["whistle"]["on_the_spot_minutes"]))
        ZoneInfo(hours["zone"])
    except (KeyError, TypeError, ValueError) as error:
        raise BadDeadlinesError(path=path.name, found=error) from error
    ordered = [second for span in spans for second in span]
    if not spans or ordered != sorted(set(ordered)) or not all(0 <= d < np.inf for d in limits):
        raise BadDeadlinesError(path=path.name, found=f"{hours['spans']}, {limits}")
    return Deadlines(hours["zone"], spans, *limits)


def years_of(days: pd.DataFrame) -> frozenset[int]:
    """Return the years that a calendar speaks of: each has holidays."""
    return frozenset(days["day"].dt.year.unique().tolist())


def around_the_clock(rules: Deadlines) -> WorkingTime:
    """Return the ruler of plain time: every day of the year counts, by day and night (自然日).

    >>> plain = around_the_clock(deadlines())
    >>> plain.after(datetime(2030, 1, 1, tzinfo=UTC), 1).isoformat()
    '2030-01-02T00:00:00+00:00'
    """
    every = pd.date_range(_FIRST, _LAST, inclusive="left")
    days = pd.DataFrame({"day": every, "works": True})
    return replace(
        working_time(days, replace(rules, spans=(Span(0, 24 * _MINUTE * _MINUTE),))), years=None
    )


def working_time(days: pd.DataFrame, rules: Deadlines) -> WorkingTime:
    """Return the ruler of working time.

    Parameters
    ----------
    days
        As `calendar` returns them; a day named twice is what its last row says.

    >>> rules = deadlines()
    >>> work = working_time(calendar(), rules)
    >>> shanghai = ZoneInfo("Asia/Shanghai")
    >>> friday = datetime(2026, 2, 13, 17, 0, tzinfo=shanghai)
    >>> work.after(friday, 1).astimezone(shanghai).isoformat()
    '2026-02-14T17:00:00+08:00'
    """
    every = pd.date_range(_FIRST, _LAST, inclusive="left")
    works = pd.Series(every.day_of_week < _WORKDAYS, index=every)
    known = days.drop_duplicates("day", keep="last").set_index("day")["works"]
    works.update(known)
    midnights = every[works.to_numpy(bool)]
    edges = np.array(rules.spans, np.int64).reshape(-1)
    clock = midnights.to_numpy("datetime64[s]")[:, None] + edges.astype("timedelta64[s]")
    local = pd.DatetimeIndex(clock.ravel()).tz_localize(
        rules.zone, ambiguous=True, nonexistent="shift_forward"
    )
    moments = (local.tz_convert("UTC").tz_localize(None).to_numpy("datetime64[s]")).astype(np.int64)
    opens, closes = moments[::2], moments[1::2]
    length = closes - opens
    full = sum(span.closes - span.opens for span in rules.spans)
    return WorkingTime(opens, closes, np.cumsum(length) - length, full, rules.zone, years_of(days))


def _span(text: str) -> Span:
    """Return a span written as "08:30-12:00"; midnight at the end is 24:00."""
    opens, closes = (_second(part) for part in text.split("-"))
    return Span(opens, closes)


def _second(text: str) -> int:
    hour, minute = map(int, text.split(":"))
    second = (hour * _MINUTE + minute) * _MINUTE
    if not (0 <= minute < _MINUTE and 0 <= second <= 24 * _MINUTE * _MINUTE):
        raise ValueError(text)
    return second


def _moments(values: Moments) -> Seconds:
    """Return moments in seconds since 1970; those without a zone are taken for UTC."""
    few = _listed(values)
    if isinstance(few, list) and all(type(at) is datetime for at in few):  # sixty times as fast
        aware = (at if at.tzinfo else at.replace(tzinfo=UTC) for at in few)
        return np.array([math.floor(at.timestamp()) for at in aware], np.int64)
    index = pd.DatetimeIndex(pd.to_datetime(few, utc=True))
    return np.asarray(index.tz_localize(None).to_numpy("datetime64[s]"), np.int64)


def _listed(values: Moments) -> Sequence[datetime] | pd.Series | pd.DatetimeIndex:
    return [values] if isinstance(values, datetime) else values
