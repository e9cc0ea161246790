"""Polygons and lines checked row by row: what is broken is mended and said, or set aside.

Geometries come in degrees of a datum and leave in WGS 84. Areas in a finding are square metres.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import CHINA_LAT, CHINA_LON, WGS84, Datum, Degrees, to_wgs84
from geo.load import rings
from geo.load.figures import typed
from geo.load.findings import Finding, ReadOptions
from geo.load.kinds import Severity
from geo.load.repairs import (
    Checked,
    Geometries,
    Mask,
    accepted,
    cells_of,
    place_of,
    rejected,
    shapes_of,
    short_wkt,
    was,
    with_shapes,
)
from geo.load.validity import area_of, mended

Step: TypeAlias = Callable[[gpd.GeoDataFrame], Checked]

SAME_AS_WGS84: Final = ("wgs84", "cgcs2000")
# GeoJSON (RFC 7946) and KML want outer rings counter-clockwise; shapefiles the other way.
_COUNTER_CLOCKWISE: Final = ("GeoJSON", "KML", "LIBKML")
_FAR_DEGREES: Final = 2.0
_FAR_DEVIATIONS: Final = 10.0
_FEWEST_FOR_MEDIAN: Final = 5


def check(
    frame: pd.DataFrame,
    *,
    datum: Datum,
    options: ReadOptions,
    file_format: str = "",
    borders: bool = True,
) -> Checked:
    """Return the usable rows with valid geometries in WGS 84, and everything found.

    Parameters
    ----------
    frame
        Indexed by source row, with a `geometry` in degrees of the datum; a `kind` and a `code`
        are used where there.
    file_format
        The driver's name, for the direction of rings.
    borders
        The shapes are borders: a doubtful mending is asked about. Of a building's outline only
        the position matters, and it is mended and said.
    """
    start = gpd.GeoDataFrame(frame, geometry=np.asarray(frame["geometry"], dtype=object), crs=WGS84)
    steps: tuple[Step, ...] = (
        _present,
        partial(_unswapped, options=options),
        partial(typed, options=options),
        _finite,
        _in_range,
        _flat,
        _single_vertices,
        partial(_direction, file_format=file_format),
        partial(mended, options=options, asks=borders),
        _spikeless,
        _holes,
        _far_parts,
    )
    checked = Checked(start)
    for step in steps:
        checked = checked.then(step(checked.frame))
    return checked if datum in SAME_AS_WGS84 else _shifted(checked, datum)


def _shifted(checked: Checked, datum: Datum) -> Checked:
    """Return the result moved to WGS 84, with what its findings show and undo."""

    def shift(xy: Degrees) -> Degrees:
        with np.errstate(invalid="ignore"):  # infinities stay what they are
            lon, lat = to_wgs84(xy[:, 0], xy[:, 1], datum)
        return np.column_stack([lon, lat, *xy.T[2:]])

    def moved(shape: shapely.Geometry) -> shapely.Geometry:
        return shapely.transform(shape, shift, include_z=bool(shapely.has_z(shape)))

    def said(finding: Finding) -> Finding:
        cells = cells_of(finding).get("geometry", {})
        kept = {"was": {"geometry": {row: moved(shape) for row, shape in cells.items()}}}
        return replace(
            finding,
            place=finding.place and place_of(moved(shapely.Point(finding.place))),
            geometry=finding.geometry and moved(finding.geometry),
            values={**finding.values, **(kept if cells else {})},  # noqa: PD011 not a frame
        )

    frame = with_shapes(checked.frame, shapely.transform(shapes_of(checked.frame), shift))
    return Checked(frame, tuple(said(finding) for finding in checked.findings), checked.held)


def _aside(frame: gpd.GeoDataFrame, lost: Mask, findings: tuple[Finding, ...]) -> Checked:
    return Checked(frame[~lost], findings)


def _present(frame: gpd.GeoDataFrame) -> Checked:
    shapes = shapes_of(frame)
    lost = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    findings = (Finding("geometry-missing", frame.index[lost]),) if lost.any() else ()
    return _aside(frame, lost, findings)


def _flat(frame: gpd.GeoDataFrame) -> Checked:
    shapes = shapes_of(frame)
    high = shapely.has_z(shapes) | shapely.has_m(shapes)
    if not high.any():
        return Checked(frame)
    rows = frame.index[high]
    values = {"count": len(rows), "was": was(frame, "geometry", rows)}
    finding = Finding("geometry-z", rows, values=values, before="XYZ", after="XY")
    return Checked(with_shapes(frame, shapely.force_2d(shapes)), (finding,))


def _finite(frame: gpd.GeoDataFrame) -> Checked:
    xy, owner = shapely.get_coordinates(shapes_of(frame), return_index=True)
    lost = np.zeros(len(frame), dtype=bool)
    lost[owner[~np.isfinite(xy).all(axis=1)]] = True
    values = {"reason": "NaN/∞"}
    findings = (Finding("geometry-range", frame.index[lost], values=values),) if lost.any() else ()
    return _aside(frame, lost, findings)


def _unswapped(frame: gpd.GeoDataFrame, *, options: ReadOptions) -> Checked:
    """Ask about geometries whose latitudes can only be longitudes of China."""
    bounds = shapely.bounds(shapes_of(frame))
    odd = (bounds[:, 1] >= CHINA_LON[0]) & (bounds[:, 3] <= CHINA_LON[1]) & (bounds[:, 3] > 90)  # noqa: PLR2004 the pole
    odd &= (bounds[:, 0] >= CHINA_LAT[0]) & (bounds[:, 2] <= CHINA_LAT[1])
    if not odd.any():
        return Checked(frame)
    rows = frame.index[odd]
    turned = with_shapes(frame, np.where(odd, _flipped(shapes_of(frame)), shapes_of(frame)))
    values: dict[str, object] = {"count": len(rows)}
    example = (short_wkt(frame.geometry[rows[0]]), short_wkt(turned.geometry[rows[0]]))
    place = place_of(turned.geometry[rows[0]])
    told = partial(Finding, "polygon-swapped", rows, place=place, before=example[0])
    if accepted(options, "polygon-swapped"):
        values["was"] = was(frame, "geometry", rows)
        return Checked(turned, (told(values=values, after=example[1], severity="repaired"),))
    severity: Severity = "quarantined" if rejected(options, "polygon-swapped") else "question"
    held = () if severity == "quarantined" else tuple(rows.tolist())
    return Checked(frame[~odd], (told(values=values, after=example[1], severity=severity),), held)


def _flipped(shapes: Geometries) -> Geometries:
    return np.asarray(shapely.transform(shapes, lambda xy: xy[:, ::-1]), dtype=object)


def _in_range(frame: gpd.GeoDataFrame) -> Checked:
    """Set aside what lies off the globe, has a corner at (0,0), or is far from all the others."""
    reasons = pd.Series(pd.NA, index=frame.index, dtype="str")
    bounds = shapely.bounds(shapes_of(frame))
    off = (np.abs(bounds[:, [0, 2]]) > 180).any(axis=1) | (np.abs(bounds[:, [1, 3]]) > 90).any(  # noqa: PLR2004 degrees
        axis=1
    )
    xy, owner = shapely.get_coordinates(shapes_of(frame), return_index=True)
    nowhere = np.zeros(len(frame), dtype=bool)
    nowhere[owner[(xy == 0).all(axis=1)]] = True
    far = _far(bounds, off | nowhere)
    for mask, reason in ((far, "远离其余图形 far from the others"), (nowhere, "(0,0)")):
        reasons[mask] = reason
    reasons[off] = "超出经纬度范围 off the globe"
    findings = tuple(
        Finding("geometry-range", rows.index, values={"reason": reason})
        for reason, rows in reasons.groupby(reasons)
    )
    return _aside(frame, reasons.notna().to_numpy(), findings)


def _far(bounds: Degrees, broken: Mask) -> Mask:
    """Tell which boxes reach far beyond where the layer's median box lies."""
    sound = bounds[~broken]
    if len(sound) < _FEWEST_FOR_MEDIAN:
        return np.zeros(len(bounds), dtype=bool)
    away = np.abs(bounds - np.median(sound, axis=0)).max(axis=1)
    fence = max(_FAR_DEGREES, _FAR_DEVIATIONS * float(np.median(away[~broken])))
    return np.asarray((away > fence) & ~broken, dtype=bool)


def _single_vertices(frame: gpd.GeoDataFrame) -> Checked:
    shapes = shapes_of(frame)
    counts = rings.repeated_vertices(shapes)
    rows = frame.index[counts > 0]
    if rows.empty:
        return Checked(frame)
    values = {
        "count": len(rows),
        "vertices": int(counts.sum()),
        "was": was(frame, "geometry", rows),
    }
    finding = Finding(
        "vertices-repeated", rows, values=values, place=place_of(frame.geometry[rows[0]])
    )
    return Checked(with_shapes(frame, shapely.remove_repeated_points(shapes, 0.0)), (finding,))


def _spikeless(frame: gpd.GeoDataFrame) -> Checked:
    shapes = shapes_of(frame).copy()
    findings = []
    for place, tips in rings.spikes(shapes).items():
        before, row = shapes[place], frame.index[place]
        after = rings.without(before, tips)
        if after is before:
            continue
        shapes[place] = after
        values = {
            "count": len(tips),
            "area_before": f"{area_of(before):,.1f}",
            "area_after": f"{area_of(after):,.1f}",
            "was": {"geometry": {row: before}},
        }
        told = partial(Finding, before=short_wkt(before), after=short_wkt(after))
        findings.append(told("polygon-spike", [row], place=tips[0], values=values))
    return Checked(with_shapes(frame, shapes), tuple(findings))


def _direction(frame: gpd.GeoDataFrame, *, file_format: str) -> Checked:
    shapes = shapes_of(frame)
    wrong = rings.clockwise(shapes) & shapely.is_valid(shapes)
    if file_format not in _COUNTER_CLOCKWISE or not wrong.any():
        return Checked(frame)
    values = {"count": int(wrong.sum()), "format": file_format}
    place = place_of(frame.geometry[wrong].iloc[0])
    return Checked(
        frame, (Finding("polygon-clockwise", frame.index[wrong], values=values, place=place),)
    )


def _holes(frame: gpd.GeoDataFrame) -> Checked:
    holes = rings.empty_holes(shapes_of(frame))
    if holes.empty:
        return Checked(frame)
    rows = frame.index[np.unique(holes["place"])]
    values = {"count": len(rows), "holes": len(holes)}
    shape = shapely.MultiPolygon(holes["hole"].tolist())
    told = {"place": place_of(holes["hole"].iloc[0]), "geometry": shape}
    return Checked(frame, (Finding("polygon-holes", rows, values=values, **told),))


def _far_parts(frame: gpd.GeoDataFrame) -> Checked:
    findings = tuple(
        Finding(
            "polygon-far-part",
            [frame.index[part["place"]]],
            values={"area": f"{part['area']:,.1f}", "distance": f"{part['distance']:.0f}"},
            place=place_of(part["part"]),
            geometry=part["part"],
        )
        for part in rings.far_parts(shapes_of(frame)).to_dict("records")
    )
    return Checked(frame, findings)
