"""One community solved: numbers of grids, seeds and starts tried until every grid is in band."""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Final, Literal, NamedTuple, TypeAlias

import numpy as np

from geo.errors import LockConflictError
from geo.metrics import in_band
from geo.redraw.annealing import Schedule, search
from geo.redraw.growth import start
from geo.redraw.locks import join_fixed
from geo.redraw.numbers import Count, count_grids
from geo.redraw.problem import Problem
from geo.redraw.recombination import new_tree
from geo.redraw.state import BEST_COST, BEST_VIOLATION, NONE, Ints, Reals, Terms, new_state
from geo.rules import Band, Rules

Quality: TypeAlias = Literal["fast", "best"]


class Effort(NamedTuple):
    """How hard to try: moves per atom, searches, and searches more where still out of band."""

    steps_per_atom: int
    seeds: int
    rescue: int


EFFORTS: Final[dict[Quality, Effort]] = {"fast": Effort(150, 1, 3), "best": Effort(500, 2, 6)}

_HOT, _COLD, _BAND, _LARGE = 1.0, 0.01, 30.0, 0.002
_WIDE: Final = 1e18  # stands for no upper bound
_LEAST_STEPS: Final = 2000
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
    for number, nth in _ladder(count, EFFORTS[quality]):
        if _settled(best, nth, EFFORTS[quality]):
            break
        draw = np.random.default_rng([seed, zlib.crc32(problem.name.encode()), number, nth])
        found = _attempt(problem, count, number, band, (rules, quality, draw))
        tried.append(number)
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


def _ladder(count: Count, effort: Effort) -> Iterator[tuple[int, int]]:
    """Yield (number of grids, seed): the first number, then the others, then more seeds."""
    for nth in range(effort.seeds):
        yield count.numbers[0], nth
    if count.reason is None:
        for nth, number in product(range(effort.rescue), count.numbers):
            yield number, effort.seeds + nth


def _settled(best: _Try | None, nth: int, effort: Effort) -> bool:
    """Tell whether the rescue may stop: every grid is in band and the first seeds are done."""
    return best is not None and nth >= effort.seeds and best.violation <= _NIL


def _attempt(
    problem: Problem,
    count: Count,
    number: int,
    band: Band | None,
    how: tuple[Rules, Quality, np.random.Generator],
) -> _Try:
    """Return one search's plan."""
    rules, quality, draw = how
    atoms = len(problem.graph.weight)
    grids = min(number, atoms)
    home = np.where(problem.graph.home < grids, problem.graph.home, NONE)
    graph = problem.graph._replace(home=home, cut=_relative(problem, grids))
    terms = _terms(problem, count, grids, band, rules)
    state, tree = new_state(atoms, grids), new_tree(atoms, len(graph.to))
    state.label[:] = np.where(graph.fixed, problem.wanted, home)
    join_fixed(graph, state.label)
    start(graph, state, terms, tree, draw)
    _check_locks(problem, state.label)
    best = state.label.copy()
    if grids == 1:
        return _Try(0.0, 0.0, best)
    steps = max(_LEAST_STEPS, EFFORTS[quality].steps_per_atom * atoms)
    schedule = Schedule(steps, _HOT, _COLD, _BAND, _LARGE)
    score = search(graph, state, terms, schedule, (tree, best, draw))
    return _Try(round(float(score[BEST_VIOLATION]), 9), float(score[BEST_COST]), _closed(best))


def _relative(problem: Problem, grids: int) -> Reals:
    """Return border lengths in sides of a mean grid, so that their price needs no unit."""
    side = float(np.sqrt(problem.graph.area.sum() / grids))
    return problem.graph.border / side if side > 0 else problem.graph.border.copy()


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
