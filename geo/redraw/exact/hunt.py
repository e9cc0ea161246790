"""The search for the plan that moves the fewest households: who is asked, and for how long.

What is soon done comes first. Plans are looked at node by node, searches are begun again from
today's grids, then a solver that learns is asked whether any plan moves fewer; where much of the
ground is bare, models are solved in which heavy nodes stay.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from geo.redraw.exact.again import Again, Anew
from geo.redraw.exact.asked import Asked, asked_of
from geo.redraw.exact.learning import fits
from geo.redraw.exact.model import Model
from geo.redraw.exact.network import Network, filled
from geo.redraw.exact.plans import Plan, Plans
from geo.redraw.exact.realising import realised
from geo.redraw.exact.regions import Regions
from geo.redraw.exact.survivors import Choice, choice_by, first_choices
from geo.redraw.problem import Problem
from geo.redraw.state import Ints
from geo.rules import Band

_NIL: Final = 1e-6
_NEAR: Final = 0.1  # to search by a choice that a solver says
_ROUND: Final = 0.02  # deterministic time that making a model counts for
_LOOKED: Final = 0.1, 1.2  # deterministic time to look at plans, first and at the end
_LEARNED: Final = 2.0, 3.0  # for questions to a solver that learns
_FAR: Final = 20.0  # for more of them, where bound and best plan are far apart
_MODELS: Final = 0.6  # for the models of each choice
_BARE: Final = 0.5  # share of the nodes, from which on these are worth it
_SHARE: Final = 1 / 2  # of what is left of it, for that of a choice with others after it
_CLOSE: Final = 0.05  # of the households that move, between bound and best plan: not far
_SHARE_ASKED: Final = (1.0,)  # of what lies between bound and best plan, to ask for
_FAR_SHARES: Final = 0.2, 1.0, 0.5  # the same, where they are far apart
_TURN: Final = 0.15  # to look at plans by each choice at first; then twice as much each time
_DIVIDED: Final = 0.6  # deterministic time to divide a few grids anew at a time
_SEARCHED: Final = 0.7  # to search again
_FAR_SEARCHED: Final = 5.0  # the same, where bound and best plan are far apart
_STEPS: Final = 4  # in which the bound of a choice rises to the best plan
_LARGEST: Final = 200_000  # nodes × grids up to which a model is made; ten times as many take 1 GB


class Searches(NamedTuple):
    """The searches that solvers are helped by: near labels, and from today's grids.

    `near` returns a plan in band near labels (-1: none) for the homes given, None if none is found.
    """

    near: Callable[[Ints, Ints], Ints | None]
    anew: Anew


class Hunt:
    """The search for the plan that moves the fewest: what is known, and the effort spent."""

    def __init__(
        self, network: Network, problem: Problem, band: Band, searches: Searches, seed: int
    ) -> None:
        self.network, self.problem = network, problem
        self.searches, self.seed = searches, seed
        self.plans, self.weight = Plans(network, problem, band), np.asarray(network.weight)
        self.lower, self.spent = 0, 0.0
        self.choices: list[Asked] | None = None  # not listed yet
        self.all_asked = False
        self.regions = Regions(self.plans)
        self.again = Again(self.plans, self.regions, searches.anew)

    def prove(self, labels: Ints, budget: float) -> Plan:
        """Return the best plan, and leave the bound known, after so much effort."""
        best, grids = self.plans.of(labels), int(labels.max()) + 1
        self.lower = int(first_choices(self.weight, self.problem, grids, 1)[0].moved)
        if len(self.weight) * grids > _LARGEST:
            return best
        best = self._looked_through(self._divided(best), _LOOKED[0])
        best = self._learned(self._searched(best, _SEARCHED), _LEARNED[0])
        if self.lower < best.moved and (self.weight == 0).mean() >= _BARE:
            best = self._each(best, self.spent + _MODELS)
        best = self._learned(best, _LEARNED[1])
        found = self._looked_through(best, _LOOKED[1])
        best = found if found is best else self._learned(found, _LEARNED[0])
        if best.moved - self.lower > _CLOSE * best.moved:
            best = self._searched(best, _FAR_SEARCHED)
        best = self._learned(best, _FAR, _FAR_SHARES, _CLOSE)
        if self.lower >= best.moved or self.all_asked:
            return best
        return self._asked(self.plans.model(best), best, self.spent + budget)

    def _left(self, best: Plan) -> list[Asked]:
        """Return the choices by which a plan may move fewer than the best one.

        The one whose bound was the lowest at the beginning is the first: so is the bound of all.

        None are asked where they are too many, or the community too large.
        """
        if self.choices is None:
            grids = int(best.labels.max()) + 1
            asked = asked_of(self.network, self.problem, grids, best.moved)
            self.choices, self.all_asked = asked or [], asked is not None
        for each in self.choices:
            each.bound = max(each.bound, self.lower)  # which holds for all of them
        self.choices = [each for each in self.choices if each.bound < best.moved]
        return self.choices

    def _looked_through(self, best: Plan, budget: float) -> Plan:
        """Return the best plan after plans by each choice were looked at, node by node.

        Each of them once, then the one with the lowest bound again and again: it is that of all.
        """
        until = self.spent + budget
        while self.spent < until and (left := self._left(best)):
            each = min(left, key=lambda asked: (asked.turn > 0, asked.bound))
            each.turn = 2 * each.turn or _TURN
            best = self._looked_at(best, each, min(until, self.spent + each.turn))
        return self._raised(best)

    def _looked_at(self, best: Plan, asked: Asked, until: float) -> Plan:
        """Return the best plan after plans by one choice were looked at; its bound is raised."""
        while asked.bound < best.moved and self.spent < until:
            limit = asked.bound + math.ceil((best.moved - asked.bound) / _STEPS)
            reply = asked.branches.solve(limit, budget=until - self.spent)
            self.spent += reply.spent
            if reply.ruled_out:
                asked.bound = limit
                continue
            before = best
            if reply.labels is not None:
                best = self.plans.better(best, asked.choice, filled(self.network, reply.labels))
                best = best if best is before else self._divided(best)
            if best is before:  # the time is up, or rounding made a plan of it that is none
                break
        return best

    def _learned(
        self,
        best: Plan,
        budget: float,
        shares: tuple[float, ...] = _SHARE_ASKED,
        close: float = 0.0,
    ) -> Plan:
        """Return the best plan after a solver that learns was asked, choice by choice.

        Those first that left the fewest questions unanswered. What is left of the time is shared
        among them, since the solver loses much where a turn is cut in two. `close` is the share
        that may lie between bound and best plan at the end.
        """
        until = self.spent + budget
        while fits(self.network) and self.spent < until and (left := self._left(best)):
            if best.moved - min(each.bound for each in left) <= close * best.moved:
                break
            each = min(left, key=lambda asked: (asked.unanswered, asked.bound))
            others = sum(other.unanswered == each.unanswered for other in left)
            before = best.moved, each.bound
            best = self._answered(best, each, shares, (until - self.spent) / others)
            each.unanswered += (best.moved, each.bound) == before
        return self._raised(best)

    def _answered(self, best: Plan, asked: Asked, shares: tuple[float, ...], turn: float) -> Plan:
        """Return the best plan after questions by one choice, until one of them is answered.

        For any better plan, or for much better ones. Either the bound of the choice rises then, or
        the best plan moves fewer.
        """
        asked.sharpen(best.moved)
        for share in shares:
            limit = asked.bound + math.ceil((best.moved - asked.bound) * share)
            reply = asked.learner.ask(limit, turn / len(shares))
            self.spent += reply.spent
            if reply.ruled_out:
                asked.bound = limit
                break
            if reply.labels is not None:
                better = self.plans.better(best, asked.choice, filled(self.network, reply.labels))
                return best if better is best else self._divided(better)
        return best

    def _divided(self, best: Plan) -> Plan:
        """Return the best plan after a few grids at a time were divided anew."""
        if self.lower < best.moved:
            before = self.regions.spent
            best = self.regions.divided(best, budget=_DIVIDED)
            self.spent += self.regions.spent - before
        return best

    def _searched(self, best: Plan, budget: float, choice: Choice | None = None) -> Plan:
        """Return the best plan after searches by other lots, from the grids that a choice keeps."""
        if self.lower >= best.moved:
            return best
        before = self.again.spent
        found = self.again.searched(best, budget=budget, choice=choice)
        self.spent += self.again.spent - before
        return best if found is best else self._divided(found)

    def _raised(self, best: Plan) -> Plan:
        """Return the best plan, the bound raised to the lowest of those of the choices."""
        left = [each.bound for each in self._left(best)]
        if self.all_asked:
            self.lower = max(self.lower, min([best.moved, *left]))
        return best

    def _asked(self, model: Model, best: Plan, until: float) -> Plan:
        """Return the best plan after the model was asked until so much effort was spent."""
        while self.lower < best.moved and self.spent < until - _ROUND:
            best = self._step(model, best, until)
        return best

    def _each(self, best: Plan, until: float) -> Plan:
        """Return the best plan after a model of each choice of today's grids by itself.

        The bound is then the lowest of theirs. Each may take half of what effort is left, since a
        plan found by the first may rule the others out; what they leave is for a second turn.
        """
        left = self._left(best) if self.lower < best.moved else []
        again = []
        for each in left:
            share = 1 if each is left[-1] else _SHARE
            best, failed = self._whole(best, each, self.spent + (until - self.spent) * share)
            again += [] if failed else [each]
        for each in again:
            best, _ = self._whole(best, each, until)
        return self._raised(best)

    def _whole(self, best: Plan, asked: Asked, until: float) -> tuple[Plan, bool]:
        """Return the same as `_bounded`, narrow ground looked at where a solution failed on it."""
        best, failed = self._bounded(best, asked, until)
        if failed:
            best, _ = self._bounded(best, asked, until, narrow=True)
        return best, failed

    def _bounded(
        self, best: Plan, asked: Asked, until: float, *, narrow: bool = False
    ) -> tuple[Plan, bool]:
        """Return the best plan after a model of one choice; its bound is raised.

        Also whether the model's solution could not be had on the ground.
        """
        if asked.bound >= best.moved or self.spent >= until:
            return best, False
        choice, failed = asked.choice, False
        step = math.ceil((best.moved - asked.bound) / _STEPS)
        model = asked.model(self.network, self.problem, best.moved, narrow=narrow)
        self.spent += _ROUND
        while asked.bound < best.moved and self.spent < until:
            limit = min(best.moved, asked.bound + step)
            reply = model.solve(limit, budget=until - self.spent, seed=self.seed)
            self.spent += reply.spent
            if reply.ruled_out:
                asked.bound = limit
                continue
            better = best if reply.labels is None else self._joined(best, choice, reply.labels)
            failed = better is best and reply.labels is not None
            if better is best:
                break
            best = self._divided(better)
        return best, failed

    def _joined(self, best: Plan, choice: Choice, named: list[int], *, whole: bool = False) -> Plan:
        """Return a better plan by a solution, its grids joined over ground where nobody lives."""
        joined = named if whole else realised(self.network, named, choice.grids)
        if joined is None:
            plan = self.searches.near(np.asarray(named, np.int64), choice.home)
        else:
            plan = filled(self.network, joined)
        return self.plans.better(best, choice, plan)

    def _step(self, model: Model, best: Plan, budget: float) -> Plan:
        """Return the best plan after the model was solved once more."""
        model.between(self.lower, best.moved - 1)
        found, labels = model.solve(budget=budget - self.spent, seed=self.seed)
        self.spent += found.spent + _ROUND
        if found.ruled_out:
            self.lower = best.moved
            return best
        bound = math.ceil(found.bound - _NIL)
        self.lower = min(best.moved, max(self.lower, bound))
        if found.values is None:
            return best
        model.hint(labels)
        whole = model.part(labels) == 0
        choice, named = choice_by(self.weight, self.problem, labels)
        better = self._joined(best, choice, named, whole=whole)
        if better is not best:
            return self._divided(better)
        return self._searched(best, _NEAR, choice)
