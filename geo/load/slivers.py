"""Slivers given to a neighbour: what changes, and which ones would not mend.

Works in degrees as stored. An overlap goes to the area that owns its points anyway (special first,
then the lowest code); a gap to the neighbour with the longest shared border.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import Degrees
from geo.load.repairs import Geometries
from geo.load.seams import ON_EDGE, lacking, matched, with_vertices

# A millimetre in degrees: how near to its neighbour's edge a sliver measured in metres lies.
_NEAR: Final = 1e-8
# Three centimetres in degrees: how near the corner of an open sliver lies to the vertex meant.
OPEN_REACH: Final = 3e-7


@dataclass(frozen=True, slots=True)
class Mended:
    """Geometries after the slivers were given away.

    `owners` has, for each sliver, the place of the area it went to, -1 where it was left alone.
    """

    shapes: Geometries
    owners: NDArray[np.int64]


def without_overlaps(shapes: Geometries, pairs: pd.DataFrame, rank: NDArray[np.int64]) -> Mended:
    """Return the shapes with each pair's overlap cut from the one that ranks lower.

    `pairs` has the places `a` and `b`; `rank` orders the areas, the owner first.
    """
    changed, owners = shapes.copy(), np.full(len(pairs), -1)
    for number, (a, b) in enumerate(zip(pairs["a"], pairs["b"], strict=True)):
        keeps, loses = (a, b) if rank[a] < rank[b] else (b, a)
        left = shapely.difference(changed[loses], changed[keeps])
        if _sound(left):
            changed[loses], owners[number] = left, keeps
    return Mended(changed, owners)


def without_gaps(shapes: Geometries, holes: Geometries, reach: float = ON_EDGE) -> Mended:
    """Return the shapes with each hole (degrees) added to the neighbour it borders most.

    Corners of a hole within `reach` (degrees) of a vertex are that vertex.
    """
    owners = np.full(len(holes), -1)
    if len(holes) == 0:
        return Mended(shapes, owners)
    changed, pieces = _fitted(shapes, holes, reach)
    owner_of = _longest_border(changed, pieces)
    for owner, numbers in owner_of.groupby(owner_of):
        whole, joined = _grown(changed[owner], pieces, numbers.index.tolist())
        changed[owner], owners[joined] = whole, owner
    given = bool((owners >= 0).any())  # vertices are not added where nothing was given away
    return Mended(changed if given else shapes, owners)


def _fitted(shapes: Geometries, holes: Geometries, reach: float) -> tuple[Geometries, Geometries]:
    """Return shapes and holes that share every vertex along their borders."""
    from scipy.spatial import cKDTree  # noqa: PLC0415 start-up: only slivers are worth it

    vertices = shapely.get_coordinates(shapes)
    tree = cKDTree(vertices)

    def settled(xy: Degrees) -> Degrees:
        distance, nearest = tree.query(xy, distance_upper_bound=reach)
        return np.where(np.isfinite(distance)[:, None], vertices[nearest % len(vertices)], xy)

    fitted = shapely.remove_repeated_points(shapely.transform(holes, settled), 0.0)
    fitted = np.where(shapely.is_valid(fitted), fitted, holes)
    both = np.concatenate([shapes, fitted])
    table = lacking(both, _NEAR)
    ours = (table["place"] >= len(shapes)) | (table["of"] >= len(shapes))
    joined = with_vertices(both, table[ours])
    return joined[: len(shapes)], joined[len(shapes) :]


def _longest_border(shapes: Geometries, pieces: Geometries) -> pd.Series:
    """Return the place of the shape that each piece borders most, by number of the piece."""
    piece, near = shapely.STRtree(shapes).query(pieces, predicate="dwithin", distance=_NEAR)
    edges = shapely.boundary(pieces[piece]), shapely.boundary(shapes[near])
    table = pd.DataFrame({"piece": piece, "near": near})
    table["border"] = shapely.length(shapely.intersection(*edges))
    table = table.sort_values(["piece", "border", "near"], ascending=[True, False, True])
    return table.drop_duplicates("piece").set_index("piece")["near"]


def _grown(
    shape: shapely.Geometry, pieces: Geometries, numbers: list[int]
) -> tuple[shapely.Geometry, list[int]]:
    """Return the shape with its pieces, and the numbers of those that joined it."""
    together = _united(shape, shapely.union_all(pieces[numbers]))
    if together is not None and _joined(shape, together):
        return together, numbers
    joined = []
    for number in numbers:
        whole = _united(shape, pieces[number])
        if whole is not None and _joined(shape, whole):
            shape = whole
            joined.append(number)
    return shape, joined


def _united(shape: shapely.Geometry, piece: shapely.Geometry) -> shapely.Geometry | None:
    """Return both as one, or None where they cannot be joined soundly."""
    try:
        whole = _areas_of(shapely.union(shape, piece))
    except shapely.GEOSException:
        return None
    return whole if _sound(whole) else None


def _areas_of(whole: shapely.Geometry) -> shapely.Geometry:
    """Return a union without the lines that the hair-thin end of a sliver leaves in it."""
    if whole.geom_type != "GeometryCollection":
        return whole
    parts = shapely.get_parts(whole)
    return shapely.union_all(parts[shapely.get_dimensions(parts) > 1])


def _borders(piece: shapely.Geometry, around: Geometries) -> NDArray[np.float64]:
    rim = shapely.buffer(piece, _NEAR)
    return np.asarray(shapely.length(shapely.intersection(shapely.boundary(around), rim)))


def _sound(shape: shapely.Geometry) -> bool:
    polygonal = shape.geom_type in {"Polygon", "MultiPolygon"}
    return bool(polygonal and shapely.is_valid(shape) and not shapely.is_empty(shape))


def _joined(before: shapely.Geometry, after: shapely.Geometry) -> bool:
    """Tell whether the piece joined a part instead of becoming a part of its own."""
    return bool(shapely.get_num_geometries(after) <= shapely.get_num_geometries(before))


def rejoined(shapes: Geometries, touched: NDArray[np.bool_]) -> Geometries:
    """Return the shapes with vertices matched among those touched and their neighbours."""
    near = shapely.STRtree(shapes).query(shapes[touched], predicate="dwithin", distance=_NEAR)[1]
    group = np.unique(near)
    changed = shapes.copy()
    changed[group] = matched(shapes[group])
    return changed
