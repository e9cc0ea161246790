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
from tests.store.test_plan_command import buildings_given_to
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


def test_a_difference_is_told_by_pair_of_grids(store: Store, client: TestClient) -> None:
    buildings_given_to(store, "x")
    one, other = drawn(store, merged(1)), drawn(store, toy.atoms())
    told = client.get(f"/api/plans/{one}/diff").json()
    a, b = f"{toy.ONE}001", f"{toy.ONE}002"
    pair = {"old": a, "new": b, "households": 7, "people": 0, "buildings": 1, "estates": 0}
    assert told["pairs"] == [{**pair, "tasks_sent": 0, "tasks_taken": 0}]
    back = client.get(f"/api/plans/{one}/diff/{other}").json()
    assert [(row["old"], row["new"], row["households"]) for row in back["pairs"]] == [(b, a, 7)]
    assert client.get(f"/api/plans/{one}/diff/99").status_code == 404


def test_a_publication_and_its_way_back_are_tried_before_they_are_done(
    store: Store, client: TestClient
) -> None:
    plan = approved(store, merged(3))
    steps, back = f"/api/plans/{plan}/steps", "/api/nets/grid/revisions"
    assert client.post(steps, json={"step": "publish", "trial": True}).status_code == 403
    client.cookies.set(COOKIE, "approver")
    tried = client.post(steps, json={"step": "publish", "trial": True}).json()
    assert (tried["state"], len(tried["gone"])) == ("in_force", 1)
    leads = [(told["role"], told["party"]) for told in tried["duties"]]
    assert tried["duties_moved"] == len(leads) == 2
    assert ("grid_leader", f"leader-{toy.ONE}001") in leads
    assert client.post(steps, json={"step": "publish", "trial": True}).json() == tried
    later = {"step": "publish", "trial": True, "effective_on": "2999-01-01"}
    assert client.post(steps, json=later).json() == {
        **tried,
        "state": "scheduled",
        "revision": 0,
        "effective_on": "2999-01-01",
    }
    assert client.get(f"/api/plans/{plan}").json()["state"] == "approved", "nothing was done"
    assert client.post(steps, json={"step": "publish"}).json() == tried
    number = tried["revision"]
    listed = {row["number"]: row["may_undo"] for row in client.get(back).json()}
    assert (listed[number], listed[1]) == (True, False)
    undone = client.post(f"{back}/{number}/rollback?trial=true").json()
    assert (undone["new"], undone["gone"]) == (tried["gone"], tried["new"])
    assert client.get(f"/api/plans/{plan}").json()["state"] == "in_force", "nothing was done"
    assert client.post(f"{back}/{number}/rollback").json() == undone
    told = {row["number"]: row for row in client.get(back).json()}
    refused = client.post(f"{back}/{number}/rollback").json()
    assert (told[number]["may_undo"], told[undone["revision"]]["may_undo"]) == (False, True)
    assert told[number]["refused"] == {"zh": refused["zh"], "en": refused["en"]}
    assert told[undone["revision"]]["refused"] is None
    client.cookies.set(COOKIE, "planner")
    assert not any(row["may_undo"] or row["refused"] for row in client.get(back).json())


def test_a_plan_goes_out_as_a_file_and_comes_back_on_the_version_that_was_seen(
    store: Store, client: TestClient
) -> None:
    plan = drawn(store, merged(1))
    files = {f: client.get(f"/api/plans/{plan}/export.{f}") for f in ("csv", "gpkg", "xlsx")}
    files["parquet"] = client.get(f"/api/plans/{plan}/export.parquet")
    for form, file in files.items():
        assert f"plan-{plan}.{form}" in file.headers["content-disposition"]
        told = client.post(f"/api/plans/{plan}/import?form={form}", content=file.content)
        assert told.json()["atoms"] == [], form
    assert client.get(f"/api/plans/{plan}/export.exe").status_code == 422
    lines = files["csv"].text.splitlines()
    changed = lines[-1].rsplit(",", 1)[0] + ",新"
    gbk = f"地块,网格\n{changed}".encode("gbk")
    way = f"/api/plans/{plan}/import?form=csv&partial=true"
    dry = client.post(way, content=gbk).json()
    assert (dry["committed"], len(dry["atoms"]), dry["fresh"]) == (False, 1, [f"{toy.ONE}005"])
    assert client.post(way, content=gbk).json() == dry, "a dry run writes nothing"
    etag = client.get(f"/api/plans/{plan}").headers["etag"]
    assert client.post(f"{way}&commit=true", content=gbk).status_code == 428
    done = client.post(f"{way}&commit=true", content=gbk, headers={"if-match": etag})
    assert done.json() == {**dry, "committed": True}
    late = client.post(f"{way}&commit=true", content=gbk, headers={"if-match": etag})
    assert late.status_code == 412


def test_a_file_that_holds_no_assignment_is_refused_with_a_sentence(
    store: Store, client: TestClient
) -> None:
    plan = drawn(store, merged(1))
    wrong = {
        b"": ("csv", 422),
        b"PK\x03\x04": ("xlsx", 422),
        b"\x00\xff": ("parquet", 422),
        b"SQLite format 3\x00": ("gpkg", 422),
        b"atom,grid\nnowhere,1\n": ("csv", 422),
        f"atom,grid\n{toy.ONE}001-0,1\n{toy.ONE}001-0,2\n".encode(): ("csv", 422),
        b"atom,grid\nx,3.70102E+14\n": ("csv", 422),
    }
    for content, (form, status) in wrong.items():
        answer = client.post(f"/api/plans/{plan}/import?form={form}", content=content)
        assert (answer.status_code, bool(answer.json()["zh"])) == (status, True), content
    client.cookies.set(COOKIE, "checker")
    for content in (b"atom,grid\n", b""):  # whoever may not learns nothing of the file
        answer = client.post(f"/api/plans/{plan}/import?form=csv", content=content)
        assert answer.json()["code"] == "NotAllowed"
    answer = client.post("/api/plans/99/import?form=xlsx", content=b"PK")
    assert answer.json()["code"] == "Missing"
