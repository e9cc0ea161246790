"""Where the rows of a table lie: two columns, one column of both, or a column of WKT."""

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

_PAIR: Final = r"(-?\d+(?:\.\d+)?)\s*[,，;；\s]\s*(-?\d+(?:\.\d+)?)"
_LAT_MOST: Final = 90.0
_LONLAT, _LATLON = "location-lonlat", "location-latlon"


def placed(raw: RawLayer, options: ReadOptions) -> RawLayer:
    """Return a table with columns `lon` and `lat` as typed, or with a geometry from WKT.

    `location` and `wkt` are used where the better columns are absent. A layer that has a geometry
    comes back as it is.
    """
    frame = raw.frame
    if "geometry" in frame.columns:
        return replace(raw, frame=frame.drop(columns=["lon", "lat", "location"], errors="ignore"))
    if {"lon", "lat"} <= set(frame.columns):
        return raw
    if "wkt" in frame.columns and bool(_looks_like_wkt(frame["wkt"])):
        return _from_wkt(raw)
    if "location" in frame.columns:
        return _from_location(raw, options)
    return raw


def projected(raw: RawLayer, crs: CRS) -> RawLayer:
    """Return a table whose `lon` and `lat` are metres of `crs` with degrees instead.

    What is no number stays as it was typed, for the row checks to say.
    """
    x, y = (pd.to_numeric(raw.frame[name], errors="coerce") for name in ("lon", "lat"))
    lon, lat = Transformer.from_crs(crs, WGS84, always_xy=True).transform(x, y)
    degrees = {
        "lon": np.where(np.isfinite(lon), lon, np.nan),
        "lat": np.where(np.isfinite(lat), lat, np.nan),
    }
    frame = raw.frame.copy()
    for name, values in degrees.items():
        column = pd.Series(values, index=frame.index, dtype="object")
        frame[name] = column.where(x.notna() & y.notna(), frame[name])
    return replace(raw, frame=frame)


def _looks_like_wkt(cells: pd.Series) -> bool:
    pattern = r"(?i)^\s*(?:SRID=\d+;)?\s*(?:MULTI)?(?:POINT|POLYGON|LINESTRING)"
    return bool(cells.astype("str").str.contains(pattern, regex=True, na=False).any())


def _from_wkt(raw: RawLayer) -> RawLayer:
    text = raw.frame["wkt"].str.replace(r"^\s*SRID=\d+;", "", regex=True)
    given = np.array([t if isinstance(t, str) else None for t in text], dtype=object)
    shapes = shapely.from_wkt(given, on_invalid="ignore")
    bad = text.index[text.notna() & shapely.is_missing(shapes)]
    said = [_unread("wkt-unreadable", row, str(text[row])) for row in bad]
    series = gpd.GeoSeries(shapes, index=text.index)
    frame = gpd.GeoDataFrame(raw.frame.drop(columns="wkt"), geometry=series).drop(index=bad)
    return replace(raw, frame=frame).saying(*said)


def _from_location(raw: RawLayer, options: ReadOptions) -> RawLayer:
    """Return columns split from "(34.07, -118.26)"; the order is seen from the values."""
    cells = raw.frame["location"].astype("str")
    pair = cells.str.extract(_PAIR)
    bad = cells.index[cells.notna() & pair[0].isna()]
    said = [_unread("location-unreadable", row, cells[row]) for row in bad]
    order = _order(pair.astype("float64"), options)
    if not order:
        said.append(Finding("location-order", values={"column": "location"}))
    first, second = ("lat", "lon") if order == _LATLON else ("lon", "lat")
    frame = raw.frame.assign(**{first: pair[0], second: pair[1]}).drop(columns="location")
    return replace(raw, frame=frame.drop(index=bad)).saying(*said)


def _order(pair: pd.DataFrame, options: ReadOptions) -> str:
    """Return which comes first, as said or as the values show; empty where they do not."""
    said = options.accept & {_LONLAT, _LATLON}
    if said:
        return min(said)
    beyond = pair.abs() > _LAT_MOST
    first, second = bool(beyond[0].any()), bool(beyond[1].any())
    if first != second:
        return _LONLAT if first else _LATLON
    return _LATLON if first and int(beyond[1].sum()) > int(beyond[0].sum()) else _LONLAT * first


def _unread(code: str, row: int, found: str) -> Finding:
    return Finding(code, [row], values={"column": "location", "found": found[:60]})
