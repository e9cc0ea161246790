"""Polygons of sets of cells, traced along the lattice: neighbours share every vertex."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, depth_first_order

from geo.city.noise import Ints, Reals

# Directions of an edge: 0 east, 1 north, 2 west, 3 south. Its area lies on its left.
_TURNS = (3, 0, 1)  # right, straight, left


class _Edges(NamedTuple):
    node: Ints  # where the edge starts
    direction: Ints
    label: Ints


def polygons(labels: Ints, lon: Reals, lat: Reals) -> NDArray[np.object_]:
    """Return one polygon for every label 0, 1, … of the cells.

    Parameters
    ----------
    labels
        Rows by columns; -1 belongs to nobody. The cells of a label must hang together by edges.
    lon, lat
        The lattice's nodes, rows + 1 by columns + 1, degrees.
    """
    edges = _edges(labels)
    order, ring = _walked(_next(edges, lon.shape))
    node, label = edges.node[order], edges.label[order]
    x, y = lon.ravel()[node], lat.ravel()[node]
    starts = np.flatnonzero(np.diff(ring, prepend=-1))
    owner, hole = label[starts], _signed(x, y, ring, starts) < 0.0
    # A polygon's rings stand together, the shell first.
    rank = np.lexsort((np.arange(len(starts)), hole, owner))
    place = np.empty(len(rank), np.int64)
    place[rank] = np.arange(len(rank))
    by_rank = np.argsort(place[ring], kind="stable")
    rings = shapely.linearrings(
        np.column_stack([x[by_rank], y[by_rank]]), indices=place[ring][by_rank]
    )
    found: NDArray[np.object_] = shapely.polygons(rings, indices=owner[rank])
    return found


def _edges(labels: Ints) -> _Edges:
    """Return every edge between two labels, once for each side that is somebody's."""
    columns = labels.shape[1]
    padded = np.pad(labels, 1, constant_values=-1)
    own = padded[1:-1, 1:-1]
    beside = (padded[:-2, 1:-1], padded[1:-1, 2:], padded[2:, 1:-1], padded[1:-1, :-2])
    corner = ((0, 0), (0, 1), (1, 1), (1, 0))
    parts = []
    for direction in range(4):
        j, i = np.nonzero((own >= 0) & (own != beside[direction]))
        up, right = corner[direction]
        node = (j + up) * (columns + 1) + i + right
        parts.append((node, np.full(len(node), direction), own[j, i]))
    return _Edges(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _next(edges: _Edges, shape: tuple[int, ...]) -> Ints:
    """Return the edge that follows each: the first its area has of right, straight, left.

    Keeping right stays with the same land outside, so an area that touches itself at a corner gets
    a hole that touches its shell there, as the standard wants it.
    """
    columns = shape[1]
    table = np.full((4, shape[0] * columns), -1, np.int32)
    table[edges.direction, edges.node] = np.arange(len(edges.node), dtype=np.int32)
    end = edges.node + np.array([1, columns, -1, -columns])[edges.direction]
    following = np.full(len(end), -1, np.int64)
    for turn in _TURNS:
        found = table[(edges.direction + turn) % 4, end]
        own = (following < 0) & (found >= 0) & (edges.label[found] == edges.label)
        following = np.where(own, found, following)
    return following


def _walked(following: Ints) -> tuple[Ints, Ints]:
    """Return the edges ring after ring in walking order, and the ring of each."""
    count = len(following)
    here = np.arange(count)
    closed = csr_array((np.ones(count, np.int8), following, np.arange(count + 1)))
    rings, ring = connected_components(closed, directed=False)
    first = np.full(rings, count, np.int64)
    np.minimum.at(first, ring, here)
    before = np.empty(count, np.int64)
    before[following] = here
    # The rings are cut open and strung on one path, so that one walk orders all of them.
    path = following.copy()
    last = before[first]
    path[last[:-1]] = first[1:]
    path[last[-1]] = first[0]
    strung = csr_array((np.ones(count, np.int8), path, np.arange(count + 1)))
    order = depth_first_order(strung, int(first[0]), return_predecessors=False).astype(np.int64)
    return order, ring[order].astype(np.int64)


def _signed(x: Reals, y: Reals, ring: Ints, starts: Ints) -> Reals:
    """Return twice the signed area of each ring; positive is counter-clockwise, a shell."""
    after = np.arange(1, len(x) + 1)
    after[np.append(starts[1:], len(x)) - 1] = starts
    # Measured from the ring's first vertex, so that no digits are lost.
    x0, y0 = x[starts][_ring_number(ring)], y[starts][_ring_number(ring)]
    cross = (x - x0) * (y[after] - y0) - (x[after] - x0) * (y - y0)
    total: Reals = np.add.reduceat(cross, starts)
    return total


def _ring_number(ring: Ints) -> Ints:
    """Return rings numbered 0, 1, … in the order they come."""
    return np.cumsum(np.diff(ring, prepend=ring[0]) != 0)
