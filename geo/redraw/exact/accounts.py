"""What households are worth in each grid, so that the most moves are told that every plan makes.

A plan moves a household or not. Let one in a grid be worth something besides: then a plan moves no
fewer than all nodes cost in their cheapest places, each by itself and less what it is worth there,
and what loads are worth: at the lower bound of the band where that is more than nothing, at the
upper where it is less. It is the dual of sending households from grid to grid. The worths that tell
the most are whole numbers, found by raising or lowering those of a set of grids by one as long as
one gains: of all sets the one that gains the most, with each node where it is cheapest (`flow`).
Where a grid can only be fed by one that must be fed then, the one's are above the other's.

Sources: Murota (2003), Discrete Convex Analysis: steepest ascent where sets are enough to look at;
Murota and Shioura (2014), Exact bounds for steepest descent algorithms of L-convex function
minimization: it is as long as the worths are away from the nearest that tell the most.
"""

from __future__ import annotations

from typing import Final

from geo.redraw.exact.flow import OVER, SHORT, ask, clear, level, put
from geo.redraw.exact.known import Case, Room
from geo.redraw.jit import compiled, compiled_inline

_STEPS: Final = 8  # times the grids: so often worths are changed at a time


@compiled_inline
def price(case: Case, room: Room, node: int, grid: int) -> int:
    """Return what a node costs in a grid: its households move or not, less what they are worth."""
    home = case.home[node]
    moved = 1 if home >= 0 and home != grid else 0
    return int(case.weight[node] * (moved - room.worth[grid]))


@compiled
def account(case: Case, room: Room) -> int:
    """Write the worths that tell the most, and each node's cheapest price; return the bound."""
    bound = _told(case, room)
    for _ in range(_STEPS * case.grids):
        if bound > case.total or not _changed(case, room):
            return bound
        bound = _told(case, room)
    return bound


@compiled
def _told(case: Case, room: Room) -> int:
    """Return how many households any plan moves; put each node where it is cheapest."""
    bound = 0
    clear(room.flow)
    for node in range(len(case.weight)):
        room.least[node] = 0
        if case.weight[node] > 0:
            bound += _cheapest(case, room, node)
    for grid in range(case.grids):
        bound += room.worth[grid] * (case.low if room.worth[grid] > 0 else case.high)
    return int(bound)


@compiled_inline
def _cheapest(case: Case, room: Room, node: int) -> int:
    """Write and return a node's lowest price; put it where it has that."""
    cheapest, first, where = 1 << 60, 0, 0
    for grid in range(case.grids):
        if (room.may[node] >> grid) & 1:
            cost = price(case, room, node, grid)
            if cost < cheapest:
                cheapest, first, where = cost, grid, 0
            if cost == cheapest:
                where |= 1 << grid
    room.least[node] = cheapest
    put(room.flow, where, first, case.weight[node])
    return int(cheapest)


@compiled
def _changed(case: Case, room: Room) -> bool:
    """Change the worths of the set of grids where that tells the most; tell whether any does.

    Of as good ones that with the lower bits.
    """
    for grid in range(case.grids):
        ask(room.flow, grid, case.low if room.worth[grid] >= 0 else case.high)
    raised, rising = level(room.flow, SHORT)
    for grid in range(case.grids):
        ask(room.flow, grid, case.low if room.worth[grid] > 0 else case.high)
    lowered, falling = level(room.flow, OVER)
    rises = raised > lowered or (raised == lowered and rising <= falling)
    for grid in range(case.grids):
        if ((rising if rises else falling) >> grid) & 1:
            room.worth[grid] += 1 if rises else -1
    return bool(max(raised, lowered) > 0)
