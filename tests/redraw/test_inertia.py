"""The bound on the moment of inertia, held against every plan there is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.atoms import Borders
from geo.metrics import in_band, pieces
from geo.redraw.exact.hess import Plan, solved
from geo.redraw.exact.inertia import BOUNDED, inertia
from geo.redraw.exact.knapsacks import whole_loads
from geo.redraw.exact.moments import moments_of, pulls
from geo.redraw.exact.prices import Reduced, reduced
from geo.redraw.inputs import Columns, read_atoms
from geo.redraw.problem import problems_of
from geo.redraw.state import Graph, Ints, Reals
from geo.rules import Band
from tests.redraw.toy import town

BAND = Band(60, 100, 80)
WIDE = Band(0, 1e6, 5e5)


def net(x: Reals, y: Reals, weight: Reals, pairs: list[tuple[int, int]]) -> Graph:
    """Return a community whose atoms border on each other as said."""
    count = len(x)
    both = sorted({*pairs, *((b, a) for a, b in pairs)})
    source, to = (np.array(side, np.int64) for side in zip(*both, strict=True)) if both else (
        np.zeros(0, np.int64), np.zeros(0, np.int64)
    )  # fmt: skip
    first = np.searchsorted(source, np.arange(count + 1)).astype(np.int64)
    ones = np.ones(len(to))
    loose, home = np.zeros(count, np.bool_), np.full(count, -1, np.int64)
    # No bits of arcs: whether a grid stays whole is then searched for.
    return Graph(first, to, ones, ones, np.zeros(len(to), np.int64), weight,
                 np.ones(count), np.full(count, 4.0), x, y, home, loose)  # fmt: skip


@st.composite
def nets(draw: st.DrawFn) -> Graph:
    """Draw a tree of up to seven atoms and some borders more; some middles coincide."""
    count = draw(st.integers(1, 7))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    pairs = [(int(rng.integers(0, i)), i) for i in range(1, count)]
    pairs += [(int(a), int(b)) for a, b in rng.integers(0, count, (3, 2)) if a != b]
    side = draw(st.sampled_from([2, 50]))
    x, y = (rng.integers(0, side, count).astype(np.float64) for _ in "xy")
    weight = rng.integers(0, 60, count).astype(np.float64)
    weight *= draw(st.sampled_from([1.0, 1.0, 0.37]))
    return net(x, y, weight, pairs)


def whole(graph: Graph, labels: Ints) -> bool:
    source = np.repeat(np.arange(len(graph.weight)), np.diff(graph.first))
    return pieces(labels, Borders(source, graph.to, graph.border)) == 0


def plans(graph: Graph, grids: int) -> Iterator[Ints]:
    """Yield every plan of so many grids, in one piece each."""

    def further(labels: list[int]) -> Iterator[list[int]]:
        if len(labels) == len(graph.weight):
            yield labels
            return
        for label in range(min(max(labels, default=-1) + 2, grids)):
            yield from further([*labels, label])

    for labels in further([]):
        plan = np.array(labels, np.int64)
        if plan.max() + 1 == grids and whole(graph, plan):
            yield plan


def good(graph: Graph, labels: Ints, band: Band) -> bool:
    loads = np.bincount(labels, graph.weight).astype(np.float64)
    return bool(in_band(loads, band).all())


@st.composite
def locks(draw: st.DrawFn) -> tuple[Graph, Ints]:
    """Draw a community with a plan of it, some atoms fixed to their grid."""
    graph = draw(nets())
    every = list(plans(graph, draw(st.integers(1, min(4, len(graph.weight))))))
    plan = draw(st.sampled_from(every))
    share = draw(st.sampled_from([0.0, 0.0, 0.4]))
    fixed = np.random.default_rng(draw(st.integers(0, 99))).random(len(plan)) < share
    return graph._replace(fixed=fixed, home=np.where(fixed, plan, -1)), plan


def kept(graph: Graph, labels: Ints) -> bool:
    """Tell whether atoms fixed to one grid are in one, and those of two in two."""
    held = np.flatnonzero(graph.fixed)
    pairs = {(int(graph.home[atom]), int(labels[atom])) for atom in held}
    return len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})


def moments_about_atoms(graph: Graph, labels: Ints) -> float:
    """Return the moment counted pair by pair."""
    pull, total = pulls(graph), 0.0
    for grid in range(labels.max() + 1):
        mine = np.flatnonzero(labels == grid)
        total += min(pull[centre, mine].sum() for centre in mine)
    return float(total)


@settings(max_examples=40, deadline=None)
@given(locks(), st.sampled_from([BAND, Band(20, 60, 40), None]))
def test_the_best_plan_is_the_least_of_all_and_the_bound_is_not_above_it(
    given_: tuple[Graph, Ints], band: Band | None
) -> None:
    graph, plan = given_
    fit = [
        moments_about_atoms(graph, each)
        for each in plans(graph, int(plan.max()) + 1)
        if good(graph, each, band or WIDE) and kept(graph, each)
    ]
    found = inertia(graph, plan, band)
    assert found.ours == pytest.approx(moments_about_atoms(graph, plan), abs=1e-6)
    assert found.about_middles <= found.ours + 1e-6
    if not fit:
        assert (found.status, found.bound, found.best) == ("no_plan", None, None)
        return
    assert found.status == "optimal"
    assert found.best == pytest.approx(min(fit), rel=1e-6, abs=1e-6)
    assert found.bound is not None
    assert found.bound <= min(fit) * (1 + 1e-9)
    assert good(graph, found.labels, band or WIDE)
    assert whole(graph, found.labels)
    assert kept(graph, found.labels)


def test_a_plan_that_breaks_a_lock_is_not_the_best_one() -> None:
    x, y = np.array([0.0, 0.0, 1.0]), np.ones(3)
    graph = net(x, y, np.array([36.0, 58.0, 43.0]), [(0, 1), (1, 2)])
    graph = graph._replace(fixed=np.array([False, True, True]), home=np.array([-1, 1, 1]))
    found = inertia(graph, np.array([0, 1, 1]), None)
    assert found.status == "optimal"
    assert found.best == pytest.approx(43)
    assert kept(graph, found.labels)


@settings(max_examples=40, deadline=None)
@given(nets(), st.integers(1, 3), st.sampled_from([1.3, 5.0, np.inf]))
def test_prices_bound_every_plan_and_strike_out_no_better_one(
    graph: Graph, grids: int, slack: float
) -> None:
    pull = pulls(graph)
    fit = [p for p in plans(graph, min(grids, len(graph.weight))) if good(graph, p, BAND)]
    loads = whole_loads(graph.weight, BAND.low, BAND.high)
    least = min((moments_about_atoms(graph, plan) for plan in fit), default=np.inf)
    left = reduced(pull, loads, min(grids, len(graph.weight)), least * slack + 1, pull.mean(axis=0))
    if not fit:
        return
    assert left.bound <= least * (1 + 1e-9) + 1e-9
    for plan in fit:
        if moments_about_atoms(graph, plan) < least * min(slack, 1.2):
            assert _possible(pull, left.cost, plan)
    answer = solved(graph, left, BAND, NOTHING, (partial(mended, graph), 0.0))
    assert answer.proven
    assert answer.best.moment == pytest.approx(least, rel=1e-5, abs=1e-6)


NOTHING = Plan(np.inf, np.zeros(0, np.int64))


def mended(graph: Graph, labels: Ints) -> Plan:
    """Return a plan of labels whose grids are whole already, nothing of others."""
    label = np.unique(labels, return_inverse=True)[1].astype(np.int64)
    return Plan(moments_of(graph, label)[0], label) if whole(graph, label) else NOTHING


def _possible(pull: Reals, cost: Reals, plan: Ints) -> bool:
    """Tell whether a plan's atoms are all still possible at the best atoms of their grids."""
    for grid in range(plan.max() + 1):
        mine = np.flatnonzero(plan == grid)
        sums = pull[np.ix_(mine, mine)].sum(axis=1)
        best = mine[sums <= sums.min() + 1e-9]
        if not np.isfinite(cost[np.ix_(best, mine)]).all(axis=1).any():
            return False
    return True


def lattice(width: int, height: int, seed: int) -> Graph:
    """Return a lattice of uneven atoms of 100 m."""
    y, x = (100.0 * along for along in np.divmod(np.arange(width * height), width))
    right = [(i, i + 1) for i in range(width * height) if (i + 1) % width]
    down = [(i, i + width) for i in range(width * (height - 1))]
    weight = np.random.default_rng(seed).integers(0, 20, width * height).astype(np.float64)
    return net(x, y, weight, [*right, *down])


def halves(graph: Graph) -> Ints:
    return (graph.x > np.median(graph.x)).astype(np.int64)


def test_the_same_input_gives_the_same_answer() -> None:
    graph = lattice(8, 6, 1)
    half = graph.weight.sum() / 2
    one, two = (inertia(graph, halves(graph), Band(0.9 * half, 1.1 * half, half)) for _ in "ab")
    assert one.labels.tolist() == two.labels.tolist()
    assert (one.bound, one.best, one.steps) == (two.bound, two.best, two.steps)
    assert one.status == "optimal"
    assert one.gap == pytest.approx(0.0, abs=1e-5)
    assert one.over is not None
    assert one.over >= 1


def test_a_gap_that_is_enough_ends_the_work_and_is_told() -> None:
    graph = lattice(8, 6, 1)
    half = graph.weight.sum() / 2
    found = inertia(graph, halves(graph), Band(0.9 * half, 1.1 * half, half), enough=0.5)
    told = found.told()
    assert (found.nodes, told["status"]) == (0, found.status)
    assert found.gap is not None
    assert found.gap <= 0.5
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert told["ours_over_bound"] == round(found.over or 0, 6)


def test_a_grid_in_two_pieces_is_cut_off() -> None:
    # The ends of a chain, two atoms each, lie side by side; its heavy middle lies far away.
    x = np.array([0.0, 1, 100, 100, 1, 0])
    weight = np.array([20.0, 20, 40, 40, 20, 20])
    chain = net(x, np.zeros(6), weight, [(i, i + 1) for i in range(5)])
    band = Band(70, 90, 80)
    left = Reduced(0.0, pulls(chain), 2, weight, NOTHING.labels, 0)
    answer = solved(chain, left, band, NOTHING, (partial(mended, chain), 0.0))
    assert (answer.proven, answer.cuts > 0) == (True, True)
    assert whole(chain, answer.best.labels)
    found = inertia(chain, np.array([0, 0, 0, 1, 1, 1]), band)
    assert found.status == "optimal"
    assert found.over == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("weight", [0.0, 1.0])
def test_atoms_in_one_place_have_no_moment(weight: float) -> None:
    dots = net(np.zeros(4), np.zeros(4), np.full(4, weight), [(0, 1), (1, 2), (2, 3)])
    found = inertia(dots, np.array([0, 0, 1, 1]), None)
    assert (found.bound, found.best, found.ours, found.over) == (0.0, 0.0, 0.0, 1.0)
    assert (found.status, found.gap) == ("optimal", 0.0)


def test_a_plan_out_of_band_is_not_held_against_the_bound() -> None:
    graph = lattice(6, 4, 2)
    half = graph.weight.sum() / 2
    plan = np.zeros(24, np.int64)
    plan[0] = 1
    found = inertia(graph, plan, Band(0.9 * half, 1.1 * half, half))
    assert (found.in_band, found.over) == (False, None)
    assert found.status == "optimal"
    assert good(graph, found.labels, Band(0.9 * half, 1.1 * half, half))


def test_a_community_too_large_is_only_measured() -> None:
    graph = lattice(BOUNDED + 1, 1, 3)
    found = inertia(graph, halves(graph), None)
    assert (found.status, found.bound, found.gap, found.over) == ("too_large", None, None, None)
    assert found.ours > found.about_middles > 0


def test_bridges_hold_a_community_together() -> None:
    atoms = town("""
    ...  ...
    ...  ...
    """)
    graph = problems_of(read_atoms(atoms, Columns("households", "within"))).each[0].graph
    found = inertia(graph, halves(graph), Band(250, 350, 300))
    assert found.status == "optimal"
    assert found.over == pytest.approx(1.0, abs=1e-5)
