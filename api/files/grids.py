"""Grids read from a file, indexed by code, in the file's own coordinates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import shapely
from pandas.api.types import is_float_dtype
from pyogrio.errors import DataLayerError, DataSourceError

from api.files.grid_defects import Remark, mended, usable
from api.files.sources import the_layer
from api.files.systems import System
from api.files.unpacking import Unpacked, unpacked
from geo.crs import Datum
from geo.errors import GridColumnsError, GridSystemError
from geo.load.harmless import BROKEN, demand_untangled
from geo.load.reasons import not_opened

PARQUET: Final = (".parquet", ".geoparquet")
_DEGREES: Final = (-180.0, -90.0, 180.0, 90.0)
_WGS84: Final = System(None, "wgs84")


@dataclass(frozen=True)
class GridFile:
    """A file of grids, and what the person said of it."""

    path: Path
    layers: Sequence[str] = ()  # read in turn and put together; may be empty where there is one
    code: str = "code"  # name of the column of codes, in any case
    datum: Datum = "wgs84"  # of degrees
    crs: str | None = None  # rather than the one the file declares
    beside: tuple[str, ...] = ()  # further columns to be kept


@dataclass(frozen=True)
class Grids:
    """Grids of one coordinate system.

    `frame` is indexed by code, has valid polygons in plain coordinates, where the file has it the
    column `special`, and the further columns asked for; `remarks` say what was left out or mended.
    """

    frame: gpd.GeoDataFrame
    system: System
    remarks: tuple[Remark, ...] = ()

    def in_degrees(self) -> Grids:
        """Return the grids in WGS 84 degrees, vertex by vertex; what rounding breaks is mended."""
        if self.system.is_also(_WGS84):
            return self
        rows, remarks = mended(_moved(self.frame, self.system).reset_index())
        return Grids(rows.set_index("code"), _WGS84, (*self.remarks, *remarks))


def read_grids(file: GridFile) -> Grids:
    """Return the grids of a file; layers of several systems in degrees.

    Raises
    ------
    FileUnreadableError, LayerNotNamedError, GridColumnsError, GridSystemError, UnknownCrsError
    GridCodesError, GridShapesError
        When there are rows but not one of them can own a point.
    """
    layers = [
        (rows.set_crs(None, allow_override=True), _system(rows, file)) for rows in _read(file)
    ]
    common = layers[0][1]
    if not all(system.is_also(common) for _, system in layers):
        layers, common = [(_moved(*layer), _WGS84) for layer in layers], _WGS84
    rows = pd.concat([rows for rows, _ in layers], ignore_index=True)
    frame, remarks = usable(gpd.GeoDataFrame(rows, geometry="geometry"))
    return Grids(frame, common, remarks)


def _read(file: GridFile) -> list[gpd.GeoDataFrame]:
    """Return the rows of each layer: `code`, `special` where the file has it, `geometry`."""
    with unpacked(file.path) as inner:
        if file.path.suffix.lower() in PARQUET:
            return [_parquet_rows(file)]
        names = file.layers or [the_layer(inner, None, "--layer")]
        return [_layer_rows(inner, the_layer(inner, n, "--layer"), file) for n in names]


def _parquet_rows(file: GridFile) -> gpd.GeoDataFrame:
    try:
        read = gpd.read_parquet(file.path)
        frame = read.reset_index() if any(read.index.names) else read
        code = _column(file, frame)
        codes = frame[code]
        if is_float_dtype(codes):
            codes = pq.read_table(file.path, columns=[code])[code].to_pylist()
    except BROKEN as error:
        raise not_opened(file.path, error) from error
    return _rows(frame, codes, file)


def _layer_rows(inner: Unpacked, layer: str, file: GridFile) -> gpd.GeoDataFrame:
    named = {"layer": layer, "encoding": inner.encoding}
    try:
        frame = pyogrio.read_dataframe(inner.path, on_invalid="ignore", **named)
        code = _column(file, frame)
        codes = frame[code]
        if is_float_dtype(codes):
            _, table = pyogrio.read_arrow(inner.path, columns=[code], read_geometry=False, **named)
            codes = table[code].to_pylist()
    except (DataSourceError, DataLayerError, ValueError) as error:
        raise not_opened(file.path, error) from error
    return _rows(frame, codes, file)


def _column(file: GridFile, frame: pd.DataFrame, asked: str | None = None) -> str:
    """Return the column of codes, or another one asked for.

    Of that very name, else the first that differs in case only.
    """
    name = file.code if asked is None else asked
    names = [str(name) for name in frame.columns]
    alike = [other for other in names if other.casefold() == name.casefold()]
    if not isinstance(frame, gpd.GeoDataFrame) or not alike:
        wanted = name if isinstance(frame, gpd.GeoDataFrame) else "geometry"
        raise GridColumnsError(path=file.path, wanted=wanted, found=", ".join(names))
    return name if name in alike else alike[0]


def _rows(frame: gpd.GeoDataFrame, codes: Iterable[object], file: GridFile) -> gpd.GeoDataFrame:
    """Return the rows with only what ownership needs, and what was asked for besides."""
    demand_untangled(gpd.GeoDataFrame(frame))
    kept = {name: frame[_column(file, frame, name)].to_numpy() for name in file.beside}
    kept["code"] = pd.Series(codes, dtype=object).to_numpy()
    columns = {str(name).casefold(): name for name in frame.columns}
    if "special" in columns:
        kept["special"] = frame[columns["special"]].astype(object).to_numpy()
    return gpd.GeoDataFrame(kept, geometry=frame.geometry.to_numpy(), crs=frame.crs)


def _system(rows: gpd.GeoDataFrame, file: GridFile) -> System:
    system = System.of(file.crs or rows.crs, file.datum)
    if system.crs is None and rows.crs is None:
        _check_degrees(rows, file.path)
    return system


def _moved(rows: gpd.GeoDataFrame, system: System) -> gpd.GeoDataFrame:
    """Return rows of plain coordinates in WGS 84 degrees."""
    shapes = rows.geometry.to_numpy()
    return rows.set_geometry(shapely.transform(shapes, system.degrees, interleaved=False))


def _check_degrees(rows: gpd.GeoDataFrame, path: Path) -> None:
    west, south, east, north = rows.total_bounds if len(rows) else (0.0,) * 4
    outside = west < _DEGREES[0] or south < _DEGREES[1] or east > _DEGREES[2] or north > _DEGREES[3]
    if outside:
        raise GridSystemError(path=path, west=west, south=south)
