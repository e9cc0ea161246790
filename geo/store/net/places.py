"""Places read: buildings, dwellings, service points, stations."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy import Connection

from geo.crs import WGS84
from geo.frames import PLACES, conform
from geo.store.answers import question, rows_of, shapes_of
from geo.store.net.areas import net_of_plan
from geo.store.net.revisions import At, number_beside

_EVERYWHERE: Final = gpd.GeoSeries([shapely.box(-180, -90, 180, 90)], crs=WGS84)
_SIDES: Final = ("west", "south", "east", "north")


def read_places(
    conn: Connection,
    *,
    kind: str | None = None,
    scope: str | None = None,
    at: At | None = None,
    plan: int | None = None,
) -> gpd.GeoDataFrame:
    """Return places by the contract PLACES, by kind and code.

    Places keep no revisions: they are as they are now, inside the scope as it was or would be.

    Parameters
    ----------
    scope
        Code of an area of the admin or the grid net, or of the draft, that covers them.
    at
        A revision of the grid net, or a date, for the scope; now by default.
    plan
        A draft for the scope instead.

    Raises
    ------
    MissingError
        When there is no such revision, or no such plan that the acting person may see.
    """
    ground = _ground(conn, scope, at, plan)
    ids = None if scope is None else _within(conn, kind, ground)["id"].tolist()
    found = rows_of(conn, question("places"), kind=kind, ids=ids)
    return conform(shapes_of(found, "geometry", "footprint"), PLACES)


def read_loads(
    conn: Connection,
    *,
    kind: str,
    scope: str | None = None,
    at: At | None = None,
    plan: int | None = None,
) -> gpd.GeoDataFrame:
    """Return what `read_places` does, but only households, people, estate and the point.

    That is all that measures ask of a building; a district is read several times faster.
    """
    near = _within(conn, kind, _ground(conn, scope, at, plan))
    typed = near.astype({"households": "Int64", "people": "Int64", "estate": "str"})
    points = gpd.points_from_xy(near["x"], near["y"], crs=WGS84)
    return gpd.GeoDataFrame(typed[["households", "people", "estate"]], geometry=points)


def count_places(
    conn: Connection,
    *,
    kind: str,
    scope: str,
    at: At | None = None,
    plan: int | None = None,
) -> int:
    """Return how many places of a kind lie in the box of an area: quickly, and rather too many."""
    ground = _ground(conn, scope, at, plan)
    found = rows_of(conn, question("places_counted"), kind=kind, **_box(ground))
    return int(found["n"].iloc[0])


def _ground(conn: Connection, scope: str | None, at: At | None, plan: int | None) -> gpd.GeoSeries:
    """Return the shapes of a scope: none where there is no such area; of no scope, everything.

    The plan and the revision must be there whether or not a scope is named.
    """
    if plan is not None:
        net_of_plan(conn, plan)
    numbers = {net: number_beside(conn, net, at) for net in ("admin", "grid")}
    if scope is None:
        return _EVERYWHERE
    found = rows_of(conn, question("shape_of_scope"), scope=scope, plan=plan, **numbers)
    return shapes_of(found, "geometry").geometry


def _within(conn: Connection, kind: str | None, ground: gpd.GeoSeries) -> pd.DataFrame:
    """Return the rows of places_near.sql that a ground covers.

    Asked here of prepared shapes: GEOS is exact, as in grid_of_point.sql, and ST_Relate, which
    prepares nothing, takes a hundred times as long on the border of a district.
    """
    near = rows_of(conn, question("places_near"), kind=kind, **_box(ground))
    x, y = near["x"].to_numpy(np.float64), near["y"].to_numpy(np.float64)
    covered = np.zeros(len(near), bool)
    for shape in ground:
        shapely.prepare(shape)
        covered |= shapely.intersects_xy(shape, x, y)
    return near[covered].reset_index(drop=True)


def _box(ground: gpd.GeoSeries) -> dict[str, float]:
    """Return the sides of a ground's box; one that holds nothing where there is no ground."""
    bounds = ground.total_bounds if len(ground) else np.full(4, -1000.0)
    return dict(zip(_SIDES, bounds.tolist(), strict=True))
