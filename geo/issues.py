"""The life of an issue: what comes in, its states, and the steps between them, as one table."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, NamedTuple, TypeAlias, get_args

from geo.errors import BadIssueError, IssueStepError

IssueState: TypeAlias = Literal["new", "sent", "taken", "done", "closed", "returned", "held"]
Outcome: TypeAlias = Literal["solved", "answered", "cancelled", "merged", "unfounded"]
ISSUE_STATES: Final[tuple[IssueState, ...]] = get_args(IssueState)
OUTCOMES: Final[tuple[Outcome, ...]] = get_args(Outcome)
OPEN_STATES: Final[tuple[IssueState, ...]] = tuple(s for s in ISSUE_STATES if s != "closed")

_LON_LIMIT: Final = 180.0
_LAT_LIMIT: Final = 90.0
_TEXT_LIMIT: Final = 20_000  # characters; a hotline's longest records hold some 4,000


class IssueEdge(NamedTuple):
    """One step of an issue.

    `who` may take it; several are alternatives. `clock` is what the step does to the deadline.
    """

    name: str
    sources: tuple[IssueState, ...]
    target: IssueState
    who: tuple[str, ...]
    clock: Literal["", "starts", "stops", "resumes", "moves"]
    zh: str
    en: str


EDGES: Final[tuple[IssueEdge, ...]] = (
    IssueEdge("answer", ("new",), "closed", ("dispatcher",), "", "直接答复", "answer"),
    IssueEdge("send", ("new",), "sent", ("dispatcher", "rule"), "starts", "派单", "send"),
    IssueEdge("withdraw", ("sent",), "new", ("dispatcher",), "", "撤回", "withdraw"),
    IssueEdge("take", ("sent",), "taken", ("holder",), "", "接单", "take"),
    IssueEdge("return", ("sent",), "returned", ("holder",), "", "退单", "return"),
    IssueEdge("resend", ("returned",), "sent", ("dispatcher",), "", "重派", "send again"),
    IssueEdge("extend", ("taken",), "taken", ("sender",), "moves", "延期", "extend"),
    IssueEdge("hold", ("taken",), "held", ("sender",), "stops", "挂账", "hold"),
    IssueEdge("resume", ("held",), "taken", ("sender",), "resumes", "恢复", "resume"),
    IssueEdge("hand_over", ("taken",), "sent", ("holder", "dispatcher"), "", "转交", "hand over"),
    IssueEdge("escalate", ("taken",), "taken", ("holder", "community"), "", "上报", "escalate"),
    IssueEdge("finish", ("taken",), "done", ("holder",), "", "办结", "finish"),
    IssueEdge("self_close", ("taken",), "closed", ("holder",), "", "自办自结", "close on the spot"),
    IssueEdge("pass", ("done",), "closed", ("verifier",), "", "核查通过", "pass"),
    IssueEdge("fail", ("done",), "sent", ("verifier",), "", "重办", "rework"),
    IssueEdge("reopen", ("closed",), "sent", ("reporter", "dispatcher"), "", "重开", "reopen"),
    IssueEdge(
        "cancel", ("new", "sent", "taken"), "closed", ("dispatcher",), "", "注销", "cancel"
    ),
    IssueEdge("merge", ("new", "sent", "taken"), "closed", ("dispatcher",), "", "并案", "merge"),
)  # fmt: skip


def allowed_steps(state: str, who: str | None = None) -> tuple[IssueEdge, ...]:
    """Return the steps out of a state, those of one kind of person if given.

    >>> [edge.name for edge in allowed_steps("sent", "holder")]
    ['take', 'return']
    """
    edges = (edge for edge in EDGES if state in edge.sources)
    return tuple(edge for edge in edges if who is None or who in edge.who)


def step(state: str, name: str) -> IssueEdge:
    """Return the step of that name out of a state; its `target` is the next state.

    Raises
    ------
    IssueStepError
        When the state has no such step: which state, and which steps it has.

    >>> step("new", "send").target
    'sent'
    """
    for edge in allowed_steps(state):
        if edge.name == name:
            return edge
    allowed = ", ".join(edge.name for edge in allowed_steps(state)) or "–"
    raise IssueStepError(state=state, step=name, allowed=allowed)


@dataclass(frozen=True, kw_only=True)
class Issue:
    """What a source hands in; texts are kept byte for byte.

    Parameters
    ----------
    source, reference
        One of SOURCES, and the source's own number: together they name the issue.
    lon, lat
        Degrees, EPSG:4326; both None when no position was given.
    accuracy_m
        Metres; None when unknown.
    """

    source: str
    reference: str
    service: str | None = None
    text: str = ""
    address: str = ""
    reported_at: datetime | None = None
    due_at: datetime | None = None
    accuracy_m: float | None = None
    lon: float | None = None
    lat: float | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be stored, with a sentence.

        Raises
        ------
        BadIssueError
            Which field, and what is wrong with it.
        """
        for name in ("source", "reference", "service", "text", "address"):
            _demand(_storable(getattr(self, name)), name, "NUL, surrogate or too long")
        _demand(bool(self.source), "source", "empty")
        _demand(bool(self.reference), "reference", "empty")
        _demand((self.lon is None) == (self.lat is None), "lon, lat", "one without the other")
        _demand(_within(self.lon, _LON_LIMIT), "lon", "not between -180 and 180")
        _demand(_within(self.lat, _LAT_LIMIT), "lat", "not between -90 and 90")
        _demand(_finite(self.accuracy_m), "accuracy_m", "not a finite number from 0")
        for name in ("reported_at", "due_at"):
            moment = getattr(self, name)
            _demand(moment is None or moment.tzinfo is not None, name, "without a time zone")


def _demand(fine: bool, field: str, reason: str) -> None:  # noqa: FBT001 reads as the sentence it is
    if not fine:
        raise BadIssueError(field=field, reason=reason)


def _storable(text: str | None) -> bool:
    if text is None:
        return True
    surrogate = any("\ud800" <= letter <= "\udfff" for letter in text)
    return len(text) <= _TEXT_LIMIT and "\0" not in text and not surrogate


def _within(degrees: float | None, limit: float) -> bool:
    return degrees is None or (not isinstance(degrees, bool) and -limit <= degrees <= limit)


def _finite(metres: float | None) -> bool:
    return metres is None or (math.isfinite(metres) and metres >= 0)
