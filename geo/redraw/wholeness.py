"""Is a grid still in one piece when an atom leaves it? Asked of the neighbours, then searched."""

from __future__ import annotations

from typing import Final

from geo.redraw.jit import compiled, compiled_inline
from geo.redraw.state import TICK, Graph, Ints, State

# Arcs of one atom that fit in a whole number of 64 bits, its sign left alone.
_BITS: Final = 62


@compiled
def arcs_near(first: Ints, to: Ints, near: Ints, place: Ints) -> None:
    """Write, for each arc i → j, which of i's arcs lead to atoms that border on j, as bits.

    `place` is scratch room by atom, -1 everywhere before and after.
    """
    for atom in range(len(first) - 1):
        begin, end = first[atom], first[atom + 1]
        if end - begin > _BITS:
            continue
        for arc in range(begin, end):
            place[to[arc]] = arc - begin
        for arc in range(begin, end):
            near[arc] = _bits_of(first, to, place, to[arc])
        for arc in range(begin, end):
            place[to[arc]] = -1


@compiled_inline
def _bits_of(first: Ints, to: Ints, place: Ints, atom: int) -> int:
    """Return the bits of the places of an atom's neighbours that have one."""
    bits = 0
    for step in range(first[atom], first[atom + 1]):
        if place[to[step]] >= 0:
            bits |= 1 << place[to[step]]
    return bits


@compiled_inline
def stays_whole(graph: Graph, state: State, atom: int) -> bool:
    """Tell whether an atom's grid is still in one piece when the atom leaves it."""
    begin, end, own = graph.first[atom], graph.first[atom + 1], state.label[atom]
    if end - begin <= _BITS:
        same = 0
        for arc in range(begin, end):
            if state.label[graph.to[arc]] == own:
                same |= 1 << (arc - begin)
        if same == 0:
            return False
        if _linked(graph, begin, end, same):
            return True
    return _reach_each_other(graph, state, atom)


@compiled_inline
def _linked(graph: Graph, begin: int, end: int, same: int) -> bool:
    """Tell whether the arcs among `same` lead to atoms that hang together by themselves."""
    seen = same & -same
    front = seen
    while front != 0:
        beside = 0
        for arc in range(begin, end):
            if (front >> (arc - begin)) & 1:
                beside |= graph.near[arc]
        front = beside & same & ~seen
        seen |= front
    return seen == same


@compiled
def _reach_each_other(graph: Graph, state: State, atom: int) -> bool:
    """Search the atom's grid, without it, until all its neighbours in the grid are found."""
    own = state.label[atom]
    state.now[TICK] += 1
    tick = state.now[TICK]
    wanted = 0
    for arc in range(graph.first[atom], graph.first[atom + 1]):
        near = graph.to[arc]
        if state.label[near] == own:
            wanted += 1
            state.queue[0] = near
            state.mark[near] = -tick
    if wanted <= 1:
        return wanted == 1
    state.mark[atom] = tick
    state.mark[state.queue[0]] = tick
    return _reaches(graph, state, own, wanted - 1)


@compiled
def _reaches(graph: Graph, state: State, own: int, wanted: int) -> bool:
    """Search a grid from `queue[0]` until so many atoms marked `-tick` are found."""
    tick = state.now[TICK]
    head, tail = 0, 1
    while head < tail:
        atom = state.queue[head]
        head += 1
        for arc in range(graph.first[atom], graph.first[atom + 1]):
            near = graph.to[arc]
            if state.label[near] != own or state.mark[near] == tick:
                continue
            wanted -= state.mark[near] == -tick
            if wanted == 0:
                return True
            state.mark[near] = tick
            state.queue[tail] = near
            tail += 1
    return False
