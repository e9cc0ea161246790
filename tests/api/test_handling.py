"""An issue handled over HTTP and from the command line, by the people of the toy city."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

import pytest
import shapely
from fastapi.testclient import TestClient
from httpx2 import Response

from api.acting import COOKIE
from api.app import create_app
from api.roster import Roster
from geo.store.database import Store
from tests.api.conftest import HERE
from tests.plugins.database import Databases
from tests.store import toy

LEADER: Final = f"leader-{toy.TWO}003"


@pytest.fixture(scope="module")
def store_of_client(databases: Databases) -> Iterator[Store]:
    name, store = databases.make()
    toy.load(store)
    yield store
    store.close()
    databases.drop(name)


@pytest.fixture(scope="module")
def client(store_of_client: Store) -> Iterator[TestClient]:
    with TestClient(create_app(store_of_client, person="dispatcher"), client=HERE) as asking:
        yield asking


def reported(client: TestClient, reference: str, source: str = "patrol", **more: str) -> int:
    (point,) = toy.points((2.5, 0.5))
    told = {"source": source, "reference": reference, "datum": "wgs84", "text": "<b>x</b>"}
    place = {"lon": shapely.get_x(point), "lat": shapely.get_y(point)}
    return int(client.post("/api/issues", json=told | place | more).json()["id"])


def step(client: TestClient, person: str, issue: int, **told: Any) -> Response:
    version = told.pop("version", None)
    headers = {"cookie": f"{COOKIE}={person}", "content-type": "application/json"}
    headers |= {"if-match": version} if version is not None else {}
    content = told.pop("raw", None) or json.dumps(told)
    return client.post(f"/api/issues/{issue}/steps", content=content, headers=headers)


def test_an_issue_goes_from_sent_to_closed_and_its_card_says_what_comes_next(
    client: TestClient,
) -> None:
    issue = reported(client, "1")
    card = client.get(f"/api/issues/{issue}")
    assert card.headers["etag"] == '"1"'
    assert {offer["step"] for offer in card.json()["steps"]} == {
        "answer", "send", "cancel", "merge", "whistle", "joint",
    }  # fmt: skip
    sent = step(client, "dispatcher", issue, step="send", version='"1"')
    assert sent.headers["etag"] == '"2"'
    (task,) = sent.json()["tasks"]
    assert (task["party"], task["state"]) == (LEADER, "sent")
    assert task["yellow_at"] < task["due_at"]
    step(client, LEADER, issue, step="take")
    step(client, LEADER, issue, step="finish", result="已清运")
    closed = step(client, "dispatcher", issue, step="pass").json()
    assert (closed["state"], closed["outcome"]) == ("closed", "solved")
    told = [(row["step"], row["zh"]) for row in rows(closed)]
    assert told == [
        ("receive", "受理"), ("send", "派单"), ("take", "接单"), ("finish", "办结"),
        ("pass", "核查通过"),
    ]  # fmt: skip


def rows(card: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"step": row["name"], "zh": row["zh"]} for row in card["history"]]


def test_the_board_tells_when_a_task_is_due_and_shows_no_card_while_its_clock_stands(
    client: TestClient, store_of_client: Store
) -> None:
    issue = reported(client, "due")
    assert on_board(client, issue)["due_at"] is None
    (task,) = step(client, "dispatcher", issue, step="send").json()["tasks"]
    shown = on_board(client, issue)
    assert datetime.fromisoformat(shown["due_at"]) == datetime.fromisoformat(task["due_at"])
    assert shown["card"] is None
    with store_of_client.owner.begin() as conn:
        conn.exec_driver_sql(f"update task set due_at = '2020-01-01Z' where id = {task['id']}")
    assert on_board(client, issue)["card"] == "red"
    step(client, LEADER, issue, step="take")
    asked = {"reason": "待料", "review_on": "2100-01-01"}
    assert step(client, LEADER, issue, step="ask_hold", **asked).status_code == 200
    assert step(client, "dispatcher", issue, step="hold").json()["state"] == "held"
    assert on_board(client, issue)["card"] is None
    assert step(client, LEADER, issue, step="resume").json()["state"] == "taken"


def on_board(client: TestClient, issue: int) -> dict[str, Any]:
    told = client.get("/api/issues.geojson", params={"only": issue}).json()
    shown: dict[str, Any] = told["features"][0]["properties"]
    return shown


def test_why_an_issue_is_theirs_is_told_on_one_page_without_who_reported_it(
    client: TestClient,
) -> None:
    issue = reported(client, "why")
    told = client.get(f"/api/issues/{issue}/why").json()
    assert (told["party"], told["sent"]) == (LEADER, [])
    assert told["grids"]["features"][0]["properties"]["code"] == f"{toy.TWO}003"
    assert len(told["grids"]["features"]) == 6  # it touches five others, at a corner or a side
    assert told["bounds"].startswith("东至网格004")
    assert told["places"][0] == "济南市"
    assert "text" not in told["about"]
    assert client.get(f"/issues/{issue}/why").status_code == 200
    lost = client.get("/issues/999999/why", headers={"accept": "text/html"})
    assert lost.status_code == 404
    stranger = {"cookie": f"{COOKIE}=stranger"}
    assert client.get(f"/api/issues/{issue}/why", headers=stranger).status_code == 404


def test_what_nobody_owns_is_read_written_to_a_file_and_ruled_on(
    client: TestClient, store_of_client: Store
) -> None:
    with store_of_client.owner.begin() as conn:
        conn.exec_driver_sql(
            "insert into service (code, name, default_role) values ('=odd', '怪事', 'none')"
        )
    issue = reported(client, "odd", service="=odd")
    step(client, "dispatcher", issue, step="send")
    told = client.get("/api/ledgers/fallback").json()
    assert (told["total"], told["entries"][0]["issue"]) == (1, issue)
    assert told["counts"][0]["n"] == 1
    assert client.get("/api/ledgers/held").json()["total"] == 0
    file = client.get("/api/ledgers/fallback.csv")
    assert "怪事" in file.content.decode("utf-8-sig")
    assert client.get("/api/ledgers/list.xlsx").content[:2] == b"PK"
    path = f"/api/ledgers/fallback/{issue}/ruling"
    ruling = {"party": "leader", "reason": "三定方案"}
    assert client.post(path, json=ruling).status_code == 403
    approver = {"cookie": f"{COOKIE}=approver"}
    ruled = client.post(path, json=ruling, headers=approver).json()
    assert (ruled["tasks"][0]["party"], ruled["ruled"]) == ("leader", True)
    assert client.get("/api/list").json()[0]["basis"].startswith(f"裁定 No {ruled['row']}")
    assert client.get("/api/ledgers/fallback").json()["total"] == 0


@pytest.mark.parametrize(
    ("person", "told", "status", "code"),
    [
        ("dispatcher", {"step": "answer"}, 409, "StepRefused"),
        ("dispatcher", {"step": "take"}, 409, "IssueStep"),
        ("dispatcher", {"step": "fly"}, 409, "UnknownStep"),
        ("leader", {"step": "send"}, 403, "StepNotYours"),
        ("dispatcher", {"step": "send", "party": "nobody"}, 404, "Missing"),
        ("dispatcher", {"step": "send", "version": '"7"'}, 412, "StaleIssue"),
        ("dispatcher", {"step": "send", "version": '"7", W/"1"'}, 412, "StaleIssue"),
        ("dispatcher", {"step": "send", "version": "W/x"}, 422, "BadVersion"),
        ("dispatcher", {"step": "cancel", "reason": "a\0b"}, 422, ""),
        ("dispatcher", '{"step": "send", "days": 1e999}', 422, ""),
        ("dispatcher", '{"step": "cancel", "reason": "\\ud800"}', 422, ""),
        ("dispatcher", {"step": "merge", "into": 2**70}, 422, ""),
        ("dispatcher", {"step": "send", "extra": 1}, 422, ""),
    ],
)
def test_a_step_that_cannot_be_taken_says_why_and_changes_nothing(
    client: TestClient, person: str, told: dict[str, Any] | str, status: int, code: str
) -> None:
    issue = reported(client, "2")
    answer = step(client, person, issue, **({"raw": told} if isinstance(told, str) else told))
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert code in str(answer.json()["code"])
    assert client.get(f"/api/issues/{issue}").headers["etag"] == '"1"'


def several(client: TestClient, *steps: dict[str, Any], **told: Any) -> Response:
    return client.post("/api/issues/steps", json={"steps": steps, **told})


def test_of_several_issues_each_is_answered_for_itself(client: TestClient) -> None:
    first, second = reported(client, "several-1"), reported(client, "several-2")
    told = several(
        client,
        {"issue": second, "version": 1, "step": "send"},
        {"issue": first, "version": 7, "step": "send"},
        {"issue": first, "step": "cancel"},
        {"issue": 999_999, "step": "send"},
        {"issue": second, "version": 2, "step": "urge"},
        {"issue": first, "step": "send", "lon": 1.0, "lat": 1.0},
        {"issue": first, "step": "merge", "into": second},
    )
    answers = told.json()["answers"]
    assert told.status_code == 200
    assert (told.json()["kept"], told.json()["refused"]) == (3, 4)
    assert [answer["issue"] for answer in answers] == [
        second,
        first,
        first,
        999_999,
        second,
        first,
        first,
    ]
    assert [answer["status"] for answer in answers] == [200, 412, 409, 404, 200, 422, 200]
    codes = [answer["problem"] and answer["problem"]["code"] for answer in answers]
    assert codes == [None, "StaleIssue", "StepRefused", "Missing", None, "NoDatum", None]
    assert [answer["version"] for answer in answers] == [3, 2, 2, None, 3, 2, 2]
    assert answers[-1]["state"] == client.get(f"/api/issues/{first}").json()["state"] == "closed"


def test_several_that_belong_together_are_all_taken_or_none(client: TestClient) -> None:
    first, second = reported(client, "together-1"), reported(client, "together-2")
    send = {"step": "send", "version": 1}
    steps = [{**send, "issue": first}, {**send, "issue": second, "party": "nobody"}]
    refused = several(client, *steps, together=True)
    assert (refused.status_code, refused.json()["code"]) == (409, "StepsRefused")
    assert refused.headers["content-type"] == "application/problem+json"
    assert [answer["status"] for answer in refused.json()["answers"]] == [424, 404]
    assert [answer["version"] for answer in refused.json()["answers"]] == [1, 1]
    assert refused.json()["kept"] == 0
    history = client.get(f"/api/issues/{first}").json()["history"]
    assert [row["name"] for row in history] == ["receive"]
    steps[1].pop("party")
    taken = several(client, *steps, together=True)
    assert (taken.status_code, taken.json()["kept"]) == (200, 2)


def test_several_are_asked_for_within_limits(client: TestClient) -> None:
    one = {"issue": 1, "step": "send"}
    for wrong in ([], [one] * 201, [{"step": "send"}], [{**one, "version": 0}]):
        assert client.post("/api/issues/steps", json={"steps": wrong}).status_code == 422
    away = client.post("/api/issues/steps", json={"steps": [one]}, headers={"via": "proxy"})
    assert away.status_code == 403


def test_an_issue_that_is_not_there_or_not_yours_is_not_found(client: TestClient) -> None:
    issue = reported(client, "3")
    for path, person in ((f"/api/issues/{issue}", "stranger"), ("/api/issues/999999", "checker")):
        answer = client.get(path, headers={"cookie": f"{COOKIE}={person}"})
        assert answer.status_code == 404


def test_a_department_whistled_for_arrives_where_it_says_it_is(client: TestClient) -> None:
    issue = reported(client, "4")
    step(client, "dispatcher", issue, step="whistle", reason="积水", parties=["leader"])
    assert step(client, "approver", issue, step="sign").json()["state"] == "sent"
    step(client, "leader", issue, step="take")
    (point,) = toy.points((2.5, 0.51))
    here = {"lon": shapely.get_x(point), "lat": shapely.get_y(point)}
    assert step(client, "leader", issue, step="arrive").status_code == 409
    assert step(client, "leader", issue, step="arrive", **here).status_code == 422
    told = step(client, "leader", issue, step="arrive", datum="wgs84", **here).json()
    assert told["tasks"][0]["away_m"] == pytest.approx(11.1, abs=0.2)


def test_whose_an_issue_would_be_is_told_with_its_reasons(client: TestClient) -> None:
    (point,) = toy.points((2.5, 0.5))
    asked = {"lon": shapely.get_x(point), "lat": shapely.get_y(point), "datum": "wgs84"}
    told = client.get("/api/route", params=asked).json()
    assert (told["party"], told["role"], told["provisional"]) == (LEADER, "grid_leader", False)
    assert [rung["rung"] for rung in told["reasons"]] == ["role"]
    assert told["reasons"][0]["zh"].endswith(LEADER)
    away = client.get("/api/route", params=asked | {"lon": 10.0}).json()
    assert (away["party"], away["path"]) == (None, [])
    for wrong in ({"lon": "nan"}, {"datum": "mars"}, {"service": "nothing"}):
        assert client.get("/api/route", params=asked | wrong).status_code in {404, 422}


def test_a_cookie_of_somebody_nobody_knows_is_refused_and_taken_back(client: TestClient) -> None:
    for person in ("gone", "a" * 500, "a\x01b"):
        for path in ("/", "/api/plans", "/api/issues/1"):
            answer = client.get(path, headers={"cookie": f"{COOKIE}={person}"})
            assert (answer.status_code, COOKIE in answer.headers["set-cookie"]) == (403, True)
    assert answer.json()["code"] == "UnknownPerson"
    assert step(client, "gone", reported(client, "cookie"), step="send").status_code == 403


def test_whoever_left_is_known_no_longer_than_a_minute(store_of_client: Store) -> None:
    clock = [0.0]
    roster = Roster(store_of_client, lambda: clock[0])
    assert (roster.remembers("stranger"), roster.knows("stranger")) == (False, True)
    with store_of_client.owner.begin() as conn:
        conn.exec_driver_sql("insert into party (code, kind, name) values ('D9', 'department', '')")
        conn.exec_driver_sql("update party set ended_on = current_date where code = 'stranger'")
    assert (roster.remembers("stranger"), roster.knows("D9")) == (True, False)
    clock[0] = 61.0
    assert (roster.remembers("stranger"), roster.knows("stranger")) == (False, False)
