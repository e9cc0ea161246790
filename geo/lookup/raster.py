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
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import Degrees
from geo.lookup import borders, cells, search
from geo.lookup.coverage import Coverage, Objects
from geo.lookup.edges import banded, edges_of, placed
from geo.lookup.search import NOBODY, Raster

# Cells a side for a root of the number of edges: 18,900 grids of 43 edges make 4,096 a side.
_FINENESS: Final = 4.0
_SIDES: Final = (16, 4096)
# The last column ends this little (in rows' lengths) beyond the easternmost edge.
_INSIDE: Final = 1 - 1e-12
_NARROWEST: Final = 1e-9  # degrees; what is narrower still has cells of finite number
WORTH_THREADS: Final = 200_000
_PART: Final = 131_072  # points that a thread looks up before it names them
# Room for edits: a fourth more, and at least so many rows.
_ROOM: Final = 4
_LEAST_ROOM: Final = 4096
_SHORTEST: Final = 2  # rows of a list: a grid, and the end
_LINE: Final = 64  # bytes that the processor reads at once


class Canvas(NamedTuple):
    """A raster, and what it takes to draw a part of it anew."""

    raster: Raster  # its lists and edges have room at their ends
    bands: cells.Bands  # its `starts` too
    shapes: Objects  # the grids, and
    boxes: Degrees  # x 4: west, south, east, north of each; both are changed in place
    used: tuple[int, int, int]  # of lists, edges, starts


def draw(grids: Coverage) -> Canvas:
    """Return the raster over grids, drawn; its owners are positions in `grids`."""
    edges, ends = _edges(grids.shapes)
    frame, side = _frame(edges)
    bands, by_band = banded(edges, ends, frame)
    names = np.arange(len(grids), dtype=np.int32)
    sheet, window = _drawn(edges, ends, names, frame, (0, side - 1, 0, side - 1))
    most = borders.chain_lengths(window, sheet)
    lists, bends = np.empty((most, 3), np.int32), _lined_up(most // _SHORTEST)
    index = Raster(frame, sheet.cells, lists, by_band, bends)
    length, bent = borders.list_chains(window, sheet, bands, index, (0, 0))
    index = Raster(frame, sheet.cells, _roomy(lists[:length], most), _roomy(by_band), bends[:bent])
    used = length, len(by_band), len(bands.starts)
    boxes = shapely.bounds(grids.shapes).reshape(-1, 4)
    own = grids.shapes.copy()
    return Canvas(index, bands._replace(starts=_roomy(bands.starts)), own, boxes, used)


def patched(canvas: Canvas, shapes: Objects, changed: NDArray[np.intp]) -> Canvas | None:
    """Return the canvas with other shapes for some grids; None where it has no room for them.

    The cells are changed in place, each at once: whoever asks meanwhile gets for each point the
    answer of before or of after. One caller at a time.
    """
    boxes = shapely.bounds(shapes)
    window = _window(canvas.raster, [*canvas.boxes[changed].tolist(), *boxes.tolist()])
    if window is None:
        return None
    top, bottom, left, right = window
    near = cells.meeting(canvas.boxes, _around(canvas.raster.frame, window))
    place = np.searchsorted(near, changed)  # where a grid was, it is near
    drawn = canvas.shapes[near]
    drawn[place] = shapes
    edges, ends = _edges(drawn)
    added = _added(canvas, *_of_grids(edges, ends, place), changed)
    sheet, whole = _drawn(edges, ends, near.astype(np.int32), canvas.raster.frame, window)
    first, length = canvas.used[0], borders.chain_lengths(whole, sheet)
    if added is None or first + length > len(canvas.raster.lists):
        return None
    unbent = canvas.raster._replace(bends=canvas.raster.bends[:0])  # it takes longer to make bends
    borders.list_chains(whole, sheet, added.bands, unbent, (first, top))
    canvas.raster.cells[top : bottom + 1, left : right + 1] = sheet.cells
    canvas.shapes[changed], canvas.boxes[changed] = shapes, boxes
    return added._replace(used=(first + length, *added.used[1:]))


def owners(index: Raster, x: Degrees, y: Degrees) -> NDArray[np.int32]:
    """Return the owner of each point, -1 where nobody owns it; long batches in threads."""
    x, y = _fixed(x), _fixed(y)
    found = np.empty(len(x), np.int32)
    _in_parts(len(x), lambda part: search.positions(x[part], y[part], index, found[part]))
    return found


def names(index: Raster, x: Degrees, y: Degrees, known: Objects) -> Objects:
    """Return the name of the owner of each point; the last one known where nobody owns it.

    A thread names a part as soon as it has its owners: they are in the processor's memory still,
    and the other thread, which searches meanwhile, does not need the interpreter's lock.
    """
    x, y = _fixed(x), _fixed(y)
    named = np.empty(len(x), object)

    def name(part: slice) -> None:
        found = np.empty(len(x[part]), np.int32)
        search.positions(x[part], y[part], index, found)
        known.take(found, out=named[part], mode="wrap")  # -1 is the last one

    _in_parts(len(x), name)
    return named


def _in_parts(length: int, work: Callable[[slice], object]) -> None:
    """Do the work part by part, where it is long by as many threads as there are processors."""
    if length < WORTH_THREADS:
        work(slice(length))
        return
    parts = [slice(first, first + _PART) for first in range(0, length, _PART)]
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        list(pool.map(work, parts))


def _fixed(values: Degrees) -> Degrees:
    """Return a view nobody writes to: some arrays cannot be, and each kind is compiled for."""
    view = values.view()
    view.flags.writeable = False
    return view


def asked_once(index: Raster) -> None:
    """Ask for a point nowhere: on a machine that never did, that compiles for two seconds."""
    search.position(np.nan, np.nan, index)
    told = search.addresses(index)  # held by a name while it is read at its address
    search.position_at(np.nan, np.nan, told.ctypes.data)
    owners(index, np.empty(0), np.empty(0))


def _edges(shapes: Objects) -> tuple[Degrees, NDArray[np.int64]]:
    """Return the edges of all rings, and where each grid's start; see `edges.edges_of`."""
    grid, count = None, len(shapes)
    if (shapely.get_type_id(shapes) != shapely.GeometryType.POLYGON).any():
        shapes, grid = shapely.get_parts(shapes, return_index=True)  # rings are of simple polygons
    rings, part = shapely.get_rings(shapes, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    return edges_of(points, ring, part if grid is None else grid[part], count)


def _of_grids(
    edges: Degrees, ends: NDArray[np.int64], grids: NDArray[np.intp]
) -> tuple[Degrees, NDArray[np.int64]]:
    """Return the edges of some grids alone, and where each one's start."""
    parts = [edges[ends[i] : ends[i + 1]] for i in grids]
    return np.vstack(parts), np.cumsum([0, *(len(part) for part in parts)])


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
    moved = placed(edges, frame, left, top)
    window = cells.Window(0, bottom - top, 0, right - left)
    most = 2 * cells.touches(moved, window)
    ground = np.full((bottom - top + 1, right - left + 1), NOBODY, np.int32)
    sheet = cells.Sheet(ground, np.empty((most, 2), np.int32), np.zeros(1, np.int64))
    cells.draw(moved, ends, names, window, sheet)
    return sheet, window


def _roomy(rows: NDArray[Any], room: int | None = None) -> NDArray[Any]:
    """Return an array with room at its end for what edits will add."""
    room = len(rows) // _ROOM if room is None else room
    roomy = np.empty((len(rows) + room + _LEAST_ROOM, *rows.shape[1:]), rows.dtype)
    roomy[: len(rows)] = rows
    return roomy


def _lined_up(count: int) -> Degrees:
    """Return room for bends, each of which the processor reads at once."""
    room = np.empty(_LINE // 8 * (count + 1))
    first = -room.ctypes.data % _LINE // 8
    return room[first : first + _LINE // 8 * count].reshape(count, _LINE // 8)


def _window(index: Raster, boxes: Sequence[Sequence[float]]) -> tuple[int, int, int, int] | None:
    """Return first and last row, first and last column around boxes; None if they leave it."""
    west, south, columns, rows = index.frame.tolist()
    height, width = index.cells.shape
    first_x, first_y, last_x, last_y = zip(*boxes, strict=True)
    left, top = (min(first_x) - west) * columns, (min(first_y) - south) * rows
    right, bottom = (max(last_x) - west) * columns, (max(last_y) - south) * rows
    if not (left >= 0 and top >= 0 and right < width and bottom < height):
        return None
    last_row, last_column = min(int(bottom + 1), height - 1), min(int(right + 1), width - 1)
    return max(int(top) - 1, 0), last_row, max(int(left) - 1, 0), last_column


def _around(frame: Degrees, window: tuple[int, int, int, int]) -> tuple[float, float, float, float]:
    """Return west, south, east, north of a window, a cell added on each side."""
    top, bottom, left, right = window
    west, south, columns, rows = frame.tolist()
    low = west + (left - 1) / columns, south + (top - 1) / rows
    return (*low, west + (right + 2) / columns, south + (bottom + 2) / rows)


def _added(
    canvas: Canvas, edges: Degrees, ends: NDArray[np.int64], changed: NDArray[np.intp]
) -> Canvas | None:
    """Return the canvas with edges of changed grids at its end; None where they find no room."""
    _, edge_end, start_end = canvas.used
    bands, by_band = banded(edges, ends, canvas.raster.frame)
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
