"""How far a plan is from the smallest moment of inertia that any plan of its community has.

Hess's measure of compactness: households × squared metres from the middle of their atom to the
middle of their grid's best atom. No plan in band, in one piece each, with as many grids has less
than the bound; the plan handed in and the best one found are measured in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal, NamedTuple, TypeAlias

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.metrics import in_band
from geo.redraw.exact.hess import solved
from geo.redraw.exact.knapsacks import whole_loads
from geo.redraw.exact.moments import LEAST, cool, moments_of, new_room, pulls
from geo.redraw.exact.prices import BETTER, Reduced, reduced
from geo.redraw.growth import new_queues, start
from geo.redraw.recombination import new_tree
from geo.redraw.state import Graph, Ints, Reals, Terms, new_state
from geo.rules import Band

BOUNDED: Final = 400  # atoms up to which there is a bound
_PAIRS: Final = 3_000  # variables up to which the rest is solved, within half a minute or so
_STARTS: Final = 8
_TRIES: Final = 2_500  # a start, an atom
_HEAT: Final = 0.4  # first of the warmest start, in moments of a mean grid
_NIL: Final = 1e-9

Status: TypeAlias = Literal["optimal", "open", "no_plan", "too_large"]


@dataclass(frozen=True, eq=False)
class Inertia:
    """The moment of inertia of a plan beside the smallest there can be, households × m².

    Parameters
    ----------
    bound
        No plan in band and in one piece each, with as many grids, has less; None: not computed.
    best
        Of the best such plan found; None when none was.
    ours
        Of the plan handed in, measured in the same way; a plan out of band may have less than the
        bound.
    about_middles
        Of the plan handed in, each grid about the middle of its households instead of its best
        atom: less than `ours`, and not to be held against the bound.
    in_band
        Whether the plan handed in is, so that `ours` and `bound` are of one kind.
    labels
        The best plan's, by atom; empty when none was found.
    status
        optimal: the best is proven (gap 0); open: something better than the best is not ruled out;
        no_plan: none in band exists with so many grids; too_large: nothing but ours was computed.
    steps, nodes, cuts
        Work spent: times all centres were priced, nodes of the solver's search, cuts added.
    """

    bound: float | None
    best: float | None
    ours: float
    about_middles: float
    in_band: bool
    labels: Ints
    status: Status
    steps: int = 0
    nodes: int = 0
    cuts: int = 0

    @property
    def gap(self) -> float | None:
        """Share of the best plan's moment that is not proven; None without a bound or a plan."""
        if self.bound is None or self.best is None:
            return None
        return (self.best - self.bound) / self.best if self.best > 0 else 0.0

    @property
    def over(self) -> float | None:
        """Ours over the bound, 1 at the best; None where the two cannot be held together."""
        if self.bound is None or not self.in_band:
            return None
        return self.ours / self.bound if self.bound > 0 else 1.0


def inertia(graph: Graph, labels: Ints, band: Band | None) -> Inertia:
    """Return the bound on the moment of inertia, the best plan found, and the plan's own.

    The same input gives the same answer: work is counted in steps and nodes, not in seconds.

    Parameters
    ----------
    graph
        A community. Fixed atoms keep to their grid in the best plan.
    labels
        Grid of each atom, 0 to k - 1.
    band
        Least and most households of a grid; None: any.
    """
    reach = _reach(graph, band)
    ours = _measured(graph, labels, reach)
    if len(labels) > BOUNDED:
        return ours
    known = _known(graph, labels, reach)
    if known.moment == 0:
        return replace(ours, bound=0.0, best=0.0, labels=known.labels, status="optimal")
    loads = whole_loads(graph.weight, reach.low, reach.high)
    cost = _possible(graph, known.pull, reach)
    left = reduced(cost, loads, _grids(labels), known.moment, _prices(known, labels))
    return _concluded(graph, replace(ours, steps=left.steps), known, left, reach)


class _Known(NamedTuple):
    """The best plan before any proof (infinite and empty: none in band), and the pulls."""

    moment: float
    labels: Ints
    pull: Reals


def _reach(graph: Graph, band: Band | None) -> Band:
    """Return the band, or one that holds any load."""
    total = float(graph.weight.sum())
    return band if band is not None else Band(0.0, total, total)


def _grids(labels: Ints) -> int:
    return int(labels.max(initial=-1)) + 1


def _measured(graph: Graph, labels: Ints, reach: Band) -> Inertia:
    """Return the plan's own figures."""
    own, about_middles = moments_of(graph, labels)
    loads = np.bincount(labels, graph.weight, _grids(labels)).astype(np.float64)
    good, none = bool(in_band(loads, reach).all()), np.zeros(0, np.int64)
    return Inertia(None, None, own, about_middles, good, none, "too_large")


def _known(graph: Graph, labels: Ints, reach: Band) -> _Known:
    """Return the best of some searches from the plan, each one warmer than the one before."""
    grids, pull = _grids(labels), pulls(graph)
    middle = float(graph.weight.sum()) / grids
    terms = Terms(float(reach.low), float(reach.high), middle, 0.0, 0.0, 0.0, 0.0)
    room, rng = new_room(len(labels), grids), np.random.default_rng(0)
    scratch = new_tree(len(labels), len(graph.to)), new_queues(grids, len(graph.to))
    for nth in range(_STARTS):
        state = new_state(len(labels), grids)
        state.label[:] = labels
        start(graph, state, terms, scratch, rng)
        heat = _HEAT * (nth + 1) / _STARTS
        aim = float(reach.low), float(reach.high), heat, _TRIES * len(labels)
        cool(graph, state, pull, aim, (room, rng))
    least = float(room.score[LEAST])
    return _Known(least, room.best if np.isfinite(least) else room.best[:0], pull)


def _possible(graph: Graph, pull: Reals, reach: Band) -> Reals:
    """Return the pulls, infinite where the lightest way from atom to centre exceeds the band."""
    count, speck = len(graph.weight), reach.high * _NIL + _NIL
    load = graph.weight[graph.to] + speck  # a way of no weight at all would be no way
    net = csr_array((load, graph.to, graph.first), shape=(count, count))
    least = dijkstra(net) + graph.weight[:, None]
    cost = pull.copy()
    cost[least > reach.high + 2 * count * speck] = np.inf
    return cost


def _prices(known: _Known, labels: Ints) -> Reals:
    """Return prices to start from: a little more than each atom's part of the moment."""
    labels = known.labels if len(known.labels) else labels
    prices = np.zeros(len(labels))
    for grid in range(_grids(labels)):
        mine = np.flatnonzero(labels == grid)
        inner = known.pull[np.ix_(mine, mine)]
        prices[mine] = inner[inner.sum(axis=1).argmin()]
    return np.asarray(1.2 * prices + 0.02 * prices.mean(), np.float64)


def _concluded(graph: Graph, ours: Inertia, known: _Known, left: Reduced, reach: Band) -> Inertia:
    """Return what follows from what is left to decide, solved where it is small enough."""
    found = len(known.labels) > 0
    here = replace(ours, best=known.moment if found else None, labels=known.labels)
    ceiling = known.moment * BETTER
    if left.bound >= ceiling:
        return _settled(here, ceiling)
    bound = left.bound * (1 - _NIL)
    here = replace(here, bound=bound, status="open")
    if np.isfinite(left.cost).sum() > _PAIRS:
        return here
    scale = max(1.0, known.moment if found else bound)
    answer = solved(graph, left.cost, reach, left.grids, scale)
    here = replace(here, nodes=answer.nodes, cuts=answer.cuts)
    if answer.outcome == "none":
        return _settled(here, ceiling)
    bound = max(bound, min(answer.bound, ceiling))
    if answer.labels is None:
        return replace(here, bound=bound)
    labels = np.unique(answer.labels, return_inverse=True)[1].astype(np.int64)
    best = moments_of(graph, labels)[0]
    return replace(here, bound=min(bound, best), best=best, labels=labels, status="optimal")


def _settled(here: Inertia, ceiling: float) -> Inertia:
    """Return the answer where nothing below the ceiling exists."""
    if here.best is None:
        return replace(here, bound=None, status="no_plan")
    return replace(here, bound=ceiling, status="optimal")
