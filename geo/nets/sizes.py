"""How many grids a community would have if they were as large as the units of its nets."""

from __future__ import annotations

from statistics import median_low

import numpy as np
import pandas as pd

from geo.redraw.state import NONE, Ints, Reals
from geo.rules import Band


def as_many_as_units(
    units: Ints, within: pd.Series, load: Reals, bands: dict[str, Band | None]
) -> dict[str, int]:
    """Return the number of grids as large as the units of the nets, by community.

    Of each net a number: the households of the community by those of a unit of it, a unit that
    lies in several communities counting by its share of households. Of the numbers that can be in
    band it is the one in the middle; where no net has any the community is left out.

    Parameters
    ----------
    units
        The unit of each piece in each net: (pieces, nets), -1: none.
    within, load
        Community and households of each piece.
    bands
        Of each community.

    >>> units = np.array([[0], [0], [1], [1], [2], [2]])
    >>> home, load = pd.Series(["c"] * 4 + ["d"] * 2), np.array([180.0] * 6)
    >>> as_many_as_units(units, home, load, {"c": Band(300, 500, 400), "d": None})
    {'c': 2}
    """
    total = pd.Series(load).groupby(within.to_numpy()).sum()
    each = [_numbers(column, within, load, total) for column in units.T]
    found: dict[str, int] = {}
    for town, band in bands.items():
        fits = band.numbers(float(total[town])) if band is not None else range(0)
        numbers = [of[town] for of in each if of.get(town) in fits]
        if numbers:
            found[town] = median_low(numbers)
    return found


def _numbers(unit: Ints, within: pd.Series, load: Reals, total: pd.Series) -> dict[str, int]:
    """Return the number of grids as large as units of one net, by community that has any."""
    table = pd.DataFrame({"unit": unit, "town": within.to_numpy(), "load": load})
    table = table[(table["unit"] != NONE) & (table["load"] > 0)]
    share = table["load"] / table.groupby("unit")["load"].transform("sum")
    whole, covered = (part.groupby(table["town"]).sum() for part in (share, table["load"]))
    number = np.floor(whole * total.reindex(whole.index) / covered + 0.5)
    return {str(town): int(count) for town, count in number.items()}
