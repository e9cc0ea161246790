"""Whom an issue may be whistled for: by the list first, with the load of each, and who signs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geo.errors import MissingError
from geo.issues import Order
from geo.store.database import Store, transaction
from geo.store.incoming.placing import leader_of
from geo.store.working.calling import Callable, whom_to_call
from tests.store import toy
from tests.store.test_handling import acted
from tests.store.test_issues import at, received


@pytest.fixture
def store(toy_store: Store) -> Store:
    """The toy city with a list: the bureau leads on lamps, the office on pits, the team assists."""
    with toy_store.owner.begin() as conn:
        conn.exec_driver_sql(
            "insert into party (code, kind, name, parent) values"
            " ('bureau', 'department', '市政局', null), ('office', 'agency', '执法队', 'bureau'),"
            " ('team', 'section', '排水队', 'bureau'), ('clerk', 'person', '丁', 'team')"
        )
        conn.exec_driver_sql(
            "insert into service (code, name, parent) values"
            " ('road', '道路', null), ('lamp', '路灯', 'road'), ('pit', '坑洼', null)"
        )
        conn.exec_driver_sql(
            "insert into duty (party, role, net, area, service, lead, row_number) values"
            f" ('bureau', 'department', 'admin', '{toy.SUBDISTRICT}', 'lamp', true, 37),"
            f" ('team', 'department', 'admin', '{toy.SUBDISTRICT}', 'road', false, 38),"
            f" ('office', 'department', 'admin', '{toy.SUBDISTRICT}', 'pit', true, 39)"
        )
    return toy_store


def called(store: Store, person: str, issue: int) -> Callable:
    with transaction(store.app, person) as conn:
        return whom_to_call(conn, issue)


def test_the_list_is_offered_first_with_its_row_and_the_load_of_each(store: Store) -> None:
    here, away = (
        received(store, replace(at(0.5, 0.5, str(n)), service="lamp")).id for n in range(2)
    )
    acted(store, "dispatcher", away, Order(step="whistle", parties=("team",), reason="夜里"))
    found = called(store, "dispatcher", here).departments.set_index("party")
    assert found.index.tolist() == ["bureau", "team", "office"]
    assert found["lead"].where(found["lead"].notna(), None).tolist() == [True, False, None]
    assert found["row_number"].fillna(0).tolist() == [37, 38, 0]
    assert found["open"].tolist() == [0, 0, 0]  # drafted: not theirs yet
    acted(store, "approver", away, Order(step="sign"))
    assert called(store, "dispatcher", here).departments["open"].tolist() == [0, 1, 0]
    third = received(store, replace(at(0.5, 0.5, "3"), service="lamp")).id
    acted(store, "dispatcher", third, Order(step="send", party="bureau"))
    assert called(store, "dispatcher", here).departments["open"].tolist() == [1, 1, 0], "sent, too"


def test_a_load_counts_what_who_asks_may_not_see_and_who_has_no_duty_learns_nothing(
    store: Store,
) -> None:
    here, away = received(store, at(0.5, 0.5, "1")).id, received(store, at(2.5, 0.5, "2")).id
    toy.load_people(store, ["desk"], [("desk", "dispatcher", "admin", toy.ONE)])
    emergency = Order(step="whistle", parties=("team",), reason="塌陷", emergency=True)
    acted(store, "dispatcher", away, emergency)
    acted(store, "clerk", away, Order(step="take"))
    acted(store, "clerk", away, Order(step="arrive", away_m=20.0))
    team = called(store, "desk", here).departments.set_index("party").loc["team"]
    assert (team["open"], team["overdue"], round(team["minutes"])) == (1, 0, 0)
    with transaction(store.app, "stranger") as conn:
        asked = "select count(*) from whistle_load('{team}')"
        assert conn.exec_driver_sql(asked).scalar() == 0
    with pytest.raises(MissingError):
        called(store, "stranger", here)


def test_who_signs_is_whoever_approves_nearest(store: Store) -> None:
    here = received(store, at(0.5, 0.5)).id
    assert called(store, "dispatcher", here).signers["party"].tolist() == ["approver"]
    toy.load_people(store, ["head"], [("head", "approver", "admin", toy.SUBDISTRICT)])
    found = called(store, "dispatcher", here)
    assert found.signers["party"].tolist() == ["head", "approver"]
    assert found.on_the_spot == 30


def test_a_duty_that_begins_later_signs_nothing_and_leads_nothing_today(store: Store) -> None:
    here = received(store, at(0.5, 0.5)).id
    grid = f"{toy.TWO}003"
    duties = [("a", "approver", "admin", toy.SUBDISTRICT), ("a", "grid_leader", "grid", grid)]
    toy.load_people(store, ["a"], duties)
    assert called(store, "dispatcher", here).signers["party"].tolist() == ["a", "approver"]
    with store.owner.begin() as conn:
        conn.exec_driver_sql("update duty set valid_from = current_date + 1 where party = 'a'")
    assert called(store, "dispatcher", here).signers["party"].tolist() == ["approver"]
    with transaction(store.app, "dispatcher") as conn:
        assert leader_of(conn, grid)[0] == f"leader-{grid}"
