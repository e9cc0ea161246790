"""Plans over HTTP: forked, replayed, edited, taken to files and back, each by whom it may be."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from api.acting import COOKIE
from api.app import create_app
from geo.store.database import Store
from tests.api.conftest import HERE
from tests.store import toy
from tests.store.test_plans import approved, drawn, merged


@pytest.fixture
def store(toy_store: Store) -> Store:
    return toy_store


@pytest.fixture
def client(store: Store) -> Iterator[TestClient]:
    with TestClient(create_app(store, person="planner"), client=HERE) as client:
        yield client


def test_a_plan_is_forked_by_who_plans_there(store: Store, client: TestClient) -> None:
    toy.load_people(store, ["other"], [("other", "planner", "admin", toy.TWO)])
    plan = approved(store, merged(1))
    answer = client.post(f"/api/plans/{plan}/fork", json={"title": "分叉"})
    assert answer.status_code == 201
    made = answer.json()["plan"]
    told = client.get(f"/api/plans/{made}")
    assert told.headers["etag"] == f'"{told.json()["version"]}"'
    assert [told.json()[key] for key in ("id", "forked_from", "state")] == [made, plan, "draft"]
    log = client.get(f"/api/plans/{made}/log").json()
    assert [row["name"] for row in log][-2:] == ["approve", "create"]
    for title in ("", "x" * 201, "\ud800", "a\0b"):
        refused = client.post(f"/api/plans/{plan}/fork", content=json.dumps({"title": title}))
        assert (refused.status_code, bool(refused.json()["zh"])) == (422, True)
    client.cookies.set(COOKIE, "other")
    assert client.post(f"/api/plans/{plan}/fork", json={}).status_code == 404
    assert client.get(f"/api/plans/{plan}/log").status_code == 404
    client.cookies.set(COOKIE, "checker")
    assert client.post(f"/api/plans/{plan}/fork", json={}).json()["code"] == "NotAllowed"


def test_a_replay_is_told_in_counts(store: Store, client: TestClient) -> None:
    plan = drawn(store, merged(1))
    told = client.get(f"/api/plans/{plan}/replay").json()
    assert (told["issues"], told["heavy"], len(told["grids"])) == (0, 0, 5)
    days = {"from": "2026-02-01", "to": "2026-01-01"}
    refused = client.get(f"/api/plans/{plan}/replay", params=days)
    assert (refused.status_code, refused.json()["code"]) == (422, "BadPeriod")
    for wrong in ("2026-02-30", "NaN", "0", "9" * 30):
        answer = client.get(f"/api/plans/{plan}/replay", params={"from": wrong})
        assert answer.status_code == 422, wrong
