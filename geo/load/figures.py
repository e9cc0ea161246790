"""What kind of figure a row holds: polygons for areas, lines for lanes; mixtures are sorted out."""

from __future__ import annotations

from functools import partial
from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from geo.load.findings import Finding, ReadOptions
from geo.load.kinds import Severity
from geo.load.repairs import (
    Checked,
    Geometries,
    Mask,
    accepted,
    place_of,
    rejected,
    shapes_of,
    short_wkt,
    was,
    with_shapes,
)

LINE_KINDS: Final = ("lane", "road", "rail", "water")  # areas that may be drawn as lines
_POLYGONS: Final = ("Polygon", "MultiPolygon")
_LINES: Final = ("LineString", "MultiLineString", "LinearRing")
_FEWEST_VERTICES: Final = 4  # of a ring, its closing vertex counted


def typed(frame: gpd.GeoDataFrame, *, options: ReadOptions) -> Checked:
    """Return the rows with polygons or, for lanes, roads and water, lines.

    The polygons of a mixed collection are taken and said; closed lines in place of areas are a
    question; everything else is set aside.
    """
    checked = _sorted_out(frame)
    checked = checked.then(_filled(checked.frame, options))
    return checked.then(_fitting(checked.frame))


def _may_be_lines(frame: gpd.GeoDataFrame) -> Mask:
    if "kind" not in frame.columns:
        return np.zeros(len(frame), dtype=bool)
    return np.asarray(frame["kind"].isin(LINE_KINDS), dtype=bool)


def _sorted_out(frame: gpd.GeoDataFrame) -> Checked:
    """Return collections as the polygons (or lines) they hold, and say what was left."""
    mixed = (frame.geom_type == "GeometryCollection").to_numpy()
    if not mixed.any():
        return Checked(frame)
    shapes, lines = shapes_of(frame).copy(), _may_be_lines(frame)
    for place in np.flatnonzero(mixed).tolist():
        shapes[place] = _main(shapes[place], lines=bool(lines[place]))
    changed = np.array([a is not b for a, b in zip(shapes, shapes_of(frame), strict=True)])
    if not changed.any():
        return Checked(frame)
    rows = frame.index[changed]
    first = frame.geometry[rows[0]]
    finding = Finding(
        "collection-reduced",
        rows,
        values={"count": len(rows), "was": was(frame, "geometry", rows)},
        place=place_of(first),
        before=short_wkt(first),
        after=short_wkt(shapes[int(np.argmax(changed))]),
    )
    return Checked(with_shapes(frame, shapes), (finding,))


def _main(shape: shapely.Geometry, *, lines: bool) -> shapely.Geometry:
    """Return the polygons of a collection, else its lines where wanted, else the collection."""
    parts = _atoms(shape)
    dimensions = shapely.get_dimensions(parts)
    if (dimensions == 2).any():  # noqa: PLR2004 polygons have two
        areas = parts[dimensions == 2]  # noqa: PLR2004
        return areas[0] if len(areas) == 1 else shapely.MultiPolygon(areas.tolist())
    if lines and (dimensions == 1).any():
        return shapely.MultiLineString(parts[dimensions == 1].tolist())
    return shape


def _atoms(shape: shapely.Geometry) -> Geometries:
    """Return the single geometries of a collection, however deep they are nested."""
    parts = shapely.get_parts(shape)
    while (shapely.get_type_id(parts) >= shapely.GeometryType.MULTIPOINT).any():
        parts = shapely.get_parts(parts)
    return np.asarray(parts[~shapely.is_empty(parts)], dtype=object)


def _filled(frame: gpd.GeoDataFrame, options: ReadOptions) -> Checked:
    """Ask whether closed lines in place of areas are their outlines, as drawings have them."""
    outlines = ~_may_be_lines(frame) & _closed(shapes_of(frame))
    if not outlines.any():
        return Checked(frame)
    rows = frame.index[outlines]
    shapes = shapes_of(frame).copy()
    shapes[outlines] = [_polygon(line) for line in shapes[outlines]]
    values: dict[str, object] = {"count": len(rows)}
    first = int(np.argmax(outlines))
    told = partial(
        Finding,
        "lines-closed",
        rows,
        place=place_of(frame.geometry.iloc[first]),
        before=short_wkt(frame.geometry.iloc[first]),
        after=short_wkt(shapes[first]),
    )
    if accepted(options, "lines-closed"):
        values["was"] = was(frame, "geometry", rows)
        return Checked(with_shapes(frame, shapes), (told(values=values, severity="repaired"),))
    severity: Severity = "quarantined" if rejected(options, "lines-closed") else "question"
    held = () if severity == "quarantined" else tuple(rows.tolist())
    return Checked(frame[~outlines], (told(values=values, severity=severity),), held)


def _closed(shapes: Geometries) -> Mask:
    parts, owner = shapely.get_parts(shapes, return_index=True)
    lines = np.isin(shapely.get_type_id(parts), (1, 2))  # LineString, LinearRing
    rings = lines & shapely.is_closed(parts)
    rings &= shapely.get_num_coordinates(parts) >= _FEWEST_VERTICES
    closed = np.ones(len(shapes), dtype=bool)
    closed[owner[~rings]] = False
    return np.asarray(closed & (shapely.get_num_geometries(shapes) > 0), dtype=bool)


def _polygon(lines: shapely.Geometry) -> shapely.Geometry:
    polygons = [shapely.Polygon(line.coords) for line in shapely.get_parts(lines)]
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)


def _fitting(frame: gpd.GeoDataFrame) -> Checked:
    """Set aside what is neither a polygon nor, for lanes, roads and water, a line."""
    types, lines = frame.geom_type, _may_be_lines(frame)
    right = types.isin(_POLYGONS) | (types.isin(_LINES) & lines)
    findings = tuple(
        Finding(
            "geometry-type",
            frame.index[(types == found) & ~right],
            values={"found": found, "expected": "LineString" if lines.any() else "Polygon"},
            place=place_of(frame.geometry[(types == found) & ~right].iloc[0]),
        )
        for found in types[~right].unique()
    )
    return Checked(frame[right], findings)
