"""How far a plan is from the smallest moment of inertia that any plan of its community has.

Hess's measure of compactness: households × squared metres from the middle of their atom to the
middle of their grid's best atom. No plan in band, in one piece each, with as many grids has less
than the bound; the plan handed in and the best one found are measured in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Final, Literal, TypeAlias

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.metrics import in_band
from geo.redraw.exact.hess import CLOSE, Answer, Mend, Plan, solved
from geo.redraw.exact.knapsacks import Loads, whole_loads
from geo.redraw.exact.moments import LEAST, cool, moments_of, new_room, pulls
from geo.redraw.exact.prices import BETTER, Reduced, reduced
from geo.redraw.growth import new_queues, start
from geo.redraw.recombination import new_tree
from geo.redraw.state import NONE, Graph, Ints, Reals, Terms, new_state
from geo.rules import Band

BOUNDED: Final = 400  # atoms up to which there is a bound
_PAIRS: Final = 3_000  # variables up to which the rest is solved, within half a minute or so
_STARTS: Final = 8
_TRIES: Final = 2_500  # a start, an atom
_HEAT: Final = 0.4  # first of the warmest start, in moments of a mean grid
_PASSES: Final = 4
_NOTHING: Final = 1e-6  # household × m²: rounding, not a moment
_NIL: Final = 1e-9

Status: TypeAlias = Literal["optimal", "open", "no_plan", "too_large"]
_OPEN: Final[Status] = "open"


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
        optimal: the best is proven (its gap two millionths at most); open: something better is not
        ruled out; no_plan: none in band exists with so many grids; too_large: nothing but ours was
        computed.
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

    def told(self) -> dict[str, float | int | str | None]:
        """Return the record as plain values for a report, without the labels."""
        moments = {name: getattr(self, name) for name in ("bound", "best", "ours", "about_middles")}
        shares = {"gap": self.gap, "ours_over_bound": self.over}
        work = {"steps": self.steps, "nodes": self.nodes, "cuts": self.cuts}
        return {
            "status": self.status,
            "unit": "households × m²",
            **{
                name: value if value is None else round(value, 1) for name, value in moments.items()
            },
            **{name: value if value is None else round(value, 6) for name, value in shares.items()},
            **work,
        }

    @property
    def gap(self) -> float | None:
        """Share of the best plan's moment that is not proven; None without a bound or a plan."""
        if self.bound is None or self.best is None:
            return None
        return (self.best - self.bound) / self.best if self.best > 0 else 0.0

    @property
    def over(self) -> float | None:
        """Ours over the bound, 1 at the best; None where the two cannot be held together."""
        if not self.bound or not self.in_band:
            return 1.0 if self.bound == 0 and self.ours <= _NOTHING else None
        return self.ours / self.bound


def inertia(graph: Graph, labels: Ints, band: Band | None, *, enough: float = 0.0) -> Inertia:
    """Return the bound on the moment of inertia, the best plan found, and the plan's own.

    The same input gives the same answer: work is counted in steps and nodes, not in seconds.

    Parameters
    ----------
    graph
        A community. Fixed atoms keep to their grid, named by their home, in the best plan.
    labels
        Grid of each atom, 0 to k - 1.
    band
        Least and most households of a grid; None: any.
    enough
        Gap at which to stop, as a share of the best plan's moment.
    """
    reach = _reach(graph, band)
    ours = _measured(graph, labels, reach)
    if len(labels) > BOUNDED:
        return ours
    pull = pulls(graph)
    known = _cooled(graph, labels, grids=_grids(labels), reach=reach, pull=pull)
    if known.moment <= _NOTHING:
        return _said(ours, Answer(known._replace(moment=0.0), 0.0, proven=True))
    near = known.labels if len(known.labels) else labels
    mend = partial(_cooled, graph, grids=_grids(labels), reach=reach, pull=pull, starts=1)
    first = Reduced(
        0.0, _possible(graph, pull, reach), _grids(labels), _prices(pull, near), labels[:0], 0
    )
    left, known = _narrowed(first, whole_loads(graph.weight, *reach[:2]), known, mend)
    ours = replace(ours, steps=left.steps)
    if left.bound >= known.moment * BETTER:
        return _said(ours, Answer(known, known.moment * BETTER, proven=True))
    left = left._replace(bound=left.bound * (1 - _NIL))
    small = np.isfinite(left.cost).sum() <= _PAIRS
    if not small or left.bound >= known.moment * (1 - enough):
        proven = left.bound >= known.moment * CLOSE
        return _said(ours, Answer(known, left.bound, proven=proven))
    return _said(ours, solved(graph, left, reach, known, (mend, enough)))


def _narrowed(left: Reduced, loads: Loads, known: Plan, mend: Mend) -> tuple[Reduced, Plan]:
    """Return what is left to decide, and the best plan, tried around the cheapest centres too."""
    for _ in range(_PASSES):
        steps = left.steps
        left = reduced(left.cost, loads, left.grids, known.moment, left.prices)
        left = left._replace(steps=steps + left.steps)
        if not np.isfinite(left.bound) or left.bound >= known.moment * BETTER:
            break
        plan = mend(left.centres[np.argmin(left.cost[left.centres], axis=0)])
        if plan.moment >= known.moment * BETTER:
            break
        known = plan
    return left, known


def _said(ours: Inertia, answer: Answer) -> Inertia:
    """Return the record of an answer."""
    found, status = len(answer.best.labels) > 0, _OPEN
    if answer.proven:
        status = "optimal" if found else "no_plan"
    return replace(
        ours,
        bound=None if status == "no_plan" else answer.bound,
        best=answer.best.moment if found else None,
        labels=answer.best.labels,
        status=status,
        nodes=answer.nodes,
        cuts=answer.cuts,
    )


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


def _cooled(
    graph: Graph, labels: Ints, *, grids: int, reach: Band, pull: Reals, starts: int = _STARTS
) -> Plan:
    """Return the best plan of some searches from labels, each warmer than the one before."""
    label = np.unique(labels, return_inverse=True)[1]
    middle = float(graph.weight.sum()) / grids
    terms = Terms(float(reach.low), float(reach.high), middle, 0.0, 0.0, 0.0, 0.0)
    room, rng = new_room(len(label), grids), np.random.default_rng(0)
    scratch = new_tree(len(label), len(graph.to)), new_queues(grids, len(graph.to))
    for nth in range(starts):
        state = new_state(len(label), grids)
        state.label[:] = label
        start(graph, state, terms, scratch, rng)
        heat = _HEAT * (nth + 1) / _STARTS
        aim = float(reach.low), float(reach.high), heat, _TRIES * len(label)
        cool(graph, state, pull, aim, (room, rng))
    if not np.isfinite(room.score[LEAST]) or not _keeps(graph, room.best):
        return Plan(np.inf, room.best[:0])
    return Plan(moments_of(graph, room.best)[0], room.best)


def _keeps(graph: Graph, labels: Ints) -> bool:
    """Tell whether fixed atoms of one grid are in one, and those of two in two."""
    held = np.flatnonzero(graph.fixed)
    pairs = np.unique(np.column_stack([graph.home[held], labels[held]]), axis=0)
    return all(len(np.unique(side)) == len(pairs) for side in pairs.T)


def _possible(graph: Graph, pull: Reals, reach: Band) -> Reals:
    """Return the pulls, infinite where the lightest way from atom to centre exceeds the band."""
    count, speck = len(graph.weight), reach.high * _NIL + _NIL
    load = graph.weight[graph.to] + speck  # a way of no weight at all would be no way
    net = csr_array((load, graph.to, graph.first), shape=(count, count))
    least = dijkstra(net) + graph.weight[:, None]
    cost = pull.copy()
    cost[least > reach.high + 2 * count * speck] = np.inf
    return cost


def _prices(pull: Reals, labels: Ints) -> Reals:
    """Return prices to start from: a little more than each atom's part of the moment."""
    prices = np.zeros(len(labels))
    for grid in range(_grids(labels)):
        mine = np.flatnonzero(labels == grid)
        inner = pull[np.ix_(mine, mine)]
        prices[mine] = inner[inner.sum(axis=1).argmin()]
    return np.asarray(1.2 * prices + 0.02 * prices.mean(), np.float64)


def warm_bound() -> None:
    """Make the kernels of the bound ready: compiled, or loaded from where they are kept."""
    to = np.array([1, 0, 2, 1, 3, 2, 4, 3, 5, 4], np.int64)
    first = np.array([0, 1, 3, 5, 7, 9, 10], np.int64)
    one, arcs, none = np.ones(6), np.ones(10), np.full(6, NONE, np.int64)
    weight, x = np.array([1.0, 1.0, 2.0, 2.0, 1.0, 1.0]), np.arange(6.0)
    near, loose = np.zeros(10, np.int64), np.zeros(6, np.bool_)
    row = Graph(first, to, arcs, arcs, near, weight, one, one, x, 0 * x, none, loose)
    inertia(row, np.array([0, 0, 0, 1, 1, 1]), Band(3.0, 7.0, 5.0))
