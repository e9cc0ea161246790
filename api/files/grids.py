"""Grids read from a file, indexed by code, in degrees."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from api.files.sources import the_layer
from api.files.unpacking import Unpacked, unpacked
from geo.crs import WGS84
from geo.errors import FileUnreadableError, GridColumnsError, GridSystemError

_PARQUET: Final = (".parquet", ".geoparquet")
_DEGREES: Final = (-180.0, -90.0, 180.0, 90.0)


def read_grids(path: Path, layers: Sequence[str], code: str) -> gpd.GeoDataFrame:
    """Return grids indexed by code with, where the file has it, the column `special`.

    Parameters
    ----------
    layers
        Read in turn and put together; may be empty where the file has but one.
    code
        Name of the column of codes, in any case.

    Raises
    ------
    FileUnreadableError, LayerNotNamedError, GridColumnsError, GridSystemError
    """
    if path.suffix.lower() in _PARQUET:
        frames = [_read_parquet(path)]
    else:
        with unpacked(path) as file:
            names = layers or [the_layer(file.path, None, "--layer")]
            frames = [_read_layer(file, the_layer(file.path, name, "--layer")) for name in names]
    parts = [_indexed(_in_degrees(frame, path), path, code) for frame in frames]
    return gpd.GeoDataFrame(pd.concat(parts), geometry="geometry", crs=WGS84)


def _read_parquet(path: Path) -> gpd.GeoDataFrame:
    try:
        return gpd.read_parquet(path)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise FileUnreadableError(path=path, reason=error) from error


def _read_layer(file: Unpacked, layer: str) -> gpd.GeoDataFrame:
    path = file.path
    try:
        frame = pyogrio.read_dataframe(path, layer=layer, encoding=file.encoding)
    except (DataSourceError, DataLayerError, ValueError) as error:
        raise FileUnreadableError(path=path, reason=error) from error
    if not isinstance(frame, gpd.GeoDataFrame):
        raise GridColumnsError(path=path, wanted="geometry", found=", ".join(frame.columns))
    return frame


def _in_degrees(frame: gpd.GeoDataFrame, path: Path) -> gpd.GeoDataFrame:
    if frame.crs is not None:
        return frame.to_crs(WGS84)
    west, south, east, north = frame.total_bounds if len(frame) else (0.0,) * 4
    inside = np.array([west >= _DEGREES[0], south >= _DEGREES[1]])
    if not (inside.all() and east <= _DEGREES[2] and north <= _DEGREES[3]):
        raise GridSystemError(path=path, west=west, south=south)
    return frame.set_crs(WGS84)


def _indexed(frame: gpd.GeoDataFrame, path: Path, code: str) -> gpd.GeoDataFrame:
    """Return the frame with only what ownership needs."""
    columns = {str(name).casefold(): name for name in frame.columns}
    if code.casefold() not in columns:
        raise GridColumnsError(path=path, wanted=code, found=", ".join(map(str, frame.columns)))
    kept = {"geometry": frame.geometry.to_numpy()}
    if "special" in columns:
        kept["special"] = frame[columns["special"]].astype(object).to_numpy()
    return gpd.GeoDataFrame(kept, index=pd.Index(frame[columns[code.casefold()]].to_numpy(object)))
