"""The least households that must change grid so that every grid is in band and in one piece."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from scipy.optimize import linear_sum_assignment

from geo.metrics import in_band
from geo.redraw.exact.directed import directed
from geo.redraw.exact.model import Model
from geo.redraw.exact.network import Network, filled, network_of
from geo.redraw.exact.realising import realised
from geo.redraw.exact.survivors import Choice, choices, within_reach
from geo.redraw.problem import Problem
from geo.redraw.state import NONE, Ints
from geo.rules import Band

_TURN: Final = 1.0  # deterministic time that one choice gets before the others have had it
_NIL: Final = 1e-6
_ROOTS: Final = 3  # tried from each plan
_ROUND: Final = 0.02  # deterministic time that making a model counts for

# A plan in band near the labels given (-1: none), for the homes given; None if none was found.
Improve: TypeAlias = Callable[[Ints, Ints], Ints | None]


@dataclass(frozen=True, eq=False)
class LeastChange:
    """How few households any plan in band moves: no fewer than `lower`, and `found` by `labels`.

    `home` is the grid each node has today among those the labels name (-1: none, or given up).
    """

    lower: float
    found: float
    labels: Ints
    home: Ints
    spent: float

    @property
    def proven(self) -> bool:
        """Whether nothing better than what was found can exist."""
        return self.found <= self.lower


class _Plan(NamedTuple):
    """A plan in band: what it moves (in whole units), its labels, and the homes it keeps."""

    moved: int
    labels: Ints
    home: Ints


def least_change(
    problem: Problem, band: Band, plan: Ints, improve: Improve, *, budget: float, seed: int
) -> LeastChange:
    """Return the least change for as many grids as a plan has, proven or with a bound.

    Parameters
    ----------
    plan
        A plan in band to begin with.
    improve
        A quick search from what the solver comes near to.
    budget
        Deterministic time, about seconds.
    """
    network = network_of(problem.graph, band)
    best = _as_plan(network, problem, plan)
    found = choices(network, problem, int(plan.max()) + 1)
    branches = [_Branch(network, problem, band, choice) for choice in found]
    spent = 0.0
    for turn, branch in product((_TURN, budget), branches):
        if branch.lower < best.moved and spent < budget:
            best = branch.search(best, improve, budget=min(turn, budget - spent), seed=seed)
            spent = sum(each.spent for each in branches)
    lower = min([best.moved, *(branch.lower for branch in branches)])
    scale = network.scale
    return LeastChange(lower / scale, best.moved / scale, best.labels, best.home, spent)


def matched(problem: Problem, labels: Ints) -> Ints:
    """Return the grid of a plan that each node is at home in (-1: none).

    Today's grids are matched to those of the plan so that the fewest households move.
    """
    home, fixed, weight = problem.graph.home, problem.graph.fixed, problem.graph.weight
    here = home >= 0
    stay = np.zeros((int(labels.max()) + 1, int(home.max(initial=0)) + 1))
    np.add.at(stay, (labels[here], home[here]), (weight + fixed * (weight.sum() + 1))[here])
    new, old = linear_sum_assignment(-stay)
    place = np.full(stay.shape[1] + 1, NONE, np.int64)
    place[old] = new
    return place[home]


def _as_plan(network: Network, problem: Problem, labels: Ints) -> _Plan:
    """Return a plan with what it moves."""
    home, weight = matched(problem, labels), np.asarray(network.weight)
    moved = weight[(problem.graph.home >= 0) & (home != labels)].sum()
    return _Plan(int(moved), labels, home)


class _Branch:
    """The plans that keep certain of today's grids: the model, and what is known of them."""

    def __init__(self, network: Network, problem: Problem, band: Band, choice: Choice) -> None:
        self.network, self.problem, self.band, self.choice = network, problem, band, choice
        self.lower, self.spent = choice.moved, 0.0
        self.model: Model | None = None
        self.allowed: list[set[int]] = []

    def search(self, best: _Plan, improve: Improve, *, budget: float, seed: int) -> _Plan:
        """Return the best plan known after so much more effort."""
        end = self.spent + budget
        if self.model is None:
            self.allowed = within_reach(self.network, self.problem, self.choice, best.moved)
            self.model = Model(self.network, self.allowed)
            self.model.order(range(self.choice.named, self.choice.grids))
            best = self._around(best, self.choice.home, seed)
            if np.array_equal(best.home, self.choice.home):
                best = self._around(best, best.labels, seed)
        while self.lower < best.moved and self.spent < end - _ROUND:
            best = self._step(self.model, best, improve, (end - self.spent, seed))
        return best

    def _step(self, model: Model, best: _Plan, improve: Improve, how: tuple[float, int]) -> _Plan:
        """Return the best plan after the model was solved once more."""
        given_up, (budget, seed) = self.choice.moved, how
        model.fewest(self.choice.home.tolist(), self.lower - given_up, best.moved - given_up - 1)
        found, labels = model.solve(budget=budget, seed=seed)
        self.spent += found.spent + _ROUND
        if found.ruled_out:
            self.lower = best.moved
            return best
        bound = given_up + math.ceil(found.bound - _NIL)
        self.lower = min(best.moved, max(self.lower, bound))
        if found.values is None:
            return best
        model.hint(labels)
        whole = model.part(labels) == 0
        joined = labels if whole else realised(self.network, labels, self.choice.grids)
        if joined is None:
            plan = improve(np.asarray(labels, np.int64), self.choice.home)
        else:
            plan = filled(self.network, joined)
        better = self._better(best, plan)
        return best if better is best else self._around(better, better.labels, seed)

    def _around(self, best: _Plan, start: Ints, seed: int) -> _Plan:
        """Return the best of plans near one, then near that, from several roots."""
        nth = 0
        while nth < _ROOTS and self.lower < best.moved:
            limit = best.moved - self.choice.moved
            how = self.choice.home, limit, nth, seed
            found = directed(self.problem.graph, self.network, self.allowed, start, how)
            self.spent += found.spent + _ROUND
            nth += 1
            if found.labels is not None:
                best = self._better(best, filled(self.network, found.labels))
                start, nth = best.labels, 0
        return best

    def _better(self, best: _Plan, plan: Ints | None) -> _Plan:
        """Return a plan if it is in band and moves fewer households than the best."""
        if plan is None or not self._good(plan):
            return best
        home, weight = self.choice.home, np.asarray(self.network.weight)
        moved = self.choice.moved + int(weight[(home >= 0) & (plan != home)].sum())
        return _Plan(moved, plan, home) if moved < best.moved else best

    def _good(self, labels: Ints) -> bool:
        """Tell whether a plan is in band by the true households, and keeps what is fixed."""
        graph, wanted = self.problem.graph, self.problem.wanted
        loads = np.bincount(labels, graph.weight, self.choice.grids).astype(np.float64)
        return bool(in_band(loads, self.band).all() and (labels == wanted)[graph.fixed].all())
