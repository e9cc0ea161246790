"""What the compiled search works on: a community's graph, a plan of it, and what a plan costs.

Kernels are compiled without the GIL, so that communities run in threads. They take arrays in named
tuples and draw from a generator handed in: the same generator gives the same plan, compiled or not.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from geo.redraw.jit import compiled, compiled_inline

Ints: TypeAlias = NDArray[np.int64]
Reals: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]

FOUR_PI: Final = 4 * math.pi
NONE: Final = -1
# Fields of `State.now` and of a score.
TICK, RIM, NEXT = 0, 1, 2
VIOLATION, COST, BEST_VIOLATION, BEST_COST = 0, 1, 2, 3
SMALL: Final = 1e-9


class Graph(NamedTuple):
    """Atoms of one community and who borders on whom.

    Arcs of atom i are `first[i]` to `first[i + 1]`: `to` the neighbour, `border` the metres shared
    (0 across a bridge), `cut` what parting the two costs (below 0: a gain), `near` which of i's
    arcs lead to atoms that border on this one's (bits, see `arcs_near`). By atom: `weight`
    (households), `area`, `around` (metres of its own outline), `x` and `y` of its middle (metres),
    `home` (label of today's grid or -1), `fixed` (may not change label).
    """

    first: Ints
    to: Ints
    border: Reals
    cut: Reals
    near: Ints
    weight: Reals
    area: Reals
    around: Reals
    x: Reals
    y: Reals
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
    cost: Reals  # of each grid: its form and its load
    root: Reals  # of each grid: what a metre of its outline costs
    slope: Reals  # of each grid: how much less it costs with a square metre more
    atoms: Ints  # how many each grid has
    rim: Ints  # atoms with a neighbour in another grid, the first `now[RIM]` of the array
    seat: Ints  # place of an atom in `rim`
    foreign: Ints  # how many of an atom's arcs lead to another grid
    other: Ints  # the one other grid an atom borders on; -1: several, or not looked at
    inner: Reals  # metres an atom shares with its own grid, when last looked at
    outer: Reals  # metres it shares with `other`
    bond: Reals  # what going over to `other` costs beside form and load
    mark: Ints
    queue: Ints
    now: Ints  # TICK of `mark`, atoms in RIM, place of the NEXT one in it to be asked


def new_state(atoms: int, grids: int) -> State:
    """Return the room for a plan of so many atoms and grids, every atom without a label."""
    label, other = np.full(atoms, NONE, np.int64), np.full(atoms, NONE, np.int64)
    load, perimeter, area, cost, root, slope = (np.zeros(grids) for _ in range(6))
    count, now = np.zeros(grids, np.int64), np.zeros(3, np.int64)
    rim, seat, foreign, mark = (np.zeros(atoms, np.int64) for _ in range(4))
    inner, outer, bond = (np.zeros(atoms) for _ in range(3))
    queue = np.zeros(atoms + 1, np.int64)
    return State(
        label, load, perimeter, area, cost, root, slope, count,
        rim, seat, foreign, other, inner, outer, bond, mark, queue, now,
    )  # fmt: skip


@compiled_inline
def excess(load: float, terms: Terms) -> float:
    """Return how far a load is out of band, in grids."""
    if load < terms.low:
        return (terms.low - load) / terms.target
    if load > terms.high:
        return (load - terms.high) / terms.target
    return 0.0


@compiled_inline
def grid_cost(load: float, perimeter: float, area: float, terms: Terms) -> float:
    """Return what the form and the load of one grid cost.

    The form: twice its outline over that of a circle of its area (2 / sqrt(Polsby-Popper)).
    """
    off = (load - terms.target) / terms.target
    ragged = 2.0 * perimeter / math.sqrt(FOUR_PI * max(area, SMALL))
    return terms.even * off * off + terms.compactness * ragged


@compiled_inline
def reckon(state: State, grid: int, terms: Terms) -> None:
    """Write what a grid costs, and the tangent of its form, from its totals."""
    area = max(state.area[grid], SMALL)
    state.cost[grid] = grid_cost(state.load[grid], state.perimeter[grid], area, terms)
    state.root[grid] = 2.0 * terms.compactness / math.sqrt(FOUR_PI * area)
    state.slope[grid] = 0.5 * state.root[grid] / area


@compiled
def tally(graph: Graph, state: State, terms: Terms) -> None:
    """Sum up load, area, border, cost and atoms of each grid, and list the rim."""
    clear(state, 0.0)
    state.now[RIM] = 0
    for atom in range(len(graph.weight)):
        own = state.label[atom]
        state.load[own] += graph.weight[atom]
        state.area[own] += graph.area[atom]
        state.perimeter[own] += graph.around[atom]
        state.atoms[own] += 1
        state.foreign[atom] = 0
        state.other[atom] = NONE
        outside = 0
        for arc in range(graph.first[atom], graph.first[atom + 1]):
            if state.label[graph.to[arc]] == own:
                state.perimeter[own] -= graph.border[arc]
            else:
                outside += 1
        settle(state, atom, outside)
    for grid in range(len(state.load)):
        reckon(state, grid, terms)


@compiled_inline
def settle(state: State, atom: int, change: int) -> None:
    """Count so many more arcs of an atom as leading to other grids; keep the rim in step."""
    before = state.foreign[atom]
    state.foreign[atom] = before + change
    if before == 0 and change > 0:
        state.seat[atom] = state.now[RIM]
        state.rim[state.now[RIM]] = atom
        state.now[RIM] += 1
    elif before > 0 and before + change == 0:
        state.now[RIM] -= 1
        last = state.rim[state.now[RIM]]
        state.rim[state.seat[atom]] = last
        state.seat[last] = state.seat[atom]


@compiled
def assess(graph: Graph, state: State, terms: Terms, score: Reals) -> None:
    """Write violation and cost of the plan, from the totals of `tally`."""
    score[VIOLATION] = 0.0
    score[COST] = 0.0
    for grid in range(len(state.load)):
        score[VIOLATION] += excess(state.load[grid], terms)
        score[COST] += state.cost[grid]
    for atom in range(len(graph.weight)):
        own = state.label[atom]
        if graph.home[atom] >= 0 and graph.home[atom] != own:
            score[COST] += terms.moved * graph.weight[atom] / terms.target
        for arc in range(graph.first[atom], graph.first[atom + 1]):
            if state.label[graph.to[arc]] != own:
                score[COST] += 0.5 * terms.border * graph.cut[arc]


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
def keep_best(state: State, score: Reals, best: Ints) -> None:
    """Write the plan's labels out if it is the best so far: in band before all, then by cost."""
    closer = score[VIOLATION] < score[BEST_VIOLATION] - SMALL
    level = score[VIOLATION] < score[BEST_VIOLATION] + SMALL
    if closer or (level and score[COST] < score[BEST_COST] - SMALL):
        score[BEST_VIOLATION] = score[VIOLATION]
        score[BEST_COST] = score[COST]
        copy_labels(state, best)
