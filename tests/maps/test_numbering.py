"""Numbers of buildings on a sheet: each can be read, whatever the crowd."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from maps.numbering import spots
from maps.site_plan import HEIGHT, WIDTH, site_plan

ROOM = (0.0, 0.0, float(WIDTH), float(HEIGHT))


def drawn(points: np.ndarray) -> tuple[str, list[int]]:
    """A plan of a grid of 0.004 degrees with buildings there (0 to 1, each way)."""
    texts = pd.Series(dtype="str")
    none = gpd.GeoDataFrame({"name": texts, "kind": texts}, geometry=[], crs="EPSG:4326")
    at = gpd.GeoDataFrame(geometry=shapely.points(points * 0.004), crs="EPSG:4326")
    return site_plan(shapely.box(0, 0, 0.004, 0.004), none, none, at, title="x")


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 999), st.sampled_from([1, 12, 120]), st.sampled_from([5.0, 60.0, 300.0]))
def test_no_number_lies_on_another_or_on_a_dot_or_outside(
    seed: int, count: int, spread: float
) -> None:
    rng = np.random.default_rng(seed)
    points = np.array([360.0, 220.0]) + rng.uniform(-1, 1, (count, 2)) * [spread, spread / 2]
    stand = spots(points, ROOM, [(300, 150, 340, 180)])
    boxes = [
        shapely.box(s.x - 2.5 * len(str(n)), s.y - 4, s.x + 2.5 * len(str(n)), s.y + 4)
        for n, s in enumerate(stand, 1)
        if s is not None
    ]
    left, right = shapely.STRtree(boxes).query(boxes, predicate="intersects")
    assert (left == right).all(), "no two numbers touch"
    dots = shapely.points(points)
    assert not len(shapely.STRtree(boxes).query(dots, predicate="contains")[0])
    assert all(shapely.box(*ROOM).contains(box) for box in boxes)
    assert not any(box.intersects(shapely.box(300, 150, 340, 180)) for box in boxes)
    assert count > 1 or stand[0] is not None


@pytest.mark.parametrize(("rows", "edge", "missing"), [(12, 0.3, 0), (20, 0.0, 0), (40, 0.3, 1400)])
def test_a_dense_village_has_every_number_on_the_plan_or_in_its_key(
    rows: int, edge: float, missing: int
) -> None:
    across = np.linspace(edge, 1 - edge, rows)
    points = np.stack(np.meshgrid(across, across), axis=-1).reshape(-1, 2)
    svg, unplaced = drawn(points)
    shown = {n for n in range(1, rows**2 + 1) if f">{n}</text>" in svg}
    assert shown | set(unplaced) == set(range(1, rows**2 + 1))
    assert not shown & set(unplaced)
    assert len(unplaced) <= missing
