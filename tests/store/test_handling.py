"""Issues handled on the database: rows and events tell one story, whoever acts how often."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from typing import Any, Final

import pandas as pd
import pytest

from geo.errors import (
    IssueStepError,
    MissingError,
    NobodyInChargeError,
    NotAllowedError,
    StaleIssueError,
    StepNotYoursError,
    StepRefusedError,
)
from geo.issues import EDGES, ISSUE_STATES, Case, Order, replayed
from geo.store import events, imports
from geo.store.database import Store, transaction
from geo.store.incoming.intake import receive
from geo.store.rules.routing import sent_route
from geo.store.working import issues
from geo.store.working.handling import act, look
from geo.store.working.rates import read_rates
from tests.deep import cases
from tests.store import toy
from tests.store.test_issues import at, received

LEADER: Final = f"leader-{toy.TWO}003"
PEOPLE: Final = ("dispatcher", "approver", "checker", "leader", "stranger", LEADER)
REFUSALS: Final = (
    *(IssueStepError, MissingError, NobodyInChargeError, NotAllowedError),
    StepRefusedError,
)


@pytest.fixture
def store(toy_store: Store) -> Store:
    return toy_store


def acted(store: Store, person: str, issue: int, order: Order, version: int | None = None) -> Case:
    with transaction(store.app, person) as conn:
        return act(conn, issue, order, version=version)


def plain(values: dict[str, Any]) -> dict[str, Any]:
    told = {k: v.astimezone(UTC) if isinstance(v, datetime) else v for k, v in values.items()}
    return {k: v.isoformat() if isinstance(v, date) else v for k, v in told.items()}


def any_step(store: Store, person: str, issue: int, draw: random.Random) -> str:
    """Return a step that the person is offered, or now and then any."""
    try:
        with transaction(store.app, person) as conn:
            names = [edge.name for edge, _ in look(conn, issue).offered]
    except MissingError:
        names = []
    return draw.choice(names if names and draw.random() < 0.9 else [edge.name for edge in EDGES])


def any_order(step: str, draw: random.Random) -> Order:
    return Order(
        step=step,
        party=draw.choice([None, None, "leader", LEADER, "nobody"]),
        reason=draw.choice(["", "不属我处"]),
        result=draw.choice(["", "已清运"]),
        days=draw.choice([None, 2.0, 6.0]),
        review_on=draw.choice([None, date(2040, 1, 3)]),
        into=draw.choice([None, 1]),
        solved=draw.choice([None, True]),
        satisfied=draw.choice([None, True]),
        parties=draw.choice([(), ("leader",), ("stranger", LEADER)]),
        emergency=draw.random() < 0.5,
        away_m=draw.choice([None, 30.0]),
    )


def test_whatever_people_order_the_events_replay_to_the_rows(store: Store) -> None:
    draw = random.Random(7)
    numbers = [received(store, at(2.5, 0.5, str(n))).id for n in range(3)]
    taken: Counter[str] = Counter()
    for _ in range(cases(200)):
        person, number = draw.choice(PEOPLE), draw.choice(numbers)
        order = any_order(any_step(store, person, number, draw), draw)
        try:
            acted(store, person, number, order)
        except REFUSALS:
            continue
        taken[order.step] += 1
    assert len(taken) > len(EDGES) / 3  # all of them: benchmarks/commands.py
    with transaction(store.owner, "audit") as conn:
        for number in numbers:
            case = look(conn, number).case
            issue, tasks = replayed(events.history(conn, "issue", number).detail)
            assert case.state in ISSUE_STATES
            assert {k: getattr(case, "into" if k == "merged_into" else k) for k in issue} == issue
            assert tasks == {work.id: plain(asdict(work)) for work in case.tasks}


def test_of_two_who_saw_the_same_version_one_is_told_to_look_again(store: Store) -> None:
    number = received(store, at(2.5, 0.5)).id
    orders = [Order(step="answer", result="已答复"), Order(step="send")]

    def tried(order: Order) -> str:
        try:
            return acted(store, "dispatcher", number, order, version=1).state
        except StaleIssueError:
            return "stale"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(tried, orders))
    assert "stale" in answers
    assert len(set(answers)) == 2


def test_a_refused_step_leaves_nothing_behind(store: Store) -> None:
    number = received(store, at(2.5, 0.5)).id
    with pytest.raises(MissingError, match="nobody"):
        acted(store, "dispatcher", number, Order(step="send", party="nobody"))
    with pytest.raises(NotAllowedError):
        acted(store, "leader", number, Order(step="send"))
    with transaction(store.owner, "audit") as conn:
        case, version, *_ = look(conn, number)
        assert (case.state, case.tasks, version) == ("new", (), 1)
        assert events.history(conn, "issue", number).name.tolist() == ["receive"]


def test_a_holder_hands_over_and_then_may_only_look_on(store: Store) -> None:
    number = received(store, at(2.5, 0.5)).id
    acted(store, "dispatcher", number, Order(step="send", party="stranger"))
    acted(store, "stranger", number, Order(step="take"))
    handed = acted(store, "stranger", number, Order(step="hand_over", reason="轮岗", party=LEADER))
    assert (handed.state, handed.tasks[0].party) == ("sent", LEADER)
    with pytest.raises(
        StepNotYoursError, match=r"issue 1, but 'take'.*: ask whoever holds the task"
    ):
        acted(store, "stranger", number, Order(step="take"))
    with transaction(store.app, "stranger") as conn:
        assert look(conn, number).offered == ()
    assert acted(store, LEADER, number, Order(step="take")).state == "taken"


@pytest.mark.parametrize(
    ("order", "who"),
    [
        (Order(step="whistle", reason="占道", parties=(LEADER,)), "a checker of the place"),
        (Order(step="reopen", reason="复发"), "or whoever reported it"),
        (Order(step="pass", solved=True, satisfied=True), "who did not handle it"),
    ],
)
def test_who_only_wrote_an_issue_down_is_told_who_handles_it_and_others_that_there_is_none(
    store: Store, order: Order, who: str
) -> None:
    toy.load_people(store, ["elsewhere"], [("elsewhere", "dispatcher", "admin", toy.ONE)])
    with transaction(store.app, "stranger") as conn:
        number = receive(conn, at(2.5, 0.5)).id
    with pytest.raises(StepNotYoursError, match=who):
        acted(store, "stranger", number, order)
    with pytest.raises(MissingError) as unseen:
        acted(store, "elsewhere", number, order)
    with pytest.raises(MissingError) as absent:
        acted(store, "elsewhere", 10**6, order)
    assert str(unseen.value).replace(str(number), "N") == str(absent.value).replace("1000000", "N")


def test_what_one_sees_and_others_handle_is_nothing_to_merge_into(store: Store) -> None:
    toy.load_people(store, ["elsewhere"], [("elsewhere", "dispatcher", "admin", toy.ONE)])
    with transaction(store.app, "elsewhere") as conn:
        into = receive(conn, at(2.5, 0.5, "theirs")).id
    own = received(store, at(0.5, 0.5, "ours")).id
    with pytest.raises(StepNotYoursError, match=f"issue {into}, but 'merge'"):
        acted(store, "elsewhere", own, Order(step="merge", into=into))


def test_the_people_of_a_department_work_on_what_it_was_sent(store: Store) -> None:
    with store.owner.begin() as conn:
        conn.exec_driver_sql(
            "insert into party (code, kind, name, parent) values"
            " ('parks', 'department', '园林局', null), ('squad', 'section', '养护队', 'parks'),"
            " ('gardener', 'person', '园丁', 'squad')"
        )
    number = received(store, at(2.5, 0.5)).id
    acted(store, "dispatcher", number, Order(step="send", party="parks"))
    assert acted(store, "gardener", number, Order(step="take")).state == "taken"
    done = acted(store, "gardener", number, Order(step="finish", result="已补种"))
    assert done.tasks[0].finished_by == "gardener"
    with transaction(store.app, "gardener") as conn:
        assert issues.read_issues(conn).id.tolist() == [number]


def test_an_issue_is_merged_into_one_that_is_there(store: Store) -> None:
    first, second = (received(store, at(2.5, 0.5, str(n))).id for n in range(2))
    with pytest.raises(MissingError):
        acted(store, "dispatcher", second, Order(step="merge", into=10**6))
    merged = acted(store, "dispatcher", second, Order(step="merge", into=first))
    assert (merged.state, merged.outcome, merged.into) == ("closed", "merged", first)


def test_those_who_reported_what_was_merged_are_counted_once_each(store: Store) -> None:
    who = ("a" * 32, "b" * 32, "b" * 32, None, None)
    told = [replace(at(2.5, 0.5, f"r{n}"), reporter=key) for n, key in enumerate(who)]
    first, second, third, fourth, alone = (received(store, issue).id for issue in told)
    for number, into in ((third, second), (second, first), (fourth, first)):
        acted(store, "dispatcher", number, Order(step="merge", into=into))
    with transaction(store.app, "dispatcher") as conn:
        assert issues.reported_by(conn, [first, second, third, alone]) == {first: 3}


def test_of_two_merged_into_each_other_at_once_one_goes_on(store: Store) -> None:
    for n in range(5):
        pair = [received(store, at(2.5, 0.5, f"{n}-{k}")).id for k in range(2)]

        def merged(number: int, into: int) -> str:
            try:
                return acted(store, "dispatcher", number, Order(step="merge", into=into)).state
            except REFUSALS as error:
                return type(error).__name__

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(merged, pair, pair[::-1])) == ["StepRefusedError", "closed"]


def test_an_issue_is_sent_by_its_route_with_who_assists_and_the_reasons_are_kept(
    store: Store,
) -> None:
    with store.owner.begin() as conn:
        conn.exec_driver_sql(
            "insert into party (code, kind, name) values"
            " ('lamps', 'department', '路灯所'), ('power', 'department', '供电所')"
        )
        conn.exec_driver_sql(
            "insert into service (code, name, parent) values"
            " ('roads', '道路', null), ('lamp', '路灯', 'roads'), ('litter', '垃圾', null)"
        )
        conn.exec_driver_sql(
            "insert into duty (party, role, net, area, service, lead) values"
            f" ('lamps', 'department', 'admin', '{toy.SUBDISTRICT}', 'roads', true),"
            f" ('power', 'department', 'admin', '{toy.SUBDISTRICT}', 'roads', false)"
        )
    lamp = replace(at(2.5, 0.5, "lamp"), service="lamp")
    litter = replace(at(2.5, 0.5, "litter"), service="litter")
    numbers = [received(store, issue).id for issue in (lamp, litter)]
    sent = [acted(store, "dispatcher", number, Order(step="send")) for number in numbers]
    assert [case.tasks[0].party for case in sent] == ["lamps", LEADER]
    assert [(work.party, work.lead) for work in sent[0].tasks[1:]] == [("power", False)]
    with transaction(store.owner, "audit") as conn:
        told = events.history(conn, "issue", numbers[0]).iloc[-1].detail["order"]["route"]
    assert [(rung["rung"], rung["service"], rung["party"]) for rung in told] == [
        ("list", "roads", "lamps")
    ]
    strange = received(store, replace(at(2.5, 0.5, "odd"), service="odd"))
    sent = [acted(store, "dispatcher", strange.id, Order(step="send"))]
    assert sent[0].tasks[0].party == LEADER
    with transaction(store.owner, "audit") as conn:
        told = events.history(conn, "issue", strange.id).iloc[-1].detail["order"]["route"]
    assert told[0]["faults"] == ["service-unknown"]


def test_what_lies_nowhere_is_sent_to_nobody(store: Store) -> None:
    lost = received(store, at(9, 9, "lost"))
    with pytest.raises(StepRefusedError, match="nobody knows where it is"):
        acted(store, "dispatcher", lost.id, Order(step="send"))


def test_a_service_that_may_be_closed_on_the_spot_comes_in_with_the_catalogue(store: Store) -> None:
    catalogue = pd.DataFrame({"code": ["litter"], "name": ["垃圾"], "self_close": [True]})
    with transaction(store.owner, "import") as conn:
        imports.commit_services(conn, catalogue, imports.open_batch(conn, "services"))
    number = received(store, replace(at(2.5, 0.5), service="litter")).id
    for person, step in (("dispatcher", "send"), (LEADER, "take")):
        acted(store, person, number, Order(step=step))
    closed = acted(store, LEADER, number, Order(step="self_close", result="已清运"))
    assert closed.state in {"closed", "done"}  # by lot it is looked at all the same


def test_what_is_reported_up_goes_to_who_dispatches_above_and_is_not_solved_in_the_grid(
    store: Store,
) -> None:
    with store.owner.begin() as conn:
        conn.exec_driver_sql(
            "insert into party (code, kind, name) values"
            " ('desk', 'person', '社区'), ('city', 'person', '市')"
        )
        conn.exec_driver_sql(
            "insert into duty (party, role, net, area) values"
            f" ('desk', 'dispatcher', 'admin', '{toy.TWO}'),"
            " ('city', 'dispatcher', 'admin', '3701')"
        )
    found = (replace(at(2.5, 0.5, key), source="patrol") for key in ("up", "against"))
    number, other = (received(store, issue).id for issue in found)
    up = Order(step="escalate", reason="要动用资金")
    with store.owner.begin() as conn:
        conn.exec_driver_sql(f"update issue set against = 'desk' where id = {other}")
    for issue, ways in ((number, ("desk", "dispatcher", "city")), (other, ("dispatcher",))):
        acted(store, "dispatcher", issue, Order(step="send", party=LEADER))
        holder, mine = LEADER, None
        for above in ways:
            acted(store, holder, issue, Order(step="take", task=mine))
            case = acted(store, holder, issue, replace(up, task=mine))
            assert (case.tasks[-1].party, case.state) == (above, "sent")
            holder, mine = above, case.tasks[-1].id
    acted(store, "city", number, Order(step="take", task=mine_of(store, number, "city")))
    with pytest.raises(StepRefusedError, match="nobody dispatches above"):
        acted(store, "city", number, replace(up, task=mine_of(store, number, "city")))
    with transaction(store.owner, "audit") as conn:
        steps = [(sent.step, sent.party) for sent in sent_route(conn, number)]
    assert steps[1:] == [("escalate", party) for party in ("desk", "dispatcher", "city")]
    for person in (LEADER, "desk", "dispatcher", "city"):
        task = mine_of(store, number, person)
        acted(store, person, number, Order(step="finish", task=task, result="已修"))
        case = acted(store, "checker", number, Order(step="pass", task=task))
    assert (case.state, case.outcome) == ("closed", "solved")
    with transaction(store.owner, "audit") as conn:
        assert look(conn, other).case.state == "sent"
        begun, over = datetime(2020, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)
        rates = read_rates(conn, since=begun, until=over).iloc[0]
    assert rates["solved_in_grid"] == 0


def mine_of(store: Store, number: int, party: str) -> int:
    with transaction(store.owner, "audit") as conn:
        works = look(conn, number).case.tasks
    return next(work.id for work in works if work.party == party)
