"""Rectangles of lattice cells, split again and again: super-blocks, blocks, parcels.

Every split is a road, a street or a lane, so borders that follow blocks follow roads.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from geo.city.lattice import Lattice
from geo.city.noise import Bools, Ints, Reals


class Rects(NamedTuple):
    """Rectangles of cells, half-open: columns i0 to i1, rows j0 to j1 (arrays of one length)."""

    i0: Ints
    i1: Ints
    j0: Ints
    j1: Ints

    def take(self, rows: Ints | Bools) -> Rects:
        """Return some of the rectangles."""
        return Rects(*(edge[rows] for edge in self))

    @property
    def u(self) -> Reals:
        """Column of the middle, in lattice units."""
        return (self.i0 + self.i1) / 2.0

    @property
    def v(self) -> Reals:
        """Row of the middle, in lattice units."""
        return (self.j0 + self.j1) / 2.0

    @property
    def cells(self) -> Ints:
        """Number of cells."""
        return (self.i1 - self.i0) * (self.j1 - self.j0)


class Cuts(NamedTuple):
    """Straight cuts along lattice lines: along column `at` when upright, from `low` to `high`."""

    upright: Bools
    at: Ints
    low: Ints
    high: Ints
    depth: Ints
    parent: Ints


@dataclass(frozen=True)
class Pieces:
    """Rectangles, which rectangle of the level above each lies in, and the cuts that made them."""

    rects: Rects
    parent: Ints
    cuts: Cuts


def mesh(rng: np.random.Generator, size: int, mean: int) -> Ints:
    """Return the lattice lines of the main roads, first and last line included, unevenly spaced."""
    steps = rng.integers(round(0.7 * mean), round(1.35 * mean) + 1, 2 * size // mean + 2)
    inner = np.cumsum(steps)
    inner = inner[inner < size - mean // 2]
    return np.concatenate([[0], inner, [size]]).astype(np.int64)


def meshed(lines_i: Ints, lines_j: Ints) -> Rects:
    """Return the super-blocks between main roads, south row first."""
    low_i, low_j = np.meshgrid(lines_i[:-1], lines_j[:-1])
    high_i, high_j = np.meshgrid(lines_i[1:], lines_j[1:])
    return Rects(low_i.ravel(), high_i.ravel(), low_j.ravel(), high_j.ravel())


def split(
    rects: Rects,
    target: Callable[[Rects, Ints], Reals],
    lattice: Lattice,
    rng: np.random.Generator,
) -> Pieces:
    """Return the rectangles split until no side is much longer than its target.

    `target` gives the wanted length of a side in metres for rectangles and the numbers of the
    original ones they lie in; infinite leaves one whole.
    """
    parent, depth = np.arange(len(rects.i0)), 0
    leaves: list[tuple[Rects, Ints]] = []
    cuts: list[Cuts] = []
    while len(parent):
        upright, length, cells = _longer_side(rects, lattice)
        limit = target(rects, parent) * rng.uniform(1.15, 1.75, len(parent))
        cut = (length > limit) & (cells > 1)
        leaves.append((rects.take(~cut), parent[~cut]))
        rects, parent, upright = rects.take(cut), parent[cut], upright[cut]
        made = _cut(rects, parent, upright, rng)._replace(depth=np.full(len(parent), depth))
        cuts.append(made)
        rects, parent, depth = _halves(rects, made), np.concatenate([parent, parent]), depth + 1
    return _ordered(leaves, cuts)


def _longer_side(rects: Rects, lattice: Lattice) -> tuple[Bools, Reals, Ints]:
    width, height = lattice.cell_metres(rects.u, rects.v)
    wide, high = rects.i1 - rects.i0, rects.j1 - rects.j0
    upright = ((wide * width >= high * height) & (wide > 1)) | (high == 1)
    return upright, np.where(upright, wide * width, high * height), np.where(upright, wide, high)


def _cut(rects: Rects, parent: Ints, upright: Bools, rng: np.random.Generator) -> Cuts:
    low, high = np.where(upright, rects.i0, rects.j0), np.where(upright, rects.i1, rects.j1)
    share = rng.uniform(0.34, 0.66, len(parent))
    at = np.clip(np.rint(low + share * (high - low)).astype(np.int64), low + 1, high - 1)
    start, end = np.where(upright, rects.j0, rects.i0), np.where(upright, rects.j1, rects.i1)
    return Cuts(upright, at, start, end, np.zeros_like(at), parent)


def _halves(rects: Rects, cuts: Cuts) -> Rects:
    low = rects._replace(
        i1=np.where(cuts.upright, cuts.at, rects.i1), j1=np.where(cuts.upright, rects.j1, cuts.at)
    )
    high = rects._replace(
        i0=np.where(cuts.upright, cuts.at, rects.i0), j0=np.where(cuts.upright, rects.j0, cuts.at)
    )
    return Rects(*(np.concatenate(pair) for pair in zip(low, high, strict=True)))


def _ordered(leaves: list[tuple[Rects, Ints]], cuts: list[Cuts]) -> Pieces:
    rects = Rects(
        *(np.concatenate(edge) for edge in zip(*(leaf[0] for leaf in leaves), strict=True))
    )
    parent = np.concatenate([leaf[1] for leaf in leaves])
    order = np.lexsort((rects.i0, rects.j0, parent))
    joined = Cuts(*(np.concatenate(column) for column in zip(*cuts, strict=True)))
    return Pieces(rects.take(order), parent[order], joined)


def cells_of(rects: Rects, columns: int) -> tuple[Ints, Ints]:
    """Return every cell of every rectangle (row × columns + column), and whose it is."""
    count = rects.cells
    owner = np.repeat(np.arange(len(count)), count)
    order = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    wide = (rects.i1 - rects.i0)[owner]
    return (rects.j0[owner] + order // wide) * columns + rects.i0[owner] + order % wide, owner


def painted(rects: Rects, columns: int, rows: int) -> Ints:
    """Return the rectangle each cell lies in, an array of rows by columns, -1 where none."""
    canvas = np.full(rows * columns, -1, np.int64)
    cell, owner = cells_of(rects, columns)
    canvas[cell] = owner
    return canvas.reshape(rows, columns)
