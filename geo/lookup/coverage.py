"""Grids put in the order in which they own points, checked first: codes, marks and shapes.

The order is the rule itself: special grids first, then the lowest code by bytes. Whoever asks for
the first grid in this order that covers a point has applied it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, NamedTuple, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import WGS84
from geo.errors import GridCodesError, GridFrameError, GridShapesError, SpecialMarkError

Objects: TypeAlias = NDArray[np.object_]

_POLYGON: Final = int(shapely.GeometryType.POLYGON)
_MULTIPOLYGON: Final = int(shapely.GeometryType.MULTIPOLYGON)
_FARTHEST: Final = 1e9  # any plane's units; beyond it products of coordinates lose their meaning
# From here on not every whole number is a float: what was meant is lost.
_LAST_EXACT: Final = 2**53
_NAMED: Final = 5  # how many faulty codes a sentence names

# What people write in a column of yes and no.
_MARKS: Final = {
    **dict.fromkeys(("true", "t", "yes", "y", "1", "1.0", "是", "专属", "√"), True),
    **dict.fromkeys(("false", "f", "no", "n", "0", "0.0", "否", "普通", "", "nan", "none"), False),
    **dict.fromkeys(("<na>", "nat"), False),
}


@dataclass(frozen=True)
class Coverage:
    """Grids in the order in which they own points: three arrays of one length."""

    codes: Objects  # text
    special: NDArray[np.bool_]
    shapes: Objects  # valid polygons and multipolygons, EPSG:4326

    def __len__(self) -> int:
        """Return how many grids there are."""
        return len(self.codes)

    def where(self, rows: NDArray[np.bool_]) -> Coverage:
        """Return the grids of some rows."""
        return Coverage(self.codes[rows], self.special[rows], self.shapes[rows])


class Edits(NamedTuple):
    """Grids as they shall be, and the codes of those to be taken out."""

    new: Coverage  # in the order in which they own points
    gone: Objects
    marked: bool  # whether they say which are special: if not, known grids stay what they are


def coverage(grids: gpd.GeoDataFrame) -> Coverage:
    """Return the grids checked and in the order in which they own points.

    Parameters
    ----------
    grids
        Indexed by code (text, or whole numbers taken as text), polygons, with an optional column
        `special`. Another CRS than EPSG:4326 is transformed to it; none is taken for EPSG:4326.

    Raises
    ------
    GridFrameError
        When it is no GeoDataFrame, or one without a column of shapes.
    GridCodesError
        When a code is missing, repeated, or neither text nor a whole number.
    GridShapesError
        When a geometry is missing, empty, not a polygon, or invalid: `covers` lies on a bow-tie.
    SpecialMarkError
        When `special` holds something that is neither yes nor no.
    """
    given = _given(grids)
    _check_shapes(given)
    return ordered(given)


def edits_of(grids: gpd.GeoDataFrame) -> Edits:
    """Return grids to be changed, added, or, where they have no geometry, taken out.

    Raises
    ------
    GridFrameError, GridCodesError, GridShapesError, SpecialMarkError
        As `coverage`; only a missing geometry is no fault here.
    """
    given = _given(grids)
    absent = _absent(given.shapes)
    new = given.where(~absent)
    _check_shapes(new)
    return Edits(ordered(new), given.codes[absent], marked=_marked(grids))


def edited(grids: Coverage, edits: Edits) -> Coverage:
    """Return the grids after edits."""
    new = edits.new
    marks = new.special if edits.marked else marks_kept(grids, new.codes)
    named = {*new.codes, *edits.gone}
    kept = np.array([code not in named for code in grids.codes], bool)
    return ordered(
        Coverage(
            np.concatenate([grids.codes[kept], new.codes]),
            np.concatenate([grids.special[kept], marks]),
            np.concatenate([grids.shapes[kept], new.shapes]),
        )
    )


def marks_kept(grids: Coverage, codes: Objects) -> NDArray[np.bool_]:
    """Return of each code whether a grid known by it is special."""
    special = set(grids.codes[grids.special])
    return np.array([code in special for code in codes], bool)


def ordered(grids: Coverage) -> Coverage:
    """Return the grids in the order in which they own points.

    Python compares text by code points, which is the order of its UTF-8 bytes too.
    """
    order = sorted(range(len(grids)), key=lambda i: (not grids.special[i], grids.codes[i]))
    rank = np.asarray(order, np.intp)
    return Coverage(grids.codes[rank], grids.special[rank], grids.shapes[rank])


def special_marks(column: pd.Series) -> NDArray[np.bool_]:
    """Return which grids are special: yes and no in the ways people write them; missing is no.

    >>> special_marks(pd.Series(["是", "0", None])).tolist()
    [True, False, False]
    """
    words = column.astype("object").map(lambda mark: str(mark).strip().lower())
    marks = words.map(_MARKS)
    unknown = column[marks.isna()]
    if len(unknown):
        raise SpecialMarkError(found=_some(unknown.astype(str).unique()))
    return np.asarray(marks, bool)


def _given(grids: gpd.GeoDataFrame) -> Coverage:
    """Return grids as a frame has them, in its order, their shapes not looked at."""
    if not isinstance(grids, gpd.GeoDataFrame) or grids.active_geometry_name is None:
        raise GridFrameError(found=type(grids).__name__)
    codes = _codes(grids.index)
    special = special_marks(grids["special"]) if _marked(grids) else np.zeros(len(codes), bool)
    return Coverage(codes, special, _shapes(grids))


def _marked(grids: gpd.GeoDataFrame) -> bool:
    # A list: an index builds what it looks names up by anew for each frame.
    return "special" in grids.columns.tolist()


def _codes(index: pd.Index) -> Objects:
    values = index.to_numpy(object)
    texts = [code_text(value) for value in values]
    wrong = [value for value, text in zip(values, texts, strict=True) if text is None]
    if wrong:
        raise GridCodesError(
            fault_zh="缺失或不是文字", fault_en="missing or not text", codes=_some(wrong)
        )
    codes = np.array(texts, object)
    if len(set(texts)) < len(texts):
        names = pd.Index(codes)
        repeated = _some(names[names.duplicated()].unique().to_numpy(object))
        raise GridCodesError(fault_zh="重复", fault_en="repeated", codes=repeated)
    return codes


def code_text(value: object) -> str | None:
    """Return a code as text, or None where it is none: text, or a whole number of any type.

    >>> [code_text(value) for value in ("007", 7, 7.0, 7.5, " ", None)]
    ['007', '7', '7', None, None, None]
    """
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, int | np.integer):
        return None if isinstance(value, bool) else str(int(value))
    if isinstance(value, Decimal):
        return str(int(value)) if value.is_finite() and value % 1 == 0 else None
    number = float(value) if isinstance(value, float | np.floating) else np.nan
    return str(int(number)) if abs(number) < _LAST_EXACT and number.is_integer() else None


def _shapes(grids: gpd.GeoDataFrame) -> Objects:
    # By place, as the names of columns above.
    shapes = grids.iloc[:, grids.columns.tolist().index(grids.active_geometry_name)].array
    # By name first: comparing systems takes longer than drawing a grid.
    if shapes.crs is not None and WGS84 not in (shapes.crs.srs, shapes.crs):
        shapes = shapes.to_crs(WGS84)
    return np.asarray(shapes, object)


def _absent(shapes: Objects) -> NDArray[np.bool_]:
    return np.asarray(shapely.is_missing(shapes) | shapely.is_empty(shapes))


def _check_shapes(grids: Coverage) -> None:
    codes, shapes = grids.codes, grids.shapes
    _refuse(codes[_absent(shapes)], "没有图形", "have no geometry")
    kind = shapely.get_type_id(shapes)
    _refuse(codes[(kind != _POLYGON) & (kind != _MULTIPOLYGON)], "不是面", "are no polygons")
    reach = np.abs(shapely.bounds(shapes)).max(axis=1, initial=0.0)
    _refuse(codes[reach > _FARTHEST], "坐标超出范围", "reach beyond the Earth")
    invalid = ~shapely.is_valid(shapes)
    if invalid.any():
        reason = str(shapely.is_valid_reason(shapes[invalid][0]))
        _refuse(codes[invalid], f"图形无效（{reason}）", f"are invalid ({reason})")


def _refuse(codes: Objects, fault_zh: str, fault_en: str) -> None:
    if len(codes):
        raise GridShapesError(
            count=len(codes), codes=_some(codes), fault_zh=fault_zh, fault_en=fault_en
        )


def _some(values: Sequence[Any] | Objects) -> str:
    named = ", ".join(str(value) for value in values[:_NAMED])
    return named + (", …" if len(values) > _NAMED else "")
