"""Where the rows of a table lie: two columns, one column of both, or a column of WKT."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from geo.crs import WGS84
from geo.load.defects import ORDERS
from geo.load.findings import Finding, RawLayer, ReadOptions
from geo.load.numerals import plain_numbers
from geo.load.readers import set_aside
from geo.load.readings import read_axis
from geo.load.tangles import tangled

_PAIR: Final = r"(-?\d+(?:\.\d+)?)\s*[,，;；\s]\s*(-?\d+(?:\.\d+)?)"
# Two texts with one separator between: degrees, minutes and seconds, for the row checks to read.
_HALVES: Final = (
    r"^[\s(（\[]*([^,，;；]*\d[^,，;；]*)[,，;；]\s*([^,，;；]*\d[^,，;；]*?)[\s)）\]]*$"
)
_SIXTIETHS: Final = r"[°º˚′'’分]"
_SRID: Final = r"(?i)^\s*SRID=(\d+);"
_CURVED: Final = r"(?i)curve|circularstring|multisurface"  # the reader knows none
_LON_MOST, _LAT_MOST = 180.0, 90.0
_MOST_KEPT: Final = 1_000  # rows whose writing before and after a report holds
_LONLAT, _LATLON = ORDERS


def placed(raw: RawLayer, options: ReadOptions) -> RawLayer:
    """Return a table with columns `lon` and `lat` as typed, or with a geometry from WKT.

    `location` and `wkt` are used where the better columns are absent. A layer that has a geometry
    comes back as it is.
    """
    frame = raw.frame
    if "geometry" in frame.columns:
        return replace(raw, frame=frame.drop(columns=["lon", "lat", "location"], errors="ignore"))
    if {"lon", "lat"} <= set(frame.columns):
        return _as_numbers(raw)
    if "wkt" in frame.columns and bool(_looks_like_wkt(frame["wkt"])):
        return _from_wkt(raw)
    if "location" in frame.columns:
        return _as_numbers(_from_location(raw, options))
    return raw


def _as_numbers(raw: RawLayer) -> RawLayer:
    """Return positions typed with decimal commas, thousands or full-width digits as plain ones."""
    typed = raw.frame[["lon", "lat"]]
    plain = plain_numbers(typed)
    changed = (typed != plain) & typed.notna()
    rows = raw.frame.index[changed.any(axis=1)]
    if not len(rows):
        return raw
    kept = {
        str(row): [" ".join(map(str, before)), " ".join(map(str, after))]
        for row, before, after in zip(
            rows[:_MOST_KEPT], _pairs(typed, rows), _pairs(plain, rows), strict=False
        )
    }
    was, now = kept[str(rows[0])]
    said = Finding(
        "position-text", rows, values={"count": len(rows), "changes": kept}, before=was, after=now
    )
    return replace(raw, frame=raw.frame.assign(lon=plain["lon"], lat=plain["lat"])).saying(said)


def _pairs(table: pd.DataFrame, rows: pd.Index) -> list[tuple[object, ...]]:
    return list(table.loc[rows[:_MOST_KEPT]].itertuples(index=False, name=None))


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
    text = cells[~cells.map(lambda cell: isinstance(cell, bytes)).astype(bool)]
    return bool(text.astype("str").str.contains(pattern, regex=True, na=False).any())


def _from_wkt(raw: RawLayer) -> RawLayer:
    """Return shapes read from text, in the system their SRID names, or in degrees if they fit."""
    marks = raw.frame["wkt"].str.extract(_SRID)[0]
    text = raw.frame["wkt"].str.replace(_SRID, "", regex=True)
    straight = text.where(~text.str.contains(_CURVED, regex=True, na=False))
    given = np.array([t if isinstance(t, str) else None for t in straight], dtype=object)
    shapes = shapely.from_wkt(given, on_invalid="ignore")
    bad = text.index[text.notna() & shapely.is_missing(shapes)]
    said = [_unread("wkt-unreadable", row, str(text[row])) for row in bad]
    aside = {text.index[place]: why for place, why in tangled(shapes).items()}
    said += [set_aside(row, why) for row, why in aside.items()]
    series = gpd.GeoSeries(shapes, index=text.index)
    frame = gpd.GeoDataFrame(raw.frame.drop(columns="wkt"), geometry=series).drop(
        index=[*bad, *aside]
    )
    layer = replace(raw, frame=frame).saying(*said)
    named = _named(marks.dropna().unique())
    if named is not None:
        return replace(layer, crs=named)
    bounds = frame.geometry.dropna().total_bounds
    limits = np.array([_LON_MOST, _LAT_MOST, _LON_MOST, _LAT_MOST])
    degrees = bool((np.abs(bounds) <= limits).all())
    return replace(layer, crs=CRS(WGS84), crs_known="assumed") if degrees else layer


def _named(codes: np.ndarray) -> CRS | None:
    """Return the one system that every SRID names, if it is known."""
    if len(codes) != 1:
        return None
    try:
        return CRS.from_epsg(int(codes[0]))
    except CRSError:
        return None


def _from_location(raw: RawLayer, options: ReadOptions) -> RawLayer:
    """Return columns split from "(34.07, -118.26)"; the order is seen from the values."""
    cells = raw.frame["location"].astype("str")
    pair = cells.str.extract(_PAIR)
    whole = cells.str.extract(_HALVES)
    odd = whole[0].notna() & (pair[0].isna() | cells.str.contains(_SIXTIETHS, regex=True, na=False))
    pair = pair.where(~odd, whole)
    order = _order(pair.apply(lambda half: read_axis(half).degrees), options)
    bad = cells.index[cells.notna() & pair[0].isna()]
    said = [_unread("location-unreadable", row, cells[row]) for row in bad]
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
