"""What is told to whoever has to act, and what counts in the rates: urging, lateness, appeals."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pandas as pd
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from api.app import create_app
from api.clock import tell_due
from geo.errors import NotAllowedError, StepNotYoursError, StepRefusedError
from geo.issues import Order
from geo.store import events
from geo.store.database import Store, transaction
from geo.store.working.handling import look
from geo.store.working.rates import read_rates
from tests.api.conftest import HERE
from tests.store import toy
from tests.store.test_handling import LEADER, acted
from tests.store.test_issues import at, received

WHY: Final = "户外广告归市级统一拆除，不在本社区职责内"


@pytest.fixture
def store(toy_store: Store) -> Store:
    return toy_store


def told(store: Store, issue: int) -> list[str]:
    with transaction(store.owner, "audit") as conn:
        return [str(name) for name in events.history(conn, "issue", issue)["name"]]


def offered(store: Store, person: str, issue: int) -> set[str]:
    with transaction(store.app, person) as conn:
        return {edge.name for edge, _ in look(conn, issue).offered}


def rates(store: Store) -> dict[str, Any]:
    now = datetime.now(UTC)
    with transaction(store.app, "dispatcher") as conn:
        found = read_rates(conn, since=now - timedelta(days=9), until=now + timedelta(days=9))
    (row,) = found.to_dict("records")
    return {str(name): value for name, value in row.items()}


def test_urging_one_that_was_merged_urges_the_one_that_does_the_work(store: Store) -> None:
    first, second, third = (received(store, at(2.5, 0.5, str(n))).id for n in range(3))
    acted(store, "dispatcher", first, Order(step="merge", into=second))
    acted(store, "dispatcher", second, Order(step="merge", into=third))
    acted(store, "dispatcher", third, Order(step="send", party=LEADER))
    assert "urge" in offered(store, "dispatcher", first)
    acted(store, "dispatcher", first, Order(step="urge", for_reporter=True))
    assert told(store, first)[-1] == told(store, third)[-1] == "urge"
    with transaction(store.app, LEADER) as conn:  # its holder reads it, and of which number it is
        last = events.history(conn, "issue", third)["detail"].iloc[-1]
    assert last == {"order": {"for_reporter": True}, "merged": first}
    acted(store, "dispatcher", third, Order(step="cancel", reason="重复"))
    assert "urge" not in offered(store, "dispatcher", third)
    for issue in (first, third):
        with pytest.raises(StepRefusedError, match="reopen"):
            acted(store, "dispatcher", issue, Order(step="urge"))


def test_who_comes_too_late_to_an_emergency_is_told_of_once_and_counted(store: Store) -> None:
    issue = received(store, at(2.5, 0.5)).id
    call = Order(step="whistle", reason="燃气泄漏", parties=("stranger", "leader"), emergency=True)
    acted(store, "dispatcher", issue, call)
    with transaction(store.app, "dispatcher") as conn:
        tasks = {work.party: work.id for work in look(conn, issue).case.tasks}
    acted(store, "leader", issue, Order(step="take", task=tasks["leader"]))
    acted(store, "leader", issue, Order(step="arrive", task=tasks["leader"], away_m=5.0))
    tell_due(store)
    assert "late" not in told(store, issue)
    with store.owner.begin() as conn:
        conn.execute(text("update task set arrive_by = now() - interval '1 minute'"))
        conn.execute(text("update task set arrived_at = arrive_by where arrived_at is not null"))
    for _ in range(2):
        tell_due(store)
    assert told(store, issue).count("late") == 1
    found = rates(store)
    assert (found["emergency"], found["on_spot"], found["arrival"]) == (1, 0, 0.0)
    acted(store, "stranger", issue, Order(step="take", task=tasks["stranger"]))
    acted(store, "stranger", issue, Order(step="arrive", task=tasks["stranger"], away_m=5.0))
    assert rates(store)["arrival"] == 0.0  # there, and too late


def test_what_the_district_strikes_is_in_no_rate(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue, other = (received(store, at(2.5, 0.5, str(n))).id for n in range(2))
    for number in (issue, other):
        acted(store, "dispatcher", number, Order(step="send", party=LEADER))
        acted(store, LEADER, number, Order(step="take"))
    before = rates(store)
    assert (before["issues"], before["struck"], before["sent"]) == (2, 0, 2)
    acted(store, LEADER, issue, Order(step="finish", result="已移交"))
    acted(store, "dispatcher", issue, Order(step="pass", solved=True, satisfied=True))
    assert "appeal" in offered(store, LEADER, issue)  # though it is over
    with pytest.raises(NotAllowedError):
        acted(store, "leader", issue, Order(step="appeal", reason=WHY))
    acted(store, LEADER, issue, Order(step="appeal", reason=WHY))
    for step in ("appeal", "strike"):  # once; and not by whoever asks
        assert step not in offered(store, LEADER, issue)
    with TestClient(create_app(store, person="approver"), client=HERE) as asking:
        ledger = asking.get("/api/ledgers/appeals").json()
        assert [(e["issue"], e["reason"]) for e in ledger["entries"]] == [(issue, WHY)]
        assert asking.get("/api/ledgers/appeals.xlsx").status_code == 200
    toy.load_people(store, ["head"], [("head", "approver", "admin", toy.SUBDISTRICT)])
    assert offered(store, "head", issue).isdisjoint({"strike", "dismiss"})  # its own rate
    with pytest.raises(StepNotYoursError, match="district"):
        acted(store, "head", issue, Order(step="strike", reason="属实"))
    assert {"strike", "dismiss"} <= offered(store, "approver", issue)
    done = acted(store, "approver", issue, Order(step="strike", reason="属实"))
    assert (done.state, done.outcome, done.tasks[0].appealed) == ("closed", "solved", "struck")
    found = rates(store)
    assert (found["issues"], found["struck"], found["sent"], found["done"]) == (2, 1, 1, 0)
    monkeypatch.setattr("geo.store.working.rates._AT_ONCE", 1)  # read in parts they are the same
    pd.testing.assert_series_equal(pd.Series(rates(store)), pd.Series(found))
    acted(store, LEADER, other, Order(step="appeal", reason=WHY))
    acted(store, "approver", other, Order(step="dismiss", reason="在职责内"))
    assert rates(store)["sent"] == 1
    with pytest.raises(StepRefusedError, match="once"):
        acted(store, LEADER, other, Order(step="appeal", reason=WHY))
