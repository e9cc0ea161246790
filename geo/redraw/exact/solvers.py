"""The solver: imported when first asked for, run by one worker in deterministic time."""

from __future__ import annotations

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
    """Return the solver's module.

    Raises
    ------
    MissingSolversError
        When the extra is not installed: how to install it.
    """
    try:
        from ortools.sat.python import cp_model  # noqa: PLC0415 an optional extra, and slow to load
    except ImportError as error:
        raise MissingSolversError(package="ortools") from error
    module: ModuleType = cp_model
    return module


def clasp() -> ModuleType:
    """Return the module of the solver of logic programs.

    Raises
    ------
    MissingSolversError
        When the extra is not installed: how to install it.
    """
    try:
        import clingo  # noqa: PLC0415 an optional extra
    except ImportError as error:
        raise MissingSolversError(package="clingo") from error
    module: ModuleType = clingo
    return module


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
