"""Overlaps and gaps of a layer of areas, measured in metres and sorted into classes.

Below 1 m² is noise; a sliver is under 2 m wide (no circle of 2 m fits); the rest is real.
Source: importing.md.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import WGS84, metric_crs
from geo.load.repairs import Geometries

IGNORED_AREA: Final = 1.0
SLIVER_WIDTH: Final = 2.0
# Parts of a sliver under 2 cm wide are the rounding of straight borders that were projected.
_HAIR: Final = 0.01
# A sliver open to the outside is told from a pointed bay of the outline by being this long.
_SLENDER: Final = 20.0

_FAR: Final = 3.0  # degrees, the width of a zone

# How many areas one meets on average (itself among them), and how many pairs few may make beside.
_MOST_MET: Final = 60
_MET_BY_FEW: Final = 2_000
_AT_ONCE: Final = 100

Places: TypeAlias = NDArray[np.intp]

# Cities outside China with a survey system of their own, closer than the UTM zone: west, south,
# east, north, system. Source: areas of use in the EPSG register.
_SURVEYS: Final = (
    (-121.42, 32.76, -114.12, 35.81, "EPSG:6423"),
    (24.5, 59.75, 25.5, 60.65, "EPSG:3879"),
)


def survey_crs(shapes: Geometries) -> str:
    """Return the projected system, in metres, that the city these shapes lie in measures with.

    >>> survey_crs(np.array([shapely.Point(117.0, 36.65)])), survey_crs(
    ...     np.array([shapely.Point(-118.25, 34.05)])
    ... )
    ('EPSG:4548', 'EPSG:6423')
    """
    west, south, east, north = shapely.total_bounds(shapes).tolist()
    for least_lon, least_lat, most_lon, most_lat, system in _SURVEYS:
        inside = least_lon <= west and east <= most_lon
        if inside and least_lat <= south and north <= most_lat:
            return system
    return metric_crs((west + east) / 2.0, (south + north) / 2.0)


def projected(shapes: Geometries, source: str, target: str) -> Geometries:
    """Return the shapes in another system."""
    return np.asarray(gpd.GeoSeries(shapes, crs=source).to_crs(target), dtype=object)


def in_metres(shapes: Geometries, system: str) -> Geometries:
    """Return shapes of WGS 84 in the system to measure them in, sound there, too.

    One that reaches far from where that measures well may cross itself in it.
    """
    moved = projected(shapes, WGS84, system).copy()
    west, south, east, north = shapely.bounds(shapes).T
    far = (np.maximum(east - west, north - south) > _FAR) & ~shapely.is_valid(moved)
    moved[far] = shapely.make_valid(moved[far], method="structure", keep_collapsed=False)
    return moved


def overlaps(shapes: Geometries) -> pd.DataFrame:
    """Return every pair of shapes (metres) that shares area.

    Columns: `a`, `b` (places in the array, a < b), `shape`, `area` (m²), `group` (ignored,
    sliver or real).
    """
    a, b = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    a, b = a[a < b], b[a < b]
    return _shared(a, shapes[a], b, shapes[b])


def _shared(a: Places, ours: Geometries, b: Places, theirs: Geometries) -> pd.DataFrame:
    shared = _polygonal(shapely.intersection(ours, theirs))
    table = pd.DataFrame({"a": a, "b": b, "shape": shared, "area": shapely.area(shared)})
    table = table[table["area"] > 0].sort_values(["a", "b"]).reset_index(drop=True)
    return table.assign(group=_groups(table))


def crossings(ours: Geometries, theirs: Geometries) -> pd.DataFrame:
    """Return every pair of one of ours and one of theirs (metres) that shares area.

    Columns as of `overlaps`: `a` is a place in ours, `b` one in theirs.
    """
    a, b = shapely.STRtree(theirs).query(ours, predicate="intersects")
    return _shared(a, ours[a], b, theirs[b])


def are_piled(shapes: Geometries) -> bool:
    """Tell whether areas meet so many others that they are no division of land.

    Of a division each meets some six; where levels lie over each other, also those above it.

    >>> are_piled(np.full(90, shapely.box(0, 0, 1, 1))), are_piled(
    ...     np.array([shapely.box(n, 0, n + 1, 1) for n in range(90)])
    ... )
    (True, False)
    """
    tree = shapely.STRtree(shapes)
    return _meet_often(tree, shapes, None) and _meet_often(tree, shapes, "intersects")


def _meet_often(
    tree: shapely.STRtree, shapes: Geometries, predicate: Literal["intersects"] | None
) -> bool:
    most, found = len(shapes) * _MOST_MET + _MET_BY_FEW, 0
    for start in range(0, len(shapes), _AT_ONCE):  # all pairs at once may be millions
        part = shapes[start : start + _AT_ONCE]
        found += tree.query(part, predicate=predicate).shape[1]
        if found > most:
            return True
    return False


def gaps(shapes: Geometries) -> pd.DataFrame:
    """Return the places inside the outline of the shapes (metres) that none of them covers.

    Columns: `shape`, `area` (m²), `group` (ignored, sliver or real) and `open` (False).
    """
    table = _holes(shapely.union_all(shapes))
    return table.assign(group=_groups(table), open=False)


def enclosed(shapes: Geometries) -> Geometries:
    """Return the holes of a valid coverage, fast: its shapes match vertex by vertex."""
    return np.asarray(_holes(shapely.coverage_union_all(shapes))["shape"], dtype=object)


def inlets(shapes: Geometries) -> pd.DataFrame:
    """Return slivers between shapes (metres) that are open to the outside, as `gaps` does."""
    whole = shapely.union_all(shapes)
    half = SLIVER_WIDTH / 2.0
    closed = whole.buffer(half, join_style="mitre").buffer(-half, join_style="mitre")
    parts = shapely.get_parts(_polygonal(np.array([shapely.difference(closed, whole)])))
    parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    filled = shapely.polygons(shapely.get_exterior_ring(shapely.get_parts(whole)))
    core = shapely.buffer(shapely.buffer(parts, -_HAIR), 2.0 * _HAIR)
    parts = shapely.get_parts(_polygonal(shapely.intersection(parts, core)))
    parts = parts[~shapely.is_empty(parts)]
    outside = ~shapely.within(shapely.point_on_surface(parts), shapely.union_all(filled))
    parts = parts[outside & _slender(parts)]
    table = pd.DataFrame({"shape": parts, "area": shapely.area(parts)})
    table = table[table["area"] >= IGNORED_AREA].reset_index(drop=True)
    return table.assign(group="sliver", open=True)


def _slender(parts: Geometries) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    half = shapely.length(parts) / 2.0
    return np.asarray(half * half >= _SLENDER * np.maximum(shapely.area(parts), 1e-9))


def _holes(whole: shapely.Geometry) -> pd.DataFrame:
    parts = shapely.get_parts(whole)
    rings, part = shapely.get_rings(parts, return_index=True)
    outer = np.append([True] if len(part) else [], part[1:] != part[:-1]).astype(bool)
    holes = shapely.polygons(rings[~outer])
    return pd.DataFrame({"shape": holes, "area": shapely.area(holes)})


def _groups(table: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    shapes = np.asarray(table["shape"], dtype=object)
    thin = shapely.is_empty(shapely.buffer(shapes, -SLIVER_WIDTH / 2.0))
    small = table["area"].to_numpy() < IGNORED_AREA
    return np.where(small, "ignored", np.where(thin, "sliver", "real")).astype(object)


def _polygonal(shapes: Geometries) -> Geometries:
    """Return the areas among the shapes; lines and points where borders touch are dropped."""
    mixed = np.flatnonzero(shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION)
    cleaned = np.asarray(shapes, dtype=object).copy()
    for place in mixed.tolist():
        parts = shapely.get_parts(cleaned[place])
        cleaned[place] = shapely.union_all(parts[shapely.get_dimensions(parts) > 1])
    return cleaned


def in_degrees(shapes: Geometries, system: str) -> Geometries:
    """Return shapes measured in a system as WGS 84, to be shown."""
    return projected(shapes, system, WGS84)
