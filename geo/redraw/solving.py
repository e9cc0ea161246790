"""One community solved: numbers of grids, seeds and starts tried until every grid is in band."""

from __future__ import annotations

import math
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Final, NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

from geo.errors import LocksApartError
from geo.metrics import in_band
from geo.redraw.centres import best_of_centres, new_centres
from geo.redraw.efforts import EFFORTS, Effort, Quality, Stage
from geo.redraw.exact.change import LeastChange
from geo.redraw.exact.inertia import Inertia
from geo.redraw.exact.matching import matched
from geo.redraw.exact.rescue import Rescue, counting
from geo.redraw.exact.survivors import first_choices
from geo.redraw.locks import join_fixed
from geo.redraw.numbers import Count, count_grids
from geo.redraw.problem import Problem
from geo.redraw.state import NONE, Graph, Ints, Reals, Terms, new_state
from geo.redraw.terms import ground, units
from geo.redraw.tournament import Begin, Contest, winner
from geo.rules import Band, Rules


class Heat(NamedTuple):
    """How freely a search moves, from first to last, in prices of the rules."""

    first: float
    last: float


# From compact first plans a search only smooths, the colder the finer the atoms: these are for
# `_ATOMS` a grid. From today's grids it must also travel, and farther where that left a grid out
# of band.
SMOOTH: Final = Heat(0.1, 0.04)
_ATOMS: Final = 25
TRAVEL: Final = Heat(0.1, 0.02)
_FARTHER: Final = Heat(0.5, 0.01)
_BAND: Final = 30.0  # in the highest price of the rules
_TURNS_OF_CENTRES: Final = 20
_DIAGRAMS: Final = 2  # along barriers, and where a plan begins anew to the rescue
_DISTANCES: Final = 1_000_000_000  # looked at for first plans, about a second of one processor
_GRIDS_CHOSEN: Final = 120  # grids × choices of today's grids to keep
_FLIPS_A_ROUND: Final = 4  # for each atom
_GRIDS_A_LARGE_MOVE: Final = 6
# Where households can move, large and long moves find which; flips find the form.
_CALM: Final = 4  # large moves for each grid where all are in band
_FLIPS_A_CHAIN: Final = 50
_LEAST_ROUNDS: Final = 12
# At last the best plan settles: shares of the heat before, and rounds.
_SETTLING: Final = Heat(0.7, 0.03)
_ROUNDS_TO_SETTLE: Final = 4
_DEAR: Final = 3.0  # price of households moved up to which a search travels as said
NIL: Final = 1e-9


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
    rescue: Rescue | None  # what is proven of a community that the search left out of band
    change: LeastChange | None = None  # how few households a plan moves, where that was asked for
    inertia: Inertia | None = None  # of a plan in band, where proofs are asked for


class Rung(NamedTuple):
    """A step of the ladder: how many grids, whether to begin anew, the stages, how freely."""

    number: int
    nth: int
    anew: bool
    stages: tuple[Stage, ...]
    heat: Heat


class Try(NamedTuple):
    """A plan: how far it is out of band, what it costs, its labels."""

    violation: float
    cost: float
    labels: Ints


def solve(
    problem: Problem, rules: Rules, *, quality: Quality, seed: int, first: int | None = None
) -> Solution:
    """Return the best plan found for a community; the same seed gives the same plan.

    `first` is a number of grids to be tried before the others.

    Raises
    ------
    LocksApartError
        When locked atoms of one grid cannot be joined into one piece.
    """
    began = time.perf_counter()
    band = rules.band(problem.rule)
    must = len(set(problem.wanted[problem.wanted >= 0].tolist()))
    count = count_grids(units(problem).tolist(), band, rules, least=must, first=first)
    if band is not None and count.big and problem.graph.weight.max() <= band.high:
        count = count._replace(reason=None)  # locks are above the band, which counting says
    how = rules, EFFORTS[quality], seed
    best, tried, known = _searched(problem, count, band, how)
    grids = int(best.labels.max(initial=-1)) + 1
    loads = np.bincount(best.labels, problem.graph.weight, grids).astype(np.float64)
    seconds = time.perf_counter() - began
    numbers = tuple(dict.fromkeys(tried))
    return Solution(best.labels, loads, count, band, len(tried), numbers, seconds, known)


def _searched(
    problem: Problem, count: Count, band: Band | None, how: tuple[Rules, Effort, int]
) -> tuple[Try, list[int], Rescue | None]:
    """Return the best plan of the ladder, the number of grids of each tried, and what is proven.

    What is proven is None where every grid is in band, or the reason was known in advance.
    """
    best: Try | None = None
    known: Rescue | None = None
    tried: list[int] = []
    for rung in _ladder(problem, count, how[1]):
        if best is not None and _is_good(problem, count, band, best):
            break
        if rung.nth > 0 and known is None:
            known = _counted(problem, count, band)
        if known is not None and known.labels is not None:
            taken, found = _from_plan(problem, count, known.labels, (rung, band), how)
        elif known is not None and not known.unknown and not count.big:
            break
        else:
            taken, found = rung, _attempt(problem, count, rung, band, how)
        tried += [taken.number] * taken.stages[0].keep
        best = found if best is None or found[:2] < best[:2] else best
    if best is None:
        return Try(0.0, 0.0, np.zeros(0, np.int64)), tried, None
    if best.violation <= NIL:
        return best, tried, None
    return best, tried, known or _counted(problem, count, band)


def _counted(problem: Problem, count: Count, band: Band | None) -> Rescue | None:
    """Return what counting says, where no reason was known in advance."""
    return counting(problem, band) if band is not None and count.reason is None else None


def _is_good(problem: Problem, count: Count, band: Band | None, best: Try) -> bool:
    """Tell whether a plan is in band, but for what is above it as one atom or by locks."""
    if best.violation <= NIL or not count.big:
        return best.violation <= NIL
    loads = np.bincount(best.labels, problem.graph.weight).astype(np.float64)
    return int((~in_band(loads, band)).sum()) <= count.big


def out_of_band(solution: Solution) -> int:
    """Return how many grids of a plan are out of band."""
    return int((~in_band(solution.loads, solution.band)).sum())


def _ladder(problem: Problem, count: Count, effort: Effort) -> Iterator[Rung]:
    """Yield the steps: the first number of grids, then, to the rescue, all of them again.

    Where today's grids could not be brought in band, every other step begins anew.
    """
    graph = problem.graph
    bound = bool(graph.fixed.any())
    new = not bound and bool((graph.home == NONE).all())
    first = effort.home if not new else effort.along if _has_barriers(graph) else effort.new
    yield Rung(count.numbers[0], 0, new, first, SMOOTH if new else TRAVEL)
    if count.reason is None or count.big:
        for nth, number in product(range(effort.rescue), count.numbers):
            anew = not bound and (new or nth % 2 == 0)
            heat = TRAVEL if anew and not new else _FARTHER
            yield Rung(number, 1 + nth, anew, effort.again, heat)


def _has_barriers(graph: Graph) -> bool:
    """Tell whether some border costs less than its metres."""
    return not np.array_equal(graph.cut, graph.border)


def _attempt(
    problem: Problem, count: Count, rung: Rung, band: Band | None, how: tuple[Rules, Effort, int]
) -> Try:
    """Return the best plan of one step."""
    rules, effort, _ = how
    atoms = len(problem.graph.weight)
    grids = min(rung.number, atoms)
    if grids == 1:
        return Try(0.0, 0.0, np.zeros(atoms, np.int64))
    best: Try | None = None
    most = max(1, min(effort.choices, _GRIDS_CHOSEN // grids)) if rung.nth == 0 else 1
    for nth, choice in enumerate(first_choices(problem.graph.weight, problem, grids, most)):
        here = homed(problem, choice.home)
        graph, terms = ground(here, count, grids, band, rules)
        given_up = terms.moved * choice.moved / terms.target
        least = given_up + 0.5 * terms.border * float(np.minimum(graph.cut, 0.0).sum())
        if best is not None and best.violation <= NIL and best.cost <= least:
            break
        found = tried(here, (graph, terms), (rung, grids), drawn_by_lot(here, rung, how, nth), how)
        found = found._replace(cost=found.cost + given_up)
        best = found if best is None or found[:2] < best[:2] else best
    return best or Try(np.inf, np.inf, np.zeros(atoms, np.int64))


def _from_plan(
    problem: Problem,
    count: Count,
    labels: Ints,
    where: tuple[Rung, Band | None],
    how: tuple[Rules, Effort, int],
) -> tuple[Rung, Try]:
    """Return a plan in band after a search that begins with it, which keeps it so, and its rung."""
    (rung, band), (rules, effort, _) = where, how
    home, grids = matched(problem, labels), int(labels.max()) + 1
    here = homed(problem, home)
    graph, terms = ground(here, count, grids, band, rules)
    rung = rung._replace(number=grids, anew=False, stages=effort.again, heat=SMOOTH)
    begin = Begin(labels, 0, 0)
    draw = drawn_by_lot(here, rung, how)
    return rung, played(here, graph, terms, (rung, grids, begin, rules), draw)


def homed(problem: Problem, home: Ints) -> Problem:
    """Return a community with other homes of its nodes."""
    return replace(problem, graph=problem.graph._replace(home=home))


def tried(
    problem: Problem,
    where: tuple[Graph, Terms],
    step: tuple[Rung, int],
    draw: np.random.Generator,
    how: tuple[Rules, Effort, int],
) -> Try:
    """Return the plan of a step for one choice of today's grids to keep."""
    (graph, terms), (rung, grids), (rules, effort, _) = where, step, how
    if rung.heat is not SMOOTH:
        # Where households moved are dear, each move that repairs the band first costs as much.
        first = rung.heat.first * max(1.0, rules.weights.moved / _DEAR)
        rung = rung._replace(heat=rung.heat._replace(first=first))
    diagrams = effort.diagrams if rung.stages is effort.new else _DIAGRAMS
    begin = _beginning(problem, graph, terms, (rung, grids, diagrams), draw)
    return played(problem, graph, terms, (rung, grids, begin, rules), draw)


def drawn_by_lot(
    problem: Problem, rung: Rung, how: tuple[Rules, Effort, int], choice: int = 0
) -> np.random.Generator:
    """Return the chance of a step: its own, whatever ran before it."""
    key = [how[2], zlib.crc32(problem.name.encode()), rung.number, rung.nth]
    key += [choice] if choice > 0 else []
    return np.random.default_rng(key)


def played(
    problem: Problem,
    graph: Graph,
    terms: Terms,
    how: tuple[Rung, int, Begin, Rules],
    draw: np.random.Generator,
) -> Try:
    """Return the winner of a tournament by the stages of a step."""
    rung, grids, begin, rules = how
    moves = bool((graph.home >= 0).any())
    weights = rules.weights if moves else rules.weights._replace(moved=0.0)
    price = _BAND * max(_DEAR, *weights)
    contest = Contest(_schedules(len(graph.weight), grids, rung, moves=moves), price, begin)
    violation, cost, labels = winner(graph, terms, contest, grids, draw)
    _check_locks(problem, labels)
    return Try(round(violation, 9), cost, _closed(labels))


def _beginning(
    problem: Problem,
    graph: Graph,
    terms: Terms,
    how: tuple[Rung, int, int],
    draw: np.random.Generator,
) -> Begin:
    """Return where plans begin: in diagrams, in one that fits today's grids best, or in these."""
    rung, grids, wanted = how
    affordable = _DISTANCES // (len(graph.weight) * grids * _TURNS_OF_CENTRES)
    if rung.anew and (graph.home == NONE).all():
        diagrams = max(1, min(wanted, affordable // rung.stages[0].keep))
        return Begin(graph.home, diagrams, _TURNS_OF_CENTRES)
    given = np.where(graph.fixed, problem.wanted, graph.home)
    if rung.anew:
        given = _near_centres(graph, terms, (max(1, min(wanted, affordable)), grids), draw)
    join_fixed(graph, given)
    return Begin(given, 0, 0)


def _near_centres(
    graph: Graph, terms: Terms, how: tuple[int, int], draw: np.random.Generator
) -> Ints:
    """Return labels of grids around centres, so that the most households stay in today's."""
    diagrams, grids = how
    atoms = len(graph.weight)
    state, best = new_state(atoms, grids), np.zeros(atoms, np.int64)
    room = (new_centres(atoms, grids), best, np.zeros(4), draw)
    best_of_centres(graph, state, terms, (diagrams, _TURNS_OF_CENTRES), room)
    stay, here = np.zeros((grids, grids)), graph.home >= 0
    np.add.at(stay, (best[here], graph.home[here]), graph.weight[here])
    return np.asarray(linear_sum_assignment(-stay)[1][best], np.int64)


def _schedules(atoms: int, grids: int, rung: Rung, *, moves: bool) -> Reals:
    """Return the stages as a tournament takes them: rounds of a few flips an atom at the most."""
    travels = rung.heat is not SMOOTH
    few = max(1, grids // _GRIDS_A_LARGE_MOVE)
    large, calm = (grids, _CALM * grids) if moves and travels else (few, few)
    fine = 1.0 if travels else math.sqrt(_ATOMS * grids / atoms)
    hot, cold = rung.heat.first * fine, rung.heat.last * fine
    rows = []
    for keep, flips in rung.stages:
        rounds = max(_LEAST_ROUNDS, flips * grids // (_FLIPS_A_ROUND * atoms))
        each = flips * grids // rounds
        chains = each // _FLIPS_A_CHAIN if travels else 0
        rows.append((keep, rounds, each, large, calm, chains, hot, cold))
    settling = cold * _SETTLING.first, cold * _SETTLING.last
    rows.append((1, _ROUNDS_TO_SETTLE, _FLIPS_A_ROUND * atoms, 0, 0, 0, *settling))
    return np.asarray(rows, np.float64)


def _check_locks(problem: Problem, labels: Ints) -> None:
    """Raise where the start plan could not keep a lock."""
    fixed = problem.graph.fixed
    torn = np.flatnonzero(fixed & (labels != problem.wanted)) if fixed.any() else ()
    if len(torn):
        names = sorted({str(problem.kept[problem.wanted[node]]) for node in torn})
        raise LocksApartError(within=problem.name or "–", grids=", ".join(names[:5]))


def _closed(labels: Ints) -> Ints:
    """Return the labels as they are, or renumbered where a grid came out empty."""
    used = np.unique(labels)
    return labels if len(used) == used[-1] + 1 else np.searchsorted(used, labels).astype(np.int64)
