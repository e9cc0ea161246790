"""A community as the solver sees it: whole weights, neighbours, and which nodes must be served."""

from __future__ import annotations

import heapq
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from geo.redraw.state import Graph, Ints
from geo.rules import Band

_FINEST: Final = 1_000_000
_LARGEST: Final = 10.0**15
_SLACK: Final = 1e-6
_CLIQUE: Final = 6  # neighbours looked at: more are hardly ever all neighbours of each other


@dataclass(frozen=True, eq=False)
class Network:
    """Nodes, their neighbours, and weights and band in whole units of `1 / scale` households.

    `terminal`: has households or is fixed. Other nodes only join what lies around them; `gone`
    are those nobody needs for it, left out of `near` and given away at the very end.
    """

    near: tuple[frozenset[int], ...]
    weight: tuple[int, ...]
    terminal: tuple[bool, ...]
    gone: frozenset[int]
    low: int
    high: int
    scale: int
    all_near: tuple[frozenset[int], ...]


def network_of(graph: Graph, band: Band) -> Network:
    """Return the network of a community.

    Weights with more than six decimals are rounded and the band is widened by as much, so that a
    proof stays true; a plan is held against the true band by whoever takes it.
    """
    scale, exact = _scale(graph.weight.tolist())
    weight = tuple(round(value * scale) for value in graph.weight.tolist())
    slack = _SLACK if exact else len(weight) / 2
    near = [set(arcs) for arcs in _arcs(graph)]
    every = tuple(frozenset(nodes) for nodes in near)
    terminal = tuple(w > 0 or bool(f) for w, f in zip(weight, graph.fixed, strict=True))
    gone = _peel(near, terminal)
    low, high = math.ceil(band.low * scale - slack), math.floor(band.high * scale + slack)
    kept = tuple(frozenset(nodes) for nodes in near)
    return Network(kept, weight, terminal, gone, low, high, scale, every)


def _arcs(graph: Graph) -> list[list[int]]:
    ends = graph.first.tolist()
    return [graph.to[a:b].tolist() for a, b in pairwise(ends)]


def _scale(weights: list[float]) -> tuple[int, bool]:
    """Return the units in a household, and whether all weights are whole in them."""
    scale = 1
    while scale < _FINEST and sum(weights) * scale * 10 < _LARGEST:
        if all(abs(w * scale - round(w * scale)) < _SLACK for w in weights):
            return scale, True
        scale *= 10
    return scale, all(abs(w * scale - round(w * scale)) < _SLACK for w in weights)


def _peel(near: list[set[int]], terminal: tuple[bool, ...]) -> frozenset[int]:
    """Take out, in place, nodes whose neighbours all border on each other: no path needs them."""
    gone: set[int] = set()
    waiting = {node for node, must in enumerate(terminal) if not must}
    while waiting:
        node = min(waiting)
        waiting.discard(node)
        around = near[node]
        if len(around) > _CLIQUE or any(b not in near[a] for a in around for b in around if a < b):
            continue
        gone.add(node)
        for other in around:
            near[other].discard(node)
        waiting.update(other for other in around if not terminal[other])
        near[node] = set()
    return frozenset(gone)


def load(network: Network, nodes: Iterable[int]) -> int:
    """Return the weight of some nodes."""
    return sum(network.weight[node] for node in nodes)


def parts_of(
    near: Sequence[Collection[int]] | Mapping[int, Collection[int]], nodes: Iterable[int]
) -> list[set[int]]:
    """Return the pieces that nodes fall into, by their first nodes."""
    left, found = set(nodes), []
    while left:
        piece = {min(left)}
        front = list(piece)
        while front:
            beside = left.intersection(near[front.pop()]) - piece
            piece |= beside
            front.extend(sorted(beside))
        left -= piece
        found.append(piece)
    return found


def pieces(network: Network, nodes: Collection[int]) -> list[set[int]]:
    """Return the pieces that nodes fall into, the lightest first."""
    found = parts_of(network.near, nodes)
    return sorted(found, key=lambda piece: (load(network, piece), min(piece)))


def reaches(network: Network, start: int, walls: Collection[int], goal: int | None) -> bool:
    """Tell whether a node can still be part of a grid when no node of the walls is.

    True when it reaches the goal, or, without one, as many households as the band asks for.
    """
    seen, front, total = {start}, [start], network.weight[start]
    while front:
        if goal in seen or (goal is None and total >= network.low):
            return True
        beside = [n for n in network.near[front.pop()] if n not in seen and n not in walls]
        seen.update(beside)
        total += load(network, beside)
        front.extend(beside)
    return goal in seen or (goal is None and total >= network.low)


def within(network: Network, start: int, most: int) -> dict[int, int]:
    """Return the nodes that a grid of so many households can hold beside a node.

    With each, the households of the lightest way there, both ends counted.
    """
    far = {start: network.weight[start]}
    queue = [(network.weight[start], start)]
    while queue:
        cost, node = heapq.heappop(queue)
        farther = (
            {n: cost + network.weight[n] for n in network.near[node]} if cost == far[node] else {}
        )
        shorter = {n: c for n, c in farther.items() if c <= most and c < far.get(n, most + 1)}
        far.update(shorter)
        for other, longer in shorter.items():
            heapq.heappush(queue, (longer, other))
    return far


def filled(network: Network, labels: list[int]) -> Ints:
    """Return labels where each node without one (-1) has taken a neighbour's, from near to far.

    Pieces of a label without a terminal lose it first: they hang loose.
    """
    kept = list(labels)
    for node in _loose(network, labels):
        kept[node] = -1
    queue = [node for node, label in enumerate(kept) if label >= 0]
    for node in queue:
        bare = [other for other in sorted(network.all_near[node]) if kept[other] < 0]
        for other in bare:
            kept[other] = kept[node]
        queue.extend(bare)
    return np.asarray(kept, np.int64)


def _loose(network: Network, labels: list[int]) -> list[int]:
    """Return the nodes of pieces where nobody lives."""
    parts = (
        piece
        for label in sorted(set(labels) - {-1})
        for piece in pieces(network, [node for node, one in enumerate(labels) if one == label])
    )
    return [n for piece in parts if not any(network.terminal[m] for m in piece) for n in piece]
