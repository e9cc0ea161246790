"""The long move: an atom goes over to a full grid, which passes another on, and so forth."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from geo.redraw.flips import flip, flip_change, neighbouring_grid, share_with
from geo.redraw.jit import compiled, compiled_inline
from geo.redraw.state import (
    COST,
    NONE,
    RIM,
    SMALL,
    VIOLATION,
    Graph,
    Ints,
    Reals,
    State,
    Terms,
    excess,
)
from geo.redraw.wholeness import stays_whole

# Atoms of a chain at the most.
_LONGEST: Final = 8


class Links(NamedTuple):
    """Scratch room for a chain: its atoms, and the grids they left."""

    atom: Ints
    left: Ints


def new_links() -> Links:
    """Return the room for a chain."""
    return Links(np.zeros(_LONGEST, np.int64), np.zeros(_LONGEST, np.int64))


@compiled
def try_chain(
    graph: Graph,
    state: State,
    terms: Terms,
    aim: tuple[Reals, float, float],
    room: tuple[Links, np.random.Generator],
) -> bool:
    """Move a border atom, then those that repair the band, if luck allows all of it together.

    `aim` as in `try_flip`. Where a grid is full, an atom can only come in if another leaves it.
    """
    rng = room[1]
    atom = state.rim[int(rng.random() * state.now[RIM])]
    if graph.fixed[atom] or state.atoms[state.label[atom]] == 1:
        return False
    other = neighbouring_grid(graph, state, atom, rng.random())
    if not stays_whole(graph, state, atom):
        return False
    return _linked(graph, state, terms, (aim, (atom, other)), room)


@compiled
def _linked(
    graph: Graph,
    state: State,
    terms: Terms,
    begin: tuple[tuple[Reals, float, float], tuple[int, int]],
    room: tuple[Links, np.random.Generator],
) -> bool:
    """Move atoms from the first on until the loss is one that luck allows, or put all back."""
    aim, move = begin
    links, rng = room
    score, heat, _ = aim
    most = -heat * math.log(1.0 - rng.random())
    violation, cost = score[VIOLATION], score[COST]
    loss, size = 0.0, 0
    while move[0] != NONE:
        links.atom[size], links.left[size] = move[0], state.label[move[0]]
        loss += _move(graph, state, terms, aim, move)
        size += 1
        if loss <= most:
            return True
        move = NONE, NONE
        if size < len(links.atom) and score[VIOLATION] > violation + SMALL:
            move = _next(graph, state, terms, (aim, size), room)
    for i in range(size - 1, -1, -1):
        _move(graph, state, terms, aim, (links.atom[i], links.left[i]))
    score[VIOLATION], score[COST] = violation, cost
    return False


@compiled
def _move(
    graph: Graph,
    state: State,
    terms: Terms,
    aim: tuple[Reals, float, float],
    move: tuple[int, int],
) -> float:
    """Move an atom to another grid; return what that loses."""
    score, _, pressure = aim
    share_with(graph, state, terms, move)
    change = flip_change(graph, state, terms, move[0], move[1])
    score[VIOLATION] += change.violation
    score[COST] += change.more
    flip(graph, state, terms, move, change)
    return float(change.more + pressure * change.violation)


@compiled
def _next(
    graph: Graph,
    state: State,
    terms: Terms,
    so_far: tuple[tuple[Reals, float, float], int],
    room: tuple[Links, np.random.Generator],
) -> tuple[int, int]:
    """Return the atom that repairs the chain's worst grid at the least loss, and where it goes.

    Its heat blurs the loss, so that others get their turn; -1: there is none.
    """
    aim, size = so_far
    links, rng = room
    worst = _worst(state, terms, links, size)
    best, to, least = NONE, NONE, np.inf
    if worst == NONE:
        return best, to
    over = state.load[worst] > terms.high
    for place in range(state.now[RIM]):
        atom = state.rim[place]
        if graph.weight[atom] == 0.0 or (state.label[atom] == worst) != over:
            continue
        if _is_bound(graph, state, (links, size), atom):
            continue
        goal = NONE if over else worst
        other, loss = _cheapest(graph, state, terms, (atom, goal), (aim, rng))
        if loss < least and stays_whole(graph, state, atom):
            best, to, least = atom, other, loss
    return best, to


@compiled
def _worst(state: State, terms: Terms, links: Links, size: int) -> int:
    """Return the grid of the chain that is farthest out of band; -1: none is."""
    worst, far = NONE, SMALL
    for i in range(size):
        for grid in (links.left[i], state.label[links.atom[i]]):
            off = excess(state.load[grid], terms)
            if off > far:
                worst, far = grid, off
    return worst


@compiled_inline
def _is_bound(graph: Graph, state: State, so_far: tuple[Links, int], atom: int) -> bool:
    """Tell whether an atom may not move: fixed, alone in its grid, or moved by the chain."""
    links, size = so_far
    if graph.fixed[atom] or state.atoms[state.label[atom]] == 1:
        return True
    among = False
    for i in range(size):
        among = among or links.atom[i] == atom
    return among


@compiled
def _cheapest(
    graph: Graph,
    state: State,
    terms: Terms,
    move: tuple[int, int],
    how: tuple[tuple[Reals, float, float], np.random.Generator],
) -> tuple[int, float]:
    """Return the grid beside an atom (or the one given) that it goes to at the least loss."""
    (_, heat, pressure), rng = how
    atom, goal = move
    own, last, to, least = state.label[atom], NONE, NONE, np.inf
    for arc in range(graph.first[atom], graph.first[atom + 1]):
        other = state.label[graph.to[arc]]
        if other in (own, last) or goal not in (NONE, other):
            continue
        last = other
        share_with(graph, state, terms, (atom, other))
        change = flip_change(graph, state, terms, atom, other)
        loss = change.more + pressure * change.violation - heat * math.log(1.0 - rng.random())
        if loss < least:
            to, least = other, loss
    return to, least
