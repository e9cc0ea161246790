"""Bridges: made-up borders of no length that join what a community has in several pieces."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.atoms.adjacency import Borders
from geo.atoms.edges import Geometries


def bridges(polygons: Geometries, home: NDArray[np.int64], borders: Borders) -> Borders:
    """Return the shortest links that make the polygons of each home one piece, of 0 metres.

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
    found: list[tuple[int, int]] = []
    for broken in np.flatnonzero(pieces_of > 1):
        rows = np.flatnonzero(home == broken)
        found += [(rows[a], rows[b]) for a, b in _links(polygons[rows], piece[rows])]
    pairs = np.sort(np.asarray(found, np.int64).reshape(-1, 2), axis=1)
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    return Borders(pairs[:, 0], pairs[:, 1], np.zeros(len(pairs)))


def adjacency_of_nobody() -> Borders:
    """Return borders where nobody borders on anybody."""
    none = np.zeros(0, np.int64)
    return Borders(none, none, np.zeros(0))


def _links(polygons: Geometries, piece: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Return links that join the pieces to the growing whole, the nearest first."""
    joined = piece == piece[0]
    links = []
    while not joined.all():
        inside, outside = np.flatnonzero(joined), np.flatnonzero(~joined)
        tree = shapely.STRtree(polygons[inside])
        (ours, theirs), metres = tree.query_nearest(
            polygons[outside], return_distance=True, all_matches=False
        )
        nearest = int(np.argmin(metres))
        links.append((int(inside[theirs[nearest]]), int(outside[ours[nearest]])))
        joined |= piece == piece[outside[ours[nearest]]]
    return links
