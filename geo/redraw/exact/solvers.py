"""The solvers: imported when first asked for, run by one worker in deterministic time."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import Any, NamedTuple, TypeAlias

from geo.errors import MissingSolversError

# Models, variables and sums of the solver, whose types are there only with the extra.
Expression: TypeAlias = Any


class Answer(NamedTuple):
    """What the solver says of a model.

    `values` of the variables asked for, None without a solution; `ruled_out`: there is none;
    `best`: no solution is better; `bound` on the objective; `spent` in deterministic time.
    """

    values: list[bool] | None
    ruled_out: bool
    best: bool
    bound: float
    spent: float


def cp_sat() -> ModuleType:
    """Return the module of the solver of models with numbers; see `_extra`."""
    return _extra("ortools.sat.python.cp_model")


def clasp() -> ModuleType:
    """Return the module of the solver of logic programs; see `_extra`."""
    return _extra("clingo")


def _extra(module: str) -> ModuleType:
    """Return a module of the optional extra, which is slow to load.

    Raises
    ------
    MissingSolversError
        When the extra is not installed: how to install it.
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise MissingSolversError(package=module.partition(".")[0]) from error


def answer(
    model: Expression,
    variables: list[Expression],
    *,
    budget: float,
    seed: int,
    plain: bool | None = None,
) -> Answer:
    """Return what the solver finds within a budget of deterministic time (about seconds).

    `plain`: without linear programs; given either way, a model asked many times is made ready
    for less long.
    """  # fmt: skip
    sat = cp_sat()
    solver = sat.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed % 2**31
    solver.parameters.max_deterministic_time = max(budget, 1e-3)
    if plain is not None:
        solver.parameters.linearization_level = 0 if plain else 1
        solver.parameters.cp_model_probing_level = 0
        solver.parameters.symmetry_level = 0
    state = solver.Solve(model)
    found = state in (sat.OPTIMAL, sat.FEASIBLE)
    return Answer(
        [bool(solver.Value(variable)) for variable in variables] if found else None,
        state == sat.INFEASIBLE,
        state == sat.OPTIMAL,
        float(solver.BestObjectiveBound()),
        float(solver.ResponseProto().deterministic_time),
    )
