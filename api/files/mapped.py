"""Grids of a file as a map shows them: in degrees, with what the file tells of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd

from api.files.grid_defects import Remark
from api.files.grids import GridFile, read_grids
from api.files.plans import read_layer
from geo.crs import WGS84, parse_datum

_TOLD: Final = ("name", "households", "low", "high")
_FIGURES: Final = _TOLD[1:]


def grids_to_show(
    path: Path, layers: Sequence[str], datum: str | None, crs: str | None
) -> tuple[gpd.GeoDataFrame, Sequence[Remark]]:
    """Return grids (EPSG:4326) with `code`, and `name`, `households`, `low`, `high` if it has them.

    Raises
    ------
    JingweiError
        The errors of `read_grids`.
    """
    there = {str(name) for name in read_layer(path, layers[0] if layers else None).columns}
    told = tuple(name for name in _TOLD if name in there)
    known = parse_datum(datum or "wgs84")
    read = read_grids(GridFile(path, layers, datum=known, crs=crs, beside=told)).in_degrees()
    frame = read.frame.reset_index().set_crs(WGS84, allow_override=True)
    figures: dict[str, pd.Series] = {
        name: pd.to_numeric(frame[name], errors="coerce") for name in told if name in _FIGURES
    }
    if "special" in frame.columns:
        figures["special"] = frame["special"].fillna(value=False).astype(bool)
    return frame.assign(**figures), read.remarks
