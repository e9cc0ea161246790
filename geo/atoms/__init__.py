"""The smallest pieces a redraw may move, and which of them border on which."""

from __future__ import annotations

from geo.atoms.adjacency import Borders, adjacency
from geo.atoms.along import Along
from geo.atoms.bridges import bridges
from geo.atoms.cells import ATOM_COLUMNS, make_atoms
from geo.atoms.coverage import as_coverage, dissolve, metres_per_unit
from geo.atoms.order import reading_order
from geo.atoms.outlines import outlines

__all__ = [
    "ATOM_COLUMNS",
    "Along",
    "Borders",
    "adjacency",
    "as_coverage",
    "bridges",
    "dissolve",
    "make_atoms",
    "metres_per_unit",
    "outlines",
    "reading_order",
]
