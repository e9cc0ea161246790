"""Issues come in over HTTP: placed by their address, told of repeats, refused with a sentence."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.gazetteers import placed_rows
from geo.store import imports
from geo.store.database import Store, transaction
from geo.store.net.gazetteer import read_gazetteer
from geo.store.working import issues
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


@contextmanager
def housed(databases: Databases, toy_database: str) -> Iterator[Store]:
    """The toy city with some houses, as long as it is asked."""
    name, made = databases.make(toy_database)
    with transaction(made.owner, "import") as conn:
        imports.commit_places(conn, places(), imports.open_batch(conn, "places"))
    yield made
    made.close()
    databases.drop(name)


@pytest.fixture(scope="module")
def store(databases: Databases, toy_database: str) -> Iterator[Store]:
    """The toy city with some houses, for this module."""
    with housed(databases, toy_database) as made:
        yield made


@pytest.fixture(scope="module")
def client(store: Store) -> Iterator[TestClient]:
    app = create_app(store, person="dispatcher", reporter_secret=b"tests")
    with TestClient(app, client=HERE) as client:
        yield client


def sent(client: TestClient, reference: str, **said: Any) -> Any:
    return client.post("/api/issues", json={"source": "hotline", "reference": reference} | said)


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
    known = gc.get_freeze_count()
    assert client.get("/api/gazetteer", params={"q": "新天地9号楼"}).json()["taken"] == "B9"
    assert gc.get_freeze_count() > known  # full collections pass over it


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
        {"contact": "1380531\0000"},
        {"against": "a\0b"},
        {"confidential": 1},
        {"confidential": "yes"},
        {"address": "\udfff"},
        {"address": "a\0"},
        {"accuracy_m": True},
        {"due_at": 1796000000},
        {"due_at": "5"},
        {"reported_at": "2026-11-27T09:00:00"},
        {"accuracy_m": 1e999},
        {"accuracy_m": 1e308},
        {"accuracy_m": 1e-320},
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


def test_an_address_that_names_an_area_alone_puts_it_there_without_a_position(
    client: TestClient, store: Store
) -> None:
    told = sent(client, "area", address="历下区龙洞街道甲社区").json()
    assert (told["grid"], told["community"], told["unclaimed"]) == (None, toy.ONE, False)
    assert (told["located"]["as"], told["located"]["lon"]) == (f"community:{toy.ONE}", None)
    assert sent(client, "area", address="历下区龙洞街道甲社区").json() == told
    steps = f"/api/issues/{told['id']}/steps"
    assert "place" in {one["step"] for one in card_of(client, told["id"])["steps"]}
    other = client.post(steps, json={"step": "place", "area": toy.TWO})
    assert (other.status_code, other.json()["code"]) == (409, "StepRefused")
    spot = {"step": "place", "lon": 117.005, "lat": 36.605, "datum": "wgs84"}
    assert client.post(steps, json=spot).status_code == 200
    assert "place" not in {one["step"] for one in card_of(client, told["id"])["steps"]}
    with transaction(store.app, "dispatcher") as conn:
        row = issues.read_issues(conn).set_index("reference").loc["area"]
    assert (row.grid, row.located_by) == (f"{toy.ONE}003", "chosen")


def test_what_is_only_text_is_put_into_an_area_and_sent_by_its_route(client: TestClient) -> None:
    told = sent(client, "text", text="反映社区里路灯都不亮").json()
    assert told["unclaimed"]
    steps = f"/api/issues/{told['id']}/steps"
    for area in ("370102", f"{toy.ONE}003", "none"):  # only what answers for what lies in it
        assert client.post(steps, json={"step": "place", "area": area}).status_code == 409
    done = client.post(steps, json={"step": "place", "area": toy.TWO})
    assert (done.status_code, done.json()["located"]["as"]) == (200, f"community:{toy.TWO}")
    assert told["id"] not in [
        one["id"] for one in client.get("/api/issues/unclaimed").json()["issues"]
    ]
    route = client.get(f"/api/issues/{told['id']}/route").json()
    assert (route["provisional"], route["party"]) == (False, "leader")  # who leads all of it


def card_of(client: TestClient, issue: int) -> dict[str, Any]:
    answer = client.get(f"/api/issues/{issue}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_what_nobody_claims_is_put_on_the_map_by_one_step(client: TestClient, store: Store) -> None:
    said = {"address": "建设路1号1号楼", "text": "堵塞"}
    issue = sent(client, "place", **said).json()["id"]
    queue = client.get("/api/issues/unclaimed").json()
    (mine,) = [one for one in queue["issues"] if one["reference"] == "place"]
    assert mine["zh"] == "没有位置"
    assert [one["as"] for one in mine["candidates"]] == ["building:B3", "building:B4"]
    assert "place" in {one["step"] for one in card_of(client, issue)["steps"]}
    steps = f"/api/issues/{issue}/steps"
    for wrong, status in (
        ({"step": "place"}, 409),
        ({"step": "place", "candidate": "building:B9"}, 404),
        ({"step": "place", "lon": 10.0, "lat": 10.0, "datum": "wgs84"}, 409),
    ):
        answer = client.post(steps, json=wrong)
        assert (answer.status_code, bool(answer.json()["zh"])) == (status, True), answer.text
    done = client.post(steps, json={"step": "place", "candidate": "building:B4"})
    assert done.status_code == 200, done.text
    assert "place" not in {one["step"] for one in done.json()["steps"]}
    assert done.json()["located"]["zh"].startswith("派单员定位：building:B4")
    after = client.get("/api/issues/unclaimed").json()
    assert after["total"] == queue["total"] - 1
    assert sent(client, "place", **said).status_code == 200  # delivered again it is the same
    with transaction(store.owner, "tests") as conn:
        row = issues.read_issues(conn).set_index("reference").loc["place"]
    assert (row.grid, row.located_by, row.located_as) == (
        *(f"{toy.TWO}002", "chosen"), "building:B4",
    )  # fmt: skip
    again = client.post(steps, json={"step": "place", "candidate": "building:B3"})
    assert again.status_code == 409
    assert client.post(steps, json={"step": "send"}).json()["tasks"][0]["party"].endswith("002")


def test_a_position_outside_is_kept_beside_the_one_that_is_chosen(client: TestClient) -> None:
    said = {"lon": 117.2, "lat": 36.605, "datum": "wgs84", "text": "外"}
    told = sent(client, "outside", **said).json()
    assert told["unclaimed"]
    put = {"step": "place", "lon": 117.005, "lat": 36.605, "datum": "wgs84"}
    assert client.post(f"/api/issues/{told['id']}/steps", json=put).status_code == 200
    assert sent(client, "outside", **said).status_code == 200
    assert sent(client, "outside", **said | {"lon": 117.005}).status_code == 409


def test_an_accuracy_names_the_neighbours_and_one_step_hands_over(client: TestClient) -> None:
    near = {"lon": 117.0199, "lat": 36.615, "datum": "wgs84"}  # some 9 m from the edge of TWO
    told = sent(client, "edge", accuracy_m=20, **near).json()
    assert told["grid"] == f"{toy.ONE}002"
    assert [one["code"] for one in told["neighbours"]] == [f"{toy.TWO}001"]
    assert told["neighbours"][0]["metres"] < 12
    assert sent(client, "edge sharp", accuracy_m=3, **near).json()["neighbours"] == []
    assert sent(client, "edge unknown", **near).json()["neighbours"] == []
    assert card_of(client, told["id"])["neighbours"] == told["neighbours"]
    steps = f"/api/issues/{told['id']}/steps"
    given = client.post(steps, json={"step": "send", "grid": f"{toy.TWO}001"}).json()
    assert [task["party"] for task in given["tasks"]] == [f"leader-{toy.TWO}001"]
    nobody = client.post(steps, json={"step": "resend", "grid": "nowhere"})
    assert nobody.status_code in (404, 409)


def test_open_issues_nearby_are_shown_the_likeliest_first(client: TestClient) -> None:
    spot: dict[str, Any] = {"lon": 117.035, "lat": 36.605, "datum": "wgs84"}
    first = sent(client, "near 1", text="路灯不亮三天了", contact="13700000000", **spot).json()[
        "id"
    ]
    other = sent(client, "near 2", text="垃圾没人清", **spot | {"lon": 117.0353}).json()["id"]
    sent(client, "near 3", text="路灯不亮", **spot | {"lon": 117.039}).json()
    asked = client.get("/api/issues/nearby", params={**spot, "text": "路灯坏了不亮"}).json()
    assert [one["id"] for one in asked] == [first, other]
    assert asked[0]["likeness"] > asked[1]["likeness"]
    assert "reporter" not in asked[0]
    told = client.post(
        "/api/issues?nearby=true",
        json={"source": "web", "reference": "near", "contact": "137-0000-0000", **spot},
    ).json()
    assert [(one["id"], one["same_reporter"]) for one in told["nearby"]][:2] == [
        (first, True),
        (other, False),
    ]
    assert client.get("/api/issues/nearby", params={"lon": "nan", "lat": 36, "datum": "wgs84"}
                      ).status_code == 422  # fmt: skip


def test_what_is_told_in_confidence_is_read_by_those_who_handle_it(
    client: TestClient, store: Store
) -> None:
    spot = {"lon": 117.035, "lat": 36.615, "datum": "wgs84"}
    issue = sent(client, "secret", text="举报某人", confidential=True, **spot).json()["id"]

    def text_for(person: str) -> str:
        with transaction(store.app, person) as conn:
            rows = issues.read_issues(conn).set_index("id")
        return str(rows.loc[issue, "text"])

    assert text_for("dispatcher") == "举报某人"
    assert text_for("leader") == ""
    steps = f"/api/issues/{issue}/steps"
    assert client.post(steps, json={"step": "send", "party": "leader"}).status_code == 200
    assert text_for("leader") == "举报某人"
    assert text_for(f"leader-{toy.TWO}002") == ""
