"""What the compiled search works on: a community's graph, a plan of it, and what a plan costs.

Kernels are compiled without the GIL and cached on disk, so that communities run in threads and a
service compiles once. They take arrays in named tuples and draw from a generator handed in: the
same generator gives the same plan, compiled or not.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, NamedTuple, TypeAlias, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int64]
Reals: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]
_Kernel = TypeVar("_Kernel", bound=Callable[..., object])

FOUR_PI: Final = 4 * math.pi
NONE: Final = -1
# Fields of `State.now` and of `Score`.
TICK, RIM = 0, 1
VIOLATION, COST, BEST_VIOLATION, BEST_COST, UNSAVED = 0, 1, 2, 3, 4
_SMALL: Final = 1e-9


def compiled(kernel: _Kernel) -> _Kernel:
    """Return the kernel compiled by numba, without the GIL, cached on disk."""
    return cast("_Kernel", njit(cache=True, nogil=True)(kernel))


class Graph(NamedTuple):
    """Atoms of one community and who borders on whom.

    Arcs of atom i are `first[i]` to `first[i + 1]`: `to` the neighbour, `border` the metres shared
    (0 across a bridge), `cut` what parting the two costs. By atom: `weight` (households), `area`,
    `outer` (metres of border with nobody), `home` (label of today's grid or -1), `fixed` (may not
    change label).
    """

    first: Ints
    to: Ints
    border: Reals
    cut: Reals
    weight: Reals
    area: Reals
    outer: Reals
    home: Ints
    fixed: Flags


class Terms(NamedTuple):
    """The band, the load to aim at, and the price of each thing, in the order of the rules."""

    low: float
    high: float
    target: float
    moved: float
    border: float
    compactness: float
    even: float


class State(NamedTuple):
    """A plan under way: labels, totals by grid, the atoms on inner borders, and scratch room."""

    label: Ints
    load: Reals
    perimeter: Reals
    area: Reals
    atoms: Ints  # how many each grid has
    rim: Ints  # atoms with a neighbour in another grid, the first `now[RIM]` of the array
    seat: Ints  # place of an atom in `rim`, or -1
    mark: Ints
    queue: Ints
    now: Ints


def new_state(atoms: int, grids: int) -> State:
    """Return the room for a plan of so many atoms and grids, every atom without a label."""
    return State(
        np.full(atoms, NONE, np.int64),
        np.zeros(grids),
        np.zeros(grids),
        np.zeros(grids),
        np.zeros(grids, np.int64),
        np.zeros(atoms, np.int64),
        np.full(atoms, NONE, np.int64),
        np.zeros(atoms, np.int64),
        np.zeros(atoms + 1, np.int64),
        np.zeros(2, np.int64),
    )


@compiled
def excess(load: float, terms: Terms) -> float:
    """Return how far a load is out of band, in grids."""
    if load < terms.low:
        return (terms.low - load) / terms.target
    if load > terms.high:
        return (load - terms.high) / terms.target
    return 0.0


@compiled
def shape_cost(load: float, perimeter: float, area: float, terms: Terms) -> float:
    """Return what the form and the load of one grid cost."""
    off = (load - terms.target) / terms.target
    ragged = perimeter * perimeter / (FOUR_PI * max(area, _SMALL))
    return terms.even * off * off + terms.compactness * ragged


@compiled
def tally(graph: Graph, state: State) -> None:
    """Sum up load, area, border and atoms of each grid, and list the rim."""
    clear(state, 0.0)
    state.now[RIM] = 0
    for atom in range(len(graph.weight)):
        state.seat[atom] = NONE
    for atom in range(len(graph.weight)):
        own = state.label[atom]
        state.load[own] += graph.weight[atom]
        state.area[own] += graph.area[atom]
        state.perimeter[own] += graph.outer[atom]
        state.atoms[own] += 1
        for arc in range(graph.first[atom], graph.first[atom + 1]):
            if state.label[graph.to[arc]] != own:
                state.perimeter[own] += graph.border[arc]
        settle(graph, state, atom)


@compiled
def settle(graph: Graph, state: State, atom: int) -> None:
    """Put an atom on the rim or take it off, by its neighbours' labels."""
    outside = False
    for arc in range(graph.first[atom], graph.first[atom + 1]):
        if state.label[graph.to[arc]] != state.label[atom]:
            outside = True
            break
    seat = state.seat[atom]
    if outside and seat == NONE:
        state.seat[atom] = state.now[RIM]
        state.rim[state.now[RIM]] = atom
        state.now[RIM] += 1
    elif not outside and seat != NONE:
        state.now[RIM] -= 1
        last = state.rim[state.now[RIM]]
        state.rim[seat] = last
        state.seat[last] = seat
        state.seat[atom] = NONE


@compiled
def assess(graph: Graph, state: State, terms: Terms, score: Reals) -> None:
    """Write violation and cost of the plan, from its totals."""
    score[VIOLATION] = 0.0
    score[COST] = 0.0
    for grid in range(len(state.load)):
        score[VIOLATION] += excess(state.load[grid], terms)
        score[COST] += shape_cost(state.load[grid], state.perimeter[grid], state.area[grid], terms)
    for atom in range(len(graph.weight)):
        own = state.label[atom]
        if graph.home[atom] >= 0 and graph.home[atom] != own:
            score[COST] += terms.moved * graph.weight[atom] / terms.target
        for arc in range(graph.first[atom], graph.first[atom + 1]):
            if state.label[graph.to[arc]] != own:
                score[COST] += 0.5 * terms.border * graph.cut[arc]


@compiled
def stays_whole(graph: Graph, state: State, atom: int) -> bool:
    """Tell whether an atom's grid is still in one piece when the atom leaves it."""
    own = state.label[atom]
    state.now[TICK] += 1
    tick = state.now[TICK]
    wanted = 0
    for arc in range(graph.first[atom], graph.first[atom + 1]):
        near = graph.to[arc]
        if state.label[near] == own:
            wanted += 1
            state.queue[0] = near
            state.mark[near] = -tick
    if wanted <= 1:
        return wanted == 1
    state.mark[atom] = tick
    state.mark[state.queue[0]] = tick
    return _reaches(graph, state, own, wanted - 1)


@compiled
def _reaches(graph: Graph, state: State, own: int, wanted: int) -> bool:
    """Search a grid from `queue[0]` until so many atoms marked `-tick` are found."""
    tick = state.now[TICK]
    head, tail = 0, 1
    while head < tail:
        atom = state.queue[head]
        head += 1
        for arc in range(graph.first[atom], graph.first[atom + 1]):
            near = graph.to[arc]
            if state.label[near] != own or state.mark[near] == tick:
                continue
            wanted -= state.mark[near] == -tick
            if wanted == 0:
                return True
            state.mark[near] = tick
            state.queue[tail] = near
            tail += 1
    return False


@compiled
def copy_labels(state: State, labels: Ints) -> None:
    """Write the plan's labels out (in a loop: it compiles ten times faster than a slice)."""
    for atom in range(len(labels)):
        labels[atom] = state.label[atom]


@compiled
def clear(state: State, load: float) -> None:
    """Set the totals of every grid back."""
    for grid in range(len(state.load)):
        state.load[grid] = load
        state.area[grid] = state.perimeter[grid] = 0.0
        state.atoms[grid] = 0


@compiled
def keep_best(state: State, score: Reals, best: Ints, violation: float, cost: float) -> None:
    """Move the score on; save the plan about to be left if it is the best and the next is not."""
    better = violation < score[BEST_VIOLATION] - _SMALL or (
        violation < score[BEST_VIOLATION] + _SMALL and cost < score[BEST_COST] - _SMALL
    )
    if not better and score[UNSAVED] > 0:
        copy_labels(state, best)
        score[UNSAVED] = 0.0
    if better:
        score[BEST_VIOLATION] = violation
        score[BEST_COST] = cost
        score[UNSAVED] = 1.0
    score[VIOLATION] = violation
    score[COST] = cost
