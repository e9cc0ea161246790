from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from geo.plan import bounds_text

METRIC = "EPSG:4548"
X, Y = 500_000.0, 4_050_000.0


def frame(**named: BaseGeometry) -> gpd.GeoDataFrame:
    shapes = [shapely.transform(shape, lambda xy: np.add(xy, (X, Y))) for shape in named.values()]
    return gpd.GeoDataFrame({"name": list(named)}, geometry=shapes, crs=METRIC)


def line(*points: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString(points)


# 一 | 二      a road in the middle of the south, a river (a polygon) in the west
GRIDS = {"一": shapely.box(0, 0, 300, 300), "二": shapely.box(300, 0, 600, 300)}
ROAD = line((-500, -10), (1000, -10))
RIVER = shapely.box(-60, -500, -20, 1000)
NAMED = frame(解放路=ROAD, 小清河=RIVER)


@pytest.mark.parametrize("crs", [METRIC, "EPSG:4326"])
def test_a_side_is_named_by_what_runs_along_it_else_by_the_grid_beyond(crs: str) -> None:
    found = bounds_text(frame(**GRIDS).to_crs(crs), NAMED.to_crs(crs))
    assert found.tolist() == [
        "东至二，南至解放路，西至小清河，北至范围外",
        "东至范围外，南至解放路，西至一，北至范围外",
    ]


def test_a_road_that_only_crosses_a_side_or_has_no_name_does_not_bound_it() -> None:
    lines = frame(横街=line((150, -300), (150, 700)), x=ROAD).assign(name=["横街", "  "])
    assert bounds_text(frame(一=GRIDS["一"]), lines)[0].count("范围外") == 4


def test_two_roads_share_a_side_the_longer_first() -> None:
    lines = frame(短路=line((0, 0), (100, 0)), 长路=line((100, 0), (300, 0)))
    assert "南至长路、短路，" in bounds_text(frame(一=GRIDS["一"]), lines)[0]


def test_holes_far_parts_and_the_way_a_ring_turns_do_not_matter() -> None:
    clockwise = shapely.box(0, 0, 300, 300, ccw=False)
    holed = shapely.difference(clockwise, shapely.box(100, 100, 200, 200))
    parts = shapely.MultiPolygon([holed, shapely.box(1000, 0, 1010, 10)])
    assert "南至解放路，西至小清河" in bounds_text(frame(一=parts), NAMED)[0]


def test_no_grids_no_lines_and_no_shape_are_told_apart() -> None:
    assert bounds_text(frame(**GRIDS).iloc[:0], NAMED).empty
    empty = frame(一=shapely.Polygon(), 二=GRIDS["二"])
    found = bounds_text(empty, NAMED.iloc[:0])
    assert bounds_text(empty.iloc[:1], NAMED).tolist() == [""]
    assert found.tolist() == ["", "东至范围外，南至范围外，西至范围外，北至范围外"]


def test_beyond_the_grids_what_lies_around_names_a_side_the_first_of_them_first() -> None:
    area = {"crs": "EPSG:4326"}
    grid = gpd.GeoDataFrame(
        {"name": ["1"]}, geometry=[shapely.box(117, 36.6, 117.01, 36.61)], **area
    )
    roads = grid.iloc[:0]
    east, south = shapely.box(117.01, 36.6, 117.02, 36.61), shapely.box(117, 36.5, 117.02, 36.6)
    grids = gpd.GeoDataFrame({"name": ["邻格"]}, geometry=[east], **area)
    towns = gpd.GeoDataFrame({"name": ["南街", "东街"]}, geometry=[south, east], **area)
    told = bounds_text(grid, roads, around=(grids, towns))[0]
    assert told == "东至邻格，南至南街，西至范围外，北至范围外"
    assert bounds_text(grid, roads, around=(roads,))[0].count("范围外") == 4
