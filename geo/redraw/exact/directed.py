"""Plans in which every node is joined to its grid's root by neighbours that are nearer to it.

Fewer plans than there are, but each is in one piece by construction, so the solver finds the best
of them at once. From a plan found, roots and distances are taken anew.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

import numpy as np

from geo.redraw.exact.network import Network, pieces
from geo.redraw.exact.solvers import Expression, answer, cp_sat
from geo.redraw.state import Graph, Ints

_OUTSIDE: Final = 10_000  # steps that a step out of the grid as it is counts for
_BUDGET: Final = 0.5
DRAWN: Final = 3  # roots from this one on are drawn, and how long steps are
_LONGEST: Final = 4  # step that is drawn


class Directed(NamedTuple):
    """The best such plan (None: none moves so few), and the deterministic time spent."""

    labels: list[int] | None
    spent: float


def directed(
    graph: Graph,
    network: Network,
    allowed: Sequence[Collection[int]],
    start: Ints,
    how: tuple[Ints, int, int, int],
) -> Directed:
    """Return the plan that moves the fewest households, if fewer than a limit.

    Parameters
    ----------
    allowed
        Nodes each grid may have.
    start
        The grid each node is in as it is, from which roots and steps are taken; -1: none.
    how
        The home of each node (-1: none), the limit (units), which root to take (0: the one nearest
        to the middle, 1: the next, and so on; after three they are drawn), the seed.
    """
    home, limit, nth, seed = how
    sat, draw = cp_sat().CpModel(), np.random.default_rng((seed % 2**31, nth))
    inside: dict[tuple[int, int], Expression] = {}
    for grid, nodes in enumerate(allowed):
        own = set(np.flatnonzero(start == grid).tolist()) - network.gone
        if not own:
            return Directed(None, 0.0)
        steps = _ways(graph, network, own, nth, draw)
        here = {
            n: sat.NewBoolVar("") for n in sorted(nodes) if n in steps and n not in network.gone
        }
        _point(sat, network, here, steps)
        households = sum(network.weight[node] * here[node] for node in here)
        sat.AddLinearConstraint(households, network.low, network.high)
        inside.update({(node, grid): variable for node, variable in here.items()})
    if not _place(sat, network, inside):
        return Directed(None, 0.0)
    leaving = sum(
        network.weight[node] * (1 - inside[node, own]) if (node, own) in inside
        else network.weight[node]
        for node, own in enumerate(home.tolist()) if own >= 0
    )  # fmt: skip
    sat.Add(leaving < limit)
    sat.Minimize(leaving)
    found = answer(sat, list(inside.values()), budget=_BUDGET, seed=seed)
    if found.values is None:
        return Directed(None, found.spent)
    labels = [-1] * len(network.weight)
    for (node, grid), value in zip(inside, found.values, strict=True):
        labels[node] = grid if value else labels[node]
    return Directed(labels, found.spent)


def _ways(
    graph: Graph, network: Network, own: set[int], nth: int, draw: np.random.Generator
) -> dict[int, int]:
    """Return how far each node is from the root of a grid, which is chosen, or drawn."""
    if nth < DRAWN:
        root, lengths = _root(graph, network, own, nth), [1] * len(network.weight)
    else:
        root = int(draw.choice(sorted(pieces(network, own)[-1])))
        lengths = draw.integers(1, _LONGEST + 1, len(network.weight)).tolist()
    return _steps(network, own, root, lengths)


def _point(
    sat: Expression, network: Network, here: dict[int, Expression], steps: dict[int, int]
) -> None:
    """Demand of each node but the root a neighbour in the grid that is nearer to the root."""
    for node, variable in here.items():
        nearer = [here[n] for n in network.near[node] if n in here and steps[n] < steps[node]]
        if steps[node] == 0:
            sat.Add(variable == 1)
        else:
            sat.AddBoolOr([variable.Not(), *nearer])


def _place(sat: Expression, network: Network, inside: dict[tuple[int, int], Expression]) -> bool:
    """Put every node in one grid, or in none where nobody lives; tell whether that can be."""
    places: dict[int, list[Expression]] = {}
    for (node, _), variable in inside.items():
        places.setdefault(node, []).append(variable)
    for node, choices in places.items():
        if network.terminal[node]:
            sat.AddExactlyOne(choices)
        else:
            sat.AddAtMostOne(choices)
    return all(node in places for node, must in enumerate(network.terminal) if must)


def _root(graph: Graph, network: Network, own: set[int], nth: int) -> int:
    """Return the node nearest to the middle of the households of a grid's heaviest piece."""
    main = np.asarray(sorted(pieces(network, own)[-1]), np.int64)
    weight = graph.weight[main] + 1.0
    x, y = graph.x[main], graph.y[main]
    off = np.hypot(x - np.average(x, weights=weight), y - np.average(y, weights=weight))
    order = np.lexsort((main, off))
    return int(main[order[min(nth, len(main) - 1)]])


def _steps(network: Network, own: set[int], root: int, lengths: list[int]) -> dict[int, int]:
    """Return how far each node is from the root by steps; those out of the grid count for many."""
    far, queue = {root: 0}, [(0, root)]
    while queue:
        cost, node = heapq.heappop(queue)
        beside = network.near[node] if cost == far[node] else ()
        steps = {n: cost + lengths[n] + (0 if n in own else _OUTSIDE) for n in beside}
        shorter = {n: c for n, c in steps.items() if c < far.get(n, c + 1)}
        far.update(shorter)
        for other, longer in shorter.items():
            heapq.heappush(queue, (longer, other))
    return far
