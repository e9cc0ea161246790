"""Where a heavy node cannot be: each of its places is tried by itself, to see what follows.

A place that leads to a dead end at once is taken away for good, so what is left of one node tells
of the others. It is dear beside `prune`, so it is done where much depends on it.
"""

from __future__ import annotations

from typing import Final

from geo.redraw.exact.known import WORK, Case, Room, is_open
from geo.redraw.exact.pruning import prune
from geo.redraw.jit import compiled

_HEAVY: Final = 20  # nodes of one so manieth of the lower bound of the band, or more


@compiled
def shave(case: Case, room: Room, work: int) -> bool:
    """Take away the places that heavy nodes cannot be in; tell whether a plan may be left.

    After so much work the rest is left as it is.
    """
    most = room.now[WORK] + work
    again = True
    while again:
        again = False
        for node in range(len(room.may)):
            if _HEAVY * case.weight[node] < case.low or not is_open(room.may[node]):
                continue
            before = room.may[node]
            if room.now[WORK] > most:
                return True
            if not _shave_node(case, room, node):
                return False
            again = again or room.may[node] != before
    return True


@compiled
def _shave_node(case: Case, room: Room, node: int) -> bool:
    """Take away the places that a node cannot be in; tell whether a plan may be left."""
    for grid in range(case.grids):
        if (room.may[node] >> grid) & 1 == 0 or not is_open(room.may[node]):
            continue
        if _is_dead_end(case, room, node, grid):
            room.may[node] &= ~(1 << grid)
            if not prune(case, room):
                return False
    return True


@compiled
def _is_dead_end(case: Case, room: Room, node: int, grid: int) -> bool:
    """Tell whether nothing is left with a node in a grid; what is known stays as it is."""
    for each in range(len(room.may)):
        room.kept[each] = room.may[each]
    for each in range(case.grids):
        room.worths[each] = room.worth[each]
    room.may[node] = 1 << grid
    fits = prune(case, room)
    for each in range(case.grids):
        room.worth[each] = room.worths[each]
    for each in range(len(room.may)):
        room.may[each] = room.kept[each]
    return not fits
