"""Locked and anchored atoms of one grid that lie apart, joined before a search starts."""

from __future__ import annotations

from collections import deque

import numpy as np

from geo.redraw.state import NONE, Graph, Ints


def join_fixed(graph: Graph, labels: Ints) -> None:
    """Label, in place, shortest paths between fixed atoms of one grid that lie in pieces.

    Paths avoid atoms fixed to other grids. Where there is none the labels stay as they are.
    """
    for label in np.unique(labels[graph.fixed]):
        ours = np.flatnonzero(graph.fixed & (labels == label))
        while path := _bridge(graph, labels, ours, int(label)):
            labels[path] = label


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
