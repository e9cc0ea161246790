"""The owner of one point, asked of the database: the SQL twin of `geo.lookup` and `geo.duties`."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy import Connection

from geo.lookup import GridIndex
from geo.store.answers import question
from geo.store.locating import lane_values
from geo.store.net.areas import net_of_plan, read_areas
from geo.store.net.revisions import At, number_at
from geo.store.net.territory import owning

# From so many points on, reading all grids and asking the index is quicker than asking the database
# of each: 5,139 points among 18,690 grids took 0.8 s instead of 7.5 s.
MANY: Final = 300


def owner_of(conn: Connection, lon: float, lat: float) -> dict[str, object]:
    """Return where a point lies now: grid, community, subdistrict and lane, None where none.

    Parameters
    ----------
    lon, lat
        Degrees, EPSG:4326.

    Returns
    -------
    dict
        With `grid_revision` and `admin_revision`, and `path`: codes from the top down.
    """
    values = {"lon": lon, "lat": lat, **lane_values(conn)}
    return dict(conn.execute(question("grid_of_point"), values).mappings().one())


def owners_of(
    conn: Connection, points: gpd.GeoSeries, *, at: At | None = None, plan: int | None = None
) -> pd.Series:
    """Return the code of the grid that owns each point (EPSG:4326), missing where none does.

    Parameters
    ----------
    points
        Points, or None for no position; the answer has their index.
    at
        A revision of the grid net, or a date; now by default.
    plan
        A draft of grids instead: its grids within its scope, today's beyond. A draft of another net
        changes no grid.

    Raises
    ------
    MissingError
        When there is no such revision, or no such plan that the acting person may see.
    """
    draft = plan if plan is not None and net_of_plan(conn, plan) == "grid" else None
    shapes = points.to_numpy()
    placed = np.flatnonzero(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)))
    x, y = shapely.get_x(shapes[placed]), shapely.get_y(shapes[placed])
    codes = np.full(len(shapes), None, dtype=object)
    if len(placed) > MANY:
        grids = owning(read_areas(conn, net="grid", at=at, plan=draft))
        codes[placed] = GridIndex(grids.set_index("code")).locate(x, y)
    else:
        values = {"lons": x.tolist(), "lats": y.tolist(), "plan": draft}
        number = number_at(conn, "grid", at)
        found = conn.execute(question("owners_of_points"), {**values, "number": number})
        codes[placed] = found.scalars().all()
    return pd.Series(codes, index=points.index, dtype="str")
