"""The search: moves accepted by simulated annealing, the best plan kept."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from geo.redraw.chains import Links, try_chain
from geo.redraw.flips import try_flip
from geo.redraw.jit import compiled
from geo.redraw.recombination import Tree, try_recombination
from geo.redraw.state import (
    BEST_COST,
    BEST_VIOLATION,
    RIM,
    SMALL,
    VIOLATION,
    Graph,
    Ints,
    Reals,
    State,
    Terms,
    assess,
    keep_best,
    tally,
)


class Schedule(NamedTuple):
    """How long to search, and how freely.

    `rounds` of `flips` small and `chains` long moves each, and of `large` moves while a grid is out
    of band, else of `calm` ones every few rounds; the heat falls from `hot` to `cold`; `band` is
    the price of a grid out of band at the end.
    """

    rounds: int
    flips: int
    large: int
    calm: int
    chains: int
    hot: float
    cold: float
    band: float


# A large move takes the time of two hundred flips and is seldom more compact: it is there to bring
# grids in band, and while they are, only every so many rounds.
_SELDOM = 4
# A grid out of band costs little at first, so that the search may pass through such plans.
_FIRST_PRESSURE = 0.15


@compiled
def search(
    graph: Graph,
    state: State,
    terms: Terms,
    schedule: Schedule,
    room: tuple[Tree, Links, Ints, Reals, np.random.Generator],
) -> None:
    """Write the best plan found and its score (see `state`) to the room: tree, labels, score, rng.

    Starts from the labels in `state`, which `start` has made a plan; random numbers alone decide.
    """
    tree, links, best, score, rng = room
    tally(graph, state, terms)
    assess(graph, state, terms, score)
    score[BEST_VIOLATION] = score[BEST_COST] = np.inf
    keep_best(state, score, best)
    if state.now[RIM] == 0:
        return
    cooling = (schedule.cold / schedule.hot) ** (1.0 / max(1, schedule.rounds - 1))
    heat = schedule.hot
    for turn in range(schedule.rounds):
        share = _FIRST_PRESSURE + (1.0 - _FIRST_PRESSURE) * (turn + 1) / schedule.rounds
        aim = (score, heat, schedule.band * share)
        large = schedule.large
        if score[VIOLATION] <= SMALL:
            large = schedule.calm if turn % _SELDOM == 0 else 0
        for _ in range(large):
            try_recombination(graph, state, terms, aim, (tree, rng))
        for _ in range(schedule.flips):
            try_flip(graph, state, terms, aim, rng)
        for _ in range(schedule.chains):
            try_chain(graph, state, terms, aim, (links, rng))
        keep_best(state, score, best)
        heat *= cooling
