"""The responsibility list on the database: what cannot be evaluated is told, never passed over."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from api.explaining import explain_issue
from geo.errors import MissingError
from geo.issues import Order
from geo.store import imports
from geo.store.database import Store, transaction
from geo.store.locating import located
from geo.store.net.duty_list import list_problems, read_list
from geo.store.rules.routing import route_of
from geo.store.working.handling import act
from tests.store import toy
from tests.store.test_issues import at, received

HERE = toy.SUBDISTRICT
ROWS = f"""
insert into party (code, kind, name, ended_on) values
    ('lamps', 'department', '路灯所', null), ('power', 'department', '供电所', null),
    ('gone', 'department', '撤并的局', '2020-01-01');
insert into service (code, name, parent) values
    ('lamp', '路灯', null), ('litter', '垃圾', null), ('well', '井盖', null), ('dog', '犬只', null),
    ('tree', '树木', null);
insert into duty (party, role, net, area, service, lead, row_number, basis, said) values
    ('lamps', 'department', 'admin', '{HERE}', 'lamp', true, 1, '照明条例第四条', '{{}}'),
    ('power', 'department', 'admin', '{HERE}', 'lamp', false, 1, '照明条例第四条', '{{}}'),
    ('lamps', 'department', 'admin', '{HERE}', 'litter', true, 2, '', '{{}}'),
    ('power', 'department', 'admin', '{HERE}', 'litter', true, 3, '', '{{}}'),
    (null, 'department', 'admin', '{HERE}', 'well', true, 4, '', '{{"party": "井盖局"}}'),
    ('gone', 'department', 'admin', '{HERE}', 'dog', true, 5, '', '{{}}'),
    ('lamps', 'department', null, null, 'tree', true, 6, '', '{{"area": "某街道"}}'),
    ('power', 'department', 'admin', '{HERE}', '无此事项', true, 7, '', '{{}}'),
    ('power', 'department', 'admin', '{toy.ONE}', 'well', false, 8, '', '{{}}');
select setval('duty_row_number', 8);
"""


@pytest.fixture
def store(toy_store: Store) -> Store:
    with toy_store.owner.begin() as conn:
        conn.exec_driver_sql(ROWS)
    return toy_store


def test_every_row_that_cannot_be_evaluated_is_listed_with_its_reason(store: Store) -> None:
    with transaction(store.app, "stranger") as conn:
        wrong = list_problems(conn)
        assert dict(zip(wrong["row_number"], wrong["faults"], strict=True)) == {
            2: ["leads-clash"],
            3: ["leads-clash"],
            4: ["party-unknown"],
            5: ["party-ended"],
            6: ["area-unknown"],
            7: ["service-unknown"],
            8: ["lead-missing"],
        }
        row = read_list(conn, scope="370102").iloc[0]
        assert (row.lead_names, row.assist_names, row.basis) == (
            "路灯所", "供电所", "照明条例第四条",
        )  # fmt: skip
        assert set(list_problems(conn, scope=toy.ONE)["row_number"]) == {8}


@pytest.mark.parametrize(
    ("service", "faults"),
    [
        ("lamp", []),
        ("litter", ["leads-clash"]),
        ("well", ["party-unknown"]),
        ("dog", ["party-ended"]),
        ("tree", ["area-unknown"]),
    ],
)
def test_routing_tells_of_such_a_row_and_goes_on(
    store: Store, service: str, faults: list[str]
) -> None:
    with transaction(store.app, "dispatcher") as conn:
        where = at(2.5, 0.5)
        found = route_of(conn, located(conn, where.lon, where.lat), service)
    assert [fault for reason in found.reasons for fault in reason.faults] == faults
    assert found.party == ("lamps" if service == "lamp" else f"leader-{toy.TWO}003")
    assert found.attention == bool(faults)


def test_a_circle_of_services_is_told_of_and_ends(store: Store) -> None:
    with store.owner.begin() as conn:
        conn.exec_driver_sql("update service set parent = 'dog' where code = 'tree'")
        conn.exec_driver_sql("update service set parent = 'tree' where code = 'dog'")
    with transaction(store.app, "dispatcher") as conn:
        where = at(2.5, 0.5)
        found = route_of(conn, located(conn, where.lon, where.lat), "dog")
        wrong = list_problems(conn).set_index("row_number")["faults"]
    assert found.reasons[0].faults == ("service-circle",)
    assert wrong[5] == ["party-ended", "service-circle"]


def test_who_is_complained_about_and_those_below_are_never_the_answer(store: Store) -> None:
    with store.owner.begin() as conn:
        conn.exec_driver_sql(
            "insert into party (code, kind, name) values ('city', 'government', '市政')"
        )
        conn.exec_driver_sql("update party set parent = 'city' where code = 'lamps'")
    issue = replace(at(2.5, 0.5), service="lamp", against="市政")
    number = received(store, issue).id
    with transaction(store.app, "dispatcher") as conn:
        sent = act(conn, number, Order(step="send")).tasks[0]
        chain = explain_issue(conn, number)["reasons"]
        where = located(conn, issue.lon, issue.lat)
        strange = route_of(conn, where, "lamp", against=["没有这家"])
    assert sent.party == f"leader-{toy.TWO}003"
    assert chain[0]["passed_over"] == ("lamps",)
    assert strange.reasons[0].faults == ("against-unknown",)
    assert strange.party == "lamps"


def test_why_an_issue_went_where_it_went_stays_when_the_rules_change(store: Store) -> None:
    number = received(store, replace(at(2.5, 0.5), service="lamp")).id
    with transaction(store.app, "dispatcher") as conn:
        assert explain_issue(conn, number)["sent"] == []
        act(conn, number, Order(step="send"))
    with store.owner.begin() as conn:
        conn.exec_driver_sql("update duty set valid_to = current_date where service = 'lamp'")
    with transaction(store.app, "lamps") as conn:  # its holder may read it too
        told = explain_issue(conn, number)
    assert (told["party"], told["reasons"][0]["row"]) == ("lamps", 1)
    assert told["reasons"][0]["basis"] == "照明条例第四条"
    assert [step["step"] for step in told["sent"]] == ["send"]
    with transaction(store.app, "stranger") as conn, pytest.raises(MissingError):
        explain_issue(conn, number)


def test_duties_of_a_service_are_numbered_as_rows_when_they_come_in(store: Store) -> None:
    rows = [("lamps", "lamp", True), ("power", "lamp", False), ("lamps", "new", True)]
    frame = pd.DataFrame(rows, columns=["party", "service", "lead"])
    frame = frame.assign(role="department", net="admin", area=toy.TWO)
    with transaction(store.owner, "import") as conn:
        imports.commit_people(conn, frame, imports.open_batch(conn, "duties"))
        listed = read_list(conn, scope=toy.TWO)
    assert listed["service"].tolist() == ["lamp", "new"]
    assert listed["row_number"].min() > 8
    assert listed["assists"].tolist() == [["power"], []]
