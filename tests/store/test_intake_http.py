"""Issues come in over HTTP: placed by their address, told of repeats, refused with a sentence."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.gazetteers import placed_rows
from geo.store import imports, issues
from geo.store.database import Store, transaction
from geo.store.gazetteer import read_gazetteer
from tests.plugins.database import Databases
from tests.store import toy

HERE = ("127.0.0.1", 50000)
HOUSES = (
    ("B1", "3号楼", "历下区龙洞街道甲社区 青石巷5号富强悦府 3号楼", (0.5, 0.5)),
    ("B2", "1号楼", "历下区龙洞街道乙社区 文化东路88号 1号楼", (2.5, 0.5)),
    ("B3", "1号楼", "历下区龙洞街道甲社区 建设路1号 1号楼", (0.5, 1.5)),
    ("B4", "1号楼", "历下区龙洞街道乙社区 建设路1号 1号楼", (3.5, 1.5)),
)


def places() -> gpd.GeoDataFrame:
    rows = pd.DataFrame(HOUSES, columns=["code", "name", "address", "at"])
    points = toy.points(*rows.pop("at"))
    return gpd.GeoDataFrame(rows.assign(kind="building"), geometry=points, crs="EPSG:4326")


@pytest.fixture(scope="module")
def store(databases: Databases, toy_database: str) -> Iterator[Store]:
    """The toy city with some houses, for this module."""
    name, made = databases.make(toy_database)
    with transaction(made.owner, "import") as conn:
        imports.commit_places(conn, places(), imports.open_batch(conn, "places"))
    yield made
    made.close()
    databases.drop(name)


@pytest.fixture(scope="module")
def client(store: Store) -> Iterator[TestClient]:
    app = create_app(store, person="dispatcher", reporter_secret=b"tests")
    with TestClient(app, client=HERE) as client:
        yield client


def sent(client: TestClient, reference: str, **said: Any) -> Any:
    return client.post("/api/issues", json={"source": "hotline", "reference": reference, **said})


def test_an_issue_is_placed_by_its_address_and_says_by_which(client: TestClient) -> None:
    said = {"address": "青石巷５号富强悦府三号楼2单元", "text": "水管漏水"}
    first = sent(client, "placed", **said)
    assert first.status_code == 201, first.text
    told = first.json()
    assert (told["grid"], told["unclaimed"]) == (f"{toy.ONE}003", False)
    assert (told["located"]["as"], told["located"]["score"]) == ("building:B1", 1.0)
    assert "富强悦府" in told["located"]["zh"]
    again = sent(client, "placed", **said)
    assert (again.status_code, again.json()) == (200, told)
    moved = sent(client, "placed", **said, lon=117.0, lat=36.6, datum="wgs84")
    assert moved.status_code == 409  # a position is something else that was said


def test_what_an_address_may_name_is_listed_and_nothing_is_guessed(
    client: TestClient, store: Store
) -> None:
    told = sent(client, "open", address="建设路1号1号楼").json()
    assert told["unclaimed"]
    assert [c["as"] for c in told["located"]["candidates"]] == ["building:B3", "building:B4"]
    with transaction(store.app, "dispatcher") as conn:
        assert "open" in issues.read_issues(conn, scope="").reference.tolist()
    found = client.get("/api/gazetteer", params={"q": "甲社区建设路1号1号楼"}).json()
    assert found["taken"] == "B3"
    nobody = client.get("/api/gazetteer", params={"q": "青石巷7号富强悦府3号楼"}).json()
    assert nobody["taken"] is None
    assert nobody["candidates"][0]["contradicted"][0]["zh"] == "门牌号"


def test_the_gazetteer_is_made_anew_when_places_come(client: TestClient, store: Store) -> None:
    assert client.get("/api/gazetteer", params={"q": "新天地9号楼"}).json()["candidates"] == []
    more = places().iloc[:1].assign(code="B9", name="9号楼", address="甲社区 新天地 9号楼")
    with transaction(store.owner, "import") as conn:
        imports.commit_places(conn, more, imports.open_batch(conn, "places"))
    assert client.get("/api/gazetteer", params={"q": "新天地9号楼"}).json()["taken"] == "B9"


def test_the_same_caller_is_known_again_and_never_named(client: TestClient) -> None:
    said = {"lon": 117.005, "lat": 36.605, "datum": "wgs84"}
    for n, contact in enumerate(("13805310000", "138-0531-0000", "+86 13805310000"), start=1):
        told = sent(client, str(n), contact=contact, **said).json()
        assert told["reporter"]["nth"] == n
        assert told["reporter"]["zh"] == f"同一来电人 · 90 天内第 {n} 次"
    assert sent(client, "anonymous", contact="匿名", **said).json()["reporter"] is None
    for path in (f"/api/issues/{told['id']}", "/api/issues.geojson"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "13805310000" not in answer.text
    assert client.get(f"/api/issues/{told['id']}").json()["reporter"]["nth"] == 3


@pytest.mark.parametrize(
    "said",
    [
        {"source": "fax"},
        {"reference": ""},
        {"reference": "x" * 129},
        {"source": ""},
        {"contact": "1" * 129},
        {"contact": "\ud800"},
        {"against": "a\0b"},
        {"confidential": 1},
        {"confidential": "yes"},
        {"address": "\udfff"},
        {"address": "a\0"},
        {"accuracy_m": True},
        {"accuracy_m": 1e999},
        {"lon": "117.0", "lat": 36.0, "datum": "wgs84"},
        {"lon": True, "lat": 36.0, "datum": "wgs84"},
        {"lon": 36.6, "lat": 117.0, "datum": "wgs84"},
        {"lon": 117.0, "datum": "wgs84"},
        {"lon": 117.0, "lat": 36.6},
        {"lon": 1e999, "lat": 36.0, "datum": "gcj02"},
        {"reporter": "a" * 32},
        {"located_by": "address"},
    ],
)
def test_what_cannot_be_taken_is_refused_with_a_sentence(
    client: TestClient, store: Store, said: dict[str, Any]
) -> None:
    body = json.dumps({"source": "hotline", "reference": "refused", **said})
    answer = client.post("/api/issues", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 422, answer.text
    assert answer.json()["zh"]
    assert answer.json()["en"]
    with transaction(store.owner, "tests") as conn:
        assert "refused" not in set(issues.read_issues(conn).reference)


@pytest.mark.parametrize("q", ["", "x" * 1001, "\0", "a\0b"])
def test_an_address_that_is_none_is_refused(client: TestClient, q: str) -> None:
    answer = client.get("/api/gazetteer", params={"q": q})
    assert answer.status_code in (200, 422)
    assert answer.json().get("candidates", []) == []


def test_an_unknown_source_is_told_of_those_there_are(client: TestClient) -> None:
    answer = sent(client, "fax", source="fax").json()
    assert "hotline 热线" in answer["zh"]


def test_rows_of_a_file_are_placed_by_their_addresses(store: Store) -> None:
    rows = pd.DataFrame(
        {
            "source": "batch",
            "reference": ["f1", "f2", "f3", "f4"],
            "address": ["文化东路88号1号楼", "建设路1号1号楼", "", "文化东路88号1号楼"],
        }
    )
    spots = [None, None, None, toy.points((9, 9))[0]]
    frame = gpd.GeoDataFrame(rows, geometry=spots, crs="EPSG:4326")
    for _ in range(2):  # again nothing changes
        with transaction(store.owner, "import") as conn:
            placed = placed_rows(conn, frame, read_gazetteer)
            counts = imports.commit_issues(conn, placed, imports.open_batch(conn, "issues"))
    assert (counts.new, counts.same, counts.conflicts) == (0, 4, ())
    with transaction(store.owner, "tests") as conn:
        kept = issues.read_issues(conn, source="batch").set_index("reference").sort_index()
    assert kept.located_by.tolist() == ["address", "", "", ""]
    assert kept.grid.fillna("").tolist() == [f"{toy.TWO}003", "", "", ""]
    assert kept.geometry.isna().tolist() == [False, True, True, False]
