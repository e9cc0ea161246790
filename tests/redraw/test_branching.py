"""Plans looked at node by node: the least of all plans is found, and nothing below it is left."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from geo.redraw.exact.accounts import account, price
from geo.redraw.exact.asked import asked_of
from geo.redraw.exact.branching import Branches
from geo.redraw.exact.known import Case, Room, case_of, new_room
from geo.redraw.exact.network import filled, network_of
from geo.redraw.exact.pruning import prune
from geo.redraw.exact.shaving import shave
from geo.redraw.exact.survivors import choices_below
from geo.redraw.inputs import Columns
from geo.redraw.state import NONE, Ints
from geo.rules import Band
from tests.deep import cases
from tests.redraw.test_exact import BAND, QUICK, TODAY, all_plans, problem_of, towns
from tests.redraw.toy import CROSSING, of_today, town

NO_LIMIT = 10**6


def told(case: Case, room: Room) -> float:
    """Return the fewest households that move where they can be divided, by a linear program."""
    places = [
        (node, grid)
        for node in range(len(case.weight))
        for grid in range(case.grids)
        if case.weight[node] and (room.may[node] >> grid) & 1
    ]
    nodes, grids = (np.array(each, np.int64) for each in zip(*places, strict=True))
    moves = (case.home[nodes] >= 0) & (case.home[nodes] != grids)
    inside = (grids == np.arange(case.grids)[:, None]).astype(float)
    whole = (nodes == np.flatnonzero(case.weight)[:, None]).astype(float)
    found = linprog(
        moves.astype(float),
        A_ub=np.vstack([inside, -inside]),
        b_ub=np.repeat([float(case.high), -float(case.low)], case.grids),
        A_eq=whole,
        b_eq=case.weight[case.weight > 0],
    )
    return float(found.fun) if found.status == 0 else float("inf")


def on_top(case: Case, room: Room, plan: Ints) -> int:
    """Return what is left to spend when a plan has paid for its places and its loads."""
    loads = np.bincount(plan, case.weight, case.grids).astype(np.int64)
    prices = [price(case, room, node, int(grid)) for node, grid in enumerate(plan)]
    return int(case.total - sum(prices) - (room.worth * loads).sum())


@st.composite
def parted(draw: st.DrawFn) -> tuple[Case, Ints, Ints]:
    """Return a case in which some plan moves some, where each node may be, and worths to begin at.

    Each grid borders on the next only, so that households pass through many.
    """
    grids, nodes = draw(st.integers(2, 12)), draw(st.integers(12, 40))
    draws = np.random.default_rng(draw(st.integers(0, 10**6)))
    weight, home = draws.integers(0, 9, nodes), draws.integers(-1, grids, nodes)
    near = np.clip(home + draws.integers(-1, 2, nodes), 0, grids - 1)
    plan = draws.integers(0, grids, nodes) if draw(st.booleans()) else near
    may = (1 << plan) | np.where(home < 0, 0, 1 << np.maximum(home, 0))
    loads = np.bincount(plan, weight, grids).astype(int)
    none, low, high = np.zeros(1, np.int64), int(loads.min()), int(loads.max())
    case = Case(
        none, none, weight, home, np.ones(nodes, np.bool_), none, low, high, grids,
        NO_LIMIT, NO_LIMIT, 0,
    )  # fmt: skip
    return case, may, draws.integers(-grids, grids + 1, grids)


@settings(QUICK, max_examples=cases(100))
@given(parted=parted())
def test_wherever_worths_begin_they_end_at_what_the_linear_program_tells(
    parted: tuple[Case, Ints, Ints],
) -> None:
    case, may, worths = parted
    room = new_room(case, np.full(len(may), NONE))
    room.may[:] = may
    fewest = round(told(case, room))
    for begin in (np.zeros(case.grids, np.int64), worths):
        room.worth[:] = begin
        assert account(case, room) == fewest


@settings(QUICK, max_examples=cases(25))
@given(
    atoms=towns(),
    grids=st.integers(2, 3),
    today=TODAY,
    lock=st.booleans(),
    worths=st.lists(st.integers(-3, 3), min_size=3, max_size=3),
)
def test_of_all_plans_by_a_choice_the_one_that_moves_the_fewest_is_found_and_none_below(
    atoms: gpd.GeoDataFrame, grids: int, today: list[str], worths: list[int], *, lock: bool
) -> None:
    problem = problem_of(*of_today(atoms, today, lock=lock))
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
        for plan, moved in list(zip(plans, moves, strict=True))[:20]:
            case = case_of(network, choice, problem.wanted, int(moved) + 1)
            room = new_room(case, problem.wanted)
            fewest = account(case, room)
            assert on_top(case, room, plan) == 0
            assert fewest == round(told(case, room)) <= int(moved) - choice.moved
            room.worth[:] = np.resize(worths, grids)
            assert account(case, room) == fewest
            room.worth[:] = np.resize(worths, grids)
            assert prune(case, room)
            assert shave(case, room, NO_LIMIT)
            assert all((room.may[n] >> g) & 1 for n, g in enumerate(plan) if weight[n])
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


def test_a_new_grid_among_light_and_heavy_atoms_is_ruled_out_in_little_time() -> None:
    atoms = town("\n".join(["........"] * 6), households=0)
    shares = [0.2, 0.2, 0.15, 0.15, 0.1, 0.1, 0.1]
    draw = np.random.default_rng(6)
    atoms["households"] = draw.choice([2, 3, 5, 7, 60, 90, 140], len(atoms), p=shares)
    atoms["grid"] = np.where(atoms.geometry.centroid.x < 500, "A", "B")
    problem = problem_of(atoms, Columns("households", previous="grid"))
    network = network_of(problem.graph, Band(300, 500, 400))
    ((least, choice),) = choices_below(network, problem, 4, NO_LIMIT) or []
    assert least == 565
    assert Branches(network, choice, problem.wanted).solve(611, budget=1).ruled_out


def test_where_one_grid_gets_just_what_it_lacks_the_others_gain_nothing() -> None:
    atoms = town("1111\n1111").assign(grid=list("AABCAABB"))
    problem = problem_of(atoms, Columns("households", previous="grid"))
    network, home = network_of(problem.graph, Band(200, 400, 300)), problem.graph.home
    ((least, choice),) = choices_below(network, problem, 3, NO_LIMIT) or []
    case = case_of(network, choice, problem.wanted, 101)
    assert (least, account(case, new_room(case, problem.wanted)), case.total) == (0, 100, 100)
    room = new_room(case, problem.wanted)
    assert prune(case, room)
    foreign = room.may & ~(1 << home)
    assert [name for g, name in enumerate(problem.kept) if ((foreign >> g) & 1).any()] == ["C"]
    below = case_of(network, choice, problem.wanted, 100)
    assert not prune(below, new_room(below, problem.wanted))


@pytest.mark.parametrize("grids", [3, 14, 20, 40, 60])
def test_where_each_grid_can_only_be_fed_by_the_next_all_of_them_pass_on(grids: int) -> None:
    atoms = town("1" * 2 * grids)
    nth = [0, *[1 + i // 2 for i in range(2 * grids - 3)], grids - 1, grids - 1]
    atoms["grid"] = [f"{each:02}" for each in nth]
    problem = problem_of(atoms, Columns("households", previous="grid"))
    network = network_of(problem.graph, Band(200, 200, 200))
    (asked,) = asked_of(network, problem, grids, NO_LIMIT) or []
    home, moved = asked.choice.home, 100 * (grids - 1)
    new = np.repeat(home[::2], 2)
    case = case_of(network, asked.choice, problem.wanted, NO_LIMIT)
    room = new_room(case, problem.wanted)
    room.may[:] = (1 << home) | (1 << new)
    assert (asked.bound, account(case, room)) == (100, moved)
