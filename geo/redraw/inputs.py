"""The table of atoms, checked: arrays of numbers, and what is wrong said before any work."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.atoms import Along, Borders, metres_per_unit
from geo.atoms.adjacency import borders_of
from geo.atoms.along import Reach, along, lines_of
from geo.atoms.coverage import check_polygons, tiled
from geo.atoms.edges import Edges, Geometries, joined, sides_of
from geo.atoms.forms import Forms, forms_of
from geo.atoms.slits import slits
from geo.redraw.barriers import Barriers
from geo.redraw.columns import (
    Columns,
    anchors,
    demand,
    flags,
    groups,
    kinds,
    names,
    rules_named,
    texts,
    weights,
)
from geo.redraw.state import Flags, Ints, Reals

_NOTHING: Final = None
SMOOTH: Final = 5.0  # barriers are straightened by this part of their reach

__all__ = ["Atoms", "Columns", "Forms", "demand", "in_metres", "read_atoms", "weights"]


@dataclass(frozen=True, eq=False)
class Atoms:
    """Atoms as arrays, in their order; -1 stands for none."""

    polygons: Geometries
    scale: tuple[float, float]
    borders: Borders
    slits: Borders  # pairs that only a slit parts
    forms: Forms
    names: NDArray[np.object_]
    weight: Reals
    home: Ints  # community, position in `homes`
    homes: NDArray[np.object_]
    rules: tuple[str, ...]  # by community
    group: Ints
    previous: NDArray[np.object_]  # code of today's grid, or None
    locked: Flags
    anchor: NDArray[np.object_]  # name of the grid it must be in, or None
    special: Flags
    along: Along | None = None  # by border: what lies along roads, rivers, walls; None: not asked

    def order(self) -> Ints:
        """Return positions by community, then from west to east, whatever the order of the rows."""
        area, x, y = (part.round(3) for part in (self.forms.area, self.forms.x, self.forms.y))
        return np.lexsort((area, y, x, self.home))

    def inner(self) -> Flags:
        """Tell which borders lie between ordinary atoms of one community."""
        return self.inside(self.borders)

    def inside(self, borders: Borders) -> Flags:
        """Tell which of some borders lie between ordinary atoms of one community."""
        left, right = borders.left, borders.right
        ordinary = ~(self.special[left] | self.special[right])
        return np.asarray(ordinary & (self.home[left] == self.home[right]))


def read_atoms(
    atoms: gpd.GeoDataFrame, columns: Columns, barriers: Barriers | None = None
) -> Atoms:
    """Return the atoms as arrays.

    Raises
    ------
    JingweiError
        As `demand`, and when an atom's name is not its own.
    BadPolygonsError, OverlapError
        When the polygons are invalid or overlap.
    """
    demand(atoms, columns)
    scale = metres_per_unit(atoms)
    polygons, edges, forms = _measured(atoms.geometry.to_numpy(), scale)
    borders = borders_of(edges, scale, len(polygons))
    within = texts(atoms, columns.within)
    within[within == _NOTHING] = ""
    home, homes = pd.factorize(within, sort=True)
    special = flags(atoms, "special" if "special" in atoms else None)
    weight = weights(atoms[columns.weight], columns.weight)
    table = Atoms(
        polygons,
        scale,
        borders,
        slits(edges, scale, borders, len(polygons)),
        forms,
        names(atoms),
        weight,
        home.astype(np.int64),
        np.asarray(homes, dtype=object),
        kinds(rules_named(atoms, home, special, weight), len(homes)),
        groups(atoms, columns.groups),
        texts(atoms, columns.previous),
        flags(atoms, columns.locked),
        anchors(atoms, columns),
        special,
    )
    return table if barriers is None else replace(table, along=_along(table, edges, barriers))


def _along(atoms: Atoms, edges: Edges, barriers: Barriers) -> Along:
    """Return how much of each border inside communities runs along barriers; 0 elsewhere."""
    inner = atoms.inner()
    shapes = in_metres(barriers.lines.geometry.to_numpy(), atoms.scale)
    reach = Reach(barriers.rules.reach, barriers.rules.parallel)
    lines = lines_of(shapes, barriers.worth, reach.metres / SMOOTH, reach.metres)
    found = along(edges, atoms.borders.where(inner), atoms.scale, lines, reach)
    every = Along(*(np.zeros(len(inner)) for _ in found))
    for whole, part in zip(every, found, strict=True):
        whole[inner] = part
    return every


def in_metres(polygons: Geometries, scale: tuple[float, float]) -> Geometries:
    """Return polygons with their coordinates in metres."""
    if scale == (1.0, 1.0):
        return polygons
    return np.asarray(shapely.transform(polygons, lambda xy: xy * np.asarray(scale)))


def _measured(given: Geometries, scale: tuple[float, float]) -> tuple[Geometries, Edges, Forms]:
    """Return polygons as a coverage, their edges, and their forms."""
    check_polygons(given)
    sides = sides_of(given)
    polygons, edges = tiled(given, scale, joined(sides))
    return polygons, edges, forms_of(sides if polygons is given else sides_of(polygons), scale)
