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
        for _ in range(len(ours)):
            reached, parent = _search(graph, labels, int(ours[0]), int(label))
            lost = [int(atom) for atom in ours if atom not in reached]
            path = _path(parent, lost[0]) if lost else []
            if not path:
                break
            labels[path] = label


def _search(graph: Graph, labels: Ints, root: int, label: int) -> tuple[set[int], dict[int, int]]:
    """Return the atoms of the root's piece, and how to reach all others, the shortest way."""
    reached, parent = {root}, {root: NONE}
    queue = deque([root])
    while queue:
        atom = queue.popleft()
        for near in graph.to[graph.first[atom] : graph.first[atom + 1]].tolist():
            if near in parent or (graph.fixed[near] and labels[near] != label):
                continue
            parent[near] = atom
            inside = labels[near] == label
            if inside and atom in reached:
                reached.add(near)
                queue.appendleft(near)
            else:
                queue.append(near)
    return reached, parent


def _path(parent: dict[int, int], atom: int) -> list[int]:
    """Return the atoms from an atom back to the root, or none if it was not reached."""
    path = []
    while atom in parent and atom != NONE:
        path.append(atom)
        atom = parent[atom]
    return path
