"""A task given back: sent again by whoever sent it, or ruled on by the district."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from geo.issues.case import CALLED_IN, Actor, Case, Desk, Order, Work, sent_to, with_task
from geo.issues.edges import edge_named
from geo.issues.refusals import demand

_MOST_RETURNS: Final = 2  # the second goes to a ruling, which binds


def give_back(case: Case, work: Work, _order: Order, _actor: Actor, desk: Desk) -> Case:
    """Return the issue with a task given back; what a department was called in for is contested."""
    edge, days = edge_named("return"), desk.limits.give_back
    demand(not _is_bound(case, work), edge, "ruled")
    spent = int(desk.working.elapsed(work.sent_at, desk.now)[0])
    demand(spent <= days * desk.working.day, edge, "late", days=f"{days:g}")
    return replace(with_task(case, work), returns=case.returns + (work.kind not in CALLED_IN))


def resend(case: Case, work: Work, order: Order, _actor: Actor, desk: Desk) -> Case:
    """Return the issue with a task that came back once sent again."""
    demand(work.kind not in CALLED_IN, edge_named("resend"), "called")
    demand(not _goes_to_ruling(case, work), edge_named("resend"), "ruling")
    return with_task(case, sent_to(work, desk, order.party))


def rule(case: Case, work: Work, order: Order, _actor: Actor, desk: Desk) -> Case:
    """Return the issue with whom the district ruled for, who is bound by it."""
    demand(_goes_to_ruling(case, work), edge_named("rule"), "first")
    again = sent_to(work, desk, order.party)
    if work.kind in CALLED_IN:
        return with_task(case, replace(again, ruled=True))
    return replace(with_task(case, again), ruled=True)


def ruled_out(case: Case, work: Work) -> set[str]:
    """Return the steps on a task that a ruling, or the want of one, keeps from being taken.

    >>> from datetime import UTC, datetime
    >>> now = datetime(2026, 11, 23, 2, tzinfo=UTC)
    >>> back = Work(id=1, party="wang", state="returned", sent_at=now, due_at=now, yellow_at=now)
    >>> ruled_out(Case(id=1, source="patrol", returns=1), back)
    {'rule'}
    """
    bound = {"return"} if _is_bound(case, work) else set()
    return bound | ({"resend"} if _goes_to_ruling(case, work) else {"rule"})


def _is_bound(case: Case, work: Work) -> bool:
    """Tell whether it was ruled whose a task is."""
    return work.ruled if work.kind in CALLED_IN else case.ruled


def _goes_to_ruling(case: Case, work: Work) -> bool:
    """Tell whether only the district decides on a task that is given back."""
    return work.kind in CALLED_IN or case.returns >= _MOST_RETURNS
