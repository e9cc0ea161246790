"""A task whose holder asks for time: more of it, or that its clock stands still."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from geo.issues.case import Actor, Case, Desk, Order, Work, clocked, with_task
from geo.issues.edges import edge_named
from geo.issues.refusals import demand


def ask_extend(case: Case, work: Work, order: Order, _actor: Actor, desk: Desk) -> Case:
    """Return the issue with more time asked for; all of it together is limited."""
    days, most = order.days or 0.0, desk.limits.extend
    demand(work.extended + days <= most, edge_named("ask_extend"), "extended", days=f"{most:g}")
    return with_task(case, replace(work, asked="extend", asked_days=days, review_on=None))


def extend(case: Case, work: Work, order: Order, _actor: Actor, desk: Desk) -> Case:
    """Return the issue with the due time moved by the days granted: those asked for, or said."""
    demand(work.asked == "extend", edge_named("extend"), "asked")
    days, most = order.days or work.asked_days, desk.limits.extend
    demand(work.extended + days <= most, edge_named("extend"), "extended", days=f"{most:g}")
    due = desk.working.after(work.due_at, days)
    granted = replace(work, asked="", asked_days=0.0, extended=round(work.extended + days, 6))
    return with_task(case, clocked(granted, due, desk))


def ask_hold(case: Case, work: Work, order: Order, _actor: Actor, _desk: Desk) -> Case:
    """Return the issue with a stop of its clock asked for, until it is looked at again."""
    return with_task(case, replace(work, asked="hold", asked_days=0.0, review_on=order.review_on))


def hold(case: Case, work: Work, order: Order, _actor: Actor, desk: Desk) -> Case:
    """Return the issue with the clock of a task stopped, until the day asked for, or said."""
    demand(work.asked == "hold", edge_named("hold"), "asked")
    on = order.review_on or work.review_on
    demand(
        order.review_on is None or is_ahead(order.review_on, desk), edge_named("hold"), "review_on"
    )
    return with_task(case, replace(work, asked="", held_at=desk.now, review_on=on))


def refuse(case: Case, work: Work, _order: Order, _actor: Actor, _desk: Desk) -> Case:
    """Return the issue with nothing asked for any more."""
    demand(work.asked != "", edge_named("refuse"), "asked")
    return with_task(case, replace(work, asked="", asked_days=0.0, review_on=None))


def resume(case: Case, work: Work, _order: Order, _actor: Actor, desk: Desk) -> Case:
    """Return the issue with the clock running on: as much working time is left as there was."""
    due = due_again(work, desk)
    return with_task(case, clocked(replace(work, held_at=None, review_on=None), due, desk))


def due_again(work: Work, desk: Desk) -> datetime:
    """Return when a task is due that was held until now."""
    left = int(desk.working.elapsed(work.held_at or desk.now, work.due_at)[0])
    return desk.working.after(desk.now, left / desk.working.day)


def is_ahead(day: date, desk: Desk) -> bool:
    """Tell whether a day is to come, by the clock of the place."""
    return day > desk.now.astimezone(ZoneInfo(desk.limits.zone)).date()
