"""Where a finding about a row lies, when the check that made it did not know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from pyproj import Transformer

from geo.crs import WGS84, to_wgs84
from geo.load.findings import Finding, RawLayer
from geo.load.repairs import place_of
from geo.load.systems import open_question

_GLOBE: Final = (180.0, 90.0)


def placer(raw: RawLayer, layer: RawLayer) -> Callable[[Finding], Finding]:
    """Return what gives findings the place of their first row as it was read.

    Parameters
    ----------
    raw
        The layer as it was read.
    layer
        The same, its system and datum settled; a finding stays as it is where they are not.
    """
    if not isinstance(raw.frame, gpd.GeoDataFrame) or layer.crs is None or open_question(layer):
        return lambda finding: finding
    shapes, datum = raw.frame.geometry, layer.datum or "wgs84"
    way = Transformer.from_crs(layer.crs, WGS84, always_xy=True)

    def placed(finding: Finding) -> Finding:
        if finding.place or not finding.rows or finding.rows[0] not in shapes.index:
            return finding
        spot = _spot(shapes[finding.rows[0]])
        if spot is None:
            return finding
        lon, lat = (float(v) for v in to_wgs84(*way.transform(*spot), datum))
        on_globe = abs(lon) <= _GLOBE[0] and abs(lat) <= _GLOBE[1]
        return replace(finding, place=(lon, lat)) if on_globe else finding

    return placed


def _spot(shape: shapely.Geometry | None) -> tuple[float, float] | None:
    """Return a point inside, of a broken shape its first sound vertex."""
    if shape is None or shapely.is_empty(shape):
        return None
    if shapely.is_valid(shape):
        return place_of(shape)
    xy = shapely.get_coordinates(shape)
    xy = xy[np.isfinite(xy).all(axis=1)]
    return (float(xy[0, 0]), float(xy[0, 1])) if len(xy) else None
