"""No plan whose grids reach the band keeps more borders than the figure says."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.atoms.adjacency import Borders
from geo.nets.most import most_kept

SIDE = 3
PAIRS = [
    (here, there)
    for here, there in product(range(SIDE * SIDE), repeat=2)
    if here < there and (there - here == SIDE or (there - here == 1 and there % SIDE))
]
LEFT, RIGHT = (np.asarray(ends, np.int64) for ends in zip(*PAIRS, strict=True))
BOARD = Borders(LEFT, RIGHT, np.ones(len(PAIRS)))
ONE = np.zeros(SIDE * SIDE, np.int64)


def best_plan(worth: np.ndarray, load: np.ndarray, low: float) -> float:
    """The most that any plan keeps: every set of borders is tried as those within grids."""
    best = -np.inf
    for lost in product([False, True], repeat=len(PAIRS)):
        grid = BOARD.where(np.asarray(lost)).components(SIDE * SIDE)
        apart = grid[LEFT] != grid[RIGHT]
        if (np.bincount(grid, load) >= low).all():
            best = max(best, float(worth[apart].sum()))
    return best


@settings(deadline=None)
@given(
    st.lists(st.integers(0, 9), min_size=len(PAIRS), max_size=len(PAIRS)),
    st.lists(st.integers(0, 5), min_size=SIDE * SIDE, max_size=SIDE * SIDE).filter(any),
    st.data(),
)
def test_what_a_plan_keeps_is_never_more(
    worth: list[int], load: list[int], data: st.DataObject
) -> None:
    low = data.draw(st.integers(1, max(1, sum(load))))
    worths, loads = np.asarray(worth, np.float64), np.asarray(load, np.float64)
    grid = np.asarray(data.draw(st.lists(st.integers(0, 2), min_size=9, max_size=9)))
    piece = BOARD.where(grid[LEFT] == grid[RIGHT]).components(SIDE * SIDE)
    bound = most_kept(BOARD, worths, ONE, (loads, np.asarray([float(low)])))
    assert bound <= worths.sum()
    if (np.bincount(piece, loads) >= low).all():
        assert worths[piece[LEFT] != piece[RIGHT]].sum() <= bound + 1e-9


def test_the_figure_is_near_the_best_plan_of_a_small_board() -> None:
    rng = np.random.default_rng(0)
    worth, load = rng.integers(1, 9, len(PAIRS)).astype(float), np.ones(SIDE * SIDE)
    bound = most_kept(BOARD, worth, ONE, (load, np.asarray([3.0])))
    best = best_plan(worth, load, 3.0)
    assert best <= bound < worth.sum()
    assert bound == pytest.approx(best, rel=0.6)


@pytest.mark.parametrize("low", [0.0, 100.0])
def test_where_nothing_is_asked_or_nothing_can_be_had_nothing_is_said(low: float) -> None:
    worth = np.ones(len(PAIRS))
    assert most_kept(BOARD, worth, ONE, (np.ones(9), np.asarray([low]))) == worth.sum()


def test_a_community_in_pieces_may_be_joined_for_nothing() -> None:
    two = Borders(np.asarray([0, 2]), np.asarray([1, 3]), np.ones(2))
    figures = (np.ones(4), np.asarray([2.0]))
    assert most_kept(two, np.ones(2), np.zeros(4, np.int64), figures) == 2.0
