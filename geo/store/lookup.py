"""The owner of one point, asked of the database: the SQL twin of `geo.lookup` and `geo.duties`."""

from __future__ import annotations

from sqlalchemy import Connection

from geo.store.answers import question
from geo.store.intake import metric_srid


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
    values = {"lon": lon, "lat": lat, "metric_srid": metric_srid(conn)}
    return dict(conn.execute(question("grid_of_point"), values).mappings().one())
