"""Searches begun again: what they come to is a plan, and nothing better is ever given up for it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.redraw.exact.again import Again
from geo.redraw.exact.asked import asked_of
from geo.redraw.exact.network import network_of
from geo.redraw.exact.plans import Plans
from geo.redraw.exact.regions import Regions
from geo.redraw.exact.survivors import Choice, choices_below, must_move
from geo.redraw.inputs import Columns
from geo.redraw.proving import Aim, searches_of
from geo.redraw.solving import solve
from geo.redraw.state import Ints
from geo.rules import Band, one_band
from tests.deep import cases
from tests.redraw.test_exact import BAND, HIGH, LOW, QUICK, TODAY, all_plans, problem_of
from tests.redraw.toy import of_today, town

COLUMNS = Columns("households", previous="grid")
NO_LIMIT = 10**6


@settings(QUICK, max_examples=cases(40))
@given(
    today=TODAY,
    begin=st.integers(0, 10**6),
    come_to=st.lists(st.integers(0, 10**6), min_size=1, max_size=6),
    divided=st.booleans(),
)
def test_the_best_of_all_that_is_come_to_is_kept(
    today: list[str], begin: int, come_to: list[int], *, divided: bool
) -> None:
    atoms = town("....\n....", households=1)
    problem = problem_of(*of_today(atoms, today, lock=False))
    every = sorted(set(all_plans(problem, 2)))
    plans = Plans(network_of(problem.graph, BAND), problem, BAND)
    start, *met = (plans.of(np.array(every[i % len(every)], np.int64)) for i in (begin, *come_to))
    out_of_band = np.zeros(len(atoms), np.int64)
    told = iter([out_of_band, *(plan.labels for plan in met), None])

    def anew(_choice: Choice, _nth: int) -> tuple[Ints | None, float]:
        return next(told, None), 0.1

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("geo.redraw.exact.again._ABOUT", 2.0 if divided else 0.0)
        found = Again(plans, Regions(plans), anew).searched(start, budget=10)
    least = min([start.moved, *(plan.moved for plan in met)])
    assert tuple(found.labels.tolist()) in every
    assert found.moved == plans.of(found.labels).moved
    assert found.moved <= least if divided else found.moved == least


def test_choices_are_taken_in_turns_until_the_time_is_up_or_none_may_be_better() -> None:
    atoms = town("......").assign(households=[250, 200, 150, 140, 250, 210])
    atoms["grid"] = ["A", "A", "B", "C", "D", "D"]
    problem, band = problem_of(atoms, COLUMNS), Band(290, 600, 400)
    plans = Plans(network_of(problem.graph, band), problem, band)
    start = plans.of(np.array([0, 0, 1, 1, 2, 2], np.int64))
    seen: list[tuple[float, int]] = []

    def anew(choice: Choice, nth: int) -> tuple[Ints | None, float]:
        seen.append((choice.moved, nth))
        return None, 0.3

    again = Again(plans, Regions(plans), anew)
    assert again.searched(start._replace(moved=500), budget=1.0).moved == 500
    assert seen == [(140, 0), (150, 1), (450, 2), (140, 3)]
    again.searched(start._replace(moved=150), budget=0.5)
    assert seen[4:] == [(140, 4), (140, 5)], "150 cannot be better than 150"
    again.searched(start._replace(moved=140), budget=0.5)
    assert len(seen) == 6


def test_a_search_by_another_lot_is_in_band_and_the_same_lot_gives_the_same() -> None:
    atoms = town("\n".join(["............"] * 8), households=25)
    atoms["grid"] = np.where(atoms.geometry.centroid.x < 500, "A", "B")
    problem, rules = problem_of(atoms, COLUMNS), one_band(380, 620)
    drawn = solve(problem, rules, quality="fast", seed=0)
    assert drawn.band is not None
    network = network_of(problem.graph, drawn.band)
    ((_, choice),) = choices_below(network, problem, len(drawn.loads), NO_LIMIT) or []
    aim = Aim(problem, drawn, drawn.band, rules, 0)
    found = [searches_of(aim).anew(choice, nth)[0] for nth in range(6)]
    plans = Plans(network, problem, drawn.band)
    labels = [each for each in found if each is not None]
    assert len(labels) == 6
    assert all(plans.is_good(each, choice.grids) for each in labels)
    assert len({each.tobytes() for each in labels}) > 1
    same = searches_of(aim).anew(choice, 3)[0]
    assert same is not None
    assert (same == labels[3]).all()


@settings(QUICK, max_examples=cases(60))
@given(
    loads=st.lists(st.integers(0, 9), min_size=1, max_size=9),
    grids=st.integers(1, 9),
    limit=st.integers(0, 4_000),
)
def test_the_choices_that_move_less_than_a_limit_are_all_listed(
    loads: list[int], grids: int, limit: int
) -> None:
    atoms = town("".join(map(str, loads))).assign(grid=[f"{nth}" for nth in range(len(loads))])
    problem = problem_of(atoms, COLUMNS)
    network = network_of(problem.graph, Band(LOW, HIGH, HIGH))
    every = choices_below(network, problem, grids, NO_LIMIT) or []
    below = choices_below(network, problem, grids, limit) or []
    kept = [choice.home.tolist() for least, choice in every if least < limit]
    assert sorted(choice.home.tolist() for _, choice in below) == sorted(kept)
    assert all(least == must_move(network, choice) for least, choice in every)


def test_choices_far_above_the_best_plan_do_not_count_among_too_many() -> None:
    atoms = town("19" * 8).assign(grid=[f"{nth:02}" for nth in range(16)])  # 12,870 give up eight
    problem = problem_of(atoms, COLUMNS)
    network = network_of(problem.graph, Band(300, 1_000, 500))
    assert choices_below(network, problem, 8, NO_LIMIT) is None
    assert [least for least, _ in choices_below(network, problem, 8, 1_600) or []] == [800]


def test_learning_begins_anew_where_the_limit_is_much_lower() -> None:
    atoms = town("........\n........", households=50).assign(grid=list("AAABBBBBAAABBBBB"))
    problem = problem_of(atoms, COLUMNS)
    (asked,) = asked_of(network_of(problem.graph, Band(390, 410, 400)), problem, 2, 1_000) or []
    first, asked.bound = asked.learner, 0
    asked.sharpen(800)
    assert asked.learner is first
    asked.sharpen(600)
    assert asked.learner is not first
    assert asked.learner.highest == 600
    assert asked.learner.ask(101, 1.0).labels is not None
    assert asked.learner.ask(100, 1.0).ruled_out
