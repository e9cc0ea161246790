"""The land around a task as a phone draws it: small, in whole steps from one corner."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.store.database import Connection
from geo.store.net.areas import ancestry, read_touching
from geo.store.net.ground import read_ground
from geo.store.net.places import read_places

_STEP: Final = 1e-6  # degrees: 0.1 m
_BESIDE: Final = 0.35  # of the grid's size is shown around it
_LEAST: Final = 0.0012  # degrees around a place that is in no grid
_HOUSE: Final = 4e-5  # degrees from the middle of a house without a footprint to its side
_MOST: Final = {"buildings": 900, "lines": 300}
Box = tuple[float, float, float, float]


def ground_told(
    conn: Connection, grid: str | None, lon: float | None = None, lat: float | None = None
) -> dict[str, Any] | None:
    """Return the grid, its neighbours, roads, water, green and buildings; None without a place.

    `beside` has every grid that touches it, of whichever community, the longest border first.

    Rings and lines are flat lists of whole steps of `step` degrees: the first pair from `corner`
    (west, south; WGS 84), each further one from the one before it.
    """
    community = ancestry(conn, grid, nets=("grid",))[-2:][0] if grid else None
    grids = read_touching(conn, grid)
    own, beside = grids.iloc[:1], grids.iloc[1:]
    box = _box(own, lon, lat)
    if box is None:
        return None
    corner = np.array(box[:2])
    return {
        "corner": list(box[:2]),
        "far": _flat(np.array([box[2:]]), corner),
        "step": _STEP,
        "grid": [_flat(ring, corner) for ring in _rings(own.geometry)],
        "beside": [
            {"code": row.code, "name": row.name}
            for row in beside[["code", "name"]].itertuples(index=False)
        ],
        "others": [_flat(ring, corner) for ring in _rings(beside.geometry, box)],
        **_base(conn, community, box, corner),
        **_buildings(conn, community, box, corner),
    }


def _box(own: gpd.GeoDataFrame, lon: float | None, lat: float | None) -> Box | None:
    if len(own):
        west, south, east, north = own.total_bounds.tolist()
        wide = max((east - west) * _BESIDE, (north - south) * _BESIDE, _LEAST / 4)
        return (west - wide, south - wide, east + wide, north + wide)
    if lon is None or lat is None:
        return None
    return (lon - _LEAST, lat - _LEAST, lon + _LEAST, lat + _LEAST)


def _base(
    conn: Connection, community: str | None, box: Box, corner: np.ndarray[Any, Any]
) -> dict[str, Any]:
    if community is None:
        return {"roads": [], "water": [], "green": []}
    base = read_ground(conn, community)
    base = base[base.intersects(shapely.box(*box))].head(_MOST["lines"])
    roads = base[base["kind"] == "road"]
    told = [
        {"class": row["class"], "name": row["name"] or "", "line": _flat(line, corner)}
        for _, row in roads.iterrows()
        for line in _lines(row.geometry, box)
    ]
    land = {
        kind: [_flat(ring, corner) for ring in _rings(base.geometry[base["kind"] == kind], box)]
        for kind in ("water", "green")
    }
    return {"roads": told, **land}


def _buildings(
    conn: Connection, community: str | None, box: Box, corner: np.ndarray[Any, Any]
) -> dict[str, Any]:
    if community is None:
        return {"buildings": []}
    places = read_places(conn, kind="building", scope=community)
    near = places[places.geometry.intersects(shapely.box(*box))].head(_MOST["buildings"])
    points = near.geometry.to_numpy()
    squares = gpd.GeoSeries(shapely.buffer(points, _HOUSE, cap_style="square"), index=near.index)
    drawn = near["footprint"].where(near["footprint"].notna(), squares)
    return {"buildings": [_flat(ring, corner) for ring in _rings(gpd.GeoSeries(drawn))]}


def _rings(shapes: gpd.GeoSeries, box: Box | None = None) -> Iterator[np.ndarray[Any, Any]]:
    cut = shapes if box is None else shapes.clip_by_rect(*box)
    for part in cut.explode(index_parts=False):
        if part is not None and part.geom_type == "Polygon" and not part.is_empty:
            yield shapely.get_coordinates(part.exterior)


def _lines(shape: BaseGeometry, box: Box) -> Iterator[np.ndarray[Any, Any]]:
    for part in shapely.get_parts(shapely.clip_by_rect(shape, *box)):
        if part.geom_type == "LineString" and not part.is_empty:
            yield shapely.get_coordinates(part)


def _flat(points: np.ndarray[Any, Any], corner: np.ndarray[Any, Any]) -> list[int]:
    steps = np.rint((points - corner) / _STEP).astype(np.int64)
    return np.diff(steps, axis=0, prepend=0).ravel().tolist() if len(steps) else []
