"""Corners on straight edges of neighbours, put into them before the edges bend.

An edge is straight in the system it was drawn in and between the same two corners another line in
degrees, millimetres beside the first for 300 m, centimetres for 2 km. A corner that a neighbour has
on it would lie off the edge, in a gap or an overlap: it is made a corner of the edge first.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS, Transformer

from geo.crs import WGS84
from geo.load.findings import Finding, RawLayer
from geo.load.repairs import was
from geo.load.seams import lacking, misfits, with_vertices

_ON_EDGE_M: Final = 1e-4
_POLYGONAL: Final = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


def with_corners(raw: RawLayer, crs: CRS) -> RawLayer:
    """Return areas of a projected system with the corners of neighbours in their edges, and say so.

    Lines, points and shapes that are not valid stay as they are, as do all areas in degrees.

    Raises
    ------
    ProjError
        When nobody knows the way from the system to degrees.
    """
    if not crs.is_projected:
        return raw
    shapes = raw.frame.geometry.to_numpy()
    sound = np.isin(shapely.get_type_id(shapes), _POLYGONAL) & shapely.is_valid(shapes)
    rows = np.flatnonzero(sound & ~shapely.is_empty(shapes))
    near = _ON_EDGE_M / crs.axis_info[0].unit_conversion_factor
    rows = rows[misfits(shapes[rows], gap_width=near)]
    table = lacking(shapes[rows], near)
    if table.empty:
        return raw
    joined = shapes.copy()
    joined[rows] = with_vertices(shapes[rows], table)
    changed = np.array([old is not new for old, new in zip(shapes, joined, strict=True)])
    frame = raw.frame.set_geometry(gpd.GeoSeries(joined, index=raw.frame.index))
    return replace(raw, frame=frame).saying(_said(raw.frame[changed], table, crs))


def _said(before: gpd.GeoDataFrame, table: pd.DataFrame, crs: CRS) -> Finding:
    """Return the repair, with the rows as they would have come without it."""
    there = Transformer.from_crs(crs, WGS84, always_xy=True)
    lon, lat = there.transform(table["lon"].to_numpy(), table["lat"].to_numpy())
    shapes = gpd.GeoSeries(before.geometry.to_numpy(), index=before.index, crs=crs).to_crs(WGS84)
    cells = was(gpd.GeoDataFrame(geometry=shapes), "geometry", before.index)
    return Finding(
        "vertex-missing",
        tuple(int(row) for row in before.index),
        values={"count": len(table), "was": cells},
        place=(float(lon[0]), float(lat[0])),
        geometry=shapely.multipoints(np.column_stack([lon, lat])),
    )
