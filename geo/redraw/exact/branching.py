"""All plans by a choice of today's grids that move few enough, node by node: one, or that none is.

Depth first: a node is put into a grid, what follows is taken away (`pruning`), and where nothing is
left it is kept out of that grid instead. Before all else a new grid, which is at home nowhere, gets
its heaviest node; at the top of the tree each place of heavy nodes is tried (`shaving`). Nodes at
which no way led on are asked first from then on, so that a dead end is not looked through from
every side. A search that finds nothing in its time is begun again, with what it learned, and other
nodes first.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from geo.redraw.exact.known import WORK, Case, Room, case_of, is_open, new_room, only
from geo.redraw.exact.network import Network
from geo.redraw.exact.pruning import prune
from geo.redraw.exact.reaching import root_of
from geo.redraw.exact.shaving import shave
from geo.redraw.exact.survivors import Choice
from geo.redraw.jit import compiled
from geo.redraw.state import NONE, Ints, Reals

_HEAVY: Final = (1 << 60, 40, 15)  # households from which on nodes are asked first, in turn
_SHAVING: Final = 4  # of the work of a turn one such trial may take so manieth
_FADE: Final = 0.5  # what is left of each node's blame when the search begins again
SPEED: Final = 20_000_000  # nodes × grids in a unit of deterministic time
_NONE, _FOUND, _STOPPED = 0, 1, 2
_NODE, _GRID, _LAST, _DEPTH, _ELSE = 0, 1, 2, 3, 4  # fields of `Tree.now`


class Reply(NamedTuple):
    """The grid of each node, -1 where nobody needs one (None: no plan was found).

    `ruled_out`: there is none; `spent` in deterministic time.
    """

    labels: list[int] | None
    ruled_out: bool
    spent: float


class Tree(NamedTuple):
    """What is still to be looked at, and which nodes were to blame for dead ends."""

    waiting: Ints  # by depth: the grids each node may be in
    worths: Ints  # by depth: what households in each grid were worth
    blame: Reals
    core: Ints  # the grid whose root a node hangs together with for certain; -1: none
    now: Ints


class Branches:
    """The search by one choice of today's grids, which learns from one question to the next."""

    def __init__(self, network: Network, choice: Choice, wanted: Ints) -> None:
        self.network, self.choice, self.wanted = network, choice, wanted
        size = len(network.weight)
        self.blame, self.core = np.zeros(size), np.full(size, NONE, np.int64)

    def solve(self, limit: int, *, budget: float) -> Reply:
        """Return a plan in which fewer households than a limit move, or that there is none."""
        case, spent, ended = case_of(self.network, self.choice, self.wanted, limit), 0, _STOPPED
        depths, grids = len(self.core) + 1, case.grids
        waiting = np.empty((depths, len(self.core)), np.int64)
        worths = np.empty((depths, grids), np.int64)
        for turn, heavy in enumerate(_HEAVY):
            room = new_room(case, self.wanted)
            tree = Tree(waiting, worths, self.blame, self.core, np.full(5, NONE, np.int64))
            most = (budget * SPEED - spent) / (len(_HEAVY) - turn)
            ended = _search(case, room, tree, (int(most), heavy))
            spent += int(room.now[WORK])
            self.blame *= _FADE
            if ended != _STOPPED:
                break
        labels = [_label(may, grids) for may in room.may.tolist()]
        found = labels if ended == _FOUND else None
        return Reply(found, ended == _NONE, spent / SPEED)


def warm_branches() -> None:
    """Make the kernels of the search ready: compiled, or loaded from where they are kept."""
    near = frozenset({1}), frozenset({0, 2}), frozenset({1})
    network = Network(near, (1, 1, 1), (True, True, True), frozenset(), 1, 2, 1, near)
    choice = Choice(np.array([0, 0, 1], np.int64), 2, 2, 0)
    Branches(network, choice, np.full(3, NONE, np.int64)).solve(3, budget=1)


def _label(may: int, grids: int) -> int:
    """Return the one grid a node may be in; -1 for ground in none, or where it is left open."""
    return may.bit_length() - 1 if not is_open(may) and may < 1 << grids else NONE


@compiled
def _search(case: Case, room: Room, tree: Tree, how: tuple[int, int]) -> int:
    """Look at plans until one is found, all are ruled out, or so much work is done."""
    most, heavy = how
    tree.now[_DEPTH] = 0
    while True:
        if _is_left(case, room, tree, most):
            _choose(case, room, tree, heavy)
            node, grid = tree.now[_NODE], tree.now[_GRID]
            if node == NONE:
                return _FOUND
            _put_off(room, tree)
            room.may[node] = 1 << grid
        else:
            if tree.now[_NODE] != NONE:
                tree.blame[tree.now[_NODE]] += 1.0
            tree.now[_LAST] = tree.now[_NODE]
            if tree.now[_DEPTH] == 0:
                return _NONE
            _take_up(room, tree)
        if room.now[WORK] > most:
            return _STOPPED


@compiled
def _is_left(case: Case, room: Room, tree: Tree, most: int) -> bool:
    """Take away what cannot be; tell whether a plan may be left."""
    if not prune(case, room):
        return False
    return tree.now[_DEPTH] > 0 or shave(case, room, most // _SHAVING)


@compiled
def _put_off(room: Room, tree: Tree) -> None:
    """Keep what is known, the node asked without the grid, to be looked at later."""
    depth, node = tree.now[_DEPTH], tree.now[_NODE]
    for each in range(len(room.may)):
        tree.waiting[depth, each] = room.may[each]
    tree.waiting[depth, node] &= ~tree.now[_ELSE]
    for grid in range(len(room.worth)):
        tree.worths[depth, grid] = room.worth[grid]
    tree.now[_DEPTH] = depth + 1


@compiled
def _take_up(room: Room, tree: Tree) -> None:
    """Go on with what was put off last."""
    tree.now[_DEPTH] -= 1
    for each in range(len(room.may)):
        room.may[each] = tree.waiting[tree.now[_DEPTH], each]
    for grid in range(len(room.worth)):
        room.worth[grid] = tree.worths[tree.now[_DEPTH], grid]


@compiled
def _choose(case: Case, room: Room, tree: Tree, heavy: int) -> None:
    """Write which node to put into which grid next; -1: every grid is in one piece, in band."""
    if _seed(case, room, tree):
        return
    node = _blamed(room, tree)
    if node == NONE:
        node = _heaviest(case, room, heavy)
    if node != NONE:
        _ask(case, room, tree, node)
    else:
        _toward(case, room, tree)
        if tree.now[_NODE] == NONE:
            _beside(case, room, tree)
    tree.now[_ELSE] = 1 << max(0, tree.now[_GRID])


@compiled
def _seed(case: Case, room: Room, tree: Tree) -> bool:
    """Write the heaviest node that the first new grid without any may have; tell if any.

    New grids are alike: what is heavier than the heaviest of the first is in none of the others.
    """
    for grid in range(case.grids):
        if (case.fresh >> grid) & 1 == 0 or root_of(case, room, grid) != NONE:
            continue
        best = NONE
        for node in range(len(room.may)):
            heavier = best == NONE or case.weight[node] > case.weight[best]
            if is_open(room.may[node]) and (room.may[node] >> grid) & 1 and heavier:
                best = node
        if best == NONE or case.weight[best] == 0:
            return False
        tree.now[_NODE], tree.now[_GRID] = best, grid
        tree.now[_ELSE] = case.fresh & ~((1 << grid) - 1)
        return True
    return False


@compiled
def _ask(case: Case, room: Room, tree: Tree, node: int) -> None:
    """Write a node, to be put into its home if it may, else into the first grid it may be in."""
    home, may = case.home[node], room.may[node]
    at_home = home >= 0 and (may >> home) & 1 == 1
    tree.now[_NODE], tree.now[_GRID] = node, home if at_home else only(may)


@compiled
def _blamed(room: Room, tree: Tree) -> int:
    """Return the node of the last dead end, or that of most, if it is open; -1: none is."""
    last = tree.now[_LAST]
    tree.now[_LAST] = NONE
    if last != NONE and is_open(room.may[last]):
        return int(last)
    worst, most = NONE, 0.0
    for node in range(len(room.may)):
        if is_open(room.may[node]) and tree.blame[node] > most:
            worst, most = node, tree.blame[node]
    return worst


@compiled
def _heaviest(case: Case, room: Room, heavy: int) -> int:
    """Return the heaviest open node of at least so many households; -1: none."""
    best = NONE
    for node in range(len(room.may)):
        if case.weight[node] < heavy or not case.asked[node] or not is_open(room.may[node]):
            continue
        if best == NONE or case.weight[node] > case.weight[best]:
            best = node
    return best


@compiled
def _toward(case: Case, room: Room, tree: Tree) -> None:
    """Write the next node of the grid in most need, on its way to what it lacks; -1: none needs.

    A grid that is not in one piece needs most, then the one that is farthest below the band.
    """
    tree.now[_NODE], most = NONE, 0
    for node in range(len(room.may)):
        tree.core[node] = NONE
    for grid in range(case.grids):
        root, many = root_of(case, room, grid), 0
        if root == NONE:
            continue
        for node in range(len(room.may)):
            many += room.may[node] == 1 << grid
        size = _grow(case, room, tree, (grid, root))
        broken = size < many
        need = max(0, case.low - room.load[grid]) + (case.high * case.grids if broken else 0)
        if need > most and _step(case, room, tree, (grid, size, broken)):
            most = need


@compiled
def _grow(case: Case, room: Room, tree: Tree, begin: tuple[int, int]) -> int:
    """Mark what hangs together with a grid's root for certain, in the queue; return how many."""
    grid, root = begin
    room.queue[0], tree.core[root] = root, grid
    head, size = 0, 1
    while head < size:
        node = room.queue[head]
        head += 1
        for arc in range(case.first[node], case.first[node + 1]):
            other = case.to[arc]
            if room.may[other] == 1 << grid and tree.core[other] == NONE:
                tree.core[other], room.queue[size] = grid, other
                size += 1
    return size


@compiled
def _step(case: Case, room: Room, tree: Tree, begin: tuple[int, int, bool]) -> bool:
    """Write the first node on the shortest way from a grid's core to what it lacks; tell if any."""
    grid = begin[0]
    for node in range(len(room.may)):
        room.waits[node] = False
    hit = _nearest(case, room, begin)
    for node in range(len(room.may)):
        room.waits[node] = False
    if hit == NONE:
        return False
    while tree.core[room.before[hit]] != grid:
        hit = room.before[hit]
    tree.now[_NODE], tree.now[_GRID] = hit, grid
    return True


@compiled
def _nearest(case: Case, room: Room, begin: tuple[int, int, bool]) -> int:
    """Return the node nearest to a grid's core that it lacks; -1: none can be reached."""
    grid, size, broken = begin
    for place in range(size):
        room.waits[room.queue[place]] = True
    head = 0
    while head < size:
        node = room.queue[head]
        head += 1
        for arc in range(case.first[node], case.first[node + 1]):
            other = case.to[arc]
            if room.waits[other] or (room.may[other] >> grid) & 1 == 0:
                continue
            room.waits[other], room.before[other] = True, node
            if _lacked(case, room, (other, grid, broken)):
                return int(other)
            room.queue[size] = other
            size += 1
    return NONE


@compiled
def _lacked(case: Case, room: Room, step: tuple[int, int, bool]) -> bool:
    """Tell whether a node is what a grid lacks: another piece of it, or households."""
    node, grid, broken = step
    return bool(room.may[node] == 1 << grid if broken else case.weight[node] > 0)


@compiled
def _beside(case: Case, room: Room, tree: Tree) -> None:
    """Write an open node beside a grid's core: beside its home's if there is one, or any at all."""
    best, goal, rank = NONE, NONE, 0
    for node in range(len(room.may)):
        if not case.asked[node] or not is_open(room.may[node]):
            continue
        found = _rank(case, room, tree, node)
        if found[0] > rank:
            rank, best, goal = found[0], node, found[1]
    tree.now[_NODE], tree.now[_GRID] = best, goal


@compiled
def _rank(case: Case, room: Room, tree: Tree, node: int) -> tuple[int, int]:
    """Return how good it is to put a node next, and the grid: its home, another beside it, any."""
    rank, grid = 1, only(room.may[node])
    for arc in range(case.first[node], case.first[node + 1]):
        core = tree.core[case.to[arc]]
        if core == NONE or (room.may[node] >> core) & 1 == 0:
            continue
        if core == case.home[node]:
            return 3, core
        if rank == 1:
            rank, grid = 2, core
    return rank, grid
