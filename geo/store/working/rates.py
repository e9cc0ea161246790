"""How issues fared: their rates by area, by party, for a period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final, Literal, TypeAlias, get_args

import pandas as pd
from sqlalchemy import ARRAY, Connection, Text, any_, cast, func, select

from geo.calendar import WorkingTime
from geo.issues.intake import is_called_back
from geo.kpi import added, counted, marked, shared
from geo.store.answers import question, rows_of
from geo.store.database import CITY_TIME
from geo.store.rules.deadlines import ruler
from geo.store.schema.tables import REVIEW

By: TypeAlias = Literal["district", "subdistrict", "community", "grid", "party", "day"]
BY: Final[tuple[By, ...]] = get_args(By)
_AT_ONCE: Final = 20_000  # issues in memory; a city's month is some 700,000
_FLAGS: Final = (
    *("self_closed", "closed_solved", "by_grid", "struck", "emergency", "on_spot", "is_over"),
)


def read_rates(
    conn: Connection,
    *,
    since: datetime,
    until: datetime,
    scope: str | None = None,
    party: str | None = None,
    by: By | None = None,
) -> pd.DataFrame:
    """Return the rates of issues that came in during a period, as the acting person sees them.

    Parameters
    ----------
    since, until
        Instants; the last is the first that no longer counts.
    scope, party
        Only issues that lay in an area at intake; only what a party led.
    by
        One row for each such area, party or day of the city; otherwise one row for all.
    """
    values = {"since": since, "until": until, "scope": scope, "party": party, "zone": CITY_TIME}
    keys = [by] if by else []
    parts = [counted(_marked(conn, rows, by), keys) for rows in _parts(conn, values)]
    return shared(added(parts, keys))


def count_undecided(
    conn: Connection, *, since: datetime, until: datetime, scope: str
) -> dict[str, int]:
    """Return how many issues of a period may still end well or badly, by the name of a rate.

    Not taken yet and still in time; not called back yet, of those that are; due later than now.
    """
    values = {"since": since, "until": until, "scope": scope, "party": None, "zone": CITY_TIME}
    open_ = dict.fromkeys(("response", "resolution", "satisfaction", "on_time"), 0)
    for rows in _parts(conn, values):
        told = _marked(conn, rows, None)
        waits = told["sent"] & ~told["struck"] & told["finished_at"].isna()
        by_now = told.assign(taken_at=told["now"])
        working, limits = ruler(conn)
        asked = ~told["is_over"] & ~told["called"] & ~told["struck"]
        calls = int((asked & told["source"].map(is_called_back).astype(bool)).sum())
        soon = told["taken_at"].isna() & _quick(by_now, working, limits.give_back)
        open_["response"] += int((waits & soon).sum())
        open_["resolution"] += calls
        open_["satisfaction"] += calls
        open_["on_time"] += int((waits & (told["due_at"] >= told["now"])).sum())
    return open_


def own_figures(conn: Connection, *, since: datetime) -> dict[str, float | int | None]:
    """Return how the acting person's organisation fared with what it was sent since an instant.

    `due` and `taken`: tasks that were or had to be taken up, and those that were in time: on the
    spot in time where they were called there, else within the days for a return. `called` and
    `minutes`: how often somebody arrived, and after how many minutes on average. `rated` and
    `score`: how often it was rated after a whistle, and the mean of answer and quality (1 to 5).
    """
    rows = rows_of(conn, question("inbox_month"), since=since)
    moments = rows.assign(**{name: pd.to_datetime(rows[name], utc=True) for name in rows})
    now = pd.Timestamp(conn.execute(select(func.now())).scalar_one())
    late = moments["taken_at"].isna() & ~_is_soon(conn, moments.assign(taken_at=now))
    minutes = (moments["arrived_at"] - moments["sent_at"]).dropna().dt.total_seconds() / 60
    stars = _OF_WHISTLES.where(REVIEW.c.made_at >= since)
    rated, score = conn.execute(stars).one()
    return {
        "due": int((moments["taken_at"].notna() | late).sum()),
        "taken": int(_is_soon(conn, moments).sum()),
        "called": len(minutes),
        "minutes": float(minutes.mean()) if len(minutes) else None,
        "rated": int(rated),
        "score": None if score is None else float(score),
    }


_OF_WHISTLES: Final = select(
    func.count(), func.avg((REVIEW.c.response + REVIEW.c.quality) / 2.0)
).where(
    REVIEW.c.kind == "whistle",
    REVIEW.c.ratee == any_(cast(func.acting_parties(), ARRAY(Text))),
    REVIEW.c.response.is_not(None),
    REVIEW.c.quality.is_not(None),
)


def _is_soon(conn: Connection, tasks: pd.DataFrame) -> pd.Series:
    """Tell which tasks were taken up before somebody had to be there, or the days for a return."""
    working, limits = ruler(conn)
    called = tasks["arrive_by"].notna()
    there = tasks["taken_at"] <= tasks["arrive_by"]
    return there.where(called, _quick(tasks, working, limits.give_back))


def _parts(conn: Connection, values: Mapping[str, object]) -> Iterator[pd.DataFrame]:
    """Yield the rows of the question part by part; at least one part, however empty."""
    asked = question("rates_rows").execution_options(stream_results=True, max_row_buffer=_AT_ONCE)
    with conn.execute(asked, values) as rows:
        names = list(rows.keys())
        yield pd.DataFrame([], columns=names)
        for part in rows.partitions(_AT_ONCE):
            yield pd.DataFrame(list(map(tuple, part)), columns=names)


def _marked(conn: Connection, rows: pd.DataFrame, by: By | None) -> pd.DataFrame:
    """Return rows of the question with the marks that rates are made of; those with a group."""
    now = conn.execute(select(func.now())).scalar_one()
    moments = ("sent_at", "taken_at", "finished_at", "due_at")
    timed = rows.assign(
        **{name: pd.to_datetime(rows[name], utc=True) for name in moments},
        **{name: rows[name].astype(bool) for name in _FLAGS},
    )
    working, limits = ruler(conn)
    quick = _quick(timed, working, limits.give_back)
    told = timed.assign(now=pd.Timestamp(now), sent=rows["sent_at"].notna(), quick=quick)
    return marked(told if by is None else told[told[by].notna()])


def _quick(rows: pd.DataFrame, working: WorkingTime, days: float) -> pd.Series:
    """Tell which tasks were taken within so many working days of being sent."""
    quick = pd.Series(data=False, index=rows.index)
    both = rows[rows["taken_at"].notna() & rows["sent_at"].notna()]
    known = both[working.covers(both["sent_at"]) & working.covers(both["taken_at"])]
    if len(known):
        spent = working.elapsed(known["sent_at"], known["taken_at"])
        quick.loc[known.index] = spent <= days * working.day
    return quick
