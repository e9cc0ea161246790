"""Rows to redraw from a file: a layer as it is, or a table whose columns say where points are."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

from api.files.numbers import axes_among, has_axes, numbers
from api.files.plans import read_any
from api.files.sinks import TEXT
from api.files.systems import System
from api.files.texts import TextTable, text_table, uncollected
from api.files.unpacking import unpacked
from geo.crs import WGS84, Datum
from geo.errors import BadOptionError, NoGeometryError

_TABLES: Final = (*TEXT, ".txt", ".txt.gz")


def read_rows(path: Path, layer: str | None, datum: Datum | None) -> gpd.GeoDataFrame:
    """Return the rows of a file: a layer in its own CRS; a table as points in WGS 84.

    A table (CSV in any encoding, a sheet) has columns of longitude and latitude, in `datum`; or a
    text table a column `wkt` of shapes, in degrees of `datum` or, where none is named, as they are.

    Raises
    ------
    FileUnreadableError, ImportRefusedError, LayerNotNamedError, TextTableError
        When the file cannot be read.
    DatumNotNamedError, PositionColumnsError
        When a table's positions cannot be: nobody named their datum, or a column is there twice.
    NoGeometryError
        When there are neither geometries nor columns of positions.
    BadOptionError
        When a datum is named for a layer, which has the system of its file.
    """
    rows = _table(path) if path.name.lower().endswith(_TABLES) else None
    if rows is None:
        rows = read_any(path, layer)
    if isinstance(rows, gpd.GeoDataFrame):
        if datum is None:
            return rows
        if rows.crs is not None or not path.name.lower().endswith(_TABLES):
            expected = "只用于表格 only for a table"
            raise BadOptionError(option="--datum", found=datum, expected=expected)
        return _shaped(rows, System.of(None, datum))
    if not has_axes(list(map(str, rows.columns))):
        raise NoGeometryError(path=path)
    return _pointed(rows, System.of(None, datum))


def _table(path: Path) -> pd.DataFrame | None:
    """Return a text table, each field as typed; None where no columns say where its rows are."""
    with unpacked(path):
        table = text_table(path)
    return _typed(table) if has_axes(table.header.fields) else None


def _typed(table: TextTable) -> pd.DataFrame:
    names = table.header.fields
    with uncollected():
        rows = [
            record.fields + [""] * (len(names) - len(record.fields))
            for records in table.batches()
            for record in records
            if record.fields
        ]
    return pd.DataFrame(rows, columns=names, dtype="str")


def _shaped(rows: gpd.GeoDataFrame, system: System) -> gpd.GeoDataFrame:
    """Return a table with the shapes its text says, in WGS 84; what is no place is none."""
    shapes = rows.geometry.to_numpy()
    moved = shapely.transform(shapes, lambda xy: np.column_stack(system.degrees(*xy.T)))
    return rows.set_geometry(moved).set_crs(WGS84)


def _pointed(rows: pd.DataFrame, system: System) -> gpd.GeoDataFrame:
    """Return a table with the points its columns name; what is no place is no point."""
    names = list(map(str, rows.columns))
    lon, lat = (
        numbers(pa.Array.from_pandas(rows.iloc[:, axis]), names[axis]) for axis in axes_among(names)
    )
    points = shapely.points(*system.degrees(lon, lat))
    return gpd.GeoDataFrame(rows, geometry=points, crs=WGS84)
