"""What households are worth in each grid, so that the most moves are told that every plan makes.

A plan moves a household or not. Let one in a grid be worth something besides: then a plan moves no
fewer than all nodes cost in their cheapest places, each by itself and less what it is worth there,
and what loads are worth: at the lower bound of the band where that is more than nothing, at the
upper where it is less. It is the dual of sending households from grid to grid. The worths that tell
the most are whole numbers, found by raising or lowering those of a set of grids as long as one
gains. Where a grid can only be fed by one that must be fed then, the one's are above the other's.

Source: Murota (2003), Discrete Convex Analysis: steepest ascent where sets are enough to look at.
"""

from __future__ import annotations

from typing import Final

from geo.redraw.exact.known import Case, Room
from geo.redraw.jit import compiled, compiled_inline

_STEPS: Final = 24  # by which worths are changed at a time


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
    for _ in range(_STEPS):
        if bound > case.total or not _changed(case, room):
            return bound
        bound = _told(case, room)
    return bound


@compiled
def _told(case: Case, room: Room) -> int:
    """Return how many households any plan moves; write, by set of grids, who is cheapest in it."""
    bound = 0
    room.sums[:] = 0
    for node in range(len(case.weight)):
        room.least[node] = 0
        if case.weight[node] > 0:
            bound += _cheapest(case, room, node)
    for grid in range(case.grids):
        bound += room.worth[grid] * (case.low if room.worth[grid] > 0 else case.high)
    return int(bound)


@compiled_inline
def _cheapest(case: Case, room: Room, node: int) -> int:
    """Write and return a node's lowest price; count it where it has that."""
    cheapest, where = 1 << 60, 0
    for grid in range(case.grids):
        if (room.may[node] >> grid) & 1:
            cost = price(case, room, node, grid)
            if cost < cheapest:
                cheapest, where = cost, 0
            if cost == cheapest:
                where |= 1 << grid
    room.least[node] = cheapest
    room.sums[where] += case.weight[node]
    return int(cheapest)


@compiled
def _changed(case: Case, room: Room) -> bool:
    """Change the worths of the set of grids where that tells the most; tell whether any does."""
    sets, best, chosen, step = 1 << case.grids, 0, 0, 0
    _sum_up(case, room)
    for grids in range(1, sets):
        raised = room.up[grids] - room.sums[sets - 1] + room.sums[sets - 1 - grids]
        lowered = room.sums[grids] - room.down[grids]
        if raised > best:
            best, chosen, step = raised, grids, 1
        if lowered > best:
            best, chosen, step = lowered, grids, -1
    for grid in range(case.grids):
        if (chosen >> grid) & 1:
            room.worth[grid] += step
    return bool(best > 0)


@compiled
def _sum_up(case: Case, room: Room) -> None:
    """Write, by set of grids, the bounds of their loads, and who is cheapest in these only."""
    for grid in range(case.grids):
        one = 1 << grid
        up = case.low if room.worth[grid] >= 0 else case.high
        down = case.low if room.worth[grid] > 0 else case.high
        for grids in range(one):
            room.up[grids | one] = room.up[grids] + up
            room.down[grids | one] = room.down[grids] + down
        for grids in range(len(room.sums)):
            if grids & one:
                room.sums[grids] += room.sums[grids ^ one]
