"""The true owner of any point: an array look-up in the lattice, exact on edges and corners."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from geo.city.noise import Bools, Ints, Reals

# Error bound of a 2 × 2 orientation determinant in doubles (Shewchuk 1997, filter A).
_FILTER = 3.3306690738754716e-16
_STEPS = 64
_NOBODY = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Truth:
    """Lattice nodes (degrees) and the grid of every cell.

    `grid` holds positions in `code`, -1 outside the city; `rank` orders grids by the rule of who
    owns a point: special grids first, then the lowest code.
    """

    lon: Reals
    lat: Reals
    grid: Ints
    code: NDArray[np.object_]
    special: Bools

    @cached_property
    def _rank(self) -> Ints:
        order = np.lexsort((self.code.astype(str), ~self.special))
        rank = np.empty(len(order), np.int64)
        rank[order] = np.arange(len(order))
        return rank

    @cached_property
    def _nodes(self) -> cKDTree:
        return cKDTree(np.column_stack([self.lon.ravel(), self.lat.ravel()]))

    def owner_of(self, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.object_]:
        """Return the code of the grid that owns each point, None where nobody does.

        Parameters
        ----------
        lon, lat
            Degrees, arrays of one length; not-a-number is owned by nobody.
        """
        x = np.atleast_1d(np.asarray(lon, np.float64))
        y = np.atleast_1d(np.asarray(lat, np.float64))
        best = np.full(len(x), _NOBODY)
        usable = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
        best[usable] = self._best(x[usable], y[usable])
        found = np.full(len(x), None, dtype=object)
        owned = best < _NOBODY
        found[owned] = self.code[np.argsort(self._rank)[best[owned]]]
        return found

    def _best(self, x: Reals, y: Reals) -> Ints:
        """Return the best rank among the cells that cover each point."""
        i, j, side = self._walk(x, y)
        best = np.full(len(x), _NOBODY)
        inside = (side >= 0).all(axis=1)
        south, east, north, west = (inside & (side[:, k] == 0) for k in range(4))
        for touched, di, dj in (
            (inside, 0, 0),
            (south, 0, -1), (east, 1, 0), (north, 0, 1), (west, -1, 0),
            (south & east, 1, -1), (north & east, 1, 1),
            (north & west, -1, 1), (south & west, -1, -1),
        ):  # fmt: skip
            own = np.flatnonzero(touched)
            best[own] = np.minimum(best[own], self._ranked(i[own] + di, j[own] + dj))
        return best

    def _ranked(self, i: Ints, j: Ints) -> Ints:
        rows, columns = self.grid.shape
        there = (i >= 0) & (i < columns) & (j >= 0) & (j < rows)
        own = self.grid[np.where(there, j, 0), np.where(there, i, 0)]
        return np.where(there & (own >= 0), self._rank[own], _NOBODY)

    def _walk(self, x: Reals, y: Reals) -> tuple[Ints, Ints, Ints]:
        """Return the cell that covers each point, walking from the nearest node.

        Every step crosses an edge that has the point on its other side. Points outside the lattice
        end with a negative side.
        """
        rows, columns = self.grid.shape
        near = self._nodes.query(np.column_stack([x, y]))[1] if len(x) else np.zeros(0, np.int64)
        j, i = np.divmod(near, columns + 1)
        i, j = np.minimum(i, columns - 1), np.minimum(j, rows - 1)
        for _ in range(_STEPS):
            side = np.column_stack([self._side(x, y, i, j, edge) for edge in range(4)])
            to_i = i + np.where(side[:, 1] < 0, 1, np.where(side[:, 3] < 0, -1, 0))
            to_j = j + np.where(side[:, 2] < 0, 1, np.where(side[:, 0] < 0, -1, 0))
            to_i, to_j = np.clip(to_i, 0, columns - 1), np.clip(to_j, 0, rows - 1)
            if ((to_i == i) & (to_j == j)).all():
                break
            i, j = to_i, to_j
        return i, j, side

    def _side(self, x: Reals, y: Reals, i: Ints, j: Ints, edge: int) -> Ints:
        """Return 1 where a point is left of a cell's edge, 0 on it, -1 right (exact)."""
        (ai, aj), (bi, bj) = (((0, 0), (1, 0), (1, 1), (0, 1))[(edge + k) % 4] for k in (0, 1))
        ax, ay = self.lon[j + aj, i + ai], self.lat[j + aj, i + ai]
        bx, by = self.lon[j + bj, i + bi], self.lat[j + bj, i + bi]
        return orientation((ax, ay), (bx, by), (x, y))


def orientation(a: tuple[Reals, Reals], b: tuple[Reals, Reals], c: tuple[Reals, Reals]) -> Ints:
    """Return the exact sign of the turn from a over b to c: 1 left, 0 straight, -1 right.

    >>> one = np.array([1.0])
    >>> orientation((0 * one, 0 * one), (one, one), (0.5 * one, 0.5 * one)).tolist()
    [0]
    """
    left = (a[0] - c[0]) * (b[1] - c[1])
    right = (a[1] - c[1]) * (b[0] - c[0])
    turn = left - right
    sign = np.sign(turn).astype(np.int64)
    unsure = np.flatnonzero(np.abs(turn) <= _FILTER * (np.abs(left) + np.abs(right)))
    for k in unsure:
        (ax, ay), (bx, by), (cx, cy) = (
            (Fraction(float(p[0][k])), Fraction(float(p[1][k]))) for p in (a, b, c)
        )
        exact = (ax - cx) * (by - cy) - (ay - cy) * (bx - cx)
        sign[k] = (exact > 0) - (exact < 0)
    return sign
