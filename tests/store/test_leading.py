"""What waits for a subdistrict's leader, and how this month's rates may end."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text

from api.leading import ahead_told, leader_told, parts_told
from geo.errors import MissingError
from geo.forecast import forecast
from geo.issues import Order
from geo.kpi import MARKS
from geo.store.database import Store, transaction
from geo.store.working.handling import act
from tests.store import toy
from tests.store.test_inbox import staffed, step, whistled
from tests.store.test_issues import at, received

LEADER = f"leader-{toy.ONE}003"


def waiting(store: Store, person: str = "approver", scope: str = toy.SUBDISTRICT) -> dict[str, Any]:
    with transaction(store.app, person) as conn:
        return leader_told(conn, scope, limit=60)


def whats(told: dict[str, Any]) -> list[tuple[str, int, str]]:
    return [(row["what"], row["issue"], row["party"]) for row in told["waiting"]]


def test_each_thing_that_waits_for_a_leader_is_there_until_the_word_is_given(
    toy_store: Store,
) -> None:
    staffed(toy_store)
    plain = whistled(toy_store, "a")
    told = waiting(toy_store)
    assert whats(told) == [("sign", plain, "roads"), ("sign", plain, "water")]
    assert told["signs"] is True
    assert waiting(toy_store, "dispatcher")["signs"] is False
    step(toy_store, "approver", plain, "sign")
    assert waiting(toy_store)["waiting"] == []
    step(toy_store, "well", plain, "return", reason="不归我们")
    assert whats(waiting(toy_store)) == [("ruling", plain, "water")]
    step(toy_store, "desk", plain, "take")
    step(toy_store, "desk", plain, "appeal", reason="重复")
    assert ("appeal", plain, "roads") in whats(waiting(toy_store))
    assert waiting(toy_store)["ledgers"]["appeals"] == 1
    assert waiting(toy_store, "stranger")["waiting"] == [], "nothing of it is anybody's to see"
    with pytest.raises(MissingError):
        waiting(toy_store, scope="nowhere")


def test_a_department_that_is_not_there_in_time_is_late_and_an_emergency_waits_to_be_signed(
    toy_store: Store,
) -> None:
    staffed(toy_store)
    urgent = whistled(toy_store, "a", emergency=True)
    step(toy_store, "approver", urgent, "sign")
    assert waiting(toy_store)["waiting"] == []
    with transaction(toy_store.owner, "x") as conn:
        conn.execute(text("update task set arrive_by = now() - interval '1 minute'"))
    assert {row["what"] for row in waiting(toy_store)["waiting"]} == {"late"}
    step(toy_store, "desk", urgent, "take")
    step(toy_store, "desk", urgent, "arrive", away_m=1.0)
    assert whats(waiting(toy_store)) == [("late", urgent, "water")]


def test_the_month_may_end_between_all_that_is_open_going_badly_and_well(
    toy_store: Store,
) -> None:
    issues = [received(toy_store, at(0.5, 0.5, str(n))).id for n in range(3)]
    for issue in issues:
        step(toy_store, "dispatcher", issue, "send", party=LEADER)
    for issue in issues[:2]:
        step(toy_store, LEADER, issue, "take")
    step(toy_store, LEADER, issues[0], "finish", result="好了")
    with transaction(toy_store.app, "dispatcher") as conn:
        act(conn, issues[0], Order(step="pass", solved=True, satisfied=True))
    with transaction(toy_store.app, "approver") as conn:
        told = ahead_told(conn, toy.SUBDISTRICT, datetime.now(UTC))
        parts = parts_told(conn, toy.SUBDISTRICT, datetime.now(UTC))
    assert [(row["issues"], row["name"]) for row in parts["rows"]] == [(3, "甲社区")]
    assert parts["by"] == "community"
    for rate in told["rates"]:
        assert rate["trend"][-1] == rate["now"], "the line ends where the rate stands"
        assert rate["trend"][:-1] == [None] * (len(told["days"]) - 1), "nothing came before today"
    rates = {rate["name"]: rate for rate in told["rates"]}
    assert told["issues"] == 3
    response = rates["response"]
    assert [response[name] for name in ("part", "whole", "open")] == [2, 3, 1]
    assert (response["low"], response["expected"], response["high"]) == (2 / 3, 1.0, 1.0)
    solved = rates["resolution"]
    assert [solved[name] for name in ("part", "whole", "open")] == [1, 1, 2]
    assert (solved["low"], solved["now"], solved["high"]) == (1 / 3, 1.0, 1.0)
    assert [rates["on_time"][name] for name in ("part", "whole", "open")] == [1, 1, 2]


def test_nothing_yet_is_no_rate_and_an_earlier_one_is_what_is_expected() -> None:
    empty = dict.fromkeys(MARKS, 0)
    nothing, *_ = forecast(empty, {}, {})
    assert (nothing.now, nothing.expected, nothing.low, nothing.high) == (None,) * 4
    _, solved, *_ = forecast(empty, {"resolution": 4}, {"resolution": 0.75})
    assert (solved.now, solved.expected, solved.low, solved.high) == (None, 0.75, 0.0, 1.0)
