"""Random orders by random people: laws of an issue's life, and the limits it keeps."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.calendar import calendar, deadlines, working_time
from geo.errors import (
    IssueStepError,
    JingweiError,
    NotAllowedError,
    StepNotYoursError,
    StepRefusedError,
    UnknownStepError,
)
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
    step,
)

LIMITS = deadlines()
WORKING = working_time(calendar(), LIMITS)
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # ten in the morning
NEW = Case(id=1, source="patrol", self_close=True)
ROLES = ("dispatcher", "approver", "district", "checker", "reporter")
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
    assists=st.sampled_from([(), ("fire",), ("fire", "li"), ("zhao", "zhao")]),
    emergency=st.booleans(),
    away_m=st.sampled_from([None, 12.5]),
)


def desk(hours: float = 0, *, inspected: bool = False) -> Desk:
    moment = MONDAY + timedelta(hours=hours)
    return Desk(moment, WORKING, LIMITS, inspected, inspector="zhao" if inspected else None)


def who(person: str, *roles: str) -> Actor:
    return Actor(person, frozenset({person}), frozenset(roles))


BOSS = who("boss", "dispatcher")
CHIEF = who("chief", "approver")
DISTRICT = who("district", "approver", "district")
WANG = who("wang")


def after(*steps: tuple[Order, Actor, float], case: Case = NEW) -> Case:
    for order, actor, hours in steps:
        case = decide(case, order, actor, desk(hours))
    return case


SENT = (Order(step="send", party="wang"), BOSS, 0.0)
TAKEN = (Order(step="take"), WANG, 1.0)
DONE = (Order(step="finish", result="已清运"), WANG, 2.0)


def test_who_assists_is_named_by_hand_once_and_goes_with_a_send_that_is_withdrawn() -> None:
    send = replace(SENT[0], assists=("fire", "parks"))
    sent = after((send, BOSS, 0.0), (Order(step="take", task=-3), who("parks"), 0.5))
    assert [(work.party, work.lead, work.state) for work in sent.tasks] == [
        ("wang", True, "sent"), ("fire", False, "sent"), ("parks", False, "taken"),
    ]  # fmt: skip
    back = after((Order(step="withdraw", task=-1), BOSS, 1.0), case=sent)
    assert [work.state for work in back.tasks] == ["withdrawn", "withdrawn", "taken"]
    again = after((replace(send, party="li"), BOSS, 2.0), case=back)
    assert [work.party for work in again.tasks if work.is_open] == ["parks", "li", "fire"]


@pytest.mark.parametrize(
    ("order", "said"),
    [
        (Order(step="send", party="wang", assists=("wang",)), "once"),
        (Order(step="send", party="wang", assists=("fire", "fire")), "once"),
        (Order(step="urge", assists=("fire",)), "send and whistle"),
        (Order(step="whistle", reason="施工", parties=("fire",), assists=("fire",)), "each once"),
    ],
)
def test_who_assists_is_refused_where_it_says_nothing_new(order: Order, said: str) -> None:
    case = after(SENT) if order.step == "urge" else NEW
    with pytest.raises(StepRefusedError, match=said):
        after((order, BOSS, 1.0), case=case)


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


def test_only_what_was_asked_is_offered_to_be_granted_or_signed() -> None:
    taken = after(SENT, TAKEN)
    answers = {"extend", "hold", "refuse", "sign", "decline"}
    assert not answers & {edge.name for actor in (BOSS, CHIEF) for edge, _ in offered(taken, actor)}
    asked = after((Order(step="ask_extend", reason="等配件", days=2), WANG, 2.0), case=taken)
    assert answers & {edge.name for edge, _ in offered(asked, BOSS)} == {"extend", "refuse"}
    called = after(
        (Order(step="whistle", reason="占道", parties=("parks",)), WANG, 2.0), case=taken
    )
    assert answers & {edge.name for edge, _ in offered(called, CHIEF)} == {"sign", "decline"}


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


def test_closing_on_the_spot_is_offered_where_the_service_allows_it() -> None:
    plain = replace(NEW, self_close=False)
    names = [{edge.name for edge, _ in offered(after(SENT, TAKEN, case=case), WANG)}
             for case in (NEW, plain)]  # fmt: skip
    assert names[0] - names[1] == {"self_close"}


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
    with pytest.raises(StepNotYoursError, match="an approver of the district"):
        after((Order(step="rule", reason="三定方案"), CHIEF, 3.0), case=twice)
    ruled = after((Order(step="rule", reason="三定方案", party="wang"), DISTRICT, 3.0), case=twice)
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


def test_what_is_closed_on_the_spot_is_looked_at_by_lot() -> None:
    taken = after(SENT, TAKEN)
    close = Order(step="self_close", result="已清运")
    assert decide(taken, close, WANG, desk(2)).state == "closed"
    assert decide(taken, close, WANG, desk(2, inspected=True)).state == "done"
    with pytest.raises(StepRefusedError, match="on the spot"):
        after((close, WANG, 2.0), case=after(SENT, TAKEN, case=Case(id=1, source="patrol")))


def test_a_service_may_want_a_photo_of_the_result_since_it_was_taken() -> None:
    wanting = replace(NEW, needs_photo=True)
    taken = after(SENT, TAKEN, case=wanting)
    for photographed in (None, MONDAY):
        with pytest.raises(StepRefusedError, match="photo"):
            after(DONE, case=replace(taken, photographed_at=photographed))
    shown = replace(taken, photographed_at=MONDAY + timedelta(hours=1.5))
    done = after(DONE, case=shown)
    assert done.state == "done"
    again = (Order(step="fail", reason="又脏"), BOSS, 3.0), (Order(step="take"), WANG, 4.0)
    with pytest.raises(StepRefusedError, match="photo"):
        after(*again, (Order(step="finish", result="再清"), WANG, 5.0), case=done)


def test_reopening_sends_it_to_the_same_holder_on_a_new_clock() -> None:
    closed = after(SENT, TAKEN, DONE, (Order(step="pass"), BOSS, 3.0))
    opened = after((Order(step="reopen", reason="又堆了"), BOSS, 24 * 7), case=closed)
    assert (opened.state, opened.outcome, opened.tasks[0].party) == ("sent", None, "wang")
    assert opened.tasks[0].due_at == WORKING.after(MONDAY + timedelta(days=7), 5)


def test_a_due_time_that_no_calendar_reaches_is_warned_of_in_plain_days() -> None:
    due = datetime(2061, 3, 3, 2, tzinfo=UTC)
    (work,) = after(SENT, case=Case(id=1, source="hotline", due_at=due)).tasks
    assert (work.due_at, work.yellow_at) == (due, due - timedelta(days=1))


def test_a_step_that_no_task_has_names_those_there_are_and_one_that_several_have_the_tasks() -> (
    None
):
    held = (Order(step="ask_hold", reason="等", review_on=MONDAY.date() + timedelta(9)), WANG, 2.0)
    case = after(SENT, TAKEN, held, (Order(step="hold"), BOSS, 3.0))
    with pytest.raises(IssueStepError) as refused:
        after(DONE, case=case)
    assert refused.value.sentence_zh == "现在不能办结；可以：恢复、申诉。"
    call = Order(step="whistle", reason="占道", parties=("parks", "power"))
    called = after((call, BOSS, 0.0), (Order(step="sign"), CHIEF, 1.0))
    numbers = ", ".join(str(work.id) for work in called.tasks)
    with pytest.raises(StepRefusedError, match=f"name one .*{numbers}"):
        after((Order(step="withdraw"), BOSS, 2.0), case=called)


@pytest.mark.parametrize(
    ("said", "meant"), [("sned", "send 派单"), ("派单", "send 派单"), ("申诉", "appeal 申诉")]
)
def test_a_step_that_is_none_is_answered_by_those_called_nearly_so(said: str, meant: str) -> None:
    with pytest.raises(UnknownStepError) as refused:
        after((Order(step=said), BOSS, 0.0))
    assert meant in refused.value.sentence_zh
    assert len(refused.value.sentence_zh) < 60  # not all there are


def test_a_step_that_is_not_there_is_refused_in_the_words_of_each_language() -> None:
    with pytest.raises(IssueStepError) as refused:
        step("closed", "take")
    assert refused.value.sentence_zh == "现在不能接单；可以：申诉、剔除、驳回申诉。"
    assert refused.value.sentence_en.endswith("no step 'take'; it has: appeal, strike, dismiss.")
