"""Invalid polygons mended, with the reason and the place, or asked about, or set aside."""

from __future__ import annotations

import re
from functools import partial
from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from geo.load import rings
from geo.load.findings import Finding, ReadOptions
from geo.load.kinds import Severity
from geo.load.repairs import (
    Checked,
    accepted,
    place_of,
    rejected,
    shapes_of,
    short_wkt,
    with_shapes,
)

# Mending by structure and by line work may differ by this share before a person is asked.
_DOUBT_SHARE: Final = 0.01
_REASON: Final = re.compile(r"(?P<reason>[^\[]+)(?:\[(?P<x>\S+) (?P<y>\S+)\])?")
_REASONS_ZH: Final = {
    "Self-intersection": "自相交",
    "Ring Self-intersection": "环自相交",
    "Hole lies outside shell": "洞在外环之外",
    "Holes are nested": "洞套着洞",
    "Nested shells": "外环相套",
    "Duplicate Rings": "环重复",
    "Interior is disconnected": "内部断开",
    "Too few points in geometry component": "顶点太少",
    "Invalid Coordinate": "坐标无效",
}


def mended(frame: gpd.GeoDataFrame, *, options: ReadOptions, asks: bool = True) -> Checked:
    """Return the frame with valid polygons; rows without area are out, doubtful ones held.

    Where mending by structure and by line work give different areas, a person is asked; not so
    with `asks` False, when the first is taken.
    """
    taken = ReadOptions(accept=options.accept | {"polygon-doubtful"}, reject=options.reject)
    shapes = shapes_of(frame)
    broken = ~shapely.is_valid(shapes)
    if not broken.any():
        return Checked(frame)
    whole = shapes.copy()
    whole[broken] = shapely.make_valid(shapes[broken], method="structure", keep_collapsed=False)
    findings = tuple(
        _invalid_finding(
            frame.index[place], shapes[place], whole[place], options if asks else taken
        )
        for place in np.flatnonzero(broken).tolist()
    )
    aside = {f.rows[0] for f in findings if f.severity == "quarantined"}
    held = tuple(f.rows[0] for f in findings if f.severity == "question")
    result = with_shapes(frame, whole)
    return Checked(result.drop(index=[*aside, *held]), findings, held)


def _invalid_finding(
    row: int, shape: shapely.Geometry, mended: shapely.Geometry, options: ReadOptions
) -> Finding:
    reason, place = _reason(shape)
    area_after = area_of(mended)
    other = shapely.make_valid(shape)
    area_other = area_of(other)
    values: dict[str, object] = {
        "reason": reason,
        "area_before": f"{area_of(shape):,.1f}",
        "area_after": f"{area_after:,.1f}",
        "area_other": f"{area_other:,.1f}",
    }
    told = partial(Finding, rows=[row], place=place, before=short_wkt(shape), geometry=shape)
    if shapely.is_empty(mended) or (area_after == 0.0 and shapely.get_dimensions(shape) > 1):
        return told("polygon-collapsed", values=values)
    values["was"] = {"geometry": {row: shape}}
    doubtful = abs(area_after - area_other) > _DOUBT_SHARE * area_other
    severity: Severity | None = None
    if doubtful and accepted(options, "polygon-doubtful"):
        severity = "repaired"
    if doubtful and rejected(options, "polygon-doubtful"):
        severity = "quarantined"
    code = "polygon-doubtful" if doubtful else "polygon-invalid"
    return told(code, values=values, after=short_wkt(mended), severity=severity)


def _reason(shape: shapely.Geometry) -> tuple[str, tuple[float, float] | None]:
    """Return why a geometry is not valid, in both languages, and where."""
    match = _REASON.match(shapely.is_valid_reason(shape))
    if match is None:
        return "?", place_of(shape)
    reason = match["reason"].strip()
    both = f"{_REASONS_ZH.get(reason, '无效')} {reason}"
    if match["x"] is None:
        return both, place_of(shape)
    return both, (round(float(match["x"]), 7), round(float(match["y"]), 7))


def area_of(shape: shapely.Geometry) -> float:
    """Return the area of a shape in degrees, in square metres."""
    return float(shapely.area(rings.metres(np.array([shape], dtype=object)))[0])
