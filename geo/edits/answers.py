"""What an edit did: figures of the touched grids, and offers to mend what it broke."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from geo.atoms import Borders
from geo.edits.draft import Draft
from geo.edits.kinds import Move
from geo.metrics import compactness, elsewhere, in_band
from geo.redraw.state import NONE, Graph, Ints, Reals
from geo.rules import Band


class GridFigures(NamedTuple):
    """A grid: households, atoms, Polsby-Popper, pieces beyond one, in its band or not, locked.

    A special one has no band, whatever `in_band` says of its community's.
    """

    code: str
    within: str
    households: float
    atoms: int
    compactness: float
    broken: int
    in_band: bool
    locked: bool
    special: bool


class Offer(NamedTuple):
    """A way to mend a broken grid: give one piece of it to a neighbour; the edit does it."""

    code: str
    households: float
    edit: Move


@dataclass(frozen=True)
class Answer:
    """What an edit did.

    Parameters
    ----------
    grids
        Touched grids that hold an atom, by code.
    gone
        Codes of touched grids that hold none any more.
    atoms, households
        Names of the atoms that changed grid by this edit, and their households.
    moved_households
        Households of the touched grids that live in another grid today (`geo.metrics.elsewhere`):
        of all grids what the difference between the plan and what is in force says.
    counts
        Atoms whose households were counted anew, by name, and what they have now.
    fallen
        Codes of ordinary grids that were in band before such a count and are not now.
    offers
        In the order to take them: see `Offer`. A piece with no neighbour that may take it, or
        with atoms that must not leave, has none.
    """

    grids: tuple[GridFigures, ...]
    gone: tuple[str, ...]
    atoms: tuple[str, ...]
    households: float
    moved_households: float
    offers: tuple[Offer, ...]
    counts: tuple[tuple[str, float], ...] = ()
    fallen: tuple[str, ...] = ()


class Sums(NamedTuple):
    """Figures of some grids of a community, in their order."""

    load: Reals
    atoms: Ints
    form: Reals
    pieces: Ints


def figures(draft: Draft, home: int, numbers: Ints) -> list[GridFigures]:
    """Return the figures of some grids of a community, each holding an atom."""
    problem = draft.ground.community(home)
    place = np.full(len(draft.grids.codes) + 1, NONE, np.int64)  # the last stands for no grid
    place[numbers] = np.arange(len(numbers))
    span = draft.ground.span(home)
    sums = _sums(problem.graph, place[draft.labels[span]], draft.ground.size[span], len(numbers))
    good = in_band(sums.load, draft.ground.rules.band(problem.rule))
    columns = zip(
        (draft.grids.codes[number] for number in numbers.tolist()),
        *(column.tolist() for column in (*sums, good)),
        strict=True,
    )
    return [
        GridFigures(
            code, problem.name, load, count, form, parts - 1, fits,
            locked=code in draft.locked, special=code in draft.special,
        )
        for code, load, count, form, parts, fits in columns
    ]  # fmt: skip


def _sums(graph: Graph, grid: Ints, size: Ints, count: int) -> Sums:
    """Return the figures of so many grids; `grid` of each node, -1: another."""
    mine = np.flatnonzero(grid != NONE)
    own = grid[mine]
    inner = inner_borders(graph, grid)
    outline = np.bincount(own, graph.around[mine], count)
    outline = outline - np.bincount(grid[inner.left], inner.metres, count)
    area = np.bincount(own, graph.area[mine], count)
    piece = inner.components(len(grid))[mine]
    first = np.unique(piece, return_index=True)[1]
    return Sums(
        np.bincount(own, graph.weight[mine], count).astype(np.float64),
        np.bincount(own, size[mine], count).astype(np.int64),
        compactness(area.astype(np.float64), outline.astype(np.float64)),
        np.bincount(own[first], minlength=count).astype(np.int64),
    )


def inner_borders(graph: Graph, grid: Ints) -> Borders:
    """Return the arcs, both ways, between nodes of one grid (-1: not asked for)."""
    source = np.repeat(np.arange(len(grid)), np.diff(graph.first))
    same = (grid[source] == grid[graph.to]) & (grid[source] != NONE)
    return Borders(source, graph.to, graph.border).where(same)


def moved(draft: Draft, home: int, numbers: Ints) -> float:
    """Return the households of some grids of a community that live in another grid today."""
    span = draft.ground.span(home)
    nodes = span.start + np.flatnonzero(np.isin(draft.labels[span], numbers))
    rows = draft.ground.rows(nodes)
    atoms = draft.ground.atoms
    codes = np.asarray(draft.grids.codes, object)[draft.labels[draft.ground.problems.node[rows]]]
    moves = elsewhere(pd.Series(atoms.previous[rows]), pd.Series(codes)).to_numpy(np.bool_)
    return float(atoms.weight[rows][moves].sum())


def offers(draft: Draft, home: int, broken: Sequence[int]) -> list[Offer]:
    """Return how to mend broken grids of a community, each piece to the neighbour it fits best.

    That is the one that leaves most grids in band, then the one nearest to its band, then the one
    with the longest border. Loads count the offers before.
    """
    ground, span = draft.ground, draft.ground.span(home)
    graph, labels = ground.community(home).graph, np.array(draft.labels[span])
    band = ground.rules.band(ground.community(home).rule)
    locked = np.asarray([code in draft.locked for code in draft.grids.codes], np.bool_)
    loads = np.bincount(labels + 1, graph.weight, len(locked) + 1).astype(np.float64)[1:]
    found = []
    # One grid's pieces are looked for when those before have been given away: it may have got some.
    for piece in (piece for number in broken for piece in _loose(graph, labels, number)):
        weight = float(graph.weight[piece].sum())
        near, metres = _beside(graph, labels, piece)
        able = near[~locked[near]]
        if not len(able):
            continue
        rank = _rank(loads[able], weight, metres[~locked[near]], band)
        taker, giver = int(able[rank]), int(labels[piece[0]])
        labels[piece] = taker
        loads[taker] += weight
        names = tuple(ground.atoms.names[ground.rows(span.start + piece)].tolist())
        edit = Move(names, draft.grids.codes[taker])
        found.append(Offer(draft.grids.codes[giver], weight, edit))
    return found


def _loose(graph: Graph, labels: Ints, number: int) -> list[Ints]:
    """Return the pieces of a grid but the main one, heaviest first, that may leave.

    The main piece is the one with atoms that must stay, then the heaviest, then the largest.
    """
    mine = np.flatnonzero(labels == number)
    part = inner_borders(graph, np.where(labels == number, 0, NONE)).components(len(labels))[mine]
    pieces = [mine[part == each] for each in np.unique(part)]
    pieces.sort(
        key=lambda p: (graph.fixed[p].any(), graph.weight[p].sum(), graph.area[p].sum()),
        reverse=True,
    )
    return [piece for piece in pieces[1:] if not graph.fixed[piece].any()]


def _beside(graph: Graph, labels: Ints, piece: Ints) -> tuple[Ints, Reals]:
    """Return the grids a piece of one borders on, ascending, and the metres shared with each."""
    arcs = np.concatenate([np.arange(graph.first[n], graph.first[n + 1]) for n in piece.tolist()])
    label = labels[graph.to[arcs]]
    out = (label != labels[piece[0]]) & (label != NONE)
    near, place = np.unique(label[out], return_inverse=True)
    return near, np.bincount(place, graph.border[arcs[out]], len(near)).astype(np.float64)


def _rank(loads: Reals, weight: float, metres: Reals, band: Band | None) -> int:
    """Return the position of the grid to give so many households to."""
    after = loads + weight
    gain = in_band(after, band).astype(np.int64) - in_band(loads, band)
    off = np.zeros(len(after))
    if band is not None:
        off = np.maximum(0.0, np.maximum(after - band.high, band.low - after))
    return int(np.lexsort((-metres, off, -gain))[0])
