"""What is seen while an issue is entered is what becomes of it; refusals say which field."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest
import shapely
from fastapi.testclient import TestClient

from api.app import create_app
from geo.store import imports
from geo.store.database import Store, transaction
from geo.store.working import issues
from tests.plugins.database import Databases
from tests.store import toy
from tests.store.test_intake_http import HERE, housed, sent


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


INSIDE = {"lon": 117.005, "lat": 36.605, "datum": "wgs84"}


def foreseen(client: TestClient, **said: Any) -> Any:
    told = {"source": "hotline", "reference": "draft", **said}
    answer = client.post("/api/issues/preview", json=told)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_what_would_become_of_an_issue_is_what_becomes_of_it(
    client: TestClient, store: Store
) -> None:
    before = count(store)
    told = foreseen(client, address="青石巷5号富强悦府3号楼")
    assert count(store) == before
    kept = sent(client, "foreseen", address="青石巷5号富强悦府3号楼").json()
    assert told["located"]["taken"] == "B1"
    assert told["here"]["grid"] == kept["grid"]
    route = client.get(f"/api/issues/{kept['id']}/route").json()
    assert (told["route"]["party"], told["route"]["reasons"]) == (route["party"], route["reasons"])
    assert told["due"]["yellow_at"] < told["due"]["due_at"]
    again = foreseen(client, **INSIDE)
    assert kept["id"] in [each["id"] for each in again["nearby"]]


def test_while_one_is_entered_a_caller_is_known_again_and_neighbours_are_named(
    client: TestClient,
) -> None:
    said = {**INSIDE, "contact": "13912345678"}
    assert foreseen(client, **said)["reporter"] is None
    sent(client, "caller", **said)
    told = foreseen(client, **said)
    assert told["reporter"]["nth"] == 2
    assert not {"13912345678", "12345678", "5678"} & set(re.findall(r"\d+", json.dumps(told)))
    assert told["nearby"][0]["same_reporter"]
    edge = foreseen(client, **{**INSIDE, "accuracy_m": 400.0})["here"]
    assert edge["neighbours"]
    assert all(each["metres"] <= 500 for each in edge["neighbours"])


def test_whoever_is_complained_about_cannot_try_whose_number_it_was(client: TestClient) -> None:
    said = {**INSIDE, "contact": "13712345678"}
    sent(client, "complaint", **said)
    client.cookies.set("jingwei_person", f"leader-{toy.ONE}003")
    told = foreseen(client, **said)
    client.cookies.clear()
    assert told["nearby"]
    assert not any(each["same_reporter"] for each in told["nearby"])
    assert told["reporter"] is None


def test_nothing_is_foreseen_of_what_lies_nowhere(client: TestClient) -> None:
    told = foreseen(client, lon=116.0, lat=35.0, datum="wgs84")
    assert told["here"]["unclaimed"]
    assert told["route"]["party"] is None
    assert foreseen(client, text="不知道在哪")["here"] is None


def test_a_refusal_says_of_each_field_what_is_wrong_with_it(client: TestClient) -> None:
    wrong = {"source": "fax", "reference": "x" * 129, "lon": "east"}
    told = client.post("/api/issues/preview", json=wrong).json()
    assert {fault["field"] for fault in told["fields"]} == {"reference", "lon"}
    assert {fault["zh"] for fault in told["fields"]} == {"最多 128 字", "应为数字"}
    fax = sent(client, "a", source="fax").json()
    assert [fault["field"] for fault in fax["fields"]] == ["source"]
    assert "没有“fax”这个来源" in fax["fields"][0]["zh"]
    bare = sent(client, "b", lon=117.0, lat=36.6).json()
    assert [fault["field"] for fault in bare["fields"]] == ["datum"]


def test_whether_an_intake_was_kept_can_be_asked_by_its_number(client: TestClient) -> None:
    kept = sent(client, "lost answer", **INSIDE).json()
    asked = {"source": "hotline", "reference": "lost answer"}
    assert client.get("/api/issues/numbered", params=asked).json() == {"id": kept["id"]}
    asked["reference"] = "never sent"
    assert client.get("/api/issues/numbered", params=asked).status_code == 404


def test_what_came_without_a_time_is_listed_by_when_it_came(client: TestClient) -> None:
    old = {"reported_at": "2026-01-05T09:00:00+08:00"}
    sent(client, "timeless", **INSIDE)
    sent(client, "old", **INSIDE, **old)
    listed = client.get("/api/issues.geojson", params={"limit": 1}).json()["features"]
    assert [each["properties"]["number"] for each in listed] == ["timeless"]


def test_parties_and_services_are_offered_by_their_names(client: TestClient, store: Store) -> None:
    with transaction(store.owner, "import") as conn:
        names = ["区城管局", "城管一中队", "城市管理局"]
        rows = pd.DataFrame({"code": ["o-1", "o-2", "o-3"], "kind": "department", "name": names})
        imports.commit_people(conn, rows, imports.open_batch(conn, "parties"))
    named = [each["name"] for each in client.get("/api/parties", params={"q": "城管"}).json()]
    assert named == ["城管一中队", "区城管局", "城市管理局"]
    assert client.get("/api/parties", params={"q": "%"}).json() == []
    assert client.get("/api/services").status_code == 200


def count(store: Store) -> int:
    with transaction(store.owner, "tests") as conn:
        return len(issues.read_issues(conn))


def test_where_two_roads_meet_the_grids_that_meet_there_are_named(
    client: TestClient, store: Store
) -> None:
    across = shapely.LineString([(117.01, 36.6), (117.01, 36.62)])  # 甲街 at the corner of four
    road = toy.frame([("base", "road", "R1", "丙路", across)], "net kind code name geometry")
    with transaction(store.owner, "import") as conn:
        imports.commit_areas(conn, road, imports.open_batch(conn, "areas"))
    said = {"address": "甲街与丙路交叉口东南角"}
    told = sent(client, "corner", **said).json()
    others = {f"{toy.ONE}00{n}" for n in (1, 2, 3, 4)} - {told["grid"]}
    assert {one["code"] for one in told["neighbours"]} == others
    assert client.get(f"/api/issues/{told['id']}").json()["neighbours"] == told["neighbours"]
    assert {one["code"] for one in foreseen(client, **said)["here"]["neighbours"]} == others
