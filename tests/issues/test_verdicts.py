"""Verdicts on what is handed in: by whom, after which call-back, on one task or on all at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geo.errors import NotAllowedError, StepRefusedError
from geo.issues import Case, Order, decide, offered
from tests.issues.test_handling import BOSS, DONE, SENT, TAKEN, WANG, after, desk, who


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


def test_one_call_back_passes_all_who_lead_and_nobody_passes_what_they_handed_in() -> None:
    li, both = who("li"), who("li", "dispatcher")
    sent = (replace(SENT[0], assists=("fire",)), BOSS, 0.0)
    up = (Order(step="escalate", reason="管不了", party="li"), WANG, 1.5)
    theirs = (Order(step="take"), li, 2.5), (Order(step="finish", result="已协调"), li, 3.0)
    fire = who("fire")
    along = (Order(step="take"), fire, 3.0), (Order(step="finish", result="已到"), fire, 3.5)
    one = after(sent, TAKEN, up, DONE, *along, case=Case(id=1, source="hotline"))
    happy = Order(step="pass", solved=True, satisfied=True)
    assert ("pass", None) not in {(edge.name, on) for edge, on in offered(one, BOSS)}
    done = after(*theirs, case=one)
    assert ("pass", None) in {(edge.name, on) for edge, on in offered(done, BOSS)}
    with pytest.raises(StepRefusedError, match="called back"):
        after((Order(step="pass"), BOSS, 4.0), case=done)
    passed = after((replace(happy, outcome="unfounded"), BOSS, 4.0), case=done)
    assert (passed.state, passed.outcome) == ("closed", "unfounded")
    assert {work.state for work in passed.tasks} == {"closed"}
    half = after((happy, both, 4.0), case=done)
    assert [work.state for work in half.tasks if work.lead] == ["closed", "done"]


def test_an_inspection_is_a_task_of_a_verifier_and_over_with_the_verdict() -> None:
    close = Order(step="self_close", result="已清运")
    lotted = decide(after(SENT, TAKEN), close, WANG, desk(2, inspected=True))
    assert [(work.kind, work.party, work.state) for work in lotted.tasks] == [
        ("handle", "wang", "done"), ("inspect", "zhao", "sent"),
    ]  # fmt: skip
    zhao = who("zhao", "checker")
    lead = lotted.tasks[0].id
    passed = after((Order(step="pass", task=lead), zhao, 3.0), case=lotted)
    assert (passed.state, passed.tasks[1].state, passed.tasks[1].finished_by) == (
        "closed", "closed", "zhao",
    )  # fmt: skip
    failed = after((Order(step="fail", task=lead, reason="未清"), zhao, 3.0), case=lotted)
    assert (failed.state, failed.tasks[1].state, failed.tasks[1].result) == (
        "sent", "closed", "未清",
    )  # fmt: skip
    with pytest.raises(NotAllowedError):
        after((Order(step="pass", task=lead), who("wang", "checker"), 3.0), case=lotted)


def test_a_hotline_issue_closed_on_the_spot_waits_for_its_call_back() -> None:
    case = Case(id=1, source="hotline", self_close=True)
    close = Order(step="self_close", result="已清运")
    assert after(SENT, TAKEN, (close, WANG, 2.0), case=case).state == "done"
