"""A plan made better a few grids at a time stays a plan, and two grids get the best there is."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.redraw.exact.network import network_of
from geo.redraw.exact.plans import Plans
from geo.redraw.exact.regions import Regions
from geo.redraw.inputs import Columns
from geo.rules import Band
from tests.deep import cases
from tests.redraw.test_exact import BAND, QUICK, all_plans, problem_of, towns
from tests.redraw.toy import town


@settings(QUICK, max_examples=cases(25))
@given(
    atoms=towns(),
    grids=st.integers(2, 3),
    today=st.lists(st.sampled_from("ABC "), min_size=8, max_size=8),
    pick=st.integers(0, 10**6),
    lock=st.booleans(),
)
def test_few_grids_divided_anew_are_the_best_of_all_their_plans(
    atoms: gpd.GeoDataFrame, grids: int, today: list[str], pick: int, *, lock: bool
) -> None:
    names = [name.strip() or None for name in today[: len(atoms)]]
    atoms = atoms.assign(grid=names, seat=[names[0], *[None] * (len(atoms) - 1)])
    columns = Columns("households", previous="grid", anchors="seat" if lock else None)
    problem = problem_of(atoms, columns)
    every = sorted(set(all_plans(problem, grids)))
    if not every:
        return
    plans = Plans(network_of(problem.graph, BAND), problem, BAND)
    start = plans.of(np.array(every[pick % len(every)], np.int64))
    found = Regions(plans).divided(start, budget=10)
    assert tuple(found.labels.tolist()) in every
    labels, home, weight = np.array(every), problem.graph.home, problem.graph.weight
    by_the_same = ((labels != found.home) & (home >= 0)) @ weight
    assert found.moved == by_the_same.min() <= start.moved


def test_grids_far_apart_are_mended_without_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    today, drawn = "AABBCCDDEEFF", "ABBBCCDDEEEF"
    atoms = town("1" * len(today)).assign(grid=list(today))
    problem = problem_of(atoms, Columns("households", previous="grid"))
    band = Band(100, 300, 200)
    plans = Plans(network_of(problem.graph, band), problem, band)
    start = plans.of(np.array([list(problem.kept).index(name) for name in drawn], np.int64))
    regions = Regions(plans)
    mended = regions.divided(start, budget=10)
    assert (start.moved, mended.moved) == (200, 0)
    spent = regions.spent
    assert regions.divided(mended, budget=10).moved == 0
    assert regions.spent == spent, "what was asked is not asked again"
    assert Regions(plans).divided(start, budget=0).labels.tolist() == start.labels.tolist()
    monkeypatch.setattr("geo.redraw.exact.regions._LARGEST", 3)
    assert Regions(plans).divided(start, budget=10).moved == start.moved, "too large to be asked"
