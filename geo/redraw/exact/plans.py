"""Plans of a community in band: what they move, which of today's grids they keep, what is near."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from geo.metrics import in_band
from geo.redraw.exact.matching import matched
from geo.redraw.exact.model import Model
from geo.redraw.exact.network import Network
from geo.redraw.exact.survivors import Choice, within_reach
from geo.redraw.problem import Problem
from geo.redraw.state import NONE, Ints
from geo.rules import Band


class Plan(NamedTuple):
    """A plan in band: what it moves (in whole units), its labels, and the homes it keeps."""

    moved: int
    labels: Ints
    home: Ints


@dataclass(frozen=True, eq=False)
class Plans:
    """What is asked of plans: a community as the solver sees it, the problem, the true band."""

    network: Network
    problem: Problem
    band: Band

    def of(self, labels: Ints) -> Plan:
        """Return a plan with what it moves."""
        home = matched(self.problem, labels)
        changed = (self.problem.graph.home >= 0) & (home != labels)
        return Plan(int(np.asarray(self.network.weight)[changed].sum()), labels, home)

    def is_good(self, labels: Ints, grids: int) -> bool:
        """Tell whether a plan is in band by the true households, and keeps what is fixed."""
        graph, wanted = self.problem.graph, self.problem.wanted
        loads = np.bincount(labels, graph.weight, grids).astype(np.float64)
        return bool(in_band(loads, self.band).all() and (labels == wanted)[graph.fixed].all())

    def better(self, best: Plan, choice: Choice, labels: Ints | None) -> Plan:
        """Return a plan if it is in band and moves fewer households than the best."""
        if labels is None or not self.is_good(labels, choice.grids):
            return best
        found = self.of(labels)
        return found if found.moved < best.moved else best

    def model(self, best: Plan) -> Model:
        """Return the model in which the solver says which of today's grids go on."""
        grids = int(best.labels.max()) + 1
        today = Choice(self.problem.graph.home, len(self.problem.kept), grids, 0)
        labels = max(grids, today.named)
        allowed = within_reach(self.network, self.problem, today, best.moved, labels)
        wanted = set(self.problem.wanted.tolist()) - {NONE}
        model = Model(self.network, allowed, grids, wanted)
        model.order(range(today.named, labels))
        model.fewest(today.home.tolist())
        return model
