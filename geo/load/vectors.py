"""Layers of GeoPackage, Shapefile, GeoJSON, KML, FlatGeobuf, GML and DXF, row by row.

Shapes come as bytes and are read one by one, so that one broken ring never aborts a file.
"""

from __future__ import annotations

import re
import shutil
import struct
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError
from pyproj import CRS
from pyproj.exceptions import CRSError

from geo.errors import UnreadableFileError
from geo.load.archives import SHAPEFILE_PARTS
from geo.load.encodings import chosen, decoded, name_text, recoded
from geo.load.files import Source
from geo.load.findings import Finding, RawLayer

Geometries: TypeAlias = NDArray[np.object_]

_BROKEN: Final = (DataSourceError, DataLayerError, FeatureError, FieldError, UnicodeDecodeError)
_TEXT_FORMATS: Final = ("geojson", "kml", "gml")
_DBF_LANGUAGE_BYTE: Final = 29
_SHP_LENGTH_BYTES: Final = slice(24, 28)
_SHP_HEADER_BYTES: Final = 100
# What the reader says of rings is said row by row here; the others concern no row.
_UNINTERESTING: Final = re.compile(
    r"ring detected|organizePolygons|extension|Measured \(M\)|driver supports", re.IGNORECASE
)
_MESSAGES_SHOWN: Final = 3
_SMALLEST_WKB: Final = 29  # a header, a count, one point
_FIRST_Z_TYPE: Final = 1000  # shapes with heights have higher numbers
_STYLE_TABLES: Final = ("layer_styles", "qgis_projects")


class LayerName(NamedTuple):
    """A layer of a file, and whether it has shapes."""

    name: str
    spatial: bool = True


class Read(NamedTuple):
    """What the reader gave: attributes, shapes as bytes, the declared system, its messages."""

    columns: Mapping[str, NDArray[Any]]
    shapes: NDArray[np.object_] | None
    crs: str | None
    findings: tuple[Finding, ...]


def layers(source: Source) -> list[LayerName]:
    """Return the layers of a file, in its order.

    Raises
    ------
    UnreadableFileError
        When the file is broken.
    """
    if source.format == "shp":
        return [LayerName(Path(source.name).stem)]
    with _reading(source):
        pairs = pyogrio.list_layers(_in_utf8(source)[0])
    listed = [LayerName(str(name), kind is not None) for name, kind in pairs]
    return [layer for layer in listed if layer.name not in _STYLE_TABLES]


def read(source: Source, layer: str) -> RawLayer:
    """Return one layer as it is: own columns, rows from 1, shapes that can be read.

    Raises
    ------
    UnreadableFileError
        When the file is broken as a whole.
    """
    if source.format == "shp":
        return _read_shapefile(source, layer)
    path, said = _in_utf8(source)
    given = read_raw(replace(source, path=path), layer)
    return raw_layer(layer, given).saying(*said)


def read_raw(source: Source, layer: str | None, *, where: str | None = None) -> Read:
    """Return attributes and shapes of a layer, not yet looked at; `where` is a fixed filter."""
    with _reading(source), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        meta, _, shapes, values = pyogrio.raw.read(
            source.path, layer=layer, where=where, datetime_as_string=True
        )
        declared = pyogrio.read_info(source.path, layer=layer)["features"] if not where else 0
    columns = dict(zip(meta["fields"], values, strict=True))
    rows = len(values[0]) if len(values) else len(shapes) if shapes is not None else 0
    said = (*_messages(caught), *_shortfall(declared, rows))
    return Read(columns, shapes, meta["crs"], said)


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
        read_as_is = shapely.from_wkb(shapes, on_invalid="ignore")
    given = np.array([shape is not None for shape in shapes], dtype=bool)
    broken = np.flatnonzero(given & shapely.is_missing(read_as_is))
    mended = shapely.from_wkb(shapes[broken], on_invalid="fix")
    closed = ~shapely.is_missing(mended) & (shapely.area(mended) > 0)
    read_as_is[broken[closed]] = mended[closed]
    said = [_closed(row, shape) for row, shape in zip(broken[closed], mended[closed], strict=True)]
    unread = [int(row) + 1 for row in broken[~closed]]
    said += [_unreadable(row, shapes[row - 1]) for row in unread]
    return read_as_is, tuple(said), unread


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
def _reading(source: Source) -> Iterator[None]:
    """Turn what the reader raises into the importer's own sentence."""
    try:
        yield
    except _BROKEN as error:
        reason = str(error).replace(str(source.path.parent) + "/", "")
        raise UnreadableFileError(file=source.name, reason=reason) from error


def _messages(caught: list[warnings.WarningMessage]) -> list[Finding]:
    distinct = dict.fromkeys(str(warning.message) for warning in caught)
    worth = [message for message in distinct if not _UNINTERESTING.search(message)]
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
    values = {
        "reason_zh": f"环只有两个点或不闭合（{len(shape)} 字节）",
        "reason_en": f"a ring of two points or not closed ({len(shape)} bytes)",
    }
    return Finding("geometry-unreadable", [row], values=values, place=_last_place(shape))


def _last_place(shape: bytes) -> tuple[float, float] | None:
    """Return the last point of a flat little-endian shape, where it is in degrees."""
    flat = len(shape) >= _SMALLEST_WKB and int.from_bytes(shape[1:5], "little") < _FIRST_Z_TYPE
    if not flat or shape[0] != 1:
        return None
    x, y = struct.unpack("<2d", shape[-16:])
    return (x, y) if abs(x) <= 180 and abs(y) <= 90 else None  # noqa: PLR2004 the globe


def _in_utf8(source: Source) -> tuple[Path, tuple[Finding, ...]]:
    """Return the path of a text format in UTF-8: itself, or a private copy and what is said."""
    if source.format not in _TEXT_FORMATS:
        return source.path, ()
    data = source.path.read_bytes()
    text, said = decoded(data)
    if not said and "\0" not in text:
        return source.path, ()
    copy = Path(tempfile.mkdtemp(dir=source.folder)) / f"data{source.path.suffix}"
    declaration = re.compile(r'(<\?xml[^>]*encoding=["\'])[^"\']+')
    plain = declaration.sub(r"\g<1>UTF-8", text.replace("\0", ""), count=1)
    copy.write_text(plain, encoding="utf-8", errors="replace")
    return copy, said


def _read_shapefile(source: Source, layer: str) -> RawLayer:
    """Return a shapefile, read from a private copy whose index and encoding we decide."""
    copy, parts = _private_copy(source)
    _check_length(copy, source.name)
    restore = ".shx" not in parts
    pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": "YES" if restore else None})
    try:
        given = read_raw(replace(source, path=copy), None)
    finally:
        pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": None})
    said = [Finding("shx-restored")] if restore else []
    said += [Finding("dbf-missing")] if ".dbf" not in parts else []
    columns, about_text = _in_real_encoding(given.columns, _declared_encoding(parts))
    raw = raw_layer(layer, given._replace(columns=columns))
    return raw.saying(*said, *about_text)


def _private_copy(source: Source) -> tuple[Path, dict[str, Path]]:
    """Return a copy of a shapefile's parts that reads as Latin-1, byte for byte."""
    same = [p for p in source.path.parent.iterdir() if p.stem.lower() == source.path.stem.lower()]
    parts = {p.suffix.lower(): p for p in same if p.suffix.lower() in SHAPEFILE_PARTS}
    folder = Path(tempfile.mkdtemp(dir=source.folder))
    for suffix, path in parts.items():
        shutil.copyfile(path, folder / f"data{suffix}")
    (folder / "data.cpg").write_text("ISO-8859-1", encoding="ascii")
    if ".dbf" in parts:
        with (folder / "data.dbf").open("r+b") as dbf:
            dbf.seek(_DBF_LANGUAGE_BYTE)
            dbf.write(b"\x00")
    return folder / "data.shp", parts


def _check_length(path: Path, name: str) -> None:
    """Refuse a .shp shorter than its header says (in words of two bytes)."""
    with path.open("rb") as file:
        head = file.read(_SHP_HEADER_BYTES)
    declared = int.from_bytes(head[_SHP_LENGTH_BYTES], "big") * 2
    found = path.stat().st_size
    if found < max(declared, _SHP_HEADER_BYTES):
        reason = f".shp: {found} / {declared} bytes"
        raise UnreadableFileError(file=name, reason=reason)


def _declared_encoding(parts: Mapping[str, Path]) -> str:
    """Return what the .cpg says, else what the DBF's language byte says (0x4D is GBK)."""
    if ".cpg" in parts:
        return name_text(parts[".cpg"].read_bytes()[:64]).strip("\ufeff \r\n\t\0")
    if ".dbf" not in parts:
        return ""
    with parts[".dbf"].open("rb") as dbf:
        head = dbf.read(32)
    gbk = len(head) > _DBF_LANGUAGE_BYTE and head[_DBF_LANGUAGE_BYTE] == 0x4D  # noqa: PLR2004
    return "936" if gbk else ""


def _in_real_encoding(
    columns: Mapping[str, NDArray[Any]], declared: str
) -> tuple[dict[str, NDArray[Any]], tuple[Finding, ...]]:
    """Return columns read as Latin-1 in their real encoding, names too, and what is said."""
    texts = {name: pd.Series(v, dtype="object") for name, v in columns.items() if v.dtype == object}
    pieces = [*columns, *(text for column in texts.values() for text in column.dropna().unique())]
    data = b"\x00".join(str(piece).encode("latin-1", "replace") for piece in pieces)
    encoding, said = chosen(data, declared)
    names = recoded(pd.Series(list(columns), dtype="object"), encoding)
    real = {}
    for name, (old, values) in zip(names, columns.items(), strict=True):
        real[name] = recoded(texts[old], encoding).to_numpy() if old in texts else values
    return real, said
