"""Where a point lies today, asked of the database: the rule in SQL."""

from __future__ import annotations

from typing import Final, NamedTuple

from sqlalchemy import Connection, text

from geo.crs import metric_crs
from geo.store.answers import question

_LANES: Final = text(
    "select ST_XMin(e) + ST_XMax(e), ST_YMin(e) + ST_YMax(e) from (select ST_Extent(geom)"
    " as e from area where net = 'lane' and valid_to is null) as lanes"
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
    values = {"lon": lon, "lat": lat, "metric_srid": metric_srid(conn)}
    row = conn.execute(question("grid_of_point"), values).one()
    return Located(row.grid, row.community, row.subdistrict, row.lane, tuple(row.path))


def metric_srid(conn: Connection) -> int:
    """Return the EPSG code of the system that distances to the lanes in force are measured in."""
    twice_lon, twice_lat = conn.execute(_LANES).one()
    return int(metric_crs((twice_lon or 0.0) / 2, (twice_lat or 0.0) / 2).removeprefix("EPSG:"))
