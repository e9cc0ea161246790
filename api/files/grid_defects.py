"""Rows of grids that cannot own a point as they are: left out or mended, and said."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely import GeometryType

from geo.errors import GridCodesError, GridShapesError
from geo.lookup.coverage import code_text, special_marks

Objects: TypeAlias = NDArray[np.object_]

_AREAS: Final = (GeometryType.POLYGON, GeometryType.MULTIPOLYGON)
_NAMED: Final = 10  # how many rows or codes a remark names


class Remark(NamedTuple):
    """A sentence about some rows, in both languages."""

    zh: str
    en: str


Remarks: TypeAlias = tuple[Remark, ...]
Step: TypeAlias = tuple[gpd.GeoDataFrame, Remarks]


def usable(rows: gpd.GeoDataFrame) -> Step:
    """Return grids indexed by code, each with a valid polygon, and what was done to the others.

    Parameters
    ----------
    rows
        Columns `code` (as it was read), `special` where there is one, `geometry`; any plane.

    Raises
    ------
    GridCodesError, GridShapesError
        When there are rows but not one of them can own a point.
    """
    coded, first = _coded(rows)
    shaped, second = _shaped(coded)
    valid, third = mended(shaped)
    joined, fourth = _joined(valid)
    return joined.set_index("code"), (*first, *second, *third, *fourth)


def _coded(rows: gpd.GeoDataFrame) -> Step:
    """Leave out rows without a code."""
    codes = _objects([code_text(value) for value in rows["code"]])
    absent = np.array([code is None for code in codes], bool)
    coded = rows.assign(code=codes)[~absent]
    if not absent.any():
        return coded, ()
    if coded.empty:
        found = some(str(value) for value in rows["code"])
        raise GridCodesError(fault_zh="缺失或不是文字", fault_en="missing or not text", codes=found)
    count, named = absent.sum(), some(str(row + 1) for row in np.flatnonzero(absent))
    zh = f"{count} 个网格没有可用的编码，已略去：第 {named} 行。"
    return coded, (Remark(zh, f"{count} grid(s) without a usable code, left out: row {named}."),)


def _shaped(rows: gpd.GeoDataFrame) -> Step:
    """Leave out rows without a polygon; of collections keep the polygons."""
    shapes = _polygons(rows.geometry.to_numpy())
    absent = np.asarray(shapely.is_missing(shapes), bool)
    shaped = rows.set_geometry(shapes)[~absent]
    if not absent.any():
        return shaped, ()
    count, named = absent.sum(), some(rows["code"][absent])
    if shaped.empty:
        fault_zh, fault_en = "没有面图形", "have no polygon"
        raise GridShapesError(count=count, codes=named, fault_zh=fault_zh, fault_en=fault_en)
    zh = f"{count} 个网格没有面图形，已略去：{named}。"
    return shaped, (Remark(zh, f"{count} grid(s) without a polygon, left out: {named}."),)


def mended(rows: gpd.GeoDataFrame) -> Step:
    """Return rows with invalid polygons mended by their structure, without those of no area."""
    shapes = _objects(rows.geometry)
    broken = ~shapely.is_valid(shapes)
    if not broken.any():
        return rows, ()
    reasons = shapely.is_valid_reason(shapes[broken])
    shapes[broken] = shapely.make_valid(shapes[broken], method="structure", keep_collapsed=False)
    pairs = zip(rows["code"][broken], reasons, strict=True)
    count, named = broken.sum(), some(f"{code} ({reason})" for code, reason in pairs)
    zh = f"{count} 个网格图形无效，修复后使用，请核对：{named}。"
    en = f"{count} grid(s) are invalid and used as mended; look at them: {named}."
    valid, left_out = _shaped(rows.set_geometry(shapes))
    return valid, (Remark(zh, en), *left_out)


def _joined(rows: gpd.GeoDataFrame) -> Step:
    """Make one grid of the rows of one code, special where one of them is."""
    repeated = rows["code"].duplicated(keep=False).to_numpy()
    if not repeated.any():
        return rows, ()
    marked = rows
    if "special" in rows:
        marks = pd.Series(special_marks(rows["special"]), rows.index)
        marked = rows.assign(special=marks.groupby(rows["code"]).transform("any"))
    groups = marked[repeated].groupby("code").geometry
    whole = {code: _one(shapes.to_numpy()) for code, shapes in groups}
    first = marked.drop_duplicates("code")
    shapes = [
        whole.get(code, shape) for code, shape in zip(first["code"], first.geometry, strict=True)
    ]
    count, named = len(whole), some(whole)
    zh = f"{count} 个编码各有多行，合为一个网格：{named}。"
    en = f"{count} code(s) have several rows, made one grid each: {named}."
    return first.set_geometry(shapes), (Remark(zh, en),)


def _one(parts: Objects) -> shapely.Geometry:
    """Return several polygons as one: as they are, unless they overlap or share an edge."""
    together = shapely.multipolygons(shapely.get_parts(parts))
    return together if together.is_valid else shapely.union_all(parts)


def _polygons(shapes: Objects) -> Objects:
    """Return shapes as they are, collections as their polygons; None where there is no area."""
    kinds = shapely.get_type_id(shapes)
    found = shapes.copy()
    found[~np.isin(kinds, _AREAS)] = None
    for place in np.flatnonzero(kinds == GeometryType.GEOMETRYCOLLECTION):
        parts = shapely.get_parts(shapely.get_parts(shapes[place]))
        found[place] = shapely.multipolygons(
            parts[shapely.get_type_id(parts) == GeometryType.POLYGON]
        )
    points, owner = shapely.get_coordinates(found, return_index=True)
    found[owner[~np.isfinite(points).all(axis=1)]] = None
    found[shapely.is_empty(found)] = None
    return found


def _objects(values: Iterable[object]) -> Objects:
    """Return values in an array as they are: numpy would make arrays of some."""
    listed = list(values)
    array: Objects = np.empty(len(listed), object)
    array[:] = listed
    return array


def some(values: Iterable[object]) -> str:
    """Return the first few values, as a sentence names them."""
    listed = [str(value) for value in values]
    return ", ".join(listed[:_NAMED]) + (", …" if len(listed) > _NAMED else "")
