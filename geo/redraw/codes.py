"""Codes of redrawn grids: a grid that is still the same one keeps its code."""

from __future__ import annotations

from itertools import islice
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.atoms import reading_order
from geo.errors import CodesExhaustedError
from geo.metrics import successors
from geo.redraw.inputs import Atoms
from geo.redraw.state import Ints

LAST_NUMBER: Final = 999
FIRST_SPECIAL: Final = 901


def grid_codes(atoms: Atoms, grid: Ints, order: Ints) -> NDArray[np.object_]:
    """Return the code of each grid: community + 3 digits; from the 1000th on, 4 or more.

    A grid of today whose code is of that form keeps it when each has more than half of the
    other's households; the rest are numbered in reading order with numbers not in use today, and
    with those of grids that end here only when the 999 of a community run out. Special grids keep
    theirs or are numbered from 901. Figures are added up in an `order` that is not the table's.
    """
    count = int(grid.max(initial=-1)) + 1
    first = np.unique(grid, return_index=True)[1]
    home = atoms.homes[atoms.home[first]]
    codes = _kept(atoms, grid, order, home)
    kept = {str(code) for code in codes if code is not None}
    today = {str(code) for code in pd.unique(atoms.previous) if code is not None}
    x, y = _middles(atoms, grid, order, count)
    special = atoms.special[first]
    for community, rows in pd.Series(range(count)).groupby(home).indices.items():
        for kind in (False, True):
            open_ = rows[pd.isna(codes[rows]) & (special[rows] == kind)]
            open_ = open_[reading_order(x[open_], y[open_])]
            begin = FIRST_SPECIAL if kind else 1
            last = last_number(len(rows))
            codes[open_] = free_codes(str(community), len(open_), begin, (kept, today), last)
            kept.update(codes[open_])
    return codes


def _kept(atoms: Atoms, grid: Ints, order: Ints, home: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return the codes that stay; None elsewhere."""
    codes = np.full(len(home), None, dtype=object)
    if pd.isna(atoms.previous).all():
        return codes
    table = pd.DataFrame({"new": grid, "old": atoms.previous, "households": atoms.weight})
    table = table.iloc[order]
    own = table.loc[atoms.special[order]].dropna()
    pairs = successors(table.loc[~atoms.special[order]])
    taken: set[str] = set()
    last = pd.Series(home).value_counts().map(last_number)
    # A special grid cut out of one of today's leaves the code to what goes on of it.
    for new, old in [
        *zip(pairs["new"], pairs["old"], strict=True),
        *zip(own["new"], own["old"], strict=True),
    ]:
        if old not in taken and _is_of(old, str(home[new]), last[home[new]]):
            codes[new] = old
            taken.add(old)
    return codes


def last_number(grids: int) -> int:
    """Return the last number of a community of so many grids.

    >>> last_number(3), last_number(999), last_number(1_000)
    (999, 999, 9999)
    """
    return max(LAST_NUMBER, int("9" * len(str(grids))))


def _is_of(code: str, community: str, last: int) -> bool:
    """Tell whether a code is a community's and a number, at most the last, of three digits or more.

    >>> [_is_of(code, "3701", 999) for code in ("3701001", "37010001", "3702001", "370100²")]
    [True, False, False, False]
    >>> _is_of("37011000", "3701", 999), _is_of("37011000", "3701", 9999)
    (False, True)
    """
    digits = code[len(community) :]
    if not code.startswith(community) or not (digits.isascii() and digits.isdigit()):
        return False
    return digits == f"{int(digits):03d}" and int(digits) <= last


def _middles(atoms: Atoms, grid: Ints, order: Ints, count: int) -> tuple[NDArray[np.float64], ...]:
    """Return x and y of each grid's middle, in metres."""
    area, _, x, y = (form[order] for form in atoms.forms)
    grid = grid[order]
    whole = np.bincount(grid, area, count)
    return tuple(np.bincount(grid, area * along, count) / whole for along in (x, y))


def free_codes(
    community: str,
    count: int,
    begin: int,
    used: tuple[set[str], set[str]],
    last: int = LAST_NUMBER,
) -> list[str]:
    """Return so many codes not in use, from a number on, then from the start.

    `used` are those of the plan and those of today; the latter are given again at the very last.

    Raises
    ------
    CodesExhaustedError
        When there are not so many numbers up to the last.
    """
    kept, today = used
    numbers = [*range(begin, last + 1), *range(1, begin)]
    codes = (code for n in numbers if (code := f"{community}{n:03d}") not in kept)
    fresh = (code for code in codes if code not in today)
    free = list(islice(fresh, count))
    if len(free) < count:
        ended = (f"{community}{n:03d}" for n in numbers)
        free += islice((code for code in ended if code in today - kept), count - len(free))
    if len(free) < count:
        left = {"needed": count, "free": len(free)}
        raise CodesExhaustedError(community=community, first=1, last=last, **left)
    return free
