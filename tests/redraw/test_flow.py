"""Nodes parted among grids: of all sets of grids the smallest of the worst is told."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.redraw.exact.flow import OVER, SHORT, ask, clear, level, new_flow, put
from tests.deep import cases
from tests.redraw.test_exact import QUICK

GRIDS = 6


def is_within(may: int, grids: int) -> bool:
    """Tell whether a node may be in none but some grids."""
    return may & ~grids == 0


@settings(QUICK, max_examples=cases(200))
@given(
    nodes=st.lists(st.tuples(st.integers(1, 2**GRIDS - 1), st.integers(1, 9)), max_size=14),
    fewest=st.lists(st.integers(0, 20), min_size=GRIDS, max_size=GRIDS),
    more=st.lists(st.integers(0, 9), min_size=GRIDS, max_size=GRIDS),
)
def test_the_set_that_is_short_of_the_most_and_the_one_with_the_most_too_many_are_told(
    nodes: list[tuple[int, int]], fewest: list[int], more: list[int]
) -> None:
    flow, most = new_flow(len(nodes), GRIDS), np.add(fewest, more)
    clear(flow)
    for may, weight in nodes:
        put(flow, may, may.bit_length() - 1, weight)
    short, over = [], []
    for grids in range(2**GRIDS):
        inside = [grid for grid in range(GRIDS) if (grids >> grid) & 1]
        come = sum(weight for may, weight in nodes if may & grids)
        stay = sum(weight for may, weight in nodes if is_within(may, grids))
        short.append(sum(fewest[grid] for grid in inside) - come)
        over.append(stay - int(most[inside].sum()))
    for bounds, side, off in ((fewest, SHORT, short), (most, OVER, over)):
        for grid in range(GRIDS):
            ask(flow, grid, int(bounds[grid]))
        assert level(flow, side) == (max(off), int(np.argmax(off)))
