"""Laws of duties: who holds a role, which lane is nearest."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, box

from geo.duties import LaneIndex, holders, nearest_lane

WEST, SOUTH = 117.0, 36.6
metres = st.integers(0, 400)
segment = st.tuples(metres, metres, metres, metres)


def near_jinan(x: float, y: float) -> tuple[float, float]:
    """Return degrees of a place so many metres (roughly) east and north of the origin."""
    return WEST + x / 89_000, SOUTH + y / 111_000


def line(*places: tuple[float, float]) -> LineString:
    return LineString([near_jinan(*place) for place in places])


def lane_frame(lanes: Mapping[str, tuple[str | None, object]]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"code": list(lanes), "parent": [parent for parent, _ in lanes.values()]},
        geometry=[shape for _, shape in lanes.values()],
        crs="EPSG:4326",
    )


def duty_frame(*rows: tuple[str, str, str | None, bool]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["party", "role", "area", "lead"])


def test_the_leading_holder_comes_first_then_the_lowest_code() -> None:
    duties = duty_frame(
        ("b", "grid_worker", "g1", False),
        ("d", "grid_worker", "g1", True),
        ("c", "grid_worker", "g1", True),
        ("a", "grid_leader", "g1", True),
        ("e", "grid_worker", None, True),
    )
    found = holders(duties, "grid_worker", ["g1", "g2", "g1"])
    assert found.dropna().tolist() == ["c", "c"]
    assert found.isna().tolist() == [False, True, False]


@given(st.permutations(range(4)))
def test_the_holder_does_not_depend_on_the_order_of_the_rows(order: list[int]) -> None:
    duties = duty_frame(*((f"p{i}", "grid_worker", "g", i > 1) for i in order))
    assert holders(duties, "grid_worker", ["g"]).tolist() == ["p2"]


def test_holders_are_aligned_with_the_areas_asked_for() -> None:
    duties = duty_frame(("p", "grid_worker", "g", True))
    asked = pd.Series(["g", None], index=[7, 3], dtype="str")
    found = holders(duties, "grid_worker", asked)
    assert found.index.tolist() == [7, 3]
    assert found[7] == "p"
    assert holders(duties.iloc[:0], "grid_worker", asked).isna().all()


def test_a_duty_for_one_service_holds_no_area() -> None:
    duties = duty_frame(("p", "department", "g", True)).assign(service="noise")
    assert holders(duties, "department", ["g"]).isna().all()


def test_the_nearest_lane_is_taken_from_the_same_subdistrict() -> None:
    lanes = lane_frame(
        {"far": ("s1", line((0, 90), (100, 90))), "near": ("s2", line((0, 10), (100, 10)))}
    )
    found = nearest_lane(*near_jinan(50, 0), ["s1"], lanes)
    assert found["lane"].tolist() == ["far"]
    assert found["lane_distance_m"][0] == pytest.approx(90, rel=0.01)


def test_lanes_at_one_distance_give_the_lowest_code() -> None:
    lanes = lane_frame({code: ("s", line((0, 0), (100, 0))) for code in ("b", "a", "c")})
    assert nearest_lane(*near_jinan(50, 30), ["s"], lanes)["lane"].tolist() == ["a"]


def test_a_nearer_box_does_not_make_a_nearer_lane() -> None:
    lanes = lane_frame(
        {"diagonal": ("s", line((0, 0), (400, 400))), "short": ("s", line((390, 0), (390, 20)))}
    )
    assert nearest_lane(*near_jinan(300, 50), ["s"], lanes)["lane"].tolist() == ["short"]


def test_a_point_on_a_lane_drawn_as_an_area_is_at_no_distance() -> None:
    lanes = lane_frame({"area": ("s", box(*near_jinan(0, 0), *near_jinan(50, 50)))})
    assert nearest_lane(*near_jinan(20, 20), ["s"], lanes)["lane_distance_m"].tolist() == [0.0]


def test_where_nothing_can_be_nearest_both_columns_are_missing() -> None:
    lanes = lane_frame(
        {"a": ("s", line((0, 0), (9, 9))), "b": (None, line((0, 0), (9, 9))), "c": ("t", None)}
    )
    index = LaneIndex.of(lanes)
    lon, lat = near_jinan(5, 5)
    where = np.array([lon, lon, np.nan, np.inf, lon]), np.full(5, lat), ["t", None, "s", "s", "u"]
    asked = index.nearest(*where)
    assert asked.isna().all().all()
    assert len(asked) == 5
    assert index.codes(*where) == [None] * 5
    assert LaneIndex.of(lanes.iloc[:0]).nearest([lon], [lat], ["s"]).isna().all().all()


@settings(deadline=None, max_examples=30)
@given(st.lists(segment, min_size=1, max_size=12), st.lists(st.tuples(metres, metres), min_size=1))
def test_the_nearest_lane_is_the_one_measuring_all_of_them_finds(
    lanes: list[tuple[int, int, int, int]], places: list[tuple[int, int]]
) -> None:
    shapes = {f"{i:02}": ("s", line((a, b), (c, d + 1))) for i, (a, b, c, d) in enumerate(lanes)}
    index = LaneIndex.of(lane_frame(shapes))
    lon, lat = np.transpose([near_jinan(*place) for place in places])
    found = index.nearest(lon, lat, ["s"] * len(places))
    x, y = index.project.transform(lon, lat)
    block = index.blocks["s"]
    apart = shapely.distance(shapely.points(x, y)[:, None], block.shapes).round(3)
    assert found["lane_distance_m"].tolist() == apart.min(axis=1).tolist()
    assert found["lane"].tolist() == block.codes[apart.argmin(axis=1)].tolist()
    assert index.codes(lon, lat, ["s"] * len(places)) == found["lane"].tolist()
