"""Straight edges of a projection bend in degrees: corners on them are made theirs before."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS

from geo.crs import WGS84
from geo.load import repairs
from geo.load.findings import RawLayer, ReadOptions
from geo.load.projections import resolved
from tests.load.made import alarms, found, grids, one

LONG = 3_000.0
CUTS = st.lists(st.integers(1, 29), max_size=6, unique=True)


def terrace(above: Sequence[int], below: Sequence[int], turn: float = 0.0) -> gpd.GeoDataFrame:
    """Return areas on both sides of a straight street, cut where they like (in hundreds)."""
    shapes = [
        shapely.box(west, low, east, low + 500)
        for low, cuts in ((0, above), (-500, below))
        for west, east in pairwise([0.0, *(100.0 * cut for cut in sorted(cuts)), LONG])
    ]
    there = gpd.GeoSeries(shapes).rotate(turn, origin=(0, 0)).translate(500_000, 4_050_000)
    rows = range(1, len(shapes) + 1)
    return gpd.GeoDataFrame(geometry=there.to_numpy(), index=rows, crs="EPSG:4548")


def read(frame: gpd.GeoDataFrame, *, tiling: bool = True) -> RawLayer:
    return resolved(RawLayer("a", frame, CRS(frame.crs)), ReadOptions(), tiling=tiling)


def fits(frame: gpd.GeoDataFrame) -> bool:
    return bool(shapely.coverage_is_valid(frame.geometry.to_numpy()))


@settings(max_examples=25, deadline=None)
@given(CUTS, CUTS, st.floats(-90, 90))
def test_whatever_the_corners_on_a_straight_street_both_sides_share_them_in_degrees(
    above: list[int], below: list[int], turn: float
) -> None:
    drawn = terrace(above, below, turn)
    layer = read(drawn)
    assert fits(layer.frame)
    assert [f.code for f in layer.findings] == ["vertex-missing"] * (set(above) != set(below))
    back = repairs.undo(layer.frame, layer.findings)
    assert back.geometry.equals(drawn.to_crs(WGS84).geometry)


def test_without_them_a_straight_street_of_three_kilometres_comes_apart() -> None:
    assert not fits(read(terrace([], [10, 20]), tiling=False).frame)


@pytest.mark.parametrize("odd", [None, shapely.Polygon(), shapely.LineString([(0, 0), (9, 9)])])
def test_what_is_no_area_stays_as_it_is_beside_areas_that_get_corners(odd: object) -> None:
    drawn = terrace([], [10, 20])
    bow = shapely.Polygon([(0, 0), (9, 9), (9, 0), (0, 9)])
    more = gpd.GeoDataFrame(geometry=[odd, bow], index=[5, 6], crs=drawn.crs)
    layer = read(gpd.GeoDataFrame(pd.concat([drawn, more])))
    assert fits(layer.frame.loc[drawn.index])
    assert layer.findings[0].rows == (1,)
    assert layer.frame.geometry.loc[[5, 6]].equals(more.to_crs(WGS84).geometry)


def test_a_file_says_what_corners_were_missing_and_one_that_has_them_says_nothing(
    tmp_path: Path,
) -> None:
    drawn = terrace([], [20]).assign(code=grids()["code"].to_numpy(), name="网格")
    drawn.to_file(tmp_path / "a.gpkg")
    loaded = one(tmp_path / "a.gpkg")
    assert found(loaded) == {"vertex-missing": 1}
    assert fits(loaded.frame)
    loaded.frame.to_crs("EPSG:4548").to_file(tmp_path / "b.gpkg")
    assert alarms(one(tmp_path / "b.gpkg")) == []
