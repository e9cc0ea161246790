"""Peers of the redraw, with the best settings found for each: a community's graph to labels.

They come with `uv sync --group bench`.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final

import gerrychain
import kahip
import networkx as nx
import numpy as np
import pymetis
from gerrychain.tree import recursive_tree_part

from geo.redraw.state import Graph
from geo.rules import Band

Peer = Callable[[Graph, int, Band, int], np.ndarray]


def metis(graph: Graph, grids: int, band: Band, seed: int) -> np.ndarray:
    """Return METIS's labels: k-way, contiguous, ten cuts, borders weighted by length."""
    options = pymetis.Options(
        ufactor=max(1, int(1000 * _slack(graph, grids, band))),
        seed=seed,
        contig=1,
        niter=50,
        ncuts=10,
    )
    parted = pymetis.part_graph(
        grids,
        pymetis.CSRAdjacency(graph.first.tolist(), graph.to.tolist()),
        vweights=graph.weight.astype(int).tolist(),
        eweights=_lengths(graph).tolist(),
        recursive=False,
        options=options,
    )
    return np.asarray(parted[1])


def kahip_strong(graph: Graph, grids: int, band: Band, seed: int) -> np.ndarray:
    """Return KaHIP's labels, preconfiguration strong, borders weighted by length."""
    _, labels = kahip.kaffpa(
        graph.weight.astype(int).tolist(),
        graph.first.tolist(),
        _lengths(graph).tolist(),
        graph.to.tolist(),
        grids,
        max(0.01, _slack(graph, grids, band)),
        True,  # noqa: FBT003 silent; a C function without names
        seed,
        kahip.STRONG,
    )
    return np.asarray(labels)


def gerrychain_tree(graph: Graph, grids: int, band: Band, seed: int) -> np.ndarray:
    """Return the labels of GerryChain's recursive tree partition."""
    random.seed(seed)
    source = np.repeat(np.arange(len(graph.weight)), np.diff(graph.first))
    net = nx.Graph(zip(source.tolist(), graph.to.tolist(), strict=True))
    nx.set_node_attributes(net, dict(enumerate(graph.weight.astype(int).tolist())), "households")
    assigned = recursive_tree_part(
        graph=gerrychain.Graph.from_networkx(net),
        parts=range(grids),
        pop_target=graph.weight.sum() / grids,
        pop_col="households",
        epsilon=max(0.01, _slack(graph, grids, band)),
        rng=seed,
    )
    return np.asarray([assigned[atom] for atom in range(len(graph.weight))])


PEERS: Final[dict[str, Peer]] = {
    "METIS": metis,
    "KaHIP strong": kahip_strong,
    "GerryChain tree": gerrychain_tree,
}


def _slack(graph: Graph, grids: int, band: Band) -> float:
    """Return the imbalance the band leaves on its nearer side."""
    mean = graph.weight.sum() / grids
    return float(min(band.high / mean - 1, 1 - band.low / mean))


def _lengths(graph: Graph) -> np.ndarray:
    """Return whole numbers from 1 on, 100 for a border of mean length."""
    return np.maximum(1, np.round(graph.border / graph.border.mean() * 100)).astype(int)
