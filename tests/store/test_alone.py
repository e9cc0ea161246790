"""Tasks of no issue over HTTP; of what is confidential only its people read a word."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import text

from api.acting import COOKIE
from api.app import create_app
from geo.issues import replayed
from geo.store import events
from geo.store.database import Store, transaction
from tests.api.conftest import HERE
from tests.plugins.database import Databases
from tests.store import toy
from tests.store.test_handling import LEADER

Asking = tuple[TestClient, Store]
WORDS: Final = "甲乙两家因漏水争执"
PARTIES: Final = ("resident-a", "resident-b")


@pytest.fixture(scope="module")
def asking(databases: Databases, toy_database: str) -> Iterator[Asking]:
    name, store = databases.make(toy_database)
    toy.load_people(
        store, [*PARTIES, "neighbour"], [("neighbour", "grid_worker", "admin", toy.TWO)]
    )
    with TestClient(create_app(store, person="dispatcher"), client=HERE) as client:
        yield client, store
    store.close()
    databases.drop(name)


def asked(client: TestClient, who: str, path: str, **told: Any) -> Response:
    headers = {"cookie": f"{COOKIE}={who}"}
    if told:
        return client.post(f"/api/tasks{path}", json=told, headers=headers)
    return client.get(f"/api/tasks{path}", headers=headers)


def made(client: TestClient, kind: str = "errand", who: str = "dispatcher", **told: Any) -> Any:
    body = {"kind": kind, "party": LEADER, "area": f"{toy.TWO}003", "text": "代领养老金"} | told
    answer = asked(client, who, "", **body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def mediation(client: TestClient) -> int:
    return int(made(client, "mediate", among=PARTIES, text=WORDS)["id"])


def test_by_the_same_reference_a_task_is_written_down_once(asking: Asking) -> None:
    client, store = asking
    first = made(client, reference="r-1")
    body = {"kind": "errand", "party": LEADER, "area": f"{toy.TWO}003", "text": "代领养老金"}
    told = asked(client, LEADER, f"/{first['id']}/steps", step="take")
    assert told.headers["etag"] == f'"{told.json()["version"]}"'
    again = asked(client, "dispatcher", "", **body, reference="r-1")
    assert (again.status_code, again.json()["id"]) == (200, first["id"])
    assert again.json()["state"] == "taken"
    other = asked(client, "dispatcher", "", **{**body, "text": "送餐"}, reference="r-1")
    assert (other.status_code, other.json()["code"]) == (409, "Conflict")
    assert made(client, who="checker", reference="r-1")["id"] != first["id"]  # a name of their own
    assert made(client)["id"] != made(client)["id"]  # without one each is another
    with ThreadPoolExecutor(4) as pool:
        ask = [
            pool.submit(asked, client, "dispatcher", "", **body, reference="r-2") for _ in range(4)
        ]
        answers = [one.result() for one in ask]
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    with transaction(store.owner, "audit") as conn:
        assert len(events.history(conn, "task", answers[0].json()["id"])) == 1


def test_an_errand_is_written_down_done_and_passed_and_its_events_replay(asking: Asking) -> None:
    client, store = asking
    card = made(client)
    assert (card["kind_zh"], card["state"], card["card"]) == ("服务代办", "sent", None)
    task = card["id"]
    for who, told in (
        (LEADER, {"step": "take"}),
        (LEADER, {"step": "finish", "result": "已代领"}),
        ("dispatcher", {"step": "pass"}),
    ):
        assert asked(client, who, f"/{task}/steps", **told).status_code == 200
    done = asked(client, "dispatcher", f"/{task}").json()
    assert (done["state"], done["steps"]) == ("closed", [])
    assert [row["name"] for row in done["history"]] == ["send", "take", "finish", "pass"]
    with transaction(store.owner, "audit") as conn:
        _, tasks = replayed(events.history(conn, "task", task)["detail"])
    assert (tasks[task]["state"], tasks[task]["result"]) == ("closed", "已代领")


@pytest.mark.parametrize(
    ("who", "told", "status"),
    [
        ("dispatcher", {"step": "escalate", "reason": "-"}, 409),
        ("dispatcher", {"step": "send"}, 409),
        ("dispatcher", {"step": "fly"}, 409),
        ("dispatcher", {"step": "take"}, 403),
        (LEADER, {"step": "return"}, 409),
        (LEADER, {"step": "take", "issue": 1}, 422),
        ("stranger", {"step": "take"}, 404),
        (LEADER, {"step": "hand_over", "reason": "-", "party": "nobody"}, 404),
    ],
)
def test_a_step_that_cannot_be_taken_says_why(
    asking: Asking, who: str, told: dict[str, Any], status: int
) -> None:
    client, _ = asking
    task = made(client)["id"]
    answer = asked(client, who, f"/{task}/steps", **told)
    assert answer.status_code == status, answer.text
    assert asked(client, "dispatcher", f"/{task}").json()["version"] == 1


@pytest.mark.parametrize(
    ("who", "told", "status"),
    [
        ("stranger", {}, 403),
        (f"leader-{toy.ONE}001", {}, 403),
        ("dispatcher", {"area": "nowhere"}, 404),
        ("dispatcher", {"party": "nobody"}, 404),
        ("dispatcher", {"kind": "handle"}, 422),
        ("dispatcher", {"text": "a\0b"}, 422),
        ("dispatcher", {"due_at": "2026-12-01T10:00:00"}, 422),
    ],
)
def test_who_has_no_duty_there_writes_no_task_down(
    asking: Asking, who: str, told: dict[str, Any], status: int
) -> None:
    body = {"kind": "visit", "party": LEADER, "area": f"{toy.TWO}003", "text": "走访"} | told
    assert asked(asking[0], who, "", **body).status_code == status


def test_who_only_reads_a_mediation_is_told_who_settles_it(asking: Asking) -> None:
    client, _ = asking
    task = mediation(client)
    told = asked(client, PARTIES[0], f"/{task}/steps", step="take")
    assert (told.status_code, told.json()["code"]) == (403, "StepNotYours")
    assert "请找承办人" in told.text
    assert asked(client, "neighbour", f"/{task}/steps", step="take").status_code == 404


def test_a_mediation_is_read_by_its_people_alone_and_counted_by_others(asking: Asking) -> None:
    client, _ = asking
    task = mediation(client)
    for who in (LEADER, *PARTIES, "approver", "dispatcher"):
        assert asked(client, who, f"/{task}").json()["text"] == WORDS, who
    for who in ("checker", "leader", "planner", "neighbour", "stranger"):
        assert asked(client, who, f"/{task}").status_code == 404, who
        assert WORDS not in asked(client, who, "").text, who
    for who in ("checker", "neighbour"):
        counts = asked(client, who, f"/counts?scope={toy.TWO}").json()
        assert ("mediate", "sent") in {(row["kind"], row["state"]) for row in counts}, who
    assert asked(client, "stranger", f"/counts?scope={toy.TWO}").json() == []


def test_no_event_tells_a_word_of_a_mediation(asking: Asking) -> None:
    client, store = asking
    task = mediation(client)
    asked(client, LEADER, f"/{task}/steps", step="take")
    asked(client, LEADER, f"/{task}/steps", step="self_close", result=WORDS)
    with transaction(store.owner, "audit") as conn:
        told = events.history(conn, "task", task)
    assert told["name"].tolist() == ["send", "take", "self_close"]
    assert WORDS not in str(told["detail"].tolist())
    assert asked(client, PARTIES[0], f"/{task}").json()["result"] == WORDS
    seen = asked(client, PARTIES[0], f"/{task}").json()["history"]
    assert [row["name"] for row in seen] == ["send", "take", "self_close"]


def test_a_mediator_returns_and_does_not_hand_on_what_is_confidential(asking: Asking) -> None:
    client, _ = asking
    task = mediation(client)
    asked(client, LEADER, f"/{task}/steps", step="take")
    hand = {"step": "hand_over", "reason": "-", "party": "leader"}
    assert asked(client, LEADER, f"/{task}/steps", **hand).json()["code"] == "StepRefused"
    again = mediation(client)
    assert asked(client, LEADER, f"/{again}/steps", step="return", reason="-").status_code == 200
    give = {"step": "resend", "party": "leader"}
    assert asked(client, "dispatcher", f"/{again}/steps", **give).status_code == 200
    assert asked(client, "leader", f"/{again}").json()["text"] == WORDS
    assert asked(client, LEADER, f"/{again}").status_code == 404


def test_the_database_itself_keeps_a_mediation_from_others(asking: Asking) -> None:
    client, store = asking
    task = mediation(client)
    questions = (
        "select text from task where id = :task",
        "update task set asked = '' where id = :task returning text",
        "select detail::text from event where noun = 'task' and subject = cast(:task as text)",
        "select sha256 from attachment where task = :task",
    )
    for who in ("checker", "neighbour", "stranger", ""):
        with store.app.connect() as conn:
            conn.execute(text("select set_config('jingwei.person', :who, false)"), {"who": who})
            for question in questions:
                assert conn.execute(text(question), {"task": task}).all() == [], (who, question)
    with store.owner.connect() as conn, pytest.raises(Exception, match="task_mediation_conf"):
        conn.execute(text("update task set confidential = false where id = :t"), {"t": task})


def test_of_two_who_saw_the_same_version_one_is_told_to_look_again(asking: Asking) -> None:
    client, _ = asking
    task = made(client)["id"]
    headers = {"cookie": f"{COOKIE}={LEADER}", "if-match": '"1"'}
    first, second = (
        client.post(f"/api/tasks/{task}/steps", json={"step": step, "reason": "-"}, headers=headers)
        for step in ("take", "return")
    )
    assert (first.status_code, first.json()["version"], second.status_code) == (200, 2, 412)
