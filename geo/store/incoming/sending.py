"""Issues sent where they come in, by rule: to whoever answers for the place and the service."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import Connection

from geo.calendar import Moments, WorkingTime
from geo.errors import BeyondCalendarError
from geo.issues import Case, Desk, Order, Work, by_rule
from geo.routing import Route
from geo.store.locating import Located
from geo.store.making import Making, made, told_of
from geo.store.rules.deadlines import Ruler


class Sending(NamedTuple):
    """An issue about to be sent by rule: where it lies, the order that does it, what comes of it.

    `case` has its tasks, none of them stored.
    """

    here: Located
    order: Order
    case: Case


def sending(case: Case, here: Located, found: Route, desk: Desk) -> Sending | None:
    """Return how a rule sends a new issue; None where it is left to a dispatcher.

    That is where nobody was found, or the subdistrict only provisionally; where a rule on the way
    could not be evaluated, for people must look at it; and where it would be due in a year that no
    working time is reckoned for.
    """
    if found.party is None or found.provisional or found.attention:
        return None
    why = tuple(reason._asdict() for reason in found.reasons)
    party, role = found.party, found.role
    order = Order(step="send", party=party, role=role, assists=found.assists, route=why)
    try:
        return Sending(here, order, by_rule(case, order, desk))
    except BeyondCalendarError:
        return None


def sent(conn: Connection, sendings: Sequence[tuple[int, Sending]]) -> list[dict[str, Any]]:
    """Return the events of issues just stored (id, how each is sent), their tasks made."""
    makings = [
        Making(issue, each.here, work) for issue, each in sendings for work in each.case.tasks
    ]
    tasks = iter(made(conn, makings))
    return [_event(issue, each, tasks) for issue, each in sendings]


def order_told(each: Sending) -> dict[str, Any]:
    """Return what is told of an order that a rule gave, as of one that a person did."""
    order = each.order
    given = {"party": order.party, "role": order.role, "assists": order.assists}
    return {
        "by": "rule",
        "order": {**given, "route": order.route},
        "issue": {"state": each.case.state},
    }


def _event(issue: int, each: Sending, tasks: Iterator[Work]) -> dict[str, Any]:
    stored = [next(tasks) for _ in each.case.tasks]
    told = order_told(each) | {"tasks": {str(work.id): told_of(work) for work in stored}}
    return {"noun": "issue", "subject": str(issue), "name": "send", "detail": told,
            "path": each.here.path}  # fmt: skip


def reckoned(ruler: Ruler, now: datetime, due: Sequence[datetime] = ()) -> Desk:
    """Return what a rule sends with: the moment, and working time that remembers.

    Parameters
    ----------
    due
        Times that will be asked for, each with its warning reckoned here, all at once.
    """
    working, limits = ruler
    parts = {part.name: getattr(working, part.name) for part in fields(working)}
    remembering = _Remembering(**parts)
    if not due:
        return Desk(now, remembering, limits)
    moments = pd.Series(sorted(set(due)), dtype="datetime64[us, UTC]")
    spoken = working.covers(moments)
    remembering.spoken.update(zip(moments, spoken.reshape(-1, 1), strict=True))
    moments = moments[spoken]
    warned = working.all_after(moments, -limits.yellow).tolist()
    for at, seconds in zip(moments, warned, strict=True):
        remembering.known[at, -limits.yellow] = datetime.fromtimestamp(seconds, UTC)
    return Desk(now, remembering, limits)


@dataclass(frozen=True, eq=False)
class _Remembering(WorkingTime):
    """Working time that reckons nothing twice: the same moments are asked for again and again."""

    known: dict[tuple[datetime, float], datetime] = field(default_factory=dict)
    spoken: dict[datetime, NDArray[np.bool_]] = field(default_factory=dict)

    def after(self, start: datetime, days: float) -> datetime:
        if (start, days) not in self.known:
            self.known[start, days] = super().after(start, days)
        return self.known[start, days]

    def covers(self, moments: Moments) -> NDArray[np.bool_]:
        if not isinstance(moments, list) or len(moments) != 1:
            return super().covers(moments)
        if moments[0] not in self.spoken:
            self.spoken[moments[0]] = super().covers(moments)
        return self.spoken[moments[0]]
