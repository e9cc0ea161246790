"""One layer of a file as bytes and columns, shapes parsed row by row.

Shapes come as bytes and are read one by one, so that one broken ring never aborts a file.
"""

from __future__ import annotations

import re
import struct
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final, Literal, NamedTuple, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError
from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely.errors import ShapelyError

from geo.load.files import Source
from geo.load.findings import Finding, RawLayer
from geo.load.outsized import demand_rows
from geo.load.reasons import unreadable
from geo.load.tangles import tangled

Geometries: TypeAlias = NDArray[np.object_]
Mask: TypeAlias = NDArray[np.bool_]

_BROKEN: Final = (DataSourceError, DataLayerError, FeatureError, FieldError, UnicodeDecodeError)
# What the reader says of rings is said row by row here, of views where they are left; the others
# concern no row.
_UNINTERESTING: Final = re.compile(
    r"ring detected|organizePolygons|extension|driver supports|referenced in gpkg_contents, but",
    re.IGNORECASE,
)
_MEASURED: Final = "Measured (M) geometry"
_MESSAGES_SHOWN: Final = 3
_WIDEST: Final = 2_000  # columns
_SMALLEST_WKB: Final = 29  # a header, a count, one point
_FIRST_Z_TYPE: Final = 1000  # shapes with heights have higher numbers
# Kinds of shape (of WKB, without heights) that are not read.
_CURVES: Final = range(8, 13)
_COLLECTION: Final = int(shapely.GeometryType.GEOMETRYCOLLECTION)  # as in WKB
_UNMARKED: Final = 0x0FFFFFFF
_SURFACES: Final = {15: "PolyhedralSurface", 16: "TIN", 17: "Triangle"}


class Read(NamedTuple):
    """What the reader gave: attributes, shapes as bytes, the declared system, its messages."""

    columns: Mapping[str, NDArray[Any]]
    shapes: NDArray[np.object_] | None
    crs: str | None
    findings: tuple[Finding, ...]


def read_raw(
    source: Source, layer: str | None, *, where: str | None = None, encoding: str | None = None
) -> Read:
    """Return attributes and shapes of a layer, not yet looked at; `where` is a fixed filter."""
    with reading(source), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        asked = {"layer": layer, "encoding": encoding, **_alone(source, layer)}
        about = {} if where else pyogrio.read_info(source.path, **asked)
        if len(about.get("fields", ())) > _WIDEST:
            count = len(about["fields"])
            raise unreadable(source.name, f"{count} columns", f"有 {count} 列")
        demand_rows(about.get("features", 0), source.name)
        meta, _, shapes, values = pyogrio.raw.read(
            source.path, where=where, datetime_as_string=True, **asked
        )
    columns = dict(zip(meta["fields"], values, strict=True))
    rows = len(values[0]) if len(values) else len(shapes) if shapes is not None else 0
    said = (*_messages(caught), *_shortfall(about.get("features", 0), rows))
    return Read(columns, shapes, meta["crs"], said)


def _alone(source: Source, layer: str | None) -> dict[str, str]:
    """Return how a layer of a GeoPackage is opened as if there were no other.

    Each opening looks at all that are listed: of one among 160 that took 40 ms of 50.
    """
    if source.format != "gpkg" or layer is None:
        return {}
    named = "table_name = '{}'".format(layer.replace("'", "''"))
    listed = f"select * from main.gpkg_contents where {named}"
    rest = f"select * from main.gpkg_contents where not exists ({listed})"
    view = f"create temp view gpkg_contents as {listed} union all {rest}"
    return {"PRELUDE_STATEMENTS": view}


def raw_layer(name: str, given: Read) -> RawLayer:
    """Return what was read as a layer: text as text, rows numbered from 1, shapes parsed."""
    rows = _length(given)
    index = pd.RangeIndex(1, rows + 1, name="row")
    data = {column: _typed(values) for column, values in given.columns.items()}
    frame = pd.DataFrame(data).set_axis(index, axis=0) if data else pd.DataFrame(index=index)
    if given.shapes is None:
        return RawLayer(name, frame, findings=given.findings)
    shapes, said, unread = parsed(given.shapes)
    layer = RawLayer(
        name,
        gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(shapes, index=index)),
        crs=known_crs(given.crs),
        findings=(*given.findings, *said),
    )
    return replace(layer, frame=layer.frame.drop(index=unread))


def parsed(shapes: Geometries) -> tuple[Geometries, tuple[Finding, ...], list[int]]:
    """Return shapes from their bytes, what was found, and the rows that cannot be read.

    A ring that is not closed is closed and said; one of two points is set aside.
    """
    with np.errstate(invalid="ignore"):  # NaN coordinates are set aside by the row checks
        read_as_is, arcs = without_arcs(shapes)
    given = np.array([shape is not None for shape in shapes], dtype=bool)
    broken = np.flatnonzero(given & shapely.is_missing(read_as_is))
    mended = shapely.from_wkb(_but(shapes, arcs)[broken], on_invalid="fix")
    closed = ~shapely.is_missing(mended) & (shapely.area(mended) > 0)
    read_as_is[broken[closed]] = mended[closed]
    said = [_closed(row, shape) for row, shape in zip(broken[closed], mended[closed], strict=True)]
    unread = [int(row) + 1 for row in broken[~closed]]
    said += [_unreadable(row, shapes[row - 1]) for row in unread]
    aside = {place + 1: why for place, why in tangled(read_as_is).items()}
    said += [set_aside(row, why) for row, why in aside.items()]
    return read_as_is, tuple(said), [*unread, *aside]


def without_arcs(shapes: Geometries) -> tuple[Geometries, Mask]:
    """Return shapes from their bytes, and which have arcs, on their own or deep in a collection."""
    arcs = np.zeros(len(shapes), dtype=bool)
    try:
        found = shapely.from_wkb(shapes, on_invalid="ignore")
    except NotImplementedError:  # by the first that is an arc
        arcs[:] = [shape is not None and _kind(shape) in _CURVES for shape in shapes]
        found = shapely.from_wkb(_but(shapes, arcs), on_invalid="ignore")
    within = shapely.get_type_id(found) == shapely.GeometryType.GEOMETRYCOLLECTION
    for place in np.flatnonzero(within).tolist():
        arcs[place] = _holds_arcs(found[place])
    found[arcs] = None
    return found, arcs


def _holds_arcs(shape: shapely.Geometry) -> bool:
    try:
        shapely.get_coordinates(shape)
    except (ShapelyError, NotImplementedError):
        return True
    return False


def _but(shapes: Geometries, left: Mask) -> Geometries:
    kept = shapes.copy()
    kept[left] = None
    return kept


def _kind(shape: bytes) -> int:
    """Return the number of a shape's kind (of WKB), heights and marks of extended WKB aside."""
    order: Literal["little", "big"] = "little" if shape[:1] == b"\1" else "big"
    return (int.from_bytes(shape[1:5], order) & _UNMARKED) % _FIRST_Z_TYPE


def known_crs(text: str | None) -> CRS | None:
    """Return the system a file declares, or None where it declares none that is known."""
    if not text:
        return None
    try:
        return CRS.from_user_input(text)
    except CRSError:
        return None


def _length(given: Read) -> int:
    if given.shapes is not None:
        return len(given.shapes)
    return len(next(iter(given.columns.values()), ()))


def _typed(values: NDArray[Any]) -> pd.Series:
    if values.dtype != object:
        return pd.Series(values)
    text = [value if isinstance(value, str) else None for value in values]
    return pd.Series(text, dtype="str")


@contextmanager
def reading(source: Source) -> Iterator[None]:
    """Turn what the reader raises into the importer's own sentence."""
    try:
        yield
    except _BROKEN as error:
        reason = str(error).replace(f"{source.path.parent}/", "")
        raise unreadable(source.name, reason) from error


def _messages(caught: list[warnings.WarningMessage]) -> list[Finding]:
    distinct = dict.fromkeys(str(warning.message) for warning in caught)
    worth = [message for message in distinct if not _UNINTERESTING.search(message)]
    if any(_MEASURED in message for message in worth):
        others = [w for w in caught if _MEASURED not in str(w.message)]
        return [Finding("measures-dropped"), *_messages(others)]
    return [Finding("reader-said", values={"message": m}) for m in worth[:_MESSAGES_SHOWN]]


def _shortfall(declared: int, found: int) -> list[Finding]:
    if declared <= found:
        return []
    return [Finding("rows-missing", values={"declared": declared, "found": found})]


def _closed(row: int, shape: shapely.Geometry) -> Finding:
    place = shapely.get_coordinates(shape)[0]
    x, y = (float(v) for v in place)
    values = {"x": x, "y": y}
    return Finding("ring-closed", [row + 1], values=values, before="open", after="closed")


def _unreadable(row: int, shape: bytes) -> Finding:
    kind = _kind(shape)
    values = {
        "reason_zh": f"环只有两个点或不闭合（{len(shape)} 字节）",
        "reason_en": f"a ring of two points or not closed ({len(shape)} bytes)",
    }
    if kind in _SURFACES:
        values = {
            "reason_zh": f"是三维曲面（{_SURFACES[kind]}）",
            "reason_en": f"it is a {_SURFACES[kind]}",
        }
    if kind in _CURVES or kind == _COLLECTION:
        values = {
            "reason_zh": "有圆弧，请先转成折线",
            "reason_en": "it has arcs: make straight lines of them first",
        }
    return Finding("geometry-unreadable", [row], values=values, place=_last_place(shape))


def set_aside(row: int, why: tuple[str, str]) -> Finding:
    """Return the finding that a shape is none to be checked."""
    values = {"reason_zh": why[0], "reason_en": why[1]}
    return Finding("geometry-unreadable", [row], values=values)


def _last_place(shape: bytes) -> tuple[float, float] | None:
    """Return the last point of a flat little-endian shape, where it is in degrees."""
    flat = len(shape) >= _SMALLEST_WKB and int.from_bytes(shape[1:5], "little") < _FIRST_Z_TYPE
    if not flat or shape[0] != 1:
        return None
    x, y = struct.unpack("<2d", shape[-16:])
    return (x, y) if abs(x) <= 180 and abs(y) <= 90 else None  # noqa: PLR2004 the globe
