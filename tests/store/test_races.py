"""Two people at once: one wins, the other is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from geo.errors import DatabaseAwayError, PlanStepError, StaleBaseError
from geo.store import events
from geo.store.database import Store, transaction
from geo.store.line import Line
from geo.store.planning import plans
from geo.store.working import issues
from geo.store.working.handling import look
from tests.plugins.database import Databases
from tests.store import toy
from tests.store.test_issues import at, received
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


def test_a_publisher_whose_connection_dies_leaves_nothing(
    databases: Databases, store: Store
) -> None:
    before, plan = grids(store), approved(store, merged(3))
    with pytest.raises(DatabaseAwayError):
        published_and_cut_off(databases, store, plan)
    assert grids(store).equals(before)
    assert states(store) == ["approved"]


def published_and_cut_off(databases: Databases, store: Store, plan: int) -> None:
    with transaction(store.app, "approver") as conn:
        assert plans.publish(conn, plan).new
        dying = conn.execute(text("select pg_backend_pid()")).scalar_one()
        databases.run(f"select pg_terminate_backend({dying})")
        conn.execute(text("select pg_sleep(1)"))


def test_who_takes_a_task_while_the_grids_change_keeps_it(store: Store) -> None:
    holder = f"leader-{toy.ONE}001"
    number = received(store, at(0.8, 1.2)).id
    with transaction(store.app, "dispatcher") as conn:
        task = issues.send(conn, number)
    plan = approved(store, merged(4))  # grids 001 and 002 end and become one
    with ThreadPoolExecutor(1) as pool:
        with transaction(store.app, holder) as conn:
            issues.take(conn, task)
            published = pool.submit(outcome, store, plan)
            waits = text("select count(*) from pg_locks where not granted")
            while not conn.execute(waits).scalar_one() and not published.done():
                conn.execute(text("select pg_sleep(0.05)"))
        assert published.result(60) == "published"
    with transaction(store.app, "dispatcher") as conn:
        (work,) = look(conn, number).case.tasks
        told = events.history(conn, "issue", number).name.tolist()
    assert (work.state, work.party) == ("taken", holder)
    assert told == ["receive", "send", "take"]  # and not moved


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


def test_a_line_in_use_while_its_store_is_closed_is_closed_when_it_is_given_back(
    databases: Databases, store: Store
) -> None:
    other = databases.open(str(store.app.url.database))
    with other.app.connect() as conn:
        line = conn.connection.driver_connection
        assert isinstance(line, Line)
        other.close()
        assert conn.execute(text("select 1")).scalar() == 1
        assert not line.closed
    assert line.closed
