"""Which task of an issue a step means, and whether whoever acts may take it."""

from __future__ import annotations

from typing import Final

from geo.issues.appeals import appealable
from geo.issues.case import Actor, Case, Order, Work
from geo.issues.edges import EDGES, IssueEdge, allowed_steps, no_step
from geo.issues.refusals import demand

# Roles over the place that make a person a verifier.
_VERIFY: Final = ("dispatcher", "checker")
# What has to be asked of a task before it is granted or refused.
_ASKED: Final = {"extend": ("extend",), "hold": ("hold",), "refuse": ("extend", "hold")}
_SIGNED: Final = ("sign", "decline")
_BESIDE: Final = "settle"  # taken by the ruling itself, which first makes a row of the list


def work_meant(case: Case, order: Order, edge: IssueEdge, actor: Actor) -> Work:
    """Return the task meant: the one named, or the only one that has the step, for the actor.

    Raises
    ------
    IssueStepError
        When no task has the step now: which ones there are.
    StepRefusedError
        When several have it, and none is named.
    """
    having = [work for work in case.tasks if work.state in edge.sources]
    fitting = [work for work in having if may(edge, (work,), actor)] or having
    named = [work for work in case.tasks if work.id == order.task]
    if order.task is not None and named:
        return named[0]
    if order.task is None and len(fitting) == 1:
        return fitting[0]
    demand(not fitting, edge, "which", tasks=", ".join(str(work.id) for work in fitting))
    others = {each for work in case.tasks for each in steps_of(work.state, (work,), on="task")}
    raise no_step(case.state, (edge.name, edge.zh), (each for each in EDGES if each in others))


def may(edge: IssueEdge, works: tuple[Work, ...], actor: Actor) -> bool:
    """Tell whether the actor may take a step on a task, or on an issue with these tasks."""
    return any(_is(who, works, actor) for who in edge.who)


def _is(who: str, works: tuple[Work, ...], actor: Actor) -> bool:
    """Tell whether the actor is that to a task, or to one of an issue's tasks that are open."""
    if who == "answerable":
        return any(work.party in actor.parties for work in works)
    held = any(work.is_open and work.party in actor.parties for work in works)
    if who == "holder":
        return held
    if who == "verifier":
        finished = any(work.finished_by == actor.person for work in works)
        return not held and not finished and any(role in actor.roles for role in _VERIFY)
    return who in actor.roles


def steps_of(state: str, works: tuple[Work, ...], *, on: str) -> tuple[IssueEdge, ...]:
    """Return the steps out of a state that answer what is there to answer, whoever takes them.

    `works` is the task that it is the state of, or all those of an issue.
    """
    return tuple(
        edge
        for edge in allowed_steps(state, on=on)
        if edge.name != _BESIDE
        and is_asked(edge, works)
        and (on == "issue" or all(appealable(edge, work) for work in works))
    )


def is_asked(edge: IssueEdge, works: tuple[Work, ...]) -> bool:
    """Tell whether what a step answers was asked (time, a hold, a signature), or answers none."""
    if edge.name in _SIGNED:
        return any(is_unsigned(work) for work in works)
    return edge.name not in _ASKED or any(work.asked in _ASKED[edge.name] for work in works)


def is_unsigned(work: Work) -> bool:
    """Tell whether a task is a whistle that waits for a leader's signature."""
    return work.kind == "whistle" and work.is_open and work.signed_by is None
