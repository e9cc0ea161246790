"""Everybody is told of their work, and of nothing else."""

from __future__ import annotations

from datetime import date
from typing import get_args

from sqlalchemy import text

from geo.issues import Order
from geo.store.database import Store, transaction
from geo.store.outgoing.notices import Kind, mark_read, read_notices
from geo.store.working.handling import act
from tests.store import toy
from tests.store.test_issues import at, received


def notices(store: Store, person: str) -> list[tuple[str, int]]:
    with transaction(store.app, person) as conn:
        found = read_notices(conn, unread=True, limit=10)
    assert set(found["kind"]) <= set(get_args(Kind)), "or nobody could say that it was read"
    return list(zip(found["kind"], found["issue"], strict=True))


def step(store: Store, person: str, issue: int, **order: object) -> None:
    with transaction(store.app, person) as conn:
        act(conn, issue, Order(**order))  # type: ignore[arg-type]


def task_of(store: Store, issue: int) -> int:
    with transaction(store.owner, "x") as conn:
        asked = text("select max(id) from task where issue = :issue")
        return int(conn.execute(asked, {"issue": issue}).scalar_one())


def test_a_holder_is_told_once_of_each_sending_and_of_its_cards(toy_store: Store) -> None:
    issue = received(toy_store, at(0.5, 0.5)).id
    step(toy_store, "dispatcher", issue, step="send", party="leader")
    task = task_of(toy_store, issue)
    assert notices(toy_store, "leader") == [("sent", issue)]
    assert notices(toy_store, "stranger") == []
    with transaction(toy_store.app, "stranger") as conn:
        assert mark_read(conn, "sent", task) == 0
    with transaction(toy_store.app, "leader") as conn:
        assert (mark_read(conn, "sent", task), mark_read(conn, "sent", task)) == (1, 0)
    assert notices(toy_store, "leader") == []
    for moved, kind in (("2 days", "due_soon"), ("-1 hour", "overdue")):
        order = (
            f"update task set yellow_at = now() - interval '2 hours', due_at = now() + '{moved}'"
        )
        with transaction(toy_store.owner, "x") as conn:
            conn.execute(text(order))
        assert notices(toy_store, "leader") == [(kind, issue)]


def test_who_sent_is_told_of_a_return_and_approvers_of_the_second(toy_store: Store) -> None:
    issue = received(toy_store, at(0.5, 0.5)).id
    step(toy_store, "dispatcher", issue, step="send", party="leader")
    task = task_of(toy_store, issue)
    step(toy_store, "leader", issue, step="return", task=task, reason="不是我的")
    assert notices(toy_store, "dispatcher") == [("returned", issue)]
    with transaction(toy_store.app, "dispatcher") as conn:
        assert mark_read(conn, "returned", task) == 1
    step(toy_store, "dispatcher", issue, step="resend", task=task, party="leader")
    step(toy_store, "leader", issue, step="return", task=task, reason="还不是我的")
    assert notices(toy_store, "approver") == [("ruling", issue)]
    assert notices(toy_store, "dispatcher") == []


def test_what_a_rule_sent_comes_back_to_whoever_dispatches_there(toy_store: Store) -> None:
    issue = received(toy_store, at(2.5, 0.5)).id
    step(toy_store, "dispatcher", issue, step="send", party="leader")
    toy.load_people(toy_store, ["other"], [("other", "dispatcher", "admin", toy.SUBDISTRICT)])

    def told() -> list[list[tuple[str, int]]]:
        return [notices(toy_store, who) for who in ("dispatcher", "other")]

    step(toy_store, "leader", issue, step="return", reason="不是我的")
    assert told() == [[("returned", issue)], []]
    with transaction(toy_store.owner, "x") as conn:
        conn.execute(text("update task set made_by = 'open311'"))
    assert told() == [[("returned", issue)]] * 2
    step(toy_store, "other", issue, step="resend", party="leader")
    step(toy_store, "leader", issue, step="take")
    assert told() == [[], []]
    waits: tuple[tuple[str, dict[str, object]], ...] = (
        ("ask_extend", {"days": 3}), ("ask_hold", {"review_on": date(2099, 1, 1)}),
    )  # fmt: skip
    for name, needs in waits:  # each of them is another notice
        step(toy_store, "leader", issue, step=name, reason="等料", **needs)
        assert told() == [[("asked", issue)]] * 2
        with transaction(toy_store.app, "other") as conn:
            assert mark_read(conn, "asked", task_of(toy_store, issue)) == 1
    step(toy_store, "dispatcher", issue, step="hold")
    assert told() == [[], []]


def test_a_whistle_that_is_contested_waits_for_a_ruling_at_once(toy_store: Store) -> None:
    issue = received(toy_store, at(0.5, 0.5)).id
    called = {"parties": ("stranger",), "reason": "井盖"}
    toy.load_people(toy_store, ["head"], [("head", "approver", "admin", toy.SUBDISTRICT)])
    step(toy_store, "dispatcher", issue, step="whistle", **called)
    assert notices(toy_store, "head") == [("to_sign", issue)]
    step(toy_store, "head", issue, step="sign")
    step(toy_store, "stranger", issue, step="return", reason="不属我处")
    assert notices(toy_store, "approver") == [("ruling", issue)]
    assert notices(toy_store, "head") == [], "who whistled does not rule on it"
    assert notices(toy_store, "dispatcher") == []


def test_a_whistle_waits_for_its_approver(toy_store: Store) -> None:
    issue = received(toy_store, at(0.5, 0.5)).id
    told = {"step": "whistle", "parties": ("leader",), "reason": "路面塌陷"}
    step(toy_store, "dispatcher", issue, **told)
    assert notices(toy_store, "approver") == [("to_sign", issue)]
    step(toy_store, "approver", issue, step="sign")
    assert notices(toy_store, "approver") == []
    assert notices(toy_store, "leader") == [("sent", issue)]


def test_who_is_urged_or_ordered_is_told_each_time_and_approvers_of_appeals(
    toy_store: Store,
) -> None:
    merged, issue = (received(toy_store, at(2.5, 0.5, name)).id for name in ("1", "2"))
    step(toy_store, "dispatcher", merged, step="merge", into=issue)
    step(toy_store, "dispatcher", issue, step="send", party="stranger")
    step(toy_store, "stranger", issue, step="take")
    assert notices(toy_store, "stranger") == []
    for _ in range(2):  # the second time is another notice
        step(toy_store, "dispatcher", merged, step="urge", for_reporter=True)
        assert notices(toy_store, "stranger") == [("urged", issue)]
        with transaction(toy_store.app, "stranger") as conn:
            assert mark_read(conn, "urged", task_of(toy_store, issue)) == 1
    step(toy_store, "approver", issue, step="order", reason="三日内办结")
    assert notices(toy_store, "stranger") == [("ordered", issue)]
    toy.load_people(toy_store, ["head"], [("head", "approver", "admin", toy.SUBDISTRICT)])
    step(toy_store, "stranger", issue, step="appeal", reason="不属我处")
    assert notices(toy_store, "head") == []
    assert notices(toy_store, "approver") == [("appealed", issue)]
    step(toy_store, "approver", issue, step="dismiss", reason="属实")
    assert notices(toy_store, "approver") == []
