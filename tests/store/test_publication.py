"""What a dry run of a publication and the difference promise is what the publication then does."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pytest
from sqlalchemy import text

from api.plan_changes import changes
from geo.store import events
from geo.store.database import Store, transaction
from geo.store.net import people
from geo.store.net.revisions import add_revision, hold_in_force
from geo.store.planning import plans
from geo.store.planning.moving import move_late, move_untaken
from geo.store.working import issues, tasks
from tests.faults.callers import until
from tests.store import toy
from tests.store.test_issues import at, received
from tests.store.test_plans import approved, merged


@pytest.fixture
def store(toy_store: Store) -> Store:
    return toy_store


def held(store: Store) -> set[tuple[str, ...]]:
    with transaction(store.owner, "x") as conn:
        duties = people.read_duties(conn)
    return set(duties[["party", "role", "net", "area"]].itertuples(index=False, name=None))


def places(store: Store) -> pd.Series:
    with transaction(store.owner, "x") as conn:
        rows = conn.exec_driver_sql("select id, area from task order by id").all()
    return pd.Series(dict(map(tuple, rows)))


@pytest.mark.parametrize("share", [1, 3, 4])
def test_the_dry_run_the_difference_and_the_publication_agree(store: Store, share: int) -> None:
    for n, place in enumerate([(0.2, 1.2), (0.8, 1.2), (0.7, 1.4), (0.8, 1.8), (1.5, 1.5)]):
        receipt = received(store, at(*place, f"issue-{n}"))
        with transaction(store.app, "dispatcher") as conn:
            task = issues.send(conn, receipt.id)
        if n == 1:
            with transaction(store.app, f"leader-{toy.ONE}001") as conn:
                tasks.take(conn, task)
    plan = approved(store, merged(share))
    before = held(store), places(store)
    with transaction(store.app, "approver", commit=False) as conn:
        promised, told = plans.publish(conn, plan), changes(conn, plan)
    assert (held(store), places(store).equals(before[1])) == (before[0], True)
    with transaction(store.app, "approver") as conn:
        told = changes(conn, plan)
        done = plans.publish(conn, plan)
    moved = places(store) != before[1]
    assert done == promised
    assert done.tasks_moved == told.tasks_sent == moved.sum() > 0
    assert done.duties_moved == len(held(store) - before[0])
    assert set(done.new) == set(told.descent.fresh)
    assert set(done.gone) == set(told.descent.gone)
    assert set(told.descent.changed) <= set(done.changed), "names may change too"


def routine(store: Store, area: str) -> int:
    """A task of no issue, and so without a position, for the leader of a grid."""
    with transaction(store.owner, "x") as conn:
        row = conn.exec_driver_sql(
            "insert into task (kind, party, role, net, area, path, made_by)"
            " select 'visit', %(party)s, 'grid_leader', 'grid', code, path, 'x'"
            " from area where net = 'grid' and code = %(area)s and valid_to is null returning id",
            {"party": f"leader-{area}", "area": area},
        )
        return int(row.scalar_one())


def task(store: Store, number: int) -> tuple[str, str, str, list[str]]:
    with transaction(store.owner, "x") as conn:
        asked = "select net, area, party, path from task where id = %(id)s"
        net, area, party, path = conn.exec_driver_sql(asked, {"id": number}).one()
    return net, area, party, path


def test_a_task_without_a_position_goes_where_most_of_its_grid_went(store: Store) -> None:
    gone, stays = routine(store, f"{toy.ONE}001"), routine(store, f"{toy.ONE}003")
    plan = approved(store, merged(4))  # grids 001 and 002 end and become one
    with transaction(store.app, "approver") as conn:
        told = changes(conn, plan)
        done = plans.publish(conn, plan)
    (heir,) = done.new
    assert f"{toy.ONE}001" in done.gone
    assert done.tasks_moved == told.tasks_sent == told.pairs["tasks_sent"].sum() == 1
    net, area, party, path = task(store, gone)
    assert (net, area, path[-2:]) == ("grid", heir, [toy.ONE, heir])
    assert (party, "grid_leader", "grid", heir) in held(store)
    assert task(store, stays)[1] == f"{toy.ONE}003"
    with transaction(store.owner, "audit") as conn:
        (said,) = events.history(conn, "task", gone).to_dict("records")
    assert (said["name"], said["detail"]["area"]) == ("move", heir)


# How much of an index of lists, in kB, is left to whoever writes next.
_LEFT_UNSORTED = text(
    "select setting::integer from pg_settings where name = 'gin_pending_list_limit'"
)


def test_a_task_whose_grid_has_no_heir_goes_up_to_the_community(store: Store) -> None:
    left = routine(store, f"{toy.ONE}001")
    with transaction(store.owner, "x") as conn:
        conn.exec_driver_sql(
            "create temporary table touched on commit drop as select id as old, code as old_code"
            " from area where net = 'grid' and code like '%%001' and valid_to is null"
        )
        number = add_revision(conn, "grid", "rollback")
        asked = "update area set valid_to = %(n)s where id in (select old from touched)"
        conn.exec_driver_sql(asked, {"n": number})
        conn.exec_driver_sql(
            "create temporary table shared (old text, new text, households int, common float8)"
            " on commit drop"
        )
        assert move_untaken(conn) == 1
        assert move_late(conn) == 0
        looked_at_again = text("select count(*) from pg_temp.waiting")
        assert conn.execute(looked_at_again).scalar_one() == 0
        left_by_it = conn.execute(_LEFT_UNSORTED).scalar_one()
    with transaction(store.owner, "x") as conn:
        assert conn.execute(_LEFT_UNSORTED).scalar_one() < left_by_it, "and nobody else"
    net, area, party, path = task(store, left)
    assert (net, area, party) == ("admin", toy.ONE, f"leader-{toy.ONE}001")
    assert path[-1] == toy.ONE


def test_issues_come_in_until_the_last_step_of_a_publication_and_are_moved_with_it(
    store: Store,
) -> None:
    early, back = routine(store, f"{toy.ONE}001"), routine(store, f"{toy.ONE}002")
    put(store, back, "taken")
    plan = approved(store, merged(4))
    with ThreadPoolExecutor(1) as pool:
        with transaction(store.app, "dispatcher") as conn:
            hold_in_force(conn)
            publishing = pool.submit(published, store, plan)
            until(lambda: asked(store, WAITS))
            assert not asked(store, UNLOCKED, id=early), "all that was there is moved by then"
            put(store, back, "sent")
            late = issues.send(conn, issues.receive(conn, at(0.2, 1.2, "late")).id)
            assert task(store, early)[1] == f"{toy.ONE}001", "and nobody sees it yet"
        done = publishing.result(60)
    (heir,) = done.new
    assert [task(store, number)[1] for number in (early, back, late)] == [heir] * 3
    assert done.tasks_moved == 3


WAITS = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
UNLOCKED = "select id from task where id = %(id)s for update skip locked"


def asked(store: Store, question: str, **values: object) -> object:
    with transaction(store.owner, "x") as conn:
        return conn.exec_driver_sql(question, values).scalar()


def put(store: Store, number: int, state: str) -> None:
    with transaction(store.owner, "x") as conn:
        order = "update task set state = %(state)s, version = version + 1 where id = %(id)s"
        conn.exec_driver_sql(order, {"id": number, "state": state})


def published(store: Store, plan: int) -> plans.Published:
    with transaction(store.app, "approver") as conn:
        return plans.publish(conn, plan)
