"""What follows from what is known of a plan: what cannot be is taken away.

Until nothing changes: a grid has no node that it cannot reach over nodes it may have, at no more
households moved than are to spare and within the band, nor one dearer than what is left to spend
(`paying`); it has every node without which those it has would fall apart, or be too few; and for
each set of grids there must be households enough, and not too many
(Hall's condition, with what each of today's grids can lose).
"""

from __future__ import annotations

from typing import Final

from geo.redraw.exact.known import FREE, SPARE, WORK, Case, Room, is_open, only
from geo.redraw.exact.needs import weigh
from geo.redraw.exact.paying import fewest_in, is_dear, most_in, pay
from geo.redraw.exact.reaching import BY_LOAD, BY_PRICE, BY_TOLL, reach, root_of, toll
from geo.redraw.jit import compiled
from geo.redraw.state import NONE

IMPOSSIBLE: Final = -1


@compiled
def prune(case: Case, room: Room) -> bool:
    """Take away what cannot be, until nothing changes; tell whether a plan may be left."""
    while True:
        room.now[WORK] += len(case.weight) * case.grids
        if not (_count(case, room) and pay(case, room) and weigh(case, room)):
            return False
        changed = 0
        for grid in range(case.grids):
            found = _prune_grid(case, room, grid)
            if found == IMPOSSIBLE:
                return False
            changed += found
        if changed == 0:
            return True


@compiled
def _count(case: Case, room: Room) -> bool:
    """Sum up what is certain; tell whether that is within the band and what may move."""
    none = 1 << case.grids
    for grid in range(case.grids):
        room.load[grid] = room.lost[grid] = 0
    for node in range(len(case.weight)):
        may, home = room.may[node], case.home[node]
        if may == 0:
            return False
        if not is_open(may) and may != none:
            room.load[only(may)] += case.weight[node]
        if home >= 0 and (may >> home) & 1 == 0:
            room.lost[home] += case.weight[node]
    spare, fits = case.most, True
    for grid in range(case.grids):
        spare -= max(0, room.lost[grid] - case.above[grid])
        fits = fits and room.load[grid] <= case.high
    room.now[SPARE] = spare
    return fits and spare >= 0


@compiled
def _prune_grid(case: Case, room: Room, grid: int) -> int:
    """Take away what a grid cannot have, and what others cannot; return how much (-1: no plan)."""
    changed = _drop_dear(case, room, grid) + _keep_needed(case, room, grid)
    root = root_of(case, room, grid)
    if root == NONE or changed == IMPOSSIBLE:
        return changed
    limits = (
        room.now[SPARE],
        most_in(case, room, grid) - room.load[grid],
        room.now[FREE] + room.need[grid],
    )
    for measure in (BY_TOLL, BY_LOAD, BY_PRICE):
        limit = limits[measure]
        reach(case, room, (grid, root), (limit, measure))
        dropped = _drop_far(case, room, grid, limit)
        if dropped == IMPOSSIBLE:
            return IMPOSSIBLE
        changed += dropped
    return changed + _hold(case, room, grid, root)


@compiled
def _drop(case: Case, room: Room, node: int, grid: int) -> bool:
    """Take a grid away from a node; tell whether a place is left for it."""
    room.may[node] &= ~(1 << grid)
    may = room.may[node]
    return may != 0 and not (case.asked[node] and may == 1 << case.grids)


@compiled
def _drop_dear(case: Case, room: Room, grid: int) -> int:
    """Take away nodes that are too heavy for a grid, or too dear; return how many (-1: no plan)."""
    changed, most = 0, most_in(case, room, grid)
    for node in range(len(case.weight)):
        may = room.may[node]
        if not is_open(may) or (may >> grid) & 1 == 0:
            continue
        dear = toll(case, room, node, grid) > room.now[SPARE] or is_dear(case, room, node, grid)
        if dear or room.load[grid] + case.weight[node] > most:
            changed += 1
            if not _drop(case, room, node, grid):
                return IMPOSSIBLE
    return changed


@compiled
def _keep_needed(case: Case, room: Room, grid: int) -> int:
    """Give a grid the nodes without which it cannot have households enough; return how many."""
    changed, fewest = 0, fewest_in(case, room, grid)
    for node in range(len(case.weight)):
        may = room.may[node]
        if is_open(may) and (may >> grid) & 1 and room.could[grid] - case.weight[node] < fewest:
            room.may[node] = 1 << grid
            changed += 1
    return changed


@compiled
def _drop_far(case: Case, room: Room, grid: int, limit: int) -> int:
    """Take away nodes beyond a grid's reach; return how many (-1: no plan)."""
    changed = 0
    for node in range(len(case.weight)):
        if (room.may[node] >> grid) & 1 and room.far[node] > limit:
            changed += 1
            if not _drop(case, room, node, grid):
                return IMPOSSIBLE
    return changed


@compiled
def _hold(case: Case, room: Room, grid: int, root: int) -> int:
    """Give a grid the nodes without which those it has fall apart; return how many.

    Articulations by Tarjan's low links, from the root.
    """
    for node in range(len(case.weight)):
        room.met[node] = NONE
    _meet(case, room, (root, NONE, 0), grid)
    room.queue[0] = root
    size, turn, changed = 1, 1, 0
    while size > 0:
        node = room.queue[size - 1]
        if room.arc[node] < case.first[node + 1]:
            other = case.to[room.arc[node]]
            room.arc[node] += 1
            if (room.may[other] >> grid) & 1 == 0:
                continue
            if room.met[other] == NONE:
                _meet(case, room, (other, node, turn), grid)
                room.queue[size] = other
                size, turn = size + 1, turn + 1
            elif other != room.before[node]:
                room.back[node] = min(room.back[node], room.met[other])
        else:
            size -= 1
            changed += _leave(room, node, grid)
    return changed


@compiled
def _meet(case: Case, room: Room, step: tuple[int, int, int], grid: int) -> None:
    """Write that a node is met from another, in turn."""
    node, before, turn = step
    room.met[node] = room.back[node] = turn
    room.before[node], room.arc[node] = before, case.first[node]
    room.held[node] = 1 if room.may[node] == 1 << grid else 0


@compiled
def _leave(room: Room, node: int, grid: int) -> int:
    """Hand on what was found behind a node; return 1 when the one before it must be held."""
    before = room.before[node]
    if before == NONE:
        return 0
    room.back[before] = min(room.back[before], room.back[node])
    room.held[before] += room.held[node]
    if room.back[node] < room.met[before] or room.held[node] == 0:
        return 0
    if room.may[before] == 1 << grid:
        return 0
    room.may[before] = 1 << grid
    return 1
