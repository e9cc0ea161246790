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
    TICK,
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
# A grid is walked through where the rim has more than so many times its atoms: a step of the walk
# looks at each neighbour, one along the rim at a label.
_WALKED: Final = 16


class Links(NamedTuple):
    """Scratch room for a chain: its atoms, the grids they left, and the atoms that may be next."""

    atom: Ints
    left: Ints
    near: Ints


def new_links(atoms: int) -> Links:
    """Return the room for a chain in a community of so many atoms."""
    return Links(*(np.zeros(size, np.int64) for size in (_LONGEST, _LONGEST, atoms)))


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
    worst, last = _worst(state, terms, links, size)
    best, to, least = NONE, NONE, np.inf
    if worst == NONE:
        return best, to
    over = state.load[worst] > terms.high
    many = state.now[RIM]
    walked = many > _WALKED * state.atoms[worst]
    if walked:
        many = around(graph, state, links, (worst, last, over))
    for place in range(many):
        atom = links.near[place] if walked else state.rim[place]
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
def _worst(state: State, terms: Terms, links: Links, size: int) -> tuple[int, int]:
    """Return the grid of the chain that is farthest out of band (-1: none is), and its last link.

    That one's atom went there, or left it whole: it or a neighbour is in the grid.
    """
    worst, far, last = NONE, SMALL, NONE
    for i in range(size):
        for grid in (links.left[i], state.label[links.atom[i]]):
            off = excess(state.load[grid], terms)
            if off > far:
                worst, far = grid, off
            if grid == worst:
                last = i
    return worst, last


@compiled
def around(graph: Graph, state: State, links: Links, begin: tuple[int, int, bool]) -> int:
    """Write a grid's own atoms on the rim, or else those beside it; return how many.

    In the rim's order, so that it does not matter how they were found.
    """
    grid, last, own = begin
    state.now[TICK] += 1
    tick, many, head, tail = state.now[TICK], 0, 0, 1
    state.queue[0] = _one_of(graph, state, grid, links.atom[last])
    state.mark[state.queue[0]] = tick
    while head < tail:
        atom = state.queue[head]
        head += 1
        if own and state.foreign[atom] > 0:
            many = _insert(state, links, many, atom)
        for arc in range(graph.first[atom], graph.first[atom + 1]):
            near = graph.to[arc]
            if state.mark[near] == tick:
                continue
            state.mark[near] = tick
            if state.label[near] == grid:
                state.queue[tail] = near
                tail += 1
            elif not own:
                many = _insert(state, links, many, near)
    return many


@compiled
def _one_of(graph: Graph, state: State, grid: int, atom: int) -> int:
    """Return an atom of a grid: this one, or the neighbour that it left there."""
    found = atom
    for arc in range(graph.first[atom], graph.first[atom + 1]):
        if state.label[atom] != grid and state.label[graph.to[arc]] == grid:
            found = graph.to[arc]
    return int(found)


@compiled_inline
def _insert(state: State, links: Links, many: int, atom: int) -> int:
    """Put an atom among those near by its place in the rim; return how many there are now."""
    place = many
    while place > 0 and state.seat[links.near[place - 1]] > state.seat[atom]:
        links.near[place] = links.near[place - 1]
        place -= 1
    links.near[place] = atom
    return many + 1


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
