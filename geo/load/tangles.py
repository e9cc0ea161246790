"""Shapes no border has: rings by the thousand, lines that cross or cover each other everywhere.

Checking and mending one takes minutes to hours and gigabytes; they are told from real ones in
moments.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree

_LOOKED_AT: Final = 64  # points: what has fewer is checked as it is
_MOST_RINGS: Final = 5_000
_SOME_RINGS: Final = 50
_MOST_MEETINGS: Final = 2_000
_MOST_IN_ALL: Final = 2_500  # of shapes with more than a few
_FEW: Final = 50
_MOST_OF_RINGS: Final = 20_000
_TRIED: Final = 200  # segments, spread evenly, that stand for all
_COMPARED: Final = 100_000  # segments, spread evenly, that they are compared with
_ENOUGH: Final = 50_000  # meetings, after which no more are tried
_AT_ONCE: Final = 1_000_000  # pairs of segments

Reason = tuple[str, str]  # in Chinese and in English

_MOST_TANGLED: Final = 400  # after which those that are not valid are looked at no more
_NOT_LOOKED_AT: Final = (
    f"无效，而它之前已有 {_MOST_TANGLED} 个理不清的图形，没有再逐个检查",
    f"it is not valid, and after {_MOST_TANGLED} tangles no more were looked at",
)


def tangled(shapes: NDArray[np.object_]) -> dict[int, Reason]:
    """Return why shapes are none to be checked, by their place; those that are have no entry.

    >>> tangled(np.array([shapely.box(0, 0, 1, 1), None], dtype=object))
    {}
    """
    looked = np.flatnonzero(shapely.get_num_coordinates(shapes) >= _LOOKED_AT)
    rings = _ring_counts(shapes[looked])
    found = {
        int(place): (f"有 {count} 个环", f"it has {count} rings")
        for place, count in zip(looked, rings, strict=True)
        if count > _MOST_RINGS
    }
    # Rings upon rings hold up even the question whether a shape is valid.
    for place in looked[(rings > _SOME_RINGS) & (rings <= _MOST_RINGS)].tolist():
        count = meetings(shapes[place])
        if count > _MOST_OF_RINGS:
            found[place] = _meets(count)
    polygons = np.setdiff1d(looked[rings > 0], np.array([*found], dtype=np.int64))
    left = _MOST_IN_ALL
    for place in polygons[~shapely.is_valid(shapes[polygons])].tolist():
        if len(found) > _MOST_TANGLED:
            found[place] = _NOT_LOOKED_AT
            continue
        count = meetings(shapes[place])
        if count > max(_FEW, min(left, _MOST_MEETINGS)):
            found[place] = _meets(count)
        else:
            left -= count if count > _FEW else 0
    return found


def _meets(count: int) -> Reason:
    if count > _MOST_MEETINGS:
        return f"自相交约 {count} 处", f"it meets itself some {count} times"
    return (
        f"自相交约 {count} 处，与前面的图形合计超过 {_MOST_IN_ALL} 处",
        f"it meets itself some {count} times, with those before it more than {_MOST_IN_ALL}",
    )


def _ring_counts(shapes: NDArray[np.object_]) -> NDArray[np.int64]:
    """Return how many rings shapes have, none for points and lines; many parts count as rings."""
    parts = shapely.get_num_geometries(shapes)
    counts: NDArray[np.int64] = np.zeros(len(shapes), dtype=np.int64)
    many = parts > _MOST_RINGS
    counts[many] = parts[many]
    places = np.flatnonzero(~many)
    inner, owner = _polygons(shapes[places])
    np.add.at(counts, places[owner], shapely.get_num_interior_rings(inner) + 1)
    return counts


def _polygons(shapes: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.intp]]:
    """Return the polygons of shapes, however deep in collections, and the place of each's shape.

    Those that are polygons come first, as they are: their parts would be copies.
    """
    plain = shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON
    places = np.flatnonzero(~plain)
    parts, owner = shapely.get_parts(shapes[places], return_index=True)
    while (shapely.get_type_id(parts) > shapely.GeometryType.POLYGON).any():
        parts, within = shapely.get_parts(parts, return_index=True)
        owner = owner[within]
    polygonal = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    inner = np.concatenate([shapes[plain], parts[polygonal]])
    return inner, np.concatenate([np.flatnonzero(plain), places[owner[polygonal]]])


def meetings(shape: shapely.Geometry) -> int:
    """Return about how often lines of a shape meet that are no neighbours, from some of them.

    Lines that cross meet, and so do lines that touch or lie upon each other.

    >>> bow = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    >>> meetings(bow), meetings(shapely.MultiPolygon([bow]))
    (1, 1)
    """
    polygons = _polygons(np.array([shape], dtype=object))[0]
    xy, ring = shapely.get_coordinates(shapely.get_rings(polygons), return_index=True)
    ends = np.stack([xy[:-1], xy[1:]], axis=1)
    real = (ring[1:] == ring[:-1]) & np.isfinite(ends).all(axis=(1, 2))
    ends = ends[real & (ends[:, 0] != ends[:, 1]).any(axis=1)]
    step = -(-len(ends) // _COMPARED) or 1
    lines = shapely.linestrings(ends[::step])
    chosen = lines[:: max(1, len(lines) // _TRIED)]
    own = 3 if step == 1 else 1  # itself and its neighbours
    tree, found, tried = STRtree(lines), 0, 0
    while tried < len(chosen) and found <= _ENOUGH:
        some = chosen[tried : tried + max(1, _AT_ONCE // len(lines))]
        found += tree.query(some, predicate="intersects").shape[1] - own * len(some)
        tried += len(some)
    return max(0, round(found / max(1, tried) * len(ends) * step / 2))
