"""Tables written as they were read, with a column more; the file's name says its form."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FieldError
from pyproj import CRS

from api.files.numbers import is_text
from api.files.owners import Owners
from api.files.sources import Batch, Place, Source, shapes_of
from api.files.texts import TextTable, is_packed, open_text, widened
from geo.crs import WGS84
from geo.errors import FileNotWrittenError, FormatUnknownError, JingweiError
from geo.load.guards import guarded

# A first letter that `guarded` may look at: a sign, an apostrophe, or whatever might be a blank.
_MAY_RUN: Final = r"^['=+\-@|%＝＋－＠\s\pZ\pC]"
TEXT: Final = (".csv", ".tsv", ".csv.gz", ".tsv.gz")
PARQUET: Final = (".parquet", ".geoparquet")
_GEOJSON: Final = ("GeoJSON", {"COORDINATE_PRECISION": "17", "SIGNIFICANT_FIGURES": "17"})
# A spatial index in a FlatGeobuf would put the rows in another order; GeoJSON would round.
_OGR: Final[dict[str, tuple[str, dict[str, str]]]] = {
    ".gpkg": ("GPKG", {}),
    ".geojson": _GEOJSON,
    ".json": _GEOJSON,
    ".fgb": ("FlatGeobuf", {"SPATIAL_INDEX": "NO"}),
}
WRITTEN: Final = (*TEXT, *PARQUET, *_OGR)


def suffix_of(path: Path) -> str:
    """Return the ending that says a file's form, in lower case: '.csv.gz' is one."""
    return "".join(path.suffixes[-2:] if is_packed(path) else path.suffixes[-1:]).lower()


def check_form(path: Path) -> None:
    """Raise FormatUnknownError where no form is known for a file's ending."""
    if suffix_of(path) not in WRITTEN:
        raise FormatUnknownError(path=path.name, known=", ".join(WRITTEN))


def write(source: Source, owners: Owners, path: Path) -> None:
    """Write the source's rows with the columns of their owners.

    Raises
    ------
    FileNotWrittenError
        When the form cannot hold a column of the source.
    """
    suffix = suffix_of(path)
    repeated = sorted({name for name in source.schema.names if source.schema.names.count(name) > 1})
    if repeated and suffix not in TEXT:
        raise FileNotWrittenError(path=path.name, reason=f"{', '.join(repeated)} × 2")
    try:
        if suffix in PARQUET:
            _write_parquet(source, owners, path)
        elif suffix in TEXT:
            _write_text(source, owners, path)
        else:
            _write_ogr(source, owners, path)
    except (pa.ArrowException, DataSourceError, DataLayerError, FieldError) as error:
        raise FileNotWrittenError(path=path.name, reason=error) from error


def pass_on(table: TextTable, place: Place, owners: Owners, path: Path) -> None:
    """Write a text table's own characters with the new fields at the end of every record."""
    width, delimiter = len(table.header.fields), table.delimiter
    with open_text(path, "w", table.writing) as file:
        names = owners.wanted.names
        file.write(widened(table.header, width, names, delimiter))
        for records in table.batches():
            rows = [record for record in records if record.fields]
            found = owners.columns(*place.coordinates([row.fields for row in rows]))
            told = zip(*(_as_text(column) for column in found), strict=True)
            for record in records:
                values = next(told) if record.fields else ()
                file.write(widened(record, width, values, delimiter))


def _as_text(column: pa.Array) -> list[str]:
    """Return a column as words, those kept from running that would; nothing is an empty word."""
    words = pc.fill_null(_guarded(column).cast(pa.string()), "")
    listed: list[str] = words.to_pylist()
    return listed


def _write_parquet(source: Source, owners: Owners, path: Path) -> None:
    schema = _added(source.schema, owners)
    if source.geometry is not None:
        schema = schema.with_metadata(_geo_metadata(source) | (schema.metadata or {}))
    with (
        pq.ParquetWriter(path, schema, compression=source.compression) as writer,
        ThreadPoolExecutor(1) as pool,
    ):
        written = pool.submit(int)  # nothing yet
        for batch in source.batches():
            rows = _widened(batch, batch.rows.columns, owners, schema)
            written.result()  # one is written while the next is read and looked up, no more
            written = pool.submit(writer.write_batch, rows)
        written.result()


def _added(schema: pa.Schema, owners: Owners) -> pa.Schema:
    """Return a schema with the new columns at its end."""
    return pa.schema([*schema, *owners.fields], schema.metadata)


def _write_text(source: Source, owners: Owners, path: Path) -> None:
    schema = _added(_retyped(source, pa.string()), owners)
    options = pyarrow.csv.WriteOptions(delimiter="\t" if ".tsv" in suffix_of(path) else ",")
    packing = "gzip" if is_packed(path) else None
    with (
        pa.output_stream(path, compression=packing) as file,
        pyarrow.csv.CSVWriter(file, schema, write_options=options) as writer,
    ):
        for batch in source.batches():
            columns = [*_columns(batch, source, _words), *owners.columns(batch.x, batch.y)]
            guarded_ones = [_guarded(column) for column in columns]
            writer.write(pa.RecordBatch.from_arrays(guarded_ones, schema=schema))


def _guarded(column: pa.Array) -> pa.Array:
    """Return a column, its texts kept from running as formulas; most have none that would."""
    if pa.types.is_dictionary(column.type):
        words = _guarded(column.dictionary)
        return pa.DictionaryArray.from_arrays(column.indices, words, ordered=column.type.ordered)
    if not is_text(column.type) or not pc.any(pc.match_substring_regex(column, _MAY_RUN)).as_py():
        return column
    cells = (None if cell is None else guarded(cell) for cell in column.to_pylist())
    return pa.array(cells, pa.string()).cast(column.type)


def _write_ogr(source: Source, owners: Owners, path: Path) -> None:
    driver, layer_options = _OGR[suffix_of(path)]
    schema = _retyped(source, pa.binary())
    name = source.geometry or _free_name("geometry", [*schema.names, *owners.wanted.names])
    if source.geometry is None:
        schema = schema.append(pa.field(name, pa.binary()))
    schema = _added(schema, owners)
    if driver == "GPKG":  # names of its own that no column of the rows has
        taken = schema.names
        layer_options = {
            "GEOMETRY_NAME": _free_name("geom", taken),
            "FID": _free_name("fid", taken),
        }
    failures: list[Exception] = []
    try:
        _write_layer(
            pa.RecordBatchReader.from_batches(schema, _placed(source, owners, schema, failures)),
            path,
            driver=driver,
            geometry_name=name,
            crs=_crs_text(source),
            layer_options=layer_options,
        )
    finally:
        if failures:  # rather what went wrong with a row than what the driver makes of it
            raise failures[0]


def _write_layer(rows: pa.RecordBatchReader, path: Path, **options: object) -> None:
    with warnings.catch_warnings():
        # Rows that name no CRS are passed on without one: nothing to warn of.
        warnings.filterwarnings("ignore", message="'crs' was not provided", category=UserWarning)
        pyogrio.raw.write_arrow(rows, path, geometry_type="Unknown", **options)


def _placed(
    source: Source, owners: Owners, schema: pa.Schema, failures: list[Exception]
) -> Iterator[pa.RecordBatch]:
    """Yield batches with a column of geometries: their own, or points made of their degrees."""
    try:
        for batch in source.batches():
            _refuse_nul(batch.rows)
            columns = _columns(batch, source, _bytes)
            shapes = [_points(batch, source)] if source.geometry is None else []
            yield _widened(batch, [*columns, *shapes], owners, schema)
    except (JingweiError, pa.ArrowException) as error:
        failures.append(error)
        raise


def _points(batch: Batch, source: Source) -> pa.Array:
    lon, lat = source.system.degrees(batch.x, batch.y)
    known = np.isfinite(lon) & np.isfinite(lat)
    points = shapely.points(lon, lat)
    return pa.array(np.where(known, shapely.to_wkb(points), None), pa.binary())


def _refuse_nul(rows: pa.RecordBatch) -> None:
    """Raise where a text holds a NUL: layers of geometries cut it there without a word."""
    for name, column in zip(rows.schema.names, rows.columns, strict=True):
        if is_text(column.type) and pc.any(pc.match_substring(column, "\0")).as_py():
            raise FileNotWrittenError(path=name, reason="NUL 字符 NUL characters")


def _widened(
    batch: Batch, columns: list[pa.Array], owners: Owners, schema: pa.Schema
) -> pa.RecordBatch:
    new = owners.columns(batch.x, batch.y)
    return pa.RecordBatch.from_arrays([*columns, *new], schema=schema)


def _columns(
    batch: Batch, source: Source, written: Callable[[pa.Array], pa.Array]
) -> list[pa.Array]:
    """Return the columns of a batch, geometries as `written` puts them."""
    names = source.schema.names
    pairs = zip(names, batch.rows.columns, strict=True)
    return [written(column) if name == source.geometry else column for name, column in pairs]


def _words(column: pa.Array) -> pa.Array:
    """Return geometries as text (WKT), with every digit."""
    return pa.array(shapely.to_wkt(shapes_of(column), rounding_precision=-1), pa.string())


def _bytes(column: pa.Array) -> pa.Array:
    return pa.array(shapely.to_wkb(shapes_of(column)), pa.binary())


def _retyped(source: Source, kind: pa.DataType) -> pa.Schema:
    """Return the source's schema without its metadata, geometries of another type."""
    schema = source.schema.remove_metadata()
    if source.geometry is None:
        return schema
    place = schema.names.index(source.geometry)
    return schema.set(place, pa.field(source.geometry, kind))


def _free_name(wanted: str, names: list[str]) -> str:
    taken = {name.casefold() for name in names}
    return next(name for i in range(len(names) + 1) if (name := wanted + "_" * i) not in taken)


def _geo_metadata(source: Source) -> dict[bytes, bytes]:
    """Return the metadata that makes a Parquet file GeoParquet."""
    crs = None if source.crs is None else CRS.from_user_input(source.crs).to_json_dict()
    column: dict[str, object] = {"encoding": "WKB", "geometry_types": [], "crs": crs}
    geo = {
        "version": "1.0.0",
        "primary_column": source.geometry,
        "columns": {source.geometry: column},
    }
    return {b"geo": json.dumps(geo).encode()}


def _crs_text(source: Source) -> str | None:
    if source.geometry is None:
        return WGS84
    return None if source.crs is None else CRS.from_user_input(source.crs).to_wkt()
