"""Tasks that are of no issue: errands, mediations, visits, recurring duties, meetings."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, TypeAlias, get_args

from geo.issues.case import Actor, Case, Desk, Order, Work
from geo.issues.edges import IssueEdge, allowed_steps, edge_named, no_step, state_of
from geo.issues.handling import decide, offered
from geo.issues.refusals import demand

AloneKind: TypeAlias = Literal["errand", "mediate", "visit", "routine", "meeting"]
KIND_NAMES: Final[tuple[AloneKind, ...]] = get_args(AloneKind)
# Steps of an issue's task that have no meaning without an issue.
WITHOUT: Final = frozenset({"escalate", "rule", "arrive", "appeal", "strike", "dismiss"})


class Kind(NamedTuple):
    """One kind of task that is of no issue; a confidential one is read by its people alone."""

    name: AloneKind
    confidential: bool
    zh: str
    en: str


KINDS: Final = (
    Kind("errand", confidential=False, zh="服务代办", en="errand done for a resident"),
    Kind("mediate", confidential=True, zh="矛盾化解", en="mediation"),
    Kind("visit", confidential=False, zh="走访", en="household visit"),
    Kind("routine", confidential=False, zh="例行事项", en="recurring duty"),
    Kind("meeting", confidential=False, zh="议事会议", en="meeting"),
)
CONFIDENTIAL: Final = frozenset(kind.name for kind in KINDS if kind.confidential)


class Alone(NamedTuple):
    """A task of no issue, who wrote it down, and whether only its people read it."""

    work: Work
    made_by: str
    confidential: bool


def decide_alone(task: Alone, order: Order, actor: Actor, desk: Desk) -> Work:
    """Return a task of no issue after a step.

    Raises
    ------
    IssueStepError, NotAllowedError, StepRefusedError
        As `geo.issues.decide`; a step that an issue alone has is none of these tasks'.
    """
    edge = edge_named(order.step)
    if edge not in _edges(task.work.state):
        raise no_step(task.work.state, (edge.name, edge.zh), _edges(task.work.state))
    if edge.name == "hand_over" and task.confidential:
        sees_on = actor.person == task.made_by or "approver" in actor.roles
        demand(sees_on or order.party in actor.parties, edge, "confidential")
    (work,) = decide(_case(task.work), order, actor, desk).tasks
    return work


def offered_alone(task: Alone, actor: Actor) -> tuple[IssueEdge, ...]:
    """Return the steps that the actor may take now."""
    mine = (edge for edge, on in offered(_case(task.work), actor) if on is not None)
    return tuple(edge for edge in mine if edge in _edges(task.work.state))


def _edges(state: str) -> tuple[IssueEdge, ...]:
    return tuple(edge for edge in allowed_steps(state, on="task") if edge.name not in WITHOUT)


def _case(work: Work) -> Case:
    """Return the task as if it were the only one of an issue."""
    return Case(id=0, source="", state=state_of((work.state,)), self_close=True, tasks=(work,))
