"""An issue and its tasks as the rules see them, and what a person orders."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from geo.calendar import Deadlines, WorkingTime
from geo.issues.edges import OVER, IssueState, Outcome, TaskState


@dataclass(frozen=True, kw_only=True)
class Work:
    """A task of an issue.

    Parameters
    ----------
    id
        Below 0: not stored yet.
    lead
        The issue follows its leading tasks; others assist.
    sent_at, due_at, yellow_at
        When its holder got it, when it is due, and when one is warned.
    asked, asked_days, review_on
        What its holder asks for and nobody has granted: "extend" by so many working days, or
        "hold" until it is looked at again.
    extended
        Working days granted so far.
    held_at
        Since when the clock stands still.
    finished_by
        Person who handed in the result, and so may not verify it.
    signed_by, arrive_by, arrived_at, away_m
        Of a whistle: the leader who signed it (in an emergency afterwards), until when somebody
        must be on the spot, since when somebody is, and how far from it they said so.
    provisional
        Whether it is with the subdistrict only until the district rules.
    """

    id: int
    kind: str = "handle"
    party: str
    role: str | None = None
    lead: bool = True
    state: TaskState = "sent"
    sent_at: datetime
    due_at: datetime
    yellow_at: datetime
    asked: str = ""
    asked_days: float = 0.0
    review_on: date | None = None
    extended: float = 0.0
    held_at: datetime | None = None
    finished_by: str | None = None
    result: str = ""
    signed_by: str | None = None
    arrive_by: datetime | None = None
    arrived_at: datetime | None = None
    away_m: float | None = None
    provisional: bool = False

    @property
    def is_open(self) -> bool:
        """Whether something is left to do."""
        return self.state not in OVER


@dataclass(frozen=True, kw_only=True)
class Case:
    """An issue with its tasks, the oldest first.

    Parameters
    ----------
    due_at
        The source's own due time, which comes before any limit of ours.
    returns, ruled
        How often it was returned, and whether a ruling then bound its holder.
    self_close
        Whether its service may be closed on the spot.
    into
        The issue it was merged into.
    placed
        Whether it has a position.
    """

    id: int
    source: str
    state: IssueState = "new"
    outcome: Outcome | None = None
    due_at: datetime | None = None
    returns: int = 0
    ruled: bool = False
    self_close: bool = False
    into: int | None = None
    placed: bool = True
    tasks: tuple[Work, ...] = ()


class Actor(NamedTuple):
    """Who acts: the person, the parties it belongs to (itself too), its roles over the place."""

    person: str
    parties: frozenset[str]
    roles: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a person orders: a step of EDGES, on which task, and what the step needs.

    `solved` and `satisfied` are what the reporter said when called back. `assists` get a task
    each beside the leading one; `route` is the chain of reasons where the party was found by it.
    `for_reporter`: who acts passes on what the reporter asked for or said, on the telephone.
    `parties` are whistled for, in an `emergency` before anybody signs; `away_m` is how far from the
    issue its holder is.
    """

    step: str
    task: int | None = None
    party: str | None = None
    role: str | None = None
    reason: str = ""
    result: str = ""
    days: float | None = None
    review_on: date | None = None
    into: int | None = None
    outcome: Outcome | None = None
    solved: bool | None = None
    satisfied: bool | None = None
    assists: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    emergency: bool = False
    away_m: float | None = None
    route: tuple[dict[str, Any], ...] = ()
    for_reporter: bool = False


@dataclass(frozen=True)
class Desk:
    """What a decision is made with: the moment, working time, the limits, and whether by lot."""

    now: datetime
    working: WorkingTime = field(repr=False)
    limits: Deadlines
    inspected: bool = False  # whether what was closed on the spot is looked at all the same


def with_task(case: Case, work: Work) -> Case:
    """Return the issue with one task in its place."""
    tasks = tuple(work if each.id == work.id else each for each in case.tasks)
    return replace(case, tasks=tasks)


def clocked(work: Work, due: datetime, desk: Desk) -> Work:
    """Return the task with another due time, and the moment of the warning before it."""
    yellow = desk.working.after(due, -desk.limits.yellow)
    return replace(work, due_at=due, yellow_at=yellow)
