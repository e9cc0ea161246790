"""One layer from its own columns to the contract: the steps, in order, each saying what it did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import WGS84, Datum, Degrees, to_wgs84
from geo.frames import conform
from geo.load import codes, coverage, datums, points, polygons
from geo.load.columns import CONTRACT_OF, COUNTS, first_of_each, mapped, missing
from geo.load.fillings import coded, filled, shaped
from geo.load.findings import Finding, Loaded, Noun, RawLayer, ReadOptions, Report
from geo.load.positions import placed
from geo.load.projections import ambiguous_datum, crs_name, resolved
from geo.load.repairs import Checked, accepted
from geo.load.spots import placer

_PLAIN: Final = ("parties", "duties", "services", "list")
# Questions before whose answer nothing else about the rows can be told.
_BLOCKING: Final = ("crs-unknown", "crs-local", "crs-misfit", "axes-swapped", "location-order")
_NOTHING_TO_COMPARE: Final = {
    "sentence_zh": "没有已知区域可以对照，或没有列写明所在区域，不能实测基准；"
    "请先导入区划，或用 --known 给出",
    "sentence": "No areas are known to compare with, or no column names any: the datum cannot be "
    "measured. Import divisions first, or give them with --known",
}
_DECIMALS: Final = 7  # of a degree: a centimetre
_DRIVERS: Final = {"shp": "ESRI Shapefile", "geojson": "GeoJSON", "gpkg": "GPKG", "kml": "KML"}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a layer comes from: the file's name and what it really is."""

    file: str
    format: str = ""


Step: TypeAlias = Callable[[RawLayer], RawLayer]


def loaded(raw: RawLayer, noun: Noun, options: ReadOptions, origin: Origin) -> Loaded:
    """Return a layer as it was read, carried through every step to the contract."""
    steps: tuple[Step, ...] = (
        lambda layer: mapped(layer, noun, options),
        lambda layer: filled(layer, noun, options),
        lambda layer: _present(layer, noun, raw),
    )
    if noun not in _PLAIN:
        steps += (
            lambda layer: shaped(layer, options),
            lambda layer: placed(layer, options),
            lambda layer: resolved(layer, options, tiling=noun == "areas"),
            lambda layer: _positioned(layer, noun, raw),
            lambda layer: coded(layer, noun),
            lambda layer: _on_datum(layer, options),
        )
    layer = raw
    for step in steps:
        layer = step(layer)
        if _stopped(layer):
            return _result(layer, raw, noun, origin)
    if noun not in _PLAIN:
        layer = _checked(layer, noun, options, origin)
    layer = first_of_each(missing(layer, noun, _names(raw)), CONTRACT_OF[noun].key)
    return _result(layer, raw, noun, origin)


def empty(origin: Origin, noun: Noun, *findings: Finding, layer: str = "") -> Loaded:
    """Return a result without rows: a question or an error about the whole file."""
    report = Report(origin.file, layer, noun, findings=findings)
    return Loaded(pd.DataFrame(), report, pd.DataFrame(columns=["row", "reason"]))


def _stopped(layer: RawLayer) -> bool:
    """Tell whether nothing more can be looked at: no columns, no positions, no system."""
    return any(
        f.severity == "error" or (f.severity == "question" and f.code in _BLOCKING)
        for f in layer.findings
    )


def _names(raw: RawLayer) -> list[str]:
    return [str(name) for name in raw.frame.columns if name != "geometry"]


def _present(layer: RawLayer, noun: Noun, raw: RawLayer) -> RawLayer:
    """Return the layer, rows without a required value set aside; codes may still be made."""
    made = {"issues": "reference", "areas": "code", "lanes": "code", "places": "code"}
    absent = made.get(noun, "")
    if absent and absent not in layer.frame.columns:
        blank = layer.frame.assign(**{absent: "-"})
        checked = missing(replace(layer, frame=blank), noun, _names(raw))
        return replace(checked, frame=checked.frame.drop(columns=absent))
    return missing(layer, noun, _names(raw))


_OUTLINED: Final = ("areas", "lanes")  # a point is no border


def _positioned(layer: RawLayer, noun: Noun, raw: RawLayer) -> RawLayer:
    """Say that a layer has no positions at all: an error, but for issues."""
    placed_ = {"lon", "lat"} <= set(layer.frame.columns) and noun not in _OUTLINED
    if placed_ or "geometry" in layer.frame.columns:
        return layer
    if noun == "issues":
        blank = pd.Series(np.nan, index=layer.frame.index)
        return replace(layer, frame=layer.frame.assign(lon=blank, lat=blank))
    return layer.saying(Finding("no-geometry", values={"found": "、".join(_names(raw))}))


def _on_datum(layer: RawLayer, options: ReadOptions) -> RawLayer:
    """Return the layer with its datum: declared, said, measured; else a question is open."""
    if layer.datum is not None:
        return layer
    if options.datum is not None and options.datum != "measured":
        doubts = _contradicted(layer, options, options.datum)
        return replace(layer, datum=options.datum, datum_known="option").saying(*doubts)
    if not ambiguous_datum(layer):
        return replace(layer, datum="wgs84", datum_known="declared")
    votes = _votes(layer, options)
    if votes is None:
        asked = options.datum == "measured"
        why = [Finding("datum-measured", values=_NOTHING_TO_COMPARE)] if asked else []
        return replace(layer, datum_known="assumed").saying(*why, Finding("datum-unknown"))
    said = Finding(
        "datum-measured", values={"sentence": votes.sentence, "sentence_zh": votes.sentence_zh}
    )
    if options.datum == "measured" and votes.confident and votes.best is not None:
        return replace(layer, datum=votes.best, datum_known="measured").saying(said)
    return replace(layer, datum_known="assumed").saying(said, Finding("datum-unknown"))


def _contradicted(layer: RawLayer, options: ReadOptions, said: Datum) -> tuple[Finding, ...]:
    """Ask about points whose named areas leave no doubt that another datum was meant."""
    shapes = (
        "geometry" in layer.frame.columns and not layer.frame.geometry.geom_type.eq("Point").all()
    )
    if shapes or accepted(options, "datum-contradicted") or not ambiguous_datum(layer):
        return ()
    votes = _votes(layer, options)
    if votes is None or not votes.certain or votes.best is None or votes.best == _alike(said):
        return ()
    sentences = {"sentence": votes.sentence, "sentence_zh": votes.sentence_zh}
    values: dict[str, object] = {"said": said, "best": votes.best, **sentences}
    return (Finding("datum-contradicted", values=values),)


def _alike(datum: Datum) -> Datum:
    return "wgs84" if datum == "cgcs2000" else datum


def _votes(layer: RawLayer, options: ReadOptions) -> datums.DatumVotes | None:
    """Return what the detector finds, where areas are known and rows name any."""
    order = ("grid", "parent", "subdistrict", "district", "address", "name")
    named = [name for name in order if name in layer.frame.columns]
    if options.known is None or options.known.empty or not named:
        return None
    where = _sample(layer.frame)
    return datums.detect(where["lon"], where["lat"], layer.frame[named], options.known)


def _sample(frame: pd.DataFrame) -> pd.DataFrame:
    if "geometry" not in frame.columns or frame.geometry.geom_type.eq("Point").all():
        return points.usable(frame)
    inside = shapely.point_on_surface(frame.geometry.to_numpy())
    return pd.DataFrame({"lon": shapely.get_x(inside), "lat": shapely.get_y(inside)})


def _checked(layer: RawLayer, noun: Noun, options: ReadOptions, origin: Origin) -> RawLayer:
    """Return the layer with its rows checked, in WGS 84."""
    datum: Datum = layer.datum or "wgs84"
    known = codes.check(layer.frame)
    frame = known.frame
    driver = _DRIVERS.get(origin.format, "")
    if noun in ("areas", "lanes"):
        rows = polygons.check(frame, datum=datum, options=options, file_format=driver)
        borders = coverage.check(rows.frame, options=options, earlier=rows.findings)
        checked = known.then(rows).then(borders)
    elif _has_outlines(frame):
        rows = polygons.check(
            frame, datum=datum, options=options, file_format=driver, borders=False
        )
        checked = known.then(_with_points(rows))
    else:
        frame = _outlines_shifted(frame, datum)
        rows = points.check(frame, datum=datum, options=options, optional=noun == "issues")
        checked = known.then(rows)
    return replace(
        layer, frame=checked.frame, findings=(*layer.findings, *checked.findings), held=checked.held
    )


def _outlines_shifted(frame: pd.DataFrame, datum: Datum) -> pd.DataFrame:
    """Return the frame with footprints moved to WGS 84, where it has any."""
    if "footprint" not in frame.columns:
        return frame

    def shift(xy: Degrees) -> Degrees:
        return np.column_stack(to_wgs84(xy[:, 0], xy[:, 1], datum))

    moved = shapely.transform(np.asarray(frame["footprint"], dtype=object), shift)
    return frame.assign(footprint=gpd.GeoSeries(moved, index=frame.index, crs=WGS84))


def _has_outlines(frame: pd.DataFrame) -> bool:
    return "geometry" in frame.columns and bool((shapely.get_dimensions(frame.geometry) > 0).any())


def _with_points(rows: Checked) -> Checked:
    """Return places whose outlines are kept as footprints, with a point inside as position."""
    outlines = rows.frame.geometry
    inside = gpd.GeoSeries(shapely.point_on_surface(outlines.to_numpy()), index=outlines.index)
    frame = rows.frame.assign(footprint=outlines).set_geometry(inside.set_crs(outlines.crs))
    said = Finding("footprint-point", values={"count": len(frame)})
    return Checked(frame, (*rows.findings, said), rows.held)


def _result(layer: RawLayer, raw: RawLayer, noun: Noun, origin: Origin) -> Loaded:
    stopped = _stopped(layer)
    if not (stopped or layer.held or len(layer.frame)):
        layer = layer.saying(Finding("nothing-usable", values={"count": len(raw.frame)}))
    placed = placer(raw, layer)
    findings = tuple(placed(_described(f, raw)) for f in layer.findings)
    frame = pd.DataFrame() if stopped else conform(layer.frame, CONTRACT_OF[noun])
    unread = {row for f in raw.findings if f.severity == "quarantined" for row in f.rows}
    report = Report(
        origin.file,
        layer.name,
        noun,
        crs=crs_name(layer.crs),
        crs_known=layer.crs_known,
        datum=layer.datum,
        datum_known=layer.datum_known,
        read=len(raw.frame.index.union(list(unread))),
        used=len(frame),
        findings=findings,
    )
    counts = pd.DataFrame(layer.frame.filter([] if stopped else list(COUNTS)))
    return Loaded(frame, report, _quarantined(raw, report), counts)


def _described(finding: Finding, raw: RawLayer) -> Finding:
    """Return a finding about one row with the source's own name of it."""
    if finding.feature or len(finding.rows) != 1 or raw.features is None:
        return finding
    return replace(finding, feature=str(raw.features.get(finding.rows[0], "")))


def _quarantined(raw: RawLayer, report: Report) -> pd.DataFrame:
    """Return the rows set aside as they were read, each with its reasons."""
    reasons: dict[int, list[str]] = {}
    for finding in report.findings:
        for row in finding.rows if finding.severity == "quarantined" else ():
            reasons.setdefault(row, []).append(f"{finding.zh} {finding.en}")
    rows = sorted(reasons)
    plain = pd.DataFrame(raw.frame).reindex(rows)
    if isinstance(raw.frame, gpd.GeoDataFrame):
        shapes = raw.frame.geometry.reindex(rows).to_numpy()
        plain = plain.assign(geometry=shapely.to_wkt(shapes, rounding_precision=_DECIMALS))
    taken = {"row": "row_in_file", "reason": "reason_in_file"}
    about = pd.DataFrame(
        {"row": rows, "reason": [" / ".join(reasons[r]) for r in rows]}, index=rows
    )
    return pd.concat([about, plain.rename(columns=taken)], axis=1)
