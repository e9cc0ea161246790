"""Points checked row by row: what cannot be used is set aside, what looks swapped is asked about.

Positions come in degrees of a datum, as typed (`lon`, `lat`) or as a `geometry` of points; they
leave as points in WGS 84.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import WGS84, Datum, Degrees, to_wgs84
from geo.load.findings import Finding, ReadOptions
from geo.load.kinds import Severity
from geo.load.repairs import Checked, Mask, accepted, rejected
from geo.load.slips import Typed, judge, looks_numbered, packed_fractions, typed

_KM_PER_DEGREE: Final = 111.2
_REPEAT_DECIMALS: Final = 5  # about a metre
# Proposals a person may accept; the position they lead to then counts as repaired.
_PROPOSALS: Final = ("point-swapped", "point-dms", "point-digits")
_MOST_LINES: Final = 200  # rows of one kind that get a line each
_WORDLESS: Final = ("point-missing", "point-zero")  # one line for all their rows
# A place is alone when its third nearest companion is five times as far as nearly all others'.
_COMPANIONS: Final = 3
_FEWEST_FOR_COMPANIONS: Final = 20
_ALONE_TIMES: Final = 5.0
_ALONE_KM: Final = 5.0
# In files of a few rows only what lies in another city stands out.
_OTHER_CITY_KM: Final = 100.0
_OUTSIDE_KM: Final = 5.0
_TOP_KINDS: Final = ("city", "district", "subdistrict", "community", "grid")


def usable(frame: pd.DataFrame) -> pd.DataFrame:
    """Return `lon` and `lat` in degrees as the source has them, missing where not usable.

    For the datum detector, which must look before positions are shifted.
    """
    points = _typed(frame, None)
    clean = judge(points)["code"].isna().to_numpy()
    lon, lat = np.where(clean, points.x, np.nan), np.where(clean, points.y, np.nan)
    return pd.DataFrame({"lon": lon, "lat": lat}, index=frame.index)


def check(
    frame: pd.DataFrame, *, datum: Datum, options: ReadOptions, optional: bool = False
) -> Checked:
    """Return the usable rows as points in WGS 84, and everything found.

    Parameters
    ----------
    frame
        Indexed by source row, with `lon` and `lat` as typed, or a `geometry` of points, in degrees
        of the datum.
    options
        `known` areas say where the city is; `accept` and `reject` answer proposals.
    optional
        A row without a position is kept (an issue may have none).
    """
    points = _typed(frame, options.known)
    verdicts = judge(points).set_index(frame.index)
    taken = verdicts["code"].isna() | _answered(verdicts["code"], options)
    degrees = _degrees(points, verdicts, taken.to_numpy())
    packed, findings = _packed(degrees, options)
    shifted = pd.DataFrame(dict(zip(("lon", "lat"), to_wgs84(*packed, datum), strict=True)))
    shifted.index = frame.index
    findings += _verdict_findings(points, verdicts, datum, options)
    stray = _stray(shifted, options)
    findings += _centred(frame)
    findings += _repeats(points, frame.index) + _imprecise(degrees, frame.index) + stray
    placed = _placed(frame, shifted)
    return _sorted_out(placed, findings, optional=optional)


def _typed(frame: pd.DataFrame, known: gpd.GeoDataFrame | None) -> Typed:
    if "lon" in frame.columns and "lat" in frame.columns:
        return typed(frame["lon"], frame["lat"], known)
    xy = shapely.get_coordinates(shapely.centroid(_points(frame)))
    return typed(pd.Series(xy[:, 0]), pd.Series(xy[:, 1]), known)


def _centred(frame: pd.DataFrame) -> tuple[Finding, ...]:
    """Say which rows hold several points, so that their centre is the position."""
    if "geometry" not in frame.columns:
        return ()
    several = shapely.get_num_geometries(_points(frame)) > 1
    rows = frame.index[several]
    return (Finding("points-centred", rows, values={"count": len(rows)}),) if len(rows) else ()


def _points(frame: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """Return the geometries, with a point of not-a-numbers where there is none."""
    geometries = np.asarray(frame["geometry"], dtype=object)
    nowhere = shapely.Point(np.nan, np.nan)
    lost = shapely.is_missing(geometries) | shapely.is_empty(geometries)
    return np.where(lost, nowhere, geometries)


def _answered(codes: pd.Series, options: ReadOptions) -> pd.Series:
    taken = [slug for slug in _PROPOSALS if accepted(options, slug)]
    return codes.isin(taken)


def _degrees(points: Typed, verdicts: pd.DataFrame, taken: Mask) -> tuple[Degrees, Degrees]:
    """Return positions as read, or as proposed and accepted; not-a-number for the others."""
    plain = verdicts["code"].isna().to_numpy()
    lon = np.where(plain, points.x, np.where(taken, verdicts["lon"], np.nan))
    lat = np.where(plain, points.y, np.where(taken, verdicts["lat"], np.nan))
    return lon, lat


def _packed(
    degrees: tuple[Degrees, Degrees], options: ReadOptions
) -> tuple[tuple[Degrees, Degrees], tuple[Finding, ...]]:
    """Return degrees, and the question whether all decimals are minutes and seconds."""
    known = np.isfinite(degrees[0]) & np.isfinite(degrees[1])
    read = packed_fractions(degrees[0][known], degrees[1][known])
    if read is None or rejected(options, "points-packed"):
        return degrees, ()
    values = {"count": int(known.sum())}
    if not accepted(options, "points-packed"):
        return degrees, (Finding("points-packed", values=values),)
    lon, lat = degrees[0].copy(), degrees[1].copy()
    lon[known], lat[known] = read
    return (lon, lat), (Finding("points-packed", values=values, severity="repaired"),)


def _verdict_findings(
    points: Typed, verdicts: pd.DataFrame, datum: Datum, options: ReadOptions
) -> tuple[Finding, ...]:
    grouped = {
        slug: verdicts.index[(verdicts["code"] == slug).to_numpy()].tolist() for slug in _WORDLESS
    }
    lines = [Finding(slug, rows) for slug, rows in grouped.items() if rows]
    counts = verdicts["code"].value_counts()
    crowds = counts.index[counts > _MOST_LINES].difference(_WORDLESS)
    lines.extend(_crowd(points, verdicts, slug, datum, options) for slug in crowds)
    single = verdicts["code"].notna() & ~verdicts["code"].isin([*_WORDLESS, *crowds])
    places = np.flatnonzero(single.to_numpy()).tolist()
    lines.extend(_row_finding(points, verdicts, place, datum, options) for place in places)
    return tuple(lines)


def _crowd(
    points: Typed, verdicts: pd.DataFrame, slug: str, datum: Datum, options: ReadOptions
) -> Finding:
    """Return one line for very many rows of a kind, worded as the first of them."""
    places = np.flatnonzero((verdicts["code"] == slug).to_numpy()).tolist()
    first = _row_finding(points, verdicts, places[0], datum, options)
    kept: dict[str, object] = {}
    if first.severity == "repaired":
        was = {int(verdicts.index[p]): shapely.Point(points.x[p], points.y[p]) for p in places}
        kept["was"] = {"geometry": was}
    said = first.values  # noqa: PD011 a finding is not a frame
    return replace(first, rows=tuple(verdicts.index[places]), values={**said, **kept})


def _row_finding(
    points: Typed, verdicts: pd.DataFrame, place: int, datum: Datum, options: ReadOptions
) -> Finding:
    row, verdict = verdicts.index[place], verdicts.iloc[place]
    typed_lon, typed_lat = points.lon.text(place), points.lat.text(place)
    values: dict[str, object] = {"lon": typed_lon, "lat": typed_lat, "error_km": 50}
    values |= _number_values(points, place)
    proposed = (float(verdict["lon"]), float(verdict["lat"]))
    after, where = "", None
    if np.isfinite(proposed).all():
        after = values["proposed"] = f"{proposed[0]:.6f}, {proposed[1]:.6f}"
        where = _wgs84(proposed, datum)
    done = verdict["code"] in _PROPOSALS and accepted(options, verdict["code"])
    refused = verdict["code"] == "point-swapped" and rejected(options, "point-swapped")
    severity: Severity | None = "repaired" if done else "quarantined" if refused else None
    if done:
        before = shapely.Point(points.x[place], points.y[place])
        values["was"] = {"geometry": {int(row): before}}
    return Finding(
        verdict["code"],
        [row],
        place=where,
        values=values,
        before=f"{typed_lon}, {typed_lat}",
        after=after,
        severity=severity,
    )


def _number_values(points: Typed, place: int) -> dict[str, object]:
    """Return which column holds a number that is no coordinate."""
    in_lon = bool(looks_numbered(points.lon)[place])
    axis = points.lon if in_lon else points.lat
    names = ("经度", "longitude") if in_lon else ("纬度", "latitude")
    return {"axis_zh": names[0], "axis": names[1], "value": axis.text(place)}


def _wgs84(position: tuple[float, float], datum: Datum) -> tuple[float, float]:
    lon, lat = to_wgs84(*position, datum)
    return round(float(lon), 7), round(float(lat), 7)


def _repeats(points: Typed, index: pd.Index) -> tuple[Finding, ...]:
    """Return how many rows repeat an earlier position; of bad rows too, so that none is hidden."""
    rounded = pd.DataFrame({"x": points.x, "y": points.y}, index=index).round(_REPEAT_DECIMALS)
    rounded = rounded[np.isfinite(rounded).all(axis=1)]
    repeated = rounded[rounded.duplicated()]
    if repeated.empty:
        return ()
    zeros = int(((repeated["x"] == 0) & (repeated["y"] == 0)).sum())
    values = {"count": len(repeated), "zeros": zeros}
    return (Finding("points-repeated", repeated.index, values=values),)


def _imprecise(degrees: tuple[Degrees, Degrees], index: pd.Index) -> tuple[Finding, ...]:
    positions = pd.DataFrame({"x": degrees[0], "y": degrees[1]}, index=index)
    whole = (positions == positions.round(0)).all(axis=1)
    coarse = positions[(positions == positions.round(2)).all(axis=1) & ~whole]
    if coarse.empty:
        return ()
    tenths = bool((coarse == coarse.round(1)).all(axis=1).any())
    values = {"count": len(coarse), "error_m": 5600 if tenths else 560}
    return (Finding("points-imprecise", coarse.index, values=values),)


def _stray(positions: pd.DataFrame, options: ReadOptions) -> tuple[Finding, ...]:
    """Return positions outside the city known, or far from all their companions."""
    there = positions[np.isfinite(positions).all(axis=1)]
    if there.empty:
        return ()
    if options.known is None or not len(options.known):
        return _lonely(there)
    distance_km = _distance_km(there, options.known)
    far = int((distance_km > _OUTSIDE_KM).sum())
    if far * 2 <= len(there):
        return _outside(there, distance_km)
    said = Finding("points-elsewhere", values={"count": far, "total": len(there)})
    return (said, *_lonely(there))


def _lonely(positions: pd.DataFrame) -> tuple[Finding, ...]:
    distance, alone = _alone(positions)
    return tuple(
        _stray_finding("point-far", positions.loc[row], km)
        for row, km in zip(positions.index[alone], distance[alone], strict=True)
    )


def _stray_finding(slug: str, position: pd.Series, km: float) -> Finding:
    lon, lat = round(float(position["lon"]), 6), round(float(position["lat"]), 6)
    values = {"distance_km": f"{km:.1f}"}
    return Finding(slug, [position.name], place=(lon, lat), values=values, before=f"{lon}, {lat}")


def _alone(positions: pd.DataFrame) -> tuple[Degrees, Mask]:
    """Return the distance (km) of each position to its companions, and which are too far."""
    scale = np.cos(np.radians(positions["lat"].median()))
    plane = positions.to_numpy() * _KM_PER_DEGREE * [scale, 1.0]
    places, where = np.unique(plane.round(2), axis=0, return_inverse=True)
    if len(places) < _FEWEST_FOR_COMPANIONS:
        away = np.hypot(*(plane - np.median(plane, axis=0)).T)
        fence = max(_OTHER_CITY_KM, 10.0 * float(np.median(away)))
        return away, (away > fence) & (len(places) > _COMPANIONS)
    from scipy.spatial import cKDTree  # noqa: PLC0415 start-up: only many places are worth it

    distances = cKDTree(places).query(places, k=_COMPANIONS + 1)[0]
    third = distances[where.ravel(), _COMPANIONS]
    fence = max(_ALONE_KM, _ALONE_TIMES * float(np.quantile(third, 0.95)))
    return distances[where.ravel(), 1], third > fence


def _outside(positions: pd.DataFrame, distance_km: Degrees) -> tuple[Finding, ...]:
    """Return positions outside the areas known: far away, or near them and nobody's."""
    away, far = distance_km > 0.0, distance_km > _OUTSIDE_KM
    lines = [
        _stray_finding("point-outside", positions.loc[row], km)
        for row, km in zip(positions.index[far], distance_km[far], strict=True)
    ]
    near = positions.index[away & ~far]
    if len(near):
        lines.append(Finding("points-unowned", near, values={"count": len(near)}))
    return tuple(lines)


def _distance_km(positions: pd.DataFrame, known: gpd.GeoDataFrame) -> Degrees:
    """Return how far each position is from the nearest area, 0 inside.

    In a plane laid on the positions: what is far away need not be measured well.
    """
    polygons = np.asarray(known.geometry.to_crs(WGS84), dtype=object)
    lat = np.radians(float(np.clip(positions["lat"].median(), -89.0, 89.0)))
    scale = _KM_PER_DEGREE * np.array([np.cos(lat), 1.0])
    distance = np.zeros(len(positions))
    out = np.arange(len(positions))
    for chosen in (_highest(known), np.ones(len(known), dtype=bool)):
        # A tree of the points, asked by the areas: each is prepared once for all points in it.
        there = shapely.STRtree(shapely.points(positions.to_numpy()[out]))
        inside = there.query(polygons[chosen], predicate="intersects")[1]
        out = np.delete(out, np.unique(inside))
    flat = shapely.transform(polygons, lambda xy: xy * scale)
    distance[out] = shapely.STRtree(flat).query_nearest(
        shapely.points(positions.to_numpy()[out] * scale), all_matches=False, return_distance=True
    )[1]
    return distance


def _highest(known: gpd.GeoDataFrame) -> Mask:
    """Tell which areas are of the highest kind known: few, and they hold nearly every point."""
    kinds = known["kind"].to_numpy() if "kind" in known.columns else np.full(len(known), None)
    for kind in _TOP_KINDS:
        if (kinds == kind).any():
            return np.asarray(kinds == kind, dtype=bool)
    return np.ones(len(known), dtype=bool)


def _placed(frame: pd.DataFrame, positions: pd.DataFrame) -> gpd.GeoDataFrame:
    geometry = gpd.points_from_xy(positions["lon"], positions["lat"], crs=WGS84)
    lost = positions.isna().any(axis=1).to_numpy()
    series = gpd.GeoSeries(geometry, index=frame.index).where(~lost, None)
    return gpd.GeoDataFrame(
        frame.drop(columns=["lon", "lat", "geometry"], errors="ignore"), geometry=series, crs=WGS84
    )


def _sorted_out(
    placed: gpd.GeoDataFrame, findings: tuple[Finding, ...], *, optional: bool
) -> Checked:
    """Return the rows left when those set aside, and those that wait for an answer, are out."""
    if optional:
        findings = _softened(findings, placed.index[placed.geometry.isna()])
    aside = {row for f in findings if f.severity == "quarantined" for row in f.rows}
    swapped = {row for f in findings if f.code == "point-swapped" for row in f.rows}
    lost = placed.index[placed.geometry.isna()]
    held = tuple(int(row) for row in lost if row in swapped and row not in aside)
    return Checked(placed.drop(index=[*aside, *held]), findings, held)


def _softened(findings: tuple[Finding, ...], lost: pd.Index) -> tuple[Finding, ...]:
    """Return what is wrong with positions as remarks: an issue is never dropped for its place.

    One outside the city keeps its position, one that cannot be read has none, which is said of the
    rows `lost` so; both then wait to be claimed.
    """
    soft = tuple(
        replace(each, severity="info") if each.severity == "quarantined" else each
        for each in findings
    )
    told = [each for each in findings if each.severity == "quarantined"]
    rows = sorted({row for each in told if each.code != "point-missing" for row in each.rows})
    bare = [row for row in rows if row in lost]
    said = Finding("points-unplaced", bare, values={"count": len(bare)})
    return (*soft, said) if bare else soft
