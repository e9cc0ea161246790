"""An issue and its tasks as the rules see them, and what a person orders."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from geo.calendar import Deadlines, WorkingTime
from geo.issues.edges import OVER, IssueState, Outcome, TaskState

# Tasks of departments called in: one that is not theirs goes straight to a ruling.
CALLED_IN: Final = ("whistle", "joint")
ALONE: Final = 0  # the row of a ruling that is of one issue alone


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
    taken_at, finished_at
        When its holder took it, and handed in the result.
    self_closed
        Whether its holder closed it on the spot, looked at afterwards or not.
    ruled
        Whether a ruling bound its holder: of a whistle or a joint task, which come back for one.
    appealed
        Whether whoever answers for it asked that it be struck from the rates ("asked"), and what
        the district said: "struck", or "dismissed".
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
    taken_at: datetime | None = None
    finished_at: datetime | None = None
    self_closed: bool = False
    ruled: bool = False
    appealed: str = ""

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
    placed, claimed
        Whether it has a position, and whether that lies in an area of ours.
    merged_sources
        Where those come from that were merged into it.
    to_call, uncalled
        Numbers of the merged issues whose reporters are called back; of those who have not yet said
        that what was done last will do.
    needs_photo, photographed_at
        Whether its service wants a photo of the result, and when the last such one came.
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
    claimed: bool = True
    merged_sources: tuple[str, ...] = ()
    to_call: tuple[int, ...] = ()
    uncalled: tuple[int, ...] = ()
    needs_photo: bool = False
    photographed_at: datetime | None = None
    tasks: tuple[Work, ...] = ()


class Actor(NamedTuple):
    """Who acts: the person, the parties it belongs to (itself too), its roles over the place.

    Who approves for the district of the place, or above it, has the role `district` too.
    """

    person: str
    parties: frozenset[str]
    roles: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a person orders: a step of EDGES, on which task, and what the step needs.

    `solved` and `satisfied` are what the reporter said when called back, and those of the merged
    issues in `called` said the same. `assists` get a task each beside the leading ones, of `send`
    and `whistle`; `route` is the chain of reasons where the party was found by it.
    `grid`: whoever leads it, where no party is named. `lon`, `lat` (degrees, WGS 84) put the issue
    on the map, as the candidate `located_as` of its address if it is one, which has a score; `area`
    is the community or subdistrict it lies in, where nobody knows where.
    `for_reporter`: who acts passes on what the reporter asked for or said, on the telephone.
    `parties` are whistled for, in an `emergency` before anybody signs; `away_m` is how far from the
    issue its holder is. `row` is the number of the list's row that a ruling rests on, or ALONE.
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
    called: tuple[int, ...] = ()
    assists: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    emergency: bool = False
    away_m: float | None = None
    route: tuple[dict[str, Any], ...] = ()
    for_reporter: bool = False
    grid: str | None = None
    lon: float | None = None
    lat: float | None = None
    area: str | None = None
    located_as: str | None = None
    located_score: float | None = None
    row: int | None = None


@dataclass(frozen=True)
class Desk:
    """What a decision is made with: the moment, working time, the limits, and the lot.

    `inspected`: whether the lot says that this is looked at though it was closed on the spot, by
    the `inspector` if there is one; `near_m` metres from an issue are on the spot.
    """

    now: datetime
    working: WorkingTime = field(repr=False)
    limits: Deadlines
    inspected: bool = False
    inspector: str | None = None
    near_m: float = 500.0

    def due(self) -> datetime:
        """Return when what is sent now is due."""
        return self.working.after(self.now, self.limits.answer)

    def warning(self, due: datetime) -> datetime:
        """Return when one is warned: in plain days where no working time is reckoned.

        A source may set a due time years ahead; the warning alone is then not by working days.
        """
        if self.working.covers([due])[0]:
            return self.working.after(due, -self.limits.yellow)
        return due - timedelta(days=self.limits.yellow)


def with_task(case: Case, work: Work) -> Case:
    """Return the issue with one task in its place."""
    tasks = tuple(work if each.id == work.id else each for each in case.tasks)
    return replace(case, tasks=tasks)


def clocked(work: Work, due: datetime, desk: Desk) -> Work:
    """Return the task with another due time, and the moment of the warning before it."""
    return replace(work, due_at=due, yellow_at=desk.warning(due))


def sent_to(work: Work, desk: Desk, party: str | None = None) -> Work:
    """Return the task as its holder gets it: nothing asked, nothing finished."""
    return replace(
        work, party=party or work.party, state="sent", sent_at=desk.now, asked="", asked_days=0.0,
        review_on=None, finished_by=None, taken_at=None, finished_at=None, self_closed=False,
    )  # fmt: skip
