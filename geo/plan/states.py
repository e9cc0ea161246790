"""The states of a plan and the steps between them: one table for code, API, screens and docs."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, TypeAlias, get_args

from geo.errors import PlanStepError
from geo.names import STATE_NAMES

PlanState: TypeAlias = Literal[
    "draft",
    "submitted",
    "checked",
    "approved",
    "scheduled",  # approved, and to come into force on a day to come
    "lapsed",  # its day came and it could not be put in force
    "in_force",
    "superseded",
]
PLAN_STATES: Final[tuple[PlanState, ...]] = get_args(PlanState)

# States a person still has to act on.
OPEN_STATES: Final[tuple[PlanState, ...]] = (
    "draft", "submitted", "checked", "approved", "lapsed",
)  # fmt: skip


class PlanEdge(NamedTuple):
    """One step of a plan.

    `role` held at `level` (the kind of area, or one above it) allows the step; None: the program
    itself takes it. `reason` tells whether the step must say why.
    """

    name: str
    sources: tuple[PlanState, ...]
    target: PlanState
    role: str | None
    level: str | None
    reason: bool
    zh: str
    en: str


# Planning runs from below: the community proposes, the subdistrict checks, the district approves.
PLAN_EDGES: Final[tuple[PlanEdge, ...]] = (
    PlanEdge(
        "submit", ("draft",), "submitted", "planner", "community", reason=False,
        zh="提交", en="submit",
    ),
    PlanEdge(
        "check", ("submitted",), "checked", "checker", "subdistrict", reason=False,
        zh="审核通过", en="check",
    ),
    PlanEdge(
        "approve", ("checked",), "approved", "approver", "district", reason=False,
        zh="批准", en="approve",
    ),
    PlanEdge(
        "publish", ("approved", "scheduled"), "in_force", "approver", "district", reason=False,
        zh="公布", en="publish",
    ),
    PlanEdge(
        "schedule", ("approved", "scheduled"), "scheduled", "approver", "district", reason=False,
        zh="定期公布", en="schedule",
    ),
    PlanEdge(
        "come_due", ("scheduled",), "in_force", None, None, reason=False,
        zh="到期生效", en="come into force on its day",
    ),
    PlanEdge(
        "lapse", ("scheduled",), "lapsed", None, None, reason=True,
        zh="到期未能生效", en="lapse",
    ),
    PlanEdge(
        "supersede", ("in_force",), "superseded", None, None, reason=False,
        zh="被替代", en="supersede",
    ),
    PlanEdge(
        "reinstate", ("superseded",), "in_force", None, None, reason=False,
        zh="恢复施行", en="reinstate",
    ),
    PlanEdge(
        "withdraw", ("submitted",), "draft", "planner", "community", reason=True,
        zh="撤回", en="withdraw",
    ),
    PlanEdge(
        "return_submitted", ("submitted",), "draft", "checker", "subdistrict", reason=True,
        zh="审核退回", en="return to the community",
    ),
    PlanEdge(
        "return_checked", ("checked", "approved", "scheduled", "lapsed"), "draft",
        "approver", "district", reason=True,
        zh="区县退回", en="return from the district",
    ),
    PlanEdge(
        "rebase", OPEN_STATES, "draft", "planner", "community", reason=False,
        zh="按现行网格更新", en="rebase",
    ),
)  # fmt: skip
# What is done to a plan without leaving its state, beside the steps.
_STEPS_ZH: Final = {edge.name: edge.zh for edge in PLAN_EDGES} | {
    "save": "保存", "edit": "修改", "comment": "批注",
}  # fmt: skip


def allowed_steps(state: str, role: str | None = None) -> tuple[PlanEdge, ...]:
    """Return the steps out of a state, those of one role if given, in the table's order.

    >>> [edge.name for edge in allowed_steps("submitted", "checker")]
    ['check', 'return_submitted']
    """
    edges = (edge for edge in PLAN_EDGES if state in edge.sources)
    return tuple(edge for edge in edges if role is None or edge.role == role)


def step(state: str, name: str) -> PlanEdge:
    """Return the step of that name out of a state; its `target` is the next state.

    Raises
    ------
    PlanStepError
        When the state has no such step: which state, and which steps it has.

    >>> step("draft", "submit").target
    'submitted'
    """
    for edge in allowed_steps(state):
        if edge.name == name:
            return edge
    raise no_step(state, name)


def no_step(state: str, name: str) -> PlanStepError:
    """Return what is said of a step that a state does not have, and which ones people may take.

    >>> no_step("scheduled", "save").sentence_zh
    '方案现为“待生效”，不能保存；现在可以：公布、定期公布、区县退回。'
    """
    edges = [edge for edge in allowed_steps(state) if edge.role]
    return PlanStepError(
        state=state,
        state_zh=STATE_NAMES[state][0],
        step=name,
        step_zh=_STEPS_ZH.get(name, f"“{name}”"),
        allowed=", ".join(edge.name for edge in edges) or "fork a draft from it",
        allowed_zh="、".join(edge.zh for edge in edges) or "由它另起草案",
    )
