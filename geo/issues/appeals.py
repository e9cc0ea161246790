"""Appeals to strike a task from the rates (申诉剔除), and what the district says to them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, NamedTuple

from geo.issues.case import Actor, Case, Desk, Order, Work, with_task
from geo.issues.edges import IssueEdge, edge_named
from geo.issues.refusals import demand


class _Appeal(NamedTuple):
    """What a step about the rates finds, and leaves; why it is refused otherwise."""

    before: str
    after: str
    refusal: str


APPEALS: Final = {
    "appeal": _Appeal("", "asked", "appealed"),
    "strike": _Appeal("asked", "struck", "no_appeal"),
    "dismiss": _Appeal("asked", "dismissed", "no_appeal"),
}


def appealable(edge: IssueEdge, work: Work) -> bool:
    """Tell whether a step about the rates fits what was asked; others always do."""
    asked = APPEALS.get(edge.name)
    return asked is None or work.appealed == asked.before


def appeal(case: Case, work: Work, order: Order, _actor: Actor, _desk: Desk) -> Case:
    """Return the issue with what is asked or said about counting a task in the rates."""
    about = APPEALS[order.step]
    demand(work.appealed == about.before, edge_named(order.step), about.refusal)
    return with_task(case, replace(work, appealed=about.after))
