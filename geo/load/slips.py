"""Slips of the hand in typed coordinates: which rows, why, and what was probably meant.

A rule looks at every row at once and answers with a mask and, where it can, a proposed position.
`RULES` lists them in the order they are asked; a row belongs to the first rule that claims it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.crs import CHINA_LAT, CHINA_LON, Degrees
from geo.load.readings import Reading, mended, read_axis, unpacked, unpacked_fraction
from geo.load.repairs import Mask

_LON_LIMIT: Final = 180.0
_LAT_LIMIT: Final = 90.0
# From here on a number is a telephone or a code, not a slip of the decimal point.
_NUMBER_LIMIT: Final = 100_000.0
_TELEPHONE: Final = re.compile(r"\+?\d[\d\- ()]{6,}")
# How far, in degrees, the places of one city may lie beyond the bulk of them, and beyond which
# a position is not of this city at all.
_MARGIN: Final = 0.3
_NEAR: Final = 0.05
_FAR: Final = 1.0
_FEWEST_FOR_BULK: Final = 3
# A city is some 1.5 degrees wide at most; a wider file is judged by its median deviation.
_BULK_REACH: Final = 1.5
_BULK_DEVIATIONS: Final = 10.0
# Whole degrees are a slip when few rows have them; when many do, the file is that coarse.
_COARSE_SHARE: Final = 0.1
_PACKED_ROWS: Final = 20
_PACKED_SECONDS: Final = 10


class Box(NamedTuple):
    """West, south, east and north in degrees."""

    west: float
    south: float
    east: float
    north: float

    def grown(self, margin: float) -> Box:
        """Return the box with a margin on every side."""
        west, south, east, north = self
        return Box(west - margin, south - margin, east + margin, north + margin)

    def holds(self, lon: Degrees, lat: Degrees) -> Mask:
        """Tell which positions lie in the box."""
        inside: Mask = (lon >= self.west) & (lon <= self.east)
        return inside & (lat >= self.south) & (lat <= self.north)


@dataclass(frozen=True, slots=True)
class Typed:
    """Positions as typed and as read, and the box most of them (or the city known) lie in."""

    lon: Reading
    lat: Reading
    box: Box | None

    @property
    def x(self) -> Degrees:
        """Longitudes as read."""
        return self.lon.degrees

    @property
    def y(self) -> Degrees:
        """Latitudes as read."""
        return self.lat.degrees


class Verdict(NamedTuple):
    """The rows a rule claims, and the positions it proposes (not-a-number: none)."""

    mask: Mask
    lon: Degrees | None = None
    lat: Degrees | None = None


Rule: TypeAlias = Callable[[Typed], Verdict]


def typed(lon: pd.Series, lat: pd.Series, known: gpd.GeoDataFrame | None = None) -> Typed:
    """Return the positions of two columns as read, and the box they should lie in."""
    read_lon, read_lat = read_axis(lon), read_axis(lat)
    return Typed(read_lon, read_lat, _box(read_lon.degrees, read_lat.degrees, known))


def _box(x: Degrees, y: Degrees, known: gpd.GeoDataFrame | None) -> Box | None:
    usable = _in_range(x, y) & ~((x == 0) & (y == 0))
    if known is not None and len(known):
        city = Box(*known.total_bounds.tolist())
        # Areas known of another city say nothing about these positions.
        if city.grown(_FAR).holds(x[usable], y[usable]).sum() * 2 >= usable.sum():
            return city
    if usable.sum() < _FEWEST_FOR_BULK:
        return None
    (west, east), (south, north) = (_span(values[usable]) for values in (x, y))
    return Box(west, south, east, north).grown(_MARGIN)


def _span(values: Degrees) -> tuple[float, float]:
    """Return the least and the greatest of the values that stay near their median."""
    away = np.abs(values - np.median(values))
    near = values[away <= max(_BULK_REACH, _BULK_DEVIATIONS * float(np.median(away)))]
    low, high = np.quantile(near, (0.01, 0.99)).tolist()
    return low, high


def _in_range(x: Degrees, y: Degrees) -> Mask:
    return np.asarray((np.abs(x) <= _LON_LIMIT) & (np.abs(y) <= _LAT_LIMIT), dtype=bool)


def _missing(points: Typed) -> Verdict:
    return Verdict(points.lon.blank | points.lat.blank)


def _sexagesimal(points: Typed) -> Verdict:
    readable = np.isfinite(points.x) & np.isfinite(points.y)
    mask = (points.lon.sexagesimal | points.lat.sexagesimal) & readable
    return Verdict(mask, points.x, points.y)


def _unreadable(points: Typed) -> Verdict:
    return Verdict(np.isnan(points.x) | np.isnan(points.y))


def _zero(points: Typed) -> Verdict:
    return Verdict((points.x == 0) & (points.y == 0))


def _swapped(points: Typed) -> Verdict:
    x, y = points.x, points.y
    china = Box(CHINA_LAT[0], CHINA_LON[0], CHINA_LAT[1], CHINA_LON[1]).holds(x, y)
    mask = china & (y > _LAT_LIMIT)
    if points.box is not None:
        near = points.box.grown(_FAR)
        mask = mask | (near.holds(y, x) & ~near.holds(x, y))
    return Verdict(mask, y, x)


def _packed(points: Typed) -> Verdict:
    lon, lat = unpacked(points.x, _LON_LIMIT), unpacked(points.y, _LAT_LIMIT)
    readable = np.isfinite(lon) & np.isfinite(lat)
    return Verdict(readable & _plausible(points, lon, lat), lon, lat)


def _plausible(points: Typed, lon: Degrees, lat: Degrees) -> Mask:
    box = points.box or Box(CHINA_LON[0], CHINA_LAT[0], CHINA_LON[1], CHINA_LAT[1])
    return box.grown(_FAR).holds(lon, lat)


def _number(points: Typed) -> Verdict:
    return Verdict(looks_numbered(points.lon) | looks_numbered(points.lat))


def looks_numbered(axis: Reading) -> Mask:
    """Tell which entries are a telephone or another number that is no coordinate."""
    mask = np.asarray(np.isfinite(axis.degrees) & (np.abs(axis.degrees) >= _NUMBER_LIMIT))
    for place in np.flatnonzero(np.isnan(axis.degrees) & ~axis.blank).tolist():
        mask[place] = _TELEPHONE.fullmatch(axis.text(place)) is not None
    return mask


def _whole(points: Typed) -> Verdict:
    fits = _in_range(points.x, points.y)
    mask = fits & (points.x == np.round(points.x)) & (points.y == np.round(points.y))
    return Verdict(mask if mask.sum() < _COARSE_SHARE * fits.sum() else mask & ~mask)


def _digits(points: Typed) -> Verdict:
    """Claim positions far from the box that one slip of a digit brings back into it."""
    none = np.zeros(len(points.x), dtype=bool)
    if points.box is None:
        return Verdict(none)
    far = np.isfinite(points.x) & np.isfinite(points.y)
    far &= ~points.box.grown(_FAR).holds(points.x, points.y)
    # What other rules claim first is not worth the search.
    far &= ~_swapped(points).mask & ~_number(points).mask & ~_zero(points).mask
    near = points.box.grown(_NEAR)
    lon = _mended(points.x, far, near.west, near.east)
    lat = _mended(points.y, far, near.south, near.north)
    return Verdict(far & (np.isfinite(lon) & np.isfinite(lat)), lon, lat)


def _mended(values: Degrees, far: Mask, low: float, high: float) -> Degrees:
    result = np.where((values >= low) & (values <= high), values, np.nan)
    for place in np.flatnonzero(far & np.isnan(result)):
        result[place] = mended(float(values[place]), low, high)
    return result


def _range(points: Typed) -> Verdict:
    return Verdict(~_in_range(points.x, points.y))


RULES: Final[tuple[tuple[str, Rule], ...]] = (
    ("point-missing", _missing),
    ("point-dms", _packed),
    ("point-number", _number),
    ("point-dms", _sexagesimal),
    ("point-unreadable", _unreadable),
    ("point-zero", _zero),
    ("point-swapped", _swapped),
    ("point-coarse", _whole),
    ("point-digits", _digits),
    ("point-range", _range),
)


def judge(points: Typed) -> pd.DataFrame:
    """Return one row a position: `code` (the slug, or missing), `lon`, `lat`, the proposal.

    >>> seen = judge(typed(pd.Series([0.0, 36.65]), pd.Series([0.0, 117.02])))
    >>> seen["code"].tolist(), seen["lon"].tolist()
    (['point-zero', 'point-swapped'], [nan, 117.02])
    """
    size = len(points.x)
    code = np.full(size, None, dtype=object)
    lon, lat = np.full(size, np.nan), np.full(size, np.nan)
    for slug, rule in RULES:
        verdict = rule(points)
        claimed = verdict.mask & pd.isna(code)
        code[claimed] = slug
        if verdict.lon is not None and verdict.lat is not None:
            lon[claimed], lat[claimed] = verdict.lon[claimed], verdict.lat[claimed]
    return pd.DataFrame({"code": code, "lon": lon, "lat": lat})


def packed_fractions(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees] | None:
    """Return degrees read as dd.mmss when every position can be read so, else None.

    Among decimal degrees about a third of the fractions would do; a score of rows cannot all.
    """
    read_lon, read_lat = unpacked_fraction(lon), unpacked_fraction(lat)
    if len(lon) < _PACKED_ROWS or not (np.isfinite(read_lon) & np.isfinite(read_lat)).all():
        return None
    seconds = np.unique((np.concatenate([lon, lat]) * 10_000.0).round() % 100.0)
    return (read_lon, read_lat) if len(seconds) >= _PACKED_SECONDS else None
