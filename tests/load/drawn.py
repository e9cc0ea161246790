"""Shapes drawn in metres near Jinan, and frames of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

WEST, SOUTH = 117.0, 36.6
LAT_DEGREE = 111_195.0
LON_DEGREE = LAT_DEGREE * float(np.cos(np.radians(SOUTH)))


def polygon(*corners: tuple[float, float]) -> shapely.Polygon:
    return shapely.Polygon([(WEST + x / LON_DEGREE, SOUTH + y / LAT_DEGREE) for x, y in corners])


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    return polygon((west, south), (east, south), (east, north), (west, north))


def areas(shapes: Sequence[shapely.Geometry | None], **columns: Any) -> gpd.GeoDataFrame:
    """Return a frame of shapes with codes a, b, c … and source rows from 1."""
    codes = [chr(ord("a") + n) for n in range(len(shapes))]
    data = {"net": "grid", "kind": "grid", "code": codes, **columns}
    index = range(1, len(shapes) + 1)
    geometry = np.array(shapes, dtype=object)
    return gpd.GeoDataFrame(data, geometry=geometry, crs="EPSG:4326", index=index)


def tiles(size: int, step: float = 300.0, jitter: float = 0.0, seed: int = 0) -> gpd.GeoDataFrame:
    """Return size × size four-cornered areas that share every corner."""
    rng = np.random.default_rng(seed)
    x, y = np.meshgrid(np.arange(size + 1) * step, np.arange(size + 1) * step)
    x, y = (v + rng.uniform(-jitter, jitter, v.shape) for v in (x, y))
    shapes = [
        polygon(*((x[j, i], y[j, i]) for j, i in ((r, c), (r, c + 1), (r + 1, c + 1), (r + 1, c))))
        for r in range(size)
        for c in range(size)
    ]
    return areas(shapes, code=[f"{n:05d}" for n in range(len(shapes))])
