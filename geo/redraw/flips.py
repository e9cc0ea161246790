"""The small move: one atom on an inner border goes over to a neighbouring grid."""

from __future__ import annotations

import math

import numpy as np

from geo.redraw.state import (
    COST,
    RIM,
    VIOLATION,
    Graph,
    Ints,
    Reals,
    State,
    Terms,
    compiled,
    excess,
    keep_best,
    settle,
    shape_cost,
    stays_whole,
)


@compiled
def try_flip(
    graph: Graph,
    state: State,
    terms: Terms,
    aim: tuple[Reals, Ints, float, float, np.random.Generator],
) -> None:
    """Move a random border atom to a random neighbouring grid, if luck and contiguity allow.

    `aim` is (score, best labels, heat, price of a grid out of band, random numbers).
    """
    score, best, heat, pressure, rng = aim
    if state.now[RIM] == 0:
        return
    atom = state.rim[int(rng.random() * state.now[RIM])]
    other = neighbouring_grid(graph, state, atom, rng.random())
    own = state.label[atom]
    if graph.fixed[atom] or state.atoms[own] == 1:
        return
    violation, cost = flip_change(graph, state, terms, atom, other)
    loss = cost + pressure * violation
    if loss > 0 and rng.random() >= math.exp(-loss / heat):
        return
    if stays_whole(graph, state, atom):
        keep_best(state, score, best, score[VIOLATION] + violation, score[COST] + cost)
        flip(graph, state, atom, other)


@compiled
def neighbouring_grid(graph: Graph, state: State, atom: int, luck: float) -> int:
    """Return the label of the first other grid around an atom, from a random neighbour on."""
    start = graph.first[atom]
    arcs = graph.first[atom + 1] - start
    offset = int(luck * arcs)
    for turn in range(arcs):
        label = state.label[graph.to[start + (offset + turn) % arcs]]
        if label != state.label[atom]:
            return int(label)
    return int(state.label[atom])


@compiled
def perimeters_after(
    graph: Graph, state: State, atom: int, other: int
) -> tuple[float, float, float]:
    """Return the perimeters of the two grids after a flip, and the change in border cut."""
    own = state.label[atom]
    around, with_own, with_other, parted = 0.0, 0.0, 0.0, 0.0
    for arc in range(graph.first[atom], graph.first[atom + 1]):
        label = state.label[graph.to[arc]]
        around += graph.border[arc]
        if label == own:
            with_own += graph.border[arc]
            parted += graph.cut[arc]
        elif label == other:
            with_other += graph.border[arc]
            parted -= graph.cut[arc]
    bare = graph.outer[atom] + around
    left = state.perimeter[own] - bare + 2 * with_own
    joined = state.perimeter[other] + bare - 2 * with_other
    return left, joined, parted


@compiled
def flip_change(
    graph: Graph, state: State, terms: Terms, atom: int, other: int
) -> tuple[float, float]:
    """Return what a flip adds to violation and cost."""
    own = state.label[atom]
    weight, area = graph.weight[atom], graph.area[atom]
    left, joined, parted = perimeters_after(graph, state, atom, other)
    less, more = state.load[own] - weight, state.load[other] + weight
    violation = excess(less, terms) + excess(more, terms)
    violation -= excess(state.load[own], terms) + excess(state.load[other], terms)
    cost = shape_cost(less, left, state.area[own] - area, terms)
    cost += shape_cost(more, joined, state.area[other] + area, terms)
    for grid in (own, other):
        cost -= shape_cost(state.load[grid], state.perimeter[grid], state.area[grid], terms)
    gone = int(graph.home[atom] == own) - int(graph.home[atom] == other)
    return violation, cost + terms.border * parted + terms.moved * gone * weight / terms.target


@compiled
def flip(graph: Graph, state: State, atom: int, other: int) -> None:
    """Move an atom to another grid and keep every total true."""
    own = state.label[atom]
    left, joined, _ = perimeters_after(graph, state, atom, other)
    state.perimeter[own] = left
    state.perimeter[other] = joined
    state.load[own] -= graph.weight[atom]
    state.load[other] += graph.weight[atom]
    state.area[own] -= graph.area[atom]
    state.area[other] += graph.area[atom]
    state.atoms[own] -= 1
    state.atoms[other] += 1
    state.label[atom] = other
    settle(graph, state, atom)
    for arc in range(graph.first[atom], graph.first[atom + 1]):
        settle(graph, state, graph.to[arc])
