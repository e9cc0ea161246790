"""Issues in the words of the page: names beside codes, a card, and who answers for each."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import geopandas as gpd
import pandas as pd

from api.moments import Moment
from geo.crs import WGS84
from geo.store.database import Connection
from geo.store.net.lookup import owners_of
from geo.store.net.people import holders_named
from geo.store.rules.deadlines import ruler
from geo.store.working.issues import Told, issues_told, reported_by
from maps.geojson import feature

_ANSWERING: Final = (
    ("grid_leader", "grid"),
    ("grid_worker", "grid"),
    ("street_manager", "lane"),
)
_STOPPED: Final = ("closed", "held")  # no clock runs


def issues_in_words(
    conn: Connection,
    *,
    scope: str | None,
    now: datetime,
    moment: Moment,
    limit: int | None = None,
    only: Sequence[int] | None = None,
) -> dict[int, str]:
    """Return the latest issues of an area as features by number, latest first, for the pages.

    `due_at` is when its task is due, or else what the source said. What an issue recorded at intake
    never changes. At another moment than now, `grid_then` is the grid that owned its position then,
    or would under the draft, and who answers is whoever did. Of those asked for by number
    `reporters` says how many different people reported one, where there are several.
    """
    rows = issues_told(conn, scope=scope, at=moment.at, limit=limit, only=only)
    beside: list[dict[str, str | int | None]] = [{"card": card} for card in _cards(conn, rows, now)]
    several = reported_by(conn, only) if only else {}
    for told, row in zip(beside, rows, strict=True):
        told.update({"reporters": several[row.id]} if row.id in several else {})
    for column, values in _answering(conn, rows, moment):
        for told, value in zip(beside, values, strict=True):
            told[column] = value
    return {
        row.id: feature(f"{row.told[:-1]},{_inside(told)}}}", row.shape)
        for row, told in zip(rows, beside, strict=True)
    }


def _inside(told: Mapping[str, str | int | None]) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))[1:-1]


def _answering(
    conn: Connection, rows: Sequence[Told], moment: Moment
) -> list[tuple[str, list[str | None]]]:
    """Return columns: who answers for the place of each, and which grid it lay in at a moment."""
    areas = {of: [getattr(row, of) for row in rows] for of in ("grid", "lane")}
    held = {role: {code for code in areas[of] if code} for role, of in _ANSWERING}
    names = holders_named(conn, held, at=moment.at)
    columns = [(role, [names.get((role, code)) for code in areas[of]]) for role, of in _ANSWERING]
    return columns if moment.is_now else [("grid_then", _then(conn, rows, moment)), *columns]


def _then(conn: Connection, rows: Sequence[Told], moment: Moment) -> list[str | None]:
    at = gpd.points_from_xy([row.lon for row in rows], [row.lat for row in rows])
    points = gpd.GeoSeries(at, crs=WGS84).where([row.shape is not None for row in rows], None)
    owners = owners_of(conn, points, **moment.which)
    told: list[str | None] = owners.astype(object).where(owners.notna(), None).tolist()
    return told


def _cards(conn: Connection, rows: Sequence[Told], now: datetime) -> list[str | None]:
    """Return red for what is overdue, yellow for what is due soon, where the clock runs."""
    running = [row.state not in _STOPPED for row in rows]
    asked = [
        row.due_at
        for row, runs in zip(rows, running, strict=True)
        if runs and row.due_at and not row.yellow_at
    ]
    warned: dict[datetime | None, datetime] = _warned(conn, asked) if asked else {}
    return [
        _card(row.due_at, row.yellow_at or warned.get(row.due_at), now) if runs else None
        for row, runs in zip(rows, running, strict=True)
    ]


def _card(due: datetime | None, warned: datetime | None, now: datetime) -> str | None:
    if due is not None and due < now:
        return "red"
    return "yellow" if warned is not None and warned <= now else None


def _warned(conn: Connection, due: Sequence[datetime]) -> dict[datetime | None, datetime]:
    """Return when one is warned of what is due then: in working time, where the years are known."""
    working, limits = ruler(conn)
    times = pd.Series(sorted(set(due)), dtype="datetime64[us, UTC]")
    known = times[working.covers(times)]
    moments = pd.to_datetime(working.all_after(known, -limits.yellow), unit="s", utc=True)
    return dict(zip(known.dt.to_pydatetime(), moments.to_pydatetime(), strict=True))
