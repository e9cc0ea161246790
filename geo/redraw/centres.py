"""First plans: grids around centres that move to the middle of what is nearest to them.

Lloyd's method on a power diagram: each atom goes to the centre least far away, less the reach of
that centre; centres move to the middle of their atoms, and the reach of those with too few
households grows. Compact and nearly even, but not always in one piece: `start` mends that.

Source: Balzer, Schlömer and Deussen (2009), capacity-constrained point distributions, for the
idea of balancing Lloyd's cells by their weights.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from geo.redraw.jit import compiled, compiled_inline
from geo.redraw.state import (
    BEST_COST,
    BEST_VIOLATION,
    Graph,
    Ints,
    Reals,
    State,
    Terms,
    assess,
    clear,
    keep_best,
    tally,
)

# How far a centre goes towards the middle of its atoms, and how fast its reach grows, in the
# squared radius of a mean grid for a grid without households.
_STEP: Final = 0.7
_REACH: Final = 0.5
# Candidates for each next centre, drawn by households and squared distance; the farthest is taken.
_DRAWS: Final = 4


class Centres(NamedTuple):
    """Scratch room: where the centres are, how far they reach, and sums over their atoms."""

    x: Reals
    y: Reals
    reach: Reals
    east: Reals
    north: Reals
    away: Reals  # of each atom, squared metres to the nearest centre so far


def new_centres(atoms: int, grids: int) -> Centres:
    """Return the room for so many centres."""
    x, y, reach, east, north = (np.zeros(grids) for _ in range(5))
    return Centres(x, y, reach, east, north, np.zeros(atoms))


@compiled
def best_of_centres(
    graph: Graph,
    state: State,
    terms: Terms,
    effort: tuple[int, int],
    room: tuple[Centres, Ints, Reals, np.random.Generator],
) -> None:
    """Write the labels of the best of several first plans, as they are before mending, to `room`.

    `effort` is (plans, rounds of each); `room` is (centres, labels, score, random numbers).
    """
    plans, rounds = effort
    centres, best, score, rng = room
    score[BEST_VIOLATION] = score[BEST_COST] = np.inf
    for _ in range(plans):
        _place(graph, centres, rng)
        for turn in range(rounds):
            _draw_near(graph, state, centres)
            if turn < rounds - 1:
                _move(graph, state, terms, centres)
        tally(graph, state, terms)
        assess(graph, state, terms, score)
        keep_best(state, score, best)


@compiled
def _place(graph: Graph, centres: Centres, rng: np.random.Generator) -> None:
    """Put the first centre on any atom, each next one far from those before, among people."""
    atoms, pick = len(graph.weight), int(rng.random() * len(graph.weight))
    for atom in range(atoms):
        centres.away[atom] = np.inf
    for grid in range(len(centres.x)):
        centres.x[grid], centres.y[grid] = graph.x[pick], graph.y[pick]
        centres.reach[grid] = 0.0
        total = 0.0
        for atom in range(atoms):
            away = _squared(graph, centres, atom, grid)
            centres.away[atom] = min(centres.away[atom], away)
            total += centres.away[atom] * (graph.weight[atom] + 1.0)
        farthest = -1.0
        for _ in range(_DRAWS):
            atom = _drawn(graph, centres, rng.random() * total)
            if centres.away[atom] > farthest:
                farthest, pick = centres.away[atom], atom


@compiled_inline
def _squared(graph: Graph, centres: Centres, atom: int, grid: int) -> float:
    """Return the squared metres from an atom's middle to a centre."""
    east, north = graph.x[atom] - centres.x[grid], graph.y[atom] - centres.y[grid]
    return float(east * east + north * north)


@compiled
def _drawn(graph: Graph, centres: Centres, aim: float) -> int:
    """Return the atom at which the sum of squared distance by households passes `aim`."""
    total = 0.0
    for atom in range(len(graph.weight)):
        total += centres.away[atom] * (graph.weight[atom] + 1.0)
        if total >= aim:
            return atom
    return len(graph.weight) - 1


@compiled
def _draw_near(graph: Graph, state: State, centres: Centres) -> None:
    """Label each atom with the centre least far away, less that centre's reach."""
    clear(state, 0.0)
    for atom in range(len(graph.weight)):
        centres.away[atom] = np.inf
    for grid in range(len(centres.x)):
        _draw_to(graph, state, centres, grid)
    for atom in range(len(graph.weight)):
        nearest = state.label[atom]
        state.load[nearest] += graph.weight[atom]
        state.area[nearest] += graph.area[atom]


@compiled
def _draw_to(graph: Graph, state: State, centres: Centres, grid: int) -> None:
    """Label the atoms that are less far from a centre than from those before.

    One centre for all atoms, and no branch: so the processor takes several atoms at once.
    """
    x, y, label, least = graph.x, graph.y, state.label, centres.away
    east, north, reach = centres.x[grid], centres.y[grid], centres.reach[grid]
    for atom in range(len(x)):
        right, up = x[atom] - east, y[atom] - north
        away = right * right + up * up - reach
        nearer = away < least[atom]
        label[atom] = grid if nearer else label[atom]
        least[atom] = away if nearer else least[atom]


@compiled
def _move(graph: Graph, state: State, terms: Terms, centres: Centres) -> None:
    """Move centres towards the middle of their atoms; let those with few households reach out."""
    ground = 0.0
    for grid in range(len(centres.x)):
        centres.east[grid] = centres.north[grid] = 0.0
        ground += state.area[grid]
    for atom in range(len(graph.weight)):
        grid = state.label[atom]
        centres.east[grid] += graph.x[atom] * graph.area[atom]
        centres.north[grid] += graph.y[atom] * graph.area[atom]
    radius = ground / len(centres.x) / math.pi
    for grid in range(len(centres.x)):
        short = (terms.target - state.load[grid]) / terms.target
        centres.reach[grid] += _REACH * radius * max(-1.0, short)
        if state.area[grid] > 0:
            middle = centres.east[grid] / state.area[grid], centres.north[grid] / state.area[grid]
            centres.x[grid] += _STEP * (middle[0] - centres.x[grid])
            centres.y[grid] += _STEP * (middle[1] - centres.y[grid])
