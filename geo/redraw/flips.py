"""The small move: one atom on an inner border goes over to a neighbouring grid."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from geo.redraw.jit import compiled, compiled_inline
from geo.redraw.state import (
    COST,
    NEXT,
    NONE,
    RIM,
    VIOLATION,
    Graph,
    Reals,
    State,
    Terms,
    excess,
    grid_cost,
    reckon,
    settle,
)
from geo.redraw.wholeness import stays_whole

# A loss of so many heats is accepted once in ten million times: not worth a random number.
_HOPELESS: Final = 16.0


class Change(NamedTuple):
    """What a flip does: to loads, outlines and areas of both grids, and to the score."""

    load: tuple[float, float]
    perimeter: tuple[float, float]
    area: tuple[float, float]
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
    """Move the next border atom to a random neighbouring grid, if luck and contiguity allow.

    In turn, not at random: of as many tries at random a third of the atoms would not be asked.
    `aim` is (score, heat, price of a grid out of band). Nineteen of twenty are refused, so what is
    cheap to know is asked first: the same random number as the loss itself would refuse.
    """
    score, heat, pressure = aim
    state.now[NEXT] += 1
    if state.now[NEXT] >= state.now[RIM]:
        state.now[NEXT] = 0
    atom = state.rim[state.now[NEXT]]
    if graph.fixed[atom] or state.atoms[state.label[atom]] == 1:
        return False
    luck = rng.random()
    other = state.other[atom]
    if other == NONE:
        # One number tells both: its place among the arcs, and, from there to the next, the luck.
        turns = luck * (graph.first[atom + 1] - graph.first[atom])
        other = look_around(graph, state, terms, atom, int(turns))
        luck = turns - int(turns)
    least = least_loss(graph, state, terms, (atom, other), pressure)
    if least > _HOPELESS * heat:
        return False
    heats = least * (1.0 / heat)
    if heats > 0 and luck * (1.0 + heats * (1.0 + 0.5 * heats)) > 1.0:
        return False  # exp(x) > 1 + x + x² / 2
    change = flip_change(graph, state, terms, atom, other)
    loss = change.more + pressure * change.violation
    if loss > 0 and luck >= math.exp(-loss / heat):
        return False
    if not stays_whole(graph, state, atom):
        return False
    score[VIOLATION] += change.violation
    score[COST] += change.more
    flip(graph, state, terms, (atom, other), change)
    return True


@compiled_inline
def neighbouring_grid(graph: Graph, state: State, atom: int, luck: float) -> int:
    """Return the label of the first other grid around an atom, from a random neighbour on."""
    return grid_from(graph, state, atom, int(luck * (graph.first[atom + 1] - graph.first[atom])))


@compiled_inline
def grid_from(graph: Graph, state: State, atom: int, turn: int) -> int:
    """Return the label of the first other grid around an atom, from one of its arcs on."""
    start, own = graph.first[atom], state.label[atom]
    arcs = graph.first[atom + 1] - start
    for _ in range(arcs):
        label = state.label[graph.to[start + turn]]
        if label != own:
            return int(label)
        turn += 1
        if turn == arcs:
            turn = 0
    return int(own)


@compiled
def look_around(graph: Graph, state: State, terms: Terms, atom: int, turn: int) -> int:
    """Return the first other grid from an arc on, and write down what an atom shares with it.

    Where there is only one, it is kept until the atom or a neighbour changes grid.
    """
    other = grid_from(graph, state, atom, turn)
    share_with(graph, state, terms, (atom, other))
    return other


@compiled_inline
def share_with(graph: Graph, state: State, terms: Terms, move: tuple[int, int]) -> None:
    """Write down what an atom shares with its own grid and with another.

    Without a branch in the loop: the processor would guess every other neighbour wrong.
    """
    atom, other = move
    own = state.label[atom]
    inner, outer, parted, third = 0.0, 0.0, 0.0, 0
    for arc in range(graph.first[atom], graph.first[atom + 1]):
        label = state.label[graph.to[arc]]
        here, there = 1.0 if label == own else 0.0, 1.0 if label == other else 0.0
        inner += here * graph.border[arc]
        outer += there * graph.border[arc]
        parted += (here - there) * graph.cut[arc]
        third += 1 if here + there == 0.0 else 0
    gone = int(graph.home[atom] == own) - int(graph.home[atom] == other)
    state.inner[atom], state.outer[atom] = inner, outer
    state.bond[atom] = terms.border * parted
    state.bond[atom] += terms.moved * gone * graph.weight[atom] / terms.target
    state.other[atom] = other if third == 0 else NONE


@compiled_inline
def least_loss(
    graph: Graph, state: State, terms: Terms, move: tuple[int, int], pressure: float
) -> float:
    """Return the least a flip can lose, without a root: by the tangent of each grid's form.

    One over a root is convex, so that the tangent lies below; a tenth of a percent here.
    """
    atom, other = move
    own, weight, area = state.label[atom], graph.weight[atom], graph.area[atom]
    around, per = graph.around[atom], 1.0 / terms.target
    left = state.perimeter[own] - around + 2 * state.inner[atom]
    joined = state.perimeter[other] + around - 2 * state.outer[atom]
    form = left * (state.root[own] + state.slope[own] * area)
    form += joined * (state.root[other] - state.slope[other] * area)
    less, more = state.load[own] - weight, state.load[other] + weight
    off, over = (less - terms.target) * per, (more - terms.target) * per
    loss = form + terms.even * (off * off + over * over) + state.bond[atom]
    loss -= state.cost[own] + state.cost[other]
    out = max(terms.low - less, 0.0) + max(less - terms.high, 0.0)
    out += max(terms.low - more, 0.0) + max(more - terms.high, 0.0)
    out -= max(terms.low - state.load[own], 0.0) + max(state.load[own] - terms.high, 0.0)
    out -= max(terms.low - state.load[other], 0.0) + max(state.load[other] - terms.high, 0.0)
    return float(loss + pressure * out * per)


@compiled_inline
def flip_change(graph: Graph, state: State, terms: Terms, atom: int, other: int) -> Change:
    """Return what a flip does, from what `look_around` wrote down."""
    own, weight, area = state.label[atom], graph.weight[atom], graph.area[atom]
    around = graph.around[atom]
    left = state.perimeter[own] - around + 2 * state.inner[atom]
    joined = state.perimeter[other] + around - 2 * state.outer[atom]
    less, more = state.load[own] - weight, state.load[other] + weight
    smaller, larger = state.area[own] - area, state.area[other] + area
    cost = grid_cost(less, left, smaller, terms) + grid_cost(more, joined, larger, terms)
    violation = excess(less, terms) + excess(more, terms)
    violation -= excess(state.load[own], terms) + excess(state.load[other], terms)
    dearer = cost - state.cost[own] - state.cost[other] + state.bond[atom]
    return Change((less, more), (left, joined), (smaller, larger), violation, dearer)


@compiled_inline
def flip(graph: Graph, state: State, terms: Terms, move: tuple[int, int], change: Change) -> None:
    """Move an atom to another grid and bring totals and rim up to date."""
    atom, other = move
    own = state.label[atom]
    state.load[own], state.load[other] = change.load
    state.perimeter[own], state.perimeter[other] = change.perimeter
    state.area[own], state.area[other] = change.area
    reckon(state, own, terms)
    reckon(state, other, terms)
    state.atoms[own] -= 1
    state.atoms[other] += 1
    state.label[atom] = other
    state.other[atom] = NONE
    foreign = 0
    for arc in range(graph.first[atom], graph.first[atom + 1]):
        near = graph.to[arc]
        label = state.label[near]
        state.other[near] = NONE
        if label == own:
            settle(state, near, 1)
        elif label == other:
            settle(state, near, -1)
        foreign += label != other
    settle(state, atom, foreign - state.foreign[atom])
