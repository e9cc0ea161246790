"""What a check gives back, and how each of its repairs is undone.

Every repair is a finding whose `values["was"]` keeps the cells as they were: column → row → value.
`before` and `after` are the short texts a person reads; `was` is exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import WGS84
from geo.load.defects import ANSWERS
from geo.load.findings import Finding, ReadOptions

Was: TypeAlias = dict[str, dict[int, object]]
Geometries: TypeAlias = NDArray[np.object_]
Mask: TypeAlias = NDArray[np.bool_]

_SHORT_WKT = 120
# Seven decimals of a degree are a centimetre.
_WKT_DECIMALS = 7


class Checked(NamedTuple):
    """The rows that can be used, repaired, and everything found; the index is the source row.

    `held` are rows that wait for an answer to a question: they are not in `frame`.
    """

    frame: gpd.GeoDataFrame
    findings: tuple[Finding, ...] = ()
    held: tuple[int, ...] = ()

    def then(self, later: Checked) -> Checked:
        """Return the later result with the findings of both."""
        return Checked(later.frame, self.findings + later.findings, self.held + later.held)


def shapes_of(frame: gpd.GeoDataFrame) -> Geometries:
    """Return the geometries as an array of objects."""
    return np.asarray(frame.geometry, dtype=object)


def with_shapes(frame: gpd.GeoDataFrame, shapes: Geometries) -> gpd.GeoDataFrame:
    """Return the frame with these geometries in WGS 84."""
    return frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=WGS84))


def accepted(options: ReadOptions, code: str) -> bool:
    """Tell whether a proposal was accepted, by its slug or by its plain word."""
    return bool(options.accept & {code, ANSWERS.get(code, code)})


def rejected(options: ReadOptions, code: str) -> bool:
    """Tell whether the rows of a proposal are to be set aside."""
    return bool(options.reject & {code, ANSWERS.get(code, code)})


def was(frame: pd.DataFrame, column: str, rows: Iterable[int]) -> Was:
    """Return the cells of a column as they are, to be put back by `undo`.

    >>> was(pd.DataFrame({"code": ["370125"]}, index=[7]), "code", [7])
    {'code': {7: '370125'}}
    """
    return {column: {int(row): frame.loc[row, column] for row in rows}}


def undo(frame: gpd.GeoDataFrame, findings: Sequence[Finding]) -> gpd.GeoDataFrame:
    """Return the frame with the repairs of these findings taken back, the latest first.

    Rows that are no longer in the frame are passed over.
    """
    cells: dict[str, dict[int, Any]] = {}
    for finding in reversed(findings):
        for column, values in cells_of(finding).items():
            cells.setdefault(column, {}).update(values)
    restored = frame.copy()
    for column, values in cells.items():
        restored[column] = _with_cells(restored[column], values)
    return restored


def cells_of(finding: Finding) -> Mapping[str, dict[int, Any]]:
    """Return the cells as they were before the repair: column → row → value."""
    kept = finding.values.get("was", {})  # noqa: PD011 a finding is not a frame
    return kept if isinstance(kept, Mapping) else {}


def _with_cells(series: pd.Series, values: Mapping[int, Any]) -> pd.Series:
    cells = series.to_numpy(dtype=object, copy=True)
    places = series.index.get_indexer(list(values))
    for place, value in zip(places, values.values(), strict=True):
        if place >= 0:
            cells[place] = value
    if isinstance(series, gpd.GeoSeries):
        return gpd.GeoSeries(cells, index=series.index, crs=series.crs)
    return pd.Series(cells, index=series.index, dtype=series.dtype)


def short_wkt(geometry: shapely.Geometry | None) -> str:
    """Return a geometry as text that fits a line.

    >>> short_wkt(shapely.Point(117.0123456789, 36.65))
    'POINT (117.0123457 36.65)'
    """
    if geometry is None:
        return ""
    text: str = shapely.to_wkt(geometry, rounding_precision=_WKT_DECIMALS)
    return text if len(text) <= _SHORT_WKT else f"{text[: _SHORT_WKT - 2]} …"


def place_of(geometry: shapely.Geometry | None) -> tuple[float, float] | None:
    """Return a position on the geometry to look at, (lon, lat), or None."""
    if geometry is None or shapely.is_empty(geometry):
        return None
    point = shapely.point_on_surface(geometry)
    x, y = float(shapely.get_x(point)), float(shapely.get_y(point))
    return (x, y) if np.isfinite([x, y]).all() else None
