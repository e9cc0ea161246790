"""Where a point lies: now, as the store says; or as it was, or would be under a draft."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from api.moments import Moment
from geo.assign import assign
from geo.store.database import Connection
from geo.store.net.areas import read_areas
from geo.store.net.lookup import owner_of
from geo.store.net.people import read_duties
from geo.store.net.revisions import demand_moment, number_beside


def located(conn: Connection, lon: float, lat: float, moment: Moment) -> dict[str, object]:
    """Return grid, community, subdistrict and lane of a point (EPSG:4326); None where none.

    A number is a revision of the grid net; the other nets are as they were while it was in force.
    """
    if moment.is_now:
        return owner_of(conn, lon, lat)
    demand_moment(conn, "grid", moment.at)
    admin, lane = (number_beside(conn, net, moment.at) for net in ("admin", "lane"))
    found = assign(
        gpd.GeoDataFrame(geometry=gpd.points_from_xy([lon], [lat]), crs="EPSG:4326"),
        grids=read_areas(conn, net="grid", **moment.which),
        communities=read_areas(conn, net="admin", kind="community", at=admin),
        subdistricts=read_areas(conn, net="admin", kind="subdistrict", at=admin),
        lanes=read_areas(conn, net="lane", at=lane),
        duties=read_duties(conn),
    ).iloc[0]
    names = ("grid", "community", "subdistrict", "lane")
    return {name: None if pd.isna(found[name]) else str(found[name]) for name in names}
