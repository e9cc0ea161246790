"""Frames as GeoJSON (RFC 7946): what the pages fetch."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

# About a centimetre: neighbours are rounded alike, so shared borders stay shared.
_DECIMALS: Final = 7


def feature_collection(frame: gpd.GeoDataFrame, **members: object) -> str:
    """Return a frame (EPSG:4326) as a feature collection, one feature a row, in the frame's order.

    Missing geometries and values become null, times ISO 8601. `members` are added beside
    `features`. Further geometry columns are left out.

    >>> points = gpd.GeoDataFrame({"code": ["a"]}, geometry=gpd.points_from_xy([117.0], [36.65]))
    >>> json.loads(feature_collection(points, scope_name="历下区"))["features"][0]["properties"]
    {'code': 'a'}
    """
    return collected(map(feature, _properties(frame), _geometries(frame)), **members)


def feature(properties: str, geometry: str | None) -> str:
    """Return a feature of two parts that are JSON already."""
    return f'{{"type":"Feature","properties":{properties},"geometry":{geometry or "null"}}}'


def collected(features: Iterable[str], **members: object) -> str:
    """Return features that are JSON already as a collection, `members` beside them.

    >>> collected([feature('{"n":1}', None)], total=1)
    '{"type":"FeatureCollection","total":1,"features":[{"type":"Feature",...}]}'
    """
    opening = {"type": "FeatureCollection", **members}
    head = json.dumps(opening, ensure_ascii=False, separators=(",", ":"))
    return f'{head[:-1]},"features":[{",".join(features)}]}}'


def _properties(frame: gpd.GeoDataFrame) -> list[str]:
    geometries = [c for c in frame.columns if str(frame[c].dtype) == "geometry"]
    plain = frame.drop(columns=geometries)
    if not len(plain.columns):
        return ["{}"] * len(frame)
    lines = plain.to_json(orient="records", lines=True, date_format="iso", force_ascii=False)
    # Not splitlines(): text may hold U+2028 and its like, which JSON leaves as they are.
    return str(lines).removesuffix("\n").split("\n") if len(frame) else []


def _geometries(frame: gpd.GeoDataFrame) -> list[str | None]:
    shapes: NDArray[np.object_] = np.asarray(frame.geometry.to_numpy(), dtype=object)
    rounded = shapely.transform(shapes, lambda xy: np.round(xy, _DECIMALS))
    return list(shapely.to_geojson(rounded))
