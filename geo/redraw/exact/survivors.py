"""Which of today's grids a plan keeps, and how far each can reach."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from typing import Final

import numpy as np

from geo.redraw.exact.network import Network
from geo.redraw.problem import Problem
from geo.redraw.state import NONE, Ints, Reals

_MOST: Final = 1_000  # choices looked at for one community


@dataclass(frozen=True, eq=False)
class Choice:
    """Some of today's grids kept: the new grid each node is at home in, -1 where it is given up.

    The first `named` of the `grids` go on as today's; `moved` (households, or units
    of them) are in those given up.
    """

    home: Ints
    named: int
    grids: int
    moved: float


def first_choices(weight: Ints | Reals, problem: Problem, grids: int, most: int) -> list[Choice]:
    """Return the first choices of today's grids to keep, by what each node weighs.

    More of them than grids: some are given up, the lightest first, but none that atoms are locked
    or anchored to.
    """
    today = len(problem.kept)
    if today == 0:
        return [Choice(problem.graph.home, 0, grids, 0.0)]
    weighs = _households(weight, problem)
    optional, many = _optional(problem, weighs, grids)
    gone = islice(combinations(optional, many), _MOST)
    lightest = sorted(gone, key=lambda each: sum(weighs[grid] for grid in each))[:most]
    return [_without(problem, each, grids, weighs) for each in lightest]


def choices_below(
    network: Network, problem: Problem, grids: int, limit: int
) -> list[tuple[int, Choice]] | None:
    """Return the choices in which fewer households than a limit must move, and how many.

    The fewest first; None where there are too many to look at.
    """
    weighs = _households(np.asarray(network.weight), problem)
    optional, many = _optional(problem, weighs, grids)
    light = _lighter([weighs[grid] for grid in optional], many, limit)
    gone = [[optional[nth] for nth in each] for each in islice(light, _MOST + 1)]
    if len(gone) > _MOST:
        return None
    every = [_without(problem, each, grids, weighs) for each in gone]
    found = [(must_move(network, choice), choice) for choice in every]
    return sorted((each for each in found if each[0] < limit), key=lambda each: each[0])


def _optional(problem: Problem, weighs: Sequence[float], grids: int) -> tuple[list[int], int]:
    """Return today's grids that may be given up, the lightest first, and how many of them are."""
    every = range(len(problem.kept))
    optional = sorted(set(every) - set(problem.wanted.tolist()), key=lambda grid: weighs[grid])
    return optional, min(len(optional), max(0, len(every) - grids))


def _lighter(weighs: Sequence[float], many: int, limit: float) -> Iterator[tuple[int, ...]]:
    """Yield the sets of so many that weigh less than a limit, where the lightest come first."""
    if sum(weighs[:many]) >= limit:  # those are the lightest
        return
    if many == 0:
        yield ()
        return
    for last in range(many - 1, len(weighs)):
        for others in _lighter(weighs[:last], many - 1, limit - weighs[last]):
            yield (*others, last)


def _without(problem: Problem, gone: Sequence[int], grids: int, weighs: Sequence[float]) -> Choice:
    """Return the choice that gives up some of today's grids."""
    return _choice(problem, sorted(set(range(len(weighs))) - set(gone)), grids, weighs)


def must_move(network: Network, choice: Choice) -> int:
    """Return how many households must move with a choice, whatever else."""
    weight = np.asarray(network.weight)
    here = choice.home >= 0
    loads = np.bincount(choice.home[here], weight[here], choice.grids)
    return int(choice.moved + np.maximum(0, loads - network.high).sum())


def choice_of(weight: Ints | Reals, problem: Problem, used: Sequence[int]) -> Choice:
    """Return the choice that keeps of today's grids those among some labels."""
    kept = [grid for grid in used if grid < len(problem.kept)]
    return _choice(problem, kept, len(used), _households(weight, problem))


def choice_by(
    weight: Ints | Reals, problem: Problem, labels: Sequence[int]
) -> tuple[Choice, list[int]]:
    """Return the choice of grids that a solution keeps, and its labels without the others."""
    used = sorted(set(labels) - {NONE})
    place = {grid: i for i, grid in enumerate(used)}
    return choice_of(weight, problem, used), [place.get(label, NONE) for label in labels]


def _households(weight: Ints | Reals, problem: Problem) -> list[float]:
    """Return what each of today's grids weighs."""
    home, here = problem.graph.home, problem.graph.home >= 0
    weighs = np.zeros(len(problem.kept), weight.dtype)
    np.add.at(weighs, home[here], weight[here])
    return list(weighs.tolist())


def _choice(problem: Problem, kept: Sequence[int], grids: int, weighs: Sequence[float]) -> Choice:
    place = np.full(len(weighs) + 1, NONE, np.int64)
    place[list(kept)] = np.arange(len(kept))
    gone = sorted(set(range(len(weighs))) - set(kept))
    return Choice(place[problem.graph.home], len(kept), grids, sum(weighs[grid] for grid in gone))


def within_reach(
    network: Network, problem: Problem, choice: Choice, limit: int, grids: int
) -> list[set[int]]:
    """Return the nodes each grid may have in a plan that moves fewer households than a limit.

    A grid that keeps some of its nodes reaches others over nodes that it must move.
    """
    wanted, left = problem.wanted.tolist(), limit - int(choice.moved)
    every = [node for node in range(len(wanted)) if node not in network.gone]
    allowed = []
    for grid in range(grids):
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
