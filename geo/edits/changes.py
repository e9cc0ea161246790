"""The edits that put atoms into other grids: what each asks for, before locks are looked at."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from geo.edits.cuts import far_side
from geo.edits.draft import Draft, Grids
from geo.edits.kinds import Merge, Move, Special, Split
from geo.edits.starting import fresh_codes, grid_nodes
from geo.errors import (
    LineCutsNothingError,
    MergeNeedsTwoError,
    OtherCommunityError,
    SpecialAtomError,
    UnknownAtomError,
)
from geo.redraw.codes import FIRST_SPECIAL
from geo.redraw.state import NONE, Flags, Ints


class Change(NamedTuple):
    """Nodes, the number of the grid each is to be in, and the grids there are then."""

    nodes: Ints
    after: Ints
    grids: Grids


def moved_to(draft: Draft, edit: Move) -> Change:
    """Return the change that moves atoms, and the whole of their estates, to a grid."""
    nodes = _nodes(draft, edit.atoms)
    if edit.grid is None:
        return _to_new(draft, nodes, 1)
    number = draft.number_of(edit.grid)
    return _to(draft, nodes, number, draft.grids)


def cut_out(draft: Draft, edit: Special) -> Change:
    """Return the change that makes atoms, and the whole of their estates, a special grid."""
    return _to_new(draft, _nodes(draft, edit.atoms), FIRST_SPECIAL)


def split(draft: Draft, edit: Split) -> Change:
    """Return the change that parts a grid along a line."""
    number = draft.number_of(edit.grid)
    nodes = grid_nodes(draft, number)
    far = far_side(draft, nodes, edit.line)
    if far.all() or not far.any():
        raise LineCutsNothingError(grid=edit.grid)
    home = draft.grids.homes[number]
    leaving = nodes[_leaves(draft, nodes, far, home)]
    new, grids = _new_grid(draft, home)
    return Change(leaving, np.full(len(leaving), new, np.int64), grids)


def merged(draft: Draft, edit: Merge) -> Change:
    """Return the change that makes grids one."""
    numbers = list(dict.fromkeys(draft.number_of(code) for code in edit.grids))
    if not numbers[1:]:
        raise MergeNeedsTwoError(found=", ".join(edit.grids) or "–")
    home = draft.grids.homes[numbers[0]]
    for number in numbers:
        if draft.grids.homes[number] != home:
            raise _elsewhere(draft, draft.grids.codes[number], draft.grids.homes[number], home)
    # The first is among them, so that its lock is seen to even though its atoms stay.
    nodes = np.flatnonzero(np.isin(draft.labels, numbers))
    return Change(nodes, np.full(len(nodes), numbers[0], np.int64), draft.grids)


def _nodes(draft: Draft, atoms: tuple[str, ...]) -> Ints:
    """Return the nodes of atoms by name, each once."""
    ground = draft.ground
    unknown = [atom for atom in atoms if atom not in ground.row]
    if unknown:
        raise UnknownAtomError(atom=unknown[0], count=len(ground.row))
    nodes = ground.problems.node[np.asarray([ground.row[atom] for atom in atoms], np.int64)]
    if (nodes == NONE).any():
        raise SpecialAtomError(atom=atoms[int((nodes == NONE).argmax())])
    return np.unique(nodes)


def _leaves(draft: Draft, nodes: Ints, far: Flags, home: int) -> Flags:
    """Tell which nodes go to the new grid: the lighter side, unless it holds what must stay."""
    graph = draft.ground.community(home).graph
    local = nodes - draft.ground.span(home).start
    held, weight = graph.fixed[local], graph.weight[local]
    rank = [(bool(held[side].any()), float(weight[side].sum())) for side in (far, ~far)]
    return far if rank[0] <= rank[1] else ~far


def _to_new(draft: Draft, nodes: Ints, begin: int) -> Change:
    """Return the change that moves nodes to a new grid, numbered from `begin` on."""
    if not len(nodes):
        return Change(nodes, nodes, draft.grids)
    number, grids = _new_grid(draft, int(draft.ground.home[nodes[0]]), begin)
    return _to(draft, nodes, number, grids)


def _to(draft: Draft, nodes: Ints, number: int, grids: Grids) -> Change:
    """Return the change that moves nodes to a grid of their community."""
    home = grids.homes[number]
    stray = nodes[draft.ground.home[nodes] != home]
    if len(stray):
        atom = draft.ground.atoms.names[draft.ground.rows(stray[:1])[0]]
        raise _elsewhere(draft, f"{atom}", int(draft.ground.home[stray[0]]), home)
    return Change(nodes, np.full(len(nodes), number, np.int64), grids)


def _new_grid(draft: Draft, home: int, begin: int = 1) -> tuple[int, Grids]:
    """Return the number of a grid that holds nothing yet, and the grids with it."""
    codes = fresh_codes(draft, home, 1, begin)
    grids = draft.grids.joined_by(codes, home)
    return grids.number[codes[0]], grids


def _elsewhere(draft: Draft, what: str, found: int, home: int) -> OtherCommunityError:
    names = [draft.ground.community(each).name for each in (found, home)]
    return OtherCommunityError(what=what, found=names[0], wanted=names[1])
