"""One function answers an edit: a new draft, and the figures of the grids it touched."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from geo.edits.answers import Answer, figures, moved, offers
from geo.edits.changes import Change, cut_out, merged, moved_to, split
from geo.edits.counting import count_of, counted, grids_of
from geo.edits.draft import Count, Draft, Step
from geo.edits.kinds import (
    Edit,
    Lock,
    Merge,
    Move,
    Recount,
    Redo,
    Redraw,
    Special,
    Split,
    Undo,
    Unlock,
)
from geo.edits.resolving import redrawn
from geo.errors import AtomFixedError, GridLockedError, NothingToRedoError, NothingToUndoError
from geo.redraw.state import NONE, Ints

_NOBODY: Final = np.zeros(0, np.int64)


def answer(draft: Draft, edit: Edit) -> tuple[Draft, Answer]:
    """Return the draft after an edit, and what it did; the draft given stays as it is.

    An edit that changes nothing gives the draft itself back, and no step to take back.

    Raises
    ------
    UnknownGridError, UnknownAtomError, UnknownAreaError
        When the edit names what is not there.
    GridLockedError, AtomFixedError
        When it would change a locked grid, or take an atom from the grid it is locked to.
    OtherCommunityError, SpecialAtomError
        When it would put an atom into a grid of another community, or move a special grid.
    LineCutsNothingError, MergeNeedsTwoError
        When there is nothing to split or to merge.
    NothingToUndoError, NothingToRedoError
        When there is no step.
    BadLineError, BadWeightError, LocksApartError, CodesExhaustedError
        When a line is none, or households no number; when what is locked cannot be kept by a
        redraw, or codes run out.

    >>> import geopandas, shapely
    >>> from geo.edits import begin
    >>> from geo.redraw.inputs import Columns
    >>> from geo.rules import one_band
    >>> table = {"atom": list("abc"), "households": [200, 90, 300], "grid": ["1", "1", "2"]}
    >>> row = geopandas.GeoDataFrame(table, geometry=shapely.box([0, 1, 2], 0, [1, 2, 3], 1))
    >>> draft = begin(row, Columns("households", previous="grid"), one_band(200, 400))
    >>> draft, told = answer(draft, Move(("b",), "2"))
    >>> [(grid.code, grid.households) for grid in told.grids], told.moved_households
    ([('1', 200.0), ('2', 390.0)], 90.0)
    """
    match edit:
        case Lock(codes) | Unlock(codes):
            return _locked(draft, codes, lock=isinstance(edit, Lock))
        case Undo() | Redo():
            return _travelled(draft, back=isinstance(edit, Undo))
        case Recount():
            return _recounted(draft, edit)
        case _:
            change = _change(draft, edit)
    step = _step(draft, change)
    if not len(step.nodes):
        return draft, look(draft, np.unique(draft.labels[change.nodes]))
    after = _made(draft, step, back=False)
    if isinstance(edit, Special):
        code = change.grids.codes[change.after[0]]
        after = replace(after, special={**after.special, code: edit.name})
    return replace(after, past=(*draft.past, step), future=()), _told(after, step)


def look(draft: Draft, numbers: Ints | None = None, nodes: Ints = _NOBODY) -> Answer:
    """Return the figures of some grids (numbers in `draft.grids`), or of all there are.

    `nodes` are those that have just changed grid.
    """
    numbers = draft.present() if numbers is None else numbers[numbers != NONE]
    there = np.isin(numbers, draft.labels)
    homes = np.asarray([draft.grids.homes[n] for n in numbers.tolist()], np.int64)
    found, ways, total = [], [], 0.0
    for home in np.unique(homes[there]).tolist():
        mine = numbers[there & (homes == home)]
        rows = figures(draft, home, mine)
        broken = [n for n, row in zip(mine.tolist(), rows, strict=True) if row.broken]
        ways += offers(draft, home, [n for n in broken if not _is_left(draft, n)])
        total += moved(draft, home, mine)
        found += rows
    gone = sorted(draft.grids.codes[n] for n in numbers[~there].tolist())
    atoms = draft.ground.rows(nodes)
    households = float(draft.ground.atoms.weight[atoms].sum())
    names = tuple(draft.ground.atoms.names[atoms].tolist())
    return Answer(tuple(sorted(found)), tuple(gone), names, households, total, tuple(ways))


def _change(draft: Draft, edit: Move | Split | Merge | Special | Redraw) -> Change:
    """Return the grids an edit asks for."""
    match edit:
        case Move():
            return moved_to(draft, edit)
        case Split():
            return split(draft, edit)
        case Merge():
            return merged(draft, edit)
        case Special():
            return cut_out(draft, edit)
        case Redraw():
            return redrawn(draft, edit)


def _step(draft: Draft, change: Change) -> Step:
    """Return the nodes of a change that do change grid.

    Raises
    ------
    AtomFixedError
        When an atom would leave the grid it is locked or anchored to.
    """
    before = draft.labels[change.nodes]
    differ = before != change.after
    nodes = change.nodes[differ]
    for home in np.unique(draft.ground.home[nodes]).tolist():
        span = draft.ground.span(home)
        fixed = draft.ground.community(home).graph.fixed
        mine = nodes[draft.ground.home[nodes] == home]
        held = mine[fixed[mine - span.start]]
        if len(held):
            name = draft.ground.atoms.names[draft.ground.rows(held[:1])[0]]
            raise AtomFixedError(atom=name, grid=draft.grids.codes[draft.labels[held[0]]])
    return Step(nodes, before[differ], change.after[differ], draft.grids, change.grids)


def _made(draft: Draft, step: Step, *, back: bool) -> Draft:
    """Return the draft with a step made, or taken back.

    Raises
    ------
    GridLockedError
        When a locked grid would gain or lose an atom.
    """
    grids = step.grids_before if back else step.grids_after
    for number in np.unique(np.r_[step.before, step.after]).tolist():
        if number != NONE and step.grids_after.codes[number] in draft.locked:
            raise GridLockedError(grid=step.grids_after.codes[number])
    labels = np.array(draft.labels)
    labels[step.nodes] = step.before if back else step.after
    labels.flags.writeable = False
    return replace(draft, grids=grids, labels=labels)


def _travelled(draft: Draft, *, back: bool) -> tuple[Draft, Answer]:
    """Return the draft with the last step taken back, or made again."""
    steps = draft.past if back else draft.future
    if not steps:
        raise NothingToUndoError if back else NothingToRedoError
    step = steps[-1]
    if isinstance(step, Count):
        after = counted(draft, step, back=back)
    else:
        after = _made(draft, step, back=back)
    if back:
        after = replace(after, past=steps[:-1], future=(*draft.future, step))
    else:
        after = replace(after, past=(*draft.past, step), future=steps[:-1])
    return after, _told_of(draft, after, step) if isinstance(step, Count) else _told(after, step)


def _recounted(draft: Draft, edit: Recount) -> tuple[Draft, Answer]:
    """Return the draft with households counted anew; grids that are locked have them, too."""
    count = count_of(draft, edit)
    if not len(count.rows):
        return draft, look(draft, _NOBODY)
    after = counted(draft, count, back=False)
    after = replace(after, past=(*draft.past, count), future=())
    return after, _told_of(draft, after, count)


def _told_of(before: Draft, after: Draft, count: Count) -> Answer:
    """Return the answer for a count just made or taken back."""
    numbers = grids_of(after, count)
    was = {grid.code for grid in look(before, numbers).grids if grid.in_band and not grid.special}
    told = look(after, numbers)
    fallen = tuple(grid.code for grid in told.grids if grid.code in was and not grid.in_band)
    names = after.ground.atoms.names[count.rows].tolist()
    counts = zip(names, after.ground.atoms.weight[count.rows].tolist(), strict=True)
    return replace(told, counts=tuple(counts), fallen=fallen)


def _told(draft: Draft, step: Step) -> Answer:
    """Return the answer for a step just made or taken back."""
    numbers = np.unique(np.r_[step.before, step.after])
    return look(replace(draft, grids=step.grids_after), numbers, step.nodes)


def _locked(draft: Draft, codes: tuple[str, ...] | None, *, lock: bool) -> tuple[Draft, Answer]:
    """Return the draft with grids locked, or no longer so."""
    if codes is None:
        numbers = draft.present()
    else:
        numbers = np.unique(np.asarray([draft.number_of(code) for code in codes], np.int64))
    named = {draft.grids.codes[number] for number in numbers.tolist()}
    after = replace(draft, locked=draft.locked | named if lock else draft.locked - named)
    return after, look(after, numbers)


def _is_left(draft: Draft, number: int) -> bool:
    """Tell whether nobody is to mend a grid: it is locked, or special and may lie in pieces."""
    code = draft.grids.codes[number]
    return code in draft.locked or code in draft.special
