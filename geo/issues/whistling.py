"""Others called to an issue: by a whistle (街巷吹哨), jointly (联合执法), or from above (上报)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from geo.issues.case import Actor, Case, Desk, Order, Work, clocked, with_task
from geo.issues.edges import edge_named
from geo.issues.meaning import is_unsigned
from geo.issues.refusals import demand


def whistle(case: Case, order: Order, _actor: Actor, desk: Desk) -> Case:
    """Return the issue with a task for each department: drafted, or in an emergency sent at once.

    Those in `assists` come along: the issue waits for none of them.

    Raises
    ------
    StepRefusedError
        When a department is named twice, or works on it already.
    """
    named = (*order.parties, *order.assists)
    _demand_fresh(case, named, "whistle")
    leading = len(order.parties)
    called = tuple(
        replace(_called(order, party, -1 - len(case.tasks) - n, desk), lead=n < leading)
        for n, party in enumerate(named)
    )
    return replace(case, tasks=(*case.tasks, *called))


def joint(case: Case, order: Order, actor: Actor, desk: Desk) -> Case:
    """Return the issue with one dispatch to several: who leads, and who comes along.

    Raises
    ------
    StepRefusedError
        When a party is named twice, or works on it already.
    """
    named = (str(order.party), *order.parties)
    _demand_fresh(case, named, "joint")
    due = case.due_at or desk.due()
    by = desk.now + timedelta(minutes=desk.limits.on_the_spot) if order.emergency else None
    lead = Work(
        id=-1 - len(case.tasks), kind="joint", party=named[0], sent_at=desk.now, due_at=due,
        yellow_at=due, signed_by=actor.person, arrive_by=by,
    )  # fmt: skip
    lead = clocked(lead, due, desk)
    along = (
        replace(lead, id=lead.id - n, party=party, lead=False)
        for n, party in enumerate(order.parties, 1)
    )
    return replace(case, tasks=(*case.tasks, lead, *along))


def escalate(case: Case, work: Work, order: Order, actor: Actor, desk: Desk) -> Case:
    """Return the issue with a task for who is above its holder, due as the holder's own (上报).

    Reporting up is no way round a due time. Where departments are named it drafts their whistle.

    Raises
    ------
    StepRefusedError
        When nobody is above, or who is works on it already.
    """
    if order.parties:
        return whistle(case, replace(order, emergency=False), actor, desk)
    demand(bool(order.party), edge_named("escalate"), "above")
    at_work = {each.party for each in case.tasks if each.is_open}
    demand(order.party not in at_work, edge_named("escalate"), "above_at_work")
    above = Work(
        id=-1 - len(case.tasks), party=str(order.party), sent_at=desk.now, due_at=work.due_at,
        yellow_at=work.yellow_at,
    )  # fmt: skip
    return with_task(replace(case, tasks=(*case.tasks, above)), work)


def sign(case: Case, _order: Order, actor: Actor, desk: Desk) -> Case:
    """Return the issue with its whistles signed: those drafted are sent, on a clock of their own.

    Raises
    ------
    StepRefusedError
        When there is none to sign.
    """
    waiting = _unsigned(case, "sign")
    for work in waiting:
        signed = replace(work, signed_by=actor.person)
        case = with_task(case, signed if work.state != "drafted" else _sent(signed, desk))
    return case


def decline(case: Case, _order: Order, _actor: Actor, _desk: Desk) -> Case:
    """Return the issue without its whistles that nobody signed.

    Raises
    ------
    StepRefusedError
        When there is none to sign.
    """
    for work in _unsigned(case, "decline"):
        case = with_task(case, replace(work, state="withdrawn", held_at=None))
    return case


def arrive(case: Case, work: Work, order: Order, _actor: Actor, desk: Desk) -> Case:
    """Return the issue with its holder on the spot: since when, and how far from it.

    Raises
    ------
    StepRefusedError
        When that is too far to be on the spot.
    """
    away, near = order.away_m or 0.0, desk.near_m
    demand(away <= near, edge_named("arrive"), "far", away=round(away), near=round(near))
    return with_task(case, replace(work, arrived_at=desk.now, away_m=order.away_m))


def _demand_fresh(case: Case, parties: Sequence[str], step: str) -> None:
    """Refuse parties that are named twice, or work on it already."""
    at_work = {work.party for work in case.tasks if work.is_open}
    demand(len(set(parties) - at_work) == len(parties), edge_named(step), "parties")


def _unsigned(case: Case, step: str) -> list[Work]:
    waiting = [work for work in case.tasks if is_unsigned(work)]
    demand(bool(waiting), edge_named(step), "unsigned")
    return waiting


def _called(order: Order, party: str, number: int, desk: Desk) -> Work:
    """Return the task of a department that is whistled for."""
    work = Work(
        id=number, kind="whistle", party=party, state="drafted", sent_at=desk.now,
        due_at=desk.now, yellow_at=desk.now,
    )  # fmt: skip
    if not order.emergency:
        return _timed(work, desk)
    by = desk.now + timedelta(minutes=desk.limits.on_the_spot)
    return replace(_sent(work, desk), arrive_by=by)


def _sent(work: Work, desk: Desk) -> Work:
    return _timed(replace(work, state="sent", sent_at=desk.now), desk)


def _timed(work: Work, desk: Desk) -> Work:
    return clocked(work, desk.due(), desk)
