"""What each place of a node costs beyond what counting asks for, and what is left to spend.

See `accounts`. The cheapest places that are left for the nodes are paid for, and the loads as far
as they are certain: who may spend no more than the rest goes to no dearer place, and no load gets
farther from its bound.
"""

from __future__ import annotations

from geo.redraw.exact.accounts import account, price
from geo.redraw.exact.known import FREE, LEFT, Case, Room
from geo.redraw.jit import compiled, compiled_inline


@compiled
def pay(case: Case, room: Room) -> bool:
    """Write the cheapest price of each node, what each grid could hold, and what is left to spend.

    Tells whether that is anything, and whether each grid can hold enough. `room.load` is known.
    """
    left = case.total - account(case, room)
    room.could[:] = 0
    for node in range(len(case.weight)):
        for grid in range(case.grids):
            if (room.may[node] >> grid) & 1:
                room.could[grid] += case.weight[node]
    fits = True
    for grid in range(case.grids):
        fits = fits and room.could[grid] >= case.low
        left -= _off(case, room, grid)
    room.now[LEFT] = left
    return bool(fits and left >= 0)


@compiled_inline
def _off(case: Case, room: Room, grid: int) -> int:
    """Return what a load costs for being away for certain from the bound it is held to."""
    worth = room.worth[grid]
    off = room.load[grid] - case.low if worth > 0 else case.high - room.could[grid]
    return int(max(0, off) * abs(worth))


@compiled
def is_dear(case: Case, room: Room, node: int, grid: int) -> bool:
    """Tell whether a place costs more than is left, beyond the cheapest that is paid for."""
    most = room.now[FREE] + room.need[grid]
    return bool(price(case, room, node, grid) - room.least[node] > most)


@compiled
def most_in(case: Case, room: Room, grid: int) -> int:
    """Return the most households that a grid can have."""
    worth = room.worth[grid]
    if worth <= 0:
        return int(case.high)
    return int(min(case.high, max(case.low, room.load[grid]) + room.now[FREE] // worth))


@compiled
def fewest_in(case: Case, room: Room, grid: int) -> int:
    """Return the fewest households that a grid can have."""
    worth = room.worth[grid]
    if worth >= 0:
        return int(case.low)
    most = room.now[FREE] + room.need[grid]  # what it is short of is in what it needs
    return int(max(case.low, min(case.high, room.could[grid]) - most // -worth))
