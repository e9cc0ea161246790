"""One problem a community: its atoms, groups made one node, in the arrays the search works on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array

from geo.atoms import Along, Borders, bridges
from geo.atoms.edges import Geometries
from geo.errors import LockConflictError
from geo.redraw.inputs import Atoms, in_metres
from geo.redraw.state import NONE, Flags, Graph, Ints, Reals
from geo.redraw.wholeness import arcs_near

_NOTHING: Final = None
_SPECK: Final = 1e-9  # lets atoms without households vote when nobody else does


@dataclass(frozen=True, eq=False)
class Problem:
    """One community: its graph of nodes, and the names of labels known before the search.

    `kept` names the grids of today and of anchors; `graph.home` and `wanted` (where a node must
    be, -1: anywhere) are positions in it. `name` is the community, `first` its first node.
    """

    name: str
    rule: str
    first: int
    graph: Graph
    wanted: Ints
    kept: NDArray[np.object_]
    names: NDArray[np.object_]  # of each node: of its heaviest atom, for the report


@dataclass(frozen=True, eq=False)
class Problems:
    """All communities, and how nodes and atoms hang together."""

    each: tuple[Problem, ...]
    node: Ints  # of each atom; -1: a special grid
    borders: Borders  # between ordinary atoms of one community, bridges included
    links: Borders  # the bridges, and the pairs that only a slit parts
    along: Along | None  # by border, as in `Atoms`
    order: Ints  # of the atoms, see `Atoms.order`


def problems_of(atoms: Atoms) -> Problems:
    """Return the communities to solve.

    Raises
    ------
    LockConflictError
        When one group is locked or anchored to two grids.
    """
    inner, order = atoms.inner(), atoms.order()
    rows = order[~atoms.special[order]]
    borders = atoms.borders.where(inner)
    slits = atoms.slits.where(atoms.inside(atoms.slits))
    flat = in_metres(atoms.polygons, atoms.scale)
    links = _together(slits, _all_bridges(atoms, flat, _together(borders, slits), rows))
    every = _together(borders, links)
    node, first = _nodes(atoms, rows)
    beside = None
    if atoms.along is not None:
        beside = Along(*(np.r_[part[inner], np.zeros(len(links.left))] for part in atoms.along))
    cost = every.metres if beside is None else every.metres - beside.worth
    each = tuple(_problems(atoms, node, (rows, first), (every, cost)))
    return Problems(each, node, every, links, beside, order)


def _together(one: Borders, other: Borders) -> Borders:
    """Return two lists of borders as one."""
    return Borders(*(np.r_[a, b] for a, b in zip(one, other, strict=True)))


def _all_bridges(atoms: Atoms, flat: Geometries, borders: Borders, rows: Ints) -> Borders:
    """Return the bridges inside groups that lie in pieces, then those inside communities.

    `rows` are the ordinary atoms in an order that is not the table's: among equals the first is
    taken.
    """
    grouped = rows[atoms.group[rows] >= 0]
    group = _ngroup(atoms.home[grouped], atoms.group[grouped])
    place = np.full(len(flat), NONE, np.int64)
    place[grouped] = np.arange(len(grouped))
    left, right = place[borders.left], place[borders.right]
    both = (left >= 0) & (right >= 0)
    both[both] &= group[left[both]] == group[right[both]]
    inside = Borders(left[both], right[both], borders.metres[both])
    found = bridges(flat[grouped], group, inside)
    ours = Borders(grouped[found.left], grouped[found.right], found.metres)
    return _community_bridges(atoms, flat, (borders, ours), rows)


def _community_bridges(
    atoms: Atoms, flat: Geometries, found_so_far: tuple[Borders, Borders], rows: Ints
) -> Borders:
    borders, ours = found_so_far
    place = np.full(len(flat), NONE, np.int64)
    place[rows] = np.arange(len(rows))
    known = _together(borders, ours)
    inside = Borders(place[known.left], place[known.right], known.metres)
    found = bridges(flat[rows], atoms.home[rows], inside)
    left, right = np.r_[ours.left, rows[found.left]], np.r_[ours.right, rows[found.right]]
    return Borders(left, right, np.zeros(len(left)))


def _ngroup(home: Ints, group: Ints) -> Ints:
    """Return a number for each pair of community and group."""
    key = home * (group.max(initial=0) + 1) + group
    return np.asarray(np.unique(key, return_inverse=True)[1], np.int64)


def _nodes(atoms: Atoms, rows: Ints) -> tuple[Ints, Ints]:
    """Return the node of each atom (-1: special), and one atom of each node, in order.

    A group in a community is one node. Nodes are in the order of `rows` (see `Atoms.order`),
    whatever the order of the table: so the plan does not depend on it.
    """
    node = np.full(len(atoms.home), NONE, np.int64)
    groups = int(atoms.group.max(initial=-1)) + 1
    if groups == 0:
        node[rows] = np.arange(len(rows))
        return node, rows
    alone = np.where(atoms.group >= 0, atoms.group, groups + np.arange(len(node)))
    key = _ngroup(atoms.home[rows], alone[rows])
    seen, first = np.unique(key, return_index=True)
    rank = np.empty(len(seen), np.int64)
    rank[np.argsort(first)] = np.arange(len(seen))
    node[rows] = rank[key]
    return node, rows[np.sort(first)]


class Nodes(NamedTuple):
    """What is known of nodes beside their graph: home, today's grid, the one it must be in."""

    home: Ints
    today: NDArray[np.object_]
    wanted: NDArray[np.object_]
    heaviest: Ints  # row of the heaviest atom


def _problems(
    atoms: Atoms, node: Ints, rows: tuple[Ints, Ints], priced: tuple[Borders, Reals]
) -> list[Problem]:
    """Return the problem of each community that has an ordinary atom.

    `rows` are the ordinary atoms and one of each node, `priced` the borders and the metres that
    parting along each costs.
    """
    every, order = rows
    count = len(order)
    nodes = Nodes(
        atoms.home[order],
        todays_grids(atoms, node, count),
        _wanted(atoms, node, count),
        _heaviest(atoms, node, every, count),
    )
    whole = _graph(atoms, (node, every), count, priced)
    spans = np.flatnonzero(np.diff(nodes.home, prepend=-1, append=len(atoms.homes)))
    pairs = zip(spans[:-1].tolist(), spans[1:].tolist(), strict=True)
    return [_problem(atoms, nodes, whole, span) for span in pairs]


def _graph(
    atoms: Atoms, where: tuple[Ints, Ints], count: int, priced: tuple[Borders, Reals]
) -> Graph:
    """Return the graph of all nodes, those of no community joined; none has a home or is fixed."""
    node, here = where  # added up in this order, so that rounding does not depend on the table's
    borders, cost = priced
    first, to, metres, cut = _arcs(node, borders, cost, count)
    near = np.zeros(len(to), np.int64)
    arcs_near(first, to, near, np.full(count, NONE, np.int64))
    own = borders.metres * (node[borders.left] == node[borders.right])
    area, around, x, y = (form[here] for form in atoms.forms)
    ground = _sums(node[here], area, count)
    return Graph(
        first, to, metres, cut, near,
        _sums(node[here], atoms.weight[here], count),
        ground,
        _sums(node[here], around, count) - 2 * _sums(node[borders.left], own, count),
        _sums(node[here], area * x, count) / ground,
        _sums(node[here], area * y, count) / ground,
        np.full(count, NONE, np.int64),
        np.zeros(count, np.bool_),
    )  # fmt: skip


def _sums(node: Ints, values: Reals, count: int) -> Reals:
    return np.bincount(node, values, count).astype(np.float64)


def _arcs(node: Ints, borders: Borders, cost: Reals, count: int) -> tuple[Ints, Ints, Reals, Reals]:
    """Return arcs (see `Graph`: first, to, border, cut) between different nodes, summed."""
    left, right = node[borders.left], node[borders.right]
    apart = left != right
    ends = np.r_[left[apart], right[apart]], np.r_[right[apart], left[apart]]
    tables = [
        coo_array((np.r_[part[apart], part[apart]], ends), shape=(count, count)).tocsr()
        for part in ((borders.metres,) if cost is borders.metres else (borders.metres, cost))
    ]
    for table in tables:
        table.sum_duplicates()  # the same places in both
    first, to = (part.astype(np.int64) for part in (tables[0].indptr, tables[0].indices))
    return first, to, tables[0].data, tables[-1].data


def todays_grids(atoms: Atoms, node: Ints, count: int) -> NDArray[np.object_]:
    """Return the grid that most households of each node are in today, None where it has none."""
    here = np.flatnonzero((node >= 0) & (atoms.previous != _NOTHING))
    weight = atoms.weight[here] + _SPECK
    table = pd.DataFrame({"node": node[here], "grid": atoms.previous[here], "weight": weight})
    shares = table.groupby(["node", "grid"], as_index=False)["weight"].sum()
    shares = shares.sort_values(["node", "weight", "grid"], ascending=[True, False, True])
    top = shares.drop_duplicates("node")
    today = np.full(count, None, dtype=object)
    today[top["node"].to_numpy(np.int64)] = top["grid"].to_numpy(dtype=object)
    return today


def _wanted(atoms: Atoms, node: Ints, count: int) -> NDArray[np.object_]:
    """Return the grid each node must be in, or None: that it is locked to, else its anchor's.

    Where a node is both, the anchor is in that grid, and with it all anchors of its name.
    """
    bound = _chosen(atoms.locked, atoms.previous)
    locked, anchor = (_only(atoms, node, names, count) for names in (bound, atoms.anchor))
    both = np.flatnonzero((locked != _NOTHING) & (anchor != _NOTHING) & (locked != anchor))
    today = set(zip(atoms.home, atoms.previous, strict=True)) if len(both) else set()
    rows = np.zeros(count, np.int64)
    rows[node[node >= 0]] = np.flatnonzero(node >= 0)
    home = atoms.home[rows]
    grid_of: dict[tuple[int, object], object] = {}
    name_of: dict[tuple[int, object], object] = {}
    for here in both:
        town, grid, name = int(home[here]), locked[here], anchor[here]
        known = grid_of.setdefault((town, name), grid), name_of.setdefault((town, grid), name)
        if known != (grid, name) or (town, name) in today:
            raise _conflict(atoms, int(rows[here]), grid, name)
    free = np.flatnonzero((locked == _NOTHING) & (anchor != _NOTHING))
    locked[free] = [grid_of.get((int(home[here]), anchor[here]), anchor[here]) for here in free]
    return locked


def _only(atoms: Atoms, node: Ints, names: NDArray[np.object_], count: int) -> NDArray[np.object_]:
    """Return the one name that atoms of each node have, None where none has."""
    only = np.full(count, None, dtype=object)
    for row in np.flatnonzero((node >= 0) & (names != _NOTHING)):
        if only[node[row]] not in (None, names[row]):
            raise _conflict(atoms, int(row), only[node[row]], names[row])
        only[node[row]] = names[row]
    return only


def _conflict(atoms: Atoms, row: int, one: object, other: object) -> LockConflictError:
    within = atoms.homes[atoms.home[row]] or "–"
    return LockConflictError(within=within, atoms=f"{atoms.names[row]}: {one} ≠ {other}")


def _heaviest(atoms: Atoms, node: Ints, rows: Ints, count: int) -> Ints:
    """Return the row of the heaviest atom of each node."""
    heaviest = np.zeros(count, np.int64)
    rows = rows[np.argsort(atoms.weight[rows], kind="stable")]
    heaviest[node[rows]] = rows
    return heaviest


def _problem(atoms: Atoms, nodes: Nodes, whole: Graph, span: tuple[int, int]) -> Problem:
    """Return the problem of the nodes from one to another."""
    first, last = span
    arcs, rows = slice(whole.first[first], whole.first[last]), slice(first, last)
    today, wanted, weight = nodes.today[rows], nodes.wanted[rows], whole.weight[rows]
    kept = _kept_names(today, wanted, weight)
    home = must = whole.home[rows]
    if kept:
        place = {name: i for i, name in enumerate(kept)}
        home, must = (
            np.asarray([place.get(name, NONE) for name in names], np.int64)
            for names in (today, wanted)
        )
    x, y = whole.x[rows], whole.y[rows]
    graph = Graph(
        whole.first[first : last + 1] - arcs.start,
        whole.to[arcs] - first,
        whole.border[arcs],
        whole.cut[arcs],
        whole.near[arcs],
        weight,
        whole.area[rows],
        whole.around[rows],
        x - x.mean(),
        y - y.mean(),
        home,
        must >= 0,
    )
    community = int(nodes.home[first])
    names = atoms.names[nodes.heaviest[rows]]
    name, rule = str(atoms.homes[community]), atoms.rules[community]
    return Problem(name, rule, first, graph, must, np.asarray(kept, dtype=object), names)


def _kept_names(
    today: NDArray[np.object_], wanted: NDArray[np.object_], weight: Reals
) -> list[str]:
    """Return the grids that must be, by name, then those of today, the heaviest first."""
    must = sorted(set(wanted) - {_NOTHING})
    if set(today) <= {_NOTHING}:
        return must
    table = pd.DataFrame({"grid": today, "weight": weight}).dropna()
    others = table.groupby("grid", as_index=False)["weight"].sum()
    others = others.sort_values(["weight", "grid"], ascending=[False, True])
    return must + [name for name in others["grid"] if name not in set(must)]


def _chosen(keep: Flags, names: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return the names that a mask keeps, None elsewhere."""
    chosen = np.full(len(names), None, dtype=object)
    chosen[keep] = names[keep]
    return chosen


def part_of(problem: Problem, rows: Ints, today: NDArray[np.object_]) -> Problem:
    """Return the problem of some nodes of a community by themselves.

    `rows` are positions in it, ascending; `today` names the grid each starts from (None: none),
    which fixed nodes keep.
    """
    graph = problem.graph
    place = np.full(len(graph.weight), NONE, np.int64)
    place[rows] = np.arange(len(rows))
    source = place[np.repeat(np.arange(len(place)), np.diff(graph.first))]
    inside = (source >= 0) & (place[graph.to] >= 0)
    begin = np.searchsorted(source[inside], np.arange(len(rows) + 1)).astype(np.int64)
    to, border, cut = place[graph.to[inside]], graph.border[inside], graph.cut[inside]
    near = np.zeros(len(to), np.int64)
    arcs_near(begin, to, near, np.full(len(rows), NONE, np.int64))
    fixed, weight = graph.fixed[rows], graph.weight[rows]
    kept = _kept_names(today, _chosen(fixed, today), weight)
    number = {name: i for i, name in enumerate(kept)}
    home = np.asarray([number.get(name, NONE) for name in today], np.int64)
    figures = graph.area[rows], graph.around[rows], graph.x[rows], graph.y[rows]
    part = Graph(begin, to, border, cut, near, weight, *figures, home, fixed)
    names = np.asarray(kept, dtype=object)
    return replace(problem, first=0, graph=part, wanted=np.where(fixed, home, NONE), kept=names)
