"""A department sees what waits for it, wherever it lies, and nobody else's; and passes it on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pandas as pd
from sqlalchemy import text

from api.inbox import inbox_told
from geo.issues import Order
from geo.reviews import Review
from geo.store import imports
from geo.store.database import Store, transaction
from geo.store.working.handling import act
from geo.store.working.rates import own_figures
from geo.store.working.reviews import add_review
from tests.store import toy
from tests.store.test_issues import at, received

OFFICES: Final = (
    ("roads", "department", None),
    ("roads-1", "section", "roads"),
    ("water", "department", None),
    ("desk", "person", "roads"),
    ("crew", "person", "roads-1"),
    ("well", "person", "water"),
)


def staffed(store: Store) -> None:
    """Import two departments with their people, one of them with a section."""
    rows = pd.DataFrame(OFFICES, columns=["code", "kind", "parent"])
    duty = {"party": ["roads"], "role": ["department"], "net": ["admin"], "area": ["370102"]}
    with transaction(store.owner, "import") as conn:
        batch = imports.open_batch(conn, "toy")
        imports.commit_people(conn, rows.assign(name=rows["code"]), batch)
        imports.commit_people(conn, pd.DataFrame(duty), batch)


def inbox(store: Store, person: str, **more: Any) -> dict[str, Any]:
    with transaction(store.app, person) as conn:
        return inbox_told(conn, subdistrict=more.get("subdistrict"), limit=more.get("limit", 50))


def month(store: Store, person: str, since: datetime) -> dict[str, Any]:
    with transaction(store.app, person) as conn:
        return own_figures(conn, since=since)


def step(store: Store, person: str, issue: int, name: str, **more: Any) -> None:
    with transaction(store.app, person) as conn:
        act(conn, issue, Order(step=name, **more))


def whistled(store: Store, reference: str, *, emergency: bool = False) -> int:
    issue = received(store, at(0.5, 0.5, reference)).id
    called = {"parties": ("roads", "water"), "reason": "井盖", "emergency": emergency}
    step(store, "dispatcher", issue, "whistle", **called)
    return issue


def owed(told: dict[str, Any]) -> list[tuple[int, str]]:
    return [(row["issue"], row["owes"]) for row in told["rows"]]


def test_an_unsigned_whistle_waits_for_nobody_but_an_emergency_comes_first(
    toy_store: Store,
) -> None:
    staffed(toy_store)
    plain = whistled(toy_store, "a")
    assert inbox(toy_store, "desk")["rows"] == []
    step(toy_store, "approver", plain, "sign")
    urgent = whistled(toy_store, "b", emergency=True)
    told = inbox(toy_store, "desk")
    assert owed(told) == [(urgent, "take"), (plain, "take")], "the first due stands first"
    assert told["rows"][0]["by"] == told["rows"][0]["arrive_by"]
    assert [row["signed"] for row in told["rows"]] == [False, True]
    assert told["rows"][0]["card"] == "yellow"
    assert told["owed"] == {"take": 2}
    assert told["subdistricts"] == [{"code": toy.SUBDISTRICT, "name": "龙洞街道", "n": 2}]
    assert told["organisation"]["area"] == "370102"
    assert inbox(toy_store, "desk", limit=1)["total"] == 2
    assert inbox(toy_store, "desk", subdistrict="370102009")["rows"] == []


def test_each_department_has_its_own_task_of_a_whistle_alone(toy_store: Store) -> None:
    staffed(toy_store)
    issue = whistled(toy_store, "a", emergency=True)
    (mine,), (theirs,) = (inbox(toy_store, who)["rows"] for who in ("desk", "well"))
    assert mine["task"] != theirs["task"]
    step(toy_store, "desk", issue, "take")
    assert owed(inbox(toy_store, "desk")) == [(issue, "arrive")]
    assert owed(inbox(toy_store, "well")) == [(issue, "take")]
    step(toy_store, "desk", issue, "arrive", away_m=20.0)
    assert owed(inbox(toy_store, "desk")) == [(issue, "report")]
    step(toy_store, "well", issue, "return", reason="不归我们")
    assert owed(inbox(toy_store, "well")) == [(issue, "ruling")]
    assert inbox(toy_store, "stranger")["rows"] == [], "of no organisation, with nothing to do"


def test_the_month_counts_what_was_taken_up_reached_and_rated(toy_store: Store) -> None:
    staffed(toy_store)
    begun = datetime.now(UTC) - timedelta(minutes=5)
    assert month(toy_store, "desk", begun) == {
        "due": 0,
        "taken": 0,
        "called": 0,
        "minutes": None,
        "rated": 0,
        "score": None,
    }
    soon, late, open_ = (whistled(toy_store, mark, emergency=True) for mark in "abc")
    step(toy_store, "desk", soon, "take")
    step(toy_store, "desk", soon, "arrive", away_m=20.0)
    step(toy_store, "desk", soon, "finish", result="好了")
    with transaction(toy_store.owner, "x") as conn:
        past = "update task set {} where issue = :i and party = 'roads'"
        conn.execute(text(past.format("arrived_at = sent_at + interval '24 min'")), {"i": soon})
        conn.execute(text(past.format("arrive_by = sent_at")), {"i": late})
        task = text("select id from task where issue = :i and party = 'roads'")
        number = conn.execute(task, {"i": soon}).scalar_one()
    with transaction(toy_store.app, "dispatcher") as conn:
        add_review(conn, Review(kind="whistle", task=number, response=5, quality=4))
    told = month(toy_store, "desk", begun)
    assert told == {"due": 2, "taken": 1, "called": 1, "minutes": 24.0, "rated": 1, "score": 4.5}, (
        f"{open_} may still be taken up in time, {late} not any more"
    )
    assert month(toy_store, "well", begun)["due"] == 0, "each department its own"
    assert month(toy_store, "desk", datetime.now(UTC))["rated"] == 0


def test_what_a_section_got_is_its_to_do_and_still_seen_by_its_department(
    toy_store: Store,
) -> None:
    staffed(toy_store)
    issue = whistled(toy_store, "a", emergency=True)
    assert [row["code"] for row in inbox(toy_store, "desk")["sections"]] == ["roads-1"]
    step(toy_store, "desk", issue, "take")
    step(toy_store, "desk", issue, "hand_over", party="roads-1", reason="转")
    told = inbox(toy_store, "desk")
    assert owed(told) == [(issue, "passed")]
    assert told["rows"][0]["party_name"] == "roads-1"
    crew = inbox(toy_store, "crew")
    assert owed(crew) == [(issue, "take")]
    assert crew["rows"][0]["arrive_by"] == told["rows"][0]["arrive_by"], "the clock runs on"
    assert {row["code"] for row in crew["sections"]} == {"roads"}, "a section gives it back up"
    assert owed(inbox(toy_store, "well")) == [(issue, "take")]


def test_words_of_a_confidential_issue_are_its_holders_alone(toy_store: Store) -> None:
    staffed(toy_store)
    issue = received(toy_store, replace(at(0.5, 0.5, text="保密的话"), confidential=True)).id
    step(toy_store, "dispatcher", issue, "send", party="roads")
    assert inbox(toy_store, "desk")["rows"][0]["text"] == "保密的话"
    step(toy_store, "desk", issue, "take")
    step(toy_store, "desk", issue, "hand_over", party="roads-1", reason="转")
    assert inbox(toy_store, "crew")["rows"][0]["text"] == "保密的话"
    assert inbox(toy_store, "desk")["rows"][0]["text"] == ""
