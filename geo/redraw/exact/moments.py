"""The moment of inertia of a plan, and a search that makes it small.

The moment of a grid: households × squared metres from their atom's middle to the middle of the
grid's best atom, the one about which that sum is least.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from geo.redraw.jit import compiled, compiled_inline
from geo.redraw.state import Graph, Ints, Reals, State, clear, copy_labels
from geo.redraw.wholeness import stays_whole

# The last heat, and the price of a grid without households, in moments of a mean grid.
_LAST: Final = 0.0005
_BAND: Final = 10.0
_NIL: Final = 1e-9
_MOMENT, _OUT, LEAST = 0, 1, 2  # fields of the score


def pulls(graph: Graph) -> Reals:
    """Return the moment of each atom (column) about the middle of each atom (row)."""
    east = graph.x[:, None] - graph.x[None, :]
    north = graph.y[:, None] - graph.y[None, :]
    return np.asarray((east * east + north * north) * graph.weight[None, :], np.float64)


def moments_of(graph: Graph, labels: Ints) -> tuple[float, float]:
    """Return the moment of a plan about the best atoms, and about the middles of households.

    About its best atom a grid has what it has about its middle, and all its households times the
    squared metres between the two: so the best atom is the one nearest to the middle.

    Parameters
    ----------
    graph
        The community.
    labels
        Grid of each atom, 0 to k - 1.
    """
    load = np.maximum(np.bincount(labels, graph.weight), _NIL)
    east, north = (np.bincount(labels, graph.weight * at) / load for at in (graph.x, graph.y))
    away = (graph.x - east[labels]) ** 2 + (graph.y - north[labels]) ** 2
    nearest = np.full(len(load), np.inf)
    np.minimum.at(nearest, labels, away)
    about_middles = float((graph.weight * away).sum())
    shift = np.bincount(labels, graph.weight) * np.where(np.isfinite(nearest), nearest, 0.0)
    return about_middles + float(shift.sum()), about_middles


class Room(NamedTuple):
    """What the search works on: sums by grid and centre, moments by grid, best labels, score.

    The score: moment, households out of band, least moment in band.
    """

    sums: Reals
    moments: Reals
    best: Ints
    score: Reals


def new_room(atoms: int, grids: int) -> Room:
    """Return the room for so many atoms and grids."""
    score = np.full(3, np.inf)
    return Room(np.zeros((grids, atoms)), np.zeros(grids), np.zeros(atoms, np.int64), score)


@compiled
def cool(
    graph: Graph,
    state: State,
    pull: Reals,
    aim: tuple[float, float, float, int],
    room: tuple[Room, np.random.Generator],
) -> None:
    """Look for the least moment of a plan in band; moment and labels are left in the room.

    Atoms on borders change grid one at a time, the freer the warmer; grids stay whole. `aim` is
    (least load, highest load, first heat in moments of a mean grid, number of tries); the state's
    labels are the start, and what the room holds from before is kept where it is better.
    """
    low, high, first, tries = aim
    kept = room[0]
    _tally(graph, state, pull, kept, (low, high))
    _keep(state, kept)
    mean = max(1.0, kept.score[_MOMENT] / len(kept.moments))
    heat, colder = first * mean, (_LAST / first) ** (1.0 / max(1, tries))
    price = _BAND * mean / max(1.0, 0.5 * (low + high))
    for _ in range(tries):
        heat *= colder
        _try(graph, state, pull, (low, high, price, heat), room)
        _keep(state, kept)


@compiled_inline
def _keep(state: State, kept: Room) -> None:
    """Keep the plan if it is in band and the best so far."""
    if kept.score[_OUT] <= _NIL and kept.score[_MOMENT] < kept.score[LEAST] * (1 - _NIL):
        kept.score[LEAST] = kept.score[_MOMENT]
        copy_labels(state, kept.best)


@compiled
def _tally(graph: Graph, state: State, pull: Reals, kept: Room, band: tuple[float, float]) -> None:
    """Sum up everything anew."""
    clear(state, 0.0)
    for grid in range(len(kept.moments)):
        kept.moments[grid] = np.inf
        for centre in range(len(pull)):
            kept.sums[grid, centre] = 0.0
    for atom in range(len(pull)):
        own = state.label[atom]
        state.load[own] += graph.weight[atom]
        state.atoms[own] += 1
        for centre in range(len(pull)):
            kept.sums[own, centre] += pull[centre, atom]
    for centre in range(len(pull)):
        own = state.label[centre]
        kept.moments[own] = min(kept.moments[own], kept.sums[own, centre])
    kept.score[_MOMENT] = kept.score[_OUT] = 0.0
    for grid in range(len(kept.moments)):
        kept.score[_MOMENT] += kept.moments[grid]
        kept.score[_OUT] += _off(state.load[grid], band[0], band[1])


@compiled_inline
def _off(load: float, low: float, high: float) -> float:
    """Return the households a load is out of band."""
    return max(0.0, low - load) + max(0.0, load - high)


@compiled_inline
def _try(
    graph: Graph,
    state: State,
    pull: Reals,
    aim: tuple[float, float, float, float],
    room: tuple[Room, np.random.Generator],
) -> None:
    """Move a random atom to the grid of a random neighbour, if luck and contiguity allow."""
    low, high, price, heat = aim
    kept, rng = room
    atom = int(rng.random() * len(graph.weight))
    arcs = graph.first[atom + 1] - graph.first[atom]
    own, luck = state.label[atom], int(rng.random() * arcs)
    other = state.label[graph.to[graph.first[atom] + luck]] if arcs > 0 else own
    if own == other or state.atoms[own] == 1 or graph.fixed[atom]:
        return
    less, more = state.load[own] - graph.weight[atom], state.load[other] + graph.weight[atom]
    off = _off(less, low, high) + _off(more, low, high)
    off -= _off(state.load[own], low, high) + _off(state.load[other], low, high)
    left = _least(state, pull, kept, (own, atom, -1.0))
    joined = min(
        _least(state, pull, kept, (other, atom, 1.0)), kept.sums[other, atom]
    )  # its own pull is nothing: the atom is where it is
    dearer = left + joined - kept.moments[own] - kept.moments[other]
    loss = dearer + price * off
    if loss > 0 and rng.random() >= math.exp(-loss / heat):
        return
    if stays_whole(graph, state, atom):
        kept.score[_MOMENT] += dearer
        kept.score[_OUT] += off
        kept.moments[own], kept.moments[other] = left, joined
        _move(state, pull, kept, (atom, other, graph.weight[atom]))


@compiled_inline
def _least(state: State, pull: Reals, kept: Room, change: tuple[int, int, float]) -> float:
    """Return the moment of a grid about its best atom when one atom joins (1.0) or leaves (-1.0).

    `change` is (grid, atom, sign); the atom itself is not looked at as a centre.
    """
    grid, atom, sign = change
    least = np.inf
    for centre in range(len(pull)):
        if state.label[centre] == grid and centre != atom:
            least = min(least, kept.sums[grid, centre] + sign * pull[centre, atom])
    return least


@compiled_inline
def _move(state: State, pull: Reals, kept: Room, change: tuple[int, int, float]) -> None:
    """Bring labels, loads and sums up to date: `change` is (atom, its new grid, its load)."""
    atom, other, weight = change
    own = state.label[atom]
    state.label[atom] = other
    state.atoms[own] -= 1
    state.atoms[other] += 1
    state.load[own] -= weight
    state.load[other] += weight
    for centre in range(len(pull)):
        kept.sums[own, centre] -= pull[centre, atom]
        kept.sums[other, centre] += pull[centre, atom]
