"""The calendar of the database: years taken in as a whole, and what is due by them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import Connection, delete, extract, func, insert, select

from geo.calendar import Seconds, WorkingTime
from geo.store.answers import question, rows_of
from geo.store.events import record
from geo.store.making import as_json, plain
from geo.store.rules.deadlines import days_known, ruler
from geo.store.schema.tables import CALENDAR

_WORKDAYS: Final = 5
Days: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class Year:
    """A year taken in: days off on weekdays, days worked though off, and whether it differs."""

    year: int
    off: int
    worked: int
    changed: bool


@dataclass(frozen=True)
class TakenIn:
    """The years of a calendar taken in; how many tasks are due, or warned of, at other times."""

    years: tuple[Year, ...]
    reckoned: int


def commit_days(conn: Connection, days: pd.DataFrame, batch: int) -> TakenIn:
    """Return the years of a calendar, now those of the database; other years stay as they are.

    What is to be done is due when as much working time has run as before, by the new days.

    Parameters
    ----------
    days
        `day`, `works`, `name`; a year that it names is replaced as a whole.
    """
    known, before = days_known(conn), ruler(conn)[0]
    years = tuple(
        _taken(conn, int(year), rows, known[known["day"].dt.year == year])
        for year, rows in days.groupby(days["day"].dt.year)
    )
    told = {"years": [year.year for year in years if year.changed]}
    record(conn, "import", batch, "commit_calendar", told)
    return TakenIn(years, _reckoned(conn, before) if told["years"] else 0)


def _reckoned(conn: Connection, before: WorkingTime) -> int:
    """Return how many tasks are due, or warned of, at other times by the calendar as it is now."""
    after, limits = ruler(conn)
    rows = _to_reckon(conn, before)
    ours = rows[~rows["by_source"]]
    left = before.elapsed(ours["start"], ours["due_at"]) / before.day
    due = rows["due_at"].copy()
    due.loc[ours.index] = _due(ours["start"], left, before, after).fillna(ours["due_at"])
    yellow = pd.Series(_moments(after.all_after(due, -limits.yellow)), index=rows.index)
    warned = _moments(before.all_after(rows["due_at"], -limits.yellow))
    yellow = yellow.where(yellow != warned, rows["yellow_at"])
    differs = (due != rows["due_at"]) | (yellow != rows["yellow_at"])
    changed = zip(rows["id"][differs], due[differs], yellow[differs], strict=True)
    told = [(int(task), plain({"due_at": at, "yellow_at": early})) for task, at, early in changed]
    return int(
        conn.execute(
            question("reckon_again"),
            {"rows": as_json([{"id": task, **moments, "told": moments} for task, moments in told])},
        ).rowcount
    )


def _to_reckon(conn: Connection, working: WorkingTime) -> pd.DataFrame:
    """Return the open tasks that are due in working time, by the columns of tasks_to_reckon.sql."""
    rows = rows_of(conn, question("tasks_to_reckon"))
    times = ("start", "due_at", "yellow_at")
    typed = rows.assign(
        **{name: pd.to_datetime(rows[name], utc=True) for name in times},
        by_source=rows["by_source"].astype(bool),
    )
    return typed[working.covers(typed["due_at"])]


def _due(start: pd.Series, days: Days, before: WorkingTime, after: WorkingTime) -> pd.Series:
    """Return when so many working days end by the new days, missing where they end as before."""
    was, now = before.all_after(start, days), after.all_after(start, days)
    return pd.Series(_moments(now), index=start.index).where(was != now)


def _moments(seconds: Seconds) -> pd.DatetimeIndex:
    return pd.to_datetime(seconds, unit="s", utc=True).as_unit("us")


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


class Outlook(NamedTuple):
    """How far the calendar reaches.

    `missing` is the first year, of those that deadlines run into now, whose days nobody has taken
    in; `guessed` how many open tasks are due in such a year, by weekdays alone.
    """

    years: tuple[int, int] | None
    missing: int | None
    guessed: int


def outlook(conn: Connection) -> Outlook:
    """Return how far the calendar reaches, and what is due beyond it: of all that are to be done.

    What counts plain days, and what its source set, is not guessed.
    """
    working, limits = ruler(conn)
    now = conn.execute(select(func.now())).scalar_one()
    rows = _to_reckon(conn, working)
    due = rows["due_at"][~rows["by_source"]]
    guessed = working.guesses(due)
    # The farthest that something sent now may run to.
    last = working.after(now, limits.answer + limits.extend)
    ahead = [*pd.DatetimeIndex(due[guessed]), *(m for m in (now, last) if working.guesses([m])[0])]
    missing = min((m.astimezone(ZoneInfo(working.zone)).year for m in ahead), default=None)
    years = sorted(working.years or ())
    return Outlook((years[0], years[-1]) if years else None, missing, int(guessed.sum()))
