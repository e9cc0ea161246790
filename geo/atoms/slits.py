"""Polygons that face each other over a slit so thin that nothing can lie in it."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely

from geo.atoms.adjacency import Borders, rounded
from geo.atoms.coverage import THIN
from geo.atoms.edges import Edges

_PLACES: Final = 0.25, 0.75  # of an edge: both are that near, so corners that meet are none
_SHORT: Final = 4 * THIN  # an edge says nothing: its middle is near whatever its ends touch


def slits(edges: Edges, scale: tuple[float, float], borders: Borders, count: int) -> Borders:
    """Return the pairs of polygons that a slit parts and that do not border elsewhere.

    The metres are those of the slit: where edges of both look at each other the shorter side
    counts, since the other may go on beyond.

    Parameters
    ----------
    edges
        Of all polygons: only those without a twin are looked at.
    scale
        Metres in one unit of x and of y.
    borders
        Who borders on whom.
    count
        Of the polygons.

    >>> from geo.atoms.adjacency import borders_of
    >>> from geo.atoms.edges import edges_of
    >>> edges = edges_of(shapely.box([0, 5.05, 10.2], 0, [5, 10, 15], 5))
    >>> found = slits(edges, (1.0, 1.0), borders_of(edges, (1.0, 1.0), 3), 3)
    >>> found.left.tolist(), found.right.tolist(), found.metres.tolist()
    ([0], [1], [5.0])
    """
    span = np.hypot(*((edges.end - edges.start) * np.asarray(scale)).T)
    lone = (edges.twin < 0) & (span > _SHORT)
    owner = edges.owner[lone]
    ends = [each[lone] * np.asarray(scale) for each in (edges.start, edges.end)]
    lines = shapely.STRtree(shapely.linestrings(np.stack(ends, axis=1)))
    near = []
    for place in _PLACES:
        points = shapely.points(ends[0] + place * (ends[1] - ends[0]))
        edge, other = lines.query(points, predicate="dwithin", distance=THIN)
        near.append(np.unique(edge * count + owner[other]))
    edge, other = np.divmod(np.intersect1d(near[0], near[1]), count)
    edge, other = edge[owner[edge] != other], other[owner[edge] != other]
    own, metres = owner[edge], rounded(span[lone][edge])
    key = np.minimum(own, other) * count + np.maximum(own, other)
    known = np.append(borders.left * count + borders.right, -1)  # in order; last: beyond all
    new = known[np.searchsorted(known[:-1], key)] != key
    pairs, pair = np.unique(key[new], return_inverse=True)
    sides = [
        np.bincount(pair, metres[new] * (first == (own < other)[new]), len(pairs))
        for first in (True, False)
    ]
    shorter = np.where(np.minimum(*sides) > 0, np.minimum(*sides), np.maximum(*sides))
    return Borders(pairs // count, pairs % count, shorter)
