"""A community that a search left out of band: a plan from the solver, or the proof of none."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.metrics import in_band
from geo.redraw.exact.divisions import looked_through
from geo.redraw.exact.feasibility import decide
from geo.redraw.exact.network import Network, network_of
from geo.redraw.exact.reasons import Proof, counted, indivisible, too_many_held
from geo.redraw.problem import Problem, part_of
from geo.redraw.state import Flags, Ints
from geo.rules import Band

_BUDGET: Final = 20.0  # deterministic time for each number of grids
_COUNTED: Final = 600  # nodes up to which counting takes a second or two at the most
_PART_BUDGET: Final = 5.0
_WHOLE: Final = 12_000  # nodes × grids up to which the whole community is asked at once
_PARTS: Final = (1, 2, 3)  # how many neighbours away from a grid out of band a part reaches


@dataclass(frozen=True, eq=False)
class Rescue:
    """What became of a community out of band.

    `labels` of a plan in band, None where none was found; `proofs` by number of grids; `unknown`
    numbers of grids for which there is neither; `spent` deterministic time.
    """

    labels: Ints | None
    proofs: tuple[Proof, ...]
    unknown: tuple[int, ...]
    spent: float


def numbers_of(problem: Problem, band: Band) -> tuple[int, ...]:
    """Return every number of grids that could be in band, the nearest to the middle first.

    So many grids hold the households, and each has at least one node with some; locks and anchors
    ask for a least number. A band that begins at 0 leaves room for grids without households.
    """
    weight, must = problem.graph.weight, _held(problem)
    total = math.fsum(weight.tolist())
    if band.low <= 0:
        return tuple(range(max(1, must, math.ceil(total / band.high)), len(weight) + 1))
    peopled = int((weight > 0).sum())
    fitting = [k for k in band.numbers(total) if max(1, must) <= k <= peopled]
    return tuple(sorted(fitting, key=lambda k: (abs(k - total / band.middle), k)))


def _held(problem: Problem) -> int:
    """Return how many grids locks and anchors hold."""
    return len(np.unique(problem.wanted[problem.wanted >= 0]))


def counting(problem: Problem, band: Band) -> Rescue:
    """Return what can be proven by counting alone, without a solver, or a plan found so."""
    numbers = numbers_of(problem, band)
    if not numbers:
        total = math.fsum(problem.graph.weight.tolist())
        return Rescue(None, (too_many_held(_held(problem), total, band),), (), 0.0)
    if band.low <= 0 or len(problem.graph.weight) > _COUNTED:
        return Rescue(None, (), numbers, 0.0)
    proofs = counted(problem, network_of(problem.graph, band), numbers)
    return _looked_through(problem, band, Rescue(None, proofs, _left(numbers, proofs), 0.0))


def _looked_through(problem: Problem, band: Band, known: Rescue) -> Rescue:
    """Return a plan, or more proofs, where few nodes have households."""
    proofs = list(known.proofs)
    for number in known.unknown:
        looked = looked_through(problem, band, number)
        if looked.labels is not None and _good(problem, looked.labels, band, number):
            return Rescue(looked.labels, (), (), 0.0)
        if looked.ruled_out:
            proofs.append(indivisible(int((problem.graph.weight > 0).sum()), number, band))
    done = {proof.grids for proof in proofs}
    return replace(
        known, proofs=tuple(proofs), unknown=tuple(n for n in known.unknown if n not in done)
    )


def rescue(problem: Problem, labels: Ints, band: Band, known: Rescue, *, seed: int) -> Rescue:
    """Return a plan in band, or the proof for each number of grids that there is none.

    A community too large to be asked at once is asked around the grids out of band only, the
    others kept: a plan found so is one, but a proof it is not.

    Parameters
    ----------
    labels
        The best plan of the search.
    known
        What `counting` said.

    Raises
    ------
    MissingSolversError
        When the solvers are not installed.
    """
    if band.low <= 0 or not known.unknown:
        return known
    network, spent = network_of(problem.graph, band), 0.0
    if len(problem.graph.weight) * max(known.unknown) > _WHOLE:
        return _around(problem, labels, band, known, seed)
    proofs, unknown = list(known.proofs), []
    for number in known.unknown:
        wanted = problem.wanted.tolist()
        found = decide(network, number, wanted, budget=_BUDGET, seed=seed)
        spent += found.spent
        if found.labels is not None and _good(problem, found.labels, band, number):
            return Rescue(found.labels, (), (), spent)
        if found.ruled_out:
            proofs.append(_ruled_out(network, number))
        else:
            unknown.append(number)
    return Rescue(None, tuple(proofs), tuple(unknown), spent)


def _left(numbers: Sequence[int], proofs: Sequence[Proof]) -> tuple[int, ...]:
    done = {proof.grids for proof in proofs}
    return () if None in done else tuple(number for number in numbers if number not in done)


def _ruled_out(network: Network, number: int) -> Proof:
    low, high = network.low / network.scale, network.high / network.scale
    return Proof(
        number,
        f"求解器已排除所有分法：各网格连成一片且都在 {low:g}–{high:g} 户",
        f"the solver has ruled out every division into grids of {low:g} to {high:g} households "
        f"in one piece each",
    )


def _good(problem: Problem, labels: Ints, band: Band, number: int) -> bool:
    """Tell whether a plan is in band by the true households, not by whole units of them."""
    loads = np.bincount(labels, problem.graph.weight, number).astype(np.float64)
    return len(loads) == number and bool(in_band(loads, band).all())


def _around(problem: Problem, labels: Ints, band: Band, known: Rescue, seed: int) -> Rescue:
    """Return a plan in which only grids near one out of band differ, if there is one."""
    spent = 0.0
    for far in _PARTS:
        free = _near_bad(problem, labels, band, far)
        rows, number = np.flatnonzero(free[labels]), int(free.sum())
        if len(rows) * number > _WHOLE:
            break
        today = np.full(len(rows), None, dtype=object)
        fixed = problem.graph.fixed[rows]
        today[fixed] = labels[rows][fixed]
        part = part_of(problem, rows, today)
        network, wanted = network_of(part.graph, band), part.wanted.tolist()
        found = decide(network, number, wanted, budget=_PART_BUDGET, seed=seed)
        spent += found.spent
        if found.labels is None:
            continue
        kept = [int(name) for name in part.kept]
        names = kept + [grid for grid in np.flatnonzero(free).tolist() if grid not in kept]
        joined = labels.copy()
        joined[rows] = np.asarray(names, np.int64)[found.labels]
        if _good(problem, joined, band, int(labels.max()) + 1):
            return Rescue(joined, (), (), spent)
    return Rescue(None, known.proofs, known.unknown, spent)


def _near_bad(problem: Problem, labels: Ints, band: Band, far: int) -> Flags:
    """Tell which grids are so many neighbours or fewer away from one out of band."""
    graph, grids = problem.graph, int(labels.max()) + 1
    source = np.repeat(np.arange(len(labels)), np.diff(graph.first))
    pairs = labels[source], labels[graph.to]
    beside = csr_array((np.ones(len(source)), pairs), shape=(grids, grids))
    loads = np.bincount(labels, graph.weight, grids).astype(np.float64)
    bad = np.flatnonzero(~in_band(loads, band))
    steps = dijkstra(beside, unweighted=True, indices=bad, min_only=True)
    return np.asarray(steps <= far, np.bool_)
