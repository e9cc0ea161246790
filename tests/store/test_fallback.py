"""What nobody owns is listed, and the district's ruling makes a row of the list and sends it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from typer.testing import CliRunner

from api.cli import app
from api.explaining import explain_issue
from geo.errors import MissingError, NotAllowedError, StepRefusedError
from geo.issues import Issue, Order
from geo.store import events
from geo.store.database import Store, transaction
from geo.store.net.duty_list import read_list
from geo.store.working.fallback import fallback_counts, fallback_ledger, held_ledger, rule_on
from geo.store.working.handling import act, look
from tests.store import toy
from tests.store.test_issues import at, received


@pytest.fixture
def store(toy_store: Store) -> Store:
    with toy_store.owner.begin() as conn:
        conn.exec_driver_sql(
            "insert into party (code, kind, name) values ('lamps', 'department', '路灯所')"
        )
        conn.exec_driver_sql(
            "insert into service (code, name, default_role) values"
            " ('odd', '怪事', 'building_leader'), ('lamp', '路灯', 'grid_worker')"
        )
        conn.exec_driver_sql(
            "insert into duty (role, net, area, service, said, row_number) values"
            " ('department', 'admin', '370102', 'odd', '{\"party\": \"某局\"}',"
            " nextval('duty_row_number'))"
        )
    return toy_store


def sent(store: Store, reference: str = "1", service: str | None = "odd") -> int:
    number = received(store, replace(at(2.5, 0.5, reference), service=service)).id
    with transaction(store.app, "dispatcher") as conn:
        act(conn, number, Order(step="send"))
    return number


def test_what_nobody_owns_is_counted_by_place_and_service_with_the_fault_that_left_it(
    store: Store,
) -> None:
    numbers = [sent(store, "1"), sent(store, "2")]
    sent(store, "3", "lamp")
    lost = received(store, Issue(source="web", reference="0", text="?")).id
    with transaction(store.app, "dispatcher") as conn:
        ledger = fallback_ledger(conn)
        assert ledger[["kind", "issue"]].to_numpy().tolist() == [
            *(["provisional", number] for number in numbers), ["unclaimed", lost],
        ]  # fmt: skip
        assert ledger["faults"].iloc[0] == ["party-unknown"]
        first = fallback_counts(ledger).iloc[0]
        assert (first["district_name"], first["service_name"], first["n"]) == ("历下区", "怪事", 2)
        assert fallback_ledger(conn, scope="")["issue"].tolist() == [lost]
        assert len(fallback_ledger(conn, scope=toy.ONE)) == 0
    with transaction(store.app, "stranger") as conn:
        assert len(fallback_ledger(conn)) == 0


def test_a_ledger_names_place_and_matter_and_what_is_confidential_to_its_people_alone(
    store: Store,
) -> None:
    plain, secret = at(2.5, 0.5, "1"), replace(at(2.5, 0.5, "2", "举报某人"), confidential=True)
    for issue in (plain, secret):
        number = received(store, replace(issue, service="odd", address="3号楼")).id
        with transaction(store.app, "dispatcher") as conn:
            act(conn, number, Order(step="send"))
    wanted = {"dispatcher": ["路灯不亮", "举报某人"], "approver": ["路灯不亮", ""]}
    for person, words in wanted.items():
        with transaction(store.app, person) as conn:
            ledger = fallback_ledger(conn)
        assert ledger["text"].tolist() == words, person
        assert ledger["address"].tolist() == ["3号楼" if said else "" for said in words]
        assert set(ledger["grid_name"]) == {"网格003"}


def test_a_ruling_becomes_a_row_and_the_issue_goes_to_whom_it_names(store: Store) -> None:
    number, next_one = sent(store), sent(store, "2")
    with transaction(store.app, "approver") as conn:
        row, case, *_ = rule_on(conn, number, "lamps", "三定方案第五条")
        listed = read_list(conn).set_index("row_number").loc[row]
        assert fallback_ledger(conn)["issue"].tolist() == [next_one]
        told = events.history(conn, "issue", number).iloc[-1]
        why = explain_issue(conn, number)
    assert (why["party"], why["provisional"]) == ("lamps", False)
    assert [step["step"] for step in why["sent"]] == ["send", "settle"]
    assert (case.tasks[0].party, case.tasks[0].provisional, case.ruled) == ("lamps", False, True)
    assert listed["basis"] == f"裁定 No {row}：三定方案第五条"
    assert (listed["area"], listed["leads"], listed["faults"]) == ("370102", ["lamps"], [])
    assert (told["name"], told["detail"]["order"]["row"]) == ("settle", row)
    with transaction(store.app, "approver") as conn:  # another of the kind rests on the same row
        assert rule_on(conn, next_one, "lamps", "同上").row == row
    third = sent(store, "3")
    with transaction(store.app, "lamps") as conn:
        assert look(conn, third).case.tasks[0].party == "lamps"


def test_one_ruling_reaches_what_waits_alike_but_what_complains_about_whom_it_names(
    store: Store,
) -> None:
    toy.load_people(store, ["power"], [])
    numbers = [sent(store, str(n)) for n in range(3)]
    about = received(store, replace(at(2.5, 0.5, "4"), service="odd", against="lamps")).id
    with transaction(store.app, "dispatcher") as conn:
        act(conn, about, Order(step="send"))
    with transaction(store.app, "approver") as conn:
        made = rule_on(conn, numbers[1], "lamps", "三定方案", alike=True)
        assert made.alike == (numbers[0], numbers[2])
        assert fallback_ledger(conn)["issue"].tolist() == [about]
        for number in numbers:
            assert explain_issue(conn, number)["party"] == "lamps"
            told = events.history(conn, "issue", number).iloc[-1]
            assert told["detail"]["order"]["row"] == made.row
    with (
        transaction(store.app, "approver") as conn,
        pytest.raises(StepRefusedError, match="complains about lamps"),
    ):
        rule_on(conn, about, "lamps", "三定方案")
    with transaction(store.app, "approver") as conn:  # the row stays, this one goes elsewhere
        beside = rule_on(conn, about, "power", "回避", alike=True)
        assert (beside.row, beside.stands, beside.alike) == (None, made.row, ())
        assert beside.case.tasks[0].party == "power"
        assert read_list(conn)["leads"].tolist() == [["lamps"]]


def test_a_command_rules_by_the_source_s_number_and_says_what_the_ruling_rests_on(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.cli.planning.open_store", lambda _: store)
    numbers = [sent(store, f"XX-{n}") for n in range(4)]

    def ruled(*words: str) -> str:
        given = ["ledger", "rule", *words, "--reason", "三定", "--as", "approver", "--commit"]
        return CliRunner().invoke(app, given, catch_exceptions=False).output

    told = ruled("XX-1", "--to", "lamps")
    with transaction(store.app, "approver") as conn:
        (row,) = read_list(conn)["row_number"]
        assert fallback_ledger(conn)["issue"].tolist() == [numbers[0], *numbers[2:]]
    assert f"清单第 {row} 行 Row {row}；诉求 XX-1 派给 lamps" in told
    assert f"清单第 {row} 行另有牵头单位，只裁这一件" in ruled("XX-0", "--to", "stranger")
    assert f"同类 1 件一并派去 With it, of the same service: {numbers[3]}" in ruled(
        "hotline/XX-2", "--to", "lamps", "--alike"
    )


@pytest.mark.parametrize("step", ["send", "joint", "whistle"])
def test_nobody_is_given_what_complains_about_them_by_hand(store: Store, step: str) -> None:
    with store.owner.begin() as conn:
        conn.exec_driver_sql(
            "insert into party (code, kind, name, parent)"
            " values ('squad', 'section', '班', 'lamps')"
        )
    number = received(store, replace(at(2.5, 0.5, "1"), service="odd", against="路灯所")).id
    order = Order(step=step, reason="?", party="squad", parties=("squad",))
    if step == "joint":
        order = replace(order, party="lamps")
    with (
        transaction(store.app, "dispatcher") as conn,
        pytest.raises(StepRefusedError, match="complains about"),
    ):
        act(conn, number, order)


def test_a_ruling_reaches_what_is_held_whose_clock_goes_on(store: Store) -> None:
    number = sent(store)
    for person, order in (
        ("dispatcher", Order(step="take")),
        ("dispatcher", Order(step="ask_hold", reason="等裁定", review_on=date(2040, 1, 3))),
        ("dispatcher", Order(step="hold")),
    ):
        with transaction(store.app, person) as conn:
            before = act(conn, number, order)
    with store.owner.begin() as conn:
        conn.exec_driver_sql("update task set held_at = held_at - interval '14 days'")
    with transaction(store.app, "approver") as conn:
        _, case, *_ = rule_on(conn, number, "lamps", "三定方案第五条")
    (work,) = case.tasks
    assert (work.party, work.state, work.held_at, work.review_on) == ("lamps", "sent", None, None)
    assert work.due_at > before.tasks[0].due_at  # as much is left as when the clock stopped


def test_what_lies_nowhere_is_put_into_an_area_before_it_is_ruled_on(store: Store) -> None:
    number = received(store, Issue(source="web", reference="0", service="odd")).id
    toy.load_people(store, [], [("approver", "dispatcher", "admin", "370102")])
    with (
        transaction(store.app, "approver") as conn,
        pytest.raises(StepRefusedError, match="place"),
    ):
        rule_on(conn, number, "lamps", "x")
    with transaction(store.app, "approver") as conn:
        act(conn, number, Order(step="place", area=toy.TWO))
        act(conn, number, Order(step="send"))
        assert fallback_ledger(conn)[["kind", "issue"]].to_numpy().tolist() == [
            ["provisional", number]
        ]
        assert rule_on(conn, number, "lamps", "x").case.tasks[0].party == "lamps"


@pytest.mark.parametrize("service", [None, "unheard"])
def test_what_the_catalogue_does_not_have_is_ruled_on_alone(
    store: Store, service: str | None
) -> None:
    with store.owner.begin() as conn:  # then nobody answers in the grid
        conn.exec_driver_sql("update duty set valid_to = current_date where role = 'grid_leader'")
    number = sent(store, "1", service)
    with transaction(store.app, "approver") as conn:
        listed = len(read_list(conn))
        row, case, *_ = rule_on(conn, number, "lamps", "三定方案")
        assert (row, case.tasks[0].party, case.tasks[0].provisional) == (None, "lamps", False)
        assert len(read_list(conn)) == listed  # no row that nobody could go by
        assert len(fallback_ledger(conn)) == 0
        assert explain_issue(conn, number)["party"] == "lamps"


def test_only_the_district_rules_and_only_on_what_nobody_owned(store: Store) -> None:
    number, owned, plain = sent(store), sent(store, "2", "lamp"), sent(store, "3", None)
    toy.load_people(store, ["below"], [("below", "approver", "admin", toy.SUBDISTRICT)])
    with transaction(store.app, "below") as conn, pytest.raises(NotAllowedError):
        rule_on(conn, number, "lamps", "x")
    for issue, party, error in (
        (owned, "lamps", StepRefusedError),
        (number, "没有", MissingError),
        (10**9, "lamps", MissingError),
        (plain, "lamps", StepRefusedError),
    ):
        with transaction(store.app, "approver") as conn, pytest.raises(error):
            rule_on(conn, issue, party, "x")
    with (
        transaction(store.app, "approver") as conn,
        pytest.raises(StepRefusedError, match="ledger"),
    ):
        act(conn, number, Order(step="settle", party="lamps", reason="x"))
    with transaction(store.app, "approver") as conn:
        assert "settle" not in {edge.name for edge, _ in look(conn, number).offered}


def test_what_is_held_is_listed_by_the_day_it_is_looked_at_again(store: Store) -> None:
    number = sent(store, "1", "lamp")
    for person, order in (
        (f"leader-{toy.TWO}003", Order(step="take")),
        (
            f"leader-{toy.TWO}003",
            Order(step="ask_hold", reason="等材料", review_on=date(2040, 1, 3)),
        ),
    ):
        with transaction(store.app, person) as conn:
            act(conn, number, order)
    with transaction(store.app, "dispatcher") as conn:
        assert held_ledger(conn)["state"].tolist() == ["taken"]
        act(conn, number, Order(step="hold"))
        row = held_ledger(conn, scope=toy.TWO).iloc[0]
    assert (row["state"], row["review_on"], row["overdue"]) == ("held", date(2040, 1, 3), False)
