"""Plans looked at node by node: the least of all plans is found, and nothing below it is left."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.redraw.exact.branching import Branches
from geo.redraw.exact.network import filled, network_of
from geo.redraw.exact.survivors import choices_below
from geo.redraw.inputs import Columns
from geo.rules import Band
from tests.deep import cases
from tests.redraw.test_exact import BAND, QUICK, all_plans, problem_of, towns
from tests.redraw.test_ways import CROSSING
from tests.redraw.toy import town

NO_LIMIT = 10**6


@settings(QUICK, max_examples=cases(25))
@given(
    atoms=towns(),
    grids=st.integers(2, 3),
    today=st.lists(st.sampled_from("ABCD "), min_size=8, max_size=8),
    lock=st.booleans(),
)
def test_of_all_plans_by_a_choice_the_one_that_moves_the_fewest_is_found_and_none_below(
    atoms: gpd.GeoDataFrame, grids: int, today: list[str], *, lock: bool
) -> None:
    names = [name.strip() or None for name in today[: len(atoms)]]
    atoms = atoms.assign(grid=names, seat=[names[0], *[None] * (len(atoms) - 1)])
    columns = Columns("households", previous="grid", anchors="seat" if lock else None)
    problem = problem_of(atoms, columns)
    network, home, weight = (
        network_of(problem.graph, BAND),
        problem.graph.home,
        problem.graph.weight,
    )
    every = set(all_plans(problem, grids))
    plans = np.array(sorted(every), np.int64).reshape(-1, len(weight))
    for _, choice in choices_below(network, problem, grids, NO_LIMIT) or []:
        branches = Branches(network, choice, problem.wanted)
        moves = ((plans != choice.home) & (home >= 0)) @ weight
        least = int(min(moves, default=NO_LIMIT))
        assert branches.solve(least, budget=10).ruled_out
        if every:
            found = branches.solve(least + 1, budget=10)
            assert found.labels is not None
            plan = filled(network, found.labels)
            assert tuple(plan.tolist()) in every
            assert weight[(plan != choice.home) & (home >= 0)].sum() == least


def test_two_grids_do_not_cross_on_ground_where_nobody_lives() -> None:
    atoms = town(CROSSING, households=0)
    atoms["grid"] = ["A" if each == 100 else "B" if each else None for each in atoms["households"]]
    problem = problem_of(atoms, Columns("households", previous="grid"))
    network = network_of(problem.graph, Band(200, 400, 300))
    ((_, choice),) = choices_below(network, problem, 2, NO_LIMIT) or []
    assert Branches(network, choice, problem.wanted).solve(1, budget=10).ruled_out


def test_a_search_without_time_rules_nothing_out() -> None:
    atoms = town("1111\n1111").assign(grid=list("AAAABBBB"))
    problem = problem_of(atoms, Columns("households", previous="grid"))
    network = network_of(problem.graph, Band(400, 400, 400))
    ((_, choice),) = choices_below(network, problem, 2, NO_LIMIT) or []
    branches = Branches(network, choice, problem.wanted)
    stopped = branches.solve(NO_LIMIT, budget=0)
    assert (stopped.labels, stopped.ruled_out) == (None, False)
    assert branches.solve(NO_LIMIT, budget=1).labels is not None
