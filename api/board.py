"""A dispatcher's board told as JSON: queues, days, cells, areas, hot spots, figures of a wall."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import pandas as pd

from api.issue_words import issues_in_words
from api.moments import Moment
from api.periods import midnight, period_before
from api.rows import rows_in_json
from geo.hotspots import Sought, hot_spots
from geo.kpi import whole_of
from geo.store.database import CITY_TIME, Connection
from geo.store.net.naming import area_names, service_names
from geo.store.working.board import (
    Frame,
    Kind,
    Queue,
    Sight,
    areas_of_board,
    around_on_board,
    arrivals,
    bins_of_board,
    cells_of_board,
    count_board,
    days_of_board,
    listed_on_board,
    marks_of_board,
    newest_on_board,
    people_of_board,
)
from geo.store.working.rates import read_rates
from maps.geojson import collected

QUEUES: Final[tuple[Queue, ...]] = ("sent", "new", "returned", "soon", "done", "unclaimed")
FEW: Final = 500  # issues in a view, below which each has a mark of its own
_TREND: Final = 8  # days of a wall's figures, today among them
_DAY: Final = timedelta(days=1)
_LATELY: Final = timedelta(days=31)
_ZONE: Final = ZoneInfo(CITY_TIME)
_NAMED: Final = {"lane": "lane", "grid": "grid", "subdistrict": "admin"}


def board_told(
    conn: Connection, sight: Sight, last: int | None, now: datetime, *, people: bool = False
) -> dict[str, Any]:
    """Return how many issues there are by queue, state, card and source; and day by day.

    Parameters
    ----------
    last
        So many days instead of the instants of the sight (`last_days`).
    people
        Whether those who reported are counted, too; else `reporters` is null.
    """
    days = days_of_board(conn, sight._replace(since=None, until=None), now)
    seen = sight if last is None else last_days(conn, sight, last, now)
    counts = count_board(conn, seen._replace(queue=None), now)
    name = area_names(conn, "admin", [sight.scope]).get(sight.scope, "")
    queues = {queue: _in_queue(counts, queue) for queue in QUEUES}
    queues["unclaimed"] += _nowhere(conn, seen, now)
    return {
        "scope_name": name,
        "asked_at": now.isoformat(),
        "since": None if seen.since is None else seen.since.isoformat(),
        "until": None if seen.until is None else seen.until.isoformat(),
        "total": int(counts["n"].sum()),
        "reporters": people_of_board(conn, seen, now) if people else None,
        "queues": queues,
        **{f"{key}s": _summed(counts, key) for key in ("state", "card", "source")},
        "days": [[str(day), int(n), int(is_open)] for day, n, is_open in days.to_numpy(object)],
    }


def last_days(conn: Connection, sight: Sight, days: int, now: datetime) -> Sight:
    """Return what is looked at over so many days, up to the end of the last that has any.

    So a file of the past is no empty board; a day that has not come yet is no end of a period. The
    last day is that of the whole scope: no queue or filter moves the period of the others.
    """
    last = _last_day(conn, sight.scope, now)
    return sight._replace(since=midnight(last - (days - 1) * _DAY), until=midnight(last + _DAY))


def _last_day(conn: Connection, scope: str | None, now: datetime) -> date:
    for since in (now - _LATELY, None):  # the whole of a city's past is looked through once at most
        newest = newest_on_board(conn, Sight(scope=scope, since=since), now, limit=1)
        if len(newest):
            at: datetime = newest["at"].iloc[0]
            return at.astimezone(_ZONE).date()
    return now.astimezone(_ZONE).date()


def listed_told(conn: Connection, sight: Sight, now: datetime, *, limit: int, away: int) -> str:
    """Return issues in their order as GeoJSON, as the worklist shows them."""
    numbers = listed_on_board(conn, sight, now, limit=limit, away=away)
    found = issues_in_words(conn, scope=None, now=now, moment=Moment(), only=numbers)
    return collected(
        [found[number] for number in numbers if number in found], asked_at=now.isoformat()
    )


def cells_told(conn: Connection, sight: Sight, frame: Frame, now: datetime) -> dict[str, Any]:
    """Return a view in cells [lon, lat, issues, reporters], and each issue where they are few."""
    cells = cells_of_board(conn, sight, frame, now).round({"lon": 6, "lat": 6})
    total = int(cells["n"].sum())
    marks = None
    if total < FEW:
        found = marks_of_board(conn, sight, frame, now, limit=FEW)
        marks = rows_in_json(found.round({"lon": 7, "lat": 7}))
    shown = cells[["lon", "lat", "n", "reporters"]]
    return {"total": total, "cells": shown.to_numpy(object).tolist(), "marks": marks}


def areas_told(
    conn: Connection, sight: Sight, kind: Kind, now: datetime, *, solved: bool, people: bool
) -> list[dict[str, Any]]:
    """Return counts of each area; with `solved` the share solved in the grid, if there is any.

    With `people` also `reporters`, different ones.

    That share is of all issues of the scope and period, whatever else is filtered: it is a rate.
    """
    counts = areas_of_board(conn, sight, kind, now, people=people)
    if solved:
        since = sight.since or datetime(2000, 1, 1, tzinfo=_ZONE)
        rates = read_rates(conn, scope=sight.scope, since=since, until=sight.until or now, by=kind)
        share = rates.set_index(kind)["solved_in_grid"].rename("solved_in_grid")
        counts = counts.merge(share, how="left", left_on="code", right_index=True)
    return rows_in_json(counts)


def spots_told(
    conn: Connection, sight: Sight, now: datetime, sought: Sought
) -> list[dict[str, Any]]:
    """Return hot spots of a period: name, place, how many, and how many in the period before."""
    if sight.since is None or sight.until is None or sight.until <= sight.since:
        return []
    earlier = sight._replace(since=period_before(sight.since, sight.until))
    cells = bins_of_board(conn, earlier, sight.since, now)
    spots = hot_spots(cells.astype({"n": "int64", "before": "int64"}), sought)
    if spots.empty:
        return []
    about = _about(conn, around_on_board(conn, sight, spots, now))
    told = spots.assign(rank=range(1, len(spots) + 1)).merge(
        about, how="left", left_on="rank", right_index=True
    )
    return rows_in_json(told.round({"lon": 6, "lat": 6}))


def newest_told(conn: Connection, sight: Sight, now: datetime, *, limit: int) -> list[Any]:
    """Return the issues that came last: when, how far, about what, in which grid; no words."""
    found = newest_on_board(conn, sight, now, limit=limit)
    services = found["service"].map(service_names(conn, found["service"]))
    grids = found["grid"].map(area_names(conn, "grid", found["grid"]))
    told = found.assign(service_name=services, grid_name=grids)
    return rows_in_json(told.assign(at=pd.to_datetime(found["at"], utc=True)))


def figures_told(conn: Connection, scope: str | None, now: datetime) -> dict[str, Any]:
    """Return the rates of the last days, by day and in all; and how soon one was on the spot."""
    first = midnight((now.astimezone(_ZONE) - (_TREND - 1) * _DAY).date())
    assert first is not None  # noqa: S101 a day has a midnight
    daily = read_rates(conn, scope=scope, since=first, until=now + _DAY, by="day")
    return {
        "since": first.isoformat(),
        "asked_at": now.isoformat(),
        "days": rows_in_json(daily),
        "all": rows_in_json(whole_of(daily))[0],
        "arrivals": rows_in_json(arrivals(conn, scope, first)),
        "same_time_last_week": _until_now(conn, scope, now - 7 * _DAY),
        "today": _until_now(conn, scope, now),
    }


def _until_now(conn: Connection, scope: str | None, moment: datetime) -> int:
    """Return how many issues came on the day of a moment, until then."""
    begun = midnight(moment.astimezone(_ZONE).date())
    sight = Sight(scope=scope, since=begun, until=moment)
    return int(count_board(conn, sight, moment)["n"].sum())


def _in_queue(counts: pd.DataFrame, queue: Queue) -> int:
    """Return how many issues wait in a queue; `board_chosen.sql` says the same of each."""
    is_open = counts["state"] != "closed"
    chosen = {
        "soon": counts["card"].notna(),
        "unclaimed": ~counts["is_owned"].astype(bool) & is_open,
    }
    held = chosen.get(queue, counts["state"] == queue)
    return int(counts.loc[held, "n"].sum())


def _nowhere(conn: Connection, sight: Sight, now: datetime) -> int:
    """Return how many open issues lie nowhere, which a scope has none of and its queue has."""
    if not sight.scope:
        return 0
    found = count_board(conn, sight._replace(scope="", queue=None), now)
    return _in_queue(found, "unclaimed")


def _summed(counts: pd.DataFrame, key: str) -> dict[str, int]:
    summed = counts.dropna(subset=[key]).groupby(key)["n"].sum()
    return {str(name): int(n) for name, n in summed.items()}


def _about(conn: Connection, around: pd.DataFrame) -> pd.DataFrame:
    """Return what people call each spot: its lane, else its grid; its services and subdistrict."""
    rows = []
    for spot, own in around.groupby("spot"):
        most = {key: _most(own, key) for key in _NAMED}
        name = next((_name(conn, key, most[key]) for key in ("lane", "grid") if most[key]), "")
        services = own.groupby("service")["n"].sum().sort_values(ascending=False).head(2)
        rows.append(
            {
                "spot": spot,
                "name": name,
                "services": [
                    service_names(conn, [code]).get(code, code) for code in services.index
                ],
                "subdistrict": _name(conn, "subdistrict", most["subdistrict"]),
            }
        )
    return pd.DataFrame(rows, columns=["spot", "name", "services", "subdistrict"]).set_index("spot")


def _most(rows: pd.DataFrame, key: str) -> str | None:
    summed = rows.dropna(subset=[key]).groupby(key)["n"].sum()
    return None if summed.empty else str(summed.idxmax())


def _name(conn: Connection, key: str, code: str | None) -> str:
    return "" if code is None else str(area_names(conn, _NAMED[key], [code]).get(code, code))
