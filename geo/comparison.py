"""Two sets of grids over the same buildings, side by side: what a planner decides by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import WGS84, metric_crs
from geo.lookup import GridIndex
from geo.metrics import compactness
from geo.plan import PlanDiff, compare, lineage
from geo.rules import Band, Rules, barrier_rules

_DEFAULT_RULE: Final = "urban"
# What cutting ground into atoms and putting these together again leaves along a border: a tenth of
# a millimetre, in degrees. `touched_by_plan.sql` has the same.
_STRIP: Final = 1e-4 / 111_320.0


@dataclass(frozen=True, eq=False)
class Side:
    """One set of grids and what is on them.

    Parameters
    ----------
    grids
        The contract AREAS and `households`, `people`, `low`, `high` (the grid's own band,
        missing where its rule has none), `rule` filled in.
    owner
        Grid code of each building, missing where none owns it; indexed like the buildings.
    """

    grids: gpd.GeoDataFrame
    owner: pd.Series

    @property
    def ordinary(self) -> gpd.GeoDataFrame:
        """The grids that are not special ones."""
        return self.grids.loc[~self.grids["special"].astype("bool")]

    def in_band(self) -> tuple[int, int]:
        """Return how many ordinary grids are in their band, and how many have one."""
        banded = self.ordinary.dropna(subset=["low", "high"])
        fits = banded["households"].between(banded["low"], banded["high"])
        return int(fits.sum()), len(banded)

    def most_least(self) -> tuple[int, int] | None:
        """Return the most and the least households of an ordinary grid; None without grids."""
        loads = self.ordinary["households"]
        return (int(loads.max()), int(loads.min())) if len(loads) else None

    def broken_pieces(self) -> int:
        """Return how many pieces the ordinary grids have beyond one each."""
        parts = shapely.get_num_geometries(self.ordinary.geometry.to_numpy())
        return int(parts.sum()) - len(parts)

    def compactness(self) -> float | None:
        """Return the mean Polsby-Popper score of the ordinary grids; None without grids."""
        if not len(self.ordinary):
            return None
        shapes = _in_metres(self.ordinary).to_numpy()
        return float(compactness(shapely.area(shapes), shapely.length(shapes)).mean())

    def along_lines(self, lines: gpd.GeoDataFrame, rules: Rules) -> float | None:
        """Return the share (0 to 1) of the borders inside communities that runs along lines.

        Roads, rivers, rails and walls, by the rules' barriers; None where there is no such border.

        Raises
        ------
        OverlapError
            When grids overlap by more than rounding.
        """
        from geo.redraw.roadside import share_along  # noqa: PLC0415 the redraw comes with it

        return share_along(self.ordinary, lines, barrier_rules(rules))

    def busiest(self, points: gpd.GeoSeries) -> int | None:
        """Return how many of some points (EPSG:4326) lie in the ordinary grid that has most."""
        if not len(self.ordinary):
            return None
        found = owners(self.ordinary, gpd.GeoDataFrame(geometry=points))
        return int(found.value_counts().max()) if found.notna().any() else 0

    def split_estates(self, buildings: pd.DataFrame) -> int:
        """Return how many estates have buildings in more than one ordinary grid."""
        ordinary = self.owner.where(self.owner.isin(self.ordinary["code"]))
        grids = ordinary.groupby(buildings["estate"]).nunique()
        return int((grids > 1).sum())


def side_of(
    grids: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame,
    *,
    communities: gpd.GeoDataFrame,
    rules: Rules,
) -> Side:
    """Return grids with what is on them.

    Parameters
    ----------
    grids, communities
        By the contract AREAS, EPSG:4326. A grid without a rule has its community's, else urban.
    buildings
        By the contract PLACES.
    """
    owner = owners(grids, buildings)
    counts = buildings[["households", "people"]].groupby(owner).sum()
    rule = grids["rule"].fillna(grids["parent"].map(communities.set_index("code")["rule"]))
    rule = rule.mask(grids["special"].astype("bool"), "special").fillna(_DEFAULT_RULE)
    bands = rule.map(lambda name: rules.band(name) or Band(np.nan, np.nan, np.nan))
    weighed = grids.assign(
        rule=rule,
        low=[band.low for band in bands],
        high=[band.high for band in bands],
        **{name: _counted(grids["code"], counts[name]) for name in counts},
    )
    return Side(weighed, owner)


def owners(grids: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame) -> pd.Series:
    """Return the code of the grid that owns each building, missing where none does."""
    points = buildings.geometry
    codes = GridIndex(grids.set_index("code")).locate(points.x.to_numpy(), points.y.to_numpy())
    return pd.Series(codes, index=buildings.index, dtype="str", name="grid")


def difference(now: Side, draft: Side, buildings: pd.DataFrame) -> PlanDiff:
    """Return what changes hands between two sides of the same buildings."""
    return compare(now.owner, draft.owner, buildings)


@dataclass(frozen=True, eq=False)
class Descent:
    """How one set of grids came from another.

    Parameters
    ----------
    lineage
        As `geo.plan.lineage`: shares of households, of the area where a grid has none.
    fresh, gone, changed
        Codes only in the later set, only in the earlier one, in both with another shape.
    """

    lineage: pd.DataFrame
    fresh: tuple[str, ...]
    gone: tuple[str, ...]
    changed: tuple[str, ...]

    def heirs(self) -> pd.Series:
        """Return the grid that most of each grid that is gone went to, by its code."""
        passed = self.lineage[self.lineage["old"].isin(self.gone) & self.lineage["new"].notna()]
        order = ["old", "share_of_old", "new"]
        first = passed.sort_values(order, ascending=[True, False, True]).drop_duplicates("old")
        return first.set_index("old")["new"]


def descent(now: Side, draft: Side, buildings: pd.DataFrame) -> Descent:
    """Return how the grids of one side came from those of another, those without a building too."""
    ground = _overlay(now.grids, draft.grids)
    lived = pd.DataFrame({"old": now.owner, "new": draft.owner, "size": 0.0})
    pieces = pd.concat(
        [
            ground.assign(households=0),
            lived.assign(households=buildings["households"].astype("int64")),
        ],
        ignore_index=True,
    )
    table = lineage(pieces["old"], pieces["new"], pieces["households"], pieces["size"])
    known = table[(table["share_of_new"] > 0) | (table["share_of_old"] > 0)]
    before, after = set(now.grids["code"]), set(draft.grids["code"])
    elsewhere = ground[(ground["old"] != ground["new"])]
    moved = set(elsewhere["old"].dropna()) | set(elsewhere["new"].dropna())
    sets = (after - before, before - after, before & after & moved)
    return Descent(known.reset_index(drop=True), *(tuple(sorted(codes)) for codes in sets))


def _overlay(now: gpd.GeoDataFrame, draft: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the ground by the grid it was in and the one it would be in: old, new, size (area).

    One of the two is missing where the ground was in none, or would be.
    """
    old, new = now.geometry.to_numpy(), draft.geometry.to_numpy()
    left, right = now.sindex.query(new, predicate="intersects")[::-1]
    size = shapely.area(shapely.intersection(old[left], new[right]))
    codes = {"old": now["code"].to_numpy()[left], "new": draft["code"].to_numpy()[right]}
    pairs = pd.DataFrame({**codes, "size": size})
    rests = [_uncovered(now, pairs, "old"), _uncovered(draft, pairs, "new")]
    shorter = np.minimum(shapely.length(old)[left], shapely.length(new)[right])
    return pd.concat([pairs[size > _STRIP * shorter], *rests], ignore_index=True)


def _uncovered(grids: gpd.GeoDataFrame, pairs: pd.DataFrame, side: str) -> pd.DataFrame:
    """Return the ground of each grid that lies in no grid of the other side."""
    area = pd.Series(shapely.area(grids.geometry.to_numpy()), index=grids["code"].to_numpy())
    rest = area - pairs.groupby(side)["size"].sum().reindex(area.index).fillna(0.0)
    around = pd.Series(shapely.length(grids.geometry.to_numpy()), index=area.index)
    left = rest[rest > _STRIP * around]
    return pd.DataFrame({side: left.index, "size": left.to_numpy()}).astype({side: "str"})


def _counted(codes: pd.Series, counts: pd.Series) -> pd.Series:
    return codes.map(counts).fillna(0).astype("int64")


def _in_metres(grids: gpd.GeoDataFrame) -> gpd.GeoSeries:
    west, south, east, north = grids.total_bounds
    target = metric_crs((west + east) / 2, (south + north) / 2)
    return grids.geometry.set_crs(WGS84, allow_override=True).to_crs(target)
