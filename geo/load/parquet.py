"""Parquet: tables, with shapes where the metadata name a column of them; what explodes refused."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import shapely
from pyproj.exceptions import ProjError

from geo.errors import EmptyFileError
from geo.load.advice import beyond
from geo.load.encodings import damaged
from geo.load.files import Source
from geo.load.findings import RawLayer
from geo.load.outsized import demand_rows
from geo.load.readers import known_crs, parsed, without_arcs
from geo.load.reasons import unreadable

_FOOTPRINT: Final = "footprint"  # of a place: a second column of shapes
_MOST_COLUMNS: Final = 2_000
_VALUES_MATTER_ABOVE, _VALUES_OF_A_BYTE = 1_000_000, 4
_BYTES_MATTER_ABOVE, _MOST_RATIO = 64 * 2**20, 100
_MB: Final = 2**20
_TEXT: Final = "BYTE_ARRAY"
# What is raised where a column is not what its description says.
_NO_SHAPES: Final = (
    *(pa.ArrowException, OSError, ValueError, TypeError, AttributeError, KeyError),
    *(ProjError, RecursionError),
)


class _Column(NamedTuple):
    """A leaf of the file in all its groups of rows: cells, bytes unpacked, whether of text."""

    path: str
    cells: int
    size: int
    text: bool


class _Described(NamedTuple):
    """The column of shapes, what is said of it, and whether anything is."""

    column: str
    about: Mapping[str, Any] = MappingProxyType({})
    whole: bool = False


def read_parquet(source: Source, layer: str) -> RawLayer:
    """Return a Parquet file, with shapes where its metadata names a column of them.

    Raises
    ------
    UnreadableFileError
        When it is broken.
    BeyondLimitError
        When far more comes out of it than it has bytes.
    """
    try:
        demand_small(source.path, source.name)
        demand_rows(pq.read_metadata(source.path).num_rows, source.name)
        table = pq.read_table(source.path)
        told = _described(table.schema.metadata or {})
        frame = _spelt(table, told.column).to_pandas(ignore_metadata=True)
    except (pa.ArrowException, OSError, ValueError, TypeError, RecursionError) as error:
        reason = str(error).replace(str(source.path), source.name)
        raise unreadable(source.name, reason) from error
    frame.index = pd.RangeIndex(1, len(frame) + 1, name="row")
    if frame.empty:
        raise EmptyFileError(file=source.name)
    if told.about.get("encoding", "WKB") != "WKB":
        frame = frame.assign(**{told.column: _native(source, told.column)})
    if told.column not in frame.columns or not _holds_bytes(frame[told.column]):
        texts = frame.assign(**{name: _text(frame[name]) for name in _bytes_columns(frame)})
        return RawLayer(layer, texts, findings=tuple(damaged(texts)))
    return _with_shapes(RawLayer(layer, frame), told)


def _spelt(table: pa.Table, shapes: str) -> pa.Table:
    """Return a table with what lies within lists, maps and structures as JSON, save for shapes."""
    for place, field in enumerate(table.schema):
        if pa.types.is_nested(field.type) and field.name != shapes:
            told = [
                None if cell is None else json.dumps(cell, ensure_ascii=False, default=str)
                for cell in table.column(place).to_pylist()
            ]
            table = table.set_column(place, field.name, pa.array(told, pa.string()))
    return table


def _text(column: pd.Series) -> pd.Series:
    """Return bytes as text; what is no UTF-8 becomes "�"."""
    return column.map(lambda cell: cell.decode(errors="replace"), na_action="ignore").astype("str")


def demand_small(path: Path, name: str) -> None:
    """Refuse a Parquet file out of which far more comes than it has bytes.

    A few bytes may stand for a million rows, for a list of millions, or for a text repeated.

    Raises
    ------
    BeyondLimitError
        What there is too much of.
    UnreadableFileError
        When two columns have one name.
    pyarrow.ArrowException, OSError, ValueError
        When it is no Parquet file, or a column's name is no text.
    """
    size = path.stat().st_size
    with pq.ParquetFile(path) as file:
        if file.metadata.num_columns > _MOST_COLUMNS:
            found = file.metadata.num_columns
            raise beyond("columns", name, found=found, most=_MOST_COLUMNS)
        columns = list(_columns(file.metadata))
        schema = file.schema_arrow
    if twice := [each for each, count in Counter(schema.names).items() if count > 1]:
        reason = f"several columns are called {twice[0]!r}"
        raise unreadable(name, reason, f"不止一列叫“{twice[0]}”")
    most = max((column.cells for column in columns), default=0)
    if most > max(_VALUES_MATTER_ABOVE, _VALUES_OF_A_BYTE * size):
        raise beyond("values", name, found=most, most=size)
    limit = max(_BYTES_MATTER_ABOVE, _MOST_RATIO * size)
    unpacked = sum(column.size for column in columns)
    repeated = [c for c in columns if c.text and c.cells * c.size > limit]
    if unpacked <= limit and repeated:
        unpacked = sum(_spelt_out(path, column, schema, limit) for column in repeated)
    if unpacked > limit:
        raise beyond("inflated", name, found=unpacked // _MB, most=limit // _MB)


def _columns(about: pq.FileMetaData) -> Iterator[_Column]:
    groups = [about.row_group(number) for number in range(about.num_row_groups)]
    for number in range(about.num_columns):
        parts = [group.column(number) for group in groups]
        if parts:
            values = sum(part.num_values for part in parts)
            size = sum(part.total_uncompressed_size for part in parts)
            text = parts[0].physical_type == _TEXT
            yield _Column(parts[0].path_in_schema, values, size, text)


def _spelt_out(path: Path, column: _Column, schema: pa.Schema, limit: int) -> int:
    """Return the bytes of a column of text once each value stands by itself.

    Of text within lists, whose repetitions cannot be looked at, the most there can be.
    """
    if column.path not in schema.names:
        return column.cells * column.size
    total = 0
    with pq.ParquetFile(path, read_dictionary=[column.path]) as file:
        for batch in file.iter_batches(columns=[column.path]):
            total += _length(batch.column(0))
            if total > limit:
                break
    return total


def _length(values: pa.Array) -> int:
    if not pa.types.is_dictionary(values.type):
        return int(values.nbytes)
    lengths = pc.binary_length(values.dictionary.cast(pa.large_binary()))
    return pc.sum(lengths.take(values.indices)).as_py() or 0


def _native(source: Source, column: str) -> list[bytes | None]:
    """Return as WKB a column of shapes in the encoding of GeoArrow (GeoParquet 1.1)."""
    try:
        shapes = gpd.read_parquet(source.path, columns=[column]).geometry
    except _NO_SHAPES as error:
        raise unreadable(source.name, error, f"“{column}”列的图形读不出来") from error
    return list(shapely.to_wkb(shapes.to_numpy()))


def _with_shapes(raw: RawLayer, told: _Described) -> RawLayer:
    """Return the layer with its column of WKB parsed; without metadata the system is unknown."""
    cells = raw.frame[told.column].to_numpy(dtype=object)
    shapes, said, unread = parsed(cells)
    others = raw.frame.drop(columns=_bytes_columns(raw.frame))
    series = gpd.GeoSeries(shapes, index=raw.frame.index)
    if _FOOTPRINT in raw.frame.columns and _holds_bytes(raw.frame[_FOOTPRINT]):
        outlines, _ = without_arcs(raw.frame[_FOOTPRINT].to_numpy(object))
        others = others.assign(footprint=gpd.GeoSeries(outlines, index=raw.frame.index))
    crs = known_crs(_crs_text(told.about)) if told.whole else None
    frame = gpd.GeoDataFrame(others, geometry=series).drop(index=unread)
    return replace(raw, frame=frame, crs=crs, findings=said)


def _crs_text(about: Mapping[str, Any]) -> str | None:
    """Return a column's system; absent means longitude and latitude on WGS 84 (GeoParquet 1.0)."""
    if "crs" not in about:
        return "OGC:CRS84"
    return json.dumps(about["crs"]) if about["crs"] else None


def _described(metadata: dict[bytes, bytes]) -> _Described:
    """Return what the metadata say of shapes; what is no description says nothing."""
    try:
        read = json.loads(metadata.get(b"geo", b"{}"))
    except (ValueError, RecursionError):
        read = None
    whole = read if isinstance(read, dict) else {}
    column, columns = whole.get("primary_column"), whole.get("columns")
    name = column if isinstance(column, str) else "geometry"
    about = columns.get(name) if isinstance(columns, dict) else None
    return _Described(name, about, whole=True) if isinstance(about, dict) else _Described(name)


def _holds_bytes(column: pd.Series) -> bool:
    values = column.dropna()
    return len(values) > 0 and isinstance(values.iloc[0], bytes)


def _bytes_columns(frame: pd.DataFrame) -> list[str]:
    return [name for name in frame.columns if _holds_bytes(frame[name])]
