"""The life of an issue and of its tasks: states, and the steps between them, as one table."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final, Literal, NamedTuple, TypeAlias, get_args

from geo.errors import IssueStepError, UnknownStepError

IssueState: TypeAlias = Literal["new", "sent", "taken", "done", "closed", "returned", "held"]
TaskState: TypeAlias = Literal[
    "drafted", "sent", "taken", "done", "closed", "returned", "held", "withdrawn"
]
Outcome: TypeAlias = Literal["solved", "answered", "cancelled", "merged", "unfounded"]
Who: TypeAlias = Literal[
    "dispatcher", "checker", "approver", "district", "holder", "verifier", "reporter", "answerable"
]
Clock: TypeAlias = Literal["", "starts", "stops", "resumes", "moves"]
Need: TypeAlias = Literal[
    "reason", "days", "result", "into", "review_on", "party", "parties", "away_m", "lon"
]

ISSUE_STATES: Final[tuple[IssueState, ...]] = get_args(IssueState)
TASK_STATES: Final[tuple[TaskState, ...]] = get_args(TaskState)
OUTCOMES: Final[tuple[Outcome, ...]] = get_args(Outcome)
OPEN_STATES: Final[tuple[IssueState, ...]] = tuple(s for s in ISSUE_STATES if s != "closed")
OVER: Final[tuple[TaskState, ...]] = ("closed", "withdrawn")  # of a task: nothing is left to do
# A task's clock runs on through a return, and stands still while it is held or handed in.
CLOCK_RUNS: Final[tuple[TaskState, ...]] = ("sent", "taken", "returned")
# An issue is as far as the least of its leading tasks that are not over.
_LEAST_FIRST: Final[tuple[IssueState, ...]] = ("returned", "sent", "taken", "held", "done")


class IssueEdge(NamedTuple):
    """One step.

    `on` says whose state must be among `sources` and becomes `target`: the issue's, or that of
    one of its tasks (the issue then follows its leading tasks); an empty target leaves it as it
    is. `who` may take it; several are alternatives; `district`: who approves for the district or
    above it; who is `answerable` holds the task, or did when it was over. `needs` are what the
    step cannot do without, `clock` what it does to the deadline.
    """

    name: str
    on: Literal["issue", "task"]
    sources: tuple[str, ...]
    target: str
    who: tuple[Who, ...]
    needs: tuple[Need, ...]
    clock: Clock
    zh: str
    en: str


_AT_WORK: Final = ("sent", "taken", "returned", "held", "done")
_COUNTED: Final = (*_AT_WORK, "closed")  # what the rates speak of
_UNDONE: Final = ("new", "sent", "taken", "returned", "held")

EDGES: Final[tuple[IssueEdge, ...]] = tuple(
    IssueEdge(*row)
    for row in (
        ("answer", "issue", ("new",), "closed", ("dispatcher",), ("result",), "",
         "直接答复", "answer"),
        ("send", "issue", ("new",), "sent", ("dispatcher",), (), "starts", "派单", "send"),
        ("cancel", "issue", ("new", "sent", "taken"), "closed", ("dispatcher",), ("reason",), "",
         "注销", "cancel"),
        ("merge", "issue", ("new", "sent", "taken"), "closed", ("dispatcher",), ("into",), "",
         "合并", "merge"),
        ("place", "issue", _UNDONE, "", ("dispatcher",), ("lon",), "", "定位", "put on the map"),
        ("reopen", "issue", ("closed",), "sent", ("dispatcher", "reporter"), ("reason",), "starts",
         "重开", "reopen"),
        ("urge", "issue", _COUNTED, "", ("dispatcher", "reporter"), (), "", "催办", "urge"),
        ("order", "issue", _AT_WORK, "", ("approver",), ("reason",), "", "督办", "order"),
        ("whistle", "issue", _UNDONE, "", ("dispatcher", "checker", "holder"),
         ("reason", "parties"), "", "吹哨", "whistle"),
        ("joint", "issue", _UNDONE, "", ("dispatcher", "checker"),
         ("reason", "party", "parties"), "starts", "联合执法", "joint enforcement"),
        ("sign", "issue", _UNDONE, "", ("approver",), (), "starts", "签批吹哨", "sign a whistle"),
        ("decline", "issue", _UNDONE, "", ("approver",), ("reason",), "",
         "不予签批", "decline a whistle"),
        ("arrive", "task", ("taken",), "taken", ("holder",), ("away_m",), "", "报到", "arrive"),
        ("withdraw", "task", ("sent", "returned"), "withdrawn", ("dispatcher",), (), "",
         "撤回", "withdraw"),
        ("take", "task", ("sent",), "taken", ("holder",), (), "", "接单", "take"),
        ("return", "task", ("sent",), "returned", ("holder",), ("reason",), "", "退单", "return"),
        ("resend", "task", ("returned",), "sent", ("dispatcher",), (), "", "重派", "send again"),
        ("rule", "task", ("returned",), "sent", ("district",), ("reason",), "",
         "裁定", "rule whose it is"),
        ("settle", "task", ("sent", "taken", "returned", "held"), "sent", ("district",),
         ("reason",), "", "兜底裁定", "rule on what nobody owned"),
        ("ask_extend", "task", ("taken",), "taken", ("holder",), ("reason", "days"), "",
         "申请延期", "ask for more time"),
        ("extend", "task", ("taken",), "taken", ("dispatcher",), (), "moves", "延期", "extend"),
        ("ask_hold", "task", ("taken",), "taken", ("holder",), ("reason", "review_on"), "",
         "申请挂账", "ask to hold"),
        ("hold", "task", ("taken",), "held", ("dispatcher",), (), "stops", "挂账", "hold"),
        ("refuse", "task", ("taken",), "taken", ("dispatcher",), ("reason",), "",
         "不同意", "refuse what was asked"),
        ("resume", "task", ("held",), "taken", ("dispatcher", "holder"), (), "resumes",
         "恢复", "resume"),
        ("hand_over", "task", ("taken",), "sent", ("holder", "dispatcher"), ("reason",), "",
         "转交", "hand over"),
        ("escalate", "task", ("taken",), "taken", ("holder",), ("reason",), "", "上报", "escalate"),
        ("finish", "task", ("taken",), "done", ("holder",), ("result",), "", "办结", "finish"),
        ("self_close", "task", ("taken",), "closed", ("holder",), ("result",), "",
         "自办自结", "close on the spot"),
        ("appeal", "task", _COUNTED, "", ("answerable",), ("reason",), "",
         "申诉", "appeal to strike it from the rates"),
        ("strike", "task", _COUNTED, "", ("district",), ("reason",), "",
         "剔除", "strike it from the rates"),
        ("dismiss", "task", _COUNTED, "", ("district",), ("reason",), "",
         "驳回申诉", "dismiss the appeal"),
        ("pass", "task", ("done",), "closed", ("verifier",), (), "", "核查通过", "pass"),
        ("fail", "task", ("done",), "sent", ("verifier",), ("reason",), "", "重办", "rework"),
    )
)  # fmt: skip
_BY_NAME: Final = {edge.name: edge for edge in EDGES}


def allowed_steps(
    state: str, who: str | None = None, *, on: str = "issue"
) -> tuple[IssueEdge, ...]:
    """Return the steps out of a state of an issue or a task, those of one kind of person if given.

    >>> [edge.name for edge in allowed_steps("sent", "holder", on="task")]
    ['take', 'return']
    """
    edges = (edge for edge in EDGES if edge.on == on and state in edge.sources)
    return tuple(edge for edge in edges if who is None or who in edge.who)


def edge_named(name: str) -> IssueEdge:
    """Return the step of that name.

    Raises
    ------
    UnknownStepError
        When there is none: which ones are called nearly so, else all.
    """
    if name not in _BY_NAME:
        near = [_BY_NAME[each] for each in get_close_matches(name.lower(), _BY_NAME)]
        near = near or [edge for edge in EDGES if name and name in edge.zh]
        told = ", ".join(f"{edge.name} {edge.zh}" for edge in near or EDGES)
        raise UnknownStepError(step=name, allowed=told)
    return _BY_NAME[name]


def step_called(word: str) -> str:
    """Return the name of the step that a person calls so, by its name or in Chinese; else the word.

    >>> step_called("派单"), step_called("take"), step_called("sned")
    ('send', 'take', 'sned')
    """
    return next((edge.name for edge in EDGES if edge.zh == word), word)


def step(state: str, name: str) -> IssueEdge:
    """Return the step of that name out of a state of what it is taken on.

    Raises
    ------
    IssueStepError
        When the state has no such step: which state, and which steps it has.

    >>> step("new", "send").target
    'sent'
    """
    edge = edge_named(name)
    if state not in edge.sources:
        raise no_step(state, (edge.name, edge.zh), allowed_steps(state, on=edge.on))
    return edge


def no_step(state: str, step: tuple[str, str], allowed: Iterable[IssueEdge]) -> IssueStepError:
    """Return what is said of a step (name, Chinese name) that a state does not have."""
    edges = tuple(allowed)
    return IssueStepError(
        state=state,
        step=step[0],
        step_zh=step[1],
        allowed=", ".join(edge.name for edge in edges) or "–",
        allowed_zh="、".join(edge.zh for edge in edges) or "–",
    )


def state_of(leading: tuple[str, ...]) -> IssueState:
    """Return the state of an issue whose leading tasks are in these states.

    >>> state_of(("closed", "taken", "sent")), state_of(("closed",)), state_of(("withdrawn",))
    ('sent', 'closed', 'new')
    """
    for state in _LEAST_FIRST:
        if state in leading:
            return state
    return "closed" if "closed" in leading else "new"  # what is only drafted does not count yet
