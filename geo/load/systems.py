"""What speaks against a coordinate system: places far outside its use, axes the other way round.

A label is believed until the coordinates contradict it: metres under a label of degrees, degrees
under one of metres, northings in front of eastings (as Chinese surveys write them), a datum that
nobody publishes the way from. Each is a question; none is mended in silence.
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
from geo.load.findings import Finding, RawLayer, ReadOptions
from geo.load.repairs import accepted

# How far beyond its registered area of use a system is still believed, in degrees: provinces are
# drawn in one zone of three degrees, and neighbours in each other's.
_MARGIN: Final = 6.0
_HALF_TURN: Final = 180.0
# Datums of the satellite age stand on this semi-major axis and agree within a metre or two.
_MODERN_AXIS: Final = 6_378_137.0

Spot = tuple[float, float]


def questioned(raw: RawLayer, options: ReadOptions, suggested: str) -> RawLayer:
    """Return a layer with what speaks against its system, axes turned if accepted.

    Parameters
    ----------
    raw
        With its system settled; shapes, or a table's `lon` and `lat`, still in it.
    suggested
        A system whose range the coordinates fit ("EPSG:4548"), or empty.
    """
    spot = _middle(raw)
    if raw.crs is None or spot is None or accepted(options, "crs-misfit"):
        return raw
    if _believed(raw.crs, spot):
        return _with_doubt(raw, spot, options)
    if raw.crs.is_projected and not _like_degrees(spot) and _believed(raw.crs, spot[::-1]):
        return _turned(raw, spot, options)
    answer = f"--crs {suggested or 'EPSG:…'} / --accept crs"
    values = {**_told(raw.crs, spot), "answer": answer}
    return raw.saying(Finding("crs-misfit", values=values))


def open_question(raw: RawLayer) -> bool:
    """Tell whether the system is so much in doubt that nothing can be said in degrees."""
    doubts = ("crs-misfit", "axes-swapped")
    return any(f.code in doubts and f.severity == "question" for f in raw.findings)


def _middle(raw: RawLayer) -> Spot | None:
    """Return the median coordinate, in the layer's own system; None where there is none."""
    if not isinstance(raw.frame, gpd.GeoDataFrame):
        return _typed_middle(raw.frame)
    xy = shapely.get_coordinates(raw.frame.geometry.to_numpy())
    xy = xy[np.isfinite(xy).all(axis=1)]
    return (float(np.median(xy[:, 0])), float(np.median(xy[:, 1]))) if len(xy) else None


def _typed_middle(table: pd.DataFrame) -> Spot | None:
    if not {"lon", "lat"} <= set(table.columns):
        return None
    numbers = table[["lon", "lat"]].apply(pd.to_numeric, errors="coerce")
    known = numbers[np.isfinite(numbers).all(axis=1)]
    return (float(known["lon"].median()), float(known["lat"].median())) if len(known) else None


def _believed(crs: CRS, spot: Spot) -> bool:
    """Tell whether a coordinate may be one of the system: near where it is used."""
    if not crs.is_projected:
        return max(map(abs, spot)) <= 2.0 * _HALF_TURN
    lon, lat = Transformer.from_crs(crs, WGS84, always_xy=True).transform(*spot)
    if _like_degrees(spot) or not np.isfinite([lon, lat]).all():
        return False
    area = _registered(crs).area_of_use
    return area is None or _within(area.bounds, lon, lat)


def _like_degrees(spot: Spot) -> bool:
    return abs(spot[0]) <= _HALF_TURN and abs(spot[1]) <= _HALF_TURN / 2.0


def _registered(crs: CRS) -> CRS:
    """Return the system as the register has it: a .prj does not say where it is used."""
    code = crs.to_epsg()
    return CRS.from_epsg(code) if code else crs


def _within(bounds: tuple[float, float, float, float], lon: float, lat: float) -> bool:
    west, south, east, north = bounds
    east += 2.0 * _HALF_TURN * (east < west)  # an area across the antimeridian
    beyond = (lon - west + _MARGIN) % (2.0 * _HALF_TURN) > east - west + 2.0 * _MARGIN
    return not beyond and south - _MARGIN <= lat <= north + _MARGIN


def _turned(raw: RawLayer, spot: Spot, options: ReadOptions) -> RawLayer:
    before = f"{spot[0]:.0f}, {spot[1]:.0f}"
    after = f"{spot[1]:.0f}, {spot[0]:.0f}"
    told = {"crs": _told(raw.crs, spot)["crs"]}
    if not accepted(options, "axes-swapped"):
        return raw.saying(Finding("axes-swapped", values=told, before=before, after=after))
    frame = _exchanged(raw.frame)
    said = Finding(
        "axes-swapped", frame.index, values=told, before=before, after=after, severity="repaired"
    )
    return replace(raw, frame=frame).saying(said)


def _exchanged(frame: pd.DataFrame) -> pd.DataFrame:
    if not isinstance(frame, gpd.GeoDataFrame):
        return frame.assign(lon=frame["lat"], lat=frame["lon"])
    shapes = shapely.transform(frame.geometry.to_numpy(), lambda xy: xy[:, ::-1])
    return frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index))


def _with_doubt(raw: RawLayer, spot: Spot, options: ReadOptions) -> RawLayer:
    """Return the layer with the question whether a ballpark conversion will do."""
    if raw.crs is None or accepted(options, "crs-ballpark") or not _ballpark(raw.crs, spot):
        return raw
    return raw.saying(Finding("crs-ballpark", values=_told(raw.crs, spot)))


def _ballpark(crs: CRS, spot: Spot) -> bool:
    """Tell whether nobody publishes how this datum goes to WGS 84, and it may be far off."""
    ellipsoid = crs.ellipsoid
    if ellipsoid is None or abs(ellipsoid.semi_major_metre - _MODERN_AXIS) < 1.0:
        return False
    way = Transformer.from_crs(crs, WGS84, always_xy=True)
    way.transform(*spot)
    return bool(way.get_last_used_operation().accuracy < 0)


def _told(crs: CRS | None, spot: Spot) -> dict[str, object]:
    digits = 5 if _like_degrees(spot) else 0
    name = ""
    if crs is not None:
        code = crs.to_epsg()
        name = f"EPSG:{code}（{crs.name}）" if code else str(crs.name)
    return {"crs": name, "spot": f"{spot[0]:.{digits}f}, {spot[1]:.{digits}f}"}
