"""How much of the nets' borders a plan in band can keep at most: an upper figure, not a plan."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.atoms.adjacency import Borders
from geo.redraw.state import NONE, Ints, Reals

_MOST_NODES: Final = 4_000  # larger communities would take minutes: nothing is said of them
_SHY: Final = 1e-9  # of the dual: what rounding may have added


def most_kept(borders: Borders, worth: Reals, home: Ints, loads: tuple[Reals, Reals]) -> float:
    """Return an upper bound on the worth of borders that lie between two grids.

    Any set of pieces with fewer households than the band asks for is joined to something outside
    of it, by a border that is then lost. The cheapest way to lose borders so is a covering
    program; a dual solution of it, grown by Goemans and Williamson's rule, bounds it from below.
    Left out are the upper end of the band, forms, and the further borders that joined pieces lose
    with each other: so a plan may be far from this figure and still be the best there is.

    Parameters
    ----------
    borders
        Between pieces of one community.
    worth
        Of each border, where it is kept; at least 0.
    home
        Community of each piece.
    loads
        Households of each piece, and the least of a grid in each community (0: any).

    >>> row = Borders(np.array([0, 1]), np.array([1, 2]), np.ones(2))
    >>> load, low = np.array([200.0, 200.0, 400.0]), np.array([300.0])
    >>> round(most_kept(row, np.array([7.0, 5.0]), np.zeros(3, np.int64), (load, low)), 6)
    5.0
    """
    load, low = loads
    node, where, mass = _contracted(borders, worth, home, load)
    ends = np.column_stack([node[borders.left], node[borders.right]])
    between, cost, near = _pairs(ends, worth, where)
    lost = 0.0
    members = pd.Series(range(len(where))).groupby(where).indices
    edges = pd.Series(range(len(near))).groupby(near).indices
    for town, nodes in members.items():
        mine = edges.get(town, np.zeros(0, np.int64))
        if low[town] > 0 and 1 < len(nodes) <= _MOST_NODES:
            place = np.searchsorted(nodes, between[mine])
            lost += _least_lost(place, cost[mine], mass[nodes], low[town])
    return float(worth.sum() - lost * (1 - _SHY))


def _contracted(
    borders: Borders, worth: Reals, home: Ints, load: Reals
) -> tuple[Ints, Ints, Reals]:
    """Return the node of each piece, pieces that nothing parts being one; its community, load."""
    free = worth <= 0
    ties = (np.ones(int(free.sum())), (borders.left[free], borders.right[free]))
    graph = coo_array(ties, shape=(len(home), len(home)))
    node = np.asarray(connected_components(graph, directed=False)[1], np.int64)
    where = np.zeros(int(node.max(initial=NONE)) + 1, np.int64)
    where[node] = home
    return node, where, np.asarray(np.bincount(node, load, len(where)), np.float64)


def _pairs(ends: Ints, worth: Reals, where: Ints) -> tuple[Ints, Reals, Ints]:
    """Return each pair of different nodes once, the least of its costs, its community."""
    apart = ends[:, 0] != ends[:, 1]
    pair = np.sort(ends[apart], axis=1)
    table = pd.DataFrame({"a": pair[:, 0], "b": pair[:, 1], "cost": worth[apart]})
    least = table.groupby(["a", "b"], as_index=False)["cost"].min()
    both = least[["a", "b"]].to_numpy(np.int64)
    return both, least["cost"].to_numpy(np.float64), where[both[:, 0]]


def _least_lost(ends: Ints, cost: Reals, load: Reals, low: float) -> float:
    """Return a lower bound on what is lost until every grid of a community reaches a load.

    All sets that are too small grow at one speed; a border whose price two have paid joins them.
    A community in pieces may be joined by bridges that cost nothing: nothing is said of it.
    """
    count = len(load)
    joined = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(count, count))
    if load.sum() < low or connected_components(joined, directed=False)[0] > 1:
        return 0.0
    part, mass, slack, grown = np.arange(count), load.copy(), cost.copy(), 0.0
    while True:
        small = (mass < low) & (np.bincount(part, minlength=count) > 0)
        if not small.any():
            return grown
        one, other = part[ends[:, 0]], part[ends[:, 1]]
        speed = np.where(one != other, small[one].astype(np.float64) + small[other], 0.0)
        wait = np.divide(slack, speed, out=np.full(len(slack), np.inf), where=speed > 0)
        first = int(wait.argmin())
        step = max(float(wait[first]), 0.0)
        grown += step * float(small.sum())
        slack = slack - step * speed
        keep, gone = one[first], other[first]
        mass[keep] += mass[gone]
        part[part == gone] = keep
