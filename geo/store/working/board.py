"""A board: what its filters choose, counted, listed, and where it lies.

Every question begins with `board_chosen.sql`: list, map and figures speak of the same issues.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final, Literal, NamedTuple, TypeAlias

import pandas as pd
from sqlalchemy import Connection, TextClause, text

from geo.hotspots import METRES_PER_DEGREE
from geo.issues import IssueState
from geo.store.answers import question, rows_of
from geo.store.database import CITY_TIME
from geo.store.rules.deadlines import ruler
from geo.store.working.day_counts import days_kept, is_whole, within
from geo.store.working.newest import latest

Queue: TypeAlias = Literal["sent", "new", "returned", "soon", "done", "unclaimed"]
Card: TypeAlias = Literal["yellow", "red"]
Kind: TypeAlias = Literal["grid", "community", "subdistrict"]
_BIN_M: Final = 40.0  # cells that hot spots are found from


class Sight(NamedTuple):
    """What a board looks at; None: all. `scope` and `area`: "" for what nobody owns."""

    scope: str | None = None
    area: str | None = None
    service: str | None = None
    source: str | None = None
    state: IssueState | None = None
    is_open: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    words: str | None = None
    card: Card | None = None
    queue: Queue | None = None


class Frame(NamedTuple):
    """A view of the map in degrees (EPSG:4326), and the side of a cell in degrees."""

    west: float
    south: float
    east: float
    north: float
    side: float


def count_board(conn: Connection, sight: Sight, now: datetime) -> pd.DataFrame:
    """Return how many issues there are by `state`, `card`, `source`, `is_owned`: `n`.

    Where counts of days are kept, closed ones are told by them: whether a grid owned them is not.
    """
    days = _days_kept(conn, sight) if is_whole(sight.since) and is_whole(sight.until) else None
    if days is None:
        return _rows(conn, "counts", sight, now)
    came = within(days, sight.since, sight.until)
    closed = (came["n"] - came["is_open"]).groupby(came["source"]).sum().rename("n").reset_index()
    closed = closed[closed["n"] > 0].assign(state="closed", card=None, is_owned=None)
    period = {"since": sight.since, "until": sight.until, "now": now}
    where = {"scope": sight.scope, "source": sight.source, "warned_by": _warned_by(conn, now)}
    still = rows_of(conn, question("board_open"), **where, **period)
    return pd.concat([still.astype(object), closed[list(still)].astype(object)], ignore_index=True)


def days_of_board(conn: Connection, sight: Sight, now: datetime) -> pd.DataFrame:
    """Return `day` (of the city), `n` and `is_open` (of them, not closed), the oldest first."""
    is_all = sight.since is None and sight.until is None
    days = _days_kept(conn, sight) if is_all else None
    if days is None:
        return _rows(conn, "days", sight, now, zone=CITY_TIME)
    return days.groupby("day", as_index=False)[["n", "is_open"]].sum()


def _days_kept(conn: Connection, sight: Sight) -> pd.DataFrame | None:
    """Return what is kept of each day, where nothing else is asked for but a scope and a source."""
    plain = Sight(sight.scope, source=sight.source, since=sight.since, until=sight.until)
    return days_kept(conn, sight.scope, sight.source) if sight == plain else None


def listed_on_board(
    conn: Connection, sight: Sight, now: datetime, *, limit: int, away: int = 0
) -> list[int]:
    """Return the numbers of issues, the latest first; of those due soon the first due first."""

    def asked(among: Sequence[int] | None) -> pd.DataFrame:
        return _rows(conn, "listed", sight, now, only=among, limit=limit, away=away)

    sought = sight.scope is not None and sight.queue != "soon"
    found = latest(conn, asked, limit, away=away) if sought else asked(None)
    return [int(number) for number in found["id"]]


def cells_of_board(conn: Connection, sight: Sight, frame: Frame, now: datetime) -> pd.DataFrame:
    """Return `lon`, `lat`, `n`, `reporters` (different ones) of each cell of a view."""
    seen = frame._asdict()
    across = seen.pop("side")
    return _rows(conn, "cells", sight, now, **seen, across=across, down=across * 0.8)


def marks_of_board(
    conn: Connection, sight: Sight, frame: Frame, now: datetime, *, limit: int
) -> pd.DataFrame:
    """Return `id`, `lon`, `lat`, `state`, `card` of the issues in a view, at most so many."""
    seen = frame._asdict()
    seen.pop("side")
    return _rows(conn, "marks", sight, now, **seen, limit=limit)


def areas_of_board(
    conn: Connection, sight: Sight, kind: Kind, now: datetime, *, people: bool = False
) -> pd.DataFrame:
    """Return `code`, `n`, `is_open`, `overdue` of each area of a kind that has any.

    With `people` also `reporters`: how many different ones.
    """
    found = _rows(conn, "areas", sight, now, kind=kind, people=people)
    return found if people else found.drop(columns="reporters")


def people_of_board(conn: Connection, sight: Sight, now: datetime) -> int:
    """Return how many different people reported; who is not known counts for one each."""
    return int(_rows(conn, "people", sight, now)["reporters"].iloc[0])


def bins_of_board(conn: Connection, sight: Sight, split: datetime, now: datetime) -> pd.DataFrame:
    """Return small cells (`lon`, `lat`) with `n` issues from an instant on, and `before` it."""
    side = _BIN_M / METRES_PER_DEGREE
    return _rows(conn, "bins", sight, now, split=split, across=side * 1.25, down=side)


def newest_on_board(conn: Connection, sight: Sight, now: datetime, *, limit: int) -> pd.DataFrame:
    """Return `at`, `state`, `service`, `grid` of the issues that came last, the latest first."""

    def asked(among: Sequence[int] | None) -> pd.DataFrame:
        return _rows(conn, "newest", sight, now, only=among, limit=limit)

    return asked(None) if sight.scope is None else latest(conn, asked, limit)


def around_on_board(
    conn: Connection, sight: Sight, spots: pd.DataFrame, now: datetime
) -> pd.DataFrame:
    """Return what lies around spots (`lon`, `lat`, `reach_m`), the most frequent first.

    Columns `spot` (its place in the list, from 1), `lane`, `grid`, `subdistrict`, `service`, `n`.
    """
    reach = (spots["reach_m"].astype(float) / METRES_PER_DEGREE).tolist()
    where = {"lons": spots["lon"].tolist(), "lats": spots["lat"].tolist(), "degrees": reach}
    return _rows(conn, "around", sight, now, **where, wide=1.25)


def arrivals(conn: Connection, scope: str | None, since: datetime) -> pd.DataFrame:
    """Return `day`, `called`, `arrived`, `minutes` of departments whistled for since an instant."""
    return rows_of(conn, question("board_arrivals"), scope=scope, since=since, zone=CITY_TIME)


@cache
def _asked(name: str) -> TextClause:
    return text(f"{question('board_chosen').text}{question(f'board_{name}').text}")


def _rows(conn: Connection, name: str, sight: Sight, now: datetime, **more: Any) -> pd.DataFrame:  # noqa: ANN401 bound values are of any type
    words = sight.words.strip().lower() if sight.words else None
    looked = {"only": None, **sight._replace(words=words or None)._asdict(), **more}
    return rows_of(conn, _asked(name), **looked, now=now, warned_by=_warned_by(conn, now))


def _warned_by(conn: Connection, now: datetime) -> datetime | None:
    """Return until when what is due is due soon: in working time, where the year is known."""
    working, limits = ruler(conn)
    return working.after(now, limits.yellow) if working.covers([now]).all() else None
