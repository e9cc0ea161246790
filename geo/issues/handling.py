"""What becomes of an issue when somebody takes a step: one pure function, and the law behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final, TypeAlias, cast

from geo.issues.appeals import APPEALS, appeal
from geo.issues.case import (
    Actor,
    Case,
    Desk,
    Order,
    Work,
    clocked,
    sent_to,
    with_task,
)
from geo.issues.edges import IssueEdge, Need, TaskState, edge_named, no_step, state_of, step
from geo.issues.meaning import may, steps_of, work_meant
from geo.issues.refusals import demand, not_yours
from geo.issues.returning import give_back, resend, rule, ruled_out
from geo.issues.verdicts import each_passed, fail, is_called_first, pass_, passable
from geo.issues.waiting import (
    ask_extend,
    ask_hold,
    due_again,
    extend,
    hold,
    is_ahead,
    refuse,
    resume,
)
from geo.issues.whistling import arrive, decline, escalate, joint, sign, whistle

_FINAL: Final = ("answered", "cancelled", "merged")
_CLOSING: Final = ("pass", "self_close")  # say themselves how an issue ended
_SAID: Final = (None, "solved", "unfounded", "answered")
_UNTAKEN: Final = ("drafted", "sent", "returned")
_ASSISTED: Final = ("send", "whistle")  # say who assists


_Effect: TypeAlias = Callable[[Case, Work, Order, Actor, Desk], Case]


def decide(case: Case, order: Order, actor: Actor, desk: Desk) -> Case:
    """Return the issue after a step, its state following from its leading tasks.

    Raises
    ------
    IssueStepError
        When the issue or the task has no such step now.
    StepNotYoursError
        When the actor is none of those who may take it.
    StepRefusedError
        When something is missing, too late or too much: which, and what to do.
    """
    for each in each_passed(case, order, actor):
        case = _decided(case, each, actor, desk)
    return case


def _decided(case: Case, order: Order, actor: Actor, desk: Desk) -> Case:
    """Return the issue after a step on it, or on one of its tasks."""
    edge = edge_named(order.step)
    work = work_meant(case, order, edge, actor) if edge.on == "task" else None
    state, works = (case.state, case.tasks) if work is None else (work.state, (work,))
    if state not in edge.sources:
        raise no_step(state, (edge.name, edge.zh), steps_of(state, works, on=edge.on))
    if not may(edge, works, actor):
        raise (
            not_yours(edge.name, ("issue", "诉求"), case.id)
            if work is None
            else not_yours(edge.name, ("task", "任务"), work.id)
        )
    for need in edge.needs:
        demand(_given(order, need, case, desk), edge, need)
    demand(order.outcome in (_SAID if edge.name in _CLOSING else (None,)), edge, "outcome")
    demand(not order.assists or edge.name in _ASSISTED, edge, "assisted")
    if work is None:
        return _settled(_OF_ISSUES[edge.name](case, order, actor, desk), order)
    moved = replace(work, state=cast("TaskState", edge.target)) if edge.target else work
    return _settled(_OF_TASKS.get(edge.name, _plain)(case, moved, order, actor, desk), order)


def by_rule(case: Case, order: Order, desk: Desk) -> Case:
    """Return a new issue after a rule has sent it: as `decide`, but nobody's leave is asked.

    Raises
    ------
    IssueStepError
        When the issue is not new.
    BeyondCalendarError
        When the source's due time is where no working time is reckoned.
    """
    step(case.state, "send")
    nobody = Actor("", frozenset(), frozenset())
    return _settled(_send(case, order, nobody, desk), order)


def offered(case: Case, actor: Actor) -> tuple[tuple[IssueEdge, int | None], ...]:
    """Return the steps that the actor may take now, and on which task (None: on the issue).

    Where several leading tasks are done, they may be passed one by one, or all at once (None).
    """
    over = {"place"} if case.placed and case.claimed else set()
    over |= set() if case.self_close else {"self_close"}
    if not _is_merged(case):
        over |= {"urge"} if case.state == "closed" else set()
    steps = [edge for edge in steps_of(case.state, case.tasks, on="issue") if edge.name not in over]
    mine = [(edge, None) for edge in steps if may(edge, case.tasks, actor)]
    mine += [(edge_named("pass"), None)] if len(passable(case, actor)) > 1 else []
    return tuple(mine) + tuple(
        (edge, work.id)
        for work in case.tasks
        for edge in steps_of(work.state, (work,), on="task")
        if edge.name not in over | ruled_out(case, work) and may(edge, (work,), actor)
    )


def _given(order: Order, need: Need, case: Case, desk: Desk) -> bool:
    """Tell whether an order says what the step needs."""
    if need == "days":
        return order.days is not None and order.days > 0
    if need == "review_on":
        return order.review_on is not None and is_ahead(order.review_on, desk)
    if need == "into":
        return order.into is not None and order.into != case.id
    if need == "away_m":
        return order.away_m is not None or not case.placed
    if need == "lon":
        return (order.lon is not None and order.lat is not None) or order.area is not None
    return bool(str(getattr(order, need) or "").strip())


def _plain(case: Case, work: Work, _order: Order, _actor: Actor, _desk: Desk) -> Case:
    return with_task(case, work)


def _send(case: Case, order: Order, _actor: Actor, desk: Desk) -> Case:
    """Return the issue with a task for who leads, and one for each who assists and does not yet."""
    demand(bool(order.party), edge_named("send"), "party")
    named = (order.party, *order.assists)
    demand(len(set(named)) == len(named), edge_named("send"), "assists")
    at_work = {work.party for work in case.tasks if work.is_open}
    helpers = [party for party in order.assists if party not in at_work]
    due = case.due_at or desk.due()
    first = Work(
        id=-1 - len(case.tasks), party=str(order.party), role=order.role, sent_at=desk.now,
        due_at=due, yellow_at=due, provisional=_is_provisional(order),
    )  # fmt: skip
    lead = clocked(first, due, desk)
    assists = (
        replace(lead, id=lead.id - n, party=party, role=None, lead=False, provisional=False)
        for n, party in enumerate(helpers, 1)
    )
    return replace(case, tasks=(*case.tasks, lead, *assists))


def _withdraw(case: Case, work: Work, _order: Order, _actor: Actor, _desk: Desk) -> Case:
    """Return the issue without a task, nor those that nobody took and that would assist nobody."""
    left = with_task(case, work)
    if any(each.lead and each.is_open and each.kind == work.kind for each in left.tasks):
        return left
    for each in left.tasks:
        if not each.lead and each.kind == work.kind and each.state in _UNTAKEN:
            left = with_task(left, replace(each, state="withdrawn"))
    return left


def _is_provisional(order: Order) -> bool:
    return bool(order.route) and order.route[-1]["rung"] == "fallback"


def _answer(case: Case, _order: Order, _actor: Actor, _desk: Desk) -> Case:
    return replace(case, outcome="answered")


def _cancel(case: Case, _order: Order, _actor: Actor, _desk: Desk) -> Case:
    return replace(case, outcome="cancelled")


def _merge(case: Case, order: Order, _actor: Actor, _desk: Desk) -> Case:
    return replace(case, outcome="merged", into=order.into)


def _reopen(case: Case, _order: Order, _actor: Actor, desk: Desk) -> Case:
    """Return the issue with its leading task that was made last sent again, on a new clock.

    Departments that were only whistled for may be called again; theirs is sent where all led.
    """
    due = desk.due()
    closed = [work for work in case.tasks if work.lead and work.state == "closed"]
    again = ([work for work in closed if work.kind != "whistle"] or closed)[-1:]
    opened = replace(case, outcome=None, into=None)
    for work in again:
        opened = with_task(opened, clocked(sent_to(work, desk), due, desk))
    return opened


def _place(case: Case, order: Order, _actor: Actor, _desk: Desk) -> Case:
    """Return the issue with a position, or in an area: only what lacks them gets one after intake.

    What is known to lie in an area, and not where in it, may still get a position.
    """
    located = order.lon is not None
    demand(not case.claimed or (located and not case.placed), edge_named("place"), "claimed")
    return replace(case, placed=located, claimed=True)


def _urge(case: Case, _order: Order, _actor: Actor, _desk: Desk) -> Case:
    """Return the issue as it is; one merged into another is urged too, and that one with it."""
    demand(case.state != "closed" or _is_merged(case), edge_named("urge"), "over")
    return case


def _is_merged(case: Case) -> bool:
    return case.outcome == "merged"


def _noted(case: Case, _order: Order, _actor: Actor, _desk: Desk) -> Case:
    return case


def _take(case: Case, work: Work, _order: Order, _actor: Actor, desk: Desk) -> Case:
    return with_task(case, replace(work, taken_at=desk.now))


def _settle(case: Case, work: Work, order: Order, _actor: Actor, desk: Desk) -> Case:
    """Return the issue with whom the district ruled for: no longer the subdistrict's for now."""
    demand(work.provisional and order.row is not None, edge_named("settle"), "ledger")
    demand(bool(order.party), edge_named("settle"), "party")
    due = due_again(work, desk) if work.held_at else work.due_at
    settled = replace(
        sent_to(work, desk, order.party), provisional=False, role="department", held_at=None
    )
    return replace(with_task(case, clocked(settled, due, desk)), ruled=True)


def _hand_over(case: Case, work: Work, order: Order, _actor: Actor, desk: Desk) -> Case:
    demand(bool(order.party), edge_named("hand_over"), "party")
    return with_task(case, sent_to(work, desk, order.party))


def _finish(case: Case, work: Work, order: Order, actor: Actor, desk: Desk) -> Case:
    demand(_is_shown(case, work), edge_named(order.step), "photo")
    done = replace(
        work, result=order.result, finished_by=actor.person, finished_at=desk.now, asked="",
        asked_days=0.0,
    )  # fmt: skip
    return with_task(case, done)


def _is_shown(case: Case, work: Work) -> bool:
    """Tell whether a photo of the result has come since the task was taken, or none is wanted."""
    if not (case.needs_photo and work.lead):
        return True
    return case.photographed_at is not None and case.photographed_at >= (
        work.taken_at or work.sent_at
    )


def _self_close(case: Case, work: Work, order: Order, actor: Actor, desk: Desk) -> Case:
    """Return the issue closed on the spot; or done, where the lot or a call-back says so."""
    demand(case.self_close, edge_named("self_close"), "self_close")
    looked_at = desk.inspected or is_called_first(case)
    closed = replace(work, state="done" if looked_at else "closed", self_closed=True)
    finished = _finish(case, closed, order, actor, desk)
    if not desk.inspected or desk.inspector is None:
        return finished
    look = Work(
        id=-1 - len(case.tasks), kind="inspect", party=desk.inspector, lead=False,
        sent_at=desk.now, due_at=work.due_at, yellow_at=work.due_at,
    )  # fmt: skip
    return replace(finished, tasks=(*finished.tasks, clocked(look, desk.due(), desk)))


def _settled(case: Case, order: Order) -> Case:
    """Return the issue with the state that follows from its tasks; what is over ends its tasks."""
    leading = tuple(work.state for work in case.tasks if work.lead)
    state = "closed" if case.outcome in _FINAL else state_of(leading)
    if state != "closed":
        return replace(case, state=state, outcome=None)
    tasks = tuple(_over(work) if work.is_open else work for work in case.tasks)
    outcome = case.outcome or order.outcome or "solved"
    return replace(case, state=state, outcome=outcome, tasks=tasks)


def _over(work: Work) -> Work:
    """Return an open task as the end of its issue leaves it: what is handed in is closed."""
    return replace(work, state="closed" if work.state == "done" else "withdrawn", held_at=None)


_OF_ISSUES: Final[dict[str, Callable[[Case, Order, Actor, Desk], Case]]] = {
    "answer": _answer,
    "send": _send,
    "cancel": _cancel,
    "merge": _merge,
    "place": _place,
    "reopen": _reopen,
    "urge": _urge,
    "whistle": whistle,
    "joint": joint,
    "sign": sign,
    "decline": decline,
    "order": _noted,
}
_OF_TASKS: Final[dict[str, _Effect]] = {
    "take": _take,
    "withdraw": _withdraw,
    "return": give_back,
    "resend": resend,
    "rule": rule,
    "settle": _settle,
    "ask_extend": ask_extend,
    "extend": extend,
    "ask_hold": ask_hold,
    "hold": hold,
    "refuse": refuse,
    "resume": resume,
    "hand_over": _hand_over,
    "escalate": escalate,
    **dict.fromkeys(APPEALS, appeal),
    "finish": _finish,
    "self_close": _self_close,
    "pass": pass_,
    "fail": fail,
    "arrive": arrive,
}
