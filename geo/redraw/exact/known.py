"""What is asked of the plans by one choice of today's grids, and what is known of one under way.

A node may be in some grids, as bits; ground where nobody lives may also be in none.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from geo.redraw.exact.flow import Flow, new_flow
from geo.redraw.exact.network import Network
from geo.redraw.exact.survivors import Choice
from geo.redraw.jit import compiled, compiled_inline
from geo.redraw.state import NONE, Flags, Ints

# Fields of `Room.now`.
WORK, SPARE, LEFT, FREE = 0, 1, 2, 3


class Case(NamedTuple):
    """What is asked: a community, a choice of today's grids, and how many households may move.

    Arcs as in `Graph`; `above` the households that each grid must lose, `most` those that may move
    beside them; `asked` nodes must be in a grid; `fresh` grids, as bits, go on from none of today's
    and nothing is wanted in them. The last three are an `Account`.
    """

    first: Ints
    to: Ints
    weight: Ints
    home: Ints
    asked: Flags
    above: Ints
    low: int
    high: int
    grids: int
    total: int
    most: int
    fresh: int


class Room(NamedTuple):
    """What is known, and scratch room: by node, by grid, and by today's grid."""

    may: Ints  # the grids each node may be in, as bits; after them one for none
    kept: Ints  # the same, while something is tried
    far: Ints
    queue: Ints
    waits: Flags
    met: Ints
    back: Ints
    before: Ints
    arc: Ints
    held: Ints
    load: Ints  # of each grid: households that are in it for certain
    lost: Ints  # of each of today's grids: households that leave it for certain
    worth: Ints  # of each grid: what a household in it is worth (`accounts`)
    worths: Ints  # the same, while something is tried
    least: Ints  # of each node: the lowest price of the grids it may be in
    could: Ints  # of each grid: households that may be in it
    need: Ints  # of each grid: what its nodes cost at the least beyond the cheapest (`needs`)
    flow: Flow  # of nodes to the grids where they are cheapest
    now: Ints


def case_of(network: Network, choice: Choice, wanted: Ints, limit: int) -> Case:
    """Return what is asked when fewer households than a limit (units) may move."""
    near = [sorted(nodes) for nodes in network.all_near]
    weight = np.array(network.weight, np.int64)
    home = np.where(weight > 0, choice.home, NONE)
    loads = np.bincount(home[home >= 0], weight[home >= 0], choice.grids).astype(np.int64)
    above = np.maximum(0, loads - network.high)
    most = limit - 1 - int(choice.moved)
    return Case(
        np.cumsum([0, *map(len, near)]).astype(np.int64),
        np.array([node for nodes in near for node in nodes], np.int64),
        weight, home, np.array(network.terminal), above, network.low, network.high, choice.grids,
        most, most - int(above.sum()), _fresh(choice, wanted),
    )  # fmt: skip


def _fresh(choice: Choice, wanted: Ints) -> int:
    """Return the grids, as bits, that no node is at home in or wanted in."""
    known = {*choice.home.tolist(), *wanted.tolist()}
    return sum(1 << grid for grid in range(choice.grids) if grid not in known)


def new_room(case: Case, wanted: Ints) -> Room:
    """Return the room for a case, in which nodes may be anywhere but for those wanted somewhere."""
    nodes, none = len(case.weight), 1 << case.grids
    may = np.where(case.asked, none - 1, 2 * none - 1).astype(np.int64)
    may[wanted >= 0] = 1 << wanted[wanted >= 0]
    by_node = [np.zeros(nodes, np.int64) for _ in range(9)]
    kept, far, met, back, before, arc, held, queue, least = by_node
    by_grid = (np.zeros(case.grids, np.int64) for _ in range(6))
    load, lost, worth, worths, could, need = by_grid
    return Room(
        may, kept, far, queue, np.zeros(nodes, np.bool_), met, back, before, arc, held,
        load, lost, worth, worths, least, could, need, new_flow(nodes, case.grids),
        np.zeros(4, np.int64),
    )  # fmt: skip


@compiled_inline
def is_open(may: int) -> bool:
    """Tell whether several places are left for a node."""
    return (may & (may - 1)) != 0


@compiled
def only(may: int) -> int:
    """Return the lowest grid of some as bits."""
    grid = 0
    while (may >> grid) & 1 == 0:
        grid += 1
    return grid
