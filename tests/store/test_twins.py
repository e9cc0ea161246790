"""The rule in SQL and the rule in Python own the same points, on edges and corners too."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from geo.issues import Issue
from geo.issues.policy import LaneRules, intake_policy
from geo.store import imports
from geo.store.answers import question, rows_of
from geo.store.database import Connection, Store, transaction
from geo.store.incoming.intake import receive
from geo.store.locating import lane_values
from geo.store.net import areas
from geo.store.net.lookup import MANY, owners_of
from geo.store.net.territory import in_force
from geo.store.planning.moving import owners_now
from tests.store import toy

COLUMNS = ["grid", "community", "subdistrict", "lane"]
# What stands above the grids that follow each other: a community, nothing, a subdistrict.
PARENTS = (toy.ONE, None, toy.SUBDISTRICT)


@pytest.fixture(scope="module")
def sloped(store: Store) -> gpd.GeoDataFrame:
    """A city whose grids are triangles, loaded; the grids come back."""
    toy.load(store)
    seeds = shapely.MultiPoint(np.random.default_rng(5).random((25, 2)))
    warped = shapely.transform(seeds, lambda xy: [toy.WEST, toy.SOUTH] + xy * [0.04, 0.02])
    triangles = shapely.get_parts(shapely.delaunay_triangles(warped))
    rows: list[tuple[object, ...]] = [
        ("grid", "grid", f"{toy.ONE}{i:03d}", PARENTS[i % 3], i % 5 == 0, shape)
        for i, shape in enumerate(triangles)
    ]
    gone = pd.concat([toy.grids().geometry.translate(1.0, 0.0)])
    with transaction(store.owner, "import") as conn:
        batch = imports.open_batch(conn, "areas")
        # The squares move out of the way.
        imports.commit_areas(conn, toy.grids().set_geometry(gone.set_crs("EPSG:4326")), batch)
        made = toy.frame(rows, "net kind code parent special geometry")
        imports.commit_areas(conn, made, batch)
        return areas.read_areas(conn, net="grid")


def nasty(shapes: np.ndarray, seed: int, count: int) -> np.ndarray:
    """Return points on vertices and edges of shapes, and one step of a float away from them."""
    rng = np.random.default_rng(seed)
    corners = shapely.get_coordinates(shapes)
    pick = rng.integers(0, len(corners) - 1, count)
    along = rng.choice([0.0, 0.5, 1.0, rng.random()], (count, 1))
    at = corners[pick] * (1 - along) + corners[pick + 1] * along
    toward = rng.choice([-np.inf, np.inf], at.shape)
    moved = np.where(rng.random(at.shape) < 0.5, np.nextafter(at, toward), at)
    return np.asarray(shapely.points(moved))


@given(st.integers(0, 2**32 - 1))
@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_sql_and_python_agree_on_edges_and_corners(
    store: Store, sloped: gpd.GeoDataFrame, seed: int
) -> None:
    points = nasty(sloped.geometry.to_numpy(), seed, 400)
    frame = gpd.GeoDataFrame(
        {"source": "batch", "reference": [str(i) for i in range(len(points))]},
        geometry=gpd.GeoSeries(points, crs="EPSG:4326"),
    )
    with transaction(store.owner, "import") as conn:
        saved = conn.begin_nested()
        imports.commit_issues(conn, frame, imports.open_batch(conn, "issues"))
        asked = "select grid, community, subdistrict, lane, path from issue order by id"
        batch = rows_of(conn, text(asked))
        said = _said(conn, points)
        many, few = owners_of(conn, frame.geometry), owners_of(conn, frame.geometry.head(50))
        alone = pd.DataFrame([_alone(conn, i, p) for i, p in enumerate(points[:5])])
        x, y = shapely.get_coordinates(points).T
        moving, some = owners_now(conn, x, y), owners_now(conn, x[:50], y[:50])
        saved.rollback()
    pd.testing.assert_frame_equal(batch, said)
    assert len(many) > MANY > len(few)
    assert many.fillna("").tolist() == batch["grid"].fillna("").tolist()
    assert few.equals(many.head(50))
    pd.testing.assert_frame_equal(alone, said.head(5))
    assert pd.Series(moving).fillna("").tolist() == batch["grid"].fillna("").tolist()
    assert some.tolist() == moving[:50].tolist()


def _said(conn: Connection, points: np.ndarray) -> pd.DataFrame:
    """Return what the rule in SQL says of each point."""
    rule = question("grid_of_point").text.replace(":lon", "p.lon").replace(":lat", "p.lat")
    asked = (
        "select o.grid, o.community, o.subdistrict, o.lane, o.path"
        " from unnest(cast(:x as float8[]), cast(:y as float8[]))"
        " with ordinality as p (lon, lat, i)"
        f" cross join lateral ({rule}) as o order by p.i"
    )
    x, y = shapely.get_coordinates(points).T.tolist()
    return rows_of(conn, text(asked), x=x, y=y, **lane_values(conn))


def _alone(conn: Connection, number: int, point: shapely.Point) -> dict[str, object]:
    receipt = receive(conn, Issue(source="web", reference=str(number), lon=point.x, lat=point.y))
    told = {name: getattr(receipt, name) for name in COLUMNS}
    return {**told, "path": list(receipt.path)}


@pytest.mark.parametrize("most", [1000.0, 60.0])
def test_sql_and_python_name_the_same_lane_and_none_beyond_reach(
    toy_store: Store, monkeypatch: pytest.MonkeyPatch, most: float
) -> None:
    """Lanes that cross, touch, lie upon each other or are areas; points on them and between."""
    policy = intake_policy()._replace(lanes=LaneRules(most))
    for module in ("locating", "net.territory"):
        monkeypatch.setattr(f"geo.store.{module}.intake_policy", lambda: policy)
    rng = np.random.default_rng(3)
    ends = [toy.WEST, toy.SOUTH] + rng.random((60, 2, 2)) * [0.04, 0.02]
    ends[:, 1] = ends[:, 0] + (ends[:, 1] - ends[:, 0]) * 0.1
    shapes = shapely.linestrings(np.concatenate([ends, ends[:6]]))  # six of them twice
    shapes[::9] = shapely.buffer(shapes[::9], 0.0002)
    rows: list[tuple[object, ...]] = [
        (f"lane{i:02d}", "巷", toy.SUBDISTRICT if i % 7 else None, shape)
        for i, shape in enumerate(shapes)
    ]
    spots = [toy.WEST, toy.SOUTH] + rng.random((150, 2)) * [0.04, 0.02]
    points = np.concatenate([shapely.points(spots), nasty(shapes, 4, 150)])
    with transaction(toy_store.owner, "import") as conn:
        made = toy.frame(rows, "code name parent geometry")
        imports.commit_lanes(conn, made, imports.open_batch(conn, "lanes"))
        said = _said(conn, points)["lane"]
        x, y = shapely.get_coordinates(points).T.tolist()
        found = [here.lane for here in in_force(conn).located(x, y)]
    assert said.fillna("").tolist() == [lane or "" for lane in found]
    beyond = said.isna().sum()
    assert (beyond > 50) if most < 100 else (beyond == 0)


def test_the_test_of_coverage_asks_geos_where_postgis_itself_errs(store: Store) -> None:
    rng = np.random.default_rng(0)
    rings = rng.random((400, 3, 2)) * 0.005 + [117.0, 36.6]
    shapes = np.repeat(shapely.polygons(rings), 50)
    along = rng.random((len(shapes), 1))
    a, b = np.repeat(rings[:, 0], 50, 0), np.repeat(rings[:, 1], 50, 0)
    points = shapely.points(a * (1 - along) + b * along)
    asked = text(
        "select not ST_Relate(ST_GeomFromWKB(a), ST_GeomFromWKB(b), 'FF*FF****')"
        " from unnest(cast(:a as bytea[]), cast(:b as bytea[])) with ordinality as t (a, b, i)"
        " order by i"
    )
    values = {"a": shapely.to_wkb(shapes).tolist(), "b": shapely.to_wkb(points).tolist()}
    with transaction(store.owner, "") as conn:
        said = np.array(conn.execute(asked, values).scalars().all())
    assert np.array_equal(said, shapely.covers(shapes, points))
