"""The large move: two neighbouring grids are merged and cut anew along a random tree."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from geo.redraw.flips import neighbouring_grid
from geo.redraw.jit import compiled, compiled_inline
from geo.redraw.state import (
    COST,
    NONE,
    RIM,
    TICK,
    VIOLATION,
    Graph,
    Ints,
    Reals,
    State,
    Terms,
    excess,
    reckon,
    settle,
)


class Tree(NamedTuple):
    """Scratch room for a spanning tree: atoms from the root on, parents, and what hangs below."""

    order: Ints
    parent: Ints
    below: Reals
    lead: Reals
    side: Ints  # 1: in the part cut off
    former: Ints
    frontier: Ints
    source: Ints


def new_tree(atoms: int, arcs: int) -> Tree:
    """Return the room for a tree over so many atoms."""
    parts = [np.zeros(atoms, np.int64) for _ in range(5)]
    edge = [np.zeros(arcs + 1, np.int64) for _ in range(2)]
    return Tree(
        parts[0], parts[1], np.zeros(atoms), np.zeros(atoms), parts[2], parts[3], edge[0], edge[1]
    )


class Cut(NamedTuple):
    """Where a tree is cut.

    `above` an atom; `lead`: households below it at home in the one grid rather than in the other,
    over those of the rest; `loss`: what the cut costs in band and households moved, over now.
    """

    above: int
    lead: float
    loss: float


class Pair(NamedTuple):
    """Totals of two grids: load, perimeter, area, cost and number of atoms of each."""

    load: tuple[float, float]
    perimeter: tuple[float, float]
    area: tuple[float, float]
    cost: tuple[float, float]
    atoms: tuple[int, int]


@compiled
def try_recombination(
    graph: Graph,
    state: State,
    terms: Terms,
    aim: tuple[Reals, float, float],
    room: tuple[Tree, np.random.Generator],
) -> None:
    """Merge two neighbouring grids and cut them anew, if luck allows; `aim` as in `try_flip`."""
    tree, rng = room
    atom = state.rim[int(rng.random() * state.now[RIM])]
    own, other = state.label[atom], neighbouring_grid(graph, state, atom, rng.random())
    size = grow_tree(graph, state, tree, (atom, other), rng)
    if size < state.atoms[own] + state.atoms[other]:
        return  # joined by a path through a third grid only
    score, heat, pressure = aim
    cut = nearest_cut(graph, state, tree, (size, own, other), (terms, pressure, rng))
    most = -heat * math.log(1.0 - rng.random())
    if cut.loss > most + _to_gain(state, terms, own) + _to_gain(state, terms, other):
        return
    before = _bonds(graph, state, terms, tree, size)
    if not _paint(graph, state, tree, cut, (size, own, other)):
        _restore(state, tree, size)
        return
    old = _totals(state, own, other)
    _retally(graph, state, terms, (tree, size), (own, other))
    new = _totals(state, own, other)
    violation = _pair_excess(new, terms) - _pair_excess(old, terms)
    cost = _bonds(graph, state, terms, tree, size) - before
    cost += new.cost[0] + new.cost[1] - old.cost[0] - old.cost[1]
    if cost + pressure * violation > most:
        _restore(state, tree, size)
        _write(state, terms, (own, other), old)
        return
    score[VIOLATION] += violation
    score[COST] += cost
    for i in range(size):
        _recount(graph, state, tree.order[i])


@compiled
def grow_tree(
    graph: Graph, state: State, tree: Tree, ends: tuple[int, int], rng: np.random.Generator
) -> int:
    """Grow a random tree from an atom over its grid and another; return how many atoms it has."""
    root, other = ends
    own = state.label[root]
    state.now[TICK] += 1
    tick = state.now[TICK]
    tree.frontier[0] = root
    tree.source[0] = NONE
    waiting, size = 1, 0
    while waiting > 0:
        pick = int(rng.random() * waiting)
        atom, parent = tree.frontier[pick], tree.source[pick]
        waiting -= 1
        tree.frontier[pick], tree.source[pick] = tree.frontier[waiting], tree.source[waiting]
        if state.mark[atom] == tick:
            continue
        state.mark[atom] = tick
        tree.order[size] = atom
        tree.parent[atom] = parent
        size += 1
        for arc in range(graph.first[atom], graph.first[atom + 1]):
            near = graph.to[arc]
            inside = state.label[near] == own or state.label[near] == other
            if inside and state.mark[near] != tick:
                tree.frontier[waiting] = near
                tree.source[waiting] = atom
                waiting += 1
    return size


@compiled
def lightest_cut(
    graph: Graph, tree: Tree, size: int, terms: Terms, rng: np.random.Generator
) -> int:
    """Return the atom above which to cut the tree: least out of band, at random among equals."""
    for i in range(size):
        tree.below[tree.order[i]] = graph.weight[tree.order[i]]
    for i in range(size - 1, 0, -1):
        tree.below[tree.parent[tree.order[i]]] += tree.below[tree.order[i]]
    total = tree.below[tree.order[0]]
    pick, least, ties = tree.order[size - 1], np.inf, 0
    for i in range(1, size):
        below = tree.below[tree.order[i]]
        off = excess(below, terms) + excess(total - below, terms)
        if off < least:
            pick, least, ties = tree.order[i], off, 1
        elif off == least:
            ties += 1
            if rng.random() * ties < 1:
                pick = tree.order[i]
    return int(pick)


@compiled
def nearest_cut(
    graph: Graph,
    state: State,
    tree: Tree,
    merged: tuple[int, int, int],
    how: tuple[Terms, float, np.random.Generator],
) -> Cut:
    """Return the cut that is least out of band and leaves the most households in today's grid.

    At random among equals; nothing that is fixed changes grid if any cut leaves it alone.
    """
    size, own, other = merged
    terms, pressure, rng = how
    lead, staying = _hang(graph, state, tree, merged)
    root = tree.order[0]
    total, lead_of_all = tree.below[root], tree.lead[root]
    worth = terms.moved / terms.target
    pick, least, ties = tree.order[size - 1], np.inf, 0
    for i in range(1, size):
        atom = tree.order[i]
        below = tree.below[atom]
        off = pressure * (excess(below, terms) + excess(total - below, terms))
        off -= 0.5 * worth * abs(2.0 * tree.lead[atom] - lead_of_all)
        if off < least:
            pick, least, ties = atom, off, 1
        elif off == least:
            ties += 1
            if rng.random() * ties < 1:
                pick = atom
    now = pressure * (excess(state.load[own], terms) + excess(state.load[other], terms))
    now -= worth * (staying - 0.5 * lead)
    return Cut(int(pick), 2.0 * tree.lead[pick] - lead_of_all, least - now)


@compiled
def _hang(
    graph: Graph, state: State, tree: Tree, merged: tuple[int, int, int]
) -> tuple[float, float]:
    """Sum up, from the leaves on, the households that hang below each atom, and their lead.

    The lead: how many more of them are at home in the one grid than in the other. Returns the
    households at home in either, and those who are where they are at home.
    """
    size, own, other = merged
    bonus = state.load[own] + state.load[other] + 1.0  # what is fixed counts for more than all
    at_home, staying = 0.0, 0.0
    for i in range(size):
        atom = tree.order[i]
        tree.below[atom], tree.lead[atom] = graph.weight[atom], 0.0
        home = graph.home[atom]
        if home in (own, other):
            worth = graph.weight[atom] + bonus * graph.fixed[atom]
            tree.lead[atom] = worth if home == own else -worth
            at_home += worth
            staying += worth if home == state.label[atom] else 0.0
    for i in range(size - 1, 0, -1):
        tree.below[tree.parent[tree.order[i]]] += tree.below[tree.order[i]]
        tree.lead[tree.parent[tree.order[i]]] += tree.lead[tree.order[i]]
    return at_home, staying


@compiled_inline
def _to_gain(state: State, terms: Terms, grid: int) -> float:
    """Return how much less a grid could cost at the most: as a circle with an even load."""
    return float(state.cost[grid] - 2.0 * terms.compactness)


@compiled
def _paint(graph: Graph, state: State, tree: Tree, cut: Cut, merged: tuple[int, int, int]) -> bool:
    """Give the part cut off one of the two labels and the rest the other.

    More households stay at home, or else the larger overlap keeps its label. False if a fixed
    atom would change.
    """
    size, own, other = merged
    overlap = 0.0
    for i in range(size):
        atom = tree.order[i]
        tree.former[atom] = state.label[atom]
        cut_off = atom == cut.above or (i > 0 and tree.side[tree.parent[atom]] == 1)
        tree.side[atom] = int(cut_off)
        same = cut_off == (state.label[atom] == own)
        overlap += (graph.weight[atom] + 1.0) * (1.0 if same else -1.0)
    keeps = cut.lead if cut.lead != 0 else overlap
    part, rest = (own, other) if keeps >= 0 else (other, own)
    kept = True
    for i in range(size):
        atom = tree.order[i]
        state.label[atom] = part if tree.side[atom] == 1 else rest
        if graph.fixed[atom] and state.label[atom] != tree.former[atom]:
            kept = False
    return kept


@compiled
def _restore(state: State, tree: Tree, size: int) -> None:
    for i in range(size):
        state.label[tree.order[i]] = tree.former[tree.order[i]]


@compiled
def _totals(state: State, own: int, other: int) -> Pair:
    return Pair(
        (state.load[own], state.load[other]),
        (state.perimeter[own], state.perimeter[other]),
        (state.area[own], state.area[other]),
        (state.cost[own], state.cost[other]),
        (state.atoms[own], state.atoms[other]),
    )


@compiled
def _write(state: State, terms: Terms, grids: tuple[int, int], pair: Pair) -> None:
    own, other = grids
    state.load[own], state.load[other] = pair.load
    state.perimeter[own], state.perimeter[other] = pair.perimeter
    state.area[own], state.area[other] = pair.area
    state.atoms[own], state.atoms[other] = pair.atoms
    reckon(state, own, terms)
    reckon(state, other, terms)


@compiled
def _pair_excess(pair: Pair, terms: Terms) -> float:
    return excess(pair.load[0], terms) + excess(pair.load[1], terms)


@compiled
def _recount(graph: Graph, state: State, atom: int) -> None:
    """Count an atom's arcs to other grids again; those around it are to look anew."""
    outside = 0
    state.other[atom] = NONE
    for arc in range(graph.first[atom], graph.first[atom + 1]):
        state.other[graph.to[arc]] = NONE
        outside += state.label[graph.to[arc]] != state.label[atom]
    settle(state, atom, outside - state.foreign[atom])


@compiled
def _bonds(graph: Graph, state: State, terms: Terms, tree: Tree, size: int) -> float:
    """Return the cost of borders between the tree's atoms and of households moved."""
    cost = 0.0
    for i in range(size):
        atom = tree.order[i]
        if graph.home[atom] >= 0 and graph.home[atom] != state.label[atom]:
            cost += terms.moved * graph.weight[atom] / terms.target
        for arc in range(graph.first[atom], graph.first[atom + 1]):
            near = graph.to[arc]
            if state.mark[near] == state.now[TICK] and state.label[near] != state.label[atom]:
                cost += 0.5 * terms.border * graph.cut[arc]
    return cost


@compiled
def _retally(
    graph: Graph, state: State, terms: Terms, grown: tuple[Tree, int], pair: tuple[int, int]
) -> None:
    """Sum the two grids up again."""
    tree, size = grown
    for grid in pair:
        state.load[grid] = state.perimeter[grid] = state.area[grid] = 0.0
        state.atoms[grid] = 0
    for i in range(size):
        atom = tree.order[i]
        grid = state.label[atom]
        state.load[grid] += graph.weight[atom]
        state.area[grid] += graph.area[atom]
        state.perimeter[grid] += graph.around[atom]
        state.atoms[grid] += 1
        for arc in range(graph.first[atom], graph.first[atom + 1]):
            if state.label[graph.to[arc]] == grid:
                state.perimeter[grid] -= graph.border[arc]
    for grid in pair:
        reckon(state, grid, terms)
