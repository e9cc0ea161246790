"""Which of today's grids each grid of a plan goes on as, and how many households change grid."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

from geo.redraw.problem import Problem
from geo.redraw.state import NONE, Ints


def matched(problem: Problem, labels: Ints) -> Ints:
    """Return the grid of a plan that each node is at home in (-1: none).

    What locks and anchors hold is the grid they name; the others of today are matched to those of
    the plan so that the fewest households move.
    """
    home, held, weight = problem.graph.home, problem.wanted, problem.graph.weight
    here, fixed = home >= 0, held >= 0
    stay = np.zeros((int(labels.max()) + 1, int(max(home.max(initial=0), held.max(initial=0))) + 1))
    np.add.at(stay, (labels[here], home[here]), weight[here])
    np.add.at(stay, (labels[fixed], held[fixed]), weight.sum() + 1)
    new, old = linear_sum_assignment(-stay)
    place = np.full(stay.shape[1] + 1, NONE, np.int64)
    place[old] = new
    return place[home]


def moved_by(problem: Problem, labels: Ints) -> float:
    """Return the households that change grid, each of today's grids matched to one of a plan."""
    changed = (problem.graph.home >= 0) & (matched(problem, labels) != labels)
    return float(problem.graph.weight[changed].sum())
