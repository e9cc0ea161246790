"""Locked atoms on small boards, held against all the ways there are to join them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import TypeAlias

import networkx as nx
import numpy as np

from geo.errors import LocksApartError
from geo.redraw import Search, draw
from geo.redraw.inputs import Columns
from geo.rules import one_band
from tests.redraw.toy import broken, town

SIDE, BOARDS = 4, 12
NAMES = Columns("households", previous="estate", locked="lock")

Place: TypeAlias = tuple[int, int]
Pair: TypeAlias = tuple[Place, Place]


def test_locks_are_refused_only_where_no_plan_can_keep_them() -> None:
    fits = [can_be_joined(nx.grid_2d_graph(SIDE, SIDE), ends_of(board)) for board in range(BOARDS)]
    assert [is_kept(board) for board in range(BOARDS)] == fits
    assert 0 < sum(fits) < BOARDS


def ends_of(board: int) -> list[Pair]:
    """Return two places each of three grids, drawn at random."""
    drawn = np.random.default_rng(board).permutation(SIDE * SIDE)[:6].tolist()
    places = [divmod(each, SIDE) for each in drawn]
    return list(zip(places[::2], places[1::2], strict=True))


def can_be_joined(ground: nx.Graph, ends: Sequence[Pair]) -> bool:
    """Tell whether ways that share no place join both ends of every pair: all are tried."""
    if not ends:
        return True
    pair, rest = ends[0], ends[1:]
    free = ground.subgraph(set(ground) - set(chain.from_iterable(rest))).copy()
    ways = nx.all_simple_paths(free, *pair)
    return any(can_be_joined(ground.subgraph(set(ground) - set(way)), rest) for way in ways)


def is_kept(board: int) -> bool:
    """Tell whether a redraw keeps the locks of a board, in grids of one piece."""
    signs = np.full((SIDE, SIDE), ".")
    for sign, pair in zip("abc", ends_of(board), strict=True):
        for place in pair:
            signs[place] = sign
    atoms = town("\n".join("".join(row) for row in signs))
    atoms["lock"] = atoms["estate"].notna()
    try:
        drawn = draw(atoms, NAMES, one_band(100, 900), Search(quality="draft"))
    except LocksApartError:
        return False
    assert set(drawn.labels.groupby(atoms["estate"]).nunique()) == {1}
    assert drawn.labels[atoms["lock"]].nunique() == len("abc")
    assert broken(atoms, drawn) == 0
    return True
