"""Kernels that draw grids into the cells of a raster.

All in one file: numba does not see that a kernel it kept calls one that changed in another file.
"""

from __future__ import annotations

from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from geo.crs import Degrees
from geo.lookup.jit import kernel
from geo.lookup.search import FIRST_LIST, NOBODY, Edge, edge_of

Cells: TypeAlias = NDArray[np.int32]

# Edges are drawn this much too wide, in cells: a million times what rounding can move them.
PADDING: Final = 1e-6
_FLAT: Final = 1e-12  # an edge that rises less, in cells, is drawn as a whole in every row


class Window(NamedTuple):
    """The part of a raster to draw: rows and columns, first and last."""

    top: int
    bottom: int
    left: int
    right: int


class Sheet(NamedTuple):
    """A raster being drawn: cells, and for each cell a chain of grids, the latest first."""

    cells: Cells  # an owner, NOBODY, or FIRST_LIST - the latest link of the cell's chain
    links: Cells  # x 2: a grid whose edge passes, or FIRST_LIST - the owner of the rest; the next
    used: NDArray[np.int64]  # how many links there are, as the one element


class Bands(NamedTuple):
    """Where each grid's edges lie, band by band: two rows of cells make a band."""

    lowest: NDArray[np.int32]  # the first band of each grid
    heights: NDArray[np.int32]  # how many bands it has
    slots: NDArray[np.int32]  # where they start in `starts`
    starts: NDArray[np.int32]  # where the edges of each (grid, band) start, and those after end


@kernel
def meeting(boxes: Degrees, around: tuple[float, float, float, float]) -> NDArray[np.int64]:
    """Return which boxes (west, south, east, north) meet one, in order."""
    west, south, east, north = around
    found = np.empty(len(boxes), np.int64)
    count = 0
    for i in range(len(boxes)):
        if boxes[i, 0] <= east and boxes[i, 2] >= west:
            found[count] = i
            count += boxes[i, 1] <= north and boxes[i, 3] >= south
    return found[:count].copy()


@kernel
def touches(edges: Degrees, window: Window) -> int:
    """Return how many times an edge touches a cell: no more links than that are needed, twice.

    Edges are in cells (columns, rows), from the lower end to the upper.
    """
    total = 0
    for i in range(len(edges)):
        for row in range(*_rows(edges, i, window)):
            first, end = columns_of(edge_of(edges, i), row, window)
            total += max(end - first, 0)
    return total


@kernel
def draw(
    edges: Degrees, ends: NDArray[np.int64], names: Cells, window: Window, sheet: Sheet
) -> None:
    """Draw grids in ascending order: the cells their edges touch, then those they fill.

    A cell that lies wholly inside a grid is closed: nobody drawn later owns anything there.

    Parameters
    ----------
    edges
        In cells, from the lower end to the upper, grid after grid.
    ends
        Where the edges of each grid start, and the end.
    names
        What to call each grid.
    """
    for k in range(len(names)):
        own = edges[ends[k] : ends[k + 1]]
        for i in range(len(own)):
            for row in range(*_rows(own, i, window)):
                first, end = columns_of(edge_of(own, i), row, window)
                _touch(row, first, end, names[k], sheet)
        _fill(own, names[k], window, sheet)


@kernel
def _rows(edges: Degrees, i: int, window: Window) -> tuple[int, int]:
    """Return the first row an edge touches in the window, and the row after the last."""
    first = max(int(np.floor(edges[i, 1] - PADDING)), window.top)
    last = min(int(np.floor(edges[i, 3] + PADDING)), window.bottom)
    return first, last + 1


@kernel
def columns_of(edge: Edge, row: int, window: Window) -> tuple[int, int]:
    """Return the first column an edge touches in a row of the window, and that after the last."""
    ax, ay, bx, by = edge
    start, end = ax, bx
    rise = by - ay
    if rise > _FLAT:
        start = ax + (bx - ax) * min(1.0, max(0.0, (row - PADDING - ay) / rise))
        end = ax + (bx - ax) * min(1.0, max(0.0, (row + 1 + PADDING - ay) / rise))
    first = max(int(np.floor(min(start, end) - PADDING)), window.left)
    last = min(int(np.floor(max(start, end) + PADDING)), window.right)
    return first, last + 1


@kernel
def _touch(row: int, first: int, end: int, name: int, sheet: Sheet) -> None:
    """Put a grid before the chains of cells of a row, where they are open and it is not there."""
    for column in range(first, end):
        cell = sheet.cells[row, column]
        if cell >= 0:
            continue  # closed
        link = FIRST_LIST - cell if cell <= FIRST_LIST else -1
        latest = sheet.links[link, 0] if link >= 0 else NOBODY
        if latest > FIRST_LIST and latest != name:
            _add(row, column, name, link, sheet)


@kernel
def _add(row: int, column: int, name: int, link: int, sheet: Sheet) -> None:
    new = sheet.used[0]
    sheet.links[new, 0] = name
    sheet.links[new, 1] = link
    sheet.cells[row, column] = FIRST_LIST - new
    sheet.used[0] = new + 1


@kernel
def _fill(edges: Degrees, name: int, window: Window, sheet: Sheet) -> None:
    """Close the cells that a grid fills: open, untouched by its edge, their middle inside it.

    Whether the middle is inside is a matter of parity, kept by row and column: an edge that passes
    a row's middle line turns over everything to the right of it.
    """
    top, bottom, left, right = _extent(edges, window)
    if top > bottom or left > right:
        return
    turned = np.zeros((bottom - top + 1, right - left + 2), np.bool_)
    for i in range(len(edges)):
        _turn_over(edge_of(edges, i), top, left, turned)
    for row in range(top, bottom + 1):
        inside = False
        for column in range(left, right + 1):
            inside ^= turned[row - top, column - left]
            if inside:
                _close(row, column, name, sheet)


@kernel
def _extent(edges: Degrees, window: Window) -> tuple[int, int, int, int]:
    """Return the window around edges: first and last row, first and last column."""
    top, bottom = window.bottom + 1.0, window.top - 1.0
    left, right = window.right + 1.0, window.left - 1.0
    for i in range(len(edges)):
        ax, ay, bx, by = edge_of(edges, i)
        top, bottom = min(top, ay), max(bottom, by)
        left, right = min(left, ax, bx), max(right, ax, bx)
    return (
        max(int(np.floor(top)), window.top),
        min(int(np.floor(bottom)), window.bottom),
        max(int(np.floor(left)), window.left),
        min(int(np.floor(right)), window.right),
    )


@kernel
def _turn_over(edge: Edge, top: int, left: int, turned: NDArray[np.bool_]) -> None:
    """Note in each row whose middle an edge passes the first column with its middle beyond."""
    ax, ay, bx, by = edge
    height, width = turned.shape
    first = max(int(np.ceil(ay - 0.5)), top)
    end = min(int(np.ceil(by - 0.5)), top + height)
    for row in range(first, end):
        x = ax + (bx - ax) * ((row + 0.5 - ay) / (by - ay))
        column = min(max(int(np.floor(x - 0.5)) + 1 - left, 0), width - 1)
        turned[row - top, column] ^= True


@kernel
def _close(row: int, column: int, name: int, sheet: Sheet) -> None:
    """Give a grid a cell, or what its chain leaves of it."""
    cell = sheet.cells[row, column]
    if cell == NOBODY:
        sheet.cells[row, column] = name
    elif cell <= FIRST_LIST:
        link = FIRST_LIST - cell
        latest = sheet.links[link, 0]
        if latest > FIRST_LIST and latest != name:
            _add(row, column, FIRST_LIST - name, link, sheet)
