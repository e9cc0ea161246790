"""Where two nets disagree: which of their units belong together, and who lives outside of that."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.nets.belonging import belonging
from geo.nets.inputs import Given
from geo.nets.overlay import Overlay
from geo.redraw.state import Flags, Ints, Reals


@dataclass(frozen=True, eq=False)
class Pair:
    """Two nets held against each other.

    Parameters
    ----------
    first, second
        Positions of the nets.
    overlaps
        A row for each two units with common ground: `a`, `b` (positions of codes), `households`,
        `area` (m²), `agreed` (the two belong together).
    atom
        The row of `overlaps` of each atom, -1 where a net has no unit.
    only
        Households and area in a unit of the first net alone, and of the second alone.
    borders
        Share of the first net's inner borders that are borders of the second, and the reverse.
    proven
        Whether no other grouping of the units agrees about more households.
    """

    first: int
    second: int
    overlaps: pd.DataFrame
    atom: Ints
    only: tuple[tuple[float, float], tuple[float, float]]
    borders: tuple[float, float]
    proven: bool

    def total(self, measure: str, *, agreed: bool | None = None) -> float:
        """Return the `households` or `area` in both nets: all, agreed upon, or in conflict."""
        rows = self.overlaps
        if agreed is not None:
            rows = rows.loc[rows["agreed"] == agreed]
        return float(rows[measure].sum())


def held_together(whole: Given, overlay: Overlay, households: Reals) -> tuple[Pair, ...]:
    """Return every two nets held against each other, in order."""
    return tuple(
        _pair(overlay, households, first, second)
        for first, second in combinations(range(len(whole.nets)), 2)
    )


def _pair(overlay: Overlay, households: Reals, first: int, second: int) -> Pair:
    a, b, area = overlay.units[:, first], overlay.units[:, second], overlay.area
    both = (a >= 0) & (b >= 0)
    width = int(b.max(initial=0)) + 1
    key, place = np.unique(a[both] * width + b[both], return_inverse=True)
    table = pd.DataFrame({"a": key // width, "b": key % width})
    table["households"] = np.bincount(place, households[both], len(key))
    table["area"] = np.bincount(place, area[both], len(key))
    table["agreed"], proven = belonging(table)
    atom = np.full(len(a), -1, np.int64)
    atom[both] = place
    first_only, second_only = (
        (float(households[alone].sum()), float(area[alone].sum()))
        for alone in ((a >= 0) & (b < 0), (b >= 0) & (a < 0))
    )
    return Pair(
        first,
        second,
        table,
        atom,
        (first_only, second_only),
        _border_shares(overlay, first, second),
        proven,
    )


def _border_shares(overlay: Overlay, first: int, second: int) -> tuple[float, float]:
    """Return the share of each net's inner borders that are borders of the other too."""
    own = parted(overlay.units, overlay.borders.left, overlay.borders.right)
    metres = overlay.borders.metres
    both = float(metres[own[:, first] & own[:, second]].sum())
    a, b = (float(metres[own[:, net]].sum()) for net in (first, second))
    return both / a if a > 0 else 1.0, both / b if b > 0 else 1.0


def parted(units: Ints, left: NDArray[np.int64], right: NDArray[np.int64]) -> Flags:
    """Tell for pairs of atoms which nets have a border between them: (pairs, nets)."""
    return np.asarray(units[left] != units[right], np.bool_)
