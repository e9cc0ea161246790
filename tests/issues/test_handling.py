"""Random orders by random people: laws of an issue's life, and the limits it keeps."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.calendar import calendar, deadlines, working_time
from geo.errors import IssueStepError, JingweiError, NotAllowedError, StepRefusedError
from geo.issues import (
    EDGES,
    ISSUE_STATES,
    Actor,
    Case,
    Desk,
    Order,
    allowed_steps,
    decide,
    offered,
    state_of,
)

LIMITS = deadlines()
WORKING = working_time(calendar(), LIMITS)
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # ten in the morning
NEW = Case(id=1, source="patrol", self_close=True)
ROLES = ("dispatcher", "approver", "checker", "reporter")
PEOPLE = ("wang", "li", "zhao")
actors = st.builds(
    lambda person, roles: Actor(person, frozenset({person}), frozenset(roles)),
    st.sampled_from(PEOPLE),
    st.sets(st.sampled_from(ROLES)),
)
orders = st.builds(
    Order,
    step=st.sampled_from([edge.name for edge in EDGES]),
    party=st.sampled_from((None, *PEOPLE)),
    reason=st.sampled_from(["", "不属我处"]),
    result=st.sampled_from(["", "已清运"]),
    days=st.sampled_from([None, -1.0, 2.0, 6.0]),
    review_on=st.sampled_from([None, datetime(2030, 1, 1, tzinfo=UTC).date()]),
    into=st.sampled_from([None, 1, 2]),
    solved=st.sampled_from([None, True, False]),
    satisfied=st.sampled_from([None, True]),
    parties=st.sampled_from([(), ("parks",), ("parks", "power"), ("li", "li")]),
    emergency=st.booleans(),
    away_m=st.sampled_from([None, 12.5]),
)


def desk(hours: float = 0, *, inspected: bool = False) -> Desk:
    return Desk(MONDAY + timedelta(hours=hours), WORKING, LIMITS, inspected)


def who(person: str, *roles: str) -> Actor:
    return Actor(person, frozenset({person}), frozenset(roles))


BOSS = who("boss", "dispatcher")
CHIEF = who("chief", "approver")
WANG = who("wang")


def after(*steps: tuple[Order, Actor, float], case: Case = NEW) -> Case:
    for order, actor, hours in steps:
        case = decide(case, order, actor, desk(hours))
    return case


SENT = (Order(step="send", party="wang"), BOSS, 0.0)
TAKEN = (Order(step="take"), WANG, 1.0)
DONE = (Order(step="finish", result="已清运"), WANG, 2.0)


@given(st.lists(st.tuples(orders, actors, st.booleans()), max_size=40))
def test_whatever_is_ordered_an_issue_stays_in_a_state_of_the_table(
    told: list[tuple[Order, Actor, bool]],
) -> None:
    case = NEW
    for hours, (order, actor, inspected) in enumerate(told):
        before = case
        try:
            case = decide(case, order, actor, desk(hours, inspected=inspected))
        except (IssueStepError, NotAllowedError, StepRefusedError):
            assert case == before
        leading = tuple(work.state for work in case.tasks if work.lead)
        assert case.state in ISSUE_STATES
        assert (case.state == "closed") == (case.outcome is not None)
        assert case.outcome in {"answered", "cancelled", "merged"} or case.state == state_of(
            leading
        )
        for work in case.tasks:
            assert not (case.state == "closed" and work.is_open)
            assert (work.state == "held") == (work.held_at is not None)
            assert work.yellow_at <= work.due_at
            assert work.extended <= LIMITS.extend


@given(st.lists(st.tuples(orders, actors), max_size=30), actors)
def test_what_is_offered_is_what_is_allowed(told: list[tuple[Order, Actor]], actor: Actor) -> None:
    case = NEW
    for order, other in told:
        try:
            case = decide(case, order, other, desk())
        except JingweiError:
            continue
    names = {(edge.name, task) for edge, task in offered(case, actor)}
    for edge in EDGES:
        for task in {None, *(work.id for work in case.tasks)}:
            full = Order(
                step=edge.name, task=task, party="li", reason="r", result="r", days=0.5, into=9,
                review_on=datetime(2030, 1, 1, tzinfo=UTC).date(), solved=True, satisfied=True,
                parties=("new",), away_m=1.0,
            )  # fmt: skip
            try:
                decide(case, full, actor, desk())
            except (IssueStepError, NotAllowedError):
                assert (edge.name, task) not in names or (edge.on == "issue" and task is not None)
            except StepRefusedError:
                continue
            else:
                meant = None if edge.on == "issue" else task
                assert (edge.name, meant) in names or task is None


def test_every_open_state_can_reach_closed() -> None:
    reaching = {"closed"}
    for _ in ISSUE_STATES:
        reaching |= {s for edge in EDGES if edge.target in reaching for s in edge.sources}
    assert reaching >= set(ISSUE_STATES)
    assert {edge.name for edge in allowed_steps("new", "dispatcher")} >= {"answer", "send"}


def test_the_clock_starts_at_send_and_stops_only_while_held() -> None:
    taken = after(SENT, TAKEN)
    (work,) = taken.tasks
    assert work.due_at == WORKING.after(MONDAY, 5)
    assert work.yellow_at == WORKING.after(MONDAY, 4)
    ask = Order(
        step="ask_hold", reason="待供热季", review_on=datetime(2027, 1, 1, tzinfo=UTC).date()
    )
    held = after((ask, WANG, 24), (Order(step="hold"), BOSS, 24), case=taken)
    resumed = after((Order(step="resume"), BOSS, 24 * 9), case=held).tasks[0]
    left = WORKING.elapsed(MONDAY + timedelta(hours=24), work.due_at)[0]
    assert WORKING.elapsed(MONDAY + timedelta(hours=24 * 9), resumed.due_at)[0] == left


def test_the_sources_own_due_time_comes_first() -> None:
    due = MONDAY + timedelta(days=1)
    (work,) = after(SENT, case=Case(id=1, source="hotline", due_at=due)).tasks
    assert work.due_at == due


def test_a_second_return_goes_to_a_ruling_which_binds() -> None:
    back = (Order(step="return", reason="不属我处"), WANG, 1.0)
    again = (Order(step="resend"), BOSS, 2.0)
    once = after(SENT, back, again)
    twice = after(back, case=once)
    assert (twice.state, twice.returns) == ("returned", 2)
    with pytest.raises(StepRefusedError, match="rule"):
        after(again, case=twice)
    with pytest.raises(NotAllowedError):
        after((Order(step="rule", reason="三定方案"), BOSS, 3.0), case=twice)
    ruled = after((Order(step="rule", reason="三定方案", party="wang"), CHIEF, 3.0), case=twice)
    with pytest.raises(StepRefusedError, match="ruled"):
        after(back, case=ruled)


def test_a_return_is_too_late_after_two_working_days() -> None:
    late = (Order(step="return", reason="不属我处"), WANG, 24.0 * 3)
    with pytest.raises(StepRefusedError, match="2 working days"):
        after(SENT, late)


def test_extensions_are_asked_for_granted_and_ten_days_at_most() -> None:
    ask = (Order(step="ask_extend", reason="等配件", days=6), WANG, 3.0)
    grant = (Order(step="extend"), BOSS, 4.0)
    with pytest.raises(StepRefusedError, match="not asked"):
        after(SENT, TAKEN, grant)
    longer = after(SENT, TAKEN, ask, grant)
    assert longer.tasks[0].due_at == WORKING.after(MONDAY, 11)
    with pytest.raises(StepRefusedError, match="10 working days"):
        after(ask, case=longer)


def test_who_finished_does_not_verify() -> None:
    both = who("wang", "dispatcher")
    with pytest.raises(NotAllowedError):
        after(SENT, TAKEN, DONE, (Order(step="pass"), both, 3.0))
    passed = after(SENT, TAKEN, DONE, (Order(step="pass"), BOSS, 3.0))
    assert (passed.state, passed.outcome) == ("closed", "solved")


def test_a_hotline_issue_is_closed_only_after_a_happy_call_back() -> None:
    done = after(SENT, TAKEN, DONE, case=Case(id=1, source="hotline"))
    with pytest.raises(StepRefusedError, match="called back"):
        after((Order(step="pass"), BOSS, 3.0), case=done)
    happy = Order(step="pass", solved=True, satisfied=True)
    assert after((happy, BOSS, 3.0), case=done).state == "closed"


def test_what_is_closed_on_the_spot_is_looked_at_by_lot() -> None:
    taken = after(SENT, TAKEN)
    close = Order(step="self_close", result="已清运")
    assert decide(taken, close, WANG, desk(2)).state == "closed"
    assert decide(taken, close, WANG, desk(2, inspected=True)).state == "done"
    with pytest.raises(StepRefusedError, match="on the spot"):
        after((close, WANG, 2.0), case=after(SENT, TAKEN, case=Case(id=1, source="patrol")))


def test_reopening_sends_it_to_the_same_holder_on_a_new_clock() -> None:
    closed = after(SENT, TAKEN, DONE, (Order(step="pass"), BOSS, 3.0))
    opened = after((Order(step="reopen", reason="又堆了"), BOSS, 24 * 7), case=closed)
    assert (opened.state, opened.outcome, opened.tasks[0].party) == ("sent", None, "wang")
    assert opened.tasks[0].due_at == WORKING.after(MONDAY + timedelta(days=7), 5)


CALL = Order(step="whistle", reason="占道施工", parties=("parks", "power"))


def test_a_whistle_calls_nobody_until_a_leader_has_signed() -> None:
    taken = after(SENT, TAKEN)
    drafted = after((CALL, WANG, 2.0), case=taken)
    assert [work.state for work in drafted.tasks] == ["taken", "drafted", "drafted"]
    assert drafted.state == "taken"
    with pytest.raises(NotAllowedError):
        after((Order(step="sign"), BOSS, 3.0), case=drafted)
    signed = after((Order(step="sign"), CHIEF, 3.0), case=drafted)
    assert [work.state for work in signed.tasks] == ["taken", "sent", "sent"]
    assert {work.signed_by for work in signed.tasks[1:]} == {"chief"}
    declined = after((Order(step="decline", reason="街道自办"), CHIEF, 3.0), case=drafted)
    assert [work.state for work in declined.tasks] == ["taken", "withdrawn", "withdrawn"]
    with pytest.raises(StepRefusedError, match="no whistle"):
        after((Order(step="sign"), CHIEF, 4.0), case=signed)


def test_in_an_emergency_departments_are_called_at_once_and_the_leader_signs_afterwards() -> None:
    call = replace(CALL, emergency=True)
    called = after((call, BOSS, 0.0))
    assert called.state == "sent"
    assert {work.arrive_by for work in called.tasks} == {MONDAY + timedelta(minutes=30)}
    parks = called.tasks[0].id
    there = after(
        (Order(step="take", task=parks), who("parks"), 0.1),
        (Order(step="arrive", task=parks, away_m=40.0), who("parks"), 0.3),
        case=called,
    )
    assert (there.tasks[0].arrived_at, there.tasks[0].away_m) == (
        MONDAY + timedelta(hours=0.3),
        40.0,
    )
    signed = after((Order(step="sign"), CHIEF, 5.0), case=there)
    assert [work.state for work in signed.tasks] == ["taken", "sent"]


def test_the_issue_closes_when_every_department_is_done() -> None:
    case = after((CALL, BOSS, 0.0), (Order(step="sign"), CHIEF, 1.0))
    for work in case.tasks:
        assert case.state != "closed"
        person = who(work.party)
        case = after(
            (Order(step="take", task=work.id), person, 2.0),
            (Order(step="finish", task=work.id, result="完工"), person, 3.0),
            (Order(step="pass", task=work.id), BOSS, 4.0),
            case=case,
        )
    assert (case.state, case.outcome) == ("closed", "solved")


def test_a_department_is_whistled_for_once() -> None:
    case = after((CALL, BOSS, 0.0), (Order(step="sign"), CHIEF, 1.0))
    with pytest.raises(StepRefusedError, match="each once"):
        after((CALL, BOSS, 2.0), case=case)
    with pytest.raises(StepRefusedError, match="each once"):
        after((replace(CALL, parties=("x", "x")), BOSS, 2.0))
