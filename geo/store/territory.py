"""The areas in force as one index in memory: where each of many points lies, asked at once."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import pandas as pd
from sqlalchemy import Connection

from geo.assign import Territory
from geo.store.areas import read_areas
from geo.store.revisions import lock_net

# Nets that say where a point lies, in the order in which they are locked.
NETS: Final = ("admin", "grid", "lane")
_POLYGONS: Final = ("Polygon", "MultiPolygon")
_NOBODY: Final = pd.DataFrame({"party": [], "role": [], "area": []}, dtype="str")


def locked_revisions(conn: Connection) -> dict[str, int]:
    """Return the newest revision of each of `NETS`, none of which changes in this transaction."""
    return {net: lock_net(conn, net) for net in NETS}


def territory(conn: Connection) -> Territory:
    """Return the areas in force as an index: the twin of grid_of_point.sql, for many points.

    It holds no duties: who answers for a point is asked when a task is made. Lock the nets first
    (`locked_revisions`), or what it says may be old when it is written down.
    """
    admin = read_areas(conn, net="admin")
    subdistricts = owning(admin[admin["kind"] == "subdistrict"])
    communities = owning(admin[admin["kind"] == "community"])
    grids = owning(read_areas(conn, net="grid"))
    return Territory(
        grids=_under(grids, communities),
        communities=_under(communities, subdistricts),
        subdistricts=subdistricts,
        lanes=read_areas(conn, net="lane"),
        duties=_NOBODY,
    )


def owning(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the areas that can own a point: lines and points cannot."""
    return areas[areas.geom_type.isin(_POLYGONS)]


def _under(areas: gpd.GeoDataFrame, above: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the areas, with a parent only where that is one of those above."""
    return areas.assign(parent=areas["parent"].where(areas["parent"].isin(above["code"])))
