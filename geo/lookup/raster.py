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
from typing import Any, Final, NamedTuple

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
# Room for edits: a fourth more, and at least so many rows.
_ROOM: Final = 4
_LEAST_ROOM: Final = 4096


class Canvas(NamedTuple):
    """A raster, and what it takes to draw a part of it anew."""

    raster: Raster  # its lists and edges have room at their ends
    bands: cells.Bands  # its `starts` too
    boxes: Degrees  # 4 x: west, south, east, north of each grid
    used: tuple[int, int, int]  # of lists, edges, starts


def draw(grids: Coverage) -> Canvas:
    """Return the raster over grids, drawn; its owners are positions in `grids`."""
    edges, ends = _edges(grids.shapes)
    frame, side = _frame(edges)
    bands, by_band = _banded(edges, ends, frame)
    names = np.arange(len(grids), dtype=np.int32)
    sheet, window = _drawn(edges, ends, names, frame, (0, side - 1, 0, side - 1))
    length = cells.chain_lengths(window, sheet)
    lists = _roomy(np.empty((0, 3), np.int32), length)
    cells.list_chains(window, sheet, bands, lists, (0, 0))
    used = length, len(by_band), len(bands.starts)
    index = Raster(frame, sheet.cells, lists, _roomy(by_band))
    boxes = np.ascontiguousarray(shapely.bounds(grids.shapes).reshape(-1, 4).T)
    return Canvas(index, bands._replace(starts=_roomy(bands.starts)), boxes, used)


def patched(canvas: Canvas, grids: Coverage, changed: NDArray[np.intp]) -> Canvas | None:
    """Return the canvas with some grids drawn anew; None where it has no room for them.

    The cells are changed in place, each at once: whoever asks meanwhile gets for each point the
    answer of before or of after. One caller at a time.

    Parameters
    ----------
    grids
        As they are now: the same ones in the same order, other shapes at `changed`.
    """
    new = shapely.bounds(grids.shapes[changed]).T
    window = _window(canvas.raster, np.hstack([canvas.boxes[:, changed], new]))
    added = _added(canvas, *_edges(grids.shapes[changed]), changed)
    if window is None or added is None:
        return None
    top, bottom, left, right = window
    boxes = canvas.boxes.copy()
    boxes[:, changed] = new
    near = _near(canvas.raster.frame, boxes, window)
    edges, ends = _edges(grids.shapes[near])
    sheet, whole = _drawn(edges, ends, near.astype(np.int32), canvas.raster.frame, window)
    first, length = canvas.used[0], cells.chain_lengths(whole, sheet)
    if first + length > len(canvas.raster.lists):
        return None
    cells.list_chains(whole, sheet, added.bands, canvas.raster.lists, (first, top))
    canvas.raster.cells[top : bottom + 1, left : right + 1] = sheet.cells
    return added._replace(boxes=boxes, used=(first + length, *added.used[1:]))


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
        return np.zeros(4), side
    x, y = edges[:, [0, 2]], edges[:, [1, 3]]
    width = max(np.ptp(x), _NARROWEST)
    height = max(np.ptp(y), _NARROWEST)
    scales = np.array([side / width, side / height]) * _INSIDE
    return np.array([x.min(), y.min(), *scales]), side


def _drawn(
    edges: Degrees,
    ends: NDArray[np.int64],
    names: NDArray[np.int32],
    frame: Degrees,
    part: tuple[int, int, int, int],
) -> tuple[cells.Sheet, cells.Window]:
    """Return a sheet with a part of the raster drawn (first, last row; first, last column)."""
    top, bottom, left, right = part
    west, south, columns, rows = frame
    drawn = (edges - [west, south, west, south]) * [columns, rows, columns, rows]
    moved = drawn - [left, top, left, top]
    window = cells.Window(0, bottom - top, 0, right - left)
    most = 2 * cells.touches(moved, window)
    ground = np.full((bottom - top + 1, right - left + 1), NOBODY, np.int32)
    sheet = cells.Sheet(ground, np.empty((most, 2), np.int32), np.zeros(1, np.int64))
    cells.draw(moved, ends, names, window, sheet)
    return sheet, window


def _roomy(rows: NDArray[Any], length: int | None = None) -> NDArray[Any]:
    """Return an array with room at its end for what edits will add."""
    kept = len(rows) if length is None else length
    roomy = np.empty((kept + kept // _ROOM + _LEAST_ROOM, *rows.shape[1:]), rows.dtype)
    roomy[: len(rows)] = rows
    return roomy


def _window(index: Raster, boxes: Degrees) -> tuple[int, int, int, int] | None:
    """Return first and last row, first and last column around boxes; None if they leave it."""
    west, south, columns, rows = index.frame
    height, width = index.cells.shape
    left, top = (boxes[:2].min(axis=1) - [west, south]) * [columns, rows]
    right, bottom = (boxes[2:].max(axis=1) - [west, south]) * [columns, rows]
    if not (left >= 0 and top >= 0 and right < width and bottom < height):
        return None
    around = (top - 1, bottom + 1, left - 1, right + 1)
    first, last, west_most, east_most = (int(np.floor(value)) for value in around)
    return max(first, 0), min(last, height - 1), max(west_most, 0), min(east_most, width - 1)


def _near(frame: Degrees, boxes: Degrees, window: tuple[int, int, int, int]) -> NDArray[np.intp]:
    """Return the grids whose boxes meet a window, a cell added on each side, in order."""
    top, bottom, left, right = window
    east, north = frame[:2] + np.array([right + 2, bottom + 2]) / frame[2:]
    west, south = frame[:2] + np.array([left - 1, top - 1]) / frame[2:]
    first, lowest, last, highest = boxes
    return np.flatnonzero((first <= east) & (last >= west) & (lowest <= north) & (highest >= south))


def _added(
    canvas: Canvas, edges: Degrees, ends: NDArray[np.int64], changed: NDArray[np.intp]
) -> Canvas | None:
    """Return the canvas with edges of changed grids at its end; None where they find no room."""
    _, edge_end, start_end = canvas.used
    bands, by_band = _banded(edges, ends, canvas.raster.frame)
    new_edges, new_starts = edge_end + len(by_band), start_end + len(bands.starts)
    known = canvas.bands
    if new_edges > len(canvas.raster.edges) or new_starts > len(known.starts):
        return None
    canvas.raster.edges[edge_end:new_edges] = by_band
    known.starts[start_end:new_starts] = bands.starts + edge_end
    lowest, heights, slots = (part.copy() for part in known[:3])
    lowest[changed], heights[changed] = bands.lowest, bands.heights
    slots[changed] = bands.slots + start_end
    used = canvas.used[0], new_edges, new_starts
    return canvas._replace(bands=cells.Bands(lowest, heights, slots, known.starts), used=used)


def _banded(
    edges: Degrees, starts: NDArray[np.int64], frame: Degrees
) -> tuple[cells.Bands, Degrees]:
    """Return where each grid's edges lie, band by band, and the edges in that order."""
    scale = frame[3] / 2  # exact, so that a band is two rows whatever rounding does
    low = ((edges[:, 1] - frame[1]) * scale).astype(np.int64)
    high = ((edges[:, 3] - frame[1]) * scale).astype(np.int64)
    grid = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    lowest = np.minimum.reduceat(low, starts[:-1]) if len(low) else low
    heights = np.maximum.reduceat(high, starts[:-1]) - lowest + 1 if len(low) else low
    slots = np.cumsum(heights) - heights
    spans = high - low + 1
    first = slots[grid] + low - lowest[grid]
    within = np.arange(spans.sum()) - np.repeat(np.cumsum(spans) - spans, spans)
    slot = np.repeat(first, spans) + within
    order = np.argsort(slot, kind="stable")
    counts = np.bincount(slot, minlength=heights.sum())
    ends = np.concatenate([[0], np.cumsum(counts)])
    whole = (part.astype(np.int32) for part in (lowest, heights, slots, ends))
    return cells.Bands(*whole), np.repeat(edges, spans, axis=0)[order]
