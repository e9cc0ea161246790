"""What each place of a node costs beyond what counting asks for, and what is left to spend.

See `accounts`. The cheapest places that are left for the nodes are paid for, and the loads as far
as they are certain: who may spend no more than the rest goes to no dearer place, and no load gets
farther from its bound.
"""

from __future__ import annotations

from geo.redraw.exact.known import FREE, LEFT, Case, Room
from geo.redraw.jit import compiled, compiled_inline


@compiled_inline
def price(case: Case, node: int, grid: int) -> int:
    """Return the households that move on top when a node is in a grid."""
    home = case.home[node]
    if home == grid:
        return 0
    leaves = home >= 0 and (case.sources >> home) & 1 == 0
    return int(case.weight[node] * (((case.sources >> grid) & 1) + leaves))


@compiled
def pay(case: Case, room: Room) -> bool:
    """Write the cheapest price of each node, what each grid could hold, and what is left to spend.

    Tells whether that is anything, and whether each grid can hold enough. `room.load` is known.
    """
    left = case.more
    room.could[:] = 0
    for node in range(len(case.weight)):
        room.least[node] = 0
        if case.weight[node] > 0:
            left -= _cheapest(case, room, node)
    fits = True
    for grid in range(case.grids):
        fits = fits and room.could[grid] >= case.low
        left -= _off(case, room, grid)
    room.now[LEFT] = left
    return bool(fits and left >= 0)


@compiled_inline
def _cheapest(case: Case, room: Room, node: int) -> int:
    """Write and return a node's cheapest price; add it to what its grids could hold."""
    cheapest = 2 * case.weight[node]
    for grid in range(case.grids):
        if (room.may[node] >> grid) & 1:
            room.could[grid] += case.weight[node]
            cheapest = min(cheapest, price(case, node, grid))
    room.least[node] = cheapest
    return int(cheapest)


@compiled_inline
def _off(case: Case, room: Room, grid: int) -> int:
    """Return by how many households a load is away for certain from the bound it is held to."""
    is_source = (case.sources >> grid) & 1 == 1
    if is_source == case.needed:
        return 0
    off = room.load[grid] - case.low if case.needed else case.high - room.could[grid]
    return int(max(0, off))


@compiled
def is_dear(case: Case, room: Room, node: int, grid: int) -> bool:
    """Tell whether a place costs more than is left, beyond the cheapest that is paid for."""
    most = room.now[FREE] + room.need[grid]
    return bool(price(case, node, grid) - room.least[node] > most)


@compiled
def most_in(case: Case, room: Room, grid: int) -> int:
    """Return the most households that a grid can have."""
    if not case.needed or (case.sources >> grid) & 1 == 1:
        return int(case.high)
    return int(min(case.high, max(case.low, room.load[grid]) + room.now[FREE]))


@compiled
def fewest_in(case: Case, room: Room, grid: int) -> int:
    """Return the fewest households that a grid can have."""
    if case.needed or (case.sources >> grid) & 1 == 0:
        return int(case.low)
    most = room.now[FREE] + room.need[grid]  # what a source is short of is in what it needs
    return int(max(case.low, min(case.high, room.could[grid]) - most))
