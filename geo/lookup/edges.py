"""Kernels that take shapes apart into edges, and put these in order of their bands.

All in one file: numba does not see that a kernel it kept calls one that changed in another file.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from geo.crs import Degrees
from geo.lookup.cells import Bands
from geo.lookup.jit import kernel

Whole: TypeAlias = NDArray[np.int64]


@kernel
def edges_of(
    points: Degrees, ring: NDArray[np.intp], grid: NDArray[np.intp], grids: int
) -> tuple[Degrees, Whole]:
    """Return the edges of all rings from the lower end to the upper, and where each grid's start.

    Rows are x, y of the lower end (of a level one: the western), then of the upper.

    Parameters
    ----------
    points
        x, y of the rings' corners, ring after ring.
    ring, grid
        The ring of each point, and the grid of each ring.
    grids
        How many there are.
    """
    edges = np.empty((len(points), 4))
    ends = np.zeros(grids + 1, np.int64)
    count = 0
    for i in range(1, len(points)):
        ax, ay, bx, by = points[i - 1, 0], points[i - 1, 1], points[i, 0], points[i, 1]
        if ring[i] != ring[i - 1] or (ax == bx and ay == by):
            continue
        if ay > by or (ay == by and ax > bx):
            ax, ay, bx, by = bx, by, ax, ay
        edges[count, 0], edges[count, 1], edges[count, 2], edges[count, 3] = ax, ay, bx, by
        ends[grid[ring[i]] + 1] += 1
        count += 1
    return edges[:count].copy(), np.cumsum(ends)


@kernel
def placed(edges: Degrees, frame: Degrees, left: int, top: int) -> Degrees:
    """Return edges in cells, counted from a column and a row."""
    moved = np.empty_like(edges)
    for i in range(len(edges)):
        for end in (0, 2):
            moved[i, end] = (edges[i, end] - frame[0]) * frame[2] - left
            moved[i, end + 1] = (edges[i, end + 1] - frame[1]) * frame[3] - top
    return moved


@kernel
def banded(edges: Degrees, ends: Whole, frame: Degrees) -> tuple[Bands, Degrees]:
    """Return where each grid's edges lie, band by band, and the edges in that order."""
    scale = frame[3] / 2  # exact, so that a band is two rows whatever rounding does
    low, high = np.empty(len(edges), np.int32), np.empty(len(edges), np.int32)
    for i in range(len(edges)):
        low[i] = int((edges[i, 1] - frame[1]) * scale)
        high[i] = int((edges[i, 3] - frame[1]) * scale)
    lowest, heights, slots = _spread(low, high, ends)
    starts = np.zeros(heights.sum() + 1, np.int32)
    for grid in range(len(lowest)):
        for i in range(ends[grid], ends[grid + 1]):
            for slot in _slots(grid, low[i], high[i], lowest, slots):
                starts[slot + 1] += 1
    starts = np.cumsum(starts).astype(np.int32)
    by_band, place = np.empty((starts[-1], 4)), starts.copy()
    for grid in range(len(lowest)):
        for i in range(ends[grid], ends[grid + 1]):
            for slot in _slots(grid, low[i], high[i], lowest, slots):
                by_band[place[slot]] = edges[i]
                place[slot] += 1
    return Bands(lowest, heights, slots, starts), by_band


@kernel
def _spread(
    low: NDArray[np.int32], high: NDArray[np.int32], ends: Whole
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Return the first band of each grid, how many it has, and how many come before them."""
    count = len(ends) - 1
    lowest, heights, slots = (np.zeros(count, np.int32), np.zeros(count, np.int32),
                              np.zeros(count, np.int32))  # fmt: skip
    used = 0
    for grid in range(count):
        slots[grid] = used
        first, end = ends[grid], ends[grid + 1]
        if end > first:
            lowest[grid] = low[first:end].min()
            heights[grid] = high[first:end].max() - lowest[grid] + 1
        used += heights[grid]
    return lowest, heights, slots


@kernel
def _slots(
    grid: int, low: int, high: int, lowest: NDArray[np.int32], slots: NDArray[np.int32]
) -> range:
    """Return the places of an edge's bands among all bands of all grids."""
    first = slots[grid] + low - lowest[grid]
    return range(first, first + high - low + 1)
