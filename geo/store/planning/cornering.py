"""Areas of a new revision and those around it, with the corners of each in the other's edges."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from geo.store.answers import question, rows_of, shapes_of

# Degrees, a tenth of a millimetre: the atoms a plan is made of are noded finer than that.
_REACH: Final = 1e-9
_REACHED: Final = (
    text("drop table if exists pg_temp.reached"),
    text(
        "create temporary table reached on commit drop as select ST_Expand(geom, :reach) as box,"
        " geom from pg_temp.touched where code is not null"
    ),
    text("create index reached_box on pg_temp.reached using gist (box)"),
    text("analyze pg_temp.reached"),
    text("analyze pg_temp.touched (old)"),
)
_FRESH: Final = text(
    "select code, ST_AsBinary(geom) as geometry from pg_temp.touched"
    " where code is not null order by code"
)
_MOVED: Final = text(
    "update pg_temp.touched as t set geom = ST_SetSRID(ST_GeomFromWKB(s.shape), 4326)"
    " from unnest(cast(:codes as text[]), cast(:shapes as bytea[])) as s (code, shape)"
    " where t.code = s.code"
)
_STOOD: Final = text("select corner_areas(:net, cast(:codes as text[]), cast(:shapes as bytea[]))")


def corner(conn: Connection, net: str) -> None:
    """Fit `pg_temp.touched` to the areas of a locked net that stay, and these to it.

    What stays gets corners on its edges and is the same else: it is no other version of an area.
    """
    from geo.atoms.corners import fitted  # noqa: PLC0415 heavy, and only publications need it

    for order in _REACHED:
        conn.execute(order, {"reach": _REACH})
    around = question("areas_around_touched")
    standing = shapes_of(rows_of(conn, around, net=net, reach=_REACH), "geometry")
    if standing.empty:
        return
    fresh = shapes_of(rows_of(conn, _FRESH), "geometry")
    new, stood = fresh.geometry.to_numpy(), standing.geometry.to_numpy()
    near = np.unique(shapely.STRtree(new).query(stood, predicate="dwithin", distance=_REACH)[1])
    made = fitted(new[near], stood, _REACH)
    for order, rows, shapes in (
        (_MOVED, fresh.iloc[near], made.fresh), (_STOOD, standing, made.standing),
    ):  # fmt: skip
        values = _changed(rows, shapes)
        if values["codes"]:
            conn.execute(order, values | ({"net": net} if order is _STOOD else {}))


def _changed(rows: gpd.GeoDataFrame, shapes: NDArray[np.object_]) -> dict[str, list[object]]:
    """Return codes and shapes of the rows whose shape is another object now."""
    other = [one is not two for one, two in zip(rows.geometry.to_numpy(), shapes, strict=True)]
    return {
        "codes": rows["code"][other].tolist(),
        "shapes": shapely.to_wkb(shapes[other]).tolist(),
    }
