"""Kernels that put what passes a cell where it is found: in a bend, or in a list of grids.

A bend is what most borders are within one cell: a line with one corner at most, that leaves the
cell at both ends and parts it into two sides. The rest (where three grids meet, small shapes,
several borders in one cell) are lists of grids, each with its edges in the cell's band.

All in one file: numba does not see that a kernel it kept calls one that changed in another file.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from geo.crs import Degrees
from geo.lookup.cells import PADDING, Bands, Cells, Sheet, Window, columns_of
from geo.lookup.jit import kernel
from geo.lookup.search import (
    FIRST_BEND,
    FIRST_LIST,
    NOBODY,
    Edge,
    Raster,
    bend_turn,
    covers,
    edge_of,
    turn_of,
)

# The ends of a bend are farther from its cell than edges are drawn too wide.
_BEYOND: Final = 2 * PADDING
_MOST: Final = 2  # edges of a bend
# Where in a cell to ask who owns one side of a bend: the first that is not on it.
_SAMPLES: Final = ((0.5, 0.5), (0.25, 0.5), (0.5, 0.25), (0.75, 0.375))


class Cell(NamedTuple):
    """One cell of the raster, and the part of its lists that is the cell's."""

    row: int
    column: int
    first: int
    end: int


@kernel
def chain_lengths(window: Window, sheet: Sheet) -> int:
    """Return how long a list of all the window's chains, each with its end, will be."""
    total = 0
    for row in range(window.top, window.bottom + 1):
        for column in range(window.left, window.right + 1):
            link = FIRST_LIST - sheet.cells[row, column]
            if link >= 0 and sheet.links[link, 0] >= 0:
                total += 1  # open: needs an end that says nobody
            while link >= 0:
                total += 1
                link = sheet.links[link, 1]
    return total


@kernel
def list_chains(
    window: Window, sheet: Sheet, bands: Bands, raster: Raster, start: tuple[int, int]
) -> tuple[int, int]:
    """Write each chain to a bend or list of the raster, and point its cell of the sheet there.

    Bends are made where the raster has room for any: each cell's may then be one. Lists are in
    ascending order, rows a grid, its first edge in the cell's band and how many it has there.
    `start` says from which row of `lists` on, and how many rows of the raster come before the
    sheet's. The next free rows of lists and bends are returned.
    """
    place, above = start
    bent = 0
    for row in range(window.top, window.bottom + 1):
        for column in range(window.left, window.right + 1):
            link = FIRST_LIST - sheet.cells[row, column]
            if link < 0:
                continue
            end = _list_chain(link, sheet, raster.lists, place)
            _find_edges((above + row) // 2, bands, raster.lists[place:end])
            if len(raster.bends) and _bend(Cell(row, column, place, end), bent, raster):
                sheet.cells[row, column] = FIRST_BEND - bent
                bent += 1
            else:
                sheet.cells[row, column] = FIRST_LIST - place
                place = end
    return place, bent


@kernel
def _list_chain(link: int, sheet: Sheet, lists: Cells, place: int) -> int:
    """Write one chain, turned round, and return the place after it."""
    is_open = sheet.links[link, 0] >= 0
    length, at = 0, link
    while at >= 0:
        length += 1
        at = sheet.links[at, 1]
    at = link
    for i in range(length):
        lists[place + length - 1 - i, 0] = sheet.links[at, 0]
        at = sheet.links[at, 1]
    if is_open:
        lists[place + length, 0] = NOBODY
        return place + length + 1
    return place + length


@kernel
def _find_edges(band: int, bands: Bands, listed: Cells) -> None:
    """Write beside each grid of a list where its edges in a band are; where it has none, zero."""
    for i in range(len(listed)):
        grid = listed[i, 0]
        listed[i, 1] = listed[i, 2] = 0
        if grid >= 0 and 0 <= band - bands.lowest[grid] < bands.heights[grid]:
            slot = bands.slots[grid] + band - bands.lowest[grid]
            listed[i, 1] = bands.starts[slot]
            listed[i, 2] = bands.starts[slot + 1] - bands.starts[slot]


@kernel
def _bend(cell: Cell, bend: int, raster: Raster) -> bool:
    """Write the bend of a cell to a row of `bends`; False where what passes there is none.

    All grids of the cell's list have the same one or two edges there; each lies on one side. Where
    a coordinate is zero, products of the smallest numbers are lost, and lists do as GEOS does.
    """
    if _is_at_zero(cell, raster):
        return False
    count, one, two = _edges_in(cell, cell.first, raster)
    for place in range(cell.first + 1, cell.end - 1):
        if not _same(_edges_in(cell, place, raster), (count, one, two), raster.edges):
            return False
    if count == 1:
        edge = edge_of(raster.edges, one)
        if _is_near(edge[0], edge[1], cell, raster) or _is_near(edge[2], edge[3], cell, raster):
            return False
        _write(raster.bends[bend], edge[:2], edge[2:], (np.nan, np.nan))
        return _find_owners(cell, bend, raster)
    return (
        count == _MOST
        and _join(edge_of(raster.edges, one), edge_of(raster.edges, two), raster.bends[bend])
        and _is_bent_in(cell, bend, raster)
        and _find_owners(cell, bend, raster)
    )


@kernel
def _is_at_zero(cell: Cell, raster: Raster) -> bool:
    """Tell whether a cell's row or column holds zero, or hardly does not."""
    column = -raster.frame[0] * raster.frame[2] - cell.column
    row = -raster.frame[1] * raster.frame[3] - cell.row
    return _is_within(column) or _is_within(row)


@kernel
def _is_within(place: float) -> bool:
    return -_BEYOND <= place <= 1 + _BEYOND


@kernel
def _edges_in(cell: Cell, place: int, raster: Raster) -> tuple[int, int, int]:
    """Return how many edges of a grid of a list pass the cell, and the first two of them."""
    count, one, two = 0, 0, 0
    window = Window(cell.row, cell.row, cell.column, cell.column)
    first = raster.lists[place, 1]
    for i in range(first, first + raster.lists[place, 2]):
        edge = _placed(edge_of(raster.edges, i), raster.frame)
        if edge[1] - PADDING >= cell.row + 1 or edge[3] + PADDING < cell.row:
            continue
        begin, end = columns_of(edge, cell.row, window)
        if begin < end:
            count += 1
            one, two = (i, two) if count == 1 else (one, i)
    return count, one, two


@kernel
def _placed(edge: Edge, frame: Degrees) -> Edge:
    """Return an edge in cells."""
    return (
        (edge[0] - frame[0]) * frame[2],
        (edge[1] - frame[1]) * frame[3],
        (edge[2] - frame[0]) * frame[2],
        (edge[3] - frame[1]) * frame[3],
    )


@kernel
def _same(a: tuple[int, int, int], b: tuple[int, int, int], edges: Degrees) -> bool:
    """Tell whether two grids have the same one or two edges in a cell, whatever their order."""
    if a[0] != b[0] or not 1 <= a[0] <= _MOST:
        return False
    one, two = edge_of(edges, a[1]), edge_of(edges, b[1])
    if a[0] == 1:
        return one == two
    other, another = edge_of(edges, a[2]), edge_of(edges, b[2])
    return (one == two and other == another) or (one == another and other == two)


@kernel
def _is_near(x: float, y: float, cell: Cell, raster: Raster) -> bool:
    """Tell whether a point lies in a cell or hardly beyond."""
    column = (x - raster.frame[0]) * raster.frame[2] - cell.column
    row = (y - raster.frame[1]) * raster.frame[3] - cell.row
    return _is_within(column) and _is_within(row)


@kernel
def _join(one: Edge, two: Edge, bend: Degrees) -> bool:
    """Write two edges that meet at one end as three points that turn left; False if they do not."""
    a, b, c, d = one[:2], one[2:], two[:2], two[2:]
    if a in (c, d):
        a, b = b, a  # b is the end they share
    if b == d:
        c, d = d, c
    if b != c or a == d:
        return False
    if turn_of(d[0], d[1], (a[0], a[1], b[0], b[1])) < 0.0:
        a, d = d, a
    _write(bend, a, b, d)
    return True


@kernel
def _write(
    bend: Degrees, a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]
) -> None:
    bend[0], bend[1], bend[2], bend[3], bend[4], bend[5] = a[0], a[1], b[0], b[1], c[0], c[1]


@kernel
def _is_bent_in(cell: Cell, bend: int, raster: Raster) -> bool:
    """Tell whether a bend's corner lies in the cell, and its ends beyond."""
    points = raster.bends[bend]
    return (
        _is_near(points[2], points[3], cell, raster)
        and not _is_near(points[0], points[1], cell, raster)
        and not _is_near(points[4], points[5], cell, raster)
    )


@kernel
def _find_owners(cell: Cell, bend: int, raster: Raster) -> bool:
    """Write who owns the two sides of a bend in its cell; False where no sample tells."""
    for across, up in _SAMPLES:
        x = raster.frame[0] + (cell.column + across) / raster.frame[2]
        y = raster.frame[1] + (cell.row + up) / raster.frame[3]
        turn = bend_turn(x, y, bend, raster.bends)
        if turn != 0.0 and _is_near(x, y, cell, raster):
            here, there = _owners_at(x, y, cell, raster)
            raster.bends[bend, 6] = here if turn > 0.0 else there
            raster.bends[bend, 7] = there if turn > 0.0 else here
            return True
    return False


@kernel
def _owners_at(x: float, y: float, cell: Cell, raster: Raster) -> tuple[int, int]:
    """Return the owner of a point on one side of a bend, and of those on the other.

    The border of each grid of the list is the bend: those that cover one side do not the other.
    """
    here = there = FIRST_LIST - raster.lists[cell.end - 1, 0]  # who owns the rest
    for place in range(cell.end - 2, cell.first - 1, -1):
        if covers(x, y, raster.lists[place, 1], raster.lists[place, 2], raster):
            here = raster.lists[place, 0]
        else:
            there = raster.lists[place, 0]
    return here, there
