"""How far nodes can be parted among grids so that each has what it ought to: a largest flow.

Nodes that may be in the same grids are a group, which can be divided at will. A grid that has too
many gives to one that has too few, over others where it must, until no way is left. Then those that
are short and whoever could still give to them are, of all sets of grids, short of the most; and
those with too many and whoever could still take from them have the most too many. No smaller set
is short of as many, or has as many too many.

Sources: Picard (1976), Maximal closure of a graph and applications to combinatorial problems, for
the sets; Edmonds and Karp (1972), Theoretical improvements in algorithmic efficiency for network
flow problems, for the shortest ways first.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from geo.redraw.jit import compiled, compiled_inline
from geo.redraw.state import NONE, Ints

SHORT: Final = 1  # ways are looked for from grids that have too few,
OVER: Final = -1  # or from those that have too many
# Rows of `Flow.sets`: the grids that a group may be in, as bits, and those that some of it is in.
_MAY, _HAS = 0, 1
# Rows of `Flow.grid`: how many are there, and ought to be; of one that was met, the one it was met
# from, and the group that may be in both; which wait for their turn.
_LOAD, _OUGHT, _BEFORE, _OVER, _QUEUE = 0, 1, 2, 3, 4
_MANY, _MET = 0, 1  # fields of `Flow.now`: how many groups there are, and the grids met, as bits


class Flow(NamedTuple):
    """Where nodes are, and scratch room.

    In few arrays: whoever has them hands all of them on at each call.
    """

    group: Ints  # of each set of grids, by its rest: the group that may be in these; -1: none
    sets: Ints  # of each group
    part: Ints  # of each group and grid: how many of it are there
    grid: Ints
    now: Ints


def new_flow(nodes: int, grids: int) -> Flow:
    """Return room for so many nodes and grids."""
    group, sets = np.full(2 * nodes + 1, NONE, np.int64), np.zeros((2, nodes), np.int64)
    part, grid = np.zeros((nodes, grids), np.int64), np.zeros((5, grids), np.int64)
    return Flow(group, sets, part, grid, np.zeros(2, np.int64))


@compiled_inline
def clear(flow: Flow) -> None:
    """Take all nodes out."""
    flow.now[_MANY] = 0
    flow.group[:] = NONE
    flow.grid[_LOAD, :] = 0


@compiled_inline
def put(flow: Flow, may: int, grid: int, weight: int) -> None:
    """Put a node that may be in some grids, as bits, into one of them."""
    flow.grid[_LOAD, grid] += weight
    if may & (may - 1):  # else it stays there
        group = _group(flow, may)
        flow.part[group, grid] += weight
        flow.sets[_HAS, group] |= 1 << grid


@compiled_inline
def _group(flow: Flow, may: int) -> int:
    """Return the group that may be in some grids; a new one if there was none."""
    rest, new = may % len(flow.group), flow.now[_MANY]
    while flow.group[rest] != NONE and flow.sets[_MAY, flow.group[rest]] != may:
        rest = (rest + 1) % len(flow.group)
    if flow.group[rest] == NONE:
        flow.group[rest], flow.sets[_MAY, new], flow.sets[_HAS, new] = new, may, 0
        flow.part[new, :] = 0
        flow.now[_MANY] += 1
    return int(flow.group[rest])


@compiled_inline
def ask(flow: Flow, grid: int, many: int) -> None:
    """Write how many ought to be in a grid."""
    flow.grid[_OUGHT, grid] = many


@compiled
def level(flow: Flow, side: int) -> tuple[int, int]:
    """Let grids give to others as far as they can; return how many the worst set is off, and it.

    On one side: short, or over. As bits; none where no grid is off.
    """
    goal = _way(flow, side)
    while goal != NONE:
        _give(flow, goal, side)
        goal = _way(flow, side)
    off = 0
    for grid in range(flow.grid.shape[1]):
        off += max(0, _off(flow, grid, side))
    return off, flow.now[_MET]


@compiled_inline
def _off(flow: Flow, grid: int, side: int) -> int:
    """Return how many a grid is short of, or has too many; less than nothing: the other way."""
    return int(side * (flow.grid[_OUGHT, grid] - flow.grid[_LOAD, grid]))


@compiled
def _way(flow: Flow, side: int) -> int:
    """Return the nearest grid that can make good what others are off; -1: none can."""
    size, met = 0, 0
    for grid in range(flow.grid.shape[1]):
        if _off(flow, grid, side) > 0:
            flow.grid[_QUEUE, size], flow.grid[_BEFORE, grid] = grid, NONE
            size, met = size + 1, met | 1 << grid
    flow.now[_MET] = met
    head, goal = 0, NONE
    while head < size and goal == NONE:
        size, goal = _meet(flow, flow.grid[_QUEUE, head], size, side)
        head += 1
    return int(goal)


@compiled
def _meet(flow: Flow, grid: int, size: int, side: int) -> tuple[int, int]:
    """Meet those that can give to a grid, or take from it; return how many wait then, and a goal.

    That is one which is off the other way; -1: none is.
    """
    inside, outside, goal = _MAY, _HAS, NONE
    if side == OVER:
        inside, outside = outside, inside
    for group in range(flow.now[_MANY]):
        new = flow.sets[outside, group] & ~flow.now[_MET]
        if new != 0 and (flow.sets[inside, group] >> grid) & 1 and goal == NONE:
            flow.now[_MET] |= new
            size, goal = _line_up(flow, (grid, group), (new, size), side)
    return size, goal


@compiled
def _line_up(
    flow: Flow, step: tuple[int, int], more: tuple[int, int], side: int
) -> tuple[int, int]:
    """Let some grids, as bits, wait until one is a goal; return how many wait then, and the goal.

    The step: from which grid they are met, by which group.
    """
    new, size = more
    for grid in range(flow.grid.shape[1]):
        if (new >> grid) & 1:
            flow.grid[_BEFORE, grid], flow.grid[_OVER, grid] = step
            flow.grid[_QUEUE, size] = grid
            size += 1
            if _off(flow, grid, side) < 0:
                return size, grid
    return size, NONE


@compiled
def _give(flow: Flow, goal: int, side: int) -> None:
    """Let each grid on the way to a goal give the next as many as all of them can."""
    many, grid = -_off(flow, goal, side), goal
    while flow.grid[_BEFORE, grid] != NONE:
        before = flow.grid[_BEFORE, grid]
        giver = grid if side == SHORT else before
        many, grid = min(many, flow.part[flow.grid[_OVER, grid], giver]), before
    many, grid = min(many, _off(flow, grid, side)), goal
    while flow.grid[_BEFORE, grid] != NONE:
        before = flow.grid[_BEFORE, grid]
        ends = (grid, before) if side == SHORT else (before, grid)
        _hand(flow, flow.grid[_OVER, grid], ends, many)
        grid = before


@compiled_inline
def _hand(flow: Flow, group: int, ends: tuple[int, int], many: int) -> None:
    """Hand so many of a group over from one grid to another."""
    giver, taker = ends
    flow.part[group, giver] -= many
    flow.part[group, taker] += many
    flow.grid[_LOAD, giver] -= many
    flow.grid[_LOAD, taker] += many
    flow.sets[_HAS, group] |= 1 << taker
    if flow.part[group, giver] == 0:
        flow.sets[_HAS, group] &= ~(1 << giver)
