"""Borders of nets as lines, each net's laid on those before it where they are meant to be one."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.atoms.coverage import GRID_M
from geo.atoms.edges import Geometries
from geo.atoms.slices import by_slices
from geo.redraw.state import NONE, Flags, Ints, Reals

_AT_ONCE: Final = 65_536  # points asked about together
_ON_IT_M: Final = 1e-6  # a vertex this near to a line already lies on it


def laid_together(borders: list[Geometries], tolerance: float) -> Geometries:
    """Return lines in metres: the first net's as they are, the others' moved onto earlier ones.

    Two departments that digitise one street some metres apart mean one border. A vertex within
    the tolerance of a line before it moves onto it; lines are looked at every `tolerance` metres.

    Parameters
    ----------
    borders
        Polygons of each net, those whose borders stand first.

    >>> left, right = [shapely.box(0, 0, 9, 9)], [shapely.box(9.5, 0, 20, 9)]
    >>> nets = [np.asarray(left, dtype=object), np.asarray(right, dtype=object)]
    >>> float(shapely.get_coordinates(laid_together(nets, 1.0))[:, 0].max())
    20.0
    >>> 9.5 in shapely.get_coordinates(laid_together(nets, 1.0))[:, 0]
    False
    """
    laid: list[Geometries] = []
    for polygons in borders:
        if not len(polygons):
            continue
        lines = _noded(shapely.boundary(polygons))
        if laid and tolerance > 0:
            lines = _moved(lines, np.concatenate(laid), tolerance)
        laid.append(lines)
    return np.concatenate(laid)


def _noded(lines: Geometries) -> Geometries:
    """Return every line once, with crossings as ends."""
    return np.asarray(shapely.get_parts(shapely.unary_union(lines, grid_size=GRID_M)))


def _moved(lines: Geometries, onto: Geometries, tolerance: float) -> Geometries:
    dense = shapely.segmentize(lines, tolerance)
    xy, line = shapely.get_coordinates(dense, return_index=True)
    foot, metres, segment = _feet(xy, onto, tolerance)
    shifted = metres > _ON_IT_M
    shifted &= metres <= tolerance
    keep = _own_vertices(lines, xy, line) | shifted
    keep[1:] |= shifted[:-1]
    keep[:-1] |= shifted[1:]
    inner = line[2:] == line[:-2]
    straight = (segment[1:-1] >= 0) & (segment[2:] == segment[:-2]) & (segment[1:-1] == segment[2:])
    keep[1:-1] &= ~(inner & straight)  # between two on one straight line
    xy = np.where(shifted[:, None], foot, xy)[keep]
    return _strung(xy, line[keep])


def _strung(xy: Reals, line: NDArray[np.int64]) -> Geometries:
    """Return lines of points in order, repeated ones once; what shrank to a point is no line."""
    fresh = np.ones(len(xy), np.bool_)
    fresh[1:] = (xy[1:] != xy[:-1]).any(axis=1) | (line[1:] != line[:-1])
    xy, line = xy[fresh], line[fresh]
    lone = np.bincount(line)[line] == 1
    number = np.unique(line[~lone], return_inverse=True)[1]
    return np.asarray(shapely.linestrings(xy[~lone], indices=number), dtype=object)


def _own_vertices(lines: Geometries, xy: Reals, line: NDArray[np.int64]) -> Flags:
    """Tell which vertices of the denser lines the lines had themselves."""
    had, of = shapely.get_coordinates(lines, return_index=True)
    key = np.c_[of, had].view([("", np.float64)] * 3).ravel()
    asked = np.c_[line, xy].view([("", np.float64)] * 3).ravel()
    return np.asarray(np.isin(asked, key), np.bool_)


def _feet(xy: Reals, onto: Geometries, tolerance: float) -> tuple[Reals, Reals, Ints]:
    """Return the nearest place on lines, how far it is, and on which straight part of them.

    Beyond the tolerance it is infinitely far, on -1.

    A line's own vertex within half the tolerance is preferred: corners meet in corners.
    """
    start, end = _segments(onto)
    tree = shapely.STRtree(shapely.linestrings(np.stack([start, end], axis=1)))
    point, segment, metres = _nearest(tree, xy, tolerance)
    a, b, p = start[segment], end[segment], xy[point]
    along = np.einsum("ij,ij->i", p - a, b - a) / np.einsum("ij,ij->i", b - a, b - a)
    foot = a + np.clip(along, 0.0, 1.0)[:, None] * (b - a)
    for corner in (a, b):
        near = np.hypot(*(p - corner).T) <= tolerance / 2
        foot = np.where((near & (metres > _ON_IT_M))[:, None], corner, foot)
    feet, away, on = xy.copy(), np.full(len(xy), np.inf), np.full(len(xy), NONE, np.int64)
    feet[point], away[point], on[point] = foot, metres, segment
    return feet, away, on


def _nearest(tree: shapely.STRtree, xy: Reals, tolerance: float) -> tuple[Ints, Ints, Reals]:
    """Return which points have a segment within the tolerance, which it is and how far."""

    def near(some: slice) -> tuple[Ints, Ints, Reals]:
        (point, segment), metres = tree.query_nearest(
            shapely.points(xy[some]),
            max_distance=tolerance,
            return_distance=True,
            all_matches=False,
        )
        return point + some.start, segment, metres

    parts = by_slices(near, len(xy), at_once=_AT_ONCE)
    point, segment, metres = (np.concatenate(part) for part in zip(*parts, strict=True))
    return point, segment, metres


def _segments(lines: Geometries) -> tuple[Reals, Reals]:
    xy, line = shapely.get_coordinates(lines, return_index=True)
    inside = line[1:] == line[:-1]
    start, end = xy[:-1][inside], xy[1:][inside]
    real = (start != end).any(axis=1)
    return start[real], end[real]
