"""A step counts all tasks of its issue, those too that whoever takes it may not see."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from api.explaining import explain_issue
from api.why import why
from geo.errors import MissingError, RowRefusedError
from geo.issues import Case, Order, replayed
from geo.store import events
from geo.store.database import Engine, Store, transaction
from geo.store.incoming.surroundings import surroundings
from geo.store.working import fallback, issues
from geo.store.working.handling import act, look
from geo.store.working.reviews import read_reviews
from tests.store import toy
from tests.store.test_handling import LEADER, acted, plain
from tests.store.test_issues import at, received

OFFICES = "甲局", "乙局"


@pytest.fixture
def store(toy_store: Store) -> Store:
    """The toy city with two departments, a clerk in each, and a service closed on the spot."""
    with toy_store.owner.begin() as conn:
        conn.exec_driver_sql(
            "insert into party (code, kind, name, parent) values"
            " ('甲局', 'department', '甲局', null), ('clerk-甲局', 'person', '甲', '甲局'),"
            " ('乙局', 'department', '乙局', null), ('clerk-乙局', 'person', '乙', '乙局')"
        )
        conn.exec_driver_sql(
            "insert into service (code, name, self_close) values ('litter', '垃圾', true)"
        )
    return toy_store


def whistled(store: Store, **told: Any) -> int:
    """An issue with a grid leader at work, and two departments called in."""
    number = received(store, replace(at(2.5, 0.5), source="patrol", service="litter", **told)).id
    acted(store, "dispatcher", number, Order(step="send", party=LEADER))
    acted(store, "dispatcher", number, Order(step="whistle", parties=OFFICES, reason="井盖"))
    acted(store, "approver", number, Order(step="sign"))
    acted(store, LEADER, number, Order(step="take", task=1))
    return number


def whole(store: Store, number: int) -> Case:
    with transaction(store.owner, "audit") as conn:
        return look(conn, number).case


def test_a_department_that_is_done_closes_nobody_elses_work(store: Store) -> None:
    number = whistled(store)
    for office in OFFICES:
        assert acted(store, f"clerk-{office}", number, Order(step="take")).state != "done"
    for office in OFFICES:
        acted(store, f"clerk-{office}", number, Order(step="self_close", result="已加固"))
    case = whole(store, number)
    assert (case.state, case.outcome) == ("taken", None)
    with transaction(store.app, "clerk-甲局") as conn:
        assert [work.party for work in look(conn, number).case.tasks] == ["甲局"]
        assert look(conn, number).case.state == "taken"


def test_why_an_issue_is_theirs_names_who_leads_and_who_was_called_to_it(store: Store) -> None:
    number = whistled(store)
    acted(store, f"clerk-{OFFICES[0]}", number, Order(step="return", reason="不归我们"))
    back = next(work.id for work in whole(store, number).tasks if work.state == "returned")
    order = Order(step="rule", task=back, party=OFFICES[0], reason="归你")
    acted(store, "approver", number, order)
    acted(store, LEADER, number, Order(step="escalate", task=1, reason="要动用资金"))
    with transaction(store.owner, "audit") as conn:
        told = explain_issue(conn, number)
    assert told["party"] == LEADER, "not whom the ruling on a whistle, or reporting up, named"
    names = [(step["step"], [one["party"] for one in step["parties"]]) for step in told["sent"]]
    assert names[:3] == [("send", []), ("whistle", list(OFFICES)), ("sign", [])]
    assert [name for name, _ in names[3:]] == ["rule", "escalate"]
    with transaction(store.owner, "audit") as conn:
        told = why(conn, number)
    (lane,) = told["lane"]["features"]
    assert lane["geometry"]["type"].endswith("LineString")
    assert told["path"][-1] == f"lane:{lane['properties']['code']}"


def test_who_assists_is_named_by_hand_and_withdrawn_with_the_send(store: Store) -> None:
    number = received(store, replace(at(2.5, 0.5), source="patrol", service="litter")).id
    send = Order(step="send", party="甲局", assists=("乙局",))
    acted(store, "dispatcher", number, send)
    lead, _ = whole(store, number).tasks
    acted(store, "dispatcher", number, Order(step="withdraw", task=lead.id))
    acted(store, "dispatcher", number, send)
    case = whole(store, number)
    assert [(work.party, work.lead) for work in case.tasks if work.is_open] == [
        ("甲局", True), ("乙局", False),
    ]  # fmt: skip
    with transaction(store.owner, "audit") as conn:
        assert [one["party"] for one in explain_issue(conn, number)["assists"]] == ["乙局"]
        with pytest.raises(MissingError, match="丙局"):
            act(
                conn,
                number,
                Order(step="whistle", parties=("甲局",), assists=("丙局",), reason="x"),
            )


def test_whose_duties_are_all_over_still_calls_others_to_what_she_took(store: Store) -> None:
    number = received(store, replace(at(2.5, 0.5), source="patrol", service="litter")).id
    acted(store, "dispatcher", number, Order(step="send", party="甲局"))
    acted(store, "clerk-甲局", number, Order(step="take"))
    with store.owner.begin() as conn:
        conn.exec_driver_sql(
            "insert into duty (party, role, net, area, valid_from, valid_to) values"
            f" ('clerk-甲局', 'dispatcher', 'admin', '{toy.TWO}', '2020-01-01', '2021-01-01')"
        )
    call = Order(step="whistle", parties=("乙局",), reason="要一起办")
    acted(store, "clerk-甲局", number, call)
    called = [(work.party, work.state) for work in whole(store, number).tasks]
    assert called == [("甲局", "taken"), ("乙局", "drafted")]


@pytest.mark.parametrize("handed_in", [False, True])
def test_the_last_to_close_ends_tasks_that_it_does_not_see(
    store: Store, *, handed_in: bool
) -> None:
    number = received(store, replace(at(2.5, 0.5), source="patrol", service="litter")).id
    with transaction(store.app, "dispatcher") as conn:
        act(conn, number, Order(step="send", party="甲局", assists=("乙局",)))
    if handed_in:
        acted(store, "clerk-乙局", number, Order(step="take"))
        acted(store, "clerk-乙局", number, Order(step="finish", result="已协助"))
    acted(store, "clerk-甲局", number, Order(step="take"))
    closed = acted(store, "clerk-甲局", number, Order(step="self_close", result="已清运"))
    if closed.state == "done":  # by lot it is looked at all the same
        closed = acted(store, "dispatcher", number, Order(step="pass"))
    case = whole(store, number)
    assert [(work.party, work.state) for work in case.tasks[:2]] == [
        ("甲局", "closed"), ("乙局", "closed" if handed_in else "withdrawn"),
    ]  # fmt: skip
    with transaction(store.owner, "audit") as conn:
        _, tasks = replayed(events.history(conn, "issue", number).detail)
    assert tasks == {work.id: plain(asdict(work)) for work in case.tasks}


def test_tasks_go_where_their_issue_is_put(store: Store) -> None:
    number = received(store, at(9, 9, "lost")).id
    acted(store, "dispatcher", number, Order(step="send", party="甲局"))
    lon, lat = toy.WEST + 2.5 * toy.STEP, toy.SOUTH + 0.5 * toy.STEP
    acted(store, "dispatcher", number, Order(step="place", lon=lon, lat=lat))
    with transaction(store.app, LEADER) as conn:
        assert [work.party for work in look(conn, number).case.tasks] == ["甲局"]


def test_of_several_that_have_a_step_ones_own_is_meant(store: Store) -> None:
    number = whistled(store)
    assert acted(store, "clerk-乙局", number, Order(step="take")).tasks[2].state == "taken"


def test_a_department_reads_no_words_of_another(store: Store) -> None:
    number = whistled(store)
    for office in OFFICES:
        acted(store, f"clerk-{office}", number, Order(step="take"))
        acted(store, f"clerk-{office}", number, Order(step="finish", result=f"{office}的话"))

    def words(person: str) -> set[str]:
        with transaction(store.app, person) as conn:
            orders = [row.get("order", {}) for row in events.history(conn, "issue", number).detail]
        return {order["result"] for order in orders if "result" in order}

    assert words("clerk-甲局") == {"甲局的话"}
    assert words("dispatcher") == words(LEADER) == {"甲局的话", "乙局的话"}


def test_words_of_what_is_confidential_are_for_those_who_handle_it(store: Store) -> None:
    said = {"text": "举报某人", "address": "3号楼", "against": "某公司", "confidential": True}
    number = whistled(store, **said)
    with transaction(store.owner, "import") as conn:
        conn.execute(
            text("insert into answer (issue, code, value) values (:i, 'who', '{某人}')"),
            {"i": number},
        )
        conn.execute(
            text(
                "insert into review (kind, issue, task, rater, ratee, text, path, made_by)"
                " select 'call_back', :i, 1, 'reporter', '甲局', '还是他', path, 'x'"
                " from issue where id = :i"
            ),
            {"i": number},
        )

    acted(store, LEADER, number, Order(step="finish", task=1, result="查实某人"))
    acted(store, LEADER, number, Order(step="appeal", task=1, reason="某人说的"))

    def read(person: str) -> tuple[Any, ...]:
        with transaction(store.app, person) as conn:
            row = issues.read_issues(conn).astype("object").iloc[0].fillna("")
            answers = conn.execute(text("select count(*) from answer")).scalar_one()
            told = events.history(conn, "issue", number).detail
            reasons = [d["order"]["reason"] for d in told if "reason" in d.get("order", {})]
            rated = "".join(read_reviews(conn, issue=number)["text"])
            address = surroundings(conn, number).issue["address"]
            results = "".join(task.result for task in look(conn, number).case.tasks)
            appealed = "".join(fallback.appeals_ledger(conn)["reason"])
        assert address == row["address"]
        return row["text"], address, row["against"], answers, rated, reasons, results, appealed

    for person in ("dispatcher", LEADER, "clerk-甲局"):
        assert read(person)[:4] == ("举报某人", "3号楼", "某公司", 1), person
    assert read("dispatcher")[4] == read("clerk-甲局")[4] == "还是他"
    assert read("dispatcher")[6:] == read(LEADER)[6:] == ("查实某人", "某人说的")
    ruled = ("", "", "", 0, "", ["井盖", "某人说的"], "查实某人", "某人说的")
    assert read("approver") == read("checker") == ruled  # to sign, to pass, to rule
    for person in ("planner", "leader"):
        assert read(person) == ("", "", "", 0, "", [], "", ""), person


def test_who_is_complained_about_in_confidence_learns_it_by_no_chain_of_reasons(
    store: Store,
) -> None:
    """It names whom it passes over; where it names another, one knows oneself passed over."""
    said: dict[str, Any] = {"against": LEADER, "confidential": True}
    number = received(store, replace(at(2.5, 0.5, "secret"), **said)).id

    def told(person: str) -> tuple[bool, object, int, bool]:
        with transaction(store.app, person) as conn:
            one = explain_issue(conn, number)
            page = str(why(conn, number))
        return one["withheld"], one["party"], len(one["reasons"]), "passed_over" in page

    for sent in (False, True):
        if sent:
            acted(store, "dispatcher", number, Order(step="send"))
        withheld, holder, rungs, _ = told("dispatcher")
        assert (withheld, rungs > 1) == (False, True)
        assert told("checker") == (False, holder, rungs, True)
        for person in ("planner", LEADER):
            assert told(person) == (True, holder if sent else None, 0, False), person


@pytest.mark.parametrize(
    "order",
    [
        "update issue set text = 'x'",
        "update issue set received_by = 'leader'",
        "update issue set grid_revision = 0, confidential = false",
        "update task set issue = 2",
        "update task set made_by = 'leader'",
        """insert into task (issue, kind, party, path, made_by, due_at)
        values (3, 'handle', 'dispatcher', '{370102001}', 'dispatcher', now())""",
    ],
)
def test_what_was_recorded_stays_and_nobody_makes_himself_a_holder(
    store: Store, order: str
) -> None:
    for n in range(2):
        whistled_or_sent = received(store, at(2.5, 0.5, str(n))).id
        acted(store, "dispatcher", whistled_or_sent, Order(step="send", party="dispatcher"))
    with transaction(store.app, "stranger") as conn:
        hidden = issues.receive(conn, at(9, 9, "hidden")).id
    with store.owner.begin() as conn:
        conn.execute(text("update issue set path = '{3799}' where id = :i"), {"i": hidden})
    assert hidden == 3
    refused = (ProgrammingError, RowRefusedError)  # by a grant, by a policy
    with pytest.raises(refused), transaction(store.app, "dispatcher") as conn:
        conn.execute(text(order))


def test_one_issue_is_seen_by_the_same_people_as_among_many(store: Store) -> None:
    numbers = [whistled(store)]
    numbers.append(received(store, at(9, 9, "lost")).id)
    acted(store, "dispatcher", numbers[1], Order(step="send", party="乙局"))
    acted(store, "clerk-乙局", numbers[1], Order(step="take"))
    handed = Order(step="hand_over", party="甲局", reason="轮岗")
    acted(store, "clerk-乙局", numbers[1], handed)
    people = (*toy.PEOPLE, LEADER, f"leader-{toy.ONE}001", "clerk-甲局", "clerk-乙局", "")
    seen = text("select id, acting_sees(id) from unnest(cast(:ids as bigint[])) as id")
    for person in people:
        with transaction(store.app, person) as conn:
            one = {row.id for row in conn.execute(seen, {"ids": numbers}) if row.acting_sees}
            many = set(conn.execute(text("select id from issue")).scalars())
        assert one == many, person


BEYOND = (
    "select calls_of_reporter(1, 90)",
    "select cardinality(merged_sources(1))",
    "select count(*) from merged_root(2)",
    "select count(*) from tasks_of_issue(1)",
    "select count(*) from merged_reports(1)",
)


def test_what_is_told_with_the_owners_rights_is_told_to_who_sees_the_issue(store: Store) -> None:
    for n, source in enumerate(("patrol", "wechat"), 1):
        reported = replace(at(2.5, 0.5, str(n)), source=source, reporter="a" * 32)
        assert received(store, reported).id == n
    acted(store, "dispatcher", 1, Order(step="send", party="甲局"))
    acted(store, "dispatcher", 2, Order(step="merge", into=1))

    def told(who: Engine, person: str) -> list[int]:
        with transaction(who, person) as conn:
            return [int(conn.execute(text(asked)).scalar_one()) for asked in BEYOND]

    assert told(store.app, "dispatcher") == told(store.owner, "stranger") == [1, 1, 1, 1, 1]
    assert told(store.app, "clerk-甲局") == [1, 1, 0, 1, 1]  # sees the one that does the work
    assert told(store.app, "stranger") == told(store.app, "") == [0, 0, 0, 0, 0]


def test_whoever_dispatches_takes_back_what_was_sent_of_an_issue_that_lies_nowhere(
    store: Store,
) -> None:
    number = received(store, at(9, 9, "nowhere")).id
    toy.load_people(store, ["elsewhere"], [("elsewhere", "dispatcher", "admin", toy.TWO)])
    acted(store, "dispatcher", number, Order(step="send", party="乙局"))
    with pytest.raises(MissingError):  # no dispatcher: neither the issue nor its task is theirs
        acted(store, "stranger", number, Order(step="withdraw"))
    assert acted(store, "elsewhere", number, Order(step="withdraw")).state == "new"


def test_who_reported_what_lies_nowhere_is_called_back_and_it_is_closed(store: Store) -> None:
    number = received(store, replace(at(9, 9, "nowhere"), source="hotline")).id
    toy.load_people(store, ["elsewhere"], [("elsewhere", "dispatcher", "admin", toy.TWO)])
    acted(store, "dispatcher", number, Order(step="send", party="乙局"))
    acted(store, "clerk-乙局", number, Order(step="take"))
    acted(store, "clerk-乙局", number, Order(step="finish", result="已办"))
    happy = Order(step="pass", solved=True, satisfied=True)
    assert acted(store, "elsewhere", number, happy).outcome == "solved"
    with transaction(store.app, "elsewhere") as conn:
        assert read_reviews(conn, issue=number)["kind"].tolist() == ["call_back"]


def test_a_step_on_a_task_that_cannot_be_written_is_no_step(store: Store) -> None:
    number = received(store, at(9, 9, "nowhere")).id
    toy.load_people(store, ["elsewhere"], [("elsewhere", "dispatcher", "admin", toy.TWO)])
    acted(store, "dispatcher", number, Order(step="send", party="乙局"))
    with transaction(store.owner, "x") as conn:  # the work lies elsewhere than the issue
        conn.execute(text("update task set path = :path"), {"path": [toy.ONE]})
    with pytest.raises(MissingError):  # sees the issue in the queue, and no task of it
        acted(store, "elsewhere", number, Order(step="withdraw"))
    with transaction(store.owner, "audit") as conn:
        case, told = look(conn, number).case, events.history(conn, "issue", number)
    assert [work.state for work in case.tasks] == ["sent"]
    assert told["name"].tolist() == ["receive", "send"]
