"""The overlay of nets: atoms that lie in one unit of each net and in one community."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.atoms.adjacency import Borders, adjacency
from geo.atoms.coverage import GRID_M, dissolve, node, owners
from geo.atoms.edges import Geometries
from geo.nets.inputs import Given, Net
from geo.nets.lines import laid_together
from geo.redraw.state import NONE, Flags, Ints, Reals

_NOISE_M2 = 1.0  # smaller faces are rounding, whatever the tolerance
_EVEN = 0.5  # of the longest border: neighbours that share about as much of a sliver
_DIGITS = 6
_NEAR_M = 1.0  # a line so near to a community may end on its border, but for rounding
_AT_ONCE = 200  # communities noded together: memory, not the result, hangs on it


@dataclass(frozen=True, eq=False)
class Overlay:
    """Atoms (a valid coverage, metres), the unit of each in each net (-1: none), its community.

    `units` is (atoms, nets), positions of codes; `slivers` how many faces were too narrow to be
    meant, `sliver_m2` their ground; `beyond_m2` the ground of nets outside every community;
    `tolerance` in metres.
    """

    polygons: Geometries
    units: Ints
    home: Ints
    borders: Borders
    slivers: int
    sliver_m2: float
    beyond_m2: float
    tolerance: float

    @property
    def area(self) -> Reals:
        """Square metres of each atom."""
        return np.asarray(shapely.area(self.polygons), np.float64)


def overlaid(whole: Given, tolerance: float) -> Overlay:
    """Return the atoms of the overlay.

    Borders nearer than the tolerance are one: that of the communities, else of the net named
    first. What is left narrower than the tolerance goes to the neighbour it shares the longest
    border with, in its community; of two alike, to the one on the other side of the border of the
    net named last.
    """
    faces, home, beyond = faces_of(whole, tolerance)
    units = _units(whole.nets, faces, tolerance)
    thin = _thin(faces, tolerance)
    borders = adjacency(faces)
    taker = absorbed(borders, thin, units, home)
    units, given_away = units[taker], thin & (taker != np.arange(len(taker)))
    polygons, units, home = _merged(faces, units, home, borders)
    return Overlay(
        polygons,
        units,
        home,
        adjacency(polygons),
        int(given_away.sum()),
        float(shapely.area(faces[given_away]).sum()),
        beyond,
        tolerance,
    )


def faces_of(
    whole: Given, tolerance: float, *, at_once: int = _AT_ONCE
) -> tuple[Geometries, Ints, float]:
    """Return the faces between all borders, the community of each, and the ground beyond (m²).

    Some communities at a time, each with every line that comes near, so that both sides of a
    border get the same vertices: how many are done at once changes nothing.
    """
    towns = whole.towns.polygons
    lines = laid_together([towns, *(net.polygons for net in whole.nets)], tolerance)
    if not len(towns):
        faces = node(lines, GRID_M)
        return *_in_order(faces, np.zeros(len(faces), np.int64)), 0.0
    tree = shapely.STRtree(lines)
    found = [
        _faces_in(towns, (lines, tree), slice(first, min(first + at_once, len(towns))))
        for first in range(0, len(towns), at_once)
    ]
    faces, home = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return *_in_order(faces, home), _beyond(whole, _faces_beyond(towns, lines))


def _faces_in(
    towns: Geometries, found: tuple[Geometries, shapely.STRtree], some: slice
) -> tuple[Geometries, Ints]:
    """Return the faces in some communities, and which each is in."""
    lines, tree = found
    near = np.unique(tree.query(towns[some], predicate="dwithin", distance=_NEAR_M)[1])
    faces = node(lines[near], GRID_M)
    home = owners(towns, shapely.point_on_surface(faces))
    ours = (home >= some.start) & (home < some.stop)
    return faces[ours], home[ours]


def _faces_beyond(towns: Geometries, lines: Geometries) -> Geometries:
    """Return the faces outside of every community: between lines that do not lie within one."""
    ground = shapely.union_all(towns)
    shapely.prepare(ground)
    faces = node(lines[~shapely.contains_properly(ground, lines)], GRID_M)
    return faces[owners(towns, shapely.point_on_surface(faces)) < 0]


def _in_order(faces: Geometries, home: Ints) -> tuple[Geometries, Ints]:
    """Return faces by community, from west to east, however they were found."""
    x, y = shapely.get_coordinates(shapely.centroid(faces)).round(3).T
    order = np.lexsort((y, x, home))
    return faces[order], home[order]


def _beyond(whole: Given, faces: Geometries) -> float:
    """Return the ground outside every community that some net counts as its own."""
    spots = shapely.point_on_surface(faces)
    claimed = np.zeros(len(faces), np.bool_)
    for net in whole.nets:
        claimed |= owners(net.polygons, spots) >= 0
    return float(shapely.area(faces[claimed]).sum())


def _units(nets: tuple[Net, ...], faces: Geometries, tolerance: float) -> Ints:
    """Return the unit of each face in each net; of units that overlap, the lowest code.

    Borders moved by the tolerance at most, so a place farther than that from a face's border lies
    in the right unit. A face without such a place goes to the unit that covers most of it.
    """
    core = shapely.buffer(faces, -tolerance, quad_segs=1) if tolerance > 0 else faces
    wide = ~shapely.is_empty(core)
    spots = shapely.point_on_surface(core[wide])
    units = np.full((len(faces), len(nets)), NONE, np.int64)
    for number, net in enumerate(nets):
        units[wide, number] = owners(net.polygons, spots)
        units[~wide, number] = _mostly(faces[~wide], net.polygons)
    return units


def _mostly(faces: Geometries, polygons: Geometries) -> Ints:
    """Return the polygon that covers most of each face; -1 where none covers more than nothing."""
    face, unit = shapely.STRtree(polygons).query(faces, predicate="intersects")
    common = shapely.area(shapely.intersection(faces[face], polygons[unit]))
    share = np.round(common / shapely.area(faces)[face], _DIGITS)
    bare = 1.0 - np.minimum(1.0, np.bincount(face, share, len(faces)))
    order = np.lexsort((unit, -share, face))
    found, first = np.unique(face[order], return_index=True)
    best = order[first]
    mostly = np.full(len(faces), NONE, np.int64)
    mostly[found] = np.where(share[best] > bare[found], unit[best], NONE)
    return mostly


def _thin(faces: Geometries, tolerance: float) -> Flags:
    """Tell which faces are narrower than the tolerance: no circle of it fits."""
    small = shapely.area(faces) < _NOISE_M2
    if tolerance <= 0:
        return np.asarray(small)
    return np.asarray(small | shapely.is_empty(shapely.buffer(faces, -tolerance / 2, quad_segs=1)))


def absorbed(borders: Borders, thin: Flags, units: Ints, home: Ints) -> NDArray[np.int64]:
    """Return the face that each belongs to: itself, or what a thin one was given to."""
    here, there = np.r_[borders.left, borders.right], np.r_[borders.right, borders.left]
    metres = np.r_[borders.metres, borders.metres]
    fits = thin[here] & (home[here] == home[there])
    here, there, metres = here[fits], there[fits], metres[fits]
    taker, open_ = np.arange(len(thin)), thin.copy()
    while True:
        ready = open_[here] & ~open_[there]
        if not ready.any():
            return taker
        one, other, along = here[ready], there[ready], metres[ready]
        first = _first_border(units[one], units[taker[other]])
        longest = np.zeros(len(thin))
        np.maximum.at(longest, one, along)
        level = along >= _EVEN * longest[one]
        order = np.lexsort((other, -along, -first, ~level, one))
        given, place = np.unique(one[order], return_index=True)
        taker[given] = taker[other[order][place]]
        open_[given] = False


def _first_border(one: Ints, other: Ints) -> Ints:
    """Return the position of the first net that has a border between two; how many, if none."""
    apart = one != other
    first = np.where(apart.any(axis=1), apart.argmax(axis=1), one.shape[1])
    return np.asarray(first, np.int64)


def _merged(
    faces: Geometries, units: Ints, home: Ints, borders: Borders
) -> tuple[Geometries, Ints, Ints]:
    """Return faces of the same units put together where they touch, in a steady order."""
    key = np.unique(np.c_[home, units], axis=0, return_inverse=True)[1].ravel()
    same = borders.where(key[borders.left] == key[borders.right])
    group = same.components(len(faces))
    first = np.unique(group, return_index=True)[1]
    polygons = dissolve(faces, group, len(first))
    x, y = shapely.get_coordinates(shapely.centroid(polygons)).round(3).T
    order = np.lexsort((y, x, home[first]))
    return polygons[order], units[first][order], home[first][order]
