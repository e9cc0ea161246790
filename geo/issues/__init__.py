"""What comes in, the steps it may take, and what becomes of it."""

from __future__ import annotations

from geo.issues.case import ALONE, Actor, Case, Desk, Order, Work
from geo.issues.edges import (
    EDGES,
    ISSUE_STATES,
    OPEN_STATES,
    OUTCOMES,
    TASK_STATES,
    IssueEdge,
    IssueState,
    Outcome,
    TaskState,
    allowed_steps,
    edge_named,
    state_of,
    step,
    step_called,
)
from geo.issues.handling import by_rule, decide, offered
from geo.issues.intake import Issue
from geo.issues.replaying import replayed

__all__ = [
    "ALONE",
    "EDGES",
    "ISSUE_STATES",
    "OPEN_STATES",
    "OUTCOMES",
    "TASK_STATES",
    "Actor",
    "Case",
    "Desk",
    "Issue",
    "IssueEdge",
    "IssueState",
    "Order",
    "Outcome",
    "TaskState",
    "Work",
    "allowed_steps",
    "by_rule",
    "decide",
    "edge_named",
    "offered",
    "replayed",
    "state_of",
    "step",
    "step_called",
]
