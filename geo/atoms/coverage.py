"""Polygons that tile: no overlap, no gap between neighbours, every vertex of a border shared."""

from __future__ import annotations

import math
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Proj, Transformer

from geo.atoms.edges import Edges, Geometries, edges_of
from geo.atoms.slices import by_slices
from geo.errors import (
    BadPointsError,
    BadPolygonsError,
    NoPlaneError,
    NotDegreesError,
    OverlapError,
)

# Lines are noded on a grid this fine (metres): fine enough that no area changes by 1e-9, coarse
# enough that doubles hold it anywhere on Earth.
GRID_M: Final = 1e-7
METRES_PER_DEGREE: Final = 111_319.49
_MOST_EAST, _MOST_NORTH = 360.001, 90.001  # some count degrees east all the way round
_STRETCH: Final = 0.01
_AT_ONCE: Final = 256  # unions a thread makes before it looks for more
# Metres: in six decimals of a degree, as most files come, a corner that lies on a neighbour's edge
# is up to eight centimetres beside it. Slits and overlaps as thin as that are rounding, no ground.
THIN: Final = 0.1
_OVERLAP: Final = 1e-6  # of the smaller polygon's area; less is rounding, whatever its width
_MOST_THIN: Final = 0.1  # of the smaller polygon's area; more would leave little of it
_POLYGONAL: Final = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


def metres_per_unit(frame: gpd.GeoDataFrame) -> tuple[float, float]:
    """Return how many metres one unit of x and of y is, around the frame's middle.

    One affine scale for the whole frame, so that straight borders stay straight: right to a few
    parts in a thousand for a district, which is plenty for comparing forms. A projection that
    stretches there by more than a hundredth (web Mercator over Jinan: by a quarter) is allowed for.

    Raises
    ------
    NotDegreesError
        When the system is in degrees and the coordinates are not.
    NoPlaneError
        When the system has no plane: geocentric ones.

    >>> here = gpd.GeoDataFrame(geometry=[shapely.box(117, 36, 118, 37)], crs="EPSG:4326")
    >>> [round(metres) for metres in metres_per_unit(here)]
    [89485, 111319]
    """
    if frame.crs is None:
        return 1.0, 1.0
    west, south, east, north = frame.total_bounds.tolist()
    if frame.crs.is_geographic:
        if max(-west, east) > _MOST_EAST or max(-south, north) > _MOST_NORTH:
            bounds = f"{west:g} … {east:g}, {south:g} … {north:g}"
            raise NotDegreesError(system=frame.crs.name, bounds=bounds)
        middle = math.radians((south + north) / 2)
        return METRES_PER_DEGREE * math.cos(middle), METRES_PER_DEGREE
    if frame.crs.is_geocentric:
        raise NoPlaneError(system=frame.crs.name)
    unit = frame.crs.axis_info[0].unit_conversion_factor
    x, y = _stretch(frame.crs, ((west + east) / 2, (south + north) / 2))
    return unit / x, unit / y


def _stretch(system: CRS, middle: tuple[float, float]) -> tuple[float, float]:
    """Return how much longer a projection draws what lies along x and y; 1 within a hundredth."""
    there = Transformer.from_crs(system, system.geodetic_crs, always_xy=True).transform(*middle)
    if not np.isfinite(there).all():
        return 1.0, 1.0
    found = Proj(system).get_factors(*there)
    if max(abs(found.parallel_scale - 1), abs(found.meridional_scale - 1)) < _STRETCH:
        return 1.0, 1.0
    return float(found.parallel_scale), float(found.meridional_scale)


def check_polygons(polygons: Geometries) -> None:
    """Raise where something is not a valid polygon with finite coordinates and an area.

    Raises
    ------
    BadPolygonsError
        With the rows (from 1) and what is wrong with the first of them.
    """
    good = np.concatenate(by_slices(lambda part: _sound(polygons[part]), len(polygons)))
    if not good.all():
        rows = np.flatnonzero(~good)
        shown = ", ".join(str(row + 1) for row in rows[:10])
        raise BadPolygonsError(count=len(rows), rows=shown, reason=_reason(polygons[rows[0]]))


def _sound(polygons: Geometries) -> NDArray[np.bool_]:
    """Tell which are valid polygons with finite coordinates and an area."""
    good = np.isin(shapely.get_type_id(polygons), _POLYGONAL) & ~shapely.is_empty(polygons)
    good &= np.isfinite(shapely.bounds(polygons)).all(axis=1)
    good[good] = shapely.is_valid(polygons[good]) & (shapely.area(polygons[good]) > 0)
    return np.asarray(good, np.bool_)


def check_points(points: Geometries) -> None:
    """Raise where something is not a point with finite coordinates.

    Raises
    ------
    BadPointsError
        With the rows (from 1).
    """
    good = shapely.get_type_id(points) == shapely.GeometryType.POINT
    good &= np.isfinite(shapely.bounds(points)).all(axis=1)
    if not good.all():
        rows = ", ".join(str(row + 1) for row in np.flatnonzero(~good)[:10])
        raise BadPointsError(count=int((~good).sum()), rows=rows)


def as_coverage(polygons: Geometries, scale: tuple[float, float] = (1.0, 1.0)) -> Geometries:
    """Return the polygons with every vertex of a shared border in both neighbours.

    A valid coverage comes back as it is. Otherwise all borders are noded; nothing else changes, but
    that of an overlap thinner than `THIN` the polygon that comes first keeps the ground.

    Raises
    ------
    BadPolygonsError
        When a row is no valid polygon.
    OverlapError
        When two of them overlap by more than rounding: how many pairs, and the first.

    >>> half = shapely.from_wkt(["POLYGON((0 0, 2 0, 2 2, 0 2, 0 0))",
    ...     "POLYGON((2 0, 3 0, 3 1, 2 1, 2 0))", "POLYGON((2 1, 3 1, 3 2, 2 2, 2 1))"])
    >>> bool(shapely.coverage_is_valid(half))
    False
    >>> bool(shapely.coverage_is_valid(as_coverage(half)))
    True
    """
    return covered(polygons, scale)[0]


def covered(polygons: Geometries, scale: tuple[float, float]) -> tuple[Geometries, Edges]:
    """Return the same, with the edges of what comes back."""
    check_polygons(polygons)
    return tiled(polygons, scale, edges_of(polygons))


def tiled(
    polygons: Geometries, scale: tuple[float, float], edges: Edges
) -> tuple[Geometries, Edges]:
    """Return the same for polygons that are checked, from their edges."""
    if _tile(polygons, edges):
        return polygons, edges
    _refuse_overlaps(polygons, scale)
    faces = node(shapely.boundary(polygons), GRID_M / max(scale))
    owner = owners(polygons, shapely.point_on_surface(faces))
    whole = dissolve(faces[owner >= 0], owner[owner >= 0], len(polygons))
    return whole, edges_of(whole)


def _tile(polygons: Geometries, edges: Edges) -> bool:
    """Tell whether polygons are a valid coverage.

    How many polygons lie over a point changes only across edges without a twin. So wherever two
    overlap, one of them has such an edge there, and it is enough to look at the polygons near
    those: at a city's rim, not at all of it.
    """
    lone = edges.twin < 0
    lines = shapely.linestrings(np.stack([edges.start[lone], edges.end[lone]], axis=1))
    near = np.unique(shapely.STRtree(polygons).query(lines)[1])
    return bool(shapely.coverage_is_valid(polygons[near]))


def node(lines: Geometries, grid_size: float) -> Geometries:
    """Return the faces between lines, each crossing made a vertex of all faces around it."""
    noded = shapely.unary_union(lines, grid_size=grid_size)
    return np.asarray(shapely.get_parts(shapely.polygonize(shapely.get_parts(noded))))


def owners(polygons: Geometries, points: Geometries) -> NDArray[np.int64]:
    """Return the position of the first polygon that covers each point, or -1."""
    owner = np.full(len(points), len(polygons), np.int64)
    point, polygon = shapely.STRtree(polygons).query(points, predicate="intersects")
    np.minimum.at(owner, point, polygon)
    owner[owner == len(polygons)] = -1
    return owner


def dissolve(polygons: Geometries, group: NDArray[np.int64], count: int) -> Geometries:
    """Return the union of each of so many groups (0, 1, …) of a valid coverage's polygons.

    An empty group gives an empty polygon.
    """
    order = np.argsort(group, kind="stable")
    edges = np.searchsorted(group[order], np.arange(count + 1))
    ordered = polygons[order]

    whole = np.empty(count, dtype=object)

    def unite(some: slice) -> None:
        for grid in range(some.start, some.stop):
            parts = ordered[edges[grid] : edges[grid + 1]]
            whole[grid] = parts[0] if len(parts) == 1 else shapely.coverage_union_all(parts)

    by_slices(unite, count, at_once=_AT_ONCE)
    return _plain(whole)


def _plain(whole: Geometries) -> Geometries:
    """Return collections of one polygon as that polygon, of several as a multipolygon."""
    parts = shapely.get_num_geometries(whole)
    plain = np.where(parts == 1, shapely.get_geometry(whole, 0), shapely.Polygon())
    for several in np.flatnonzero(parts > 1):
        plain[several] = shapely.multipolygons(shapely.get_parts(whole[several]))
    return np.asarray(plain, dtype=object)


def _refuse_overlaps(polygons: Geometries, scale: tuple[float, float]) -> None:
    left, right = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    left, right = left[left < right], right[left < right]
    common = shapely.intersection(polygons[left], polygons[right])
    smaller = np.minimum(shapely.area(polygons[left]), shapely.area(polygons[right]))
    share = shapely.area(common) / smaller
    bad = np.flatnonzero(share > _OVERLAP)
    bad = bad[(share[bad] > _MOST_THIN) | ~are_thin(common[bad], scale)]
    if len(bad):
        first, second = left[bad[0]] + 1, right[bad[0]] + 1
        raise OverlapError(count=len(bad), first=first, second=second)


def are_thin(shapes: Geometries, scale: tuple[float, float]) -> NDArray[np.bool_]:
    """Tell in which shapes no circle as wide as `THIN` has room."""
    flat = shapely.transform(shapes, lambda xy: xy * np.asarray(scale))
    return np.asarray(shapely.is_empty(shapely.buffer(flat, -THIN / 2)), np.bool_)


def _reason(geometry: shapely.Geometry | None) -> str:
    if geometry is None or shapely.is_empty(geometry):
        return "空 empty"
    if not np.isfinite(shapely.get_coordinates(geometry)).all():
        return "坐标不是有限数 coordinates not finite"
    if shapely.get_type_id(geometry) not in _POLYGONAL:
        return f"{geometry.geom_type}，不是面 not a polygon"
    return str(shapely.is_valid_reason(geometry))
