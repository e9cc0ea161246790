"""A bound on the moment of inertia from prices of atoms, and what no better plan can hold.

Each round moves the prices for some steps, then strikes out every centre, and every atom at a
centre, with which no plan is better than the one known: the bound of what is left rises.

Source: Validi, Buchanan and Lykhovyd (2022), section 4. The step is Polyak's, along a direction
that keeps some of the last one (Camerini, Fratta and Maffioli, 1975).
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from geo.redraw.exact.knapsacks import Loads, Offers, fill, fill_all, rises, take
from geo.redraw.state import Ints, Reals

_ROUNDS: Final = 6
_STEPS: Final = 60  # a round
_MOMENTUM: Final = 0.7
_PATIENCE: Final = 12  # steps without a clear gain before steps get shorter
_SHORTER: Final = 0.75
_LONGER_AGAIN: Final = 0.5  # length of the first step of a round, at the least
_CLEAR: Final = 1e-4
_NIL: Final = 1e-9
BETTER: Final = 1 - 1e-7  # a plan counts as better below this share of the one known
_ABOVE: Final = 1.05  # where to aim, in bounds, when no plan is known


class Reduced(NamedTuple):
    """What is left to decide when all but better plans are struck out.

    Parameters
    ----------
    bound
        No plan better than the ceiling has a smaller moment.
    cost
        Moment of each atom (column) about each centre (row), infinite where struck out.
    grids
        How many grids a plan has.
    prices, centres
        The prices of the bound, and the centres that are cheapest under them.
    steps
        Times that all centres were priced.
    """

    bound: float
    cost: Reals
    grids: int
    prices: Reals
    centres: Ints
    steps: int


class _Choice(NamedTuple):
    """What is to be chosen among: moments of pairs, each centre's atoms, loads, how many grids."""

    cost: Reals
    atoms: Ints  # a row a centre: its own atom first, then the others it may take
    size: Ints
    loads: Loads
    grids: int

    def offers(self, prices: Reals) -> Offers:
        """Return what centres may take at such prices."""
        return Offers(self.atoms, self.size, self.cost - prices)


class _Dual(NamedTuple):
    """Prices, the value of each centre under them, the cheapest centres, the bound."""

    prices: Reals
    values: Reals
    chosen: Ints
    bound: float


def reduced(cost: Reals, loads: Loads, grids: int, ceiling: float, start: Reals) -> Reduced:
    """Return a bound for all plans better than `ceiling`, and what such plans may hold.

    Parameters
    ----------
    cost
        Moment of each atom (column) about each centre (row); infinite: not together.
    loads
        From `whole_loads`.
    grids
        How many grids a plan has.
    ceiling
        Moment of a plan that is known; infinite when none is.
    start
        Prices to start from, about each atom's part of a good plan's moment.
    """
    choice = _choice(cost, loads, grids)
    best = _dual(choice, start)
    step, steps, aim = 1.0, 1, ceiling * BETTER
    for _ in range(_ROUNDS):
        best, step, taken = _climb(choice, best, aim, max(step, _LONGER_AGAIN))
        steps += taken
        if best.bound >= aim or not np.isfinite(best.bound):
            break
        if np.isfinite(aim):
            choice = _struck(choice, best, aim)
            best = _dual(choice, best.prices)
    return Reduced(best.bound, choice.cost, grids, best.prices, best.chosen, steps)


def _choice(cost: Reals, loads: Loads, grids: int) -> _Choice:
    """Return the choice among pairs of finite cost; a centre without its own atom takes none."""
    open_ = np.isfinite(cost) & np.isfinite(np.diagonal(cost))[:, None]
    first = open_.astype(np.int64) + np.diag(np.diagonal(open_))
    atoms = np.argsort(-first, axis=1, kind="stable")
    return _Choice(cost, atoms, open_.sum(axis=1), loads, grids)


def _dual(choice: _Choice, prices: Reals) -> _Dual:
    """Return the bound that prices give."""
    values, loads = np.zeros(len(prices)), choice.loads
    band, table = (loads.low, loads.high), np.zeros((2, loads.high + 1))
    fill_all(values, choice.offers(prices), loads.units, band, table)
    chosen = np.argsort(values, kind="stable")[: choice.grids]
    return _Dual(prices, values, chosen, float(prices.sum() + values[chosen].sum()))


def _climb(choice: _Choice, best: _Dual, aim: float, step: float) -> tuple[_Dual, float, int]:
    """Return the best prices of a round, how long steps are by then, and how many were taken."""
    now, stalled, taken = best, 0, 0
    way = np.zeros(len(best.prices))
    for taken in range(_STEPS):  # noqa: B007
        if best.bound >= aim or not np.isfinite(now.bound):
            break
        way = _untaken(choice, now) + _MOMENTUM * way
        length = float((way**2).sum())
        if length <= _NIL:
            break
        above = aim if np.isfinite(aim) else best.bound * _ABOVE
        short = max(above - now.bound, _NIL * abs(above))
        now = _dual(choice, now.prices + step * short / length * way)
        clear = now.bound > best.bound * (1 + _CLEAR)
        stalled = 0 if clear else stalled + 1
        best = now if now.bound > best.bound else best
        if stalled >= _PATIENCE:
            step, stalled = step * _SHORTER, 0
    return best, step, taken + 1


def _untaken(choice: _Choice, dual: _Dual) -> Reals:
    """Return 1 less the times each atom is taken by the cheapest centres."""
    times, loads = np.zeros(len(dual.prices)), choice.loads
    offers, band = choice.offers(dual.prices), (loads.low, loads.high)
    table = np.zeros((len(times) + 1, loads.high + 1))
    for centre in dual.chosen.tolist():
        fill(table, offers, loads.units, band, centre)
        take(table, offers, loads.units, centre, times)
    return 1.0 - times


def _struck(choice: _Choice, dual: _Dual, aim: float) -> _Choice:
    """Return the choice without what makes every plan as dear as `aim`."""
    left, loads = np.full_like(choice.cost, np.inf), choice.loads
    offers, band = choice.offers(dual.prices), (loads.low, loads.high)
    table, room = np.zeros((len(left) + 1, loads.high + 1)), np.zeros(loads.high + 1)
    last = dual.values[dual.chosen[-1]]
    for centre in np.flatnonzero(np.isfinite(dual.values)).tolist():
        with_it = dual.bound + max(0.0, float(dual.values[centre] - last))
        if with_it >= aim:
            continue
        rise = np.full(len(left), np.inf)
        fill(table, offers, loads.units, band, centre)
        rises(table, offers, loads.units, centre, (rise, room))
        open_ = with_it + rise < aim
        left[centre, open_] = choice.cost[centre, open_]
    return _choice(left, loads, choice.grids)
