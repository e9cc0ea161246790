"""Kernels that answer who owns a point from a raster.

All in one file: numba does not see that a kernel it kept calls one that changed in another file.
"""

from __future__ import annotations

from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numba.np.numpy_support import carray
from numpy.typing import NDArray

from geo.crs import Degrees
from geo.lookup.jit import kernel, lean_kernel, pointer, short_kernel


class Raster(NamedTuple):
    """A raster over grids, and their edges by band; see `geo.lookup.raster`."""

    frame: Degrees  # west, south, columns a degree, rows a degree
    # rows x columns: an owner, NOBODY, FIRST_LIST - start in `lists`, or FIRST_BEND - place in
    # `bends`
    cells: NDArray[np.int32]
    # x 3: an owner to test, its first edge there and how many; then FIRST_LIST - the owner left, or
    # NOBODY
    lists: NDArray[np.int32]
    edges: Degrees  # x 4: from the lower end (x, y) to the upper (x, y), by grid and band
    # x 8: a border with one corner, as three points (x, y) that turn left, or as two (then the
    # third is not a number), and who owns what is left of both its edges, and the rest
    bends: Degrees


Edge: TypeAlias = tuple[float, float, float, float]  # x, y of the lower end, x, y of the upper

_ON, _CROSSED, _MISSED = 0, 1, 2  # how a ray meets an edge

NOBODY: Final = -1
FIRST_LIST: Final = -2
FIRST_BEND: Final = -(2**30)
_ADDRESSES: Final = 10  # numbers that tell where a raster lies
_BLOCK: Final = 1024  # points looked up in one go

# Source: Shewchuk, Adaptive Precision Floating-Point Arithmetic (1997): the error bound of the
# plain determinant, (3 + 16 eps) eps with eps = 2^-53, and the splitter 2^27 + 1.
_ERROR: Final = 3.3306690738754716e-16
_SPLITTER: Final = 134217729.0


@kernel
def positions(x: Degrees, y: Degrees, raster: Raster, found: NDArray[np.int32]) -> float:
    """Write the owner of each point to `found`; the number returned means nothing.

    Block by block: where each point's cell lies, what it holds, which points lie beside a border,
    what these bends and lists hold, and only then who owns the points: each pass is one thing that
    the processor does for many points at once, and it waits for memory once, not once a point.
    """
    fetched = 0.0
    cells, width = raster.cells.ravel(), np.int32(raster.cells.shape[1])
    listed = np.empty(_BLOCK, np.int64)  # the points of a block that lie beside a border
    for start in range(0, len(x), _BLOCK):
        end = min(start + _BLOCK, len(x))
        for i in range(start, end):
            row, column, inside = _placed(x[i], y[i], raster)
            found[i] = row * width + column if inside else NOBODY
        for i in range(start, end):
            place = found[i]
            found[i] = cells[place] if place >= 0 else NOBODY
        count = 0
        for i in range(start, end):
            listed[count] = i
            count += found[i] <= FIRST_LIST  # a sum, where a branch would be guessed wrong
        for k in range(count):
            fetched += _fetched(found[listed[k]], raster)
        for k in range(count):
            i = listed[k]
            found[i] = _beside_border(x[i], y[i], found[i], raster)
    return fetched


@lean_kernel
def position(x: float, y: float, raster: Raster) -> int:
    """Return the owner of a point."""
    row, column, inside = _placed(x, y, raster)
    cell = int(raster.cells[row, column]) if inside else NOBODY
    return _beside_border(x, y, cell, raster) if cell <= FIRST_LIST else cell


@short_kernel
def position_at(x: float, y: float, address: int) -> int:
    """Return the owner of a point, the raster told by the address of what `addresses` returns.

    Most of what one call of `position` costs is taking a tuple of arrays apart.
    """
    known = carray(pointer(address), _ADDRESSES, np.int64)
    frame = carray(pointer(known[0]), 4, np.float64)
    cells = carray(pointer(known[1]), (known[5], known[6]), np.int32)
    lists = carray(pointer(known[2]), (known[7], 3), np.int32)
    edges = carray(pointer(known[3]), (known[8], 4), np.float64)
    bends = carray(pointer(known[4]), (known[9], 8), np.float64)
    return int(position(x, y, Raster(frame, cells, lists, edges, bends)))


def addresses(raster: Raster) -> NDArray[np.int64]:
    """Return where the arrays of a raster lie in memory, and how long they are.

    Good for as long as they are held; what is drawn into them is seen.
    """
    lengths = (*raster.cells.shape, len(raster.lists), len(raster.edges), len(raster.bends))
    return np.array([*(part.ctypes.data for part in raster), *lengths], np.int64)


@lean_kernel
def _placed(x: float, y: float, raster: Raster) -> tuple[int, int, bool]:
    """Return row and column of a point's cell, and whether there is one."""
    column = (x - raster.frame[0]) * raster.frame[2]
    row = (y - raster.frame[1]) * raster.frame[3]
    height, width = raster.cells.shape
    # Not a number is in no cell too. By `&`: no branches, so that many points are done at once.
    inside = (column >= 0.0) & (row >= 0.0) & (column < float(width)) & (row < float(height))
    return int(row if inside else 0.0), int(column if inside else 0.0), inside


@lean_kernel
def _fetched(cell: int, raster: Raster) -> float:
    """Return a number of the bend or list of a cell, so that the rest of it is at hand."""
    if cell <= FIRST_BEND:
        return float(raster.bends[FIRST_BEND - cell, 0])
    return float(raster.lists[FIRST_LIST - cell, 1])


@lean_kernel
def _beside_border(x: float, y: float, cell: int, raster: Raster) -> int:
    """Return the owner of a point in a cell that a border passes."""
    if cell > FIRST_BEND:
        return _first_covering(x, y, FIRST_LIST - cell, raster)
    bend = FIRST_BEND - cell
    turn = bend_turn(x, y, bend, raster.bends)
    inner, outer = int(raster.bends[bend, 6]), int(raster.bends[bend, 7])
    if turn == 0.0:  # on the border, which both hold
        return max(inner, outer) if min(inner, outer) == NOBODY else min(inner, outer)
    return inner if turn > 0.0 else outer


@lean_kernel
def bend_turn(x: float, y: float, bend: int, bends: Degrees) -> float:
    """Return a number above zero where a point is left of both edges of a bend, zero on them."""
    ax, ay, bx, by = bends[bend, 0], bends[bend, 1], bends[bend, 2], bends[bend, 3]
    turn = turn_of(x, y, (ax, ay, bx, by))
    cx, cy = bends[bend, 4], bends[bend, 5]
    return turn if np.isnan(cx) else min(turn, turn_of(x, y, (bx, by, cx, cy)))


@lean_kernel
def _first_covering(x: float, y: float, place: int, raster: Raster) -> int:
    """Return the first grid of a list that covers the point, else what the list leaves."""
    while raster.lists[place, 0] >= 0:
        if covers(x, y, raster.lists[place, 1], raster.lists[place, 2], raster):
            return int(raster.lists[place, 0])
        place += 1
    return int(FIRST_LIST - raster.lists[place, 0])


@lean_kernel
def covers(x: float, y: float, first: int, count: int, raster: Raster) -> bool:
    """Tell whether a point lies in a grid or on its edge, by the edges to the right of it."""
    inside = False
    for i in range(first, first + count):
        side = _side(x, y, edge_of(raster.edges, i))
        if side == _ON:
            return True
        if side == _CROSSED:
            inside = not inside
    return inside


@lean_kernel
def edge_of(edges: Degrees, i: int) -> Edge:
    """Return one edge as four numbers: faster to take apart than a row."""
    return edges[i, 0], edges[i, 1], edges[i, 2], edges[i, 3]


@lean_kernel
def _side(x: float, y: float, edge: Edge) -> int:
    """Tell how a ray from a point to the east meets an edge: starts on it, crosses it, misses it.

    An edge holds its lower end and not its upper one, so that a vertex counts once.
    """
    ax, ay, bx, by = edge
    if y < ay or y > by or (x > ax and x > bx):
        return _MISSED
    if (x == ax and y == ay) or (x == bx and y == by):
        return _ON
    if y == by:
        return _ON if ay == by and x >= ax else _MISSED
    turn = 1.0 if x < ax and x < bx else turn_of(x, y, edge)
    if turn == 0.0:
        return _ON
    return _CROSSED if turn > 0.0 else _MISSED


@lean_kernel
def turn_of(x: float, y: float, edge: Edge) -> float:
    """Return a number above, at or below zero as a point lies left of, on or right of an edge.

    The plain determinant where its sign is beyond rounding, else one of doubled precision: GEOS
    decides in the same two steps, and within a city's degrees the second is exact.
    """
    ax, ay, bx, by = edge
    left, right = (ax - x) * (by - y), (ay - y) * (bx - x)
    turn = left - right
    if abs(turn) > _ERROR * (abs(left) + abs(right)):
        return turn
    ax_x, bx_x = _difference(ax, x), _difference(bx, x)
    ay_y, by_y = _difference(ay, y), _difference(by, y)
    left, left_rest = _product(ax_x, by_y)
    right, right_rest = _product(ay_y, bx_x)
    turn, rest = _difference(left, right)
    return float(turn + (rest + (left_rest - right_rest)))


@lean_kernel
def _difference(a: float, b: float) -> tuple[float, float]:
    """Return a - b as a rounded number and what rounding took. Source: Knuth's TwoDiff."""
    rounded = a - b
    b_seen = a - rounded
    a_seen = rounded + b_seen
    return rounded, (a - a_seen) + (b_seen - b)


@lean_kernel
def _product(a: tuple[float, float], b: tuple[float, float]) -> tuple[float, float]:
    """Return the product of two doubled numbers, doubled."""
    rounded = a[0] * b[0]
    a_high, a_low = _halves(a[0])
    b_high, b_low = _halves(b[0])
    rest = ((a_high * b_high - rounded) + a_high * b_low + a_low * b_high) + a_low * b_low
    return rounded, rest + (a[0] * b[1] + a[1] * b[0])


@lean_kernel
def _halves(a: float) -> tuple[float, float]:
    """Return a number as the sum of two of half its digits. Source: Dekker's split."""
    scaled = _SPLITTER * a
    high = scaled - (scaled - a)
    return high, a - high
