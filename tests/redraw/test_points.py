from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.errors import NoGroundError
from geo.redraw import redraw
from geo.rules import load_rules
from tests.redraw.toy import most_grids, town

RULES = load_rules()


TOWN = """
aa..bb..
aa..bb..
..cc....
..cc..##
......##
dd..ee..
"""


def test_points_are_given_the_ground_around_them() -> None:
    atoms = town(TOWN)
    points = atoms.assign(geometry=atoms.geometry.centroid).drop(columns="special")
    drawn = redraw(points, weight="households", rules=RULES, within="within", groups="estate")
    by_grid = points["households"].groupby(drawn.labels).sum()
    assert all(300 <= load <= 500 for load in by_grid)
    assert by_grid.sum() == drawn.grids["households"].sum() == points["households"].sum()
    assert most_grids(drawn, points["estate"]) == 1
    assert shapely.coverage_is_valid(drawn.grids.geometry.to_numpy())


def test_points_on_one_spot_share_a_grid_and_so_do_the_estates_they_name() -> None:
    atoms = town("ab....ab")
    points = atoms.assign(geometry=atoms.geometry.centroid).drop(columns="special")
    points.loc[1, "geometry"] = points.geometry[0]
    points["lock"], points["grid"] = False, "A"
    drawn = redraw(
        points, weight="households", rules=RULES, groups="estate", previous="grid", locked="lock"
    )
    assert len(set(drawn.labels[[0, 1, 6, 7]])) == 1


def test_points_bring_the_rule_of_their_community() -> None:
    atoms = town("........").assign(rule="village").drop(columns="special")
    points = atoms.assign(geometry=atoms.geometry.centroid)
    report = redraw(points, weight="households", rules=RULES).report.communities
    assert report["rule"].tolist() == ["village"]
    assert report["grids"].tolist() == [2]


def test_points_of_two_communities_on_one_spot_stay_in_their_own() -> None:
    atoms = town("33").assign(within=["a", "b"]).drop(columns="special")
    points = atoms.assign(geometry=atoms.geometry.centroid)
    both = gpd.GeoDataFrame(pd.concat([points, points.iloc[[0]].assign(within="b")]))
    drawn = redraw(both, weight="households", within="within", rules=RULES)
    assert drawn.labels.tolist() == ["a001", "b001", "b001"]
    (said,) = drawn.report.remarks.to_dict("records")
    assert (said["kind"], said["name"], said["within"]) == ("spot_elsewhere", "b", "a")
    assert (said["rows"], said["households"]) == (1, 300)


def test_multipoints_of_one_point_are_points() -> None:
    atoms = town("....").drop(columns="special")
    points = atoms.assign(geometry=atoms.geometry.centroid)
    many = points.set_geometry([shapely.MultiPoint([each]) for each in points.geometry])
    one, two = (redraw(rows, weight="households", rules=RULES).labels for rows in (points, many))
    pd.testing.assert_series_equal(one, two)


def test_a_community_whose_points_all_lie_on_those_of_another_is_named() -> None:
    atoms = town("33").drop(columns="special")
    points = atoms.assign(geometry=atoms.geometry.centroid.iloc[0], within=["a", "b"])
    with pytest.raises(NoGroundError, match="Community b"):
        redraw(points, weight="households", within="within", rules=RULES)
