"""The least change as a report tells it, and in a community too large for a model of it."""

from __future__ import annotations

import numpy as np
import pytest

from geo.redraw import redraw
from geo.redraw.exact.asked import asked_of
from geo.redraw.exact.change import least_change
from geo.redraw.exact.network import network_of
from geo.redraw.inputs import Columns
from geo.rules import one_band
from tests.redraw.test_exact import BAND, all_plans, fewest_moved, problem_of
from tests.redraw.toy import NO_SEARCH, town


def test_the_bound_and_the_plan_of_a_large_community_hold_the_least_between_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    atoms = town("....\n....", households=1).assign(grid=list("AABBCCCD"))
    problem, grids = problem_of(atoms, Columns("households", previous="grid")), 2
    plan = np.asarray(next(all_plans(problem, grids)), np.int64)
    monkeypatch.setattr("geo.redraw.exact.hunt._LARGEST", 0)
    found = least_change(problem, BAND, plan, NO_SEARCH, budget=10, seed=0)
    least = fewest_moved(problem, grids)
    assert least is not None
    assert 0 < found.lower <= least <= found.found
    assert (found.spent, found.labels.tolist()) == (0, plan.tolist())


def test_the_choice_that_must_move_the_fewest_is_asked_first() -> None:
    atoms = town("........\n........", households=50).assign(grid=list("AAABBCDDAAABBCDD"))
    problem = problem_of(atoms, Columns("households", previous="grid"))
    asked = asked_of(network_of(problem.graph, BAND), problem, 2, 10**6) or []
    given_up = [each.choice.moved for each in asked]
    assert [each.bound for each in asked] == sorted(each.bound for each in asked)
    assert len(given_up) == 6
    assert given_up[0] == 300 < given_up[-1] == 500


def test_the_report_says_how_few_households_any_plan_moves() -> None:
    atoms = town("........\n........", households=50)
    atoms["grid"] = ["A"] * 5 + ["B"] * 3 + ["A"] * 5 + ["B"] * 3
    drawn = redraw(
        atoms, weight="households", rules=one_band(390, 410), previous="grid", quality="proven"
    )
    row = drawn.report.communities.iloc[0]
    bound = {"lower": 100, "found": 100, "ours": 100, "proven": True}
    assert row["bounds"]["moved_households"] == bound
    assert row["moved_households"] == 100
    fast = redraw(atoms, weight="households", rules=one_band(390, 410), previous="grid")
    assert fast.report.communities["bounds"].tolist() == [{}]
