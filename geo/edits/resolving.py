"""A community, or all of a subdistrict, drawn anew around the grids that are locked."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

from geo.edits.answers import inner_borders
from geo.edits.changes import Change
from geo.edits.draft import Draft
from geo.edits.kinds import Redraw
from geo.edits.starting import fresh_codes
from geo.errors import UnknownAreaError
from geo.redraw.drawing import check_search
from geo.redraw.problem import Problem, part_of
from geo.redraw.proving import settle
from geo.redraw.state import NONE, Ints

_SUBDISTRICT: Final = re.compile(r"[0-9]{9}")
_ATOM: Final = 1e-6  # lets atoms without households say where a grid came from
_NOBODY: Final = np.zeros(0, np.int64)


class _Part(NamedTuple):
    """Nodes of a community that hang together between locked grids, and the problem they make."""

    nodes: Ints
    problem: Problem


def redrawn(draft: Draft, edit: Redraw) -> Change:
    """Return the change that draws an area anew.

    Locked grids and special ones are cut out; what hangs together between them is solved by
    itself, so that no new grid reaches across one. A new grid takes over the code of the old one
    it shares most households with.

    Raises
    ------
    UnknownAreaError
        When there is no such community, nor a subdistrict with one.
    BadOptionError
        When seed or quality are none that `geo.redraw.redraw` takes.
    """
    check_search(edit.seed, edit.quality)
    nodes, after, grids = [_NOBODY], [_NOBODY], draft.grids
    for home in _homes(draft, edit.within):
        parts = _parts(draft, home)
        labels = _labels(draft, parts, edit)
        codes = fresh_codes(draft, home, int(-labels.min(initial=0)))
        grids = grids.joined_by(codes, home)
        fresh = np.asarray([grids.number[code] for code in codes], np.int64)
        new = labels < 0
        labels[new] = fresh[-1 - labels[new]]
        nodes += [part.nodes for part in parts]
        after.append(labels)
    return Change(np.concatenate(nodes), np.concatenate(after), grids)


def _homes(draft: Draft, within: str) -> list[int]:
    """Return the community of that name, or those of that subdistrict."""
    names = [problem.name for problem in draft.ground.problems.each]
    if within in names:
        return [names.index(within)]
    below = _SUBDISTRICT.fullmatch(within) is not None
    found = [home for home, name in enumerate(names) if below and name.startswith(within)]
    if not found:
        raise UnknownAreaError(area=within, count=len(names), some=", ".join(names[:5]))
    return found


def _parts(draft: Draft, home: int) -> list[_Part]:
    """Return what hangs together of a community outside its locked grids."""
    problem, span = draft.ground.community(home), draft.ground.span(home)
    codes = np.asarray([*draft.grids.codes, None], dtype=object)[draft.labels[span]]
    kept = {*draft.locked, *draft.special}
    free = np.asarray([code not in kept for code in codes], np.bool_)
    inner = inner_borders(problem.graph, np.where(free, 0, NONE))
    piece = np.where(free, inner.components(len(free)), NONE)
    pieces = [np.flatnonzero(piece == each) for each in np.unique(piece[free])]
    # Households moved are counted from today's grids, so the search starts from these.
    start = np.where(problem.graph.fixed, codes, draft.ground.today[span])
    return [_Part(span.start + rows, part_of(problem, rows, start[rows])) for rows in pieces]


def _labels(draft: Draft, parts: list[_Part], edit: Redraw) -> Ints:
    """Return the number of the grid of each node of the parts; -1, -2, …: of each new one."""
    rules = draft.ground.rules
    must = [set(draft.labels[p.nodes[p.problem.graph.fixed]].tolist()) for p in parts]
    held: set[int] = set().union(*must)
    labels, fresh = [_NOBODY], 0
    for part, own in zip(parts, must, strict=True):
        solution = settle(part.problem, rules, quality=edit.quality, seed=edit.seed)
        numbers = _numbers(draft, part, solution.labels, held - own)
        new = numbers == NONE
        numbers[new] = -1 - fresh - np.arange(new.sum())
        fresh += int(new.sum())
        held |= set(numbers.tolist())
        labels.append(numbers[solution.labels])
    return np.concatenate(labels)


def _numbers(draft: Draft, part: _Part, labels: Ints, held: set[int]) -> Ints:
    """Return the old grid each new one goes on as, -1: none; not those held elsewhere.

    What must stay keeps its grid; then as few households as can be change theirs.
    """
    graph = part.problem.graph
    old, place = np.unique(draft.labels[part.nodes], return_inverse=True)
    weight = graph.weight + _ATOM
    shared = np.zeros((int(labels.max(initial=-1)) + 1, len(old)))
    np.add.at(shared, (labels, place), weight + graph.fixed * (weight.sum() + 1))
    shared[:, np.isin(old, [NONE, *held])] = 0
    new, column = linear_sum_assignment(-shared)
    good = shared[new, column] > 0
    numbers = np.full(len(shared), NONE, np.int64)
    numbers[new[good]] = old[column[good]]
    return numbers
