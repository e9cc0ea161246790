"""The ground under a map and a plan: roads, rail, water and green, as far as they touch a scope."""

from __future__ import annotations

import geopandas as gpd
from sqlalchemy import Connection

from geo.frames import AREAS, conform
from geo.store.answers import question, rows_of, shapes_of


def read_ground(conn: Connection, scope: str) -> gpd.GeoDataFrame:
    """Return areas of the base net by the contract AREAS that touch an area in force, by code."""
    return conform(
        shapes_of(rows_of(conn, question("base_of_scope"), scope=scope), "geometry"), AREAS
    )
