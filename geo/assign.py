"""Whose is it: the grid, community, subdistrict and lane of each point, and who answers there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import WGS84, Degrees
from geo.duties import LaneIndex, by_code, holders
from geo.lookup import GridIndex

# Roles that answer for a point, and the area each is held on.
_ANSWERING: Final = (
    ("grid_leader", "grid"),
    ("grid_worker", "grid"),
    ("street_manager", "lane"),
)
# What a territory builds when first asked, and not of its grids.
_BESIDE: Final = ("subdistricts_of", "community_index", "subdistrict_index", "lane_index")


def assign(
    points: gpd.GeoDataFrame,
    *,
    grids: gpd.GeoDataFrame,
    communities: gpd.GeoDataFrame,
    subdistricts: gpd.GeoDataFrame,
    lanes: gpd.GeoDataFrame,
    duties: pd.DataFrame,
) -> pd.DataFrame:
    """Return for each point where it lies and who answers there; missing where none.

    See `Territory.assign`; build that once to ask more than once.
    """
    territory = Territory(
        grids=grids, communities=communities, subdistricts=subdistricts, lanes=lanes, duties=duties
    )
    return territory.assign(points)


@dataclass(frozen=True, kw_only=True)
class Territory:
    """Everything an assignment is decided by: areas by the contract AREAS, and duties.

    Areas are polygons (lanes: lines or polygons) with the columns `code` (or indexed by it),
    `parent` and, for grids, `special`. Indexes over them are built when first asked for. No lane is
    further than `lane_within` metres.
    """

    grids: gpd.GeoDataFrame
    communities: gpd.GeoDataFrame
    subdistricts: gpd.GeoDataFrame
    lanes: gpd.GeoDataFrame
    duties: pd.DataFrame
    lane_within: float = np.inf

    def assign(self, points: gpd.GeoDataFrame) -> pd.DataFrame:
        """Return for each point where it lies and who answers there; missing where none.

        Parameters
        ----------
        points
            Points in any CRS (none: EPSG:4326). One without position is unclaimed, like one
            outside everything: all its columns are missing.

        Returns
        -------
        DataFrame
            Index of `points`; the columns of `areas_of`, and text columns grid_leader,
            grid_worker, street_manager (codes).
        """
        found = self.areas_of(*_positions(points))
        held = {role: holders(self.duties, role, found[area]) for role, area in _ANSWERING}
        return found.assign(**held).set_axis(points.index)

    def areas_of(self, lon: Degrees, lat: Degrees) -> pd.DataFrame:
        """Return where each point lies; missing where nobody owns it.

        A grid's community is its parent; where nobody owns the point, the community that covers
        it, then the subdistrict that does. The lane is the nearest one of the same subdistrict.

        Parameters
        ----------
        lon, lat
            EPSG:4326, one-dimensional; not a number where there is no position.

        Returns
        -------
        DataFrame
            Text columns grid, community, subdistrict, lane (codes), and lane_distance_m in metres.
        """
        grid = _text(self.grid_index.locate(lon, lat))
        community = grid.map(self.communities_of).astype("str")
        community = _filled(community, self.community_index, lon, lat)
        subdistrict = community.map(self.subdistricts_of).astype("str")
        subdistrict = _filled(subdistrict, self.subdistrict_index, lon, lat)
        lane = self.lane_index.nearest(lon, lat, subdistrict)
        named = {"grid": grid, "community": community, "subdistrict": subdistrict}
        return pd.DataFrame(named).join(lane)

    def with_grids(self, grids: gpd.GeoDataFrame) -> Territory:
        """Return the same with other grids; what is built of the other areas is built already."""
        after = replace(self, grids=grids)
        built = vars(self)
        vars(after).update({name: built[name] for name in _BESIDE if name in built})
        return after

    @cached_property
    def communities_of(self) -> pd.Series:
        """The community above each grid, by code."""
        return _parents(self.grids)

    @cached_property
    def subdistricts_of(self) -> pd.Series:
        """The subdistrict above each community, by code."""
        return _parents(self.communities)

    @cached_property
    def grid_index(self) -> GridIndex:
        """The grids, ready to be asked."""
        return GridIndex(by_code(self.grids))

    @cached_property
    def community_index(self) -> GridIndex:
        """The communities, ready to be asked: the rule of grids holds for them too."""
        return GridIndex(by_code(self.communities))

    @cached_property
    def subdistrict_index(self) -> GridIndex:
        """The subdistricts, ready to be asked."""
        return GridIndex(by_code(self.subdistricts))

    @cached_property
    def lane_index(self) -> LaneIndex:
        """The lanes, ready to be asked."""
        return LaneIndex.of(self.lanes, self.lane_within)


def _positions(points: gpd.GeoDataFrame) -> tuple[Degrees, Degrees]:
    """Return degrees, not-a-number where there is no position (or the geometry is no point)."""
    shapes = points.geometry
    if shapes.crs is not None and shapes.crs != WGS84:
        shapes = shapes.to_crs(WGS84)
    placed = shapes.where(~shapes.is_empty, None).to_numpy()
    return shapely.get_x(placed), shapely.get_y(placed)


def _parents(areas: gpd.GeoDataFrame) -> pd.Series:
    coded = by_code(areas)
    if "parent" not in coded:
        return pd.Series(dtype="str")
    return coded["parent"].rename(index=str)


def _filled(codes: pd.Series, index: GridIndex, lon: Degrees, lat: Degrees) -> pd.Series:
    """Return the codes with the missing ones looked up by position."""
    missing = np.flatnonzero(codes.isna())
    found = codes.to_numpy(object, copy=True)
    found[missing] = index.locate(lon[missing], lat[missing])
    return _text(found)


def _text(codes: NDArray[np.object_]) -> pd.Series:
    return pd.Series(codes, dtype="str")
