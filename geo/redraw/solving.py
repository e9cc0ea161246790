"""One community solved: numbers of grids, seeds and starts tried until every grid is in band."""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Final, Literal, NamedTuple, TypeAlias

import numpy as np
from scipy.optimize import linear_sum_assignment

from geo.errors import LockConflictError
from geo.metrics import in_band
from geo.redraw.annealing import Schedule, search
from geo.redraw.centres import best_of_centres, new_centres
from geo.redraw.growth import new_queues, start
from geo.redraw.locks import join_fixed
from geo.redraw.numbers import Count, count_grids
from geo.redraw.problem import Problem
from geo.redraw.recombination import new_tree
from geo.redraw.state import (
    BEST_COST,
    BEST_VIOLATION,
    NONE,
    Graph,
    Ints,
    Reals,
    State,
    Terms,
    new_state,
)
from geo.rules import Band, Rules

Quality: TypeAlias = Literal["fast", "best"]


class Effort(NamedTuple):
    """How hard to try: first plans, flips a grid (a few an atom at the least), searches, more.

    `rescue` are the searches more where a grid is still out of band.
    """

    plans: int
    flips: int
    seeds: int
    rescue: int


EFFORTS: Final[dict[Quality, Effort]] = {
    "fast": Effort(plans=4, flips=1_250, seeds=3, rescue=3),
    "best": Effort(plans=8, flips=11_000, seeds=4, rescue=6),
}


class Heat(NamedTuple):
    """How freely a search moves, from first to last, in prices of the rules."""

    first: float
    last: float


# From compact first plans a search only smooths; from today's grids it must also travel, and
# farther where that left a grid out of band.
_SMOOTH: Final = Heat(0.07, 0.03)
_TRAVEL: Final = Heat(0.1, 0.02)
_FARTHER: Final = Heat(0.5, 0.01)
_BAND: Final = 30.0  # in the highest price of the rules
_ROUNDS_OF_CENTRES: Final = 40
_DISTANCES: Final = 1_000_000_000  # looked at for first plans, a second or two of one processor
_FLIPS_A_ROUND: Final = 4  # for each atom
_GRIDS_A_LARGE_MOVE: Final = 6
_LEAST_ROUNDS: Final = 15
_WIDE: Final = 1e18  # stands for no upper bound
_NIL: Final = 1e-9


@dataclass(frozen=True, eq=False)
class Solution:
    """A community's plan: label of each node (0 to k - 1), loads by label, how it came about."""

    labels: Ints
    loads: Reals
    count: Count
    band: Band | None
    tried: int
    numbers: tuple[int, ...]
    seconds: float


class Rung(NamedTuple):
    """One search of the ladder: how many grids, which seed, whether to begin anew, how freely."""

    number: int
    nth: int
    anew: bool
    heat: Heat


class _Try(NamedTuple):
    violation: float
    cost: float
    labels: Ints


def solve(problem: Problem, rules: Rules, *, quality: Quality, seed: int) -> Solution:
    """Return the best plan found for a community; the same seed gives the same plan.

    Raises
    ------
    LockConflictError
        When locked atoms of one grid cannot be joined into one piece.
    """
    began = time.perf_counter()
    band = rules.band(problem.rule)
    must = len(set(problem.wanted[problem.wanted >= 0].tolist()))
    count = count_grids(problem.graph.weight.tolist(), band, rules, least=must)
    best: _Try | None = None
    tried: list[int] = []
    for rung in _ladder(problem, count, EFFORTS[quality]):
        if _settled(best, rung.nth, EFFORTS[quality]):
            break
        key = [seed, zlib.crc32(problem.name.encode()), rung.number, rung.nth]
        how = rules, EFFORTS[quality], np.random.default_rng(key)
        found = _attempt(problem, count, rung, band, how)
        tried.append(rung.number)
        best = found if best is None or found[:2] < best[:2] else best
    labels = best.labels if best is not None else np.zeros(0, np.int64)
    grids = int(labels.max(initial=-1)) + 1
    loads = np.bincount(labels, problem.graph.weight, grids).astype(np.float64)
    seconds = time.perf_counter() - began
    numbers = tuple(dict.fromkeys(tried))
    return Solution(labels, loads, count, band, len(tried), numbers, seconds)


def out_of_band(solution: Solution) -> int:
    """Return how many grids of a plan are out of band."""
    return int((~in_band(solution.loads, solution.band)).sum())


def _ladder(problem: Problem, count: Count, effort: Effort) -> Iterator[Rung]:
    """Yield the searches: the first number of grids, then the others, then more seeds.

    Where today's grids could not be brought in band, every other search begins anew.
    """
    graph = problem.graph
    bound = bool(graph.fixed.any())
    new = not bound and bool((graph.home == NONE).all())
    for nth in range(effort.seeds):
        yield Rung(count.numbers[0], nth, anew=new, heat=_SMOOTH if new else _TRAVEL)
    if count.reason is None:
        for nth, number in product(range(effort.rescue), count.numbers):
            anew = not bound and (new or nth % 2 == 0)
            heat = _TRAVEL if anew and not new else _FARTHER
            yield Rung(number, effort.seeds + nth, anew=anew, heat=heat)


def _settled(best: _Try | None, nth: int, effort: Effort) -> bool:
    """Tell whether the rescue may stop: every grid is in band and the first seeds are done."""
    return best is not None and nth >= effort.seeds and best.violation <= _NIL


def _attempt(
    problem: Problem,
    count: Count,
    rung: Rung,
    band: Band | None,
    how: tuple[Rules, Effort, np.random.Generator],
) -> _Try:
    """Return one search's plan."""
    rules, effort, draw = how
    atoms = len(problem.graph.weight)
    grids = min(rung.number, atoms)
    home = np.where(problem.graph.home < grids, problem.graph.home, NONE)
    graph = problem.graph._replace(home=home, cut=_relative(problem, grids))
    terms = _terms(problem, count, grids, band, rules)
    state, tree = new_state(atoms, grids), new_tree(atoms, len(graph.to))
    state.label[:] = np.where(graph.fixed, problem.wanted, home)
    if rung.anew and grids > 1:
        state.label[:] = _near_centres(graph, state, terms, effort, draw)
    join_fixed(graph, state.label)
    start(graph, state, terms, (tree, new_queues(grids, len(graph.to))), draw)
    _check_locks(problem, state.label)
    if grids == 1:
        return _Try(0.0, 0.0, state.label)
    best, score = state.label.copy(), np.zeros(4)
    schedule = _schedule(atoms, grids, effort, rung.heat)
    price = _BAND * max(1.0, *rules.weights)
    search(graph, state, terms, schedule._replace(band=price), (tree, best, score, draw))
    return _Try(round(float(score[BEST_VIOLATION]), 9), float(score[BEST_COST]), _closed(best))


def _near_centres(
    graph: Graph, state: State, terms: Terms, effort: Effort, draw: np.random.Generator
) -> Ints:
    """Return labels of grids around centres; the most households stay in today's."""
    atoms, grids = len(graph.weight), len(state.load)
    best, score = np.zeros(atoms, np.int64), np.zeros(4)
    affordable = _DISTANCES // (atoms * grids * _ROUNDS_OF_CENTRES)
    plans = max(1, min(effort.plans, affordable)), _ROUNDS_OF_CENTRES
    room = (new_centres(atoms, grids), best, score, draw)
    best_of_centres(graph, state, terms, plans, room)
    stay, here = np.zeros((grids, grids)), graph.home >= 0
    np.add.at(stay, (best[here], graph.home[here]), graph.weight[here])
    return np.asarray(linear_sum_assignment(-stay)[1][best] if here.any() else best, np.int64)


def _schedule(atoms: int, grids: int, effort: Effort, heat: Heat) -> Schedule:
    """Return how long to search, in rounds of a few flips an atom and some large moves."""
    flips = _FLIPS_A_ROUND * atoms
    rounds = max(_LEAST_ROUNDS, effort.flips * grids // flips)
    large = max(1, grids // _GRIDS_A_LARGE_MOVE)
    return Schedule(rounds, flips, large, heat.first, heat.last, _BAND)


def _relative(problem: Problem, grids: int) -> Reals:
    """Return what borders cost in sides of a mean grid, so that their price needs no unit."""
    side = float(np.sqrt(problem.graph.area.sum() / grids))
    return problem.graph.cut / side if side > 0 else problem.graph.cut.copy()


def _terms(problem: Problem, count: Count, grids: int, band: Band | None, rules: Rules) -> Terms:
    """Return band and prices; the load to aim at leaves atoms above the band out of the mean."""
    weight = problem.graph.weight
    high = band.high if band is not None else _WIDE
    rest = float(weight[weight <= high].sum()) if count.big else float(weight.sum())
    target = rest / max(1, grids - count.big) or float(weight.sum()) or 1.0
    low = band.low if band is not None else 0.0
    # Reals all of them: a whole number among them would be compiled for anew.
    return Terms(*(float(value) for value in (low, high, target, *rules.weights)))


def _check_locks(problem: Problem, labels: Ints) -> None:
    """Raise where the start plan could not keep a lock."""
    torn = np.flatnonzero(problem.graph.fixed & (labels != problem.wanted))
    if len(torn):
        names = sorted({str(problem.kept[problem.wanted[node]]) for node in torn})
        raise LockConflictError(within=problem.name, atoms=", ".join(names[:5]))


def _closed(labels: Ints) -> Ints:
    """Return the labels as they are, or renumbered where a grid came out empty."""
    used = np.unique(labels)
    return labels if len(used) == used[-1] + 1 else np.searchsorted(used, labels).astype(np.int64)
