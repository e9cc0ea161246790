"""Bridges: made-up borders of no length that join what a community has in several pieces."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial import Delaunay

from geo.atoms.adjacency import Borders
from geo.atoms.edges import Geometries

_THIN: Final = 1000.0  # times longer than wide
# Among many loose pieces, such as the footprints of buildings, a tree alone would leave few ways to
# draw grids: so each is joined to all neighbours that are at most so many times as far as its
# nearest, and as theirs.
_AS_NEAR: Final = 1.5


def bridges(polygons: Geometries, home: NDArray[np.int64], borders: Borders) -> Borders:
    """Return short links that make the polygons of each home one piece, of 0 metres.

    The shortest among those polygons that face each other: whose corners a Delaunay triangulation
    joins.

    Parameters
    ----------
    polygons
        Atoms.
    home
        The community of each, as a number.
    borders
        Who borders on whom inside a community.

    >>> squares = shapely.box([0, 5, 2], [0, 0, 0], [1, 6, 3], [1, 1, 1])
    >>> links = bridges(squares, np.zeros(3, np.int64), adjacency_of_nobody())
    >>> links.left.tolist(), links.right.tolist()
    ([0, 1], [2, 2])
    """
    piece = borders.components(len(polygons))
    pieces_of = np.zeros(int(home.max(initial=-1)) + 1, np.int64)
    first = np.unique(piece, return_index=True)[1]
    np.add.at(pieces_of, home[first], 1)
    torn = np.flatnonzero(pieces_of[home] > 1)
    west, south, _, _ = shapely.bounds(polygons[torn]).T
    rows = torn[np.lexsort((south, west, home[torn]))]  # whatever the order they came in
    each = np.split(rows, np.flatnonzero(np.diff(home[rows])) + 1) if len(rows) else []
    found = [some[_links(polygons[some], piece[some])] for some in each]
    found.append(np.zeros((0, 2), np.int64))
    pairs = np.sort(np.concatenate(found), axis=1)
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    return Borders(pairs[:, 0], pairs[:, 1], np.zeros(len(pairs)))


def adjacency_of_nobody() -> Borders:
    """Return borders where nobody borders on anybody."""
    none = np.zeros(0, np.int64)
    return Borders(none, none, np.zeros(0))


def _links(polygons: Geometries, piece: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the links (n, 2) that join all pieces, and others hardly longer between neighbours."""
    names, number = np.unique(piece, return_inverse=True)
    pairs = _facing(polygons)
    pairs = pairs[number[pairs[:, 0]] != number[pairs[:, 1]]]
    away = shapely.distance(polygons[pairs[:, 0]], polygons[pairs[:, 1]])
    order = np.lexsort((pairs[:, 1], pairs[:, 0], away))
    pairs, away = pairs[order], away[order]
    ends = np.sort(number[pairs], axis=1)
    first = np.sort(np.unique(ends[:, 0] * len(names) + ends[:, 1], return_index=True)[1])
    pairs, away, ends = pairs[first], away[first], ends[first]
    rank = np.arange(1.0, len(first) + 1)  # of each pair of pieces, by its shortest link
    graph = coo_array((rank, tuple(ends.T)), shape=(len(names), len(names)))
    nearest = np.full(len(names), np.inf)
    np.minimum.at(nearest, ends.ravel(), np.repeat(away, 2))
    kept = away <= _AS_NEAR * nearest[ends].min(axis=1)
    kept[minimum_spanning_tree(graph.tocsr()).data.astype(np.int64) - 1] = True
    return np.asarray(pairs[kept], np.int64)


def _facing(polygons: Geometries) -> NDArray[np.int64]:
    """Return pairs (n, 2) of polygons that share a corner, or have corners next to each other."""
    corners, owner = shapely.get_coordinates(polygons, return_index=True)
    points = (corners + 0.0).view(np.complex128)[:, 0]
    spots, first, spot = np.unique(points, return_index=True, return_inverse=True)
    flat = spots.view(np.float64).reshape(-1, 2)
    extent = np.ptp(flat, axis=0)
    # A thin strip is made wider: its corners shall not seem to be in one line.
    unit = np.where(extent * _THIN < extent.max(), extent, extent.max())
    mesh = Delaunay((flat - flat.min(axis=0)) / unit)
    corner = np.concatenate([mesh.simplices[:, [0, 1]], mesh.simplices[:, [1, 2]],
                             mesh.simplices[:, [2, 0]], mesh.coplanar[:, [0, 2]]])  # fmt: skip
    pairs = np.concatenate([owner[first[corner]], np.c_[owner[first[spot]], owner]])
    pairs = np.sort(pairs[pairs[:, 0] != pairs[:, 1]], axis=1)
    key = np.unique(pairs[:, 0] * len(polygons) + pairs[:, 1])
    return np.asarray(np.c_[key // len(polygons), key % len(polygons)], np.int64)
