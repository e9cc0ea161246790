"""Areas against the areas above them: codes that nobody has, land outside the parent."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import WGS84
from geo.load import overlays
from geo.load.findings import Finding, ReadOptions
from geo.load.kinds import Severity
from geo.load.repairs import Checked, accepted, place_of, rejected, shapes_of

# Only areas that are drawn to lie within their parent are held to it.
_NESTED: Final = ("admin", "grid", "estate")


def check(frame: gpd.GeoDataFrame, *, options: ReadOptions) -> Checked:
    """Return the areas, and which of them name no known parent or reach beyond it.

    Parents are looked for among the rows themselves and the areas known, by code. Where no parent
    at all is known there is nothing to hold the rows to, and nothing is said.
    """
    if "parent" not in frame.columns or "code" not in frame.columns:
        return Checked(frame)
    parents = _parents(frame, options.known)
    children = frame[frame["parent"].notna() & (frame["parent"].astype("str") != "")]
    # An index finds its keys many times faster than `isin` turns them into a set.
    known = parents.index.get_indexer(children["parent"].astype("str")) >= 0
    if not known.any():
        return Checked(frame)
    lost = children[~known]
    lines = [
        Finding("parent-missing", rows.index, values={"parent": parent}, place=_place(rows))
        for parent, rows in lost.groupby("parent", sort=False)
    ]
    outside = _outside(_nested(children[known]), parents, options)
    aside = [row for f in outside if f.severity == "quarantined" for row in f.rows]
    return Checked(frame.drop(index=aside), (*lines, *outside))


def _place(rows: gpd.GeoDataFrame) -> tuple[float, float] | None:
    return place_of(rows.geometry.iloc[0])


def _nested(children: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    polygons = children.geom_type.isin(["Polygon", "MultiPolygon"])
    if "net" not in children.columns:
        return children[polygons]
    return children[polygons & children["net"].isin(_NESTED)]


def _parents(frame: gpd.GeoDataFrame, known: gpd.GeoDataFrame | None) -> gpd.GeoSeries:
    """Return polygons by code, of the file first."""
    own = gpd.GeoSeries(frame.geometry.to_numpy(), index=frame["code"].astype("str"), crs=WGS84)
    if known is not None and "code" in known.columns:
        codes = known["code"].astype("str")
        more = gpd.GeoSeries(known.geometry.to_crs(WGS84).to_numpy(), index=codes, crs=WGS84)
        own = gpd.GeoSeries(pd.concat([own, more]), crs=WGS84)
    polygons = own[own.geom_type.isin(["Polygon", "MultiPolygon"])]
    return polygons[~polygons.index.duplicated()]


def _outside(
    children: gpd.GeoDataFrame, parents: gpd.GeoSeries, options: ReadOptions
) -> list[Finding]:
    if children.empty:
        return []
    shapes = shapes_of(children)
    above = np.asarray(parents[children["parent"].astype("str")], dtype=object)
    beyond = np.flatnonzero(~shapely.covered_by(shapes, above))
    if len(beyond) == 0:
        return []
    system = overlays.survey_crs(shapes)
    pieces = shapely.difference(
        overlays.in_metres(shapes[beyond], system),
        overlays.in_metres(above[beyond], system),
    )
    wide = ~shapely.is_empty(shapely.buffer(pieces, -overlays.SLIVER_WIDTH / 2.0))
    shown = overlays.in_degrees(pieces[wide], system)
    rows = children.iloc[beyond[wide]]
    return [
        _line(row, cells, piece, area, options)
        for (row, cells), piece, area in zip(
            rows.iterrows(), shown, shapely.area(pieces[wide]), strict=True
        )
    ]


def _line(
    row: int, cells: pd.Series, piece: shapely.Geometry, area: float, options: ReadOptions
) -> Finding:
    severity: Severity | None = None
    if accepted(options, "outside-parent"):
        severity = "info"
    if rejected(options, "outside-parent"):
        severity = "quarantined"
    values = {"code": cells["code"], "parent": cells["parent"], "area": f"{area:,.1f}"}
    return Finding(
        "outside-parent",
        [row],
        values=values,
        place=place_of(piece),
        geometry=piece,
        severity=severity,
    )
