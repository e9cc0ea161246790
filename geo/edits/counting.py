"""Households of a draft's atoms counted anew: a step like any other that moves no atom."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from geo.edits.draft import Count, Draft, Ground
from geo.edits.kinds import Recount
from geo.errors import UnknownAtomError
from geo.redraw.inputs import weights
from geo.redraw.problem import problems_of, todays_grids
from geo.redraw.state import NONE, Ints


def count_of(draft: Draft, edit: Recount) -> Count:
    """Return what a recount changes: the atoms that had other households.

    Raises
    ------
    UnknownAtomError
        When it names an atom that is not there.
    BadWeightError
        When households are no number, or below 0.
    """
    ground = draft.ground
    unknown = [name for name in edit.households if name not in ground.row]
    if unknown:
        raise UnknownAtomError(atom=unknown[0], count=len(ground.row))
    rows = np.asarray([ground.row[name] for name in edit.households], np.int64)
    after = weights(pd.Series(list(edit.households.values()), dtype="object"), "households")
    differ = after != ground.atoms.weight[rows]
    order = np.argsort(rows[differ], kind="stable")
    rows, after = rows[differ][order], after[differ][order]
    return Count(rows, ground.atoms.weight[rows], after)


def counted(draft: Draft, count: Count, *, back: bool) -> Draft:
    """Return the draft with households counted anew, or with those from before."""
    return replace(draft, ground=_weighed(draft.ground, count, back=back))


def grids_of(draft: Draft, count: Count) -> Ints:
    """Return the numbers of the grids whose households a count changes, ascending."""
    nodes = draft.ground.problems.node[count.rows]
    numbers = np.unique(draft.labels[nodes[nodes != NONE]])
    return np.asarray(numbers[numbers != NONE], np.int64)


def _weighed(ground: Ground, count: Count, *, back: bool) -> Ground:
    """Return the ground with other households; nodes and their numbers stay, for they lie alike."""
    weight = np.array(ground.atoms.weight)
    weight[count.rows] = count.before if back else count.after
    atoms = replace(ground.atoms, weight=weight)
    problems = problems_of(replace(atoms, previous=ground.codes))
    today = todays_grids(atoms, problems.node, len(ground.home))
    return replace(ground, atoms=atoms, problems=problems, today=today)
