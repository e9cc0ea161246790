"""Corners shared: where polygons touch, each has every corner that its neighbour has there."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.atoms.edges import Geometries

_MULTI: Final = shapely.GeometryType.MULTIPOLYGON
Points = NDArray[np.float64]


class Fitted(NamedTuple):
    """Two sets of polygons; what needed nothing is the same object as before."""

    fresh: Geometries
    standing: Geometries


def fitted(fresh: Geometries, standing: Geometries, within: float) -> Fitted:
    """Return new polygons and those around them with the corners of each in the other's edges.

    A corner of a new polygon that is as near as `within` (the units of both) to one that stands
    goes onto it; nothing that stands moves. A corner that then lies as near to an edge becomes a
    corner of that too. Where a shape would break by this, all of them come back as they were.

    >>> west = np.array([shapely.box(0, 0, 1, 1), shapely.box(0, 1, 1, 2)])
    >>> east = np.array([shapely.box(1, 0, 2, 2)])
    >>> bool(shapely.coverage_is_valid(np.concatenate([west, east])))
    False
    >>> bool(shapely.coverage_is_valid(np.concatenate(fitted(west, east, 1e-9))))
    True
    """
    if not (len(fresh) and len(standing)):
        return Fitted(fresh, standing)
    every = np.concatenate([_onto(fresh, _corners(standing), within), standing])
    whole = _cornered(every, _corners(every), within)
    if not shapely.is_valid(whole).all():
        return Fitted(fresh, standing)
    return Fitted(whole[: len(fresh)], whole[len(fresh) :])


def _corners(polygons: Geometries) -> Points:
    return np.unique(shapely.get_coordinates(polygons), axis=0)


def _onto(polygons: Geometries, corners: Points, within: float) -> Geometries:
    """Return the polygons with each corner near one of these moved onto it."""
    spots = shapely.points(corners)
    tree = shapely.STRtree(spots)
    moved = polygons.copy()
    coords, owner = shapely.get_coordinates(polygons, return_index=True)
    found, near = tree.query_nearest(shapely.points(coords), max_distance=within, all_matches=False)
    off = (coords[found] != corners[near]).any(axis=1)
    coords[found[off]] = corners[near[off]]
    some = np.unique(owner[found[off]])
    if len(some):
        rows = np.isin(owner, some)
        moved[some] = shapely.remove_repeated_points(
            shapely.set_coordinates(polygons[some].copy(), coords[rows])
        )
    return moved


def _cornered(polygons: Geometries, corners: Points, within: float) -> Geometries:
    """Return the polygons with each corner that lies along one of their edges put into it."""
    multi = [shapely.multipolygons(shapely.get_parts(each)) for each in polygons]
    kind, coords, offsets = shapely.to_ragged_array(multi, include_z=False)
    edge, spot = _along(coords, offsets[0], corners, within)
    if not len(edge):
        return polygons
    far = np.hypot(*(corners[spot] - coords[edge]).T)
    order = np.lexsort((far, edge))
    edge, spot = edge[order], spot[order]
    longer = np.insert(coords, edge + 1, corners[spot], axis=0)
    rings = offsets[0] + np.searchsorted(edge, offsets[0])
    made = shapely.from_ragged_array(kind, longer, (rings, *offsets[1:]))
    return _where_longer(polygons, made)


def _along(
    coords: Points, rings: NDArray[np.int64], corners: Points, within: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return pairs: the first end of an edge, and a corner that lies along it, not at its ends."""
    first = np.ones(len(coords), np.bool_)
    first[rings[1:] - 1] = False
    start = np.flatnonzero(first)
    lines = shapely.linestrings(np.stack([coords[start], coords[start + 1]], axis=1))
    spots = shapely.points(corners)
    spot, edge = shapely.STRtree(lines).query(spots, predicate="dwithin", distance=within)
    ends = np.stack([coords[start[edge]], coords[start[edge] + 1]])
    inner = (np.hypot(*(ends - corners[spot]).T) > within).all(axis=1)
    return start[edge[inner]].astype(np.int64), spot[inner].astype(np.int64)


def _where_longer(polygons: Geometries, made: Geometries) -> Geometries:
    """Return what was made where it has more corners, single polygons as such, else what was."""
    parts = shapely.get_num_geometries(made)
    single = shapely.get_type_id(polygons) != _MULTI
    plain = np.where(single & (parts == 1), shapely.get_geometry(made, 0), made)
    longer = shapely.get_num_coordinates(made) > shapely.get_num_coordinates(polygons)
    return np.asarray(np.where(longer, plain, polygons), dtype=object)
