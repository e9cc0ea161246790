"""What households are worth where plans end: seen on ways down the tree, drawn by lot.

Each of these worths tells how many households any plan moves (`accounts`), all in one sum. A
solver that is given the sums sees what it would not from each grid's band by itself.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from geo.redraw.exact.known import WORK, Case, Room, is_open
from geo.redraw.exact.pruning import prune
from geo.redraw.jit import compiled
from geo.redraw.state import NONE, Flags, Ints, Reals

_WAYS: Final = 60  # down the tree
_STEPS: Final = 2_000  # on all of them
_AT_HOME: Final = 0.5  # of the nodes that may stay do
_LOT: Final = 1  # all questions draw alike


def worths_of(case: Case, room: Room, *, most: int, work: int) -> Ints:
    """Return worths of each grid, a row each: those of the room, then what was seen most often.

    Ways end after so much work (nodes × grids); the room is left as it was.
    """
    seen = np.zeros((_STEPS, case.grids), np.int64)
    draws = np.random.default_rng(_LOT).random((_STEPS, 3))
    may, worth = room.may.copy(), room.worth.copy()
    movable = np.asarray(case.weight > 0)
    steps, step = 0, NONE
    until = room.now[WORK] + work
    for _ in range(_WAYS):
        if steps >= _STEPS or room.now[WORK] > until or step == steps:
            break
        step, steps = steps, _way_down(case, room, (movable, draws, seen), steps)
        room.may[:], room.worth[:] = may, worth
    different, often = np.unique(seen[:steps], axis=0, return_counts=True)
    order = np.argsort(-often, kind="stable")
    rows = [row for row in different[order] if (row != worth).any()]
    return np.array([worth, *rows[: most - 1]], np.int64)


@compiled
def _way_down(case: Case, room: Room, how: tuple[Flags, Reals, Ints], begin: int) -> int:
    """Put one node after another into a grid until nothing is left; return the steps so far.

    Writes what households were worth at each.
    """
    movable, draws, seen = how
    step = begin
    while step < len(seen):
        left = prune(case, room)
        for grid in range(case.grids):
            seen[step, grid] = room.worth[grid]
        node = _drawn_node(case, room, movable, draws[step, 0]) if left else NONE
        step += 1
        if node == NONE:
            break
        home, may = case.home[node], room.may[node]
        stays = home >= 0 and (may >> home) & 1 == 1 and draws[step - 1, 1] < _AT_HOME
        room.may[node] = 1 << (home if stays else _drawn_grid(case, may, draws[step - 1, 2]))
    return step


@compiled
def _drawn_node(case: Case, room: Room, movable: Flags, draw: float) -> int:
    """Return an open node, drawn by its households; -1: none is open."""
    total = 0
    for node in range(len(case.weight)):
        if movable[node] and is_open(room.may[node]):
            total += case.weight[node]
    left, found = draw * total, NONE
    for node in range(len(case.weight)):
        if movable[node] and is_open(room.may[node]):
            found = node
            left -= case.weight[node]
            if left < 0:
                break
    return found


@compiled
def _drawn_grid(case: Case, may: int, draw: float) -> int:
    """Return one of the grids a node may be in."""
    many = 0
    for grid in range(case.grids):
        many += (may >> grid) & 1
    nth, found = int(draw * many), 0
    for grid in range(case.grids):
        if (may >> grid) & 1:
            found = grid
            if nth == 0:
                break
            nth -= 1
    return found
