"""A solver that learns is asked for plans: the least of all is found, and nothing below it."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.redraw.exact.branching import Branches, Reply
from geo.redraw.exact.known import case_of, new_room
from geo.redraw.exact.learning import Learner, fits
from geo.redraw.exact.network import Network, filled, network_of
from geo.redraw.exact.pruning import prune
from geo.redraw.exact.survivors import Choice, choices_below
from geo.redraw.exact.worths import worths_of
from geo.redraw.inputs import Columns
from geo.redraw.problem import Problem
from geo.redraw.state import Ints
from geo.rules import Band
from tests.deep import cases
from tests.redraw.test_exact import BAND, QUICK, TODAY, all_plans, problem_of, towns
from tests.redraw.toy import CROSSING, of_today, town

NO_LIMIT = 10**6
BARE = """
4..1..4
.......
1..2..1
.......
4..1..4
"""


def choices(problem: Problem, network: Network, grids: int) -> list[Choice]:
    """Return all choices of today's grids."""
    return [choice for _, choice in choices_below(network, problem, grids, NO_LIMIT) or []]


def moved_by(problem: Problem, plans: Ints, choice: Choice) -> Ints:
    """Return the households that each plan moves from the homes of a choice."""
    home = problem.graph.home
    moves = ((plans != choice.home) & (home >= 0)) @ problem.graph.weight
    return np.asarray(moves, np.int64)


@settings(QUICK, max_examples=cases(25))
@given(
    atoms=towns(),
    grids=st.integers(2, 3),
    today=TODAY,
    lock=st.booleans(),
    steps=st.lists(st.integers(1, 300), max_size=3),
)
def test_limit_by_limit_the_plan_that_moves_the_fewest_is_found_and_none_below(
    atoms: gpd.GeoDataFrame, grids: int, today: list[str], steps: list[int], *, lock: bool
) -> None:
    problem = problem_of(*of_today(atoms, today, lock=lock))
    network = network_of(problem.graph, BAND)
    every = set(all_plans(problem, grids))
    plans = np.array(sorted(every), np.int64).reshape(-1, len(problem.graph.weight))
    for choice in choices(problem, network, grids):
        least = min(moved_by(problem, plans, choice).tolist(), default=NO_LIMIT)
        learner, limit = Learner(network, choice, problem.wanted, NO_LIMIT), NO_LIMIT
        while (reply := learner.ask(limit, 10)).labels is not None:
            plan = filled(network, reply.labels)
            assert tuple(plan.tolist()) in every
            moved = int(moved_by(problem, plan, choice))
            assert moved < limit
            lower = max(0, moved - (steps[0] if steps else 1))
            assert (learner.ask(lower, 10).labels is None) == (lower <= least)
            limit = moved
        assert reply.ruled_out
        assert limit == least
        upward = Learner(network, choice, problem.wanted, NO_LIMIT)  # lower limits first
        for lower in sorted(
            {max(0, least - step) for step in steps} | {least, min(least + 1, NO_LIMIT)}
        ):
            assert upward.ask(lower, 10).ruled_out == (lower <= least)
        for step in steps:  # what was learned of one limit is right for the others
            assert learner.ask(max(0, least - step), 10).ruled_out


@settings(QUICK, max_examples=cases(15))
@given(atoms=towns(), grids=st.integers(2, 3), most=st.integers(1, 5))
def test_by_worths_seen_on_ways_down_every_plan_pays_no_more_than_it_may(
    atoms: gpd.GeoDataFrame, grids: int, most: int
) -> None:
    problem = problem_of(
        atoms.assign(grid=list("AABBCCDD")[: len(atoms)]), Columns("households", previous="grid")
    )
    network, weight = network_of(problem.graph, BAND), problem.graph.weight.astype(np.int64)
    plans = np.array(sorted(set(all_plans(problem, grids))), np.int64).reshape(-1, len(weight))
    for choice in choices(problem, network, grids):
        case = case_of(network, choice, problem.wanted, NO_LIMIT)
        room = new_room(case, problem.wanted)
        if not prune(case, room):
            assert not len(plans)
            continue
        may, worth = room.may.copy(), room.worth.copy()
        worths = worths_of(case, room, most=most, work=NO_LIMIT)
        assert (room.may == may).all()
        assert (room.worth == worth).all()
        assert (worths[0] == worth).all()
        assert len(worths) == len(np.unique(worths, axis=0)) <= most
        for row in worths:
            lowest = np.where(row > 0, case.low, case.high) @ row
            for plan in plans:
                moves = int(moved_by(problem, plan, choice))
                assert moves >= (weight * ((plan != choice.home) & (choice.home >= 0))).sum()
                paid = weight @ ((plan != choice.home) & (choice.home >= 0)) - weight @ row[plan]
                assert paid + lowest <= moves


def test_bare_ground_goes_to_a_grid_only_where_that_holds_together_by_it() -> None:
    atoms = town(BARE, households=0)
    atoms["grid"] = np.where(atoms.geometry.centroid.x < 350, "A", "B")
    problem = problem_of(atoms, Columns("households", previous="grid"))
    network = network_of(problem.graph, Band(800, 1400, 1100))
    for choice in choices(problem, network, 2):
        found = Learner(network, choice, problem.wanted, NO_LIMIT).ask(NO_LIMIT, 10)
        assert found.labels is not None
        labels = np.array(found.labels)
        for node in np.flatnonzero((problem.graph.weight == 0) & (labels >= 0)):
            beside = [n for n in network.near[node] if labels[n] == labels[node]]
            assert len(beside) > 1
        assert (labels[problem.graph.weight > 0] >= 0).all()


def test_two_grids_do_not_cross_on_ground_where_nobody_lives() -> None:
    atoms = town(CROSSING, households=0)
    atoms["grid"] = ["A" if each == 100 else "B" if each else None for each in atoms["households"]]
    problem = problem_of(atoms, Columns("households", previous="grid"))
    network = network_of(problem.graph, Band(200, 400, 300))
    (choice,) = choices(problem, network, 2)
    assert Learner(network, choice, problem.wanted, NO_LIMIT).ask(1, 10).ruled_out


def mixed(seed: int = 6) -> tuple[Problem, Network, Choice]:
    """Return light and heavy atoms of two grids that are to be four, drawn by lot."""
    atoms = town("\n".join(["........"] * 6), households=0)
    shares = [0.2, 0.2, 0.15, 0.15, 0.1, 0.1, 0.1]
    draw = np.random.default_rng(seed)
    atoms["households"] = draw.choice([2, 3, 5, 7, 60, 90, 140], len(atoms), p=shares)
    atoms["grid"] = np.where(atoms.geometry.centroid.x < 500, "A", "B")
    problem = problem_of(atoms, Columns("households", previous="grid"))
    network = network_of(problem.graph, Band(300, 500, 400))
    (choice,) = choices(problem, network, 4)
    return problem, network, choice


@settings(QUICK, max_examples=cases(3))
@given(seed=st.integers(0, 10**6), order=st.permutations(range(5)))
def test_two_searches_agree_in_whatever_order_limits_are_asked_for(
    seed: int, order: list[int]
) -> None:
    problem, network, choice = mixed(seed)
    branches, limit = Branches(network, choice, problem.wanted), NO_LIMIT
    learner = Learner(network, choice, problem.wanted, NO_LIMIT)
    while (reply := branches.solve(limit, budget=0.1)).labels is not None:
        plan = filled(network, reply.labels)
        limit = int(moved_by(problem, plan, choice))
    if limit == NO_LIMIT:  # too few households for four grids, say
        assert not reply.ruled_out or learner.ask(limit, 0.1).labels is None
        return
    known = [NO_LIMIT, limit + 40, limit + 1, limit, limit - 40]
    for nth in order:
        found = learner.ask(known[nth], 0.1)
        if found.labels is not None:
            moved = int(moved_by(problem, filled(network, found.labels), choice))
            assert moved < known[nth]
            assert not reply.ruled_out or moved >= limit
        assert not (found.ruled_out and known[nth] > limit)


def test_without_time_nothing_is_ruled_out_and_it_goes_on_where_it_was() -> None:
    problem, network, choice = mixed()
    turns = []
    for _ in range(2):
        learner = Learner(network, choice, problem.wanted, NO_LIMIT)
        replies: list[Reply] = []
        while not replies or not replies[-1].ruled_out:
            replies.append(learner.ask(611, 0.005))
            assert replies[-1].labels is None
        turns.append(replies)
    assert len(turns[0]) > 1
    assert turns[0] == turns[1]


def test_what_a_low_limit_leaves_out_is_there_for_a_higher_one() -> None:
    problem, network, choice = mixed()
    low, high = (Learner(network, choice, problem.wanted, NO_LIMIT) for _ in range(2))
    assert low.ask(611, 10).ruled_out
    for learner in (low, high):
        assert learner.ask(NO_LIMIT, 10).labels is not None
    assert low.program is not None
    assert high.program is not None
    assert low.program.places.keys() == high.program.places.keys()


def test_households_too_many_to_be_added_up_are_not_asked_for() -> None:
    atoms = town("11\n11").assign(grid=list("AABB"))
    columns = Columns("households", previous="grid")
    for households, small in ((100, True), (1e9, False)):
        problem = problem_of(atoms.assign(households=households), columns)
        assert fits(network_of(problem.graph, Band(1, 1e10, 1e9))) == small
