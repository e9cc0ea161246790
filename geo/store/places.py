"""Places read: buildings, dwellings, service points, stations."""

from __future__ import annotations

import geopandas as gpd
from sqlalchemy import Connection

from geo.frames import PLACES, conform
from geo.store.answers import question, rows_of, shapes_of
from geo.store.areas import net_of_plan
from geo.store.revisions import At, number_beside


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
    if plan is not None:
        net_of_plan(conn, plan)
    numbers = {net: number_beside(conn, net, at) for net in ("admin", "grid")}
    found = rows_of(conn, question("places"), kind=kind, scope=scope, plan=plan, **numbers)
    return conform(shapes_of(found, "geometry", "footprint"), PLACES)
