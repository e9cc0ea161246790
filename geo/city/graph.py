"""Which pieces are neighbours, which hang together, and how areas grow from seeds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, dijkstra

from geo.city.noise import Bools, Ints, Reals


class Edges(NamedTuple):
    """Pairs of neighbouring pieces and the number of lattice edges they share."""

    a: Ints
    b: Ints
    shared: Ints

    def within(self, group: Ints) -> Edges:
        """Return the edges whose two ends are in one group; a negative group is in none."""
        keep = (group[self.a] == group[self.b]) & (group[self.a] >= 0)
        return Edges(self.a[keep], self.b[keep], self.shared[keep])


@dataclass(frozen=True)
class Grown:
    """What `grow` reached: the seed's number for every piece, -1 where none came."""

    owner: Ints


def neighbours(canvas: Ints, pieces: int) -> Edges:
    """Return the neighbouring pieces of a painted lattice (4-neighbours), each pair once."""
    pairs = []
    for one, other in ((canvas[:, :-1], canvas[:, 1:]), (canvas[:-1], canvas[1:])):
        differ = (one != other) & (one >= 0) & (other >= 0)
        pairs.append((one[differ], other[differ]))
    a = np.concatenate([np.minimum(*pair) for pair in pairs])
    b = np.concatenate([np.maximum(*pair) for pair in pairs])
    key, shared = np.unique(a * pieces + b, return_counts=True)
    return Edges(key // pieces, key % pieces, shared)


def parts(edges: Edges, pieces: int) -> Ints:
    """Return the number of the connected part each piece belongs to."""
    shape = (pieces, pieces)
    graph = coo_array((np.ones(len(edges.a), np.int8), (edges.a, edges.b)), shape=shape)
    labels: Ints = connected_components(graph, directed=False)[1].astype(np.int64)
    return labels


def grow(edges: Edges, cost: Reals, seeds: Ints, pieces: int) -> Ints:
    """Return for every piece the number of the seed whose growth reached it first, -1 if none.

    `cost` is the cost of stepping over each edge. Whatever grew from one seed is in one piece.
    """
    graph = coo_array((cost, (edges.a, edges.b)), shape=(pieces, pieces)).tocsr()
    source = dijkstra(graph, directed=False, indices=seeds, min_only=True, return_predecessors=True)
    number = np.full(pieces + 1, -1, np.int64)
    number[seeds] = np.arange(len(seeds))
    grown: Ints = number[np.where(source[2] >= 0, source[2], pieces)]
    return grown


def largest(label: Ints, edges: Edges, weight: Ints) -> Bools:
    """Tell which pieces lie in the heaviest connected part of their label."""
    part = parts(edges.within(label), len(label))
    heavy = np.bincount(part, weight)
    best = np.full(label.max() + 1, -1.0)
    np.maximum.at(best, label[label >= 0], heavy[part[label >= 0]])
    first = np.full(len(best), len(label))
    winner = (label >= 0) & (heavy[part] == best[label])
    # Two parts of equal weight: the one with the lower number stays.
    np.minimum.at(first, label[winner], part[winner])
    found: Bools = winner & (part == first[label])
    return found


def settled(label: Ints, within: Ints, edges: Edges, weight: Ints) -> Ints:
    """Return the labels with every label in one piece.

    Parts cut off from the heaviest part of their label join a neighbour inside the same `within`.
    """
    label = label.copy()
    loose = ~largest(label, edges, weight) & (label >= 0)
    inside = edges.within(within)
    while loose.any():
        a, b = np.concatenate([inside.a, inside.b]), np.concatenate([inside.b, inside.a])
        ready = loose[a] & ~loose[b]
        order = np.flatnonzero(ready)[np.argsort(np.tile(inside.shared, 2)[ready], kind="stable")]
        label[a[order]] = label[b[order]]  # the longest shared border is written last
        loose[a[order]] = False
    return label
