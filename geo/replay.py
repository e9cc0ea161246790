"""The issues of a period replayed on a plan: what each grid would have had to carry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import pandas as pd

from geo.comparison import Side, owners

HEAVY: Final = 2.0  # times the median of the ordinary grids
_SERVICES: Final = 3  # named for a grid, the most frequent first


@dataclass(frozen=True, eq=False)
class Replay:
    """What a plan does to the load of issues; counts only.

    Parameters
    ----------
    grids
        One row a grid of the plan or of before, the heaviest first: `code`, `name`, `special`,
        `households`, `before` and `after` (issues), `open`, `overdue` (of those after),
        `per_100_before`, `per_100_after` (issues per 100 households; missing where nobody lives or
        there is no such grid), `services` (the most frequent: pairs of code and count), `heavy`
        (more than `HEAVY` times the median of the ordinary grids after, at least 1).
    issues
        How many were replayed.
    other_grid, other_holder
        How many would be another grid's, another person's to answer for.
    unplaced
        How many had no position, and were counted with the grid they were given to.
    nowhere
        How many lie in no grid of the plan.
    median
        Issues of an ordinary grid after, the median.
    """

    grids: pd.DataFrame
    issues: int
    other_grid: int
    other_holder: int
    unplaced: int
    nowhere: int
    median: float


def replay(
    issues: pd.DataFrame, was: Side, will: Side, *, shares: pd.DataFrame, holders: pd.Series
) -> Replay:
    """Return the load of issues before and after.

    Parameters
    ----------
    issues
        `lon`, `lat` (EPSG:4326, missing: no position), `grid` (where it is then counted),
        `service`, `is_open`, `is_overdue`.
    shares
        As `geo.plan.lineage`: which old grids each new one came from.
    holders
        Who answers for each grid before, by code.
    """
    placed = issues["lon"].notna().to_numpy()
    before = _located(was, issues)
    after = _located(will, issues)
    given = issues["grid"].astype("object")
    heirs = _heirs(shares)
    there, gone = set(will.grids["code"]), given.map(heirs)
    before = before.where(placed, given)
    after = after.where(placed, given.where(given.isin(there), gone))
    holds = successors_in_charge(shares, holders)
    differ = _differ(before, after)
    another = differ & _differ(before.map(holders), after.map(holds))
    table = _table(was, will, before, issues.assign(grid=after))
    ordinary = table[table["code"].isin(there) & ~table["special"]]
    median = float(ordinary["after"].median()) if len(ordinary) else 0.0
    heavy = table["after"] > HEAVY * max(median, 1.0)
    return Replay(
        table.assign(heavy=heavy),
        len(issues),
        int(differ.sum()),
        int(another.sum()),
        int((~placed).sum()),
        int(after.isna().sum()),
        median,
    )


def successors_in_charge(shares: pd.DataFrame, holders: pd.Series) -> pd.Series:
    """Return who would answer for each grid of the plan, by code: as publishing hands duties on.

    A grid that stays keeps its holder; one without takes over that of the grid that ends and gives
    it most of its households, else that of the grid most of its own came from.

    >>> from geo.plan import lineage
    >>> old, new = pd.Series(["x", "x", "z"]), pd.Series(["x", "y", "y"])
    >>> shares = lineage(old, new, pd.Series([9, 5, 4]))
    >>> successors_in_charge(shares, pd.Series({"x": "甲", "z": "乙"})).to_dict()
    {'x': '甲', 'y': '乙'}
    """
    pairs = shares.dropna(subset=["new", "old"])
    pairs = pairs.assign(holder=pairs["old"].map(holders)).dropna(subset=["holder"])
    ends = ~pairs["old"].isin(pairs["new"])
    goes_on = pairs["old"].map(_heirs(shares)) == pairs["new"]
    ranked = pairs.assign(kept=pairs["new"] == pairs["old"], heir=ends & goes_on)
    order = ["new", "kept", "heir", "households", "share_of_new", "old"]
    first = ranked.sort_values(order, ascending=[True, False, False, False, False, True])
    return first.drop_duplicates("new").set_index("new")["holder"]


def _heirs(shares: pd.DataFrame) -> pd.Series:
    """Return the new grid that most households of each old one went to, by the old code."""
    pairs = shares.dropna(subset=["new", "old"])
    order = ["old", "households", "share_of_old", "new"]
    first = pairs.sort_values(order, ascending=[True, False, False, True])
    return first.drop_duplicates("old").set_index("old")["new"]


def _differ(one: pd.Series, other: pd.Series) -> pd.Series:
    return one.astype("object").fillna("") != other.astype("object").fillna("")


def _located(side: Side, issues: pd.DataFrame) -> pd.Series:
    placed = issues[issues["lon"].notna()]
    points = gpd.GeoDataFrame(
        geometry=gpd.points_from_xy(placed["lon"], placed["lat"]), index=placed.index
    )
    return owners(side.grids, points).astype("object").reindex(issues.index)


def _table(was: Side, will: Side, before: pd.Series, after: pd.DataFrame) -> pd.DataFrame:
    """Return the grids of both sides with their counts, the heaviest first."""
    columns = ["code", "name", "special", "households"]
    both = pd.concat([will.grids[columns], was.grids[columns]], ignore_index=True)
    codes = both.drop_duplicates("code").set_index("code")
    counts = {
        "before": before,
        "after": after["grid"],
        "open": after.loc[after["is_open"], "grid"],
        "overdue": after.loc[after["is_overdue"], "grid"],
    }
    table = codes.assign(
        special=codes["special"].astype("bool"),
        **{name: _counted(found, codes.index) for name, found in counts.items()},
        services=_services(after).reindex(codes.index),
    )
    rates = {
        f"per_100_{name}": _per_100(table[name], side)
        for name, side in (("before", was), ("after", will))
    }
    order = table.assign(**rates).reset_index()
    return order.sort_values(["after", "code"], ascending=[False, True], ignore_index=True)


def _counted(grids: pd.Series, codes: pd.Index) -> pd.Series:
    return grids.value_counts().reindex(codes).fillna(0).astype("int64")


def _per_100(counts: pd.Series, side: Side) -> pd.Series:
    """Return the issues per 100 households of a side's grids, missing where there are none."""
    lived = side.grids.set_index("code")["households"].reindex(counts.index).astype("Float64")
    return (100 * counts / lived.where(lived > 0)).round(1)


def _services(issues: pd.DataFrame) -> pd.Series:
    """Return the most frequent services of each grid: a list of pairs of code and count."""
    counts = issues.groupby(["grid", "service"]).size().rename("count").reset_index()
    ranked = counts.sort_values(["grid", "count", "service"], ascending=[True, False, True])
    top = ranked.groupby("grid").head(_SERVICES)
    named: dict[str, list[tuple[str, int]]] = {grid: [] for grid in top["grid"].unique()}
    for grid, service, count in zip(top["grid"], top["service"], top["count"], strict=True):
        named[grid].append((service, count))
    return pd.Series(named, dtype="object")
