"""What is kept in memory of rules is used while it holds, and not a moment longer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from geopandas.testing import assert_geodataframe_equal
from sqlalchemy import text

from api.standing import Standing
from geo.issues import Issue
from geo.store import imports
from geo.store.answers import question, rows_of
from geo.store.database import Connection, Store, transaction
from geo.store.incoming.intake import InMemory, Known, receive_all
from geo.store.net import territory
from geo.store.net.revisions import mark_of
from geo.store.planning import plans
from geo.store.rules.kept import KeptRules, rules_in_force
from tests.store import toy
from tests.store.test_issues import at
from tests.store.test_plans import approved, merged, published

LAMP = replace(at(0.5, 0.5, "lamp"), service="lamp")
LISTED = f"""insert into duty (party, role, net, area, service, lead)
values ('stranger', 'unit', 'admin', '{toy.ONE}', 'lamp', true)"""
DAYS_OFF = "select d::date, false, '' from generate_series(now(), now() + '60 d', '1 d') as d"
# Each changes what becomes of the issue, or of one after it; the last by taking rows away.
CHANGES = (
    "update service set answer_days = 40",
    LISTED,
    "update party set ended_on = current_date where code = 'stranger'",
    "update party set ended_on = null where code = 'stranger'",
    f"insert into calendar {DAYS_OFF} on conflict (day) do update set works = false",
    "update service set auto_send = false",
    "update service set auto_send = true",
    "delete from duty where service = 'lamp'",
    "delete from calendar",
)

# In the quarters of grid 001 that go to grid 002, in one that stays, and in a grid beside.
PLACES = toy.points((0.7, 1.3), (0.7, 1.7), (0.3, 1.3), (0.5, 0.5))

# Inside grids, on their edges and corners, beyond the city.
EVERYWHERE = [
    axis.ravel().tolist()
    for axis in np.meshgrid(
        toy.WEST + toy.STEP * np.arange(-0.5, 5, 0.25),
        toy.SOUTH + toy.STEP * np.arange(-0.5, 3, 0.25),
    )
]
CHANGES_OF_GRIDS: Sequence[Callable[[Store], object]] = (
    lambda store: published(store, merged(4)),  # two become one of another code
    lambda store: taken_back(store, 2),
    lambda store: (published(store, merged(1)), published(store, merged(2))),
)


def taken_back(store: Store, number: int) -> None:
    with transaction(store.app, "approver") as conn:
        plans.rollback(conn, number)


@pytest.fixture
def store(toy_store: Store) -> Store:
    lamp = pd.DataFrame([("lamp", "路灯", True)], columns=["code", "name", "auto_send"])
    with transaction(toy_store.owner, "import") as conn:
        imports.commit_services(conn, lamp, imports.open_batch(conn, "toy"))
    return toy_store


def changed(store: Store, order: str, *, commit: bool = True) -> None:
    with transaction(store.owner, "planner", commit=commit) as conn:
        conn.execute(text(order))


def kept(store: Store, standing: Standing) -> InMemory:
    with transaction(store.app, "clerk") as conn:
        return standing.at(conn, mark_of(conn))


def comes_to(store: Store, known: Known | None, *issues: Issue) -> list[dict[str, object]]:
    """Return the tasks that the issue, or those given, would get."""
    with transaction(store.app, "clerk", commit=False) as conn:
        receive_all(conn, issues or [LAMP], known)
        return _tasks(conn)


def _tasks(conn: Connection) -> list[dict[str, object]]:
    asked = "select i.state, t.party, t.role, t.due_at::date as due from issue as i"
    asked += " left join task as t on t.issue = i.id order by t.party"
    with_nothing = rows_of(conn, text(asked)).astype("object")
    return list(with_nothing.where(with_nothing.notna(), None).to_dict("records"))


def test_a_change_that_is_kept_holds_for_the_very_next_intake(store: Store) -> None:
    standing = Standing(store)
    standing.read()
    was = comes_to(store, None)
    for order in CHANGES:
        assert kept(store, standing).rules is not None, order
        changed(store, order, commit=False)
        assert kept(store, standing).rules is not None, order
        changed(store, order)
        now = comes_to(store, standing.at)
        standing.read()
        assert now == comes_to(store, standing.at) == comes_to(store, None), order
        assert now != was, order
        was = now


def test_what_is_read_while_something_changes_is_not_taken_for_what_came_after(
    store: Store,
) -> None:
    standing = Standing(store)
    standing.read()
    with transaction(store.owner, "planner") as conn:
        conn.execute(text(LISTED))
        standing.read()  # sees nothing of it
        before = kept(store, standing)
        assert before.rules is not None
    assert kept(store, standing).rules is None
    assert kept(store, standing).areas is before.areas
    assert [task["party"] for task in comes_to(store, standing.at)] == ["stranger"]


def test_what_was_published_is_known_to_the_very_next_intake_by_what_has_changed(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    standing = Standing(store)
    standing.read()
    before = kept(store, standing).areas
    assert before is not None
    was = before.located(*EVERYWHERE)
    for change in CHANGES_OF_GRIDS:
        change(store)
        with monkeypatch.context() as patch, transaction(store.app, "clerk") as conn:
            patch.setattr(territory, "territory", lambda _: pytest.fail("all is read"))
            known = standing.at(conn, mark_of(conn)).areas
        with transaction(store.app, "clerk") as conn:
            anew = territory.in_force(conn)
        assert known is not None
        assert (known.numbers, known.paths) == (anew.numbers, anew.paths)
        assert (known.special, known.places) == (anew.special, anew.places)
        assert known.located(*EVERYWHERE) == anew.located(*EVERYWHERE)
        grids = anew.territory.grids.reset_index(drop=True)
        assert_geodataframe_equal(known.territory.grids, grids, check_like=True)
    assert before.located(*EVERYWHERE) == was


def test_each_grid_that_changed_finds_those_beside_it_by_their_index(store: Store) -> None:
    asked = text(f"explain {question('grids_since')}")
    with transaction(store.app, "clerk", commit=False) as conn:  # for the owner any form of it does
        conn.execute(text("set local enable_seqscan = off"))
        plan = "\n".join(conn.execute(asked, {"since": 1, "reach": 1e-6}).scalars())
    assert "area_grid_geom_now" in plan, plan
    assert "Index Cond: (geom && " in plan, plan


def test_areas_that_may_stand_elsewhere_by_now_are_no_more_in_memory(store: Store) -> None:
    standing = Standing(store)
    standing.read()
    with transaction(store.owner, "import") as conn:
        moved = toy.lanes().assign(geometry=lambda rows: rows.translate(0, toy.STEP / 2))
        imports.commit_lanes(conn, moved, imports.open_batch(conn, "lanes"))
    assert kept(store, standing).areas is None
    standing.read()
    assert kept(store, standing).areas is not None


def test_rules_are_never_read_over_the_areas_of_an_older_revision(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = approved(store, merged(2))
    done: list[plans.Published] = []

    def after_a_publication(
        conn: Connection, places: Collection[str], special: frozenset[str]
    ) -> KeptRules:
        if not done:
            with transaction(store.app, "approver") as own:
                done.append(plans.publish(own, plan))
        return rules_in_force(conn, places, special)

    standing = Standing(store)
    monkeypatch.setattr("api.standing.rules_in_force", after_a_publication)
    standing.read()
    with transaction(store.app, "clerk") as conn:
        mark = mark_of(conn)
        known = standing.at(conn, mark)
    assert mark.numbers["grid"] == 2
    everywhere = [replace(LAMP, reference=str(n), lon=p.x, lat=p.y) for n, p in enumerate(PLACES)]
    assert comes_to(store, standing.at, *everywhere) == comes_to(store, None, *everywhere)
    assert (known.areas is None, known.rules is None) == (False, False)
