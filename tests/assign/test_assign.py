"""Laws of assignment: who answers at a point."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import LineString, Point, Polygon, box

from geo.assign import Territory, assign

# One subdistrict of two communities side by side, the left one of two grids and a school:
#   +----+----+---------+
#   | g1 |[sc]|         |     c2 has no grid but is one community; beyond it lies a strip of
#   |    | g2 |   c2    |     the subdistrict that no community covers
#   +----+----+---------+--
UNIT = 0.01


def square(west: float, south: float, east: float, north: float) -> Polygon:
    return box(117 + west * UNIT, 36 + south * UNIT, 117 + east * UNIT, 36 + north * UNIT)


def areas(*rows: tuple[str, str | None, object], special: str = "") -> gpd.GeoDataFrame:
    frame = pd.DataFrame(rows, columns=["code", "parent", "geometry"])
    frame["special"] = frame["code"] == special
    return gpd.GeoDataFrame(frame, geometry="geometry", crs="EPSG:4326")


@pytest.fixture
def territory() -> Territory:
    return Territory(
        grids=areas(
            ("g1", "c1", square(0, 0, 1, 2)),
            ("g2", "c1", square(1, 0, 2, 2)),
            ("sc", "c1", square(1, 1, 1.5, 2)),
            special="sc",
        ),
        communities=areas(("c1", "s", square(0, 0, 2, 2)), ("c2", "s", square(2, 0, 4, 2))),
        subdistricts=areas(("s", "d", square(0, 0, 5, 2))),
        lanes=areas(
            ("l1", "s", LineString([(117, 36), (117, 36 + 2 * UNIT)])),
            ("l2", "s", LineString([(117.04, 36), (117.04, 36 + 2 * UNIT)])),
        ),
        duties=pd.DataFrame(
            [
                ("leader", "grid_leader", "g1"),
                ("headmaster", "grid_leader", "sc"),
                ("worker", "grid_worker", "g1"),
                ("manager", "street_manager", "l1"),
            ],
            columns=["party", "role", "area"],
        ),
    )


def at(*places: tuple[float, float]) -> gpd.GeoDataFrame:
    points = [Point(117 + x * UNIT, 36 + y * UNIT) for x, y in places]
    return gpd.GeoDataFrame(index=[f"i{n}" for n in range(len(points))], geometry=points, crs=4326)


def test_a_point_in_a_grid_gets_everyone_up_and_down(territory: Territory) -> None:
    found = territory.assign(at((0.1, 0.1)))
    assert found.loc["i0"].drop("lane_distance_m").to_dict() == {
        "grid": "g1",
        "community": "c1",
        "subdistrict": "s",
        "lane": "l1",
        "grid_leader": "leader",
        "grid_worker": "worker",
        "street_manager": "manager",
    }
    assert found["lane_distance_m"]["i0"] == pytest.approx(90, rel=0.01)


def test_a_special_grid_has_its_own_leader_and_its_community(territory: Territory) -> None:
    found = territory.assign(at((1.2, 1.5))).loc["i0"]
    assert found[["grid", "community", "grid_leader"]].tolist() == ["sc", "c1", "headmaster"]


def test_what_no_grid_owns_still_has_its_community_and_subdistrict(territory: Territory) -> None:
    found = territory.assign(at((3, 1), (4.5, 1)))
    assert found["grid"].isna().all()
    assert found["community"].tolist() == ["c2", np.nan] or found["community"].isna()["i1"]
    assert found["subdistrict"].tolist() == ["s", "s"]
    assert found["lane"].tolist() == ["l2", "l2"]
    assert found["street_manager"].isna().all()


def test_a_point_outside_everything_or_nowhere_is_unclaimed(territory: Territory) -> None:
    nowhere = at((99, 99), (0.5, 0.5), (0.5, 0.5))
    nowhere.loc["i1", "geometry"] = None
    nowhere.loc["i2", "geometry"] = Point()
    found = territory.assign(nowhere)
    assert found.isna().all().all()
    assert found.index.tolist() == ["i0", "i1", "i2"]


def test_points_in_metres_are_taken_to_degrees(territory: Territory) -> None:
    points = at((0.1, 0.1), (1.6, 0.3)).to_crs("EPSG:4548")
    assert territory.assign(points)["grid"].tolist() == ["g1", "g2"]


def test_the_order_of_rows_changes_nothing(territory: Territory) -> None:
    points = at(*[(x, y) for x in np.linspace(0, 5, 11) for y in (0, 1, 2)])
    turned = Territory(
        grids=territory.grids.iloc[::-1],
        communities=territory.communities.iloc[::-1],
        subdistricts=territory.subdistricts,
        lanes=territory.lanes.iloc[::-1],
        duties=territory.duties.iloc[::-1],
    )
    pd.testing.assert_frame_equal(
        territory.assign(points), turned.assign(points.iloc[::-1]).iloc[::-1]
    )


def test_areas_may_be_indexed_by_code(territory: Territory) -> None:
    def indexed(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        return frame.set_index("code")

    found = assign(
        at((0.1, 0.1)),
        grids=indexed(territory.grids),
        communities=indexed(territory.communities),
        subdistricts=indexed(territory.subdistricts),
        lanes=indexed(territory.lanes),
        duties=territory.duties,
    )
    pd.testing.assert_frame_equal(found, territory.assign(at((0.1, 0.1))))


def test_no_points_give_no_rows_with_every_column(territory: Territory) -> None:
    found = territory.assign(at())
    assert len(found) == 0
    assert found.columns.tolist() == territory.assign(at((0, 0))).columns.tolist()


def test_a_city_without_grids_or_lanes_leaves_everything_to_the_subdistrict(
    territory: Territory,
) -> None:
    bare = Territory(
        grids=territory.grids.iloc[:0],
        communities=territory.communities.iloc[:0],
        subdistricts=territory.subdistricts,
        lanes=territory.lanes.iloc[:0],
        duties=territory.duties.iloc[:0],
    )
    found = bare.assign(at((0.1, 0.1))).loc["i0"]
    assert found["subdistrict"] == "s"
    assert found.drop("subdistrict").isna().all()


def test_without_parents_the_areas_that_cover_a_point_are_named(territory: Territory) -> None:
    found = assign(
        at((0.1, 0.1)),
        grids=territory.grids.drop(columns="parent"),
        communities=territory.communities.drop(columns="parent"),
        subdistricts=territory.subdistricts,
        lanes=territory.lanes,
        duties=territory.duties,
    )
    pd.testing.assert_frame_equal(found, territory.assign(at((0.1, 0.1))))
