"""Grids of a model's solution joined over ground where nobody lives, as far as that can be."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import islice, permutations
from typing import Final

from geo.redraw.exact.network import Network, pieces

_ORDERS: Final = 24


def realised(network: Network, labels: Sequence[int], grids: int) -> list[int] | None:
    """Return labels in which each grid is in one piece, terminals kept; None if none was found.

    Nodes where nobody lives are given anew: the pieces of each grid are joined the shortest way,
    one grid after another, in some orders of the grids.
    """
    bare = [label if network.terminal[node] else -1 for node, label in enumerate(labels)]
    split = [grid for grid in range(grids) if len(_parts(network, bare, grid)) > 1]
    for order in islice(permutations(split), _ORDERS):
        tried = list(bare)
        if all(_join(network, tried, grid) for grid in order):
            return tried
    return None


def _parts(network: Network, labels: Sequence[int], grid: int) -> list[set[int]]:
    return pieces(network, [node for node, label in enumerate(labels) if label == grid])


def _join(network: Network, labels: list[int], grid: int) -> bool:
    """Join, in place, the pieces of a grid over free nodes."""
    while len(parts := _parts(network, labels, grid)) > 1:
        path = _path(network, labels, parts[0], grid)
        if not path:
            return False
        for node in path:
            labels[node] = grid
    return True


def _path(network: Network, labels: Sequence[int], piece: set[int], grid: int) -> list[int]:
    """Return the free nodes on the shortest way from a piece to another of its grid."""
    parent = dict.fromkeys(sorted(piece), -1)
    queue = deque(parent)
    while queue:
        node = queue.popleft()
        beside = [other for other in sorted(network.near[node]) if other not in parent]
        if any(labels[other] == grid for other in beside):
            return _way(parent, node, piece)
        free = [n for n in beside if labels[n] < 0 and not network.terminal[n]]
        parent.update(dict.fromkeys(free, node))
        queue.extend(free)
    return []


def _way(parent: dict[int, int], node: int, piece: set[int]) -> list[int]:
    path = []
    while node not in piece:
        path.append(node)
        node = parent[node]
    return path
