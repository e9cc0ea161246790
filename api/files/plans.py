"""A redrawn plan as files: a GeoPackage of grids and assignment, and a report beside it."""

from __future__ import annotations

import json
import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import (
    DataLayerError,
    DataSourceError,
    FeatureError,
    FieldError,
    GeometryError,
)

from api.files.layers import CAREFUL, read_carefully
from api.files.replacing import replacing
from api.files.sources import the_layer
from api.files.texts import text_table
from api.files.unpacking import Unpacked, unpacked
from geo.errors import FileNotWrittenError, NoGeometryError
from geo.load.harmless import BROKEN, demand_untangled
from geo.load.reasons import not_opened
from geo.redraw import Redrawn

_PARQUET: Final = (".parquet", ".geoparquet")
_TEXT: Final = (".csv", ".tsv")
_FOREIGN: Final = "gb18030"  # what GDAL takes for UTF-8 unless it is told
# What a layer that cannot be written raises: a full disk, a value the form has not.
UNWRITTEN: Final = (DataSourceError, DataLayerError, FeatureError, FieldError, GeometryError)


def read_layer(path: Path, layer: str | None = None) -> gpd.GeoDataFrame:
    """Return a layer of a file as it is, in its own CRS.

    Raises
    ------
    FileUnreadableError
        When the file is broken or no layer file.
    ImportRefusedError
        The same of a shapefile or an archive.
    LayerNotNamedError
        When it has several layers and none was named.
    NoGeometryError
        When the layer has no geometry.
    """
    frame = read_any(path, layer)
    if not isinstance(frame, gpd.GeoDataFrame):
        raise NoGeometryError(path=path)
    return frame


def read_any(path: Path, layer: str | None = None) -> pd.DataFrame:
    """Return a layer of a file as it is, or a table where it has no geometry.

    Raises
    ------
    FileUnreadableError, ImportRefusedError, LayerNotNamedError
        As `read_layer`.
    """
    if path.suffix.lower() in CAREFUL:
        return _plain(read_carefully(path, layer))
    with unpacked(path) as file:
        return read_unpacked(file, layer)


def read_unpacked(file: Unpacked, layer: str | None = None) -> pd.DataFrame:
    """Return the same of a file that is opened.

    Raises
    ------
    FileUnreadableError, LayerNotNamedError
        As `read_layer`.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _plain(_read(file, layer))
    except BROKEN as error:
        raise not_opened(file.given, error) from error


def is_parquet(path: Path) -> bool:
    """Tell whether a file is named as Parquet."""
    return path.suffix.lower() in _PARQUET


def _read(file: Unpacked, layer: str | None) -> pd.DataFrame:
    if is_parquet(file.given):
        return gpd.read_parquet(file.path)
    name = the_layer(file, layer, "--layer")
    # A ring that cannot be is no reason to refuse the file: its row comes without a geometry.
    return pyogrio.read_dataframe(
        file.path, layer=name, on_invalid="ignore", encoding=_encoding(Path(file.path))
    )


def _encoding(path: Path) -> str | None:
    """Return the encoding of a text table that its reader would not find out; None: it does."""
    if path.suffix.lower() not in _TEXT:
        return None
    return _FOREIGN if text_table(path).writing.encoding == _FOREIGN else None


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a layer with flat shapes that can be checked; a table as it is.

    Raises
    ------
    BadPolygonsError
        When a shape is a tangle that is none to be checked.
    """
    if not isinstance(frame, gpd.GeoDataFrame):
        return frame
    demand_untangled(frame)
    shapes = frame.geometry.to_numpy()
    raised = shapely.has_z(shapes) | shapely.has_m(shapes)
    return frame.set_geometry(shapely.force_2d(shapes)) if raised.any() else frame


def write_plan(drawn: Redrawn, atoms: gpd.GeoDataFrame, out: Path) -> Path:
    """Write the plan, whole or not at all; return the path of the report beside it.

    The GeoPackage has layers `grids` and `assignment` (`atom`: the column of that name in the
    input, else the row number from 0; `grid`: the code). The report is JSON.
    """
    report = out.with_suffix(".json")
    with replacing(out) as draft, replacing(report) as note, unsaid():
        try:
            pyogrio.write_dataframe(drawn.grids, draft, layer="grids", driver="GPKG")
            pyogrio.write_dataframe(
                _assignment(drawn, atoms), draft, layer="assignment", driver="GPKG"
            )
        except UNWRITTEN as error:
            raise not_written(out, error) from error
        text = json.dumps(report_of(drawn), ensure_ascii=False, indent=1, allow_nan=False)
        note.write_text(text, encoding="utf-8")
    return report


def not_written(out: Path, error: Exception) -> FileNotWrittenError:
    """Return the error of a layer, with the end of what the library says: the rest is SQL."""
    return FileNotWrittenError(path=out, reason=str(error).rsplit(": ", 1)[-1])


@contextmanager
def unsaid() -> Iterator[None]:
    """Keep a library from warning that a layer has no system: a remark on the rows says so."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "'crs' was not provided")
        yield


def _assignment(drawn: Redrawn, atoms: gpd.GeoDataFrame) -> pd.DataFrame:
    names = atoms["atom"].to_numpy() if "atom" in atoms else np.arange(len(atoms))
    return pd.DataFrame({"atom": names, "grid": drawn.labels.to_numpy()})


def report_of(drawn: Redrawn) -> dict[str, object]:
    """Return the report as plain values: totals, seconds, communities, bridges, remarks."""
    table = drawn.report.communities
    ordinary = drawn.grids.loc[~drawn.grids["special"]]
    return {
        "grids": len(drawn.grids),
        "special_grids": int(drawn.grids["special"].sum()),
        "grids_in_band": int(ordinary["in_band"].sum()),
        "communities_in_band": int(table["in_band"].sum()),
        "households": plain(drawn.grids["households"].sum()),
        "moved_households": plain(table["moved_households"].sum()),
        "compactness": plain(ordinary["compactness"].mean()),
        "pieces": int(table["pieces"].sum()),
        "borders_on_barriers": plain(drawn.report.borders_on_barriers),
        "barriers": drawn.report.barriers,
        "audit": drawn.report.audit,
        "seconds": {stage: round(value, 4) for stage, value in drawn.report.seconds.items()},
        "communities": [_row(row) for row in table.to_dict("records")],
        "bridges": drawn.report.bridges.to_dict("records"),
        "remarks": [_row(row) for row in drawn.report.remarks.to_dict("records")],
    }


def _row(row: dict[str, object]) -> dict[str, object]:
    return {str(name): plain(value) for name, value in row.items()}


def plain(value: object) -> object:
    """Return a value that JSON has: no numpy type, no NaN, whole numbers without a point."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return int(value) if value.is_integer() else round(value, 6)
    return value
