"""The search: moves accepted by simulated annealing, the best plan kept."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from geo.redraw.flips import try_flip
from geo.redraw.recombination import Tree, try_recombination
from geo.redraw.state import (
    BEST_COST,
    BEST_VIOLATION,
    COST,
    UNSAVED,
    VIOLATION,
    Graph,
    Ints,
    Reals,
    State,
    Terms,
    assess,
    compiled,
    copy_labels,
    tally,
)


class Schedule(NamedTuple):
    """How long to search, the heat at both ends, and the share of large moves.

    `band` is the price of a grid out of band at the end.
    """

    steps: int
    hot: float
    cold: float
    band: float
    large: float


# A grid out of band costs little at first, so that the search may pass through such plans.
_FIRST_PRESSURE = 0.15


@compiled
def search(
    graph: Graph,
    state: State,
    terms: Terms,
    schedule: Schedule,
    room: tuple[Tree, Ints, np.random.Generator],
) -> Reals:
    """Write the best plan found to the labels in `room`; return its score (fields as in `state`).

    Starts from the labels in `state`, which `start` has made a plan; random numbers alone decide.
    """
    tree, best, rng = room
    score = np.zeros(5)
    tally(graph, state)
    assess(graph, state, terms, score)
    score[BEST_VIOLATION], score[BEST_COST] = score[VIOLATION], score[COST]
    score[UNSAVED] = 1.0
    steps = schedule.steps
    cooling = (schedule.cold / schedule.hot) ** (1.0 / max(1, steps))
    heat = schedule.hot
    for i in range(steps):
        heat *= cooling
        share = _FIRST_PRESSURE + (1.0 - _FIRST_PRESSURE) * i / steps
        aim = (score, best, heat, schedule.band * share, rng)
        if rng.random() < schedule.large:
            try_recombination(graph, state, terms, tree, aim)
        else:
            try_flip(graph, state, terms, aim)
    if score[UNSAVED] > 0:
        copy_labels(state, best)
    return score
