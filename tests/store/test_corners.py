"""What is published shares every corner with what stands beside it, and changes nothing of it."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from geo.atoms.corners import Points, fitted
from geo.atoms.edges import Geometries
from geo.store.answers import question
from geo.store.database import Store, transaction
from geo.store.net import areas
from geo.store.planning import plans
from geo.store.planning.cornering import corner
from geo.store.planning.publishing import changed_since
from tests.store import toy
from tests.store.test_plans import published

NEAR: Final = 1e-9


@pytest.fixture
def store(toy_store: Store) -> Store:
    return toy_store


def net(store: Store) -> gpd.GeoDataFrame:
    with transaction(store.app, "stranger") as conn:
        return areas.read_areas(conn, net="grid")


def shifted() -> gpd.GeoDataFrame:
    """Return atoms with borders along no border of today, drawn back from metres to degrees."""
    rows: list[tuple[object, ...]] = [
        (f"{row}-{column}", 100, toy.ONE, f"{row // 3}{column // 3}", shape)
        for row in range(6)
        for column in range(6)
        for shape in [
            shapely.difference(toy.square(column / 3, row / 3, 1 / 3, 1 / 3), toy.SPECIAL)
        ]
        if not shape.is_empty
    ]
    whole = toy.frame(rows, "code households within grid geometry")
    return whole.set_geometry(shapely.transform(whole.geometry.to_numpy(), _rounded), crs=4326)


def _rounded(points: Points) -> Points:
    """Return points as noding leaves them that were metres between."""
    scale = np.array([89_000.0, 111_320.0])
    metres: Points = (points * scale).round(7)
    return np.asarray(metres / scale)


def test_the_net_stays_a_coverage_and_what_stands_beside_is_no_other_version(store: Store) -> None:
    before = net(store)
    assert not shapely.coverage_is_valid(before.geometry.to_numpy()), "a special grid's corner"
    done = published(store, shifted())
    after = net(store)
    assert shapely.coverage_is_valid(after.geometry.to_numpy())
    still = before[~before.code.isin(done.changed)].merge(after, on="code", suffixes=("", "_now"))
    assert len(still) == len(before) - len(done.changed) - len(done.gone)
    assert (still["valid_from"] == still["valid_from_now"]).all()
    more = shapely.get_num_coordinates(still["geometry_now"].to_numpy())
    assert (more >= shapely.get_num_coordinates(still.geometry.to_numpy())).all()
    assert more.sum() > shapely.get_num_coordinates(still.geometry.to_numpy()).sum()
    with transaction(store.app, "approver") as conn:
        plans.rollback(conn, done.revision)
        assert not changed_since(conn, "grid", toy.SUBDISTRICT, 1), "a draft of before is fresh"
    assert shapely.coverage_is_valid(net(store).geometry.to_numpy())


def test_corners_are_all_that_can_be_given_to_an_area_of_others(store: Store) -> None:
    code = f"{toy.TWO}001"
    own = toy.GRIDS[code]
    corners = shapely.segmentize(own, toy.STEP / 2)
    for shape, count in ((toy.square(2, 1, 1.1), 0), (own, 0), (corners, 1), (corners, 0)):
        with transaction(store.app, "stranger") as conn:
            given_ = {"codes": [code], "shapes": [shapely.to_wkb(shape)]}
            asked = text("select corner_areas('grid', :codes, :shapes)")
            assert conn.execute(asked, given_).scalar_one() == count
    found = net(store).set_index("code").geometry[code]
    assert found.equals(own)
    assert shapely.get_num_coordinates(found) == shapely.get_num_coordinates(corners)


CUTS = st.lists(st.integers(1, 99), max_size=6, unique=True).map(sorted)


def test_areas_far_from_what_changes_are_not_held_against_each_of_it(store: Store) -> None:
    """Many touched and few standing, or one touched: either way one side is found by its index."""
    far = "select 'far-' || n as code, cast(null as bigint) as old, ST_MakeEnvelope(n, 0, n + 1, 1,"
    far += " 4326) as geom from generate_series({0}) as n cross join generate_series(1, 20)"
    asked = text(f"explain {question('areas_around_touched').text}")
    for series, index in (("-170, 60", "reached_box"), ("-170, -170", "area_")):
        with transaction(store.app, "approver") as conn:
            made = far.format(series)
            conn.execute(text(f"create temporary table touched on commit drop as {made}"))
            corner(conn, "grid")
            conn.execute(text("set local enable_seqscan = off"))  # of so few areas it costs less
            plan = "\n".join(conn.execute(asked, {"net": "grid", "reach": NEAR}).scalars())
        assert re.search(rf"(Index Scan using|Bitmap Index Scan on) {index}", plan), plan


@settings(max_examples=40, deadline=None)
@given(CUTS, CUTS, st.integers(0, 99))
def test_two_sides_of_a_border_with_other_corners_become_one_coverage(
    west: list[int], east: list[int], seed: int
) -> None:
    chance = np.random.default_rng(seed)
    turn = shapely.affinity.rotate

    def strips(cuts: list[int], left: float, off: float) -> Geometries:
        ends = [0, *cuts, 100]
        boxes = [shapely.box(left, a, left + 50, b) for a, b in pairwise(ends)]
        turned = np.array([turn(box, 20, origin=(0, 0)) for box in boxes])
        corners = np.unique(shapely.get_coordinates(turned), axis=0)
        moved = corners + chance.uniform(-off, off, corners.shape)

        def move(points: Points) -> Points:
            near = np.hypot(*(points[:, None] - corners[None]).transpose(2, 0, 1)).argmin(axis=1)
            return np.asarray(moved[near])

        return np.asarray(shapely.transform(turned, move))

    fresh, standing = strips(west, 0, NEAR / 10), strips(east, 50, 0)
    made = fitted(fresh, standing, NEAR)
    assert shapely.coverage_is_valid(np.concatenate(made))
    for old, new in ((fresh, made.fresh), (standing, made.standing)):
        assert (shapely.hausdorff_distance(old, new) <= 2 * NEAR).all()
    apart = fitted(fresh, shapely.box([500], 0, 600, 100), NEAR)
    assert all(one is two for one, two in zip(fresh, apart.fresh, strict=True))
