"""Two people at once: one wins, the other is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from geo.errors import DatabaseAwayError, PlanStepError, StaleBaseError
from geo.store import plans
from geo.store.database import Store, transaction
from tests.store import toy
from tests.store.test_plans import approved, grids, merged, states


@pytest.fixture
def store(toy_store: Store) -> Store:
    return toy_store


def outcome(store: Store, plan: int) -> str:
    try:
        with transaction(store.app, "approver") as conn:
            plans.publish(conn, plan)
    except (StaleBaseError, PlanStepError) as error:
        return type(error).__name__
    return "published"


def test_a_publisher_whose_connection_dies_leaves_nothing(store: Store) -> None:
    before, plan = grids(store), approved(store, merged(3))
    with pytest.raises(DatabaseAwayError):
        published_and_cut_off(store, plan)
    assert grids(store).equals(before)
    assert states(store) == ["approved"]


def published_and_cut_off(store: Store, plan: int) -> None:
    with transaction(store.app, "approver") as conn:
        assert plans.publish(conn, plan).new
        dying = conn.execute(text("select pg_backend_pid()")).scalar_one()
        with store.app.connect() as other:
            other.execute(text("select pg_terminate_backend(:pid)"), {"pid": dying})
        conn.execute(text("select pg_sleep(1)"))


def race(store: Store, *numbers: int) -> list[str]:
    with ThreadPoolExecutor(len(numbers)) as pool:
        return sorted(pool.map(lambda plan: outcome(store, plan), numbers))


def test_of_two_plans_of_one_scope_one_is_published_and_the_other_told(store: Store) -> None:
    numbers = approved(store, merged(1)), approved(store, merged(2))
    assert race(store, *numbers) == ["StaleBaseError", "published"]


def test_one_plan_published_twice_is_published_once(store: Store) -> None:
    plan = approved(store, merged(1))
    assert race(store, plan, plan) == ["PlanStepError", "published"]


def test_plans_of_two_scopes_are_both_published(store: Store) -> None:
    numbers = approved(store, merged(1)), approved(store, toy.other_atoms(), toy.TWO)
    assert race(store, *numbers) == ["published", "published"]
