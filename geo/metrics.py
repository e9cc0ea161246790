"""What a plan is measured by: one list for screens, reports and tests, and the functions."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.rules import Band

if TYPE_CHECKING:
    from geo.atoms import Borders


class Metric(NamedTuple):
    """One figure of a plan: its name, which way is better, its unit, its names on screen."""

    name: str
    better: Literal["more", "less"]
    unit: Literal["share", "households", "count", "ratio"]
    zh: str
    en: str


# In the order a planner looks at them.
METRICS: Final[tuple[Metric, ...]] = (
    Metric("pieces", "less", "count", "不连片处数", "broken pieces"),
    Metric("in_band", "more", "share", "达标网格占比", "grids in band"),
    Metric("moved_households", "less", "households", "调整户数", "households moved"),
    Metric("compactness", "more", "ratio", "平均紧凑度", "mean compactness"),
    Metric("most_over_least", "less", "ratio", "最多户数与最少户数之比", "largest over smallest"),
    Metric("deviation", "less", "ratio", "与平均户数的均方根偏差", "root mean square deviation"),
    Metric("grids", "less", "count", "网格数", "grids"),
)


def in_band(loads: NDArray[np.float64], band: Band | None) -> NDArray[np.bool_]:
    """Tell which loads lie in a band, bounds included; without a band all do.

    >>> in_band(np.array([299.0, 300.0, 500.0, 501.0]), Band(300, 500, 400)).tolist()
    [False, True, True, False]
    """
    if band is None:
        return np.ones(len(loads), np.bool_)
    return np.asarray((loads >= band.low) & (loads <= band.high))


def compactness(area: NDArray[np.float64], perimeter: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the Polsby-Popper score of each shape: 1 for a circle, 0 for a line.

    >>> compactness(np.array([1.0, 0.0]), np.array([4.0, 2.0])).round(3).tolist()
    [0.785, 0.0]
    """
    around = np.where(perimeter > 0, perimeter, 1.0)
    return np.asarray(4 * math.pi * area / around**2)


def pieces(labels: NDArray[np.int64], borders: Borders) -> int:
    """Return how many pieces the grids have beyond one each; 0 is right.

    `labels` by atom, 0 to n - 1; `borders` who borders on whom, bridges included.

    >>> from geo.atoms import Borders
    >>> row = Borders(np.array([0, 1]), np.array([1, 2]), np.ones(2))
    >>> pieces(np.array([0, 1, 0]), row)
    1
    """
    inner = borders.where(labels[borders.left] == labels[borders.right])
    return int(inner.components(len(labels)).max(initial=-1)) + 1 - len(np.unique(labels))


def elsewhere(previous: pd.Series, codes: pd.Series) -> pd.Series:
    """Tell of each row whether it has a grid and had another, by their codes.

    What a plan says of 调整户数, whose grids have their codes; `moved_households` is for labels
    that have none yet.

    >>> elsewhere(pd.Series(["a", "a", None]), pd.Series(["a", "b", "b"])).tolist()
    [False, True, False]
    """
    return previous.notna() & codes.notna() & (previous != codes)


def moved_households(previous: pd.Series, labels: pd.Series, weight: pd.Series) -> float:
    """Return the households whose grid changes, each new grid matched to the old it best fits.

    Rows without a previous grid do not count.

    >>> old, new = pd.Series(["a", "a", "b"]), pd.Series(["x", "y", "y"])
    >>> moved_households(old, new, pd.Series([5.0, 1.0, 9.0]))
    1.0
    """
    known = previous.notna()
    if not known.any():
        return 0.0
    old, new = pd.factorize(previous[known])[0], pd.factorize(labels[known])[0]
    table = np.zeros((old.max() + 1, new.max() + 1))
    np.add.at(table, (old, new), weight[known].to_numpy(np.float64))
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 heavy, and only here

    rows, columns = linear_sum_assignment(-table)
    return float(table.sum() - table[rows, columns].sum())


def successors(shared: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs where each holds more than half of the other: `new`, `old`.

    `shared` has a row an atom or building: `new`, `old` (missing: none), `households`. Pairs of
    nobody's households are no pairs.

    >>> successors(pd.DataFrame({"new": ["x", "y"], "old": ["a", "a"], "households": [3, 2]}))
      new old
    0   x   a
    """
    pairs = shared.groupby(["new", "old"], as_index=False)["households"].sum()
    both = np.ones(len(pairs), np.bool_)
    for side in ("new", "old"):
        whole = pairs[side].map(shared.groupby(side)["households"].sum()).astype("float64")
        both &= (2 * pairs["households"] > whole).to_numpy()
    return pairs.loc[both, ["new", "old"]].reset_index(drop=True)


def measures(
    loads: NDArray[np.float64], shapes: NDArray[np.float64], band: Band | None
) -> dict[str, float]:
    """Return the figures of METRICS that follow from loads and compactness of the grids.

    >>> measures(np.array([300.0, 600.0]), np.array([0.5, 0.7]), Band(300, 500, 400))["in_band"]
    0.5
    """
    least, mean = float(loads.min()), float(loads.mean())
    spread = float(np.sqrt(((loads - mean) ** 2).mean()))
    return {
        "in_band": float(in_band(loads, band).mean()),
        "compactness": float(shapes.mean()),
        "most_over_least": float(loads.max()) / least if least > 0 else math.inf,
        "deviation": spread / mean if mean > 0 else 0.0,
        "grids": float(len(loads)),
    }
