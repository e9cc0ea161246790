"""Heat counts each issue once, for those who may see it, whatever the zoom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import mapbox_vector_tile
import pandas as pd
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from api.app import create_app
from api.settings import Door
from geo.issues import Issue
from geo.store.database import Connection, Store, transaction
from geo.store.shown.heat import (
    CELLS,
    FINEST,
    Heard,
    cells_of_box,
    cells_of_tile,
    fold,
    heat,
    middles,
)
from geo.store.working import issues
from tests.plugins.database import Databases
from tests.store import toy

ALL = Heard()
BBOX = "116.9,36.5,117.2,36.7"
# Four in one grid, three of them by one person; one far from them; one outside the city.
A, B = "a" * 32, "b" * 32
PLACES = ((0.4, 0.4), (0.41, 0.4), (0.41, 0.41), (0.6, 0.6), (3.5, 1.5), (9, 9))
REPORTERS = (A, A, A, None, None, B)


def filled(store: Store) -> Store:
    """Return the store, the issues taken in."""
    with transaction(store.app, "dispatcher") as conn:
        for n, (point, who) in enumerate(zip(toy.points(*PLACES), REPORTERS, strict=True)):
            where = {"lon": point.x, "lat": point.y}
            issue = Issue(source="hotline", reference=str(n), reporter=who, **where)
            issues.receive(conn, issue)
    return store


@pytest.fixture(scope="module")
def store(databases: Databases, toy_database: str) -> Iterator[Store]:
    name, made = databases.make(toy_database)
    yield filled(made)
    made.close()
    databases.drop(name)


@pytest.fixture(scope="module")
def client(store: Store) -> Iterator[TestClient]:
    made = create_app(store, person="dispatcher", door=Door())
    with TestClient(made, client=("127.0.0.1", 1)) as client:
        yield client


def of_world(conn: Connection, zoom: int, heard: Heard = ALL) -> pd.DataFrame:
    """Return the cells of the tile that most of the issues lie in."""
    return heat(conn, cells_of_tile(zoom, *tile_at(zoom)), heard)


def tile_at(zoom: int) -> tuple[int, int]:
    """Return the tile in which the first of the issues lies."""
    (point,) = toy.points(PLACES[0])
    cell = cells_of_box(zoom, point.x, point.y, point.x, point.y)
    return cell.x0 >> CELLS, cell.y0 >> CELLS


WAYS = (
    Heard(),
    Heard(state="open"),
    Heard(state="closed"),
    Heard(state="new"),
    Heard(reporters=True),
    Heard(source="hotline", scope=toy.SUBDISTRICT),
    Heard(source="hotline", state="closed", reporters=True),
    Heard(service="road", since=pd.Timestamp("2020-01-01", tz="UTC")),
    Heard(service="lamp", until=pd.Timestamp("2100-01-01", tz="UTC")),
    Heard(service="none"),
)
# Of the areas of the dispatcher, and of one in them too: so that nothing kept tells her enough.
BOTH = """insert into duty (party, role, net, area)
select 'stranger', role, net, area from duty where party = 'dispatcher'
union all select 'stranger', 'grid_leader', 'admin', :community"""
SERVICES = """insert into service (code, name, parent)
values ('road', '道路', null), ('lamp', '路灯', 'road')"""


def told_twice(store: Store) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """Give what is told by duties over areas, and issue by issue, zoom by zoom."""
    for zoom in (0, 5, 8, 10, FINEST - CELLS):
        for asked in WAYS:
            told = []
            for person in ("dispatcher", "stranger"):
                with transaction(store.app, person) as conn:
                    told.append(of_world(conn, zoom, asked))
            yield told[0], told[1]


def test_what_is_kept_is_what_is_counted_at_every_zoom_before_and_after_it_is_folded(
    toy_store: Store,
) -> None:
    with transaction(filled(toy_store).owner, "tests") as conn:
        fold(conn)
        conn.execute(text(BOTH), {"community": toy.ONE})
        for change in (
            SERVICES,
            "update issue set service = 'lamp' where reference < '3'",
            "update issue set state = 'closed', outcome = 'solved' where reference = '0'",
            "update issue set geom = ST_Translate(geom, 0, 0.02) where reference = '4'",
            "delete from issue where reference = '3'",
        ):
            conn.execute(text(change))
    for _ in range(2):
        found = [*told_twice(toy_store)]
        for kept, counted in found:
            pd.testing.assert_frame_equal(kept, counted, check_dtype=False)
        assert [kept["n"].sum() for kept, _ in found[: len(WAYS)]] == [5, 4, 1, 4, 3, 4, 1, 3, 3, 0]
        with transaction(toy_store.owner, "tests") as conn:
            fold(conn)
            assert conn.execute(text("select count(*) from heat_change")).scalar_one() == 0
    with transaction(toy_store.owner, "tests") as conn:
        conn.execute(text("delete from issue"))
        fold(conn)
        assert conn.execute(text("select count(*) from heat_cell")).scalar_one() == 0


@pytest.mark.parametrize(
    ("person", "seen"), [("dispatcher", 6), ("approver", 5), ("leader", 1), ("stranger", 0)]
)
def test_each_is_told_of_the_issues_that_he_may_see(store: Store, person: str, seen: int) -> None:
    with transaction(store.app, person) as conn:
        assert len(issues.read_issues(conn)) == seen
        for asked in (ALL, Heard(source="hotline"), Heard(state="new"), Heard(state="open")):
            assert of_world(conn, 6, asked)["n"].sum() == seen


def test_each_reporter_counts_once_a_cell_and_the_unknown_as_somebody_of_his_own(
    store: Store,
) -> None:
    with transaction(store.app, "dispatcher") as conn:
        whole = heat(conn, cells_of_tile(0, 0, 0), Heard(reporters=True))
        near = of_world(conn, 10, Heard(reporters=True, scope=toy.ONE))
    assert whole["n"].tolist() == [4], "a, b, and two whom nobody knows"
    assert near["n"].sum() == 2


def test_filters_are_those_of_the_list(store: Store) -> None:
    asked: dict[str, dict[str, Any]] = {
        "community": {"scope": toy.ONE},
        "unclaimed": {"scope": ""},
        "state": {"state": "closed"},
        "service": {"service": "none"},
        "later": {"since": pd.Timestamp("2100-01-01", tz="UTC")},
        "earlier": {"until": pd.Timestamp("2000-01-01", tz="UTC")},
    }
    with transaction(store.app, "dispatcher") as conn:
        for chosen in asked.values():
            listed = issues.read_issues(conn, **chosen)
            assert of_world(conn, 4, Heard(**chosen))["n"].sum() == len(listed)


def test_a_tile_and_a_box_tell_of_the_same_cells(client: TestClient, store: Store) -> None:
    z, (x, y) = 12, tile_at(12)
    answer = client.get(f"/tiles/heat/{z}/{x}/{y}.mvt")
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    layer = mapbox_vector_tile.decode(answer.content, default_options={"y_coord_down": True})
    counted = sorted(f["properties"]["n"] for f in layer["heat"]["features"])
    assert {c % 64 for f in layer["heat"]["features"] for c in f["geometry"]["coordinates"]} == {32}
    with transaction(store.app, "dispatcher") as conn:
        cells = heat(conn, cells_of_tile(z, x, y), Heard())
    assert counted == sorted(cells["n"].tolist())
    told = client.get("/api/heat", params={"bbox": BBOX, "zoom": z}).json()
    assert (told["total"], told["most"], told["level"]) == (6, max(counted), z + 6)
    inside = middles(z + 6, cells).round(6).to_numpy(object).tolist()
    assert all(cell in told["cells"] for cell in inside)


ADDRESSES = {
    "/tiles/heat/23/0/0.mvt": 404,
    "/tiles/heat/-1/0/0.mvt": 404,
    "/tiles/heat/3/8/0.mvt": 404,
    "/tiles/heat/3/0/-1.mvt": 404,
    f"/tiles/heat/3/{10**30}/0.mvt": 404,
    "/tiles/heat/3/0/x.mvt": 422,
    "/tiles/heat/3/0/0.mvt?since=2026-02-30": 422,
    "/tiles/heat/3/0/0.mvt?since=2026-02-02&until=2026-02-01": 422,
    "/tiles/heat/3/0/0.mvt?by=faces": 422,
    "/tiles/heat/3/0/0.mvt?scope=%00": 422,
    "/api/heat?bbox=1,2,3&zoom=3": 422,
    "/api/heat?bbox=3,2,1,4&zoom=3": 422,
    "/api/heat?bbox=nan,2,1,4&zoom=3": 422,
    "/api/heat?bbox=-1e999,2,1,4&zoom=3": 422,
    "/api/heat?bbox=100,30,120,40&zoom=18": 422,
    "/api/heat?bbox=100,30,120,40&zoom=nan": 422,
    "/tiles/heat/22/4194303/4194303.mvt": 200,
    "/tiles/heat/0/0/0.mvt?service=%27%20or%201=1--": 200,
    "/api/heat?bbox=-720,-90,720,90&zoom=2.7": 200,
}


def test_an_address_that_is_none_is_a_problem_not_a_failure(client: TestClient) -> None:
    told = {address: client.get(address) for address in ADDRESSES}
    assert {address: said.status_code for address, said in told.items()} == ADDRESSES
    assert all(said.json()["zh"] for said in told.values() if said.status_code != 200)
