"""A plan with a day to come waits for it, unseen; on its day it is in force, or says why not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from api.app import create_app
from api.clock import put_due_in_force
from api.ticking import STEPS, ticking
from geo.errors import EffectiveDateError, PlanStepError, ScheduledAlreadyError, StaleBaseError
from geo.store import events, imports
from geo.store.database import Store, transaction
from geo.store.net import areas, revisions
from geo.store.planning import plans
from geo.store.planning.scheduling import Outcome
from tests.faults.callers import until
from tests.store import toy
from tests.store.test_plans import approved, grids, merged, published


@pytest.fixture
def store(toy_store: Store) -> Store:
    return toy_store


def in_days(store: Store, count: int) -> date:
    with transaction(store.owner, "x") as conn:
        return revisions.today(conn) + timedelta(days=count)


def scheduled(store: Store, plan: int, day: date) -> plans.Published:
    with transaction(store.app, "approver") as conn:
        return plans.publish(conn, plan, effective_on=day)


def fallen_due(store: Store, day: date) -> list[Outcome]:
    """What becomes of the plans that wait for a day, when it has come."""
    return put_due_in_force(store, now=day)


def state(store: Store, plan: int) -> str:
    with transaction(store.app, "approver") as conn:
        return str(plans.read_plans(conn).set_index("id").state[plan])


def test_a_scheduled_plan_is_unseen_until_its_day_and_in_force_from_it(store: Store) -> None:
    before, plan, day = grids(store), approved(store, merged(3)), in_days(store, 3)
    would = scheduled(store, plan, day)
    assert (would.revision, would.effective_on, would.new) == (0, day, (f"{toy.ONE}005",))
    assert grids(store).equals(before)
    assert fallen_due(store, day - timedelta(days=1)) == []
    assert state(store, plan) == "scheduled"
    (outcome,) = fallen_due(store, day)
    assert outcome.published is not None
    assert outcome.published.new == would.new
    assert fallen_due(store, day) == []
    with transaction(store.app, "approver") as conn:
        assert areas.read_areas(conn, net="grid", at=day).code.tolist() != before.code.tolist()
        told = events.history(conn, "plan", plan)
        row = plans.read_plans(conn).set_index("id").loc[plan]
    assert told.name.tolist()[-2:] == ["schedule", "come_due"]
    assert told.person.tolist()[-2:] == ["approver", "approver"]
    assert (row.state, row.effective_on, row.revision) == ("in_force", day, 2)


def test_a_scheduled_plan_whose_scope_changes_lapses_and_says_which_codes(store: Store) -> None:
    plan, day = approved(store, merged(1)), in_days(store, 2)
    scheduled(store, plan, day)
    published(store, merged(2))
    before = grids(store)
    (outcome,) = fallen_due(store, day)
    assert (outcome.state, outcome.published) == ("lapsed", None)
    assert f"{toy.ONE}001" in outcome.zh
    assert grids(store).equals(before)
    with transaction(store.app, "planner") as conn:
        last = events.history(conn, "plan", plan).iloc[-1]
        assert (last["name"], last.detail["en"]) == ("lapse", outcome.en)
        assert plans.move(conn, plan, "rebase") == "draft"
        assert plans.read_plans(conn).set_index("id").effective_on[plan] is None


def test_a_scheduled_plan_is_taken_back_postponed_or_brought_forward(store: Store) -> None:
    plan, day = approved(store, merged(1)), in_days(store, 2)
    scheduled(store, plan, day)
    scheduled(store, plan, day + timedelta(days=5))
    assert fallen_due(store, day) == []
    with transaction(store.app, "approver") as conn:
        assert plans.move(conn, plan, "return_checked", reason="再议") == "draft"
    assert fallen_due(store, day + timedelta(days=9)) == []
    other = approved(store, merged(2))
    scheduled(store, other, day)
    with transaction(store.app, "approver") as conn:
        assert plans.move(conn, other, "publish") == "in_force"
    assert fallen_due(store, day) == []


def test_scopes_are_scheduled_apart_but_one_ground_only_once(store: Store) -> None:
    west, day = approved(store, merged(1)), in_days(store, 2)
    east = approved(store, toy.other_atoms(), toy.TWO)
    whole = approved(store, toy.whole_atoms(), toy.SUBDISTRICT)
    scheduled(store, east, day)
    with pytest.raises(ScheduledAlreadyError, match=str(day)):
        scheduled(store, whole, day)
    scheduled(store, west, day - timedelta(days=1))
    assert [(o.plan, o.state) for o in fallen_due(store, day)] == [
        (west, "in_force"),
        (east, "in_force"),
    ]
    with pytest.raises(StaleBaseError):
        scheduled(store, whole, day)


def test_two_clocks_put_a_plan_in_force_once(store: Store) -> None:
    plan, day = approved(store, merged(1)), in_days(store, 1)
    scheduled(store, plan, day)
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(lambda _: fallen_due(store, day), range(2)))
    assert sum(map(len, outcomes)) == 1
    assert state(store, plan) == "in_force"


def test_a_server_puts_in_force_what_is_due_and_a_dry_run_does_not(store: Store) -> None:
    plan, day = approved(store, merged(1)), in_days(store, 1)
    scheduled(store, plan, day)
    with store.owner.begin() as conn:  # a day goes by
        conn.execute(text("update plan set effective_on = effective_on - 1"))
    assert [o.state for o in put_due_in_force(store, commit=False)] == ["in_force"]
    assert state(store, plan) == "scheduled"
    with TestClient(create_app(store, person="x", lifespan=ticking(store, 0.05))):
        until(lambda: state(store, plan) == "in_force")


def test_a_fault_of_one_step_of_the_clock_is_told_and_stops_neither_it_nor_the_others(
    store: Store, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, day, others = approved(store, merged(1)), in_days(store, 1), list[Store]()
    monkeypatch.setitem(STEPS, "telling of what is due", others.append)
    scheduled(store, plan, day)
    with store.owner.begin() as conn:
        conn.execute(text("update plan set effective_on = effective_on - 1"))
        conn.execute(text("alter table plan add constraint odd check (id < 0) not valid"))
    with TestClient(create_app(store, person="x", lifespan=ticking(store, 0.05))):
        until(lambda: "putting plans in force failed" in caplog.text)
        until(lambda: others)
        with store.owner.begin() as conn:
            conn.execute(text("alter table plan drop constraint odd"))
        until(lambda: state(store, plan) == "in_force")


def test_a_late_clock_keeps_the_day_that_was_announced_unless_a_later_one_is_in_force(
    store: Store,
) -> None:
    west, east = approved(store, merged(1)), approved(store, toy.other_atoms(), toy.TWO)
    first, second, today = in_days(store, 1), in_days(store, 2), in_days(store, 4)
    scheduled(store, west, first)
    with transaction(store.app, "approver") as conn:
        plans.publish(conn, east, effective_on=second, now=today)
    (outcome,) = fallen_due(store, today)
    assert outcome.published is not None
    assert outcome.published.effective_on == second


def test_a_day_that_is_none_is_refused(store: Store) -> None:
    plan = approved(store, merged(1))
    with transaction(store.app, "approver") as conn:
        for edge, day in (("schedule", None), ("schedule", in_days(store, 0))):
            with pytest.raises(EffectiveDateError):
                plans.move(conn, plan, edge, effective_on=day)
        with pytest.raises(EffectiveDateError):
            plans.publish(conn, plan, effective_on=in_days(store, -4))
        for edge in ("come_due", "lapse", "reinstate"):
            with pytest.raises(PlanStepError):
                plans.move(conn, plan, edge)


def test_a_scope_that_is_gone_or_torn_when_the_day_comes_lapses(store: Store) -> None:
    plan, day = approved(store, merged(1)), in_days(store, 1)
    scheduled(store, plan, day)
    admin = toy.admin()
    grown = admin[admin.code == toy.ONE].set_geometry([toy.square(0, 0, 2.5, 2)], crs="EPSG:4326")
    with transaction(store.owner, "import") as conn:
        imports.commit_areas(conn, grown, imports.open_batch(conn, "areas"))
    (outcome,) = fallen_due(store, day)
    assert (outcome.state, "gap" in outcome.en) == ("lapsed", True)
