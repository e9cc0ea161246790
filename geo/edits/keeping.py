"""Steps of a draft by the names of atoms and grids, so that they outlive the draft in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeAlias

import numpy as np

from geo.edits.draft import Count, Draft, Grids, Step
from geo.redraw.state import NONE, Ints


class Kept(NamedTuple):
    """A step: atoms by name, and the code of the grid of each before and after (None: none)."""

    atoms: tuple[str, ...]
    before: tuple[str | None, ...]
    after: tuple[str | None, ...]


class KeptCount(NamedTuple):
    """Households counted anew: atoms by name, what each had before and has after."""

    atoms: tuple[str, ...]
    before: tuple[float, ...]
    after: tuple[float, ...]


AnyKept: TypeAlias = Kept | KeptCount


def kept(draft: Draft, step: Step | Count) -> AnyKept:
    """Return a step of a draft by names."""
    ground = draft.ground
    if isinstance(step, Count):
        names = ground.atoms.names[step.rows].tolist()
        return KeptCount(tuple(names), tuple(step.before.tolist()), tuple(step.after.tolist()))
    rows = ground.rows(step.nodes)
    place = np.full(len(ground.home), NONE, np.int64)
    place[step.nodes] = np.arange(len(step.nodes))
    at = place[ground.problems.node[rows]]
    codes = np.asarray([*step.grids_after.codes, None], dtype=object)  # the last stands for none
    sides = (codes[numbers[at]].tolist() for numbers in (step.before, step.after))
    return Kept(tuple(ground.atoms.names[rows].tolist()), *map(tuple, sides))


def restored(
    draft: Draft,
    past: Sequence[AnyKept],
    future: Sequence[AnyKept],
    locked: Iterable[str],
    special: Mapping[str, str] | None = None,
) -> Draft:
    """Return a draft just begun, with the steps that led to it and the locks that hold.

    Parameters
    ----------
    past, future
        Steps that can be taken back and made again, the next one last.
    special
        Name of each special grid cut out, by code.
    """
    grids = draft.grids
    for step in (*past, *future):
        grids = grids if isinstance(step, KeptCount) else _joined(draft, grids, step)
    behind, ahead = (tuple(_step(draft, grids, step) for step in steps) for steps in (past, future))
    steps = replace(draft, grids=grids, past=behind, future=ahead)
    return replace(steps, locked=frozenset(locked), special=special or {})


def _nodes(draft: Draft, step: Kept) -> tuple[Ints, Ints]:
    """Return the nodes of a step, and for each the place of an atom of it."""
    rows = np.asarray([draft.ground.row[atom] for atom in step.atoms], np.int64)
    return np.unique(draft.ground.problems.node[rows], return_index=True)


def _joined(draft: Draft, grids: Grids, step: Kept) -> Grids:
    nodes, place = _nodes(draft, step)
    for codes in (step.before, step.after):
        named = {codes[at]: node for node, at in zip(nodes.tolist(), place.tolist(), strict=True)}
        fresh = {code: node for code, node in named.items() if code and code not in grids.number}
        for code, node in fresh.items():
            grids = grids.joined_by([code], int(draft.ground.home[node]))
    return grids


def _step(draft: Draft, grids: Grids, step: AnyKept) -> Step | Count:
    if isinstance(step, KeptCount):
        rows = np.asarray([draft.ground.row[atom] for atom in step.atoms], np.int64)
        return Count(rows, np.asarray(step.before), np.asarray(step.after))
    nodes, place = _nodes(draft, step)
    numbers: dict[str | None, int] = {None: NONE, **dict(grids.number.items())}
    before, after = (
        np.asarray([numbers[codes[at]] for at in place.tolist()], np.int64)
        for codes in (step.before, step.after)
    )
    return Step(nodes, before, after, grids, grids)
