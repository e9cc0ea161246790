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
from geo.plan import PlanDiff, compare
from geo.rules import Band, Rules

_DEFAULT_RULE: Final = "urban"


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


def _counted(codes: pd.Series, counts: pd.Series) -> pd.Series:
    return codes.map(counts).fillna(0).astype("int64")


def _in_metres(grids: gpd.GeoDataFrame) -> gpd.GeoSeries:
    west, south, east, north = grids.total_bounds
    target = metric_crs((west + east) / 2, (south + north) / 2)
    return grids.geometry.set_crs(WGS84, allow_override=True).to_crs(target)
