from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.errors import LockConflictError, NoGroundError
from geo.redraw import redraw
from geo.rules import load_rules, one_band
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


def on_one_spot(**columns: list[object]) -> gpd.GeoDataFrame:
    """Return eight points in a row, the second, a light one, on the spot of the first."""
    atoms = town("2.......").drop(columns="special")
    points = atoms.assign(geometry=atoms.geometry.centroid, **columns)
    points.loc[1, "geometry"] = points.geometry[0]
    return points


def test_a_lock_of_a_light_building_holds_the_spot_it_shares_with_a_heavy_one() -> None:
    """Its lock was lost: the heavy one's "no" counted, and its grid."""
    points = on_one_spot(
        grid=["A", "B", "B", "B", "B", "A", "A", "A"], lock=[False, True, *[False] * 5, True],
        post=[None, "p", None, "q", None, None, None, None],
    )  # fmt: skip
    drawn = redraw(
        points, weight="households", rules=one_band(200, 300), previous="grid", locked="lock",
        anchors="post",
    )  # fmt: skip
    assert drawn.labels[0] == drawn.labels[1]
    assert len({drawn.labels[1], drawn.labels[7]}) == 2
    assert drawn.labels[1] != drawn.labels[3]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"grid": ["A", "B", *"AAAAAA"], "lock": [True, True, *[False] * 6]}, "1: A ≠ 2: B"),
        ({"post": ["p", "q", *[None] * 6]}, "1: p ≠ 2: q"),
        ({"post": [True, True, *[False] * 6]}, "1: anchor 0 ≠ 2: anchor 1"),
        (
            {"grid": ["A", "B", *"AAAAAA"], "lock": [True, *[False] * 7],
             "post": [False, True, *[False] * 6]},
            "1: A ≠ 2: B",
        ),
    ],
)  # fmt: skip
def test_two_grids_for_one_spot_are_refused_with_the_rows(
    columns: dict[str, list[object]], said: str
) -> None:
    points = on_one_spot(**columns)
    uses = {"previous": "grid", "locked": "lock", "anchors": "post"}
    named = {use: column for use, column in uses.items() if column in points}
    with pytest.raises(LockConflictError, match=said):
        redraw(points, weight="households", rules=RULES, **named)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("called", "said"),
    [
        (None, "7: A ≠ B"),
        ([f"楼{n}" for n in range(8)], "楼7: A ≠ B"),
        (["楼"] * 8, "-0008: A ≠ B"),
    ],
)
def test_what_cannot_be_kept_names_the_building_not_the_atom_made_of_it(
    called: list[str] | None, said: str
) -> None:
    atoms = town("a......a").assign(grid=list("AAAABBBB"), lock=[True, *[False] * 6, True])
    points = atoms.assign(geometry=atoms.geometry.centroid).drop(columns="special")
    points = points if called is None else points.assign(atom=called)
    uses = {"previous": "grid", "locked": "lock", "groups": "estate", "within": "within"}
    with pytest.raises(LockConflictError, match=said):
        redraw(points, weight="households", rules=RULES, **uses)  # type: ignore[arg-type]


def test_what_shares_a_spot_with_a_special_grid_is_said() -> None:
    points = on_one_spot(special=[False, True, *[False] * 6])
    (said,) = redraw(points, weight="households", rules=RULES).report.remarks.to_dict("records")
    assert (said["kind"], said["name"], said["rows"]) == ("special_beside", "2", 1)


def test_of_rules_in_one_community_that_of_most_households_holds_and_the_others_are_said() -> None:
    """The first row's held, so that the plan hung on the order of rows, and nothing was said."""
    atoms = town("........").drop(columns="special").assign(rule=["village", *["urban"] * 7])
    points = atoms.assign(geometry=atoms.geometry.centroid)
    for rows in (atoms, atoms.iloc[::-1], points):
        drawn = redraw(rows, weight="households", rules=RULES)
        assert drawn.report.communities["rule"].tolist() == ["urban"]
        (said,) = drawn.report.remarks.to_dict("records")
        assert (said["kind"], said["name"]) == ("other_rule", "village ≠ urban")
        assert (said["rows"], said["households"]) == (1, 50)
