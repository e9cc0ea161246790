"""The table of atoms, checked: arrays of numbers, and what is wrong said before any work."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import NamedTuple

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
from geo.atoms.slices import by_slices
from geo.errors import BadFrameError, BadWeightError, LocksNeedPreviousError
from geo.redraw.barriers import Barriers
from geo.redraw.state import Flags, Ints, Reals

_TRUE = {"1", "true", "yes", "y", "是", "1.0"}
_FALSE = {"0", "false", "no", "n", "否", "0.0", ""}


@dataclass(frozen=True)
class Columns:
    """Which column of the atoms holds what; None where there is none."""

    weight: str
    within: str | None = None
    groups: str | None = None
    previous: str | None = None
    locked: str | None = None
    anchors: str | None = None

    def named(self) -> list[str]:
        """Return the columns named."""
        columns = (
            self.weight, self.within, self.groups, self.previous, self.locked, self.anchors,
        )  # fmt: skip
        return [column for column in columns if column is not None]


class Forms(NamedTuple):
    """Area, length of the outline, and the middle of polygons, in metres."""

    area: Reals
    around: Reals
    x: Reals
    y: Reals


@dataclass(frozen=True, eq=False)
class Atoms:
    """Atoms as arrays, in their order; -1 stands for none."""

    polygons: Geometries
    scale: tuple[float, float]
    borders: Borders
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

    def inner(self) -> Flags:
        """Tell which borders lie between ordinary atoms of one community."""
        left, right = self.borders.left, self.borders.right
        ordinary = ~(self.special[left] | self.special[right])
        return np.asarray(ordinary & (self.home[left] == self.home[right]))


def read_atoms(
    atoms: gpd.GeoDataFrame, columns: Columns, barriers: Barriers | None = None
) -> Atoms:
    """Return the atoms as arrays.

    Raises
    ------
    BadFrameError
        When a column named is absent, or a community or a geometry missing.
    BadWeightError
        When weights are no numbers, negative or infinite.
    BadPolygonsError, OverlapError
        When the polygons are invalid or overlap.
    LocksNeedPreviousError
        When atoms are locked and nothing says in which grid.
    """
    demand(atoms, columns)
    scale = metres_per_unit(atoms)
    polygons, edges, forms = _measured(atoms.geometry.to_numpy(), scale)
    within = _texts(atoms, columns.within)
    home, homes = pd.factorize(np.where(pd.isna(within), "", within), sort=True)
    special = _flags(atoms, "special" if "special" in atoms else None)
    table = Atoms(
        polygons,
        scale,
        borders_of(edges, scale, len(polygons)),
        forms,
        _names(atoms),
        weights(atoms[columns.weight], columns.weight),
        home.astype(np.int64),
        np.asarray(homes, dtype=object),
        _rules(atoms, home, special, len(homes)),
        _groups(atoms, columns.groups),
        _texts(atoms, columns.previous),
        _flags(atoms, columns.locked),
        _anchors(atoms, columns),
        special,
    )
    return table if barriers is None else replace(table, along=_along(table, edges, barriers))


def _along(atoms: Atoms, edges: Edges, barriers: Barriers) -> Along:
    """Return how much of each border inside communities runs along barriers; 0 elsewhere."""
    inner = atoms.inner()
    shapes = in_metres(barriers.lines.geometry.to_numpy(), atoms.scale)
    reach = Reach(barriers.rules.reach, barriers.rules.parallel)
    lines = lines_of(shapes, barriers.worth)
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
    """Return polygons as a coverage, their edges, and their forms, found meanwhile."""
    check_polygons(given)
    sides = sides_of(given)
    with ThreadPoolExecutor(1) as pool:
        meanwhile = pool.submit(_all_forms, given, scale)
        polygons, edges = tiled(given, scale, joined(sides))
        forms = meanwhile.result()
    return polygons, edges, forms if polygons is given else _all_forms(polygons, scale)


def _all_forms(polygons: Geometries, scale: tuple[float, float]) -> Forms:
    parts = by_slices(lambda part: _forms(polygons[part], scale), len(polygons))
    return Forms(*(np.concatenate(form) for form in zip(*parts, strict=True)))


def _forms(polygons: Geometries, scale: tuple[float, float]) -> Forms:
    flat = in_metres(polygons, scale)
    middle = shapely.centroid(flat)
    return Forms(
        shapely.area(flat), shapely.length(flat), shapely.get_x(middle), shapely.get_y(middle)
    )


def demand(atoms: gpd.GeoDataFrame, columns: Columns) -> None:
    """Raise where a column named is absent, a weight no number, or a lock without a grid."""
    if not len(atoms):
        raise BadFrameError(contract="redraw", columns="– (0 rows)")
    absent = [column for column in columns.named() if column not in atoms]
    if not absent and columns.within is not None and atoms[columns.within].isna().any():
        rows = np.flatnonzero(atoms[columns.within].isna())[:10] + 1
        absent = [f"{columns.within} (rows {', '.join(map(str, rows))})"]
    if absent:
        raise BadFrameError(contract="redraw", columns=", ".join(absent))
    if columns.locked is not None and columns.previous is None:
        raise LocksNeedPreviousError(column=columns.locked)
    weights(atoms[columns.weight], columns.weight)


def _names(atoms: gpd.GeoDataFrame) -> NDArray[np.object_]:
    names = atoms["atom"] if "atom" in atoms else pd.Series(range(1, len(atoms) + 1))
    return np.asarray(names.astype("str"), dtype=object)


def weights(series: pd.Series, column: str) -> Reals:
    """Return the weights as numbers, checked."""
    weight = np.asarray(pd.to_numeric(series, errors="coerce"), np.float64)
    bad = ~(np.isfinite(weight) & (weight >= 0))
    if bad.any():
        rows = ", ".join(str(row + 1) for row in np.flatnonzero(bad)[:10])
        value = series.iloc[int(bad.argmax())]
        raise BadWeightError(column=column, count=int(bad.sum()), rows=rows, value=value)
    return weight


def _texts(atoms: gpd.GeoDataFrame, column: str | None) -> NDArray[np.object_]:
    """Return a column as texts, None where missing; whole numbers without a decimal point."""
    if column is None:
        return np.full(len(atoms), None, dtype=object)
    series = atoms[column]
    if pd.api.types.is_float_dtype(series) and (series.dropna() % 1 == 0).all():
        series = series.astype("Int64")
    missing = np.asarray(series.isna(), np.bool_)
    texts = np.asarray(series.astype("str"), dtype=object)
    texts[missing] = None
    return texts


def _flags(atoms: gpd.GeoDataFrame, column: str | None) -> Flags:
    if column is None:
        return np.zeros(len(atoms), np.bool_)
    texts = _texts(atoms, column)
    words = [str(text).strip().lower() if text is not None else "" for text in texts]
    unknown = sorted({word for word in words if word not in _TRUE | _FALSE})
    if unknown:
        found = ", ".join(unknown[:3])
        raise BadFrameError(contract="redraw", columns=f"{column} ({found}; true/false)")
    return np.asarray([word in _TRUE for word in words], np.bool_)


def _groups(atoms: gpd.GeoDataFrame, column: str | None) -> Ints:
    """Return the group of each atom as a number, -1 where it has none (missing or empty text)."""
    if column is None:
        return np.full(len(atoms), -1, np.int64)
    texts = _texts(atoms, column)
    blank = np.asarray([text is None or not str(text).strip() for text in texts], np.bool_)
    codes = np.asarray(pd.factorize(np.where(blank, "", texts))[0], np.int64)
    codes[blank] = -1
    return codes


def _anchors(atoms: gpd.GeoDataFrame, columns: Columns) -> NDArray[np.object_]:
    """Return the name of the grid each anchored atom must be in.

    A column of yes and no anchors an atom to today's grid, or, without one, to a grid of its own;
    other values name the grid.
    """
    texts = _texts(atoms, columns.anchors)
    if columns.anchors is None:
        return texts
    words = [str(text).strip().lower() if text is not None else "" for text in texts]
    texts[[word in _FALSE for word in words]] = None
    if not set(words) <= _TRUE | _FALSE:
        return texts
    yes = np.asarray([word in _TRUE for word in words], np.bool_)
    previous, names = _texts(atoms, columns.previous), _names(atoms)
    own = np.asarray([f"anchor {name}" for name in names], dtype=object)
    anchor = np.asarray(np.where(np.asarray(pd.isna(previous)), own, previous), dtype=object)
    anchor[~yes] = None
    return anchor


def _rules(
    atoms: gpd.GeoDataFrame, home: NDArray[np.int64], special: Flags, count: int
) -> tuple[str, ...]:
    """Return the rule of each community: that of its first ordinary atom, or urban."""
    rule = np.full(count, "urban", dtype=object)
    if "rule" in atoms:
        rows = np.flatnonzero(~special & np.asarray(atoms["rule"].notna()))[::-1]
        rule[home[rows]] = np.asarray(atoms["rule"], dtype=object)[rows]
    return tuple(str(name) for name in rule)
