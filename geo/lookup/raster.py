"""A raster over grids that knows the owner of most points from their cell alone.

Every cell holds an owner (the cell lies wholly inside it and nobody comes before), nobody, or a
short list: the grids whose edge passes the cell, in the order in which they own points, and what
is left when none of them covers the point. The edges of a grid are kept by horizontal band, so
that a point is tested against the few beside it.

Column, row and band come from one expression, (x - west) * scale rounded down, when edges are
entered and when points are asked: it never decreases with x, so that a point between the ends of
an edge falls between its cells. Cells touched by an edge are marked a little wider than the edge.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import Degrees
from geo.lookup import cells, search
from geo.lookup.coverage import Coverage, Objects
from geo.lookup.search import NOBODY, Raster

# Cells a side for a root of the number of edges: 18,900 grids of 43 edges make 4,096 a side.
_FINENESS: Final = 4.0
_SIDES: Final = (16, 4096)
# The last column ends this little (in rows' lengths) beyond the easternmost edge.
_INSIDE: Final = 1 - 1e-12
_NARROWEST: Final = 1e-9  # degrees; what is narrower still has cells of finite number
WORTH_THREADS: Final = 200_000


def raster(grids: Coverage) -> Raster:
    """Return the raster over grids; its owners are positions in `grids`."""
    edges, starts = _edges(grids.shapes)
    frame, side = _frame(edges)
    west, south, columns, rows, _ = frame
    drawn = (edges - [west, south, west, south]) * [columns, rows, columns, rows]
    bands, slots, by_band, band_starts = _banded(edges, starts, frame)
    window = cells.Window(0, side - 1, 0, side - 1)
    sheet = _sheet(drawn, window, np.full((side, side), NOBODY, np.int32))
    cells.draw(drawn, starts, np.arange(len(grids), dtype=np.int32), window, sheet)
    lists = np.empty(cells.chain_lengths(window, sheet), np.int32)
    cells.list_chains(window, sheet, lists, 0)
    return Raster(frame, sheet.cells, lists, by_band, band_starts, slots, bands)


def owners(index: Raster, x: Degrees, y: Degrees) -> NDArray[np.int32]:
    """Return the owner of each point, -1 where nobody owns it; long batches in threads."""
    found = np.empty(len(x), np.int32)
    if len(x) < WORTH_THREADS:
        search.positions(x, y, index, found)
        return found
    workers = os.cpu_count() or 1
    parts = [np.array_split(array, workers) for array in (x, y, found)]
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(lambda a, b, c: search.positions(a, b, index, c), *parts))
    return found


def asked_once(index: Raster) -> None:
    """Ask for a point nowhere: on a machine that never did, that compiles for two seconds."""
    search.position(np.nan, np.nan, index)
    search.positions(np.empty(0), np.empty(0), index, np.empty(0, np.int32))


def _edges(shapes: Objects) -> tuple[Degrees, NDArray[np.int64]]:
    """Return the edges of all rings from the lower end to the upper, and where each grid's start.

    Rows are x, y of the lower end (of a level one: the western), then of the upper.
    """
    parts, grid = shapely.get_parts(shapes, return_index=True)  # rings are got of simple polygons
    rings, part = shapely.get_rings(parts, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    a, b = points[:-1], points[1:]
    real = (ring[:-1] == ring[1:]) & (a != b).any(axis=1)
    upwards = (a[:, 1] < b[:, 1]) | ((a[:, 1] == b[:, 1]) & (a[:, 0] < b[:, 0]))
    edges = np.where(upwards[:, None], np.hstack([a, b]), np.hstack([b, a]))[real]
    counts = np.bincount(grid[part[ring[:-1][real]]], minlength=len(shapes))
    return edges, np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def _frame(edges: Degrees) -> tuple[Degrees, int]:
    """Return what places points in cells and bands (see `Raster.frame`), and cells a side."""
    wanted = _FINENESS * np.sqrt(len(edges))
    side = int(np.clip(2 ** np.ceil(np.log2(max(wanted, 1.0))), *_SIDES))
    if not len(edges):
        return np.zeros(5), side
    x, y = edges[:, [0, 2]], edges[:, [1, 3]]
    width = max(np.ptp(x), _NARROWEST)
    height = max(np.ptp(y), _NARROWEST)
    scales = np.array([side / width, side / height, side / 2 / height]) * _INSIDE
    return np.array([x.min(), y.min(), *scales]), side


def _sheet(drawn: Degrees, window: cells.Window, ground: cells.Cells) -> cells.Sheet:
    most = 2 * cells.touches(drawn, window)
    return cells.Sheet(ground, np.empty((most, 2), np.int32), np.zeros(1, np.int64))


def _banded(
    edges: Degrees, starts: NDArray[np.int64], frame: Degrees
) -> tuple[NDArray[np.int64], NDArray[np.int64], Degrees, NDArray[np.int64]]:
    """Return each grid's first band, its slots, the edges by slot, and where each slot's start."""
    low = ((edges[:, 1] - frame[1]) * frame[4]).astype(np.int64)
    high = ((edges[:, 3] - frame[1]) * frame[4]).astype(np.int64)
    grid = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    bands = np.minimum.reduceat(low, starts[:-1]) if len(low) else low
    heights = np.maximum.reduceat(high, starts[:-1]) - bands + 1 if len(low) else low
    slots = np.concatenate([[0], np.cumsum(heights)]).astype(np.int64)
    spans = high - low + 1
    first = slots[grid] + low - bands[grid]
    within = np.arange(spans.sum()) - np.repeat(np.cumsum(spans) - spans, spans)
    slot = np.repeat(first, spans) + within
    order = np.argsort(slot, kind="stable")
    counts = np.bincount(slot, minlength=slots[-1])
    ends = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return bands, slots, np.repeat(edges, spans, axis=0)[order], ends
