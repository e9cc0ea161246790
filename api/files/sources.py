"""Tables in files as Arrow batches, each with the coordinates of its rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pyogrio
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError

from api.files.numbers import Axes, axes_among, numbers, typed_numbers
from api.files.systems import System
from api.files.texts import TextTable
from api.files.unpacking import Unpacked
from geo.crs import Datum, Degrees
from geo.errors import LayerNotNamedError, NotPointsError
from geo.load.reasons import not_opened

_BATCH: Final = 262_144
_NAMED: Final = 5
_GEO: Final = b"geo"  # the key of GeoParquet's own metadata
_CRS84: Final = "OGC:CRS84"


class Batch(NamedTuple):
    """Some rows with all their columns, and where they lie in the file's own system."""

    rows: pa.RecordBatch
    x: Degrees  # not-a-number where there is no position
    y: Degrees


@dataclass(frozen=True)
class Source:
    """A table in a file, to be read once, batch by batch."""

    schema: pa.Schema
    geometry: str | None  # the column of geometries, as WKB
    system: System
    crs: object  # what the geometries are declared to be in
    batches: Callable[[], Iterator[Batch]]
    compression: str = "snappy"


class Asked(NamedTuple):
    """What the person said of a file of points."""

    datum: Datum | None
    layer: str | None = None


def parquet_source(file: Unpacked, asked: Asked) -> AbstractContextManager[Source]:
    """Return, to be entered, the source of a Parquet file: columns of coordinates, or GeoParquet.

    Raises
    ------
    FileUnreadableError, PositionColumnsError, NotPointsError, DatumNotNamedError
    """
    return _parquet(file.path, asked)


@contextmanager
def _parquet(path: Path, asked: Asked) -> Iterator[Source]:
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        raise not_opened(path, error) from error
    with file:
        schema = file.schema_arrow
        geometry, crs = _declared(schema)
        system = System.of(crs if geometry else None, asked.datum)
        read = _numbered(
            lambda: file.iter_batches(batch_size=_BATCH), _locator(schema.names, geometry)
        )
        yield Source(schema, geometry, system, crs, read, _codec(file))


@contextmanager
def ogr_source(file: Unpacked, asked: Asked) -> Iterator[Source]:
    """Yield the source of a geometry file, or of a sheet with columns of coordinates.

    Raises
    ------
    FileUnreadableError, LayerNotNamedError, PositionColumnsError, NotPointsError
    """
    # GDAL's own fast reader of FlatGeobuf shifts every row that follows a missing geometry.
    pyogrio.set_gdal_config_options({"OGR_FLATGEOBUF_STREAM_BASE_IMPL": "YES"})
    layer = the_layer(file, asked.layer)
    try:
        with _stream(file, layer) as (meta, reader):
            yield _layer_source(meta, reader, asked)
    except (DataSourceError, DataLayerError, UnicodeDecodeError) as error:
        raise not_opened(file.given, error) from error


def _stream(file: Unpacked, layer: str) -> AbstractContextManager[tuple[dict[str, Any], Any]]:
    """Return the layer's batches; times as text, so that none gets a zone it did not have."""
    stream: AbstractContextManager[tuple[dict[str, Any], Any]] = pyogrio.raw.open_arrow(
        file.path, layer=layer, encoding=file.encoding, use_pyarrow=True, datetime_as_string=True
    )
    return stream


def _layer_source(meta: dict[str, Any], reader: pa.RecordBatchReader, asked: Asked) -> Source:
    schema = reader.schema
    name = meta["geometry_name"] or "wkb_geometry"
    geometry = name if meta["geometry_type"] and name in schema.names else None
    system = System.of(meta["crs"] if geometry else None, asked.datum)
    read = _numbered(lambda: iter(reader), _locator(schema.names, geometry))
    return Source(schema, geometry, system, meta["crs"], read)


class Place(NamedTuple):
    """Where a text table says its rows lie."""

    axes: Axes
    system: System

    def coordinates(self, rows: list[list[str]]) -> tuple[Degrees, Degrees]:
        """Return the numbers in rows of fields; short rows have none."""
        lon, lat = (
            typed_numbers([row[axis] if axis < len(row) else None for row in rows])
            for axis in self.axes
        )
        return lon, lat


def text_source(table: TextTable, place: Place) -> Source:
    """Return the source of a text table: every column text, exactly as typed."""
    names = table.header.fields
    schema = pa.schema([(name, pa.string()) for name in names])

    def batches() -> Iterator[Batch]:
        for records in table.batches():
            rows = [record.fields for record in records if record.fields]
            full = [row + [""] * (len(names) - len(row)) for row in rows]
            arrays = [pa.array([row[i] for row in full], pa.string()) for i in range(len(names))]
            yield Batch(pa.record_batch(arrays, schema=schema), *place.coordinates(rows))

    return Source(schema, None, place.system, None, batches)


def the_layer(file: Unpacked, named: str | None, option: str = "--points-layer") -> str:
    """Return the layer to read: the one named, else the only one.

    Raises
    ------
    FileUnreadableError
        When the file cannot be opened.
    LayerNotNamedError
        When there are several, or none of that name.
    """
    try:
        layers = [str(name) for name, _ in pyogrio.list_layers(file.path)]
    except (DataSourceError, ValueError) as error:
        raise not_opened(file.given, error) from error
    if not layers:
        raise not_opened(file.given, "no layers", "里面没有图层")
    if named is None and len(layers) == 1:
        return layers[0]
    if named not in layers:
        raise LayerNotNamedError(path=file.given, option=option, found=", ".join(layers))
    return named


Locator = Callable[[pa.RecordBatch, int], tuple[Degrees, Degrees]]


def _numbered(
    read: Callable[[], Iterator[pa.RecordBatch]], locate: Locator
) -> Callable[[], Iterator[Batch]]:
    """Return the batches with their coordinates; each is told the number of its first row."""

    def batches() -> Iterator[Batch]:
        first = 1
        for rows in read():
            yield Batch(rows, *locate(rows, first))
            first += len(rows)

    return batches


def _locator(names: list[str], geometry: str | None) -> Locator:
    """Return what reads coordinates off a batch: from its geometries, else from two columns."""
    if geometry is None:
        axes = axes_among(names)
        return lambda rows, _first: _pair(rows, axes)
    place = names.index(geometry)
    return lambda rows, first: _coordinates(rows.column(place), first)


def _pair(rows: pa.RecordBatch, axes: Axes) -> tuple[Degrees, Degrees]:
    names = rows.schema.names
    return numbers(rows.column(axes.lon), names[axes.lon]), numbers(
        rows.column(axes.lat), names[axes.lat]
    )


def _coordinates(column: pa.Array, first: int) -> tuple[Degrees, Degrees]:
    """Return the coordinates of a batch of points, whose first row has this number.

    Raises
    ------
    NotPointsError
        When a geometry is no point; a collection of one point is one.
    """
    shapes = shapes_of(column)
    single = shapely.get_num_geometries(shapes) == 1
    shapes[single] = shapely.get_geometry(shapes[single], 0)
    shapes[shapely.is_empty(shapes)] = None
    wrong = np.flatnonzero(~np.isin(shapely.get_type_id(shapes), (-1, shapely.GeometryType.POINT)))
    if len(wrong):
        rows = ", ".join(str(first + row) for row in wrong[:_NAMED])
        kind = shapely.GeometryType(shapely.get_type_id(shapes[wrong[0]])).name
        raise NotPointsError(count=len(wrong), rows=rows, kind=kind.lower())
    return shapely.get_x(shapes), shapely.get_y(shapes)


def shapes_of(column: pa.Array) -> NDArray[np.object_]:
    """Return the geometries of a column: WKB, or points as GeoArrow's pairs; None where none."""
    if isinstance(column, pa.ExtensionArray):
        column = column.storage
    if not pa.types.is_struct(column.type):
        # A copy: what Arrow lends may not be written to.
        shapes = shapely.from_wkb(np.array(column.to_pylist(), object), on_invalid="ignore")
        return np.asarray(shapes, object)
    x, y = (numbers(pc.struct_field(column, axis), axis) for axis in ("x", "y"))
    points = shapely.points(x, y)
    points[np.isnan(x)] = None
    return np.asarray(points, object)


def _declared(schema: pa.Schema) -> tuple[str | None, Any]:
    """Return GeoParquet's column of geometries and the CRS it declares (none: CRS 84)."""
    try:
        geo = json.loads((schema.metadata or {}).get(_GEO, b"{}"))
    except (ValueError, RecursionError):  # no description of shapes
        return None, None
    name = geo.get("primary_column")
    if name not in schema.names:
        return None, None
    crs = geo.get("columns", {}).get(name, {}).get("crs", _CRS84)
    return name, json.dumps(crs) if isinstance(crs, dict) else crs


def _codec(file: pq.ParquetFile) -> str:
    """Return how the file was compressed, so that the new one is too."""
    if not file.metadata.num_row_groups or not file.metadata.num_columns:
        return "snappy"
    codec = str(file.metadata.row_group(0).column(0).compression)
    return "none" if codec == "UNCOMPRESSED" else codec.lower()
