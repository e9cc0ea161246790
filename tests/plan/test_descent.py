from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.comparison import Side, descent, owners

POINTS = {"b1": (0.5, 0.5, 30), "b2": (1.2, 0.5, 10)}  # x, y, households
HOMES = gpd.GeoDataFrame(
    {"households": pd.array([n for _, _, n in POINTS.values()], dtype="Int64")},
    geometry=[shapely.Point(x, y) for x, y, _ in POINTS.values()],
    crs="EPSG:4326",
)


def side(**boxes: tuple[float, float]) -> Side:
    """Return grids that are boxes from one x to another."""
    shapes = [shapely.box(west, 0, east, 1) for west, east in boxes.values()]
    codes = pd.Series(list(boxes), dtype="str")
    grids = gpd.GeoDataFrame({"code": codes}, geometry=shapes, crs="EPSG:4326")
    return Side(grids, owners(grids, HOMES))


def test_shares_are_of_households_and_where_nobody_lives_of_the_ground() -> None:
    found = descent(side(a=(0, 1), b=(1, 2), c=(2, 3)), side(a=(0, 1.25), c=(1.25, 3)), HOMES)
    assert found.lineage.to_dict("list") == {
        "new": ["a", "a", "c", "c"],
        "old": ["a", "b", "c", "b"],
        "households": [30, 10, 0, 0],
        "share_of_new": pytest.approx([0.75, 0.25, 1 / 1.75, 0.75 / 1.75]),
        "share_of_old": pytest.approx([1.0, 1.0, 1.0, 0.0]),
    }
    assert (found.fresh, found.gone, found.changed) == ((), ("b",), ("a", "c"))


def test_ground_that_was_in_no_grid_is_told_and_shares_sum_to_one() -> None:
    found = descent(side(a=(0, 1)), side(a=(0, 1), d=(1, 2), e=(2, 4)), HOMES)
    told = found.lineage.astype("object").where(found.lineage.notna(), None)
    assert told[["new", "old"]].to_numpy().tolist() == [["a", "a"], ["d", None], ["e", None]]
    assert told["share_of_new"].tolist() == [1.0, 1.0, 1.0]
    assert told["share_of_old"].tolist() == [1.0, None, None]
    assert (found.fresh, found.changed) == (("d", "e"), ())
    first = descent(side(), side(a=(0, 2)), HOMES)
    assert (first.fresh, first.lineage["share_of_new"].tolist()) == (("a",), [1.0])


def test_a_grid_with_more_vertices_on_the_same_border_has_not_changed() -> None:
    now = side(a=(0, 1), b=(1, 2))
    denser = now.grids.set_geometry(now.grids.geometry.segmentize(0.013))
    found = descent(now, Side(denser, now.owner), HOMES)
    assert (found.fresh, found.gone, found.changed) == ((), (), ())
    assert len(found.lineage) == 2
