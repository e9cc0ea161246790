"""Choices of today's grids asked one by one, and ways over ground where nobody lives."""

from __future__ import annotations

from itertools import combinations

import geopandas as gpd
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.redraw.exact.going_on import GoingOn
from geo.redraw.exact.network import network_of
from geo.redraw.exact.survivors import choices_below
from geo.redraw.exact.ways import cross, ground_of
from geo.redraw.inputs import Columns
from geo.rules import Band
from tests.redraw.test_exact import BAND, QUICK, all_plans, problem_of, towns
from tests.redraw.toy import CROSSING, town


@settings(QUICK, max_examples=12)
@given(towns(), st.lists(st.sampled_from("ABCD "), min_size=8, max_size=8))
def test_no_choice_is_ruled_out_that_has_a_plan(atoms: gpd.GeoDataFrame, today: list[str]) -> None:
    names = [name.strip() or None for name in today[: len(atoms)]]
    problem = problem_of(atoms.assign(grid=names), Columns("households", previous="grid"))
    network, home, weight = (
        network_of(problem.graph, BAND),
        problem.graph.home,
        problem.graph.weight,
    )
    plans = np.array(list(all_plans(problem, 2)), np.int64).reshape(-1, len(weight))
    for must, choice in choices_below(network, problem, 2, 10**6) or []:
        least = min((((plans != choice.home) & (home >= 0)) @ weight).tolist(), default=None)
        if least is not None:
            assert must <= least
            limit = int(least) + 1
            model = GoingOn(network, ground_of(network), choice, problem.wanted, limit)
            assert model.solve(limit, budget=10, seed=0).labels is not None


def test_two_grids_do_not_cross_on_ground_where_nobody_lives() -> None:
    atoms = town(CROSSING, households=0)
    atoms["grid"] = ["A" if each == 100 else "B" if each else None for each in atoms["households"]]
    problem = problem_of(atoms, Columns("households", previous="grid"))
    network = network_of(problem.graph, Band(200, 400, 300))
    (every,) = choices_below(network, problem, 2, 10**6) or []
    ground = ground_of(network)
    ways = ground.ways
    assert {(way.one.node, way.other.node) for way in ways if way.inside} >= {(1, 7), (3, 5)}
    ring = [way for way in ways if {way.one.node, way.other.node} in ({1, 7}, {3, 5})]
    assert any(cross(one, other) for one, other in combinations(ring, 2))
    model = GoingOn(network, ground, every[1], problem.wanted, 1)
    assert model.solve(1, budget=10, seed=0).ruled_out
