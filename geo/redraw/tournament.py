"""Several searches of one community: all of them begin, the better ones go on.

Handing a named tuple over to a kernel costs a microsecond for each array in it, more than a small
community's search takes. So kernels are entered here, once a community, with plain tuples.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from geo.redraw.annealing import Schedule, search
from geo.redraw.centres import Centres, best_of_centres, new_centres
from geo.redraw.chains import Links, new_links
from geo.redraw.growth import Queues, new_queues, start
from geo.redraw.jit import compiled
from geo.redraw.recombination import Tree, new_tree
from geo.redraw.state import (
    BEST_COST,
    BEST_VIOLATION,
    SMALL,
    Graph,
    Ints,
    Reals,
    State,
    Terms,
    new_state,
)

# Columns of the stages: how many plans go on, and how each is searched (see `Schedule`).
KEEP, ROUNDS, FLIPS, LARGE, CALM, CHAINS, HOT, COLD = range(8)

_Bare: TypeAlias = tuple[Any, ...]  # a named tuple as a plain one


class Begin(NamedTuple):
    """Where plans begin: labels given (-1: none), or the best of so many diagrams."""

    given: Ints
    diagrams: int
    turns: int  # of the centres of a diagram


class Contest(NamedTuple):
    """How plans are searched: the stages, a row each, and the price of a grid out of band."""

    stages: Reals
    band: float
    begin: Begin


class Field(NamedTuple):
    """The plans under way: labels (a row a plan), violation and cost of each, best first."""

    labels: NDArray[np.int64]
    violation: Reals
    cost: Reals
    order: Ints


class Room(NamedTuple):
    """Scratch room of a search, the best labels it found, and its score (see `state`)."""

    state: State
    tree: Tree
    links: Links
    queues: Queues
    centres: Centres
    best: Ints
    score: Reals


def winner(
    graph: Graph, terms: Terms, contest: Contest, grids: int, rng: np.random.Generator
) -> tuple[float, float, Ints]:
    """Return violation, cost and labels of the best plan found, of so many grids."""
    plans, atoms, arcs = int(contest.stages[0, KEEP]), len(graph.weight), len(graph.to)
    labels = np.zeros((plans, atoms), np.int64)
    field = Field(labels, np.full(plans, np.inf), np.full(plans, np.inf), np.arange(plans))
    links, queues = new_links(atoms), new_queues(grids, arcs)
    parts = new_state(atoms, grids), new_tree(atoms, arcs), links, queues
    room = (*map(tuple, parts), tuple(new_centres(atoms, grids)), labels[0].copy(), np.zeros(4))
    how = contest.stages, contest.band, tuple(contest.begin)
    _enter(tuple(graph), room, tuple(terms), (how, tuple(field)), rng)
    first = field.order[0]
    return float(field.violation[first]), float(field.cost[first]), field.labels[first]


@compiled
def _enter(
    graph: _Bare, room: _Bare, terms: _Bare, how: tuple[_Bare, _Bare], rng: np.random.Generator
) -> None:
    """Play the tournament, with all that is handed over under its names again."""
    state, tree, links, queues = State(*room[0]), Tree(*room[1]), Links(*room[2]), Queues(*room[3])
    named = Room(state, tree, links, queues, Centres(*room[4]), room[5], room[6])
    contest = Contest(how[0][0], how[0][1], Begin(*how[0][2]))
    play(Graph(*graph), named, Terms(*terms), (contest, Field(*how[1])), rng)


@compiled
def play(
    graph: Graph, room: Room, terms: Terms, how: tuple[Contest, Field], rng: np.random.Generator
) -> None:
    """Leave the plans in the field, the best one first in its order."""
    contest, field = how
    for plan in range(len(field.order)):
        field.order[plan] = plan
        _begin(graph, room, terms, contest.begin, rng)
        _store(field, plan, room.state.label)
    for stage in range(len(contest.stages)):
        row = contest.stages[stage]
        for rank in range(int(row[KEEP])):
            plan = field.order[rank]
            for atom in range(len(room.best)):
                room.state.label[atom] = field.labels[plan, atom]
            schedule = Schedule(
                int(row[ROUNDS]), int(row[FLIPS]), int(row[LARGE]), int(row[CALM]),
                int(row[CHAINS]), row[HOT], row[COLD], contest.band,
            )  # fmt: skip
            scratch = room.tree, room.links, room.best, room.score, rng
            search(graph, room.state, terms, schedule, scratch)
            _store(field, plan, room.best)
            field.violation[plan] = room.score[BEST_VIOLATION]
            field.cost[plan] = room.score[BEST_COST]
        _rank(field)


@compiled
def _begin(graph: Graph, room: Room, terms: Terms, begin: Begin, rng: np.random.Generator) -> None:
    """Make the labels in the state a plan: that of the best diagram, or those given."""
    labels = begin.given
    if begin.diagrams > 0:
        plans, scratch = (begin.diagrams, begin.turns), (room.centres, room.best, room.score, rng)
        best_of_centres(graph, room.state, terms, plans, scratch)
        labels = room.best
    for atom in range(len(labels)):
        room.state.label[atom] = labels[atom]
    start(graph, room.state, terms, (room.tree, room.queues), rng)


@compiled
def _store(field: Field, plan: int, labels: Ints) -> None:
    for atom in range(len(labels)):
        field.labels[plan, atom] = labels[atom]


@compiled
def _rank(field: Field) -> None:
    """Sort the order: least out of band, then least cost; as it was among equals."""
    for place in range(1, len(field.order)):
        plan, at = field.order[place], place
        while at > 0 and _beats(field, plan, field.order[at - 1]):
            field.order[at] = field.order[at - 1]
            at -= 1
        field.order[at] = plan


@compiled
def _beats(field: Field, one: int, other: int) -> bool:
    more = field.violation[one] - field.violation[other]
    if abs(more) > SMALL:
        return bool(more < 0)
    return bool(field.cost[one] < field.cost[other])
