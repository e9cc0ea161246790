"""A draft: which grid each atom is in, what is locked, what was done; replaced, never edited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import UnknownGridError
from geo.redraw.inputs import Atoms
from geo.redraw.problem import Problem, Problems
from geo.redraw.state import NONE, Ints, Reals
from geo.rules import Rules


@dataclass(frozen=True, eq=False)
class Ground:
    """Atoms, the graph of their nodes (an estate is one), rules: a recount alone changes a weight.

    `row` has the position of each atom by name; by node: `home` the community (position in
    `problems.each`), `size` the atoms, `today` the code of today's grid; `codes` the code each
    atom came with, `taken` those, today's and others that no new grid is to bear.
    """

    index: pd.Index
    atoms: Atoms
    problems: Problems
    rules: Rules
    row: Mapping[str, int]
    home: Ints
    size: Ints
    today: NDArray[np.object_]
    codes: NDArray[np.object_]
    taken: frozenset[str]

    def rows(self, nodes: Ints) -> Ints:
        """Return the positions of the atoms of some nodes, ascending."""
        chosen = np.zeros(len(self.home) + 1, np.bool_)  # the last stands for special atoms
        chosen[nodes] = True
        return np.flatnonzero(chosen[self.problems.node])

    def span(self, home: int) -> slice:
        """Return the nodes of a community."""
        problem = self.problems.each[home]
        return slice(problem.first, problem.first + len(problem.graph.weight))

    def community(self, home: int) -> Problem:
        """Return the graph of a community and its rule."""
        return self.problems.each[home]


@dataclass(frozen=True, eq=False)
class Grids:
    """Code of each grid by number, and its community (position in `Problems.each`)."""

    codes: tuple[str, ...]
    homes: tuple[int, ...]

    @cached_property
    def number(self) -> Mapping[str, int]:
        """The number of each grid by code."""
        return {code: number for number, code in enumerate(self.codes)}

    def joined_by(self, codes: list[str], home: int) -> Grids:
        """Return the grids with more of them, in one community; those known stay as they are."""
        fresh = [code for code in codes if code not in self.number]
        return Grids((*self.codes, *fresh), (*self.homes, *[home] * len(fresh)))


class Step(NamedTuple):
    """A change that can be taken back: nodes, their grids before and after, the grids there are."""

    nodes: Ints
    before: Ints
    after: Ints
    grids_before: Grids
    grids_after: Grids


class Count(NamedTuple):
    """Households counted anew: positions of atoms, what each had before and has after."""

    rows: Ints
    before: Reals
    after: Reals


@dataclass(frozen=True, eq=False)
class Draft:
    """Grids as a planner has drawn them so far.

    Parameters
    ----------
    labels
        Number of each node's grid in `grids`, -1: in none yet.
    locked
        Codes of grids that no atom may enter or leave.
    special
        Name of each special grid cut out of the draft's ground, by code.
    past, future
        Steps that can be taken back and made again, the next one last.
    """

    ground: Ground = field(repr=False)
    grids: Grids = field(repr=False)
    labels: Ints = field(repr=False)
    locked: frozenset[str] = frozenset()
    special: Mapping[str, str] = field(default_factory=dict)
    past: tuple[Step | Count, ...] = field(default=(), repr=False)
    future: tuple[Step | Count, ...] = field(default=(), repr=False)

    @property
    def assignment(self) -> pd.Series:
        """Code of each atom's grid (missing: none), indexed like the atoms."""
        codes = np.asarray([*self.grids.codes, None], dtype=object)
        node = self.ground.problems.node
        ordinary = node >= 0
        found = np.array(self.ground.codes)
        found[ordinary] = codes[self.labels[node[ordinary]]]
        return pd.Series(found, self.ground.index, dtype="object", name="grid")

    def present(self) -> Ints:
        """Return the numbers of the grids that hold an atom, ascending."""
        return np.unique(self.labels[self.labels != NONE])

    def number_of(self, code: str) -> int:
        """Return the number of a grid that holds an atom.

        Raises
        ------
        UnknownGridError
            When none of that code does.
        """
        number = self.grids.number.get(code, NONE)
        if number == NONE or not (self.labels == number).any():
            some = ", ".join(self.grids.codes[n] for n in self.present()[:5])
            raise UnknownGridError(grid=code, some=some)
        return number
