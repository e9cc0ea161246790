"""Which of today's grids a plan keeps, and how far each can reach."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from itertools import combinations, islice
from typing import Final

import numpy as np

from geo.redraw.exact.network import Network
from geo.redraw.problem import Problem
from geo.redraw.state import NONE, Ints

_MOST: Final = 1_000  # choices looked at for one community


@dataclass(frozen=True, eq=False)
class Choice:
    """Some of today's grids kept: the new grid each node is at home in, -1 where it is given up.

    The first `named` of the `grids` go on as today's; `moved` households are in those given up.
    """

    home: Ints
    named: int
    grids: int
    moved: int


def choices(network: Network, problem: Problem, grids: int) -> list[Choice]:
    """Return the choices of today's grids to keep, those that move the fewest first.

    More of them than grids: some are given up, but none that atoms are locked or anchored to.
    """
    home, today = problem.graph.home, len(problem.kept)
    here = home >= 0
    weight = np.bincount(home[here], np.asarray(network.weight)[here], today).astype(np.int64)
    optional = sorted(set(range(today)) - set(problem.wanted.tolist()))
    given_up = combinations(optional, max(0, today - grids))
    found = [_choice(home, set(gone), grids, weight) for gone in islice(given_up, _MOST)]
    return sorted(found, key=lambda choice: choice.moved)


def _choice(home: Ints, gone: set[int], grids: int, weight: Ints) -> Choice:
    kept = [grid for grid in range(len(weight)) if grid not in gone]
    place = np.full(len(weight) + 1, NONE, np.int64)
    place[kept] = np.arange(len(kept))
    return Choice(place[home], len(kept), grids, int(sum(weight[grid] for grid in gone)))


def within_reach(network: Network, problem: Problem, choice: Choice, limit: int) -> list[set[int]]:
    """Return the nodes each grid may have in a plan that moves fewer households than a limit.

    A grid that keeps some of its nodes reaches others over nodes that it must move.
    """
    wanted, left = problem.wanted.tolist(), limit - choice.moved
    every = [node for node in range(len(wanted)) if node not in network.gone]
    allowed = []
    for grid in range(choice.grids):
        own = np.flatnonzero(choice.home == grid).tolist()
        bound = sum(network.weight[node] for node in own) >= left
        nodes = _reached(network, choice.home.tolist(), own, left) if own and bound else every
        allowed.append({node for node in nodes if wanted[node] in (NONE, grid)})
    return allowed


def _reached(network: Network, home: list[int], own: list[int], most: int) -> list[int]:
    """Return the nodes reached from some over fewer households than so many to be moved."""
    far = dict.fromkeys(own, 0)
    queue = [(0, node) for node in own]
    while queue:
        cost, node = heapq.heappop(queue)
        if cost > far[node]:
            continue
        steps = {n: cost + (network.weight[n] if home[n] >= 0 else 0) for n in network.near[node]}
        shorter = {n: c for n, c in steps.items() if c < min(most, far.get(n, most))}
        far.update(shorter)
        for other, longer in shorter.items():
            heapq.heappush(queue, (longer, other))
    return list(far)
