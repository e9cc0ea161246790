"""The ground under a map and a plan: roads, rail, water and green, as far as they touch a scope."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import pandas as pd
from sqlalchemy import Connection

from geo.frames import AREAS, conform
from geo.store.answers import question, rows_of, shapes_of
from geo.store.net.areas import net_of_plan, read_areas
from geo.store.net.revisions import At, number_beside

# Greens are crossed on foot; roads, rails and water are what a grid's border follows, and the walls
# around estates.
BARRIERS: Final = ("road", "rail", "water")


def barriers_of(conn: Connection, scope: str) -> gpd.GeoDataFrame:
    """Return what borders should run along in an area: `kind`, `class`, geometry (EPSG:4326).

    Its roads, rails and water, and its estates for their walls.
    """
    ground = read_ground(conn, scope)
    parts = [ground[ground["kind"].isin(BARRIERS)], read_areas(conn, net="estate", scope=scope)]
    kept = [part[["kind", "class", "geometry"]] for part in parts]
    return gpd.GeoDataFrame(pd.concat(kept, ignore_index=True), crs=ground.crs)


def read_ground(
    conn: Connection,
    scope: str,
    *,
    at: At | None = None,
    plan: int | None = None,
    most: int | None = None,
) -> gpd.GeoDataFrame:
    """Return areas of the base net by the contract AREAS that touch an area, by code.

    Parameters
    ----------
    scope
        Code of an area of the admin or the grid net, or of the draft.
    at
        A revision of the grid net, or a date: the base map and the area as they were then.
    plan
        A draft for the area instead; the base map is today's.
    most
        Only so many, the largest: what a map of a whole city can show.

    Raises
    ------
    MissingError
        When there is no such revision, or no such plan that the acting person may see.
    """
    if plan is not None:
        net_of_plan(conn, plan)
    numbers = {net: number_beside(conn, net, at) for net in ("admin", "grid", "base")}
    found = rows_of(conn, question("base_of_scope"), scope=scope, plan=plan, most=most, **numbers)
    return conform(shapes_of(found, "geometry"), AREAS)
