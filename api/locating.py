"""Where a point lies: now, as the store says; or as it was, or would be under a draft."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import pandas as pd

from geo.assign import assign
from geo.store.areas import read_areas
from geo.store.database import Connection
from geo.store.lookup import owner_of
from geo.store.people import read_duties


def located(
    conn: Connection, lon: float, lat: float, *, at: int | date | None, plan: int | None
) -> dict[str, object]:
    """Return grid, community, subdistrict and lane of a point (EPSG:4326); None where none.

    Parameters
    ----------
    at
        A revision of the grid net, or a date; now by default.
    plan
        A draft of grids instead.
    """
    now = owner_of(conn, lon, lat)
    if at is None and plan is None:
        return now
    admin = at if isinstance(at, date) else None
    found = assign(
        gpd.GeoDataFrame(geometry=gpd.points_from_xy([lon], [lat]), crs="EPSG:4326"),
        grids=_grids(conn, at, plan),
        communities=read_areas(conn, net="admin", kind="community", at=admin),
        subdistricts=read_areas(conn, net="admin", kind="subdistrict", at=admin),
        lanes=read_areas(conn, net="lane", at=admin),
        duties=read_duties(conn),
    ).iloc[0]
    names = ("grid", "community", "subdistrict", "lane")
    return {name: None if pd.isna(found[name]) else str(found[name]) for name in names}


def _grids(conn: Connection, at: int | date | None, plan: int | None) -> gpd.GeoDataFrame:
    """Return the grids of a revision; under a draft its own and, beyond its scope, today's."""
    grids = read_areas(conn, net="grid", kind="grid", at=at)
    if plan is None:
        return grids
    draft = read_areas(conn, net="grid", kind="grid", plan=plan)
    beyond = grids[~grids["parent"].isin(draft["parent"])]
    return pd.concat([beyond, draft], ignore_index=True)
