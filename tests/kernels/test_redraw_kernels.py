"""Kernels of the redraw, run small: with the compiler and, a second time, without it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

from geo.atoms import Borders
from geo.metrics import pieces
from geo.redraw.annealing import Schedule, search
from geo.redraw.centres import best_of_centres, new_centres
from geo.redraw.chains import around, new_links, try_chain
from geo.redraw.flips import flip_change, least_loss, look_around
from geo.redraw.growth import Queues, new_queues, start
from geo.redraw.recombination import Tree, grow_tree, lightest_cut, nearest_cut, new_tree
from geo.redraw.state import (
    BEST_COST,
    BEST_VIOLATION,
    COST,
    NONE,
    RIM,
    VIOLATION,
    Graph,
    Ints,
    State,
    Terms,
    assess,
    excess,
    new_state,
    tally,
)
from geo.redraw.tournament import Begin, Contest, winner
from geo.redraw.wholeness import arcs_near, stays_whole

WIDE, HIGH = 7, 6
ATOMS = WIDE * HIGH


class Case(NamedTuple):
    """A lattice of atoms, the room for a plan of it, and the prices."""

    graph: Graph
    state: State
    tree: Tree
    queues: Queues
    terms: Terms

    def start(self, rng: np.random.Generator) -> None:
        start(self.graph, self.state, self.terms, (self.tree, self.queues), rng)


def borders() -> Borders:
    place = np.arange(ATOMS).reshape(HIGH, WIDE)
    left = np.r_[place[:, :-1].ravel(), place[:-1].ravel()]
    right = np.r_[place[:, 1:].ravel(), place[1:].ravel()]
    return Borders(left, right, np.ones(len(left)))


def case(seed: int, grids: int, fixed: tuple[int, ...] = ()) -> Case:
    sides = borders()
    source = np.r_[sides.left, sides.right]
    target = np.r_[sides.right, sides.left]
    order = np.lexsort((target, source))
    first = np.searchsorted(source[order], np.arange(ATOMS + 1)).astype(np.int64)
    weight = np.random.default_rng(seed).integers(0, 20, ATOMS).astype(np.float64)
    arcs = np.ones(len(source))
    hold = np.zeros(ATOMS, np.bool_)
    hold[list(fixed)] = True
    home = np.arange(ATOMS, dtype=np.int64) % 3
    to, near = target[order].astype(np.int64), np.zeros(len(arcs), np.int64)
    arcs_near(first, to, near, np.full(ATOMS, NONE, np.int64))
    y, x = (along.astype(np.float64) for along in np.divmod(np.arange(ATOMS), WIDE))
    graph = Graph(first, to, arcs, arcs.copy(), near, weight,
                  np.ones(ATOMS), np.full(ATOMS, 4.0), x, y, home, hold)  # fmt: skip
    target_load = float(weight.sum()) / grids
    terms = Terms(0.8 * target_load, 1.2 * target_load, target_load, 0.3, 0.2, 1.0, 0.5)
    arcs_of = new_queues(grids, len(arcs))
    return Case(graph, new_state(ATOMS, grids), new_tree(ATOMS, len(arcs)), arcs_of, terms)


def run(
    one: Case, seed: int, rounds: int = 10, large: int = 1, chains: int = 5
) -> tuple[Ints, list[float]]:
    rng = np.random.default_rng(seed)
    one.start(rng)
    best, score = one.state.label.copy(), np.zeros(4)
    schedule = Schedule(rounds, 100, large, large, chains, 1.0, 0.01, 30.0)
    room = one.tree, new_links(ATOMS), best, score, rng
    search(one.graph, one.state, one.terms, schedule, room)
    return best, score.tolist()


def fresh(one: Case, labels: Ints) -> tuple[State, list[float]]:
    """Return totals and score of labels, counted anew."""
    state, score = new_state(ATOMS, len(one.state.load)), np.zeros(4)
    state.label[:] = labels
    tally(one.graph, state, one.terms)
    assess(one.graph, state, one.terms, score)
    return state, score.tolist()


@pytest.mark.parametrize(("seed", "large"), [(1, 0), (2, 5), (3, 30)])
def test_totals_kept_move_by_move_are_those_counted_anew(seed: int, large: int) -> None:
    one = case(seed, 4)
    best, score = run(one, seed, large=large)
    again, counted = fresh(one, one.state.label)
    for name in ("load", "perimeter", "area", "cost", "atoms", "foreign"):
        assert getattr(one.state, name) == pytest.approx(getattr(again, name))
    rim = slice(0, one.state.now[RIM])
    assert set(one.state.rim[rim]) == set(again.rim[: again.now[RIM]])
    assert score[VIOLATION : COST + 1] == pytest.approx(counted[VIOLATION : COST + 1], abs=1e-6)
    _, of_best = fresh(one, best)
    assert score[BEST_VIOLATION] == pytest.approx(of_best[VIOLATION], abs=1e-6)
    assert score[BEST_COST] == pytest.approx(of_best[COST], abs=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_a_search_ends_with_every_grid_in_one_piece_and_in_band(seed: int) -> None:
    best, score = run(case(seed, 4), seed)
    assert pieces(best, borders()) == 0
    assert score[BEST_VIOLATION] == pytest.approx(0.0, abs=1e-9)
    assert len(np.unique(best)) == 4


@pytest.mark.parametrize("seed", range(4))
def test_any_labels_are_made_a_plan_to_start_from(seed: int) -> None:
    rng = np.random.default_rng(seed)
    one = case(seed, 5)
    one.state.label[:] = rng.integers(NONE, 4, ATOMS)
    one.start(rng)
    assert one.state.label.min() >= 0
    assert len(np.unique(one.state.label)) == 5
    assert pieces(one.state.label, borders()) == 0


def test_a_start_from_one_grid_for_all_cuts_it_and_leaves_fixed_atoms() -> None:
    one = case(1, 4, fixed=(0, 1, 2))
    one.state.label[:] = 0
    one.start(np.random.default_rng(1))
    assert one.state.label[:3].tolist() == [0, 0, 0]
    assert len(np.unique(one.state.label)) == 4


def test_fixed_atoms_never_change_grid() -> None:
    one = case(2, 3, fixed=(0, 41))
    one.state.label[:] = NONE
    one.state.label[[0, 41]] = [0, 2]
    best, _ = run(one, 5, large=20)
    assert (best[0], best[41]) == (0, 2)


@pytest.mark.parametrize("seed", range(2))
def test_whether_a_grid_stays_whole_agrees_with_counting_its_pieces(seed: int) -> None:
    one = case(seed, 3)
    rng = np.random.default_rng(seed)
    one.start(rng)
    tally(one.graph, one.state, one.terms)
    for atom in range(ATOMS):
        labels = one.state.label.copy()
        labels[atom] = 9
        whole = pieces(labels, borders()) == 0 and one.state.atoms[one.state.label[atom]] > 1
        assert bool(stays_whole(one.graph, one.state, atom)) == whole


def test_atoms_around_one_with_more_arcs_than_bits_are_searched_for() -> None:
    spokes = 70
    first = np.r_[0, spokes + 3 * np.arange(spokes + 1)].astype(np.int64)
    hub = np.arange(1, spokes + 1)
    rim = np.c_[np.zeros(spokes), np.roll(hub, 1), np.roll(hub, -1)].astype(np.int64)
    to = np.r_[hub, rim.ravel()]
    near = np.zeros(len(to), np.int64)
    arcs_near(first, to, near, np.full(spokes + 1, NONE, np.int64))
    some, ones = case(1, 2).graph, np.ones(spokes + 1)
    graph = some._replace(first=first, to=to, near=near, weight=ones)
    state = new_state(spokes + 1, 2)
    state.label[:] = 0
    assert stays_whole(graph, state, 0)
    state.label[[10, 40]] = 1
    assert not stays_whole(graph, state, 0)


def test_first_plans_are_near_their_centres_and_nearly_even() -> None:
    one, best, score = case(3, 4), np.zeros(ATOMS, np.int64), np.zeros(4)
    rng = np.random.default_rng(3)
    room = (new_centres(ATOMS, 4), best, score, rng)
    best_of_centres(one.graph, one.state, one.terms, (5, 40), room)
    state, counted = fresh(one, best)
    assert state.atoms.min() > 0
    assert counted[VIOLATION] < 0.5
    assert score[BEST_COST] == pytest.approx(counted[COST])


@pytest.mark.parametrize("diagrams", [0, 2])
def test_the_plan_that_wins_is_whole_in_band_and_scored_as_counted_anew(diagrams: int) -> None:
    one = case(5, 4)
    stages = np.asarray([[3, 4, 60, 1, 1, 3, 0.5, 0.05], [1, 6, 100, 1, 1, 0, 0.2, 0.02]])
    begin = Begin(np.full(ATOMS, NONE, np.int64), diagrams, 10)
    contest = Contest(stages, 30.0, begin)
    found = winner(one.graph, one.terms, contest, 4, np.random.default_rng(5))
    _, counted = fresh(one, found[2])
    assert found[:2] == pytest.approx(tuple(counted[VIOLATION : COST + 1]), abs=1e-6)
    assert found[0] == pytest.approx(0.0, abs=1e-9)
    assert pieces(found[2], borders()) == 0


@pytest.mark.parametrize("seed", range(3))
def test_no_flip_loses_less_than_is_asked_of_it_first(seed: int) -> None:
    one, rng = case(seed, 4), np.random.default_rng(seed)
    one.start(rng)
    tally(one.graph, one.state, one.terms)
    for atom in one.state.rim[: one.state.now[RIM]]:
        other = look_around(one.graph, one.state, one.terms, atom, 0)
        change = flip_change(one.graph, one.state, one.terms, atom, other)
        loss = change.more + 30.0 * change.violation
        least = least_loss(one.graph, one.state, one.terms, (atom, other), 30.0)
        assert least <= loss + 1e-9
        if one.state.atoms[one.state.label[atom]] > 5:
            assert least == pytest.approx(loss, abs=0.1)


def test_a_tree_spans_two_grids_and_its_cut_is_the_least_out_of_band() -> None:
    one = case(4, 2)
    rng = np.random.default_rng(4)
    one.start(rng)
    ends = (0, 1 - int(one.state.label[0]))
    size = grow_tree(one.graph, one.state, one.tree, ends, rng)
    assert sorted(one.tree.order[:size].tolist()) == list(range(ATOMS))
    pick = lightest_cut(one.graph, one.tree, size, one.terms, rng)
    total = one.graph.weight.sum()
    below = one.tree.below[one.tree.order[1:size]]
    off = [excess(b, one.terms) + excess(total - b, one.terms) for b in below]
    mine = one.tree.below[pick]
    assert excess(mine, one.terms) + excess(total - mine, one.terms) == pytest.approx(min(off))


def test_a_tree_is_cut_where_the_fewest_leave_their_grid_and_nothing_fixed_does() -> None:
    one = case(4, 2, fixed=(3, 38))
    one.state.label[:] = NONE
    one.state.label[[3, 38]] = one.graph.home[[3, 38]] = [0, 1]
    rng = np.random.default_rng(4)
    one.start(rng)
    tally(one.graph, one.state, one.terms)
    size = grow_tree(one.graph, one.state, one.tree, (3, 1), rng)
    terms = one.terms._replace(moved=30.0)
    cut = nearest_cut(one.graph, one.state, one.tree, (size, 0, 1), (terms, 900.0, rng))
    found = {}
    for above in one.tree.order[1:size]:
        part = {int(above)}
        for atom in one.tree.order[:size]:
            part |= {int(atom)} if int(one.tree.parent[atom]) in part else set()
        labels = np.isin(np.arange(ATOMS), list(part)).astype(np.int64)
        if labels[3] != labels[38]:
            labels ^= labels[3]
            _, scored = fresh(one, labels)
            left = (one.graph.home < 2) & (labels != one.graph.home)
            moved = one.graph.weight[left].sum()
            found[int(above)] = 900.0 * scored[VIOLATION] + 30.0 * moved / terms.target
    assert found[cut.above] == pytest.approx(min(found.values()))


@pytest.mark.parametrize("seed", range(3))
def test_a_chain_is_kept_whole_or_leaves_no_trace(seed: int) -> None:
    one, rng, links = case(seed, 5, fixed=(0,)), np.random.default_rng(seed), new_links(ATOMS)
    one.start(rng)
    tally(one.graph, one.state, one.terms)
    score, done = np.zeros(4), []
    assess(one.graph, one.state, one.terms, score)
    for _ in range(200):
        before, scored = one.state.label.copy(), score.copy()
        room = (links, rng)
        done.append(try_chain(one.graph, one.state, one.terms, (score, 0.3, 30.0), room))
        if not done[-1]:
            assert (before.tolist(), scored.tolist()) == (one.state.label.tolist(), score.tolist())
        assert pieces(one.state.label, borders()) == 0
    again, counted = fresh(one, one.state.label)
    assert score[:2] == pytest.approx(counted[:2], abs=1e-6)
    assert one.state.perimeter == pytest.approx(again.perimeter)
    assert any(done)
    assert one.state.label[0] == before[0]


@pytest.mark.parametrize("seed", range(3))
def test_a_walk_through_a_grid_finds_what_lies_along_the_rim_in_its_order(seed: int) -> None:
    one, links = case(seed, 5), new_links(ATOMS)
    one.start(np.random.default_rng(seed))
    tally(one.graph, one.state, one.terms)
    label, rim = one.state.label, one.state.rim[: one.state.now[RIM]].tolist()
    for grid in range(5):
        to = [set(one.graph.to[slice(*one.graph.first[[atom, atom + 1]])]) for atom in range(ATOMS)]
        inside = set(np.flatnonzero(label == grid).tolist())
        beside = [atom for atom in rim if to[atom] & inside and atom not in inside]
        for links.atom[0] in (min(inside), beside[0]):
            many = around(one.graph, one.state, links, (grid, 0, True))
            assert links.near[:many].tolist() == [atom for atom in rim if atom in inside]
            many = around(one.graph, one.state, links, (grid, 0, False))
            assert links.near[:many].tolist() == beside


def test_one_grid_has_no_rim_and_stays_as_it_is() -> None:
    best, _ = run(case(1, 1), 1, rounds=2, large=5)
    assert set(best.tolist()) == {0}


def test_the_same_random_numbers_give_the_same_plan_compiled_or_not() -> None:
    best, _ = run(case(7, 4), 7)
    assert "".join(map(str, best)) == GOLDEN


GOLDEN = "333311133331113333111222200022220002222000"
