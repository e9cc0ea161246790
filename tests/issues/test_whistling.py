"""Others called to an issue: whistles signed, joint enforcement, arrival, contests, going up."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from geo.errors import NotAllowedError, StepRefusedError
from geo.issues import Case, Order
from tests.issues.test_handling import (
    BOSS,
    CHIEF,
    DISTRICT,
    DONE,
    MONDAY,
    SENT,
    TAKEN,
    WANG,
    after,
    who,
)

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


def test_an_issue_does_not_wait_for_who_only_comes_along_to_a_whistle() -> None:
    call = replace(CALL, parties=("parks",), assists=("power",), emergency=True)
    called = after(
        (call, BOSS, 0.0),
        (Order(step="take", task=-1), who("parks"), 0.1),
        (Order(step="take", task=-2), who("power"), 0.1),
        (Order(step="finish", task=-1, result="已清"), who("parks"), 1.0),
        (Order(step="pass", task=-1), BOSS, 2.0),
    )
    assert [(work.kind, work.lead, work.state) for work in called.tasks] == [
        ("whistle", True, "closed"),
        ("whistle", False, "withdrawn"),
    ]
    assert called.state == "closed"


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


def test_what_is_reopened_goes_to_who_handled_it_and_to_a_department_where_only_those_did() -> None:
    everybody = ((CALL, WANG, 2.0), (Order(step="sign"), CHIEF, 2.5))
    handled = closed_by_all(after(SENT, TAKEN, *everybody))
    again = (Order(step="reopen", reason="又堆了"), BOSS, 24.0)
    assert [w.state for w in after(again, case=handled).tasks] == ["sent", "closed", "closed"]
    called = closed_by_all(after((CALL, BOSS, 0.0), (Order(step="sign"), CHIEF, 1.0)))
    assert [w.state for w in after(again, case=called).tasks] == ["closed", "sent"]


def closed_by_all(case: Case) -> Case:
    """Return an issue once everybody who leads has finished it and is told that it is well."""
    for work in case.tasks:
        person, task = who(work.party), work.id
        taken = [(Order(step="take", task=task), person, 3.0)] if work.state == "sent" else []
        finished = (Order(step="finish", task=task, result="完工"), person, 4.0)
        passed = (Order(step="pass", task=task), BOSS, 5.0)
        case = after(*taken, finished, passed, case=case)
    return case


def test_a_department_is_whistled_for_once() -> None:
    case = after((CALL, BOSS, 0.0), (Order(step="sign"), CHIEF, 1.0))
    with pytest.raises(StepRefusedError, match="each once"):
        after((CALL, BOSS, 2.0), case=case)
    with pytest.raises(StepRefusedError, match="each once"):
        after((replace(CALL, parties=("x", "x")), BOSS, 2.0))


JOINT = Order(step="joint", reason="违建", party="enforcement", parties=("police", "fire"))


def test_joint_enforcement_is_one_dispatch_with_one_who_leads() -> None:
    with pytest.raises(StepRefusedError, match="party"):
        after((replace(JOINT, party=None), BOSS, 0.0))
    with pytest.raises(StepRefusedError, match="each once"):
        after((replace(JOINT, party="fire"), BOSS, 0.0))
    case = after((JOINT, BOSS, 0.0))
    assert [(work.party, work.kind, work.lead, work.state) for work in case.tasks] == [
        ("enforcement", "joint", True, "sent"),
        ("police", "joint", False, "sent"),
        ("fire", "joint", False, "sent"),
    ]
    lead, force = case.tasks[0].id, who("enforcement")
    closed = after(
        (Order(step="take", task=lead), force, 1.0),
        (Order(step="finish", task=lead, result="已拆除"), force, 2.0),
        (Order(step="pass", task=lead), BOSS, 3.0),
        case=case,
    )
    assert closed.state == "closed"
    assert {work.state for work in closed.tasks[1:]} == {"withdrawn"}


def test_who_came_along_and_has_finished_is_done_with_it_when_the_issue_closes() -> None:
    told = Order(step="joint", reason="占道", party="parks", parties=("power", "water"))
    parks, power, water = (who(name) for name in ("parks", "power", "water"))
    case = after((told, BOSS, 1.0), *(
        (Order(step="take", task=work), actor, 2.0)
        for work, actor in ((-1, parks), (-2, power), (-3, water))
    ))  # fmt: skip
    ended = after(
        (replace(DONE[0], task=-2), power, 3.0), (replace(DONE[0], task=-1), parks, 3.0),
        (Order(step="pass", task=-1), BOSS, 4.0), case=case,
    )  # fmt: skip
    assert (ended.state, [work.state for work in ended.tasks]) == (
        "closed", ["closed", "closed", "withdrawn"],
    )  # fmt: skip


def test_what_a_department_contests_goes_straight_to_a_ruling_that_binds_it() -> None:
    case = after((CALL, BOSS, 0.0), (Order(step="sign"), CHIEF, 1.0))
    task, parks = case.tasks[0].id, who("parks")
    back = (Order(step="return", task=task, reason="不属我处"), parks, 2.0)
    contested = after(back, case=case)
    assert (contested.tasks[0].state, contested.returns) == ("returned", 0)
    with pytest.raises(StepRefusedError, match="ruled on"):
        after((Order(step="resend", task=task), BOSS, 3.0), case=contested)
    ruled = after((Order(step="rule", task=task, reason="三定"), DISTRICT, 3.0), case=contested)
    assert (ruled.tasks[0].state, ruled.tasks[0].ruled, ruled.ruled) == ("sent", True, False)
    with pytest.raises(StepRefusedError, match="ruled"):
        after(back, case=ruled)
    released = after((Order(step="withdraw", task=task), BOSS, 3.0), case=contested)
    assert released.tasks[0].state == "withdrawn"


def test_who_is_far_from_the_issue_has_not_arrived() -> None:
    case = after(SENT, TAKEN)
    with pytest.raises(StepRefusedError, match="2300 metres"):
        after((Order(step="arrive", away_m=2300.4), WANG, 2.0), case=case)


def test_what_is_reported_up_is_a_task_above_due_as_the_holders_own() -> None:
    up = Order(step="escalate", reason="要动用资金", party="office")
    taken = after(SENT, TAKEN)
    case = after((up, WANG, 9.0), case=taken)
    own, above = case.tasks
    assert (own, own.state) == (taken.tasks[0], "taken")  # whose it is stays
    assert (above.party, above.state, above.lead, case.state) == ("office", "sent", True, "sent")
    assert (above.due_at, above.yellow_at) == (own.due_at, own.yellow_at)
    done = after((DONE[0], WANG, 10.0), (Order(step="pass", task=own.id), BOSS, 11.0), case=case)
    assert done.state == "sent"  # until who is above is done too
    for party in (None, "office", "wang"):  # nobody above; already at work
        with pytest.raises(StepRefusedError):
            after((replace(up, party=party), WANG, 9.5), case=case)


def test_reporting_up_may_draft_a_whistle() -> None:
    up = Order(step="escalate", reason="占道", parties=("parks",), emergency=True)
    case = after(SENT, TAKEN, (up, WANG, 2.0))
    assert [(work.party, work.kind, work.state) for work in case.tasks[1:]] == [
        ("parks", "whistle", "drafted")
    ]
