"""Which units of two nets belong together: the grouping that most households agree about."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.redraw.state import NONE, Flags, Ints, Reals

# Ground counts where nobody lives: all of it together for less than half a household.
_GROUND: Final = 0.5
_HALF: Final = 0.5
# A bound in steps, not in seconds, so that the same nets give the same answer everywhere.
_OPTIONS: Final[dict[str, Any]] = {"node_limit": 2_000, "mip_rel_gap": 0.0}
_OPTIMAL: Final = 0


def belonging(overlaps: pd.DataFrame) -> tuple[Flags, bool]:
    """Return which overlaps of two nets' units belong together, and whether that is proven best.

    Units are put in groups of one head, a unit of either net, and members, units of the other net
    that lie in it, more or less; a unit is in one group at most. Of all such groupings the one is
    taken where the most households have both their units in one group; ground counts where nobody
    lives. So nets that nest, and be it this way here and that way there, disagree nowhere.

    Parameters
    ----------
    overlaps
        `a`, `b` (units from 0), `households`, `area`; a row for each two units.

    >>> nested = pd.DataFrame({"a": [0, 0, 1], "b": [0, 1, 2], "households": [5, 5, 9]})
    >>> belonging(nested.assign(area=1.0))[0].tolist()
    [True, True, True]
    >>> crossed = pd.DataFrame({"a": [0, 0, 1, 1], "b": [0, 1, 0, 1], "households": [7, 3, 4, 6]})
    >>> belonging(crossed.assign(area=1.0))[0].tolist()
    [True, False, False, True]
    """
    a, b = (overlaps[side].to_numpy(np.int64) for side in ("a", "b"))
    ground = overlaps["area"].to_numpy(np.float64)
    load = overlaps["households"].to_numpy(np.float64)
    load = load + _GROUND * ground / max(float(ground.sum()), 1.0)
    first = int(a.max(initial=NONE)) + 1
    units = first + int(b.max(initial=NONE)) + 1
    graph = coo_array((np.ones(len(a)), (a, b + first)), shape=(units, units))
    part = connected_components(graph, directed=False)[1][a]
    taken, proven = np.zeros(len(a), np.bool_), True
    for rows in pd.Series(range(len(a))).groupby(part).indices.values():
        one, other = (np.unique(side[rows], return_inverse=True)[1] for side in (a, b))
        taken[rows], best = _grouped(one.astype(np.int64), other.astype(np.int64), load[rows])
        proven &= best
    return taken, proven


def _grouped(a: Ints, b: Ints, load: Reals) -> tuple[Flags, bool]:
    """Return the same for units that hang together; where one net has one unit, all is agreed."""
    first, second = int(a.max()) + 1, int(b.max()) + 1
    if min(first, second) == 1:
        return np.ones(len(a), np.bool_), True
    heads, proven = _heads(a, b + first, load, first + second)
    member, head = np.r_[a, b + first], np.r_[b + first, a]
    row, weight = np.tile(np.arange(len(a)), 2), np.r_[load, load]
    fits = heads[head] & ~heads[member]
    order = np.lexsort((row[fits], -weight[fits], member[fits]))
    best = np.unique(member[fits][order], return_index=True)[1]
    taken = np.zeros(len(a), np.bool_)
    taken[row[fits][order][best]] = True
    return taken, proven


def _heads(a: Ints, b: Ints, load: Reals, units: int) -> tuple[Flags, bool]:
    """Return which units are heads in the best grouping, by a program in whole numbers.

    Variables: is a unit a head; is one unit of an overlap a member of the other, either way.
    """
    count = len(a)
    join, member, head = np.arange(2 * count), np.r_[a, b], np.r_[b, a]
    # A member's other unit is a head; a unit is a head, or a member once at most.
    ones = np.ones(2 * count)
    rows = np.r_[join, join, member + 2 * count, np.arange(units) + 2 * count]
    columns = np.r_[units + join, head, units + join, np.arange(units)]
    values = np.r_[ones, -ones, ones, np.ones(units)]
    size = 2 * count + units
    matrix = coo_array((values, (rows, columns)), shape=(size, size)).tocsr()
    result = milp(
        -np.r_[np.zeros(units), load, load],
        constraints=LinearConstraint(matrix, -np.inf, np.r_[np.zeros(2 * count), np.ones(units)]),
        integrality=np.r_[np.ones(units), np.zeros(2 * count)],
        bounds=Bounds(0, 1),
        options=_OPTIONS,
    )
    if result.x is None:  # not even a first grouping within the bound: the first net's are heads
        return np.arange(units) <= a.max(), False
    return np.asarray(result.x[:units] > _HALF, np.bool_), result.status == _OPTIMAL
