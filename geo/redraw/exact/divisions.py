"""Where few nodes have households, every division of these into grids in band is looked at.

Then the grids are joined over ground where nobody lives. A search seldom gets there where much of
that ground must change hands before a node with many households can: it gains nothing on the way.
No solver is needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

from geo.redraw.exact.network import Network, filled, network_of
from geo.redraw.exact.realising import realised
from geo.redraw.problem import Problem
from geo.redraw.state import NONE, Ints
from geo.rules import Band

_PEOPLED: Final = 16  # nodes with households up to which their divisions are looked at
_STEPS: Final = 20_000  # nodes put in a grid, for one number of grids
_JOINED: Final = 40_000  # nodes of all divisions that are joined into a plan


class Division(NamedTuple):
    """The grid of each node with households, in the order they were named, and the loads."""

    grids: tuple[int, ...]
    loads: tuple[int, ...]


class Looked(NamedTuple):
    """A plan in band (a label by node; None: none was found), or the proof that there is none."""

    labels: Ints | None
    ruled_out: bool


def looked_through(problem: Problem, band: Band, grids: int) -> Looked:
    """Return a plan of so many grids, the nearest to today's and the most compact that is found.

    None where more than a few nodes have households, or where no division could be joined.
    """
    network = network_of(problem.graph, band)
    nodes = _peopled(network, problem.wanted)
    if not 0 < len(nodes) <= _PEOPLED:
        return Looked(None, ruled_out=False)
    held = [int(problem.wanted[node]) for node in nodes]
    weights = [network.weight[node] for node in nodes]
    found = divisions(weights, held, grids, (network.low, network.high))
    if not found:
        return Looked(None, ruled_out=found is not None)
    order = sorted(found, key=lambda division: _worth(problem, nodes, division))
    for division in order[: max(1, _JOINED // len(network.weight))]:
        labels = problem.wanted.tolist()
        for node, grid in zip(nodes, division, strict=True):
            labels[node] = grid
        if (whole := realised(network, labels, grids)) is not None:
            return Looked(filled(network, whole), ruled_out=False)
    return Looked(None, ruled_out=False)


def divisions(
    weights: Sequence[int], held: Sequence[int], grids: int, band: tuple[int, int]
) -> list[tuple[int, ...]] | None:
    """Return each way to put weights into so many grids, all in band; None: too many to look at.

    The first weights may be `held` in a grid (-1: in any); grids that hold none are alike.

    >>> divisions([30, 20, 10], [-1, -1, -1], 2, (20, 40))
    [(0, 1, 0), (0, 1, 1)]
    >>> divisions([30, 20, 10], [1, 0, -1], 2, (25, 40))
    [(1, 0, 0)]
    """
    left = [*np.cumsum(weights[::-1])[::-1].tolist(), 0]
    stack, found, steps = [Division((), (0,) * grids)], [], 0
    while stack:
        division = stack.pop()
        nth = len(division.grids)
        if nth == len(weights):
            found.append(division.grids)
            continue
        more = list(_put(division, weights[nth], held, band, left[nth + 1]))
        steps += len(more)
        if steps > _STEPS:
            return None
        stack.extend(reversed(more))
    return found


def _put(
    division: Division, weight: int, held: Sequence[int], band: tuple[int, int], left: int
) -> Iterator[Division]:
    """Yield the division with the next weight in each grid, as far as all can yet be in band."""
    low, high = band
    taken, loads = division
    wanted = held[len(taken)]
    opened = max(*held, *taken, NONE) + 1
    for grid in range(min(opened + 1, len(loads))) if wanted == NONE else (wanted,):
        then = (*loads[:grid], loads[grid] + weight, *loads[grid + 1 :])
        if then[grid] <= high and sum(max(0, low - load) for load in then) <= left:
            yield Division((*taken, grid), then)


def _peopled(network: Network, wanted: Ints) -> list[int]:
    """Return the nodes with households, those held in a grid first, then the heaviest."""
    nodes = [node for node, households in enumerate(network.weight) if households > 0]
    return sorted(nodes, key=lambda node: (wanted[node] < 0, -network.weight[node], node))


def _worth(problem: Problem, nodes: Sequence[int], division: Sequence[int]) -> tuple[float, float]:
    """Return the households that a division moves, and how far apart those of its grids live."""
    graph, grid = problem.graph, np.asarray(division, np.int64)
    weight, home = graph.weight[list(nodes)], graph.home[list(nodes)]
    here = home >= 0
    stay = np.zeros((int(grid.max()) + 1, int(home.max(initial=0)) + 1))
    np.add.at(stay, (grid[here], home[here]), weight[here])
    moved = float(weight[here].sum() - stay[linear_sum_assignment(-stay)].sum())
    far = 0.0
    for along in (graph.x[list(nodes)], graph.y[list(nodes)]):
        middle = np.bincount(grid, weight * along) / np.maximum(np.bincount(grid, weight), 1e-9)
        far += float((weight * (along - middle[grid]) ** 2).sum())
    return round(moved, 6), far
