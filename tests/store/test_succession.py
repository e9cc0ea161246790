"""Duties follow the grids through a revision, and come back when it is taken back."""

from __future__ import annotations

import pandas as pd
import pytest
from sqlalchemy import text

from geo.errors import ChangedAgainError
from geo.store.database import Store, transaction
from geo.store.net import areas, people
from geo.store.planning import plans
from tests.store import toy
from tests.store.test_plans import approved, grids, merged, published, states


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


def test_places_are_read_once_however_many_grids_a_revision_changes(store: Store) -> None:
    plan = approved(store, merged(3))
    read = "select sum(seq_scan + coalesce(idx_scan, 0)) from pg_stat_xact_user_tables"
    with transaction(store.app, "approver") as conn:
        plans.publish(conn, plan)
        times = conn.execute(text(f"{read} where relname = 'place'")).scalar_one()
    assert times == 1  # not once for each pair of grids, of before and of now


def test_every_grid_has_exactly_one_leading_leader_after_any_publishing(store: Store) -> None:
    for share in (1, 4, 2, 3):
        published(store, merged(share))
        told = leaders(store)
        with transaction(store.app, "stranger") as conn:
            there = areas.read_areas(conn, net="grid")["code"]
        assert told[told["lead"]].groupby("area").size().reindex(there).eq(1).all()


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
