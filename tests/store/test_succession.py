"""Duties follow the grids through a revision, and come back when it is taken back."""

from __future__ import annotations

from typing import Final

import pandas as pd
import pytest
from sqlalchemy import text

from geo.errors import ChangedAgainError
from geo.store.database import Connection, Store, transaction
from geo.store.net import areas, people
from geo.store.net.revisions import add_revision, retire_and_add
from geo.store.planning import plans
from geo.store.planning.succession import follow
from tests.store import toy
from tests.store.test_list_keeping import CATALOGUE
from tests.store.test_plans import grids, merged, published, states

MANY: Final = 3000  # duties elsewhere
FAR_DUTIES: Final = text(
    "insert into duty (party, role, net, area)"
    f" select 'far', 'grid_worker', 'grid', 'far-' || n from generate_series(1, {MANY}) as n"
)
# All ordinary grids, with the codes of others: each ends and begins.
TURNED: Final = (
    "select net, kind, code || 'x' as code, name, parent, rule, special, class, path, geom,"
    " id as old, code as old_code from area where net = 'grid' and valid_to is null and not special"
)


@pytest.fixture
def store(toy_store: Store) -> Store:
    return toy_store


def leaders(store: Store) -> pd.DataFrame:
    with transaction(store.app, "stranger") as conn:
        held = people.read_duties(conn, role="grid_leader")
    return held.loc[held["net"] == "grid", ["area", "party", "lead"]].reset_index(drop=True)


def test_of_two_grids_made_one_the_first_leader_leads_and_the_other_assists(store: Store) -> None:
    (new,) = published(store, merged(4)).new  # grids 001 and 002, of 400 households each
    told = leaders(store).set_index("area").loc[new].set_index("party")["lead"]
    assert told.to_dict() == {f"leader-{toy.ONE}001": True, f"leader-{toy.ONE}002": False}


def test_a_new_grid_is_led_by_who_led_most_of_its_households(store: Store) -> None:
    done = published(store, merged(3))  # three quarters of 001 go to 002: both get a new number
    told = leaders(store)
    now = set(told.loc[told["lead"], "area"])
    assert set(done.new) <= now
    assert not set(done.gone) & set(told["area"])


def reads(conn: Connection, table: str) -> tuple[int, int]:
    """How often a transaction has looked through a table or asked an index of it; rows it read."""
    asked = text(
        "select sum(seq_scan + coalesce(idx_scan, 0)),"
        " sum(seq_tup_read + coalesce(idx_tup_fetch, 0))"
        " from pg_stat_xact_user_tables where relname = :table"
    )
    times, rows = conn.execute(asked, {"table": table}).one()
    return int(times), int(rows)


def test_what_a_revision_leaves_as_it_is_is_not_looked_through(store: Store) -> None:
    with transaction(store.owner, "import") as conn:
        conn.execute(text("insert into party (code, kind, name) values ('far', 'person', 'far')"))
        conn.execute(FAR_DUTIES)
        conn.execute(text("analyze duty"))
    with transaction(store.app, "approver") as conn:
        conn.execute(text(f"create temporary table touched on commit drop as {TURNED}"))
        number = add_revision(conn, "grid", "plan", path=["3701", "370102"])
        retire_and_add(conn, "grid", number)
        before = {table: reads(conn, table) for table in ("place", "duty")}
        follow(conn, "grid", number)
        after = {table: reads(conn, table) for table in before}
    assert after["place"][0] - before["place"][0] == 1  # not once for each pair of grids
    assert after["duty"][1] - before["duty"][1] < MANY


def test_every_grid_has_exactly_one_leading_leader_after_any_publishing(store: Store) -> None:
    for share in (1, 4, 2, 3):
        published(store, merged(share))
        told = leaders(store)
        with transaction(store.app, "stranger") as conn:
            there = areas.read_areas(conn, net="grid")["code"]
        assert told[told["lead"]].groupby("area").size().reindex(there).eq(1).all()


TIMED: Final = text(
    "insert into duty (party, role, net, area, service, row_number, valid_from, valid_to)"
    " values ('lamps', 'department', 'grid', :grid, 'lamp', 1, current_date, current_date + 30),"
    " ('power', 'department', 'grid', :grid, 'well', 2, current_date + 10, null),"
    " ('lamps', 'department', 'grid', :grid, 'well', 3, current_date - 9, current_date)"
)
HELD: Final = text(
    "select row_number, area, valid_from - current_date, valid_to - current_date from duty"
    " where row_number is not null and (valid_to is null or valid_to > greatest(valid_from,"
    " current_date)) order by row_number"
)


def test_rules_of_a_time_follow_a_grid_that_is_no_more_and_come_back_with_it(store: Store) -> None:
    grid = f"{toy.ONE}001"
    with store.owner.begin() as conn:
        conn.exec_driver_sql(CATALOGUE)
        conn.execute(TIMED, {"grid": grid})
        ends = "update duty set valid_to = current_date + 5 where role = 'grid_leader'"
        conn.exec_driver_sql(ends)

    def held() -> list[tuple[object, ...]]:
        with transaction(store.owner, "audit") as conn:
            return [tuple(row) for row in conn.execute(HELD)]

    before, led = held(), leaders(store)
    assert before == [(1, grid, 0, 30), (2, grid, 10, None)]
    done = published(store, merged(4))
    (new,) = done.new
    assert held() == [(1, new, 0, 30), (2, new, 10, None)]
    told = leaders(store)
    assert (told.loc[told["lead"], "area"] == new).sum() == 1
    with transaction(store.app, "approver") as conn:
        plans.rollback(conn, done.revision)
    assert held() == before
    assert leaders(store).equals(led)


def test_taking_revisions_back_one_by_one_gives_every_duty_and_area_back(store: Store) -> None:
    told = [(leaders(store), grids(store))]
    numbers = []
    for share in (3, 4):
        numbers.append(published(store, merged(share)).revision)
        told.append((leaders(store), grids(store)))
    assert not told[0][0].equals(told[1][0])
    with transaction(store.app, "approver") as conn, pytest.raises(ChangedAgainError):
        plans.rollback(conn, numbers[0])
    for number, (duties, areas_then) in zip(numbers[::-1], told[-2::-1], strict=True):
        with transaction(store.app, "approver") as conn:
            plans.rollback(conn, number)
        assert leaders(store).equals(duties)
        assert grids(store).equals(areas_then)
    assert states(store) == ["superseded", "superseded"]
