"""The life of a plan: its states, the codes its grids get, and what it changes."""

from __future__ import annotations

from geo.plan.bounds import bounds_text
from geo.plan.difference import PlanDiff, apply, compare, lineage
from geo.plan.ledger import LEDGER_COLUMNS, ledger
from geo.plan.numbering import grid_name, number_grids
from geo.plan.rebase import Rebased, rebased
from geo.plan.states import (
    OPEN_STATES,
    PLAN_EDGES,
    PLAN_STATES,
    PlanEdge,
    PlanState,
    allowed_steps,
    no_step,
    step,
)

__all__ = [
    "LEDGER_COLUMNS",
    "OPEN_STATES",
    "PLAN_EDGES",
    "PLAN_STATES",
    "PlanDiff",
    "PlanEdge",
    "PlanState",
    "Rebased",
    "allowed_steps",
    "apply",
    "bounds_text",
    "compare",
    "grid_name",
    "ledger",
    "lineage",
    "no_step",
    "number_grids",
    "rebased",
    "step",
]
