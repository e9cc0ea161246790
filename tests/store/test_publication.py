"""What a dry run of a publication and the difference promise is what the publication then does."""

from __future__ import annotations

import pandas as pd
import pytest

from api.plan_changes import changes
from geo.store import issues, people, plans, tasks
from geo.store.database import Store, transaction
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
