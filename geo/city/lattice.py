"""The warped lattice: every area of the city is a set of its cells, so borders are shared.

Node (i, j) is column i from the west, row j from the south. The warp is a one-to-one map, and every
cell is a strictly convex quadrilateral in stored coordinates: any partition of the cells is a valid
coverage.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from pyproj import Transformer

from geo.city.noise import Ints, Noise, Reals, noise, stream
from geo.city.sizes import Seat, Size
from geo.crs import WGS84, metric_crs

# 1e-8 degrees is about a millimetre: enough, and the same text in every format.
_DECIMALS = 8


@dataclass(frozen=True)
class Lattice:
    """Nodes of the lattice, arrays of rows + 1 by columns + 1.

    `lon`, `lat` are what is stored (degrees); `x`, `y` are metres from the city's middle.
    """

    lon: Reals
    lat: Reals
    x: Reals
    y: Reals

    @property
    def columns(self) -> int:
        """Number of cells from west to east."""
        return int(self.lon.shape[1]) - 1

    @property
    def rows(self) -> int:
        """Number of cells from south to north."""
        return int(self.lon.shape[0]) - 1

    def at(self, u: Reals, v: Reals) -> tuple[Reals, Reals]:
        """Return longitudes and latitudes of places given in lattice units (bilinear in a cell)."""
        i = np.clip(u.astype(np.int64), 0, self.columns - 1)
        j = np.clip(v.astype(np.int64), 0, self.rows - 1)
        return _blend(self.lon, i, j, u - i, v - j), _blend(self.lat, i, j, u - i, v - j)

    def metres_at(self, u: Reals, v: Reals) -> tuple[Reals, Reals]:
        """Return places given in lattice units as metres from the city's middle."""
        i = np.clip(u.astype(np.int64), 0, self.columns - 1)
        j = np.clip(v.astype(np.int64), 0, self.rows - 1)
        return _blend(self.x, i, j, u - i, v - j), _blend(self.y, i, j, u - i, v - j)

    def cell_metres(self, u: Reals, v: Reals) -> tuple[Reals, Reals]:
        """Return width and height in metres of the cells at places given in lattice units."""
        i = np.clip(u.astype(np.int64), 0, self.columns - 1)
        j = np.clip(v.astype(np.int64), 0, self.rows - 1)
        width = np.hypot(self.x[j, i + 1] - self.x[j, i], self.y[j, i + 1] - self.y[j, i])
        height = np.hypot(self.x[j + 1, i] - self.x[j, i], self.y[j + 1, i] - self.y[j, i])
        return width, height


def _blend(node: Reals, i: Ints, j: Ints, s: Reals, t: Reals) -> Reals:
    south = node[j, i] * (1.0 - s) + node[j, i + 1] * s
    north = node[j + 1, i] * (1.0 - s) + node[j + 1, i + 1] * s
    return south * (1.0 - t) + north * t


def lattice(size: Size, seed: int) -> Lattice:
    """Return the lattice of a size and a seed.

    Bends are halved until every cell is convex; with the amplitudes of `SIZES` the first try holds.
    """
    rng = stream(seed, "lattice")
    bends = noise(rng, size.octaves), noise(rng, size.octaves)
    for strength in (1.0, 0.5, 0.25, 0.0):
        found = _stored(size, *_warped(size, bends, strength))
        if _convex(found.lon, found.lat):
            break
    return found


def local_metres(size: Size, lon: Reals, lat: Reals) -> tuple[Reals, Reals]:
    """Return places in degrees as metres from the city's middle."""
    system = metric_crs(size.lon, size.lat)
    into = Transformer.from_crs(WGS84, system, always_xy=True)
    x, y = into.transform(lon, lat)
    x0, y0 = into.transform(size.lon, size.lat)
    return np.asarray(x) - x0, np.asarray(y) - y0


def seats_metres(size: Size) -> list[tuple[float, float, Seat]]:
    """Return the seats of a size with their places in metres from the middle."""
    lon, lat = (np.array(column) for column in zip(*[s[:2] for s in size.seats], strict=True))
    x, y = local_metres(size, lon, lat)
    return [(float(x[k]), float(y[k]), seat) for k, seat in enumerate(size.seats)]


def _warped(size: Size, bends: tuple[Noise, Noise], strength: float) -> tuple[Reals, Reals]:
    east: Reals = (np.arange(size.columns + 1.0) - size.columns / 2) * size.cell
    north: Reals = (np.arange(size.rows + 1.0) - size.rows / 2) * size.cell
    x, y = np.meshgrid(east, north)
    # Rows rise towards the east, most around the middle: the rivers run south-west to north-east.
    height = size.rows * size.cell
    y = y + size.slant * x * np.exp(-((y / (0.42 * height)) ** 2))
    for seat_x, seat_y, seat in seats_metres(size):
        near = np.hypot(x - seat_x, y - seat_y) / (seat.reach * 1000.0)
        pull = seat.pull * np.exp(-0.5 * near**2)
        x, y = x - pull * (x - seat_x), y - pull * (y - seat_y)
    x += strength * bends[0].on(east, north)
    y += strength * bends[1].on(east, north)
    return x, y


def _stored(size: Size, x: Reals, y: Reals) -> Lattice:
    system = metric_crs(size.lon, size.lat)
    x0, y0 = Transformer.from_crs(WGS84, system, always_xy=True).transform(size.lon, size.lat)
    back = Transformer.from_crs(system, WGS84, always_xy=True)
    lon, lat = back.transform((x + x0).ravel(), (y + y0).ravel())
    shape = x.shape
    return Lattice(
        np.round(lon, _DECIMALS).reshape(shape), np.round(lat, _DECIMALS).reshape(shape), x, y
    )


def _convex(lon: Reals, lat: Reals) -> bool:
    """Tell whether every cell is strictly convex and counter-clockwise."""
    corners = [
        (lon[:-1, :-1], lat[:-1, :-1]),
        (lon[:-1, 1:], lat[:-1, 1:]),
        (lon[1:, 1:], lat[1:, 1:]),
        (lon[1:, :-1], lat[1:, :-1]),
    ]
    for k in range(4):
        (ax, ay), (bx, by), (cx, cy) = (corners[(k + step) % 4] for step in range(3))
        # 1e-12 square degrees is about 0.01 m²: nothing thinner than that is a cell.
        if ((bx - ax) * (cy - by) - (by - ay) * (cx - bx)).min() <= 1e-12:  # noqa: PLR2004 above
            return False
    return True
