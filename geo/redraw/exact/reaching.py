"""How far nodes are from the root of a grid, over nodes that it may have."""

from __future__ import annotations

from typing import Final

from geo.redraw.exact.accounts import price
from geo.redraw.exact.known import Case, Room
from geo.redraw.jit import compiled, compiled_inline
from geo.redraw.state import NONE

FAR: Final = 1 << 60
BY_TOLL, BY_LOAD, BY_PRICE = 0, 1, 2  # how far a node is from a grid's root


@compiled
def root_of(case: Case, room: Room, grid: int) -> int:
    """Return the heaviest node that is in a grid for certain; -1: none is."""
    root = NONE
    for node in range(len(case.weight)):
        heavier = root == NONE or case.weight[node] > case.weight[root]
        if room.may[node] == 1 << grid and heavier:
            root = node
    return root


@compiled_inline
def toll(case: Case, room: Room, node: int, grid: int) -> int:
    """Return the households that move beyond those who must, when a grid takes a node."""
    home = case.home[node]
    if home < 0 or home == grid or (room.may[node] >> home) & 1 == 0:
        return 0
    over = room.lost[home] - case.above[home]
    return int(max(0, over + case.weight[node]) - max(0, over))


@compiled
def reach(case: Case, room: Room, begin: tuple[int, int], measure: tuple[int, int]) -> None:
    """Write how far each node is from a grid's root over nodes it may have, up to a limit.

    Measured by the toll, by the load that comes into the grid, or by the price.
    """
    grid, root = begin
    limit, how = measure
    size = len(case.weight)
    for node in range(size):
        room.far[node] = FAR
    room.far[root], room.queue[0] = 0, root
    head, many = 0, 1
    while many > 0:
        node = room.queue[head]
        head, many = (head + 1) % size, many - 1
        room.waits[node] = False
        many = _spread(case, room, (node, grid), (head, many, limit, how))


@compiled
def _spread(case: Case, room: Room, step: tuple[int, int], where: tuple[int, int, int, int]) -> int:
    """Write how far a node's neighbours are over it; return how many wait in the queue then."""
    node, grid = step
    head, many, limit, how = where
    for arc in range(case.first[node], case.first[node + 1]):
        other = case.to[arc]
        if (room.may[other] >> grid) & 1 == 0:
            continue
        far = room.far[node] + _length(case, room, (other, grid, how))
        if far > limit or far >= room.far[other]:
            continue
        room.far[other] = far
        if not room.waits[other]:
            room.waits[other] = True
            room.queue[(head + many) % len(room.queue)] = other
            many += 1
    return many


@compiled
def _length(case: Case, room: Room, step: tuple[int, int, int]) -> int:
    """Return what a step to a node adds; nothing when it is in the grid already."""
    node, grid, how = step
    if room.may[node] == 1 << grid:
        return 0
    if how == BY_PRICE:
        return int(price(case, room, node, grid) - room.least[node])
    return int(case.weight[node]) if how == BY_LOAD else toll(case, room, node, grid)
