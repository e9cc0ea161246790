"""The edges of polygons, each seen from both sides: what borders and coverages are found by."""

from __future__ import annotations

from typing import Final, NamedTuple, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.atoms.slices import by_slices

Geometries: TypeAlias = NDArray[np.object_]
Keys: TypeAlias = NDArray[np.uint64]

# Of all edges, by the first four bits of their key: worked through side by side.
_SHARES: Final = 16
_BITS: Final = np.uint64(60)

# Odd numbers with well-mixed bits, from the fractional parts of square roots; see `_hashes`.
_MIX: Final = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)


class Edges(NamedTuple):
    """Every edge once for each polygon it bounds, in the order of the rings.

    `start` and `end` are (n, 2) coordinates, `owner` the polygon's position, `twin` the position
    of the same edge in the one polygon on its other side; -1: nobody is there, or it is not clear
    who.
    """

    start: NDArray[np.float64]
    end: NDArray[np.float64]
    owner: NDArray[np.int64]
    twin: NDArray[np.int64]


def edges_of(polygons: Geometries) -> Edges:
    """Return the edges of polygons and multipolygons, none of them empty.

    >>> edges = edges_of(shapely.box([0, 1], 0, [1, 2], 1))
    >>> (edges.twin >= 0).tolist()
    [True, False, False, False, False, False, True, False]
    """
    return joined(sides_of(polygons))


class Sides(NamedTuple):
    """Edges without their twins; which have their polygon on the left; a key of both ends."""

    start: NDArray[np.float64]
    end: NDArray[np.float64]
    owner: NDArray[np.int64]
    left: NDArray[np.bool_]
    key: Keys


def sides_of(polygons: Geometries) -> Sides:
    """Return the edges of polygons, not yet joined to those on their other side."""
    parts = by_slices(lambda part: _sides(polygons[part], part.start), len(polygons))
    return Sides(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def joined(sides: Sides) -> Edges:
    """Return the edges, each with its twin."""
    twin = np.full(len(sides.owner), -1, np.int64)
    share = sides.key >> _BITS  # both sides of an edge are in one

    def pair(part: slice) -> None:
        _pair(sides, np.flatnonzero(share == part.start), twin)

    by_slices(pair, _SHARES, at_once=1)
    return Edges(sides.start, sides.end, sides.owner, twin)


def _sides(polygons: Geometries, base: int) -> Sides:
    """Return the edges of polygons of which the first is number `base`."""
    kind, coords, offsets = _ragged(polygons)
    points = coords + 0.0  # -0.0 and 0.0 are one coordinate
    rings = np.asarray(offsets[0], np.int64)
    inner = np.ones(len(points), np.bool_)
    inner[rings[1:] - 1] = False
    first = np.flatnonzero(inner)
    whole = points.view(np.complex128)[:, 0]  # x and y in one go
    start, end = (whole[ends].view(np.float64).reshape(-1, 2) for ends in (first, first + 1))
    hashed = _hashes(points, 0)
    owner = base + _owners(kind, offsets, len(rings) - 1)
    edges = np.diff(rings) - 1
    left = _left(start, end, rings[:-1] - np.arange(len(edges)), offsets)
    key = hashed[first] + hashed[first + 1]
    return Sides(start, end, np.repeat(owner, edges), left, key)


def _ragged(
    polygons: Geometries,
) -> tuple[shapely.GeometryType, NDArray[np.float64], tuple[NDArray[np.int64], ...]]:
    """Return kind, coordinates and offsets as `shapely.to_ragged_array` does.

    Polygons of one ring each are read four times faster without making their rings.
    """
    plain = shapely.get_type_id(polygons) == shapely.GeometryType.POLYGON
    if not (plain & (shapely.get_num_interior_rings(polygons) == 0)).all():
        kind, coords, offsets = shapely.to_ragged_array(polygons, include_z=False)
        return kind, coords, offsets
    counts = shapely.get_num_coordinates(polygons)
    rings = np.r_[0, np.cumsum(counts, dtype=np.int64)]
    coords = shapely.get_coordinates(polygons)
    return shapely.GeometryType.POLYGON, coords, (rings, np.arange(len(polygons) + 1))


def _owners(
    kind: shapely.GeometryType, offsets: tuple[NDArray[np.int64], ...], rings: int
) -> NDArray[np.int64]:
    """Return the polygon of each ring."""
    part = np.repeat(np.arange(len(offsets[1]) - 1), np.diff(offsets[1]))[:rings]
    if kind != shapely.GeometryType.MULTIPOLYGON:
        return part
    return np.repeat(np.arange(len(offsets[2]) - 1), np.diff(offsets[2]))[part]


def _left(
    start: NDArray[np.float64],
    end: NDArray[np.float64],
    begin: NDArray[np.int64],
    offsets: tuple[NDArray[np.int64], ...],
) -> NDArray[np.bool_]:
    """Tell which edges have their polygon on the left.

    `begin` is the first edge of each ring.
    """
    edges = np.diff(np.r_[begin, len(start)])
    a, b = start - np.repeat(start[begin], edges, axis=0), end - start
    twice = np.add.reduceat(a[:, 0] * b[:, 1] - b[:, 0] * a[:, 1], begin)
    outer = np.zeros(len(begin), np.bool_)
    outer[offsets[1][:-1]] = True
    return np.repeat((twice > 0) == outer, edges)


def _pair(sides: Sides, rows: NDArray[np.int64], twin: NDArray[np.int64]) -> None:
    """Write the position of each edge seen from the other side, of those of one share."""
    key, seed = sides.key[rows], 0
    while True:
        order = np.argsort(key)
        ranked = key[order]
        same = ranked[1:] == ranked[:-1]
        one, other = rows[order[:-1][same]], rows[order[1:][same]]
        along, against = _agree(sides, one, other)
        if (along | against).all():
            break
        seed += 1  # two edges share a key by chance, once in millions of cities
        key = _hashes(sides.start[rows], seed) + _hashes(sides.end[rows], seed)
    alone = same & ~np.r_[False, same[:-1]] & ~np.r_[same[1:], False]  # of runs of exactly two
    apart = sides.owner[one] != sides.owner[other]
    facing = (sides.left[one] == sides.left[other]) != along  # on the two sides of the edge
    good = alone[same] & apart & facing
    twin[one[good]], twin[other[good]] = other[good], one[good]


def _agree(
    sides: Sides, one: NDArray[np.int64], other: NDArray[np.int64]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Tell which pairs are the same edge in one direction, and which in opposite ones."""
    start, end = (points.view(np.complex128)[:, 0] for points in (sides.start, sides.end))
    a, b, c, d = start[one], end[one], start[other], end[other]
    return (a == c) & (b == d), (a == d) & (b == c)


def _hashes(points: NDArray[np.float64], seed: int) -> Keys:
    """Return a number of 64 bits for each point, the same for the same point."""
    bits = np.ascontiguousarray(points).view(np.uint64)
    first, second, third = (np.uint64(number + 2 * seed) for number in _MIX)
    mixed = bits[:, 0] * first ^ (bits[:, 1] * second >> np.uint64(7)) + bits[:, 1] * third
    mixed = (mixed ^ (mixed >> np.uint64(29))) * first
    return np.asarray(mixed ^ (mixed >> np.uint64(32)))
