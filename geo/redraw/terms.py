"""What a search with so many grids is told of a community: homes, band, the load to aim at."""

from __future__ import annotations

from typing import Final

import numpy as np

from geo.redraw.numbers import Count
from geo.redraw.problem import Problem
from geo.redraw.state import NONE, Graph, Reals, Terms
from geo.rules import Band, Rules

_WIDE: Final = 1e18  # stands for no upper bound


def units(problem: Problem) -> Reals:
    """Return the households that no plan parts: of each grid that holds nodes, of each other node.

    >>> from types import SimpleNamespace
    >>> graph = SimpleNamespace(weight=np.array([5.0, 1.0, 2.0, 4.0]))
    >>> units(SimpleNamespace(graph=graph, wanted=np.array([0, -1, 0, -1]))).tolist()
    [7.0, 1.0, 4.0]
    """
    weight, held = problem.graph.weight, problem.wanted >= 0
    if not held.any():
        return weight
    together = np.bincount(problem.wanted[held], weight[held]).astype(np.float64)
    return np.concatenate([together, weight[~held]])


def ground(
    problem: Problem, count: Count, grids: int, band: Band | None, rules: Rules
) -> tuple[Graph, Terms]:
    """Return the graph with the homes that so many grids can keep, and band and prices."""
    home = np.where(problem.graph.home < grids, problem.graph.home, NONE)
    graph = problem.graph._replace(home=home, cut=_relative(problem, grids))
    return graph, _terms(problem, count, grids, band, rules)


def _relative(problem: Problem, grids: int) -> Reals:
    """Return what borders cost in sides of a mean grid, so that their price needs no unit."""
    side = float(np.sqrt(problem.graph.area.sum() / grids))
    return problem.graph.cut / side if side > 0 else problem.graph.cut.copy()


def _terms(problem: Problem, count: Count, grids: int, band: Band | None, rules: Rules) -> Terms:
    """Return band and prices; the load to aim at leaves what is above the band out of the mean."""
    weight, each = problem.graph.weight, units(problem)
    high = band.high if band is not None else _WIDE
    rest = float(each[each <= high].sum()) if count.big else float(weight.sum())
    target = rest / max(1, grids - count.big) or float(weight.sum()) or 1.0
    low = band.low if band is not None else 0.0
    # Reals all of them: a whole number among them would be compiled for anew.
    return Terms(*(float(value) for value in (low, high, target, *rules.weights)))
