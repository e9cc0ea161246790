"""The small move: one atom on an inner border goes over to a neighbouring grid."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from geo.redraw.state import (
    COST,
    RIM,
    VIOLATION,
    Graph,
    Reals,
    State,
    Terms,
    compiled_inline,
    excess,
    grid_cost,
    settle,
)
from geo.redraw.wholeness import stays_whole

# A loss of so many heats is accepted once in ten million times: not worth a random number.
_HOPELESS: Final = 16.0


class Change(NamedTuple):
    """What a flip does: to loads, outlines, areas and costs of both grids, and to the score."""

    load: tuple[float, float]
    perimeter: tuple[float, float]
    area: tuple[float, float]
    cost: tuple[float, float]
    violation: float
    more: float


@compiled_inline
def try_flip(
    graph: Graph,
    state: State,
    terms: Terms,
    aim: tuple[Reals, float, float],
    rng: np.random.Generator,
) -> bool:
    """Move a random border atom to a random neighbouring grid, if luck and contiguity allow.

    `aim` is (score, heat, price of a grid out of band).
    """
    score, heat, pressure = aim
    atom = state.rim[int(rng.random() * state.now[RIM])]
    other = neighbouring_grid(graph, state, atom, rng.random())
    own = state.label[atom]
    if graph.fixed[atom] or state.atoms[own] == 1:
        return False
    change = flip_change(graph, state, terms, atom, other)
    loss = change.more + pressure * change.violation
    if loss > 0 and (loss > _HOPELESS * heat or rng.random() >= math.exp(-loss / heat)):
        return False
    if not stays_whole(graph, state, atom):
        return False
    score[VIOLATION] += change.violation
    score[COST] += change.more
    flip(graph, state, atom, other, change)
    return True


@compiled_inline
def neighbouring_grid(graph: Graph, state: State, atom: int, luck: float) -> int:
    """Return the label of the first other grid around an atom, from a random neighbour on."""
    start, own = graph.first[atom], state.label[atom]
    arcs = graph.first[atom + 1] - start
    turn = int(luck * arcs)
    for _ in range(arcs):
        label = state.label[graph.to[start + turn]]
        if label != own:
            return int(label)
        turn += 1
        if turn == arcs:
            turn = 0
    return int(own)


@compiled_inline
def flip_change(graph: Graph, state: State, terms: Terms, atom: int, other: int) -> Change:
    """Return what a flip does."""
    own, weight, area = state.label[atom], graph.weight[atom], graph.area[atom]
    with_own, with_other, parted = _shared(graph, state, atom, other)
    around = graph.around[atom]
    left = state.perimeter[own] - around + 2 * with_own
    joined = state.perimeter[other] + around - 2 * with_other
    less, more = state.load[own] - weight, state.load[other] + weight
    smaller, larger = state.area[own] - area, state.area[other] + area
    cost = grid_cost(less, left, smaller, terms), grid_cost(more, joined, larger, terms)
    violation = excess(less, terms) + excess(more, terms)
    violation -= excess(state.load[own], terms) + excess(state.load[other], terms)
    gone = int(graph.home[atom] == own) - int(graph.home[atom] == other)
    dearer = cost[0] + cost[1] - state.cost[own] - state.cost[other]
    dearer += terms.border * parted + terms.moved * gone * weight / terms.target
    return Change((less, more), (left, joined), (smaller, larger), cost, violation, dearer)


@compiled_inline
def _shared(graph: Graph, state: State, atom: int, other: int) -> tuple[float, float, float]:
    """Return the metres an atom shares with its own grid and with another, and the cut's change."""
    own = state.label[atom]
    with_own, with_other, parted = 0.0, 0.0, 0.0
    for arc in range(graph.first[atom], graph.first[atom + 1]):
        label = state.label[graph.to[arc]]
        if label == own:
            with_own += graph.border[arc]
            parted += graph.cut[arc]
        elif label == other:
            with_other += graph.border[arc]
            parted -= graph.cut[arc]
    return with_own, with_other, parted


@compiled_inline
def flip(graph: Graph, state: State, atom: int, other: int, change: Change) -> None:
    """Move an atom to another grid and bring totals and rim up to date."""
    own = state.label[atom]
    state.load[own], state.load[other] = change.load
    state.perimeter[own], state.perimeter[other] = change.perimeter
    state.area[own], state.area[other] = change.area
    state.cost[own], state.cost[other] = change.cost
    state.atoms[own] -= 1
    state.atoms[other] += 1
    state.label[atom] = other
    foreign = 0
    for arc in range(graph.first[atom], graph.first[atom + 1]):
        near = graph.to[arc]
        label = state.label[near]
        if label == own:
            settle(state, near, 1)
        elif label == other:
            settle(state, near, -1)
        foreign += label != other
    settle(state, atom, foreign - state.foreign[atom])
