"""Locked and anchored atoms of one grid that lie apart, joined before a search starts."""

from __future__ import annotations

from collections import deque
from typing import Final

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from geo.redraw.state import NONE, Flags, Graph, Ints, Reals

_ROUNDS: Final = 60
_DEARER: Final = 0.5  # so much more a round for an atom that another grid's ways lead over
_NOWHERE: Final = -9999  # scipy's word for an atom that a search did not come to, or began at


def join_fixed(graph: Graph, labels: Ints) -> None:
    """Label, in place, ways between fixed atoms of one grid that lie in pieces.

    Ways avoid atoms fixed to other grids. The shortest of each grid are tried first; where one
    cuts another off, all grids together, again and again, with what was in demand made dearer.
    Where that comes to no end the labels are those of the shortest ways.
    """
    found = np.unique(labels[graph.fixed])
    for label in found:
        ours = np.flatnonzero(graph.fixed & (labels == label))
        while path := _bridge(graph, labels, ours, int(label)):
            labels[path] = label
    if _torn(graph, labels):
        for label, way in _ways(graph, labels, found).items():
            labels[way] = label


def _torn(graph: Graph, labels: Ints) -> bool:
    """Tell whether fixed atoms of one grid lie in pieces of it."""
    source = np.repeat(np.arange(len(labels)), np.diff(graph.first))
    same = labels[source] == labels[graph.to]
    ends, size = (source[same], graph.to[same]), (len(labels), len(labels))
    piece = connected_components(csr_array((np.ones(same.sum()), ends), shape=size))[1]
    held = np.unique(np.column_stack([labels, piece])[graph.fixed], axis=0)
    return len(np.unique(held[:, 0])) < len(held)


def _ways(graph: Graph, labels: Ints, found: Ints) -> dict[int, Ints]:
    """Return by grid the atoms that join its fixed ones, no atom for two; nothing if none is found.

    Every grid takes the cheapest way, an atom the dearer the more others want it now and wanted it
    before, until no two want the same: negotiated congestion, as wires are laid on a chip.
    Source: McMurchie and Ebeling, PathFinder, 1995.
    """
    ends = {int(label): np.flatnonzero(graph.fixed & (labels == label)) for label in found}
    ways = {label: atoms[:0] for label, atoms in ends.items() if len(atoms) > 1}
    wanted, before = (np.zeros(len(labels)) for _ in range(2))
    for nth in range(_ROUNDS):
        for label, way in list(ways.items()):
            wanted[way] -= 1
            cost = (1 + before) * (1 + _DEARER * (1 + nth) * wanted)
            ways[label] = _cheapest(graph, cost, graph.fixed & (labels != label), ends[label])
            wanted[ways[label]] += 1
        if not all(map(len, ways.values())) or not (wanted > 1).any():
            break
        before[wanted > 1] += 1
    return ways if all(map(len, ways.values())) and not (wanted > 1).any() else {}


def _cheapest(graph: Graph, cost: Reals, closed: Flags, ends: Ints) -> Ints:
    """Return the atoms, these ends included, of a cheap tree that joins them; none: nothing does.

    The nearest end is joined first, by the cheapest way from what is joined already.
    """
    atoms = len(cost)
    price = cost.copy()
    price[ends] = 1e-6  # nothing, which a sparse table would not keep
    open_ = ~closed[graph.to]
    source = np.repeat(np.arange(atoms), np.diff(graph.first))[open_]
    arcs = csr_array((price[graph.to[open_]], (source, graph.to[open_])), shape=(atoms, atoms))
    joined, lost = ends[:1], ends[1:]
    while len(lost):
        far, before, _ = dijkstra(arcs, indices=joined, min_only=True, return_predecessors=True)
        nearest = int(lost[np.argmin(far[lost])])
        if not np.isfinite(far[nearest]):
            return joined[:0]
        joined = np.union1d(joined, _path_back(before, nearest))
        lost = lost[~np.isin(lost, joined)]
    return joined.astype(np.int64)


def _path_back(before: Ints, atom: int) -> list[int]:
    path = [atom]
    while (atom := int(before[atom])) != _NOWHERE:
        path.append(atom)
    return path


def _bridge(graph: Graph, labels: Ints, ours: Ints, label: int) -> list[int]:
    """Return the path to an atom that lies apart; none when all are joined or none can be."""
    reached, parent = _search(graph, labels, int(ours[0]), label)
    lost = [int(atom) for atom in ours if atom not in reached]
    return _path(parent, lost[0]) if lost else []


def _search(graph: Graph, labels: Ints, root: int, label: int) -> tuple[set[int], dict[int, int]]:
    """Return the atoms of the root's piece, and how to reach all others, the shortest way."""
    reached, parent = {root}, {root: NONE}
    queue = deque([root])
    while queue:
        atom = queue.popleft()
        found = [near for near in _open_to(graph, labels, atom, label) if near not in parent]
        parent.update(dict.fromkeys(found, atom))
        inside = [near for near in found if atom in reached and labels[near] == label]
        reached.update(inside)
        queue.extendleft(inside)
        queue.extend(near for near in found if near not in reached)
    return reached, parent


def _open_to(graph: Graph, labels: Ints, atom: int, label: int) -> list[int]:
    """Return the neighbours of an atom that are not fixed to another grid."""
    near = graph.to[graph.first[atom] : graph.first[atom + 1]]
    return [int(each) for each in near[~graph.fixed[near] | (labels[near] == label)]]


def _path(parent: dict[int, int], atom: int) -> list[int]:
    """Return the atoms from an atom back to the root, or none if it was not reached."""
    path = []
    while atom in parent and atom != NONE:
        path.append(atom)
        atom = parent[atom]
    return path
