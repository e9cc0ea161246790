"""Verdicts on what is handed in: passed, after its reporters were called back, or done again."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from geo.issues.case import Actor, Case, Desk, Order, Work, sent_to, with_task
from geo.issues.edges import edge_named
from geo.issues.intake import is_called_back
from geo.issues.meaning import may
from geo.issues.refusals import demand

_VERDICT: Final = "pass"


def each_passed(case: Case, order: Order, actor: Actor) -> tuple[Order, ...]:
    """Return an order as it is taken: to pass without naming a task passes each.

    One call-back speaks of all that was done: of each it is kept.

    >>> from datetime import UTC, datetime
    >>> now = datetime(2026, 11, 23, 2, tzinfo=UTC)
    >>> done = [Work(id=n, party="wang", state="done", sent_at=now, due_at=now, yellow_at=now)
    ...         for n in (1, 2)]
    >>> zhao = Actor("zhao", frozenset({"zhao"}), frozenset({"checker"}))
    >>> case = Case(id=7, source="hotline", state="done", tasks=tuple(done))
    >>> [each.task for each in each_passed(case, Order(step="pass"), zhao)]
    [1, 2]
    """
    if order.step != _VERDICT or order.task is not None:
        return (order,)
    return tuple(replace(order, task=work.id) for work in passable(case, actor)) or (order,)


def passable(case: Case, actor: Actor) -> tuple[Work, ...]:
    """Return the leading tasks that are done and the actor may pass."""
    edge = edge_named(_VERDICT)
    leading = (work for work in case.tasks if work.lead and work.state in edge.sources)
    return tuple(work for work in leading if may(edge, (work,), actor))


def pass_(case: Case, work: Work, order: Order, actor: Actor, desk: Desk) -> Case:
    """Return the issue with a task passed; those who are called back must be content first."""
    edge = edge_named(_VERDICT)
    happy = order.solved is True and order.satisfied is True
    demand(happy or not is_called_first(case), edge, "call_back")
    _demand_merged(case, order)
    left = [f"#{number}" for number in case.uncalled if number not in order.called]
    demand(not left, edge, "uncalled", issues="、".join(left))
    return _inspected(with_task(case, work), _VERDICT, actor, desk)


def fail(case: Case, work: Work, order: Order, actor: Actor, desk: Desk) -> Case:
    """Return the issue with a task to be done again by whoever did it."""
    _demand_merged(case, order)
    return _inspected(with_task(case, sent_to(work, desk)), order.reason, actor, desk)


def is_called_first(case: Case) -> bool:
    """Tell whether its reporter, or one of those merged into it, is called before it is closed."""
    return any(is_called_back(source) for source in (case.source, *case.merged_sources))


def _demand_merged(case: Case, order: Order) -> None:
    """Refuse call-backs about issues that were not merged into this one."""
    others = [f"#{number}" for number in order.called if number not in case.to_call]
    demand(not others, edge_named(order.step), "not_merged", issues="、".join(others))


def _inspected(case: Case, found: str, actor: Actor, desk: Desk) -> Case:
    """Return the issue with its inspection over, by whoever verified it."""
    for work in case.tasks:
        if work.kind == "inspect" and work.is_open:
            over = replace(
                work, state="closed", result=found, finished_by=actor.person, finished_at=desk.now,
                held_at=None, asked="", asked_days=0.0,
            )  # fmt: skip
            case = with_task(case, over)
    return case
