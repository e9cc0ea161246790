"""Which polygons of a coverage share a border, and how long it is."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.atoms.coverage import Geometries


class Borders(NamedTuple):
    """Pairs of polygons that share a border: positions (left < right) and metres in common."""

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    metres: NDArray[np.float64]

    def components(self, count: int) -> NDArray[np.int64]:
        """Return the number of the connected component of each of so many polygons."""
        ones = np.ones(len(self.left))
        graph = coo_array((ones, (self.left, self.right)), shape=(count, count))
        return np.asarray(connected_components(graph, directed=False)[1], np.int64)

    def where(self, keep: NDArray[np.bool_]) -> Borders:
        """Return the pairs that a mask keeps."""
        return Borders(self.left[keep], self.right[keep], self.metres[keep])


def adjacency(polygons: Geometries, scale: tuple[float, float] = (1.0, 1.0)) -> Borders:
    """Return the pairs of polygons that share an edge; touching in a corner is not enough.

    Parameters
    ----------
    polygons
        A valid coverage (see `as_coverage`): neighbours share every vertex of their border.
    scale
        Metres in one unit of x and of y.

    >>> squares = shapely.box([0, 1, 1], [0, 0, 1], [1, 2, 2], [1, 1, 2])
    >>> borders = adjacency(squares)
    >>> borders.left.tolist(), borders.right.tolist(), borders.metres.tolist()
    ([0, 1], [1, 2], [1.0, 1.0])
    """
    ends, owner = _edges(polygons)
    order = np.lexsort(ends.T)
    ends, owner = ends[order], owner[order]
    same = np.flatnonzero((ends[1:] == ends[:-1]).all(axis=1) & (owner[1:] != owner[:-1]))
    pair = np.sort(np.c_[owner[same], owner[same + 1]], axis=1)
    span = (ends[same, 2:] - ends[same, :2]) * np.asarray(scale)
    return _summed(pair, np.hypot(span[:, 0], span[:, 1]), len(polygons))


def _edges(polygons: Geometries) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return every edge once from each side: its ends (x, y, x, y; lower first), its polygon."""
    rings, of_ring = _rings(polygons)
    points, of_point = shapely.get_coordinates(rings, return_index=True)
    inner = of_point[1:] == of_point[:-1]
    start, end = points[:-1][inner], points[1:][inner]
    swap = (start[:, 0] > end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1]))
    low = np.where(swap[:, None], end, start)
    high = np.where(swap[:, None], start, end)
    return np.c_[low, high], of_ring[of_point[:-1][inner]]


def _rings(polygons: Geometries) -> tuple[Geometries, NDArray[np.int64]]:
    parts, of_part = shapely.get_parts(polygons, return_index=True)
    rings, of_ring = shapely.get_rings(parts, return_index=True)
    return rings, of_part[of_ring].astype(np.int64)


def _summed(pair: NDArray[np.int64], metres: NDArray[np.float64], count: int) -> Borders:
    key, place = np.unique(pair[:, 0] * count + pair[:, 1], return_inverse=True)
    total = np.bincount(place, metres, len(key)).astype(np.float64)
    return Borders(key // max(count, 1), key % max(count, 1), total)
