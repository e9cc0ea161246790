"""Tiles show what is in force, share borders at every zoom, and are never stale or too large."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Iterator
from typing import Any

import geopandas as gpd
import mapbox_vector_tile
import numpy as np
import pandas as pd
import pytest
import shapely
from fastapi.testclient import TestClient
from sqlalchemy import text

from api.app import create_app
from api.clock import draw_anew
from api.settings import Door
from geo.city import City
from geo.store import imports
from geo.store.answers import question
from geo.store.database import Store, own_line, transaction
from geo.store.planning import plans
from geo.store.shown.heat import CELLS, cells_of_box
from geo.store.shown.making import TileMaker
from geo.store.shown.shapes import make_edition
from geo.store.shown.tiles import MOST_BYTES, NAMES, draft_tile, tile, ways_to_ask
from geo.tiles import MOST_ZOOM, TOGETHER, layers_of
from tests.apart import apart
from tests.store import toy
from tests.store.test_plans import approved, drawn, merged

WHOLE = 4096
HERE = ("127.0.0.1", 1)


def shown(data: bytes, layer: str = "grids") -> gpd.GeoDataFrame:
    """Return the features of a tile, in units of it."""
    found = mapbox_vector_tile.decode(data).get(layer, {"features": []})["features"]
    features = [{"type": "Feature", **feature} for feature in found]
    if not features:
        return gpd.GeoDataFrame({"code": []}, geometry=[])
    return gpd.GeoDataFrame.from_features(features)


def over(bounds: Any, zoom: int) -> list[tuple[int, int, int]]:
    """Return the addresses of the tiles of a zoom over a box in degrees."""
    cells = cells_of_box(zoom, *bounds)
    columns = range(cells.x0 >> CELLS, (cells.x1 >> CELLS) + 1)
    rows = range(cells.y0 >> CELLS, (cells.y1 >> CELLS) + 1)
    return [(zoom, x, y) for x in columns for y in rows]


def torn(areas: Any) -> float:
    """Return the area (units of a tile) by which neighbours overlap or leave gaps; 0: nowhere.

    Points on a straight border are left out by PostGIS, of one neighbour or both: the border stays.
    Closing a gap of up to two units rounds each corner by less than a quarter of one.
    """
    union = shapely.union_all(areas)
    overlap = float(shapely.area(areas).sum() - union.area)
    closed = union.buffer(1, join_style="mitre").buffer(-1, join_style="mitre")
    gaps = closed.area - union.area - shapely.get_num_coordinates(union) / 4
    return max(overlap, float(gaps))


@pytest.fixture
def store(toy_store: Store) -> Store:
    return toy_store


def client_of(store: Store, person: str = "planner") -> TestClient:
    return TestClient(create_app(store, person=person, door=Door()), client=HERE)


@pytest.fixture(scope="module")
def city(store_of_city: Store, small_city: City) -> tuple[Store, tuple[float, ...]]:
    return store_of_city, tuple(small_city.layer("grid").total_bounds)


@pytest.fixture(scope="module")
def store_of_city(databases: Any, small_city: City) -> Iterator[Store]:
    name, made = databases.make()
    with transaction(made.owner, "tests") as conn:
        for net in ("admin", "grid", "base"):
            imports.commit_areas(conn, small_city.layer(net), imports.open_batch(conn, "areas"))
        imports.commit_places(conn, small_city.places, imports.open_batch(conn, "places"))
        make_edition(conn)
    yield made
    made.close()
    databases.drop(name)


def test_neighbours_share_their_borders_in_every_tile_of_every_zoom(
    city: tuple[Store, tuple[float, ...]],
) -> None:
    store, bounds = city
    many = 0
    with transaction(store.app, "anybody") as conn:
        for zoom in range(9, MOST_ZOOM + 1):
            for address in over(bounds, zoom):
                for layer in ("grids", "communities"):
                    areas = shown(tile(conn, layer, address, 1), layer).geometry.to_numpy()
                    assert torn(areas) <= 0, (layer, address)
                    many += len(areas)
    assert many > 200
    with transaction(store.app, "anybody") as conn:
        tiles = [shown(tile(conn, "grids", way, 1)) for way in over(bounds, 13)]
    each = shapely.simplify(max(tiles, key=len).geometry.to_numpy(), 30)
    assert torn(each) > 0, "what is simplified one by one is told apart"


def test_no_tile_is_too_large_and_all_layers_are_drawn(
    city: tuple[Store, tuple[float, ...]],
) -> None:
    store, bounds = city
    kinds: dict[str, set[str]] = {}
    with transaction(store.app, "anybody") as conn:
        for zoom in (8, 9, 11, 14, 16):
            for address in over(bounds, zoom):
                for layer in NAMES:
                    data = tile(conn, layer, address, 1)
                    assert len(data) <= MOST_BYTES
                    found = shown(data, layer)
                    kinds.setdefault(f"{layer} {zoom}", set()).update(found.get("kind", ()))
    assert [kinds[f"grids {z}"] for z in (8, 9, 11)] == [{"subdistrict"}, {"community"}, {"grid"}]
    assert {"road", "green"} <= kinds["base 16"]


def test_layers_sent_together_are_those_sent_alone(
    city: tuple[Store, tuple[float, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, bounds = city
    with transaction(store.app, "anybody") as conn:
        for zoom in (8, 10, 14):
            address = over(bounds, zoom)[-1]
            for name in TOGETHER:
                alone = [tile(conn, layer, address, 1) for layer in layers_of(name, zoom)]
                whole = tile(conn, name, address, 1)
                assert whole == b"".join(alone)
                assert set(mapbox_vector_tile.decode(whole)) <= set(layers_of(name, zoom))
        address = max(over(bounds, 14), key=lambda way: len(tile(conn, "places", way, 1)))
        limit = len(tile(conn, "ground", address, 1)) - 1
        monkeypatch.setattr("geo.store.shown.tiles.MOST_BYTES", limit)
        monkeypatch.setattr("geo.store.shown.tiles._MOST_FEATURES", 64)
        assert len(tile(conn, "ground", address, 1)) <= limit


def test_what_is_planned_once_is_what_is_asked_anew(
    city: tuple[Store, tuple[float, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, bounds = city
    line = own_line(store.app)
    monkeypatch.setattr("geo.store.shown.making.own_line", lambda _: line)
    wanted = [
        (name, way) for name in NAMES for zoom in (8, 11, 14) for way in over(bounds, zoom)[:2]
    ]
    plans_of = "select generic_plans > 0, custom_plans from pg_prepared_statements"

    async def made() -> tuple[list[bytes], set[Any]]:
        maker = TileMaker(store)
        tiles = [await maker.made(name, way, 1) for name, way in wanted]
        found = set(line.execute(f"{plans_of} where name like 'tile_of_%'"))
        maker.close()
        return tiles, found

    tiles, found = apart(asyncio.run, made())
    assert found == {(True, 0)}
    with transaction(store.app, "anybody") as conn:
        assert tiles == [tile(conn, name, way, 1) for name, way in wanted]


def test_a_shape_is_cut_to_its_tile_once(city: tuple[Store, tuple[float, ...]]) -> None:
    store, bounds = city
    address = over(bounds, 14)[0]
    with transaction(store.app, "anybody") as conn:
        for layer in ("grids", "base", "places"):
            name, values = ways_to_ask(layer, address, 1)[0]
            told = {**values, "layer": layer, **dict(zip("zxy", address, strict=True))}
            lines = conn.execute(text(f"explain {question(name).text}"), told).scalars()
            assert "st_asmvtgeom" not in " ".join(lines), "a filter on it makes it once more"


def test_a_tile_that_would_be_too_large_is_thinned(
    city: tuple[Store, tuple[float, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, bounds = city
    with transaction(store.app, "anybody") as conn:
        address = max(over(bounds, 14), key=lambda way: len(tile(conn, "grids", way, 1)))
        full = {layer: tile(conn, layer, address, 1) for layer in ("grids", "communities")}
        limit = len(full["communities"])
        assert limit < len(full["grids"])
        monkeypatch.setattr("geo.store.shown.tiles.MOST_BYTES", limit)
        assert set(shown(tile(conn, "grids", address, 1))["kind"]) == {"community"}
        monkeypatch.setattr("geo.store.shown.tiles._MOST_FEATURES", 64)
        assert len(shown(tile(conn, "places", address, 1), "places")) <= 64


def test_figures_of_an_area_are_those_of_its_grids(
    city: tuple[Store, tuple[float, ...]], small_city: City
) -> None:
    store, bounds = city
    total = int(small_city.places["households"].sum())
    with transaction(store.app, "anybody") as conn:
        for zoom in (8, 9, 11):
            tiles = [shown(tile(conn, "grids", a, 1)) for a in over(bounds, zoom)]
            areas = pd.concat(tiles).drop_duplicates("code")
            assert areas["households"].sum() == total
        rows = conn.execute(
            text("select sum(in_band), sum(grids) from shape where level = 11 group by kind")
        )
        assert len(set(rows.all()) - {(None, None)}) == 1


def test_a_tile_of_an_edition_never_changes_and_a_new_edition_shows_the_plan(store: Store) -> None:
    with client_of(store) as client:
        before = client.get("/tiles/grids.json").json()
        assert before["tilejson"] == "3.0.0"
        assert before["tiles"] == ["http://testserver/tiles/grids/{z}/{x}/{y}.mvt?v=1"]
        (address, *_) = over(before["bounds"], 12)
        path = "/tiles/grids/{}/{}/{}.mvt".format(*address)
        old = client.get(f"{path}?v=1")
        plan = approved(store, merged(3))
        with transaction(store.app, "approver") as conn:
            plans.publish(conn, plan)
        draw_anew(store)
        after = client.get("/tiles/grids.json").json()
        assert after["tiles"] == ["http://testserver/tiles/grids/{z}/{x}/{y}.mvt?v=2"]
        new = client.get(f"{path}?v=2")
        again = client.get(f"{path}?v=1")
    assert old.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert old.content == again.content != new.content
    assert set(shown(new.content)["code"]) - set(shown(old.content)["code"]) == {f"{toy.ONE}005"}
    with transaction(store.owner, "tests") as conn:
        untouched = text(
            "select count(*) from shape where code = :code and until is null and since = 1"
        )
        assert conn.execute(untouched, {"code": f"{toy.TWO}002"}).scalar_one() > 0


def test_an_edition_followed_long_ago_is_no_longer_sent_and_then_gone(store: Store) -> None:
    aged = text("update edition set made_at = now() - make_interval(hours => :hours)")
    with client_of(store) as client:
        (address, *_) = over(client.get("/tiles/grids.json").json()["bounds"], 12)
        path = "/tiles/grids/{}/{}/{}.mvt".format(*address)
        for renamed in ("甲一", "甲二"):
            with transaction(store.owner, "tests") as conn:
                conn.execute(aged, {"hours": 25})
                conn.execute(
                    text("update area set name = :n where code = :c and net = 'grid'"),
                    {"n": renamed, "c": f"{toy.ONE}001"},
                )
                conn.execute(text("update net set number = number + 1 where name = 'grid'"))
            draw_anew(store)
        assert client.get("/tiles/grids.json").json()["version"] == "1.0.3"
        answers = [client.get(f"{path}?v={number}").status_code for number in (1, 2, 3)]
    assert answers == [404, 200, 200]
    with transaction(store.owner, "tests") as conn:
        many = text("select count(*) from shape where until <= 2")
        assert conn.execute(many).scalar_one() > 0
        conn.execute(aged, {"hours": 49})
        conn.execute(text("update net set number = number + 1 where name = 'grid'"))
    draw_anew(store)
    with transaction(store.owner, "tests") as conn:
        assert conn.execute(many).scalar_one() == 0


def test_what_is_kept_is_sent_as_what_is_made(store: Store) -> None:
    with client_of(store) as client:
        (address, *_) = over(client.get("/tiles/grids.json").json()["bounds"], 12)
        path = "/tiles/grids/{}/{}/{}.mvt?v=1".format(*address)
        shelf = client.app.state.shelf  # type: ignore[attr-defined]
        made, kept = client.get(path), client.get(path)
        assert shelf.get(path.encode()) is not None
        assert made.content == kept.content
        own = {"x-request-id"}  # each answer has one of its own
        again, named = client.get(path), kept.headers["x-request-id"]
        assert named not in (again.headers["x-request-id"], made.headers["x-request-id"])
        assert again.headers.keys() == kept.headers.keys()
        counted = 'route="/tiles/{layer}/{z}/{x}/{y}.mvt",status="200"} 3.0'
        assert counted in client.get("/metrics").text
        same = {name: value for name, value in kept.headers.items() if name not in own}
        assert same.items() <= dict(made.headers).items()
        assert kept.headers["x-content-type-options"] == "nosniff"
        plain = client.get(path, headers={"accept-encoding": "identity"})
        assert "content-encoding" not in plain.headers
        assert plain.content == kept.content
        assert client.get(path, headers={"if-none-match": kept.headers["etag"]}).status_code == 304
        assert client.head(path).content == b""
        assert client.get(path, headers={"host": "evil.example"}).status_code == 400
        assert client.get(path, headers={"x-forwarded-for": "10.0.0.8"}).status_code == 403
        assert client.get(f"{path}&x=1").content == kept.content
        assert shelf.get(f"{path}&x=1".encode()) is None
        with TestClient(client.app, client=("10.0.0.8", 1)) as elsewhere:
            assert elsewhere.get(path).status_code == 403
    assert gzip.decompress(shelf.get(path.encode()).packed) == plain.content


def test_a_draft_is_drawn_for_those_who_may_see_it_alone(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = drawn(store, merged(1))
    told = {}
    for person in ("planner", "stranger"):
        with client_of(store, person) as client:
            bounds = client.get("/tiles/grids.json").json()["bounds"]
            (address, *_) = over(bounds, 12)
            told[person] = client.get("/tiles/grids/{}/{}/{}.mvt?plan={}".format(*address, plan))
            assert "no-cache" in told[person].headers["cache-control"]
            assert client.get(f"/tiles/places/3/0/0.mvt?plan={plan}").status_code == 404
    assert told["stranger"].status_code == 404
    draft = shown(told["planner"].content)
    assert len(draft) == 4
    assert np.all(draft["households"] > 0)
    assert torn(draft.geometry.to_numpy()) <= 0
    monkeypatch.setattr("geo.store.shown.tiles._MOST_FEATURES", 4)
    with transaction(store.app, "planner") as conn:
        whole = draft_tile(conn, plan, address)
        monkeypatch.setattr("geo.store.shown.tiles.MOST_BYTES", len(whole) - 1)
        fewer = draft_tile(conn, plan, address)
    assert len(fewer) < len(whole)
    largest = draft.geometry.area.nlargest(2).index
    assert set(shown(fewer)["code"]) == set(draft.loc[largest, "code"])
