"""A plan made better a few neighbouring grids at a time: their ground divided anew, node by node.

All plans of two grids are soon looked at, of three and four often; so are those of a few grids of
a community of which nobody can look at all. The grids around stay as they are.
"""

from __future__ import annotations

from itertools import chain
from typing import Final, NamedTuple

import numpy as np

from geo.redraw.exact.branching import Branches
from geo.redraw.exact.network import Network, filled
from geo.redraw.exact.plans import Plan, Plans
from geo.redraw.exact.survivors import Choice
from geo.redraw.state import NONE, Ints

_SIZES: Final = (2, 3, 4)  # grids looked at together
_LARGEST: Final = 1_000  # nodes of such a few: the search keeps their places at each depth
_TURN: Final = 0.05  # deterministic time for each such few
_STEP: Final = 0.0005  # deterministic time that making a question counts for


class Regions:
    """What few grids were asked already, of all plans of a community, and the time it took."""

    def __init__(self, plans: Plans) -> None:
        self.plans, self.network, self.wanted = plans, plans.network, plans.problem.wanted
        self.asked: set[tuple[bytes, bytes]] = set()
        self.spent = 0.0

    def divided(self, plan: Plan, *, budget: float) -> Plan:
        """Return the best plan that is found by dividing a few grids anew, as long as one gains.

        What goes on as which of today's grids is asked again of each plan; `budget` in
        deterministic time.
        """
        until = self.spent + budget
        while self.spent < until:
            labels = self._divided(plan, until)
            found = self.plans.of(labels)
            good = self.plans.is_good(labels, int(labels.max()) + 1)
            if not good or found.moved >= plan.moved:
                break
            plan = found
        return plan

    def _divided(self, plan: Plan, until: float) -> Ints:
        """Return the labels after all few grids were asked, the fewest first, until none gains."""
        labels = plan.labels
        for few in _SIZES:
            before: Ints | None = None
            while before is not labels:
                before, labels = labels, self._round(labels, plan.home, few, until)
        return labels

    def _round(self, labels: Ints, home: Ints, few: int, until: float) -> Ints:
        """Return the labels after every so many grids were asked; the same where none gained."""
        for grids in _neighbours(self.network, labels, few):
            if self.spent < until:
                labels = self._one(labels, home, grids, until)
        return labels

    def _one(self, labels: Ints, home: Ints, grids: list[int], until: float) -> Ints:
        """Return the plan with some grids divided anew, the same one where nothing is better."""
        inside = np.isin(labels, grids)
        key = np.where(inside, labels, NONE).tobytes(), np.where(inside, home, NONE).tobytes()
        if key in self.asked or inside.sum() > _LARGEST:
            return labels
        self.asked.add(key)
        part = _part(self.network, labels, home, self.wanted, grids)
        better, effort = part.better(min(_TURN, until - self.spent))
        self.spent += effort + _STEP
        if better is None:
            return labels
        labels = labels.copy()
        labels[part.nodes] = part.grids[better]
        return labels


def _neighbours(network: Network, labels: Ints, few: int) -> list[list[int]]:
    """Return all sets of so many grids that hang together, in a fixed order."""
    beside: dict[int, set[int]] = {}
    for node, near in enumerate(network.all_near):
        beside.setdefault(int(labels[node]), set()).update(labels[list(near)].tolist())
    found = {frozenset({grid}) for grid in beside}
    for _ in range(few - 1):
        found = {
            grids | {other}
            for grids in found
            for other in chain.from_iterable(beside[grid] for grid in grids)
            if other not in grids
        }
    return sorted(sorted(grids) for grids in found)


class _Part(NamedTuple):
    """A few grids and their nodes as a community of their own."""

    network: Network
    choice: Choice
    wanted: Ints
    nodes: Ints
    grids: Ints
    labels: Ints

    def better(self, budget: float) -> tuple[Ints | None, float]:
        """Return the best plan found that moves fewer than this one, None without; and the time."""
        moved, best, spent = self.moved(self.labels), None, 0.0
        branches = Branches(self.network, self.choice, self.wanted)
        while spent < budget and moved > 0:
            reply = branches.solve(moved, budget=budget - spent)
            spent += reply.spent
            if reply.labels is None:
                break
            plan = filled(self.network, reply.labels)
            if (now := self.moved(plan)) >= moved:
                break
            best, moved = plan, now
        return best, spent

    def moved(self, labels: Ints) -> int:
        """Return the households that change grid."""
        away = (self.choice.home >= 0) & (self.choice.home != labels)
        return int(np.asarray(self.network.weight)[away].sum())


def _part(network: Network, labels: Ints, home: Ints, wanted: Ints, grids: list[int]) -> _Part:
    """Return some grids as a community of their own."""
    names = np.array(grids, np.int64)
    nodes = np.flatnonzero(np.isin(labels, names))
    place = {node: i for i, node in enumerate(nodes.tolist())}
    grid_of = np.full(max(int(labels.max()), int(home.max()), int(wanted.max())) + 2, NONE)
    grid_of[names] = np.arange(len(names))
    near = tuple(
        frozenset(place[other] for other in network.all_near[node] if other in place)
        for node in place
    )
    weight = tuple(network.weight[node] for node in place)
    terminal = tuple(network.terminal[node] for node in place)
    part = Network(
        near, weight, terminal, frozenset(), network.low, network.high, network.scale, near
    )
    here = grid_of[home[nodes]]
    choice = Choice(here, len(names), len(names), 0)
    return _Part(part, choice, grid_of[wanted[nodes]], nodes, names, grid_of[labels[nodes]])
