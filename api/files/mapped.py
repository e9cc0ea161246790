"""Grids of a file as a map shows them: in degrees, with what the file tells of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import geopandas as gpd
import pandas as pd

from api.files.grid_defects import Remark
from api.files.grids import GridFile, read_grids
from api.files.plans import read_layer
from geo.crs import WGS84

_TOLD: Final = ("name", "households", "low", "high")
_FIGURES: Final = _TOLD[1:]


def grids_to_show(
    file: GridFile, *, name: str | None = None
) -> tuple[gpd.GeoDataFrame, Sequence[Remark]]:
    """Return grids (EPSG:4326) with `code`, and `name`, `households`, `low`, `high` if it has them.

    `name` is the column of their names, where it is called otherwise.

    Raises
    ------
    JingweiError
        The errors of `read_grids`.
    """
    layer = read_layer(file.path, file.layers[0] if file.layers else None)
    there = {str(column) for column in layer.columns}
    told = tuple(each for each in _TOLD if each in there and not (name and each == "name"))
    beside = (*told, name) if name else told
    read = read_grids(replace(file, beside=beside)).in_degrees()
    frame = read.frame.reset_index().set_crs(WGS84, allow_override=True)
    if name:
        frame = frame.assign(name=frame["code"] if name == file.code else frame[name])
    figures: dict[str, pd.Series] = {
        each: pd.to_numeric(frame[each], errors="coerce") for each in told if each in _FIGURES
    }
    if "special" in frame.columns:
        figures["special"] = frame["special"].fillna(value=False).astype(bool)
    return frame.assign(**figures), read.remarks
