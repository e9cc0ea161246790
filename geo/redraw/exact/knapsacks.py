"""What no plan can undercut: each centre takes the atoms that pay most, prices set by the rest.

Every atom must have one centre. That is relaxed: an atom is paid a price instead, and a centre
takes any atoms whose households lie in the band, so each centre by itself is a knapsack with two
bounds, solved exactly. The k cheapest centres and the prices make a bound; prices rise for atoms
that nobody takes and fall for those that several do.

Source: Validi, Buchanan and Lykhovyd (2022), Imposing contiguity constraints in political
districting models, section 4, for the Lagrangian and for fixing by it.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from geo.redraw.jit import compiled, compiled_inline
from geo.redraw.state import Ints, Reals

_STEPS: Final = 2_000  # whole loads up to here need no rounding
_NIL: Final = 1e-9
_EXACT: Final = 2.0**53  # whole numbers above are no longer told apart


class Loads(NamedTuple):
    """Households of each atom and the band in whole units; `exact`: nothing was rounded."""

    units: Ints
    low: int
    high: int
    exact: bool


def whole_loads(weight: Reals, low: float, high: float) -> Loads:
    """Return the loads and the band in whole units; every set in band stays in band.

    Whole households are divided by what divides them all. Others, and bands too wide, are rounded,
    and the band opened by all that was rounded.

    >>> whole_loads(np.array([20.0, 30.0, 50.0]), 45.0, 60.0)
    Loads(units=array([2, 3, 5]), low=5, high=6, exact=True)
    >>> whole_loads(np.array([0.5, 1.5]), 1.0, 2.0).high >= 2
    True
    """
    high = min(high, float(weight.sum()))
    whole = bool((weight % 1 == 0).all() and weight.max(initial=0.0) < _EXACT)
    unit = float(np.gcd.reduce(weight.astype(np.int64))) if whole else 0.0
    exact = unit > 0 and high / unit <= _STEPS
    if not exact:
        unit = max(high, _NIL) / _STEPS
    parts = weight / unit
    units = np.rint(parts)
    off = 0.0 if exact else float(np.abs(parts - units).sum())
    least = max(0, int(np.ceil(low / unit - off - _NIL)))
    return Loads(units.astype(np.int64), least, int(np.floor(high / unit + off + _NIL)), exact)


class Offers(NamedTuple):
    """What centres may take: the atoms of each (a row, the first `size`), prices by centre.

    The centre's own atom comes first: it is always taken.
    """

    atoms: Ints
    size: Ints
    price: Reals


@compiled
def fill(table: Reals, offers: Offers, units: Ints, band: tuple[int, int], centre: int) -> float:
    """Return the least price of a load in band that holds the centre's atom.

    `table[i % rows, c]` becomes the least price of adding some of the centre's atoms i, i + 1, …
    to a load c; two rows are enough where only the answer is wanted.
    """
    low, high = band
    rows, last = len(table), offers.size[centre]
    for load in range(high + 1):
        table[last % rows, load] = 0.0 if load >= low else np.inf
    for i in range(last - 1, 0, -1):
        atom = offers.atoms[centre, i]
        _add(table[i % rows], table[(i + 1) % rows], offers.price[centre, atom], units[atom])
    own = units[centre]
    return offers.price[centre, centre] + table[1 % rows, own] if own <= high else np.inf


@compiled_inline
def _add(here: Reals, after: Reals, paid: float, unit: int) -> None:
    """Write the least price with one atom more: each load goes without it, or takes it."""
    without = max(0, len(after) - unit)
    for load in range(without, len(after)):
        here[load] = after[load]
    taken = after[len(after) - without :]
    for load in range(without):
        less = paid + taken[load]
        here[load] = min(after[load], less)


@compiled
def fill_all(
    values: Reals, offers: Offers, units: Ints, band: tuple[int, int], table: Reals
) -> None:
    """Write the value of each centre that may take its own atom; infinite for the others."""
    for centre in range(len(values)):
        values[centre] = np.inf
        if offers.size[centre] > 0:
            values[centre] = fill(table, offers, units, band, centre)


@compiled
def take(table: Reals, offers: Offers, units: Ints, centre: int, times: Reals) -> None:
    """Count one more time each atom that the centre takes, from a whole table of `fill`."""
    load = units[centre]
    times[centre] += 1.0
    for i in range(1, offers.size[centre]):
        atom = offers.atoms[centre, i]
        if table[i, load] < table[i + 1, load]:
            times[atom] += 1.0
            load += units[atom]


@compiled
def rises(
    table: Reals, offers: Offers, units: Ints, centre: int, room: tuple[Reals, Reals]
) -> None:
    """Write by how much a centre's value rises when it must take an atom, for each of its atoms.

    `table` is whole and from `fill`; `room` is (rises by atom, least price of a load so far).
    """
    rise, before = room
    least = table[1, units[centre]]
    for load in range(len(before)):
        before[load] = np.inf
    before[units[centre]] = 0.0
    rise[centre] = 0.0
    for i in range(1, offers.size[centre]):
        atom = offers.atoms[centre, i]
        paid, unit, best = offers.price[centre, atom], units[atom], np.inf
        for load in range(len(before) - unit):
            best = min(best, before[load] + table[i + 1, load + unit])
        rise[atom] = best + paid - least
        for load in range(len(before) - 1, unit - 1, -1):
            before[load] = min(before[load], before[load - unit] + paid)
