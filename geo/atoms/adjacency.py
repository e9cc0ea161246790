"""Which polygons of a coverage share a border, and how long it is."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.atoms.edges import Edges, Geometries, edges_of

_PARTS: Final = 2.0**20


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

    >>> import shapely
    >>> squares = shapely.box([0, 1, 1], [0, 0, 1], [1, 2, 2], [1, 1, 2])
    >>> borders = adjacency(squares)
    >>> borders.left.tolist(), borders.right.tolist(), borders.metres.tolist()
    ([0, 1], [1, 2], [1.0, 1.0])
    """
    return borders_of(edges_of(polygons), scale, len(polygons))


def borders_of(edges: Edges, scale: tuple[float, float], count: int) -> Borders:
    """Return the same from the edges of so many polygons."""
    one = np.flatnonzero(edges.twin > np.arange(len(edges.twin)))
    a, b = edges.owner[one], edges.owner[edges.twin[one]]
    span = (edges.end[one] - edges.start[one]) * np.asarray(scale)
    metres = rounded(np.hypot(span[:, 0], span[:, 1]))
    return summed(np.minimum(a, b), np.maximum(a, b), metres, count)


def rounded(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return values in whole parts of 2^-20 (of a metre: a micrometre).

    Sums of these are exact, so they do not depend on the order of the rows of a table.

    >>> bool(sum(rounded(np.array([0.1, 0.2, 0.3]))) == sum(rounded(np.array([0.3, 0.2, 0.1]))))
    True
    """
    return np.asarray(np.round(values * _PARTS) / _PARTS)


def summed(
    left: NDArray[np.int64], right: NDArray[np.int64], metres: NDArray[np.float64], count: int
) -> Borders:
    """Return each pair once, in order, with the sum of its metres; of so many polygons."""
    table = coo_array((metres, (left, right)), shape=(count, count)).tocsr()
    table.sum_duplicates()
    rows = np.repeat(np.arange(count), np.diff(table.indptr))
    return Borders(rows, table.indices.astype(np.int64), table.data)
