"""The plan a search starts from: today's grids repaired, or grids grown from seeds."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from geo.redraw.jit import compiled
from geo.redraw.recombination import Tree, grow_tree, lightest_cut
from geo.redraw.state import NONE, TICK, Graph, Ints, State, Terms, clear


class Queues(NamedTuple):
    """Scratch room: a queue of arcs for each grid, linked from `head` to `tail` by `after`."""

    head: Ints
    tail: Ints
    after: Ints


def new_queues(grids: int, arcs: int) -> Queues:
    """Return the room for the queues of so many grids."""
    return Queues(*(np.full(size, NONE, np.int64) for size in (grids, grids, arcs + 1)))


@compiled
def start(
    graph: Graph,
    state: State,
    terms: Terms,
    room: tuple[Tree, Queues],
    rng: np.random.Generator,
) -> None:
    """Complete the labels in place: every grid in one piece, no atom left out.

    Comes with any labels (-1: none yet). Keeps the main piece of each grid, seeds grids that have
    no atom, grows all of them over what is free, and halves the heaviest where one is missing.
    """
    tree, queues = room
    _keep_main_pieces(graph, state, tree)
    _seed(graph, state, rng)
    _grow(graph, state, queues)
    for grid in range(len(state.load)):
        if state.atoms[grid] == 0:
            _split_heaviest(graph, state, terms, (tree, grid), rng)


@compiled
def _piece(graph: Graph, state: State, atom: int) -> int:
    """Collect an atom's piece of its grid in the queue, marking it; return its size."""
    own, tick = state.label[atom], state.now[TICK]
    state.queue[0] = atom
    state.mark[atom] = tick
    head, tail = 0, 1
    while head < tail:
        here = state.queue[head]
        head += 1
        for arc in range(graph.first[here], graph.first[here + 1]):
            near = graph.to[arc]
            if state.label[near] == own and state.mark[near] != tick:
                state.mark[near] = tick
                state.queue[tail] = near
                tail += 1
    return tail


@compiled
def _keep_main_pieces(graph: Graph, state: State, tree: Tree) -> None:
    """Free every piece of a grid but the one with its fixed atoms, or else the heaviest."""
    state.now[TICK] += 1
    clear(state, -1.0)
    fixed_bonus = 1.0
    for atom in range(len(graph.weight)):
        fixed_bonus += graph.weight[atom] + 1.0
    for atom in range(len(graph.weight)):
        if state.label[atom] == NONE or state.mark[atom] == state.now[TICK]:
            continue
        size = _piece(graph, state, atom)
        worth = 0.0
        for i in range(size):
            tree.former[state.queue[i]] = atom
            worth += graph.weight[state.queue[i]] + 1.0
            worth += fixed_bonus * graph.fixed[state.queue[i]]
        if worth > state.load[state.label[atom]]:
            state.load[state.label[atom]] = worth
            state.atoms[state.label[atom]] = atom
    for atom in range(len(graph.weight)):
        label = state.label[atom]
        if label != NONE and tree.former[atom] != state.atoms[label]:
            state.label[atom] = NONE
    _weigh(graph, state)


@compiled
def _weigh(graph: Graph, state: State) -> None:
    clear(state, 0.0)
    for atom in range(len(graph.weight)):
        if state.label[atom] != NONE:
            state.load[state.label[atom]] += graph.weight[atom]
            state.atoms[state.label[atom]] += 1


@compiled
def _seed(graph: Graph, state: State, rng: np.random.Generator) -> None:
    """Give each grid that has no atom the free atom farthest from all grids, or nearly so."""
    free = 0
    for atom in range(len(graph.weight)):
        free += state.label[atom] == NONE
    for grid in range(len(state.load)):
        if state.atoms[grid] > 0 or free == 0:
            continue
        atom = _far_atom(graph, state, rng)
        state.label[atom] = grid
        state.load[grid] = graph.weight[atom]
        state.atoms[grid] = 1
        free -= 1


@compiled
def _far_atom(graph: Graph, state: State, rng: np.random.Generator) -> int:
    """Return one of the last quarter of free atoms met by a search from all grids at once."""
    state.now[TICK] += 1
    tail = 0
    for atom in range(len(graph.weight)):
        if state.label[atom] != NONE:
            state.mark[atom] = state.now[TICK]
            state.queue[tail] = atom
            tail += 1
    taken = tail
    if tail == 0:
        tail = 1
        state.queue[0] = int(rng.random() * len(graph.weight))
        return int(state.queue[0])
    head = 0
    while head < tail:
        here = state.queue[head]
        head += 1
        for arc in range(graph.first[here], graph.first[here + 1]):
            near = graph.to[arc]
            if state.mark[near] != state.now[TICK]:
                state.mark[near] = state.now[TICK]
                state.queue[tail] = near
                tail += 1
    met = tail - taken
    return int(state.queue[tail - 1 - int(rng.random() * max(1, met // 4))])


@compiled
def _grow(graph: Graph, state: State, queues: Queues) -> None:
    """Let the lightest grid that still can take the next free atom at its border, in turn."""
    head = queues.head
    for grid in range(len(head)):
        head[grid] = NONE
    for atom in range(len(graph.weight)):
        if state.label[atom] != NONE:
            _queue_arcs(graph, state, atom, queues)
    grid = _lightest_waiting(state, queues)
    while grid != NONE:
        atom = graph.to[head[grid]]
        head[grid] = queues.after[head[grid]]
        if state.label[atom] == NONE:
            state.label[atom] = grid
            state.load[grid] += graph.weight[atom]
            state.atoms[grid] += 1
            _queue_arcs(graph, state, atom, queues)
        grid = _lightest_waiting(state, queues)


@compiled
def _lightest_waiting(state: State, queues: Queues) -> int:
    """Return the lightest grid whose queue is not empty, or -1."""
    grid = NONE
    for other in range(len(state.load)):
        lighter = grid == NONE or state.load[other] < state.load[grid]
        if queues.head[other] != NONE and lighter:
            grid = other
    return grid


@compiled
def _queue_arcs(graph: Graph, state: State, atom: int, queues: Queues) -> None:
    """Append the arcs from an atom to free neighbours to its grid's queue."""
    grid = state.label[atom]
    for arc in range(graph.first[atom], graph.first[atom + 1]):
        if state.label[graph.to[arc]] != NONE:
            continue
        if queues.head[grid] == NONE:
            queues.head[grid] = arc
        else:
            queues.after[queues.tail[grid]] = arc
        queues.after[arc] = NONE
        queues.tail[grid] = arc


@compiled
def _split_heaviest(
    graph: Graph, state: State, terms: Terms, new: tuple[Tree, int], rng: np.random.Generator
) -> None:
    """Cut the heaviest grid that can be cut in two; the part without fixed atoms is the new."""
    tree, grid = new
    limit = np.inf
    while True:
        heavy = _heaviest_below(state, limit)
        if heavy == NONE:
            return
        limit = state.load[heavy]
        root = NONE
        for atom in range(len(graph.weight)):
            if state.label[atom] == heavy and (root == NONE or graph.fixed[atom]):
                root = atom
        size = grow_tree(graph, state, tree, (root, heavy), rng)
        pick = lightest_cut(graph, tree, size, terms, rng)
        if _hand_over(graph, state, tree, (size, pick, grid)):
            return


@compiled
def _heaviest_below(state: State, limit: float) -> int:
    """Return the heaviest grid of two atoms or more that is lighter than a limit, or -1."""
    heavy = NONE
    for grid in range(len(state.load)):
        heavier = heavy == NONE or state.load[grid] > state.load[heavy]
        if heavier and state.atoms[grid] > 1 and state.load[grid] < limit:
            heavy = grid
    return heavy


@compiled
def _hand_over(graph: Graph, state: State, tree: Tree, part: tuple[int, int, int]) -> bool:
    """Give the part (tree size, cut, grid) below the cut to the grid, unless an atom is fixed."""
    size, pick, grid = part
    free = True
    for i in range(size):
        atom = tree.order[i]
        cut_off = atom == pick or (i > 0 and tree.side[tree.parent[atom]] == 1)
        tree.side[atom] = int(cut_off)
        free = free and not (cut_off and graph.fixed[atom])
    if not free:
        return False
    for i in range(size):
        if tree.side[tree.order[i]] == 1:
            state.label[tree.order[i]] = grid
    _weigh(graph, state)
    return True
