"""A community too large for a model of the least change still gets a plan and a bound."""

from __future__ import annotations

import numpy as np
import pytest

from geo.redraw.exact.change import least_change
from geo.redraw.inputs import Columns
from tests.redraw.test_exact import BAND, all_plans, fewest_moved, problem_of
from tests.redraw.toy import town


def test_the_bound_and_the_plan_of_a_large_community_hold_the_least_between_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    atoms = town("....\n....", households=1).assign(grid=list("AABBCCCD"))
    problem, grids = problem_of(atoms, Columns("households", previous="grid")), 2
    plan = np.asarray(next(all_plans(problem, grids)), np.int64)
    monkeypatch.setattr("geo.redraw.exact.change._LARGEST", 0)
    found = least_change(problem, BAND, plan, lambda _labels, _home: None, budget=10, seed=0)
    least = fewest_moved(problem, grids)
    assert least is not None
    assert 0 < found.lower <= least <= found.found
    assert (found.spent, found.labels.tolist()) == (0, plan.tolist())
