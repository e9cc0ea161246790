"""What a planner may do to a draft: one record a kind of edit. Grids go by code, atoms by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import shapely

from geo.redraw import Quality


@dataclass(frozen=True)
class Move:
    """Move atoms to a grid of their community; None: to a new one. An estate moves as one."""

    atoms: tuple[str, ...]
    grid: str | None


@dataclass(frozen=True)
class Split:
    """Part a grid along a line (bent or not, in several parts or not) in the atoms' CRS.

    An atom goes to the side where more of its ground lies. The side with more households keeps
    the code, or the one with atoms that must not leave.
    """

    grid: str
    line: shapely.LineString | shapely.MultiLineString


@dataclass(frozen=True)
class Merge:
    """Make grids of one community one, under the code of the first."""

    grids: tuple[str, ...]


@dataclass(frozen=True)
class Special:
    """Cut atoms of one community out as a special grid of their own, which no redraw touches.

    `name` is what it is called; its code is the next free one of special grids.
    """

    atoms: tuple[str, ...]
    name: str


@dataclass(frozen=True)
class Lock:
    """Let no atom enter or leave these grids; None: all there are now."""

    grids: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Unlock:
    """Let these grids change again; None: all."""

    grids: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Recount:
    """Take these households for those of atoms, by name; atoms not named keep theirs."""

    households: Mapping[str, float]


@dataclass(frozen=True)
class Undo:
    """Take back the last change of grids or households. Locks are none: they stay, and are kept."""


@dataclass(frozen=True)
class Redo:
    """Make again the change last taken back."""


@dataclass(frozen=True)
class Redraw:
    """Draw the grids of a community, or of a subdistrict (nine digits), anew around what is locked.

    It starts from today's grids, not from edits of grids that are not locked: so the same seed and
    locks give the same grids, whatever was done before.
    """

    within: str
    seed: int = 0
    quality: Quality = "fast"


Edit: TypeAlias = Move | Split | Merge | Special | Lock | Unlock | Undo | Redo | Redraw | Recount
