"""On which side of a drawn line the atoms of a grid lie."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from geo.atoms import adjacency, dissolve
from geo.atoms.edges import Geometries
from geo.edits.draft import Draft
from geo.errors import BadLineError
from geo.redraw.inputs import in_metres
from geo.redraw.state import Flags, Ints

# A line drawn by hand, or rounded in a file, ends this near the border it was meant to reach.
_REACH_M: Final = 1.0
_SHORTEST_M: Final = 1e-3
_FARTHEST: Final = 1e9  # in units of the CRS: no place on Earth is
_LINES: Final = (
    shapely.GeometryType.LINESTRING,
    shapely.GeometryType.LINEARRING,
    shapely.GeometryType.MULTILINESTRING,
)


def far_side(draft: Draft, nodes: Ints, line: shapely.Geometry) -> Flags:
    """Tell which nodes of a grid have more of their ground on the far side of a line.

    The line cuts the grid into faces; crossing it changes the side. The near side is that of the
    largest face (of each piece of the grid). Ends that fall short of the border by up to a metre
    are drawn out.

    Raises
    ------
    BadLineError
        When it is no line, or has no length or no coordinates of a place.
    """
    atoms = draft.ground.atoms
    rows = draft.ground.rows(nodes)
    polygons = in_metres(atoms.polygons[rows], atoms.scale)
    faces = _faces(polygons, _drawn(line, atoms.scale))
    far = _odd(faces)
    atom, face = shapely.STRtree(faces).query(polygons, predicate="intersects")
    ground = shapely.area(shapely.intersection(polygons[atom], faces[face]))
    place = np.searchsorted(nodes, draft.ground.problems.node[rows])[atom]
    there = np.bincount(place, ground * far[face], len(nodes))
    here = np.bincount(place, ground * ~far[face], len(nodes))
    return np.asarray(there > here)


def _drawn(line: shapely.Geometry, scale: tuple[float, float]) -> Geometries:
    """Return the parts of a line in metres, drawn out."""
    kind = shapely.GeometryType(shapely.get_type_id(line))
    if kind not in _LINES:
        raise BadLineError(found=kind.name.lower())
    if not (np.abs(shapely.get_coordinates(line)) < _FARTHEST).all():
        raise BadLineError(found=shapely.to_wkt(line)[:60])
    parts = in_metres(shapely.get_parts(line), scale)
    parts = parts[shapely.length(parts) > _SHORTEST_M]
    if not len(parts):
        raise BadLineError(found=shapely.to_wkt(line)[:60])
    return np.asarray([_drawn_out(part) for part in parts], dtype=object)


def _drawn_out(line: shapely.LineString) -> shapely.LineString:
    """Return an open line a little longer at both ends."""
    points = shapely.get_coordinates(shapely.remove_repeated_points(line, _SHORTEST_M))
    if (points[0] == points[-1]).all():
        return line
    ends = [a + (a - b) * _REACH_M / np.hypot(*(a - b)) for a, b in (points[:2], points[:-3:-1])]
    return shapely.linestrings(np.vstack([ends[0], points, ends[1]]))


def _faces(polygons: Geometries, lines: Geometries) -> Geometries:
    """Return what lines cut the union of a coverage's polygons into."""
    whole = dissolve(polygons, np.zeros(len(polygons), np.int64), 1)[0]
    drawn = shapely.union_all(np.r_[shapely.boundary(whole), lines])
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(drawn)))
    shapely.prepare(whole)
    return np.asarray(faces[shapely.intersects(whole, shapely.point_on_surface(faces))])


def _odd(faces: Geometries) -> Flags:
    """Tell which faces an odd number of crossings parts from the largest of their piece."""
    count, borders = len(faces), adjacency(faces)
    piece = borders.components(count)
    order = np.lexsort((-shapely.area(faces), piece))
    largest = order[np.unique(piece[order], return_index=True)[1]]
    graph = coo_array((np.ones(len(borders.left)), (borders.left, borders.right)), (count, count))
    crossings = dijkstra(
        graph.tocsr(), directed=False, indices=largest, unweighted=True, min_only=True
    )
    return np.asarray(crossings % 2 == 1)
