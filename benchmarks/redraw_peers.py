"""Peers of the redraw, with the best settings found for each: a community's graph to labels.

Each makes its own form of the graph first (`ready`), which is not timed, as ours has its own too.
They come with `uv sync --group bench`.
"""

from __future__ import annotations

import contextlib
import random
import warnings
from collections.abc import Callable
from functools import partial
from typing import Any, Final, NamedTuple

import geopandas as gpd
import gerrychain
import kahip
import libpysal
import networkx as nx
import numpy as np
import pymetis
from gerrychain import GeographicPartition
from gerrychain.constraints import within_percent_of_ideal_population
from gerrychain.metrics import polsby_popper
from gerrychain.optimization import SingleMetricOptimizer
from gerrychain.partition import recursive_tree_part
from gerrychain.proposals import recom
from gerrychain.tree import bipartition_tree
from gerrychain.updaters import Tally

from geo.redraw.state import Graph
from geo.rules import Band

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # spopt says of its own parts that they are deprecated
    from spopt.region import AZP, MaxPHeuristic, Skater


# Of 99 by default: each takes max-p about a second a grid.
_CONSTRUCTIONS: Final = 2


_ATTEMPTS: Final = 300  # trees GerryChain draws for a cut (100,000 by default: for ever, here)


class Task(NamedTuple):
    """A community to be labelled: its graph, the number of grids, the band."""

    graph: Graph
    grids: int
    band: Band


class Peer(NamedTuple):
    """An engine: what it makes of the graph beforehand, and how it labels with a seed.

    `few`: so slow that it gets a few communities only.
    """

    ready: Callable[[Task], Any]
    label: Callable[[Any, Task, int], np.ndarray]
    few: bool = False


def _metis(ready: Any, task: Task, seed: int) -> np.ndarray:  # noqa: ANN401 its own form
    """Return METIS's labels: k-way, contiguous, ten cuts, borders weighted by length."""
    adjacency, weights, lengths = ready
    options = pymetis.Options(
        ufactor=max(1, int(1000 * _slack(task))), seed=seed, contig=1, niter=50, ncuts=10
    )
    parted = pymetis.part_graph(
        task.grids,
        adjacency,
        vweights=weights,
        eweights=lengths,
        recursive=False,
        options=options,
    )
    return np.asarray(parted[1])


def _metis_ready(task: Task) -> tuple[object, list[int], list[int]]:
    graph = task.graph
    adjacency = pymetis.CSRAdjacency(graph.first.tolist(), graph.to.tolist())
    return adjacency, graph.weight.astype(int).tolist(), _lengths(graph).tolist()


def _kahip(ready: Any, task: Task, seed: int) -> np.ndarray:  # noqa: ANN401 its own form
    """Return KaHIP's labels, preconfiguration strong, borders weighted by length."""
    slack = max(0.01, _slack(task))
    _, labels = kahip.kaffpa(*ready, task.grids, slack, True, seed, kahip.STRONG)  # noqa: FBT003 silent
    return np.asarray(labels)


def _kahip_ready(task: Task) -> tuple[list[int], list[int], list[int], list[int]]:
    graph = task.graph
    weights, lengths = graph.weight.astype(int).tolist(), _lengths(graph).tolist()
    return weights, graph.first.tolist(), lengths, graph.to.tolist()


def _net(task: Task) -> gerrychain.Graph:
    """Return GerryChain's graph, with all that its own measures of form need."""
    graph = task.graph
    source = np.repeat(np.arange(len(graph.weight)), np.diff(graph.first))
    outer = graph.around - np.bincount(source, graph.border, len(graph.weight))
    net = nx.Graph()
    for atom, (load, area, rim) in enumerate(zip(graph.weight, graph.area, outer, strict=True)):
        net.add_node(
            atom,
            households=int(load),
            area=float(area),
            boundary_node=bool(rim > 1.0),
            boundary_perim=float(max(rim, 0.0)),
        )
    for here, there, metres in zip(source, graph.to, graph.border, strict=True):
        net.add_edge(int(here), int(there), shared_perim=float(metres))
    return gerrychain.Graph.from_networkx(net)


def _tree_parts(net: gerrychain.Graph, task: Task, seed: int) -> dict[int, int]:
    """Return a recursive tree partition; where none is found in the band, in a wider one.

    GerryChain 1.0 raises KeyError where what is left to be cut is a single atom.
    """
    for wider in (1, 2, 4, 8, 16):
        with contextlib.suppress(RuntimeError, ValueError, KeyError):
            return recursive_tree_part(
                graph=net,
                parts=range(task.grids),
                pop_target=task.graph.weight.sum() / task.grids,
                pop_col="households",
                epsilon=wider * max(0.01, _slack(task)),
                bipartition_tree_fn=partial(bipartition_tree, max_attempts=_ATTEMPTS),
                rng=seed,
            )
    return dict.fromkeys(range(len(task.graph.weight)), 0)


def _in_order(assigned: Any, task: Task) -> np.ndarray:  # noqa: ANN401 any mapping
    return np.asarray([assigned[atom] for atom in range(len(task.graph.weight))])


def _tree(net: gerrychain.Graph, task: Task, seed: int) -> np.ndarray:
    """Return the labels of GerryChain's recursive tree partition."""
    random.seed(seed)
    return _in_order(_tree_parts(net, task, seed), task)


def _bursts(net: gerrychain.Graph, task: Task, seed: int) -> np.ndarray:
    """Return the most compact plan of short bursts of ReCom: ten bursts of ten steps."""
    random.seed(seed)
    target, slack = task.graph.weight.sum() / task.grids, max(0.01, _slack(task))
    updaters = {"population": Tally("households", alias="population")}
    begin = GeographicPartition(net, _tree_parts(net, task, seed), updaters)
    search = SingleMetricOptimizer(
        lambda plan, rng: recom(plan, "households", target, slack, rng=rng),
        [within_percent_of_ideal_population(begin, slack)],
        begin,
        lambda plan: float(np.mean(list(polsby_popper(plan).values()))),
        rng=seed,
    )
    for _ in search.short_bursts(10, 10):
        pass
    return _in_order(search.best_part.assignment, task)


class _Spatial(NamedTuple):
    """spopt's form: a table of middles and households, and who borders on whom."""

    table: gpd.GeoDataFrame
    w: libpysal.weights.W


def _spatial(task: Task) -> _Spatial:
    graph = task.graph
    columns = {"x": graph.x, "y": graph.y, "households": graph.weight}
    table = gpd.GeoDataFrame(columns, geometry=gpd.points_from_xy(graph.x, graph.y))
    near = np.split(graph.to, graph.first[1:-1])
    w = libpysal.weights.W(
        {atom: to.tolist() for atom, to in enumerate(near)}, silence_warnings=True
    )
    return _Spatial(table, w)


def _solved(model: Any) -> np.ndarray:  # noqa: ANN401 one of three
    model.solve()
    return np.unique(np.asarray(model.labels_), return_inverse=True)[1]


def _skater(ready: _Spatial, task: Task, seed: int) -> np.ndarray:  # noqa: ARG001 it has none
    """Return SKATER's labels: middles as attributes, at least half a mean grid's atoms each."""
    floor = len(ready.table) // (2 * task.grids)
    return _solved(Skater(ready.table, ready.w, ["x", "y"], task.grids, floor))


def _azp(ready: _Spatial, task: Task, seed: int) -> np.ndarray:
    """Return AZP's labels: middles as attributes."""
    return _solved(AZP(ready.table, ready.w, ["x", "y"], task.grids, random_state=seed))


def _maxp(ready: _Spatial, task: Task, seed: int) -> np.ndarray:
    """Return max-p's labels: as many grids as the least of the band allows."""
    np.random.seed(seed)  # noqa: NPY002 what it draws from
    random.seed(seed)
    columns = ready.table, ready.w, ["x", "y"], "households", task.band.low, 2
    return _solved(MaxPHeuristic(*columns, max_iterations_construction=_CONSTRUCTIONS))


PEERS: Final[dict[str, Peer]] = {
    "METIS": Peer(_metis_ready, _metis),
    "KaHIP strong": Peer(_kahip_ready, _kahip),
    "GerryChain tree": Peer(_net, _tree),
    "GerryChain bursts": Peer(_net, _bursts, few=True),
    "spopt SKATER": Peer(_spatial, _skater, few=True),
    "spopt AZP": Peer(_spatial, _azp, few=True),
    "spopt max-p": Peer(_spatial, _maxp, few=True),
}


def _slack(task: Task) -> float:
    """Return the imbalance the band leaves on its nearer side."""
    mean = task.graph.weight.sum() / task.grids
    return float(min(task.band.high / mean - 1, 1 - task.band.low / mean))


def _lengths(graph: Graph) -> np.ndarray:
    """Return whole numbers from 1 on, 100 for a border of mean length."""
    return np.maximum(1, np.round(graph.border / graph.border.mean() * 100)).astype(int)
