"""What each grid costs at the least, so that all of them together are paid before any is cut short.

A grid that must come to nodes it has, or to households enough, pays for the nodes on the way. The
grids have no node in common, so what they pay adds up, and each may spend what the others leave.
"""

from __future__ import annotations

from geo.redraw.exact.known import FREE, LEFT, Case, Room
from geo.redraw.exact.reaching import BY_PRICE, FAR, reach, root_of
from geo.redraw.jit import compiled
from geo.redraw.state import NONE


@compiled
def weigh(case: Case, room: Room) -> bool:
    """Write what each grid with a root needs, and what all leave; tell whether that is anything."""
    left = room.now[LEFT]
    for grid in range(case.grids):
        room.need[grid] = 0
        root = root_of(case, room, grid)
        if root == NONE:
            continue
        reach(case, room, (grid, root), (left, BY_PRICE))
        room.need[grid] = _need(case, room, grid)
        left -= room.need[grid]
        if left < 0:
            return False
    room.now[FREE] = left
    return True


@compiled
def _need(case: Case, room: Room, grid: int) -> int:
    """Return the least a grid pays for its farthest node and for what it is short of, as far known.

    Looked at by how far its farthest node may be: a farther one costs more, and lets it have more.
    """
    far, short, best = _farthest(room, grid), min(case.high, room.could[grid]), FAR
    dear = max(0, -room.worth[grid])  # it pays for each household that it is short of
    while far < best:
        have, after = 0, FAR
        for node in range(len(room.may)):
            if (room.may[node] >> grid) & 1 == 0:
                continue
            if room.far[node] <= far:
                have += case.weight[node]
            else:
                after = min(after, room.far[node])
        if have >= case.low:
            best = min(best, far + max(0, short - have) * dear)
        far = after
    return int(best)


@compiled
def _farthest(room: Room, grid: int) -> int:
    """Return how far the farthest of the nodes is that are in a grid for certain."""
    far = 0
    for node in range(len(room.may)):
        if room.may[node] == 1 << grid:
            far = max(far, room.far[node])
    return int(far)
