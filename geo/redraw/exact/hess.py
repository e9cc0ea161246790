"""Hess's model as an integer program, in one piece by cuts that are added when they are broken.

x[i, j] is 1 where atom i belongs to the grid whose best atom is j. Only pairs that a better plan
may hold are variables. A solution with a grid in several pieces is cut off: an atom belongs to a
centre only if some atom of each border that parts the two does.

Source: Hess, Weaver, Siegfeldt, Whelan and Zitlau (1965), Nonpartisan political redistricting by
computer, for the model; Fischetti et al. (2017), Thinning out Steiner trees, for the smallest
separators; Validi, Buchanan and Lykhovyd (2022) for the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from geo.redraw.exact.prices import BETTER, Reduced
from geo.redraw.state import NONE, Flags, Graph, Ints, Reals
from geo.rules import Band

_ROUNDS: Final = 12
_NODES: Final = 2_000  # of the search tree, all rounds together
_SCALE: Final = 1_000.0  # what the ceiling becomes: solvers' tolerances are absolute
_SAFE: Final = 1e-6  # given away of a solver's bound, for its tolerances
CLOSE: Final = 1 - 2e-6  # bound over moment of a plan that counts as the least
_HALF: Final = 0.5
_OPTIMAL, _INFEASIBLE = 0, 2  # of scipy's milp


class Plan(NamedTuple):
    """A plan in band and in one piece each, and its moment; infinite: there is none yet."""

    moment: float
    labels: Ints


Mend: TypeAlias = Callable[[Ints], Plan]


class Answer(NamedTuple):
    """What an integer program found: the best plan, and a moment that no plan undercuts.

    `proven`: the best is the least, or there is none at all. `nodes` of the search tree, `cuts`
    added.
    """

    best: Plan
    bound: float
    proven: bool
    nodes: int = 0
    cuts: int = 0


class _Row(NamedTuple):
    """One constraint: low ≤ sum of parts × variables ≤ high."""

    variables: Ints
    parts: Reals
    low: float
    high: float


class _Pairs(NamedTuple):
    """The variables: atom and centre of each, and the number of each pair (-1: none)."""

    atom: Ints
    centre: Ints
    number: NDArray[np.int64]


def solved(graph: Graph, left: Reduced, band: Band, known: Plan, how: tuple[Mend, float]) -> Answer:
    """Return the best plan there is, or a bound where the work allowed does not reach it.

    Parameters
    ----------
    graph
        The community. Atoms fixed to one grid stay together, those of two apart.
    left
        Pairs of atom and centre that a plan better than the one known may hold.
    band
        Least and most households of a grid.
    known
        The best plan so far.
    how
        What makes a plan from labels whose grids may lie in pieces, and the gap at which to stop.
    """
    pairs, size = _pairs(left.cost), known.moment if len(known.labels) else left.bound
    rows = [*_model(graph, pairs, band, left.grids), *_beside(graph, pairs), *_locks(graph, pairs)]
    scale = max(1.0, size) / _SCALE
    price = left.cost[pairs.centre, pairs.atom] / scale
    nodes, model, bound, best = 0, len(rows), left.bound, known
    mend, enough = how[0], min(CLOSE, 1 - how[1])
    for _ in range(_ROUNDS):
        found = _solve(price, rows, _NODES - nodes)
        nodes += int(found.mip_node_count or 0)
        if found.status == _INFEASIBLE:
            bound = best.moment * BETTER
            break
        bound = max(bound, float(found.mip_dual_bound or 0.0) * (1 - _SAFE) * scale)
        cuts: list[_Row] = []
        if found.status == _OPTIMAL:
            labels = _labels(pairs, found.x > _HALF)
            best = min(best, mend(labels), key=lambda plan: plan.moment)
            cuts = list(_cuts(graph, pairs, labels))
            rows += cuts
        if bound >= best.moment * enough or not cuts or nodes >= _NODES:
            break
    proven = bound >= best.moment * CLOSE
    return Answer(best, min(bound, best.moment), proven, nodes, len(rows) - model)


def _pairs(cost: Reals) -> _Pairs:
    centre, atom = np.nonzero(np.isfinite(cost))
    number = np.full(cost.shape, NONE, np.int64)
    number[centre, atom] = np.arange(len(atom))
    return _Pairs(atom, centre, number)


def _solve(price: Reals, rows: list[_Row], nodes: int) -> OptimizeResult:
    """Return the solver's result after so many nodes at the most."""
    sizes = [len(row.variables) for row in rows]
    places = np.concatenate([row.variables for row in rows])
    parts = np.concatenate([row.parts for row in rows])
    where = np.repeat(np.arange(len(rows)), sizes), places
    matrix = csr_array((parts, where), shape=(len(rows), len(price)))
    sides = np.array([[row.low, row.high] for row in rows]).T
    return milp(
        price,
        integrality=np.ones(len(price)),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(matrix, *sides),
        options={"node_limit": max(1, nodes), "mip_rel_gap": 0.0, "presolve": False},
    )


def _labels(pairs: _Pairs, used: Flags) -> Ints:
    """Return the centre of each atom."""
    labels = np.full(len(pairs.number), NONE, np.int64)
    labels[pairs.atom[used]] = pairs.centre[used]
    return labels


def _row(plus: Ints, minus: Ints, low: float, high: float) -> _Row:
    """Return a constraint on a sum of variables less a sum of others."""
    parts = np.r_[np.ones(len(plus)), -np.ones(len(minus))]
    return _Row(np.r_[plus, minus], parts, low, high)


def _model(graph: Graph, pairs: _Pairs, band: Band, grids: int) -> Iterator[_Row]:
    """Yield Hess's model: one centre an atom, so many centres, loads in band."""
    none, total = np.zeros(0, np.int64), float(graph.weight.sum())
    high = max(_SAFE, min(band.high, total))
    for atom in range(len(graph.weight)):
        yield _row(_known(pairs.number[:, atom]), none, 1, 1)
    yield _row(_known(np.diagonal(pairs.number)), none, grids, grids)
    for centre in _centres(pairs):
        own, here = pairs.number[centre, centre], _known(pairs.number[centre])
        load = graph.weight[pairs.atom[here]] / high  # near 1: tolerances are absolute
        itself = here == own
        yield _Row(here, load - band.low / high * itself, 0, np.inf)
        yield _Row(here, load - itself, -np.inf, 0)
        for other in here[~itself]:
            yield _row(np.array([other]), np.array([own]), -np.inf, 0)


def _known(numbers: Ints) -> Ints:
    return numbers[numbers >= 0]


def _centres(pairs: _Pairs) -> Ints:
    return np.flatnonzero(np.diagonal(pairs.number) >= 0)


def _beside(graph: Graph, pairs: _Pairs) -> Iterator[_Row]:
    """Yield: an atom belongs to a centre far away only if one of its neighbours does."""
    for variable, (atom, centre) in enumerate(zip(pairs.atom, pairs.centre, strict=True)):
        near = graph.to[graph.first[atom] : graph.first[atom + 1]]
        if atom != centre and not (near == centre).any():
            yield _row(np.array([variable]), _known(pairs.number[centre, near]), -np.inf, 0)


def _locks(graph: Graph, pairs: _Pairs) -> Iterator[_Row]:
    """Yield: atoms fixed to one grid share a centre, those of two grids do not."""
    held = np.flatnonzero(graph.fixed)
    _, first, grid = np.unique(graph.home[held], return_index=True, return_inverse=True)
    for centre in _centres(pairs):
        number = pairs.number[centre]
        yield _row(_known(number[held[first]]), np.zeros(0, np.int64), 0, 1)
        for one, other in zip(held[first[grid]], held, strict=True):
            yield _row(_known(number[[one]]), _known(number[[other]]), 0, 0)


def _cuts(graph: Graph, pairs: _Pairs, labels: Ints) -> Iterator[_Row]:
    """Yield what cuts off a solution's grids in pieces; nothing where all are whole."""
    links = _links(graph)
    source, target = links.nonzero()
    inner = labels[source] == labels[target]
    own = csr_array((np.ones(inner.sum()), (source[inner], target[inner])), shape=links.shape)
    piece = connected_components(own, directed=False)[1]
    main = piece[labels]  # the piece that each atom's centre is in
    for stray in np.unique(piece[piece != main]):
        atoms = np.flatnonzero(piece == stray)
        core = piece == main[atoms[0]]
        border = _separator(links, core, atoms[0])
        yield from _parted(pairs, np.flatnonzero(core), atoms, border)


def _links(graph: Graph) -> csr_array:
    count = len(graph.weight)
    return csr_array((np.ones(len(graph.to)), graph.to, graph.first), shape=(count, count))


def _separator(links: csr_array, core: Flags, stray: int) -> Ints:
    """Return the atoms beside a core that part it from a stray atom, none of them in vain."""
    rim = (links @ core.astype(np.float64) > 0) & ~core
    outside = np.flatnonzero(~core & ~rim)
    piece = connected_components(links[outside][:, outside], directed=False)[1]
    beyond = np.zeros(len(core), np.float64)
    beyond[outside[piece == piece[np.searchsorted(outside, stray)]]] = 1.0
    return np.flatnonzero(rim & (links @ beyond > 0))


def _parted(pairs: _Pairs, core: Ints, stray: Ints, border: Ints) -> Iterator[_Row]:
    """Yield: a stray atom has a centre in the core only if an atom of the border has it too."""
    for centre in core[np.diagonal(pairs.number)[core] >= 0]:
        beside = _known(pairs.number[centre, border])
        for atom in stray[pairs.number[centre, stray] >= 0]:
            yield _row(pairs.number[[centre], [atom]], beside, -np.inf, 0)
