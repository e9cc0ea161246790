"""Datums and coordinate systems: every point names its system, and is converted once.

Stored coordinates are WGS 84 (EPSG:4326), lon then lat, in degrees. CGCS2000 differs from it by
centimetres and is treated as equal. GCJ-02 (Amap, Tencent) and BD-09 (Baidu) have no EPSG code.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal, TypeAlias, cast, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.errors import UnknownDatumError

Datum: TypeAlias = Literal["wgs84", "cgcs2000", "gcj02", "bd09"]
Degrees: TypeAlias = NDArray[np.float64]
DATUMS: Final[tuple[Datum, ...]] = get_args(Datum)

WGS84: Final = "EPSG:4326"

# The box inside which the GCJ-02 offset applies (lon min, lat min, lon max, lat max), degrees.
CHINA_BOX: Final = (72.004, 0.8293, 137.8347, 55.8271)

# Krasovsky 1940, the ellipsoid the GCJ-02 offset is computed on: semi-major axis in metres and
# squared eccentricity.
_KRASOVSKY_A: Final = 6378245.0
_KRASOVSKY_E2: Final = 0.00669342162296594323
_BD09_TURN: Final = np.pi * 3000.0 / 180.0
# Each step shrinks the error about a thousandfold; three leave 0.24 mm over China.
_INVERSE_STEPS: Final = 5

# Longitudes and latitudes of China: swapped pairs cannot be mistaken. Source: importing.md.
CHINA_LON: Final = (73.0, 135.0)
CHINA_LAT: Final = (3.0, 54.0)
# CGCS2000 3-degree Gauss-Kruger zones by central meridian: EPSG:4534 is 75 E, EPSG:4554 is 135 E.
_CGCS2000_75E: Final = 4534


def parse_datum(name: str) -> Datum:
    """Return the datum of that name, in any case.

    Raises
    ------
    UnknownDatumError
        When the name is none of the four.

    >>> parse_datum("GCJ02")
    'gcj02'
    """
    datum = name.strip().lower().replace("-", "")
    if datum not in DATUMS:
        raise UnknownDatumError(datum=name, known=", ".join(DATUMS))
    return datum


def to_wgs84(lon: ArrayLike, lat: ArrayLike, datum: Datum) -> tuple[Degrees, Degrees]:
    """Return WGS 84 longitudes and latitudes of points given in a datum.

    Parameters
    ----------
    lon, lat
        Degrees, any shape, broadcast together. Not-a-number stays not-a-number.
    datum
        The system the input is in.

    >>> [round(float(v), 6) for v in to_wgs84(117.0, 36.65, "gcj02")]
    [116.994185, 36.649766]
    """
    lon, lat = _pair(lon, lat)
    if datum == "gcj02":
        return _inverse(lon, lat, _wgs84_to_gcj02)
    if datum == "bd09":
        return _inverse(*_inverse(lon, lat, _gcj02_to_bd09), _wgs84_to_gcj02)
    return lon, lat


def from_wgs84(lon: ArrayLike, lat: ArrayLike, datum: Datum) -> tuple[Degrees, Degrees]:
    """Return longitudes and latitudes in a datum of points given in WGS 84 (degrees, any shape).

    >>> [round(float(v), 6) for v in from_wgs84(116.994185, 36.649766, "gcj02")]
    [117.0, 36.65]
    """
    lon, lat = _pair(lon, lat)
    if datum == "gcj02":
        return _wgs84_to_gcj02(lon, lat)
    if datum == "bd09":
        return _gcj02_to_bd09(*_wgs84_to_gcj02(lon, lat))
    return lon, lat


def in_china_box(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
    """Tell which points lie in the box where GCJ-02 differs from WGS 84.

    >>> in_china_box([117.0, -118.2], [36.65, 34.0]).tolist()
    [True, False]
    """
    lon, lat = _pair(lon, lat)
    west, south, east, north = CHINA_BOX
    return (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)


def metric_crs(lon: float, lat: float) -> str:
    """Return the projected system, in metres, to measure in around a place (EPSG code).

    In China the CGCS2000 three-degree zone; elsewhere the WGS 84 UTM zone.

    >>> metric_crs(117.0, 36.65)
    'EPSG:4548'
    >>> metric_crs(-118.25, 34.05)
    'EPSG:32611'
    """
    # GCJ-02's box is wider than the zones defined: 75 E to 135 E.
    if bool(in_china_box(lon, lat)) and 73.5 <= lon <= 136.5:  # noqa: PLR2004 the zones' own limits
        return f"EPSG:{_CGCS2000_75E + round((lon - 75.0) / 3.0)}"
    zone = int((lon + 180.0) // 6.0) % 60 + 1
    return f"EPSG:{(32600 if lat >= 0 else 32700) + zone}"


def _pair(lon: ArrayLike, lat: ArrayLike) -> tuple[Degrees, Degrees]:
    x, y = np.broadcast_arrays(np.asarray(lon, np.float64), np.asarray(lat, np.float64))
    return x, y


def _wgs84_to_gcj02(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    inside = in_china_box(lon, lat)
    shift_lon, shift_lat = _gcj02_shift(*_within(inside, lon, lat))
    return np.where(inside, lon + shift_lon, lon), np.where(inside, lat + shift_lat, lat)


def _within(inside: NDArray[np.bool_], lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    """Return the points, one of the box in the place of those outside: any number is sent."""
    west, south, _, _ = CHINA_BOX
    return np.where(inside, lon, west), np.where(inside, lat, south)


def _gcj02_shift(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    """Return the offset of GCJ-02 from WGS 84 in degrees, by the well-known public formula."""
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    shared = 20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (shared + _waves(x, ((20.0, 1.0), (40.0, 3.0), (150.0, 12.0), (300.0, 30.0)))) * 2 / 3
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (shared + _waves(y, ((20.0, 1.0), (40.0, 3.0), (160.0, 12.0), (320.0, 30.0)))) * 2 / 3
    angle = np.radians(lat)
    magic = 1.0 - _KRASOVSKY_E2 * np.sin(angle) ** 2
    metres_per_degree_lat = np.pi / 180.0 * _KRASOVSKY_A * (1 - _KRASOVSKY_E2) / magic**1.5
    metres_per_degree_lon = np.pi / 180.0 * _KRASOVSKY_A / np.sqrt(magic) * np.cos(angle)
    return east / metres_per_degree_lon, north / metres_per_degree_lat


def _waves(x: Degrees, terms: tuple[tuple[float, float], ...]) -> Degrees:
    return cast("Degrees", sum(size * np.sin(np.pi * x / span) for size, span in terms))


def _gcj02_to_bd09(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    inside = in_china_box(lon, lat)
    x, y = _within(inside, lon, lat)
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * _BD09_TURN)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * _BD09_TURN)
    east, north = radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006
    return np.where(inside, east, lon), np.where(inside, north, lat)


def _inverse(
    lon: Degrees, lat: Degrees, forward: Callable[[Degrees, Degrees], tuple[Degrees, Degrees]]
) -> tuple[Degrees, Degrees]:
    """Return the points that `forward` moves to the given ones, by fixed-point iteration."""
    x, y = lon, lat
    for _ in range(_INVERSE_STEPS):
        forward_x, forward_y = forward(x, y)
        x, y = x + (lon - forward_x), y + (lat - forward_y)
    return x, y
