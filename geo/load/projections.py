"""Which coordinate system a layer is in: declared, said with an option, or guessed and asked."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError, ProjError

from geo.crs import WGS84, in_china_box
from geo.errors import UnknownCrsError
from geo.load.bends import with_corners
from geo.load.findings import Finding, RawLayer, ReadOptions
from geo.load.positions import projected
from geo.load.systems import open_question, questioned

_WGS84_LIKE: Final = (4326, 4979)
_BULK: Final = 0.9  # of the coordinates lie in the range; a stray one does not hide the rest


class _Range(NamedTuple):
    """Where coordinates of one system lie, and what a person knows it by."""

    crs: str
    x: tuple[float, float]
    y: tuple[float, float]
    why_zh: str
    why_en: str


# Ranges that stand apart. Zones with their number in front need no city; without, Jinan's is meant.
_RANGES: Final = (
    _Range(WGS84, (-180, 180), (-90, 90), "经纬度", "longitude and latitude"),
    *(
        _Range(
            f"EPSG:{4513 + zone - 25}",
            (zone * 1e6 + 250_000, zone * 1e6 + 750_000),
            (1_900_000, 6_100_000),
            f"CGCS2000 三度带 {zone} 带，坐标带带号",
            f"CGCS2000 three-degree zone {zone}, numbered",
        )
        for zone in range(25, 46)
    ),
    _Range(
        "EPSG:4548",
        (300_000, 700_000),
        (3_900_000, 4_200_000),
        "CGCS2000 三度带，中央经线 117°E，济南",
        "CGCS2000 three-degree zone of 117 E, Jinan",
    ),
)


def resolved(raw: RawLayer, options: ReadOptions, *, tiling: bool = False) -> RawLayer:
    """Return the layer in degrees, lon then lat, with what was declared, said or guessed.

    Areas that are `tiling` get the corners of their neighbours first (`geo.load.bends`).

    Without a declaration the range is looked at: a system that fits is used and put as a question;
    where none fits the layer stays as it is and the question stands.

    Raises
    ------
    UnknownCrsError
        When `--crs` names none.
    """
    settled = _settled(raw, options)
    crs = settled.crs
    if crs is None:
        return settled
    settled = questioned(settled, options, _suggested(settled))
    if open_question(settled):
        return settled
    if "geometry" in settled.frame.columns:
        return _in_degrees(settled, crs, tiling=tiling)
    return projected(settled, crs) if crs.is_projected else settled


def named_crs(text: str) -> CRS:
    """Return the system a person names.

    Raises
    ------
    UnknownCrsError
        When nobody knows it.
    """
    try:
        crs = CRS.from_user_input(int(text) if text.isdigit() else text)
    except CRSError as error:
        raise UnknownCrsError(crs=text) from error
    if not (crs.is_projected or crs.is_geographic):
        raise UnknownCrsError(crs=text)
    return crs


def crs_name(crs: CRS | None) -> str:
    """Return "EPSG:4548" where there is a code, else the system's name.

    >>> crs_name(CRS.from_epsg(4548))
    'EPSG:4548'
    """
    if crs is None:
        return ""
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else str(crs.name)


def ambiguous_datum(raw: RawLayer) -> bool:
    """Tell whether degrees on WGS 84, or undeclared, lie in China, where GCJ-02 is so labelled."""
    if raw.datum is not None or _real(raw.crs):
        return False
    lon, lat = _sample(raw)
    turned = (np.abs(lat) > 90) & in_china_box(lat, lon)  # noqa: PLR2004 beyond the pole: swapped
    return bool((in_china_box(lon, lat) | turned).any())


def _real(crs: CRS | None) -> bool:
    """Tell whether a system cannot be a mislabelled GCJ-02: a survey's, or CGCS2000."""
    if crs is None:
        return False
    operation = crs.coordinate_operation
    method = str(operation.method_name).lower() if operation else ""
    if crs.is_projected:  # what is drawn over web maps is web Mercator, whatever their datum
        return "mercator" not in method or "transverse" in method
    datum = str(crs.datum.name if crs.datum else "").lower()
    return not re.search(r"wgs|1984|unknown|not.specified|^$", datum)


def _sample(raw: RawLayer) -> tuple[np.ndarray, np.ndarray]:
    if "geometry" in raw.frame.columns:
        bounds = raw.frame.geometry.bounds
        return bounds["minx"].to_numpy(), bounds["miny"].to_numpy()
    if not {"lon", "lat"} <= set(raw.frame.columns):
        return np.array([]), np.array([])
    lon, lat = (pd.to_numeric(raw.frame[c], errors="coerce") for c in ("lon", "lat"))
    return lon.to_numpy(), lat.to_numpy()


def _settled(raw: RawLayer, options: ReadOptions) -> RawLayer:
    if options.crs is not None:
        return _said(raw, named_crs(options.crs))
    if raw.crs is not None or raw.datum is not None:
        return raw
    return _guessed(raw)


def _said(raw: RawLayer, crs: CRS) -> RawLayer:
    settled = replace(raw, crs=crs, crs_known="option")
    if raw.crs is None or raw.crs == crs:
        return settled
    values = {"declared": crs_name(raw.crs), "used": crs_name(crs)}
    return settled.saying(Finding("crs-overridden", values=values))


def _guessed(raw: RawLayer) -> RawLayer:
    x, y = _coordinates(raw)
    if not len(x):
        return raw
    fits = _fitting(x, y) or _fitting(y, x)  # surveys write the northing first
    table = "geometry" not in raw.frame.columns
    if fits is None and table and _any_degrees(x, y):
        fits = _RANGES[0]  # a stray telephone number does not make degrees metres
    if fits is None:
        bounds = f"x {x.min():.0f}–{x.max():.0f}, y {y.min():.0f}–{y.max():.0f}"
        return raw.saying(Finding("crs-unknown", values={"bounds": bounds}))
    guess = replace(raw, crs=CRS.from_user_input(fits.crs), crs_known="guessed")
    if table and fits.crs == WGS84:
        return replace(guess, crs_known="assumed")  # columns of longitude and latitude
    values = {"crs": fits.crs, "why_zh": fits.why_zh, "why_en": fits.why_en}
    return guess.saying(Finding("crs-guessed", values=values))


def _fitting(x: np.ndarray, y: np.ndarray) -> _Range | None:
    return next((r for r in _RANGES if _inside(x, r.x) and _inside(y, r.y)), None)


def _suggested(raw: RawLayer) -> str:
    """Return the system whose range the coordinates fit, whatever they are labelled."""
    x, y = _coordinates(raw)
    fits = _fitting(x, y) if len(x) else None
    return fits.crs if fits else ""


def _coordinates(raw: RawLayer) -> tuple[np.ndarray, np.ndarray]:
    if "geometry" in raw.frame.columns:
        points = shapely.get_coordinates(raw.frame.geometry.to_numpy())
        x, y = points[:, 0], points[:, 1]
    else:
        x, y = _sample(raw)
    known = np.isfinite(x) & np.isfinite(y)
    return x[known], y[known]


def _inside(values: np.ndarray, limits: tuple[float, float]) -> bool:
    """Tell whether nearly all values lie between limits."""
    low, high = limits
    return bool(np.mean((values >= low) & (values <= high)) >= _BULK)


def _any_degrees(x: np.ndarray, y: np.ndarray) -> bool:
    return bool(((np.abs(x) <= 180) & (np.abs(y) <= 180)).any())  # noqa: PLR2004 a half turn


def _in_degrees(raw: RawLayer, crs: CRS, *, tiling: bool) -> RawLayer:
    """Return the layer reprojected; rows that do not exist in the system are set aside."""
    shapes = _shapes(raw)
    if crs.to_epsg() in _WGS84_LIKE:
        frame = raw.frame.set_geometry(shapes)
        return replace(raw, frame=frame.set_crs(WGS84, allow_override=True))
    try:
        raw = with_corners(raw, crs) if tiling else raw
        moved = _shapes(raw).set_crs(crs).to_crs(WGS84)
    except (ProjError, CRSError):
        return raw.saying(Finding("crs-local", values={"crs": crs_name(crs)}))
    bounds = moved.bounds.to_numpy()
    lost = np.isinf(bounds).any(axis=1)
    frame = _with_outlines(raw.frame, crs).set_geometry(moved)[~lost]
    said = [_lost(int(row), crs) for row in raw.frame.index[lost]]
    return replace(raw, frame=frame).saying(*said)


def _shapes(raw: RawLayer) -> gpd.GeoSeries:
    """Return the shapes of a layer, of no system."""
    return gpd.GeoSeries(raw.frame.geometry.to_numpy(), index=raw.frame.index)


def _with_outlines(frame: gpd.GeoDataFrame, crs: CRS) -> gpd.GeoDataFrame:
    """Return the frame with footprints reprojected too, where it has any."""
    if "footprint" not in frame.columns:
        return frame
    outlines = gpd.GeoSeries(frame["footprint"].to_numpy(object), index=frame.index)
    return frame.assign(footprint=outlines.set_crs(crs).to_crs(WGS84))


def _lost(row: int, crs: CRS) -> Finding:
    return Finding("reprojection-failed", [row], values={"crs": crs_name(crs)})
