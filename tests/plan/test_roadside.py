"""The share of borders along roads: by hand, and the same as the redraw says of its own plan."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.redraw import redraw
from geo.redraw.roadside import share_along
from geo.rules import BarrierRules, barrier_rules, load_rules

RULES = BarrierRules(reach=10.0, parallel=20.0)


def grids(*boxes: tuple[float, float, float, float], parents: str) -> gpd.GeoDataFrame:
    """Return grids that are boxes in metres, each with the community of its letter."""
    shapes = [shapely.box(*box) for box in boxes]
    return gpd.GeoDataFrame({"parent": list(parents)}, geometry=shapes, crs=None)


def road(*ends: tuple[float, float]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=[shapely.LineString(ends)], crs=None)


def test_a_border_counts_as_far_as_a_road_runs_beside_it() -> None:
    two = grids((0, 0, 100, 200), (100, 0, 200, 200), parents="aa")
    assert share_along(two, road((103, -50), (103, 250)), RULES) == 1.0
    assert share_along(two, road((103, 100), (103, 250)), RULES) == pytest.approx(0.5, abs=0.05)
    assert share_along(two, road((0, 100), (200, 100)), RULES) == 0.0, "it only crosses"


def test_borders_of_communities_are_no_plan_s_choice() -> None:
    three = grids((0, 0, 100, 200), (100, 0, 200, 200), (200, 0, 300, 200), parents="aab")
    beside = road((203, -50), (203, 250))
    assert share_along(three, beside, RULES) == 0.0
    assert share_along(three.iloc[1:], beside, RULES) is None, "no border inside a community"


def test_it_is_what_the_redraw_says_of_its_own_plan() -> None:
    cells = [(x, y, x + 50, y + 50) for x in range(0, 400, 50) for y in range(0, 400, 50)]
    atoms = gpd.GeoDataFrame(
        {"households": [100] * len(cells)},
        geometry=[shapely.box(*cell) for cell in cells],
        crs=None,
    )
    lines = road((203, -50), (203, 450))
    made = redraw(atoms, weight="households", barriers=lines, seed=3)
    told = made.report.borders_on_barriers
    drawn = atoms.dissolve(made.labels.to_numpy()).assign(parent="a").reset_index(drop=True)
    assert told is not None
    found = share_along(drawn, lines, barrier_rules(load_rules()))
    assert found == pytest.approx(told, abs=1e-6)
    assert isinstance(made.labels, pd.Series)
