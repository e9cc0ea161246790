"""Places read: buildings, dwellings, service points, stations."""

from __future__ import annotations

import geopandas as gpd
from sqlalchemy import Connection

from geo.frames import PLACES, conform
from geo.store.answers import question, rows_of, shapes_of


def read_places(
    conn: Connection, *, kind: str | None = None, scope: str | None = None
) -> gpd.GeoDataFrame:
    """Return places by the contract PLACES, by kind and code.

    Parameters
    ----------
    scope
        Code of an area in force, of the admin or the grid net, that covers them.
    """
    found = rows_of(conn, question("places"), kind=kind, scope=scope)
    return conform(shapes_of(found, "geometry", "footprint"), PLACES)
