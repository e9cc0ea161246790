"""Where a point lies today, asked of the database: the rule in SQL."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from sqlalchemy import Connection, text

from geo.crs import metric_crs
from geo.issues.policy import intake_policy
from geo.store.answers import question

_LANES: Final = text(
    "select ST_XMin(e) + ST_XMax(e), ST_YMin(e) + ST_YMax(e) from (select ST_Extent(geom)"
    " as e from area where net = 'lane' and valid_to is null) as lanes"
)
_AREA: Final = text(
    "select case a.kind when 'community' then a.code end as community,"
    " case a.kind when 'community' then above.code else a.code end as subdistrict, a.path"
    " from area as a left join area as above on above.net = 'admin' and above.code = a.parent"
    " and above.kind = 'subdistrict' and above.valid_to is null"
    " where a.net = 'admin' and a.code = :area and a.valid_to is null"
    " and a.kind in ('community', 'subdistrict')"
)


class Located(NamedTuple):
    """Where a point lies; codes or None.

    `path` is the chain of codes from the top area down, then `lane:…`; empty: nobody owns it.
    """

    grid: str | None
    community: str | None
    subdistrict: str | None
    lane: str | None
    path: tuple[str, ...]


def located(conn: Connection, lon: float | None, lat: float | None) -> Located:
    """Return where a point lies today: nowhere without a position."""
    return located_each(conn, [(lon, lat)])[0]


def located_each(
    conn: Connection, points: Iterable[tuple[float | None, float | None]]
) -> list[Located]:
    """Return where points lie today, lon and lat of each; those to lanes are measured alike."""
    lanes, asked = lane_values(conn), question("grid_of_point")
    rows = [conn.execute(asked, {"lon": lon, "lat": lat, **lanes}).one() for lon, lat in points]
    return [
        Located(row.grid, row.community, row.subdistrict, row.lane, tuple(row.path)) for row in rows
    ]


def located_in(conn: Connection, area: str) -> Located:
    """Return what is known of a place that is only said to be in a community or subdistrict.

    Without a grid and a lane; nowhere where there is no such area now.
    """
    row = conn.execute(_AREA, {"area": area}).one_or_none()
    if row is None:
        return Located(None, None, None, None, ())
    return Located(None, row.community, row.subdistrict, None, tuple(row.path))


def lane_values(conn: Connection) -> dict[str, float]:
    """Return what grid_of_point.sql finds the nearest lane by: a system, and how far it may be."""
    return {"metric_srid": metric_srid(conn), "lane_metres": intake_policy().lanes.most}


def metric_srid(conn: Connection) -> int:
    """Return the EPSG code of the system that distances to the lanes in force are measured in."""
    twice_lon, twice_lat = conn.execute(_LANES).one()
    return int(metric_crs((twice_lon or 0.0) / 2, (twice_lat or 0.0) / 2).removeprefix("EPSG:"))
