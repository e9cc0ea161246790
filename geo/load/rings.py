"""Rings of polygons looked at vertex by vertex: repeats, spikes, direction, holes, far parts.

Everything is vectorised over all vertices of a layer; lengths are metres in a plane laid on the
layer's middle, good to a per cent, which is enough to name a spike.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import Degrees
from geo.load.repairs import Geometries, Mask

_METRES_PER_DEGREE: Final = 111_195.0
_SPIKE_COSINE: Final = float(np.cos(np.radians(1.0)))
_SPIKE_LEG: Final = 1.0
_SPIKE_AREA_SHARE: Final = 0.1
_FEWEST_VERTICES: Final = 4  # of a ring, its closing vertex counted
_PART_SHARE: Final = 0.01
_PART_DISTANCE: Final = 100.0
_FILLED_SHARE: Final = 0.99


class Vertices(NamedTuple):
    """Every vertex of a layer: position in metres, the geometry, the part and the ring it is of."""

    xy: Degrees
    degrees: Degrees
    geometry: NDArray[np.int64]
    ring: NDArray[np.int64]


def metres(geometries: Geometries) -> Geometries:
    """Return the geometries (degrees) in metres of a plane laid on their middle."""
    bounds = shapely.total_bounds(geometries)
    scale = np.cos(np.radians(float(np.clip((bounds[1] + bounds[3]) / 2.0, -89.0, 89.0))))
    factor = _METRES_PER_DEGREE * np.array([scale, 1.0])
    return np.asarray(shapely.transform(geometries, lambda xy: xy * factor), dtype=object)


def vertices(geometries: Geometries) -> Vertices:
    """Return the vertices of polygons, ring by ring, the closing one left out."""
    parts, of_part = shapely.get_parts(geometries, return_index=True)
    rings, of_ring = shapely.get_rings(parts, return_index=True)
    degrees, ring = shapely.get_coordinates(rings, return_index=True)
    last = np.append(ring[1:] != ring[:-1], [True] if len(ring) else [])
    keep = ~last.astype(bool)
    middle = float(np.median(degrees[:, 1])) if len(degrees) else 0.0
    factor = _METRES_PER_DEGREE * np.array([np.cos(np.radians(middle)), 1.0])
    return Vertices(degrees[keep] * factor, degrees[keep], of_part[of_ring[ring[keep]]], ring[keep])


def spikes(geometries: Geometries) -> dict[int, list[tuple[float, float]]]:
    """Return the tips of spikes (degrees), by position of the geometry in the array.

    A spike goes out and back within one degree of angle, a metre or more; a tip that another
    geometry shares is a border, not a spike.
    """
    all_vertices = vertices(geometries)
    sharp = np.flatnonzero(_sharp(all_vertices))
    shared = _shared(all_vertices, sharp)
    found: dict[int, list[tuple[float, float]]] = {}
    for vertex in sharp[~shared].tolist():
        tip = (float(all_vertices.degrees[vertex, 0]), float(all_vertices.degrees[vertex, 1]))
        found.setdefault(int(all_vertices.geometry[vertex]), []).append(tip)
    return found


def _sharp(points: Vertices) -> Mask:
    before, after = _neighbours(points.ring)
    back, forth = points.xy[before] - points.xy, points.xy[after] - points.xy
    legs = np.hypot(back[:, 0], back[:, 1]), np.hypot(forth[:, 0], forth[:, 1])
    shorter = np.minimum(*legs)
    inner = np.einsum("ij,ij->i", back, forth)
    sharp: Mask = (inner >= _SPIKE_COSINE * legs[0] * legs[1]) & (shorter > _SPIKE_LEG)
    return sharp


def _firsts(numbers: NDArray[np.int64]) -> Mask:
    """Tell which entries begin a run of equal numbers."""
    return np.concatenate([np.ones(min(len(numbers), 1), bool), numbers[1:] != numbers[:-1]])


def _neighbours(ring: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the places of the vertex before and after each, around its ring."""
    place = np.arange(len(ring))
    starts = np.flatnonzero(_firsts(ring))
    ends = np.append(starts[1:], len(ring))[: len(starts)] - 1
    before, after = place - 1, place + 1
    before[starts], after[ends] = ends, starts
    return before, after


def _shared(points: Vertices, chosen: NDArray[np.int64]) -> Mask:
    """Tell which of the chosen vertices are vertices of another geometry too."""
    tips = {tuple(points.degrees[v].tolist()): int(points.geometry[v]) for v in chosen.tolist()}
    if not tips:
        return np.zeros(len(chosen), dtype=bool)
    near = np.isin(points.degrees[:, 0], [x for x, _ in tips])
    others = {
        tuple(points.degrees[v].tolist())
        for v in np.flatnonzero(near).tolist()
        if tips.get(tuple(points.degrees[v].tolist()), points.geometry[v]) != points.geometry[v]
    }
    return np.array([tuple(points.degrees[v].tolist()) in others for v in chosen.tolist()])


def without(geometry: shapely.Geometry, tips: list[tuple[float, float]]) -> shapely.Geometry:
    """Return the polygon without these vertices, or itself when too little would be left."""
    drop = set(tips)
    parts = [_part_without(part, drop) for part in shapely.get_parts(geometry)]
    built = parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
    before, after = shapely.area(geometry), shapely.area(built)
    slight = abs(before - after) <= _SPIKE_AREA_SHARE * before
    fewer = shapely.get_num_coordinates(built) < shapely.get_num_coordinates(geometry)
    return built if fewer and slight and shapely.is_valid(built) else geometry


def _part_without(part: shapely.Polygon, drop: set[tuple[float, float]]) -> shapely.Polygon:
    outer, *holes = [_ring_without(ring, drop) for ring in (part.exterior, *part.interiors)]
    return shapely.Polygon(outer, holes)


def _ring_without(
    ring: shapely.LinearRing, drop: set[tuple[float, float]]
) -> list[tuple[float, float]]:
    whole = [(float(x), float(y)) for x, y in shapely.get_coordinates(ring)[:-1]]
    kept = [vertex for vertex in whole if vertex not in drop]
    kept = whole if len(kept) < _FEWEST_VERTICES - 1 else kept
    return [*kept, kept[0]]


def repeated_vertices(geometries: Geometries) -> NDArray[np.int64]:
    """Return how many vertices of each geometry repeat the one before."""
    try:
        single = shapely.remove_repeated_points(geometries, 0.0)
    except shapely.errors.GEOSException:  # a ring of one point again and again
        single = np.array([_single(geometry) for geometry in geometries], dtype=object)
    counts = shapely.get_num_coordinates(geometries) - shapely.get_num_coordinates(single)
    return np.asarray(counts, dtype=np.int64)


def _single(geometry: shapely.Geometry) -> shapely.Geometry:
    try:
        return shapely.remove_repeated_points(geometry, 0.0)
    except shapely.errors.GEOSException:
        return geometry


def clockwise(geometries: Geometries) -> Mask:
    """Tell which polygons have an outer ring that runs clockwise."""
    parts, owner = shapely.get_parts(geometries, return_index=True)
    polygonal = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    wrong = polygonal & ~shapely.is_ccw(shapely.get_exterior_ring(parts))
    mask = np.zeros(len(geometries), dtype=bool)
    mask[owner[wrong]] = True
    return mask


def empty_holes(geometries: Geometries) -> pd.DataFrame:
    """Return the holes that no other geometry fills: `place` in the array and `hole`."""
    parts, owner = shapely.get_parts(geometries, return_index=True)
    holed = shapely.get_num_interior_rings(parts) > 0
    rings, of_part = shapely.get_rings(parts[holed], return_index=True)
    outer = _firsts(of_part)
    holes = shapely.polygons(rings[~outer])
    places = owner[holed][of_part[~outer]]
    frame = pd.DataFrame({"place": places, "hole": holes})
    return frame[~_filled(holes, geometries)]


def _filled(holes: Geometries, geometries: Geometries) -> Mask:
    hole, other = shapely.STRtree(geometries).query(holes, predicate="intersects")
    covered = shapely.area(shapely.intersection(holes[hole], geometries[other]))
    filled = np.bincount(hole, weights=covered, minlength=len(holes))
    return np.asarray(filled >= _FILLED_SHARE * shapely.area(holes), dtype=bool)


def far_parts(geometries: Geometries) -> pd.DataFrame:
    """Return small parts far from their main part: `place`, `part`, `area`, `distance` (metres)."""
    several = np.flatnonzero(shapely.get_num_geometries(geometries) > 1)
    found = [row for place in several.tolist() for row in _far_parts_of(geometries[place], place)]
    return pd.DataFrame(found, columns=["place", "part", "area", "distance"])


def _far_parts_of(
    geometry: shapely.Geometry, place: int
) -> list[tuple[int, shapely.Geometry, float, float]]:
    parts = shapely.get_parts(geometry)
    flat = shapely.get_parts(metres(np.array([geometry], dtype=object))[0])
    area = shapely.area(flat)
    distance = shapely.distance(flat, flat[int(np.argmax(area))])
    small = (area < _PART_SHARE * area.max()) & (distance > _PART_DISTANCE)
    return [
        (place, parts[i], float(area[i]), float(distance[i]))
        for i in np.flatnonzero(small).tolist()
    ]
