"""A search and, where it is asked for, what the solvers add: a rescue, and the least change."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np

from geo.metrics import compactness
from geo.redraw.efforts import EFFORTS, Quality, Stage
from geo.redraw.exact.again import Anew
from geo.redraw.exact.change import LeastChange, least_change
from geo.redraw.exact.hunt import Searches
from geo.redraw.exact.inertia import inertia
from geo.redraw.exact.matching import matched, moved_by
from geo.redraw.exact.rescue import rescue
from geo.redraw.exact.survivors import Choice
from geo.redraw.problem import Problem
from geo.redraw.solving import (
    NIL,
    SMOOTH,
    TRAVEL,
    Heat,
    Rung,
    Solution,
    Try,
    drawn_by_lot,
    homed,
    out_of_band,
    played,
    solve,
    tried,
)
from geo.redraw.state import COST, VIOLATION, Ints, assess, new_state, tally
from geo.redraw.terms import ground
from geo.redraw.tournament import Begin
from geo.rules import Band, Rules

_ENOUGH: Final = 0.01  # gap of the moment of inertia at which its proof may stop
# Stand for the steps after the ladder, whose chance is their own.
_POLISH: Final = 1_000
_NEARBY: Final = 1_001
_ANEW: Final = 1_002
_BUDGET: Final = 4.0  # deterministic time for the least change of a community
_NEAR: Final = (Stage(1, 300),), Heat(0.02, 0.005)  # a quick search near a solver's solution
_DEAR: Final = 100.0  # price of households moved in it
_AGAIN: Final = Stage(4, 1_500), Stage(1, 5_500)  # a search from today's grids, by another lot
_DEAREST: Final = 1_000.0  # the same price in that
_FLIP: Final = 3.5e-7  # deterministic time of a flip in it


class Aim(NamedTuple):
    """What plans are held against."""

    problem: Problem
    found: Solution
    band: Band
    rules: Rules
    seed: int


def settle(
    problem: Problem, rules: Rules, *, quality: Quality, seed: int, other: int | None = None
) -> Solution:
    """Return the best plan found for a community, with proofs where the quality is `proven`.

    Parameters
    ----------
    other
        Another number of grids to try: its plan is taken where fewer grids are out of band, or as
        many, and neither its borders gain less (`Graph.cut`) nor its grids are less compact.

    Raises
    ------
    LocksApartError
        When locked atoms of one grid cannot be joined into one piece.
    MissingSolversError
        When a proof is asked for and the solvers are not installed.
    """
    began = time.perf_counter()
    found = solve(problem, rules, quality=quality, seed=seed)
    if other is not None and other != found.count.numbers[0]:
        more = solve(problem, rules, quality=quality, seed=seed, first=other)
        found = more if _is_better(problem, more, found) else found
    if quality != "proven":
        return found
    if (band := found.band) is not None:
        found = _rescued(Aim(problem, found, band, rules, seed))
        if may_change(problem, found, band):
            found = _changed(Aim(problem, found, band, rules, seed))
    if not out_of_band(found):
        held = problem.graph._replace(home=problem.wanted)  # an anchor's grid is not today's
        bound = inertia(held, found.labels, found.band, enough=_ENOUGH)
        found = replace(found, inertia=bound)
    return replace(found, seconds=time.perf_counter() - began)


def _is_better(problem: Problem, other: Solution, found: Solution) -> bool:
    """Tell whether a plan has fewer grids out of band; of as many, more of both other things."""
    out = out_of_band(other) - out_of_band(found)
    ours, theirs = _gain_and_form(problem, found), _gain_and_form(problem, other)
    return out < 0 or (
        out == 0 and theirs != ours and all(a >= b for a, b in zip(theirs, ours, strict=True))
    )


def _gain_and_form(problem: Problem, found: Solution) -> tuple[float, float]:
    """Return the metres that borders cost less than along nothing, and the mean Polsby-Popper."""
    graph, labels, count = problem.graph, found.labels, len(found.loads)
    source = np.repeat(labels, np.diff(graph.first))
    inner = source == labels[graph.to]
    gain = float((graph.border - graph.cut)[~inner].sum()) / 2  # each border is an arc both ways
    outline = np.bincount(labels, graph.around, count)
    outline = outline - np.bincount(source[inner], graph.border[inner], count)
    area = np.bincount(labels, graph.area, count).astype(np.float64)
    form = float(compactness(area, outline.astype(np.float64)).mean())
    return round(gain, 3), round(form, 6)


def _rescued(aim: Aim) -> Solution:
    """Return the solution with the solver's plan, or with what it proved."""
    found = aim.found
    if found.rescue is None:
        return found
    known = rescue(aim.problem, found.labels, aim.band, found.rescue, seed=aim.seed)
    found = replace(found, rescue=known)
    if known.labels is None:
        return found
    home = matched(aim.problem, known.labels)
    return _with(aim, found, _polished(aim, known.labels, home).labels)


def may_change(problem: Problem, found: Solution, band: Band) -> bool:
    """Tell whether the least change can be asked for: grids of today, and a plan in band."""
    return (
        band.low > 0
        and bool((problem.graph.home >= 0).any())
        and len(found.loads) > 1
        and not out_of_band(found)
    )


def _changed(aim: Aim) -> Solution:
    """Return the solution with the bound on households moved, and the better of two plans."""
    problem, found = aim.problem, aim.found
    change = change_of(aim)
    other = _polished(aim, change.labels, change.home)
    ours = _worth(aim, found.labels, matched(problem, found.labels))
    theirs = _worth(aim, other.labels, change.home)
    drawn = _with(aim, found, other.labels) if theirs < ours else found
    moved = moved_by(problem, drawn.labels)
    best = min(change.found, moved, moved_by(problem, other.labels))
    return replace(drawn, change=replace(change, found=max(change.lower, best), ours=moved))


def change_of(aim: Aim) -> LeastChange:
    """Return the least change for as many grids as a solution in band has."""
    how, labels = searches_of(aim), aim.found.labels
    return least_change(aim.problem, aim.band, labels, how, budget=_BUDGET, seed=aim.seed)


def searches_of(aim: Aim) -> Searches:
    """Return the searches that the solvers are helped by; in them to move households is dear."""
    return Searches(_nearby(aim), _anew(aim))


def _dear(aim: Aim, price: float) -> Aim:
    """Return the same with households moved as dear as so many times the price that is set."""
    weights = aim.rules.weights._replace(moved=price * max(1.0, aim.rules.weights.moved))
    return aim._replace(rules=replace(aim.rules, weights=weights))


def _nearby(aim: Aim) -> Callable[[Ints, Ints], Ints | None]:
    """Return a quick search near labels."""
    dear = _dear(aim, _DEAR)

    def near(labels: Ints, home: Ints) -> Ints | None:
        better = _polished(dear, labels, home, near=True)
        return better.labels if better.violation <= NIL else None

    return near


def _anew(aim: Aim) -> Anew:
    """Return a search from today's grids, the same by the same lot."""
    dear, each = _dear(aim, _DEAREST), _FLIP * sum(stage.keep * stage.flips for stage in _AGAIN)

    def anew(choice: Choice, nth: int) -> tuple[Ints | None, float]:
        rung = Rung(choice.grids, _ANEW + nth, anew=False, stages=_AGAIN, heat=TRAVEL)
        here, how = homed(aim.problem, choice.home), (dear.rules, EFFORTS["proven"], aim.seed)
        graph, terms = ground(here, aim.found.count, choice.grids, aim.band, dear.rules)
        draw = drawn_by_lot(here, rung, how)
        found = tried(here, (graph, terms), (rung, choice.grids), draw, how)
        return (found.labels if found.violation <= NIL else None), each * choice.grids

    return anew


def _polished(aim: Aim, labels: Ints, home: Ints, *, near: bool = False) -> Try:
    """Return a plan made better by a search that begins with it; one in band stays so."""
    grids = int(max(labels.max(), home.max())) + 1
    effort = EFFORTS["proven"]
    stages, heat = _NEAR if near else (effort.again, SMOOTH)
    rung = Rung(grids, _NEARBY if near else _POLISH, anew=False, stages=stages, heat=heat)
    here = homed(aim.problem, home)
    graph, terms = ground(here, aim.found.count, grids, aim.band, aim.rules)
    draw = drawn_by_lot(here, rung, (aim.rules, effort, aim.seed))
    return played(here, graph, terms, (rung, grids, Begin(labels, 0, 0), aim.rules), draw)


def _worth(aim: Aim, labels: Ints, home: Ints) -> tuple[float, float]:
    """Return how far a plan is out of band and what it costs, grids given up counted as moved."""
    grids = int(labels.max()) + 1
    graph, terms = ground(homed(aim.problem, home), aim.found.count, grids, aim.band, aim.rules)
    state, score = new_state(len(labels), grids), np.zeros(4)
    state.label[:] = labels
    tally(graph, state, terms)
    assess(graph, state, terms, score)
    given_up = graph.weight[(aim.problem.graph.home >= 0) & (home < 0)].sum()
    cost = float(score[COST] + terms.moved * given_up / terms.target)
    return round(float(score[VIOLATION]), 9), round(cost, 9)


def _with(aim: Aim, found: Solution, labels: Ints) -> Solution:
    """Return the solution with another plan."""
    loads = np.bincount(labels, aim.problem.graph.weight).astype(np.float64)
    return replace(found, labels=labels, loads=loads)
