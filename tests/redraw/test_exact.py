"""The solver's answers held against full enumeration on tiny towns, and what they say."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from itertools import product

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from geo.errors import MissingSolversError
from geo.redraw import Search, draw, redraw
from geo.redraw.exact.change import least_change
from geo.redraw.exact.divisions import looked_through
from geo.redraw.exact.feasibility import decide
from geo.redraw.exact.matching import moved_by
from geo.redraw.exact.network import network_of
from geo.redraw.exact.reasons import counted
from geo.redraw.exact.rescue import counting, rescue
from geo.redraw.exact.survivors import first_choices
from geo.redraw.inputs import Columns, read_atoms
from geo.redraw.problem import Problem, problems_of
from geo.redraw.solving import out_of_band, solve
from geo.rules import Band, one_band
from tests.deep import cases
from tests.redraw.toy import NO_SEARCH, broken, loads, town

LOW, HIGH = 3, 5
RULES = one_band(LOW, HIGH)
BAND = Band(LOW, HIGH, (LOW + HIGH) / 2)
NAMES = Columns("households")
QUICK = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
TODAY = st.lists(st.sampled_from("ABCD "), min_size=8, max_size=8)
SHAPES = (
    "...\n...\n..",
    "........",
    ". .\n...\n. .",
    "....\n.  .\n..",
    ".....\n  .  \n..",
    "...\n . \n...",
)


def tiny(shape: str, weights: list[int]) -> gpd.GeoDataFrame:
    atoms = town(shape)
    return atoms.assign(households=weights[: len(atoms)])


def problem_of(atoms: gpd.GeoDataFrame, columns: Columns = NAMES) -> Problem:
    return problems_of(read_atoms(atoms, columns)).each[0]


def pieces_of(problem: Problem, nodes: set[int]) -> int:
    first, to = problem.graph.first.tolist(), problem.graph.to.tolist()
    left, count = set(nodes), 0
    while left:
        count += 1
        front = [left.pop()]
        while front:
            node = front.pop()
            near = {n for n in to[first[node] : first[node + 1]] if n in left}
            left -= near
            front += near
    return count


@cache
def labellings(nodes: int, grids: int) -> np.ndarray:
    return np.array(list(product(range(grids), repeat=nodes)), np.int64)


def all_plans(problem: Problem, grids: int) -> Iterator[tuple[int, ...]]:
    """Yield every plan in band, in one piece each, whose fixed nodes are where they must be."""
    weight, wanted = problem.graph.weight, problem.wanted
    every = labellings(len(weight), grids)
    good = ((every == wanted) | (wanted < 0)).all(axis=1)
    for grid in range(grids):
        households = (every == grid) @ weight
        good &= (households >= LOW) & (households <= HIGH)
    for labels in every[good]:
        parts = [set(np.flatnonzero(labels == grid).tolist()) for grid in range(grids)]
        if all(pieces_of(problem, part) == 1 for part in parts):
            yield tuple(labels.tolist())


@st.composite
def towns(draw_: st.DrawFn) -> gpd.GeoDataFrame:
    shape = draw_(st.sampled_from(SHAPES))
    most = draw_(st.sampled_from([2, 3, 5]))
    weights = draw_(st.lists(st.integers(0, most), min_size=8, max_size=8))
    return tiny(shape, weights)


@QUICK
@given(atoms=towns(), grids=st.integers(1, 3), lock=st.booleans())
def test_a_plan_is_found_exactly_where_there_is_one(
    atoms: gpd.GeoDataFrame, grids: int, *, lock: bool
) -> None:
    columns = NAMES
    if lock:
        seat: list[str | None] = [None] * len(atoms)
        seat[0] = seat[-1] = "a"
        seat[len(atoms) // 2] = "b"
        atoms, columns = atoms.assign(seat=seat), Columns("households", anchors="seat")
    problem = problem_of(atoms, columns)
    if grids <= problem.wanted.max():
        return
    exists = next(all_plans(problem, grids), None) is not None
    network = network_of(problem.graph, BAND)
    found = decide(network, grids, problem.wanted.tolist(), budget=10, seed=0)
    assert found.ruled_out == (not exists)
    assert (found.labels is not None) == exists
    if found.labels is not None:
        assert tuple(found.labels.tolist()) in set(all_plans(problem, grids))
    looked = looked_through(problem, BAND, grids)
    assert not (looked.ruled_out and exists)
    if looked.labels is not None:
        assert tuple(looked.labels.tolist()) in set(all_plans(problem, grids))


@QUICK
@given(towns())
def test_what_counting_rules_out_has_no_plan(atoms: gpd.GeoDataFrame) -> None:
    problem = problem_of(atoms)
    network = network_of(problem.graph, BAND)
    for proof in counted(problem, network, (1, 2, 3)):
        for grids in (1, 2, 3) if proof.grids is None else (proof.grids,):
            assert next(all_plans(problem, grids), None) is None


@settings(QUICK, max_examples=15)
@given(towns())
def test_every_community_gets_a_plan_in_band_or_a_proof(atoms: gpd.GeoDataFrame) -> None:
    drawn = redraw(atoms, weight="households", rules=RULES, quality="proven")
    row = drawn.report.communities.iloc[0]
    assert row["status"] == "proven"
    assert row["in_band"] == (row["reason"] in {"in_band", "no_band"})
    assert broken(atoms, drawn) == 0
    problem = problem_of(atoms)
    if row["reason"] == "impossible":
        assert all(next(all_plans(problem, k), None) is None for k in (1, 2, 3))


def test_loads_that_cannot_be_packed_are_proven_with_every_number_of_grids_named() -> None:
    atoms = town("4....\n.....\n44444", households=0)
    atoms["households"] = [400, *[0] * 9, *[400, 350, 200, 200, 200]]
    drawn = redraw(
        atoms, weight="households", rules=one_band(300, 500), quality="proven", threads=1
    )
    row = drawn.report.communities.iloc[0]
    assert (row["reason"], row["status"], row["in_band"]) == ("impossible", "proven", False)
    numbers = {proof["grids"] for proof in row["proofs"]}
    assert numbers == {4, 5}
    assert "no plan exists with" in row["en"]
    assert "个网格不可能" in row["zh"]


def test_a_plan_is_found_without_a_solver_where_few_atoms_have_households() -> None:
    atoms = town("\n".join(["....."] * 5), households=0)
    atoms["households"] = [
        *[0, 130, 160, 0, 0], *[0, 0, 110, 0, 140], *[0] * 5,
        *[0, 0, 280, 360, 0], *[0, 0, 240, 270, 0],
    ]  # fmt: skip
    drawn = redraw(atoms, weight="households", rules=one_band(300, 500), quality="draft")
    assert drawn.report.communities.iloc[0]["reason"] == "in_band"
    assert broken(atoms, drawn) == 0
    atoms["households"] = np.where(atoms["households"] > 0, 130, 0)
    atoms.loc[1, "households"] = 20  # 930 in all, enough for three grids
    row = redraw(atoms, weight="households", rules=one_band(300, 320)).report.communities.iloc[0]
    assert (row["reason"], row["status"]) == ("impossible", "proven")
    assert "however its 8 atoms" in row["en"]
    assert "有户的 8 个单元" in row["zh"]


def test_an_atom_that_is_the_only_way_to_others_is_named() -> None:
    atoms = town("...\n . \n . ").assign(households=[150, 250, 150, 200, 200])
    row = redraw(atoms, weight="households", rules=one_band(300, 500)).report.communities.iloc[0]
    assert (row["reason"], row["status"]) == ("impossible", "proven")
    assert "'.1' (250 households) is the only way to '.0', '.2' (300 households" in row["en"]


def test_an_atom_with_nothing_to_join_is_named() -> None:
    row = redraw(
        town("24.3", households=150), weight="households", rules=one_band(300, 500)
    ).report.communities.iloc[0]
    assert (row["reason"], row["status"]) == ("impossible", "proven")
    assert "'20' (200 households)" in row["en"]
    assert "“20”（200 户）" in row["zh"]


def test_locks_above_the_band_are_named() -> None:
    atoms = town("........\n........", households=100)
    atoms["grid"] = ["A"] * 8 + ["B"] * 8
    atoms["lock"] = [True] * 6 + [False] * 10
    drawn = redraw(
        atoms, weight="households", rules=one_band(300, 500), previous="grid", locked="lock"
    )
    row = drawn.report.communities.iloc[0]
    assert (row["reason"], row["status"]) == ("impossible", "proven")
    assert "'A'" in row["en"]


def test_the_other_grids_are_in_band_beside_one_that_locks_hold_far_above_it() -> None:
    atoms = town("\n".join(["........"] * 8), households=100)
    atoms["grid"] = ["A"] * 24 + ["B"] * 40
    atoms["lock"] = [True] * 22 + [False] * 42
    drawn = redraw(
        atoms, weight="households", rules=one_band(300, 500), previous="grid", locked="lock",
        quality="draft",
    )  # fmt: skip
    *others, held = loads(atoms.assign(special=False), drawn)
    assert held >= 2_200
    row = drawn.report.communities.iloc[0]
    assert (row["reason"], row["status"]) == ("impossible", "proven")
    assert all(300 <= load <= 500 for load in others)


def test_a_large_community_is_asked_around_the_grids_out_of_band_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("geo.redraw.exact.rescue._WHOLE", 200)
    atoms = town("\n".join(["......"] * 8), households=100)
    problem = problem_of(atoms)
    band = Band(300, 500, 400)
    labels = np.repeat(np.arange(12), 4)
    order = np.lexsort((problem.graph.x, problem.graph.y))
    start = np.zeros(48, np.int64)
    start[order] = labels
    known = counting(problem, band)
    start[start == 1] = 0
    start = np.unique(start, return_inverse=True)[1].astype(np.int64)
    found = rescue(problem, start, band, known, seed=0)
    assert found.labels is not None
    kept = found.labels == start
    assert 0 < (~kept).sum() <= 24


def test_proofs_do_not_depend_on_threads_or_process() -> None:
    code = "from tests.redraw.test_exact import _proven; print([*_proven(2)])"
    assert said(code).stdout.strip() == str([*_proven(1)])


def said(code: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-X", "utf8", "-c", code]
    return subprocess.run(  # noqa: S603 our own words
        words, capture_output=True, text=True, check=False, encoding="utf-8"
    )


def _proven(threads: int) -> Iterator[object]:
    """Yield plan, sentences and effort of some towns that a fast search leaves out of band."""
    rng = np.random.default_rng(5)
    atoms = town("\n".join(["........"] * 4))
    atoms["households"] = rng.choice([0, 0, 150, 260], len(atoms))
    atoms["within"] = [f"c{int(x // 400)}{int(y // 400)}" for x, y in zip(
        atoms.geometry.centroid.x, atoms.geometry.centroid.y - 100, strict=True)]  # fmt: skip
    columns = Columns("households", "within")
    drawn = draw(atoms, columns, one_band(300, 500), Search(3, "proven", threads))
    yield drawn.labels.tolist()
    yield drawn.report.communities[["zh", "en", "deterministic_time"]].to_numpy().tolist()


@pytest.mark.parametrize("missing", ["ortools.sat.python", "clingo"])
def test_without_the_solvers_a_proof_says_how_to_install_them(
    monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    monkeypatch.delitem(sys.modules, f"{missing}.cp_model", raising=False)
    atoms = town("....", households=100)
    redraw(atoms, weight="households", rules=one_band(300, 500), quality="best")
    with pytest.raises(MissingSolversError) as caught:
        redraw(atoms, weight="households", rules=one_band(300, 500), quality="proven")
    assert "pip install 'jingwei[solvers]'" in caught.value.sentence_zh
    assert "uv sync --extra solvers" in caught.value.sentence_en


def fewest_moved(problem: Problem, grids: int) -> float | None:
    """Return the least any plan moves, each new grid matched to the old it best fits.

    Grids that atoms are anchored to are the first of a plan, as those they name are of today's.
    """
    home, weight, held = problem.graph.home, problem.graph.weight, int(problem.wanted.max()) + 1
    here = home >= 0
    moved = []
    for labels in all_plans(problem, grids):
        stay = np.zeros((grids, max(int(home.max()) + 1, held)))
        np.add.at(stay, (np.asarray(labels)[here], home[here]), weight[here])
        stays = np.trace(stay[:held, :held])
        free = stay[held:, held:]
        moved.append(weight[here].sum() - stays - free[linear_sum_assignment(-free)].sum())
    return min(moved, default=None)


@QUICK
@given(towns(), st.integers(2, 3), TODAY, st.sampled_from(["", "A", "Q", "AQ"]))
def test_the_least_change_is_that_of_the_best_of_all_plans(
    atoms: gpd.GeoDataFrame, grids: int, today: list[str], seats: str
) -> None:
    names = [name.strip() or None for name in today[: len(atoms)]]
    if not any(names):
        return
    seat = [*seats, *[None] * len(atoms)][: len(atoms)]
    columns = Columns("households", previous="grid", anchors="seat")
    problem = problem_of(atoms.assign(grid=names, seat=seat), columns)
    least = fewest_moved(problem, grids) if len(seats) <= grids else None
    if least is None:
        return
    plan = np.asarray(next(all_plans(problem, grids)), np.int64)
    found = least_change(problem, BAND, plan, NO_SEARCH, budget=10, seed=0)
    assert (found.lower, found.found, found.proven) == (least, least, True)
    assert tuple(found.labels.tolist()) in set(all_plans(problem, grids))
    assert moved_by(problem, found.labels) == least


@settings(QUICK, max_examples=cases(4))
@given(towns(), TODAY)
def test_a_search_never_moves_fewer_than_the_best_of_all_plans(
    atoms: gpd.GeoDataFrame, today: list[str]
) -> None:
    names = [name.strip() or None for name in today[: len(atoms)]]
    problem = problem_of(atoms.assign(grid=names), Columns("households", previous="grid"))
    found = solve(problem, RULES, quality="best", seed=0)
    if not any(names) or out_of_band(found):
        return
    labels = found.labels
    grids = range(len(found.loads))
    assert all(pieces_of(problem, set(np.flatnonzero(labels == grid))) == 1 for grid in grids)
    moved = moved_by(problem, labels)
    least = fewest_moved(problem, len(found.loads))
    assert least is not None
    assert least <= moved <= least + HIGH


def test_the_grid_that_is_given_up_need_not_be_the_lightest() -> None:
    atoms = town("......").assign(households=[250, 200, 150, 140, 250, 210])
    atoms["grid"] = ["A", "A", "B", "C", "D", "D"]
    rules = one_band(290, 600)
    problem = problem_of(atoms, Columns("households", previous="grid"))
    kept = first_choices(problem.graph.weight, problem, 3, 9)
    assert [choice.moved for choice in kept] == [140, 150, 450, 460]
    locked = atoms.assign(lock=[False, False, False, True, False, False])
    fixed = problem_of(locked, Columns("households", previous="grid", locked="lock"))
    kept = first_choices(fixed.graph.weight, fixed, 3, 9)
    assert [choice.moved for choice in kept] == [150, 450, 460]
    assert not out_of_band(solve(problem, rules, quality="best", seed=0))
