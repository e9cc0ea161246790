"""The least households that must change grid so that every grid is in band and in one piece."""

from __future__ import annotations

import math
from dataclasses import dataclass

from geo.redraw.exact.hunt import Hunt, Searches
from geo.redraw.exact.network import network_of
from geo.redraw.problem import Problem
from geo.redraw.state import Ints
from geo.rules import Band


@dataclass(frozen=True, eq=False)
class LeastChange:
    """How few households any plan in band moves: no fewer than `lower`, and `found` by `labels`.

    `home` is the grid each node has today among those the labels name (-1: none, or given up);
    `ours` is what the plan that is drawn moves, counted in the same way.
    """

    lower: float
    found: float
    labels: Ints
    home: Ints
    spent: float
    ours: float = math.inf

    @property
    def proven(self) -> bool:
        """Whether nothing better than what was found can exist."""
        return self.found <= self.lower


def least_change(
    problem: Problem, band: Band, plan: Ints, searches: Searches, *, budget: float, seed: int
) -> LeastChange:
    """Return the least change for as many grids as a plan has, proven or with a bound.

    A community too large to be asked comes back with its own plan, and what the grids given up hold
    at the least as the bound.

    Parameters
    ----------
    plan
        A plan in band to begin with.
    searches
        Quick ones, near what the solver comes to and from today's grids.
    budget
        Deterministic time, about seconds, for the model of all choices, which is asked where they
        are too many to be asked one by one; what comes before that has times of its own.
    """
    network = network_of(problem.graph, band)
    hunt = Hunt(network, problem, band, searches, seed)
    best = hunt.prove(plan, budget)
    scale = network.scale
    lower = min(best.moved, hunt.lower)
    return LeastChange(lower / scale, best.moved / scale, best.labels, best.home, hunt.spent)
