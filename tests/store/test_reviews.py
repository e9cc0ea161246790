"""Reviews over HTTP and on the database: who rates whom, once; and the rates of a period."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from api.acting import COOKIE
from api.app import create_app
from geo.errors import StepRefusedError
from geo.issues import Order
from geo.kpi import KPIS
from geo.store.database import Store, transaction
from geo.store.working.reviews import read_reviews
from tests.api.conftest import HERE
from tests.plugins.database import Databases
from tests.store import toy
from tests.store.test_handling import LEADER, acted
from tests.store.test_issues import at, received

Asking = tuple[TestClient, Store]


@pytest.fixture
def asking(databases: Databases, toy_database: str) -> Iterator[Asking]:
    name, store = databases.make(toy_database)
    with TestClient(create_app(store, person="dispatcher"), client=HERE) as client:
        yield client, store
    store.close()
    databases.drop(name)


PASSED: Final = text(
    "select detail from event where noun = 'issue' and subject = :issue and name = 'pass'"
)


def rated(client: TestClient, who: str, **told: Any) -> Response:
    return client.post("/api/reviews", json=told, headers={"cookie": f"{COOKIE}={who}"})


def shares(client: TestClient, who: str = "dispatcher", **asked: str) -> list[dict[str, Any]]:
    headers = {"cookie": f"{COOKIE}={who}"}
    rows: list[dict[str, Any]] = client.get("/api/rates", params=asked, headers=headers).json()[
        "rows"
    ]
    return rows


def handled(store: Store, reference: str) -> int:
    number = received(store, at(2.5, 0.5, reference)).id
    for who, order in (
        ("dispatcher", Order(step="send", party=LEADER)),
        (LEADER, Order(step="take")),
        (LEADER, Order(step="finish", result="已清运")),
        ("dispatcher", Order(step="pass", solved=True, satisfied=True)),
    ):
        acted(store, who, number, order)
    return number


def whistled(store: Store) -> tuple[int, int]:
    """Return an issue and the task of a department that was whistled for and is done."""
    with store.owner.begin() as conn:
        conn.execute(
            text(
                "insert into party (code, kind, name, parent) values"
                " ('parks', 'department', '园林局', null), ('gardener', 'person', '园丁', 'parks')"
            )
        )
    number = received(store, at(2.5, 0.5, "w")).id
    acted(store, "dispatcher", number, Order(step="whistle", reason="倒树", parties=("parks",)))
    case = acted(store, "approver", number, Order(step="sign"))
    acted(store, "gardener", number, Order(step="take"))
    return number, case.tasks[0].id


def test_after_a_whistle_both_sides_rate_once_and_only_when_it_is_done(asking: Asking) -> None:
    client, store = asking
    issue, task = whistled(store)
    stars = {"task": task, "response": 5, "quality": 4}
    early = rated(client, "checker", kind="whistle", **stars)
    assert (early.status_code, early.json()["code"]) == (422, "BadReview")
    acted(store, "gardener", issue, Order(step="finish", result="已清理"))
    down = rated(client, "checker", kind="whistle", text="来得快", **stars)
    assert down.status_code == 201, down.text
    kept = down.json()
    assert (kept["rater"], kept["ratee"], kept["issue"]) == (toy.SUBDISTRICT, "parks", issue)
    assert rated(client, "dispatcher", kind="whistle", text="来得快", **stars).json() == kept
    other = rated(client, "checker", kind="whistle", **stars | {"quality": 1})
    assert (other.status_code, other.json()["code"]) == (409, "ReviewedAlready")
    up = rated(client, "gardener", kind="support", **stars).json()
    assert (up["rater"], up["ratee"]) == ("parks", toy.SUBDISTRICT)
    for who, kind in (("gardener", "whistle"), ("checker", "support")):
        assert rated(client, who, kind=kind, **stars).status_code == 422
    assert rated(client, "stranger", kind="whistle", **stars).status_code == 404
    card = client.get(f"/api/issues/{issue}").json()
    assert [each["kind"] for each in card["reviews"]] == ["support", "whistle"]


@pytest.mark.parametrize(
    "told",
    [
        {"kind": "whistle"},
        {"kind": "whistle", "task": 1, "response": 6, "quality": 1},
        {"kind": "whistle", "task": 1, "response": True, "quality": 1},
        {"kind": "assessment", "ratee": "leader", "score": 90},
        {"kind": "assessment", "ratee": "leader", "score": 1e999, "period": "2026"},
        {"kind": "assessment", "ratee": "leader", "rater": toy.SUBDISTRICT, "score": 90,
         "period": "2026-13"},
        {"kind": "assessment", "ratee": "leader", "rater": toy.SUBDISTRICT, "score": 90,
         "period": "2999"},
        {"kind": "assessment", "ratee": "leader", "rater": "approver", "score": 90,
         "period": "2026"},
        {"kind": "praise"},
        {"kind": "whistle", "task": 1, "response": 5, "quality": 5, "extra": 1},
        {"kind": "call_back", "task": 1, "solved": True, "satisfied": True, "text": "a\0"},
    ],
)  # fmt: skip
def test_a_review_without_sense_is_refused_with_a_sentence(
    asking: Asking, told: dict[str, Any]
) -> None:
    client, store = asking
    handled(store, "1")
    text_of = json.dumps(told)
    headers = {"cookie": f"{COOKIE}=checker", "content-type": "application/json"}
    answer = client.post("/api/reviews", content=text_of, headers=headers)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_leaders_assess_a_party_for_a_period_once(asking: Asking) -> None:
    client, _ = asking
    told = {"kind": "assessment", "ratee": "leader", "period": "2026-Q3", "score": 92.5,
            "rater": toy.SUBDISTRICT}  # fmt: skip
    assert rated(client, "checker", **told).status_code == 201
    assert rated(client, "approver", **told | {"score": 50}).status_code == 409
    for who in ("dispatcher", "leader", "stranger"):
        assert rated(client, who, **told | {"period": "2026"}).status_code == 422
    assert rated(client, "checker", **told | {"ratee": "mars"}).status_code == 404
    own = client.get("/api/reviews?ratee=leader", headers={"cookie": f"{COOKIE}=leader"}).json()
    assert [each["score"] for each in own] == [92.5]
    assert client.get("/api/reviews", headers={"cookie": f"{COOKIE}=stranger"}).json() == []


def test_what_was_said_at_a_call_back_is_a_review_each_time(asking: Asking) -> None:
    _, store = asking
    number = received(store, at(2.5, 0.5, "c")).id
    acted(store, "dispatcher", number, Order(step="send", party=LEADER))
    for verdict in (
        Order(step="fail", solved=False, satisfied=False, reason="又堆了"),
        Order(step="pass", solved=True, satisfied=True),
    ):
        acted(store, LEADER, number, Order(step="take"))
        acted(store, LEADER, number, Order(step="finish", result="已清运"))
        acted(store, "dispatcher", number, verdict)
    with transaction(store.app, "dispatcher") as conn:
        said = read_reviews(conn, issue=number)
    assert said[["rater", "ratee", "solved"]].to_numpy().tolist() == [
        ["reporter", LEADER, True],
        ["reporter", LEADER, False],
    ]


def test_one_call_back_about_what_several_did_is_kept_about_each(asking: Asking) -> None:
    _, store = asking
    number = received(store, at(2.5, 0.5, "c")).id
    acted(store, "dispatcher", number, Order(step="send", party=LEADER))
    acted(store, LEADER, number, Order(step="take"))
    acted(store, LEADER, number, Order(step="escalate", reason="管不了", party="stranger"))
    acted(store, "stranger", number, Order(step="take"))
    for who in (LEADER, "stranger"):
        acted(store, who, number, Order(step="finish", result="已清运"))
    acted(store, "dispatcher", number, Order(step="pass", solved=True, satisfied=True))
    with transaction(store.app, "dispatcher") as conn:
        said = read_reviews(conn, issue=number)
        (told,) = conn.execute(PASSED, {"issue": str(number)}).scalars()
    assert set(said["ratee"]) == {LEADER, "stranger"}
    assert (set(said["solved"]), len(said)) == ({True}, 2)
    assert len(told["tasks"]) == 2
    assert {task["state"] for task in told["tasks"].values()} == {"closed"}


def test_the_app_role_writes_no_review_in_anothers_name(asking: Asking) -> None:
    _, store = asking
    _, task = whistled(store)
    told = text(
        "insert into review (kind, task, rater, ratee, made_by, path)"
        " values ('whistle', :task, :rater, 'parks', :who, '{}')"
    )
    for rater, who, made_by in (
        ("370102001", "gardener", "gardener"),
        ("parks", "stranger", "stranger"),
        ("parks", "gardener", "checker"),
    ):
        with store.app.connect() as conn:
            conn.execute(text("select set_config('jingwei.person', :p, false)"), {"p": who})
            with pytest.raises(DBAPIError, match="row-level security"):
                conn.execute(told, {"task": task, "rater": rater, "who": made_by})


def four_issues(store: Store) -> tuple[int, int]:
    """Return one that is solved and one overdue; one more goes into that, one is only received."""
    first = handled(store, "1")
    late = received(store, at(2.5, 0.5, "2")).id
    acted(store, "dispatcher", late, Order(step="send", party="stranger"))
    received(store, at(0.5, 0.5, "3"))
    same = received(store, at(2.5, 0.5, "4")).id
    with pytest.raises(StepRefusedError, match="closed"):
        acted(store, "dispatcher", same, Order(step="merge", into=first))
    acted(store, "dispatcher", same, Order(step="merge", into=late))
    changed(store, "due_at = now() - interval '1 day'", late)
    return first, late


def changed(store: Store, change: str, issue: int) -> None:
    with store.owner.begin() as conn:
        conn.execute(text(f"update task set {change} where issue = :i"), {"i": issue})


def test_rates_are_shares_of_what_came_in_with_and_without_what_was_closed_on_the_spot(
    asking: Asking,
) -> None:
    client, store = asking
    first, _ = four_issues(store)
    (row,) = shares(client)
    assert row["issues"] == 4
    assert {kpi.name: (row[kpi.part], row[kpi.whole]) for kpi in KPIS} == {
        "response": (1, 3),  # the merged one counts as the one it went into
        "resolution": (1, 1),
        "satisfaction": (1, 1),
        "on_time": (1, 3),
        "arrival": (0, 0),
        "solved_in_grid": (1, 1),
        "solved_in_grid_verified": (1, 1),
    }
    changed(store, "self_closed = true", first)
    (row,) = shares(client)
    assert (row["solved_in_grid"], row["solved_in_grid_verified"]) == (1.0, None)


def test_rates_are_told_by_party_and_place_as_far_as_one_sees(asking: Asking) -> None:
    client, store = asking
    four_issues(store)
    by_party = {row["party"]: row["issues"] for row in shares(client, by="party")}
    assert by_party == {LEADER: 1, "stranger": 2}
    by_place = {row["community"]: row["issues"] for row in shares(client, by="community")}
    assert by_place == {toy.ONE: 1, toy.TWO: 3}
    assert shares(client, scope=toy.ONE)[0]["issues"] == 1
    assert shares(client, who="stranger")[0]["issues"] == 1  # what is merged is not theirs to see
    assert shares(client, since="2020-01-01", until="2020-01-31")[0]["issues"] == 0
    wrong = client.get("/api/rates?since=2026-02-01&until=2026-01-01")
    assert wrong.status_code == 422
