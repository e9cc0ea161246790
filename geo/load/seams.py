"""Vertices along shared borders: those a neighbour lacks are found and inserted there.

Works in degrees as stored, because which area owns a point is decided there, and because a
vertex that is copied, not computed, matches its neighbour's exactly.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import Degrees
from geo.load.repairs import Geometries, Mask

# A tenth of a millimetre, in degrees: a vertex this near to an edge is meant to lie on it.
ON_EDGE: Final = 1e-9

# Narrow gaps are looked for this wide, in degrees: a little over the width of a sliver.
_GAP_WIDTH: Final = 2.5e-5

Places = NDArray[np.int64]


class _Edges(NamedTuple):
    start: Degrees
    end: Degrees
    owner: Places
    ring: Places
    after: Places  # place of the edge's start in its ring


def misfits(shapes: Geometries, gap_width: float = _GAP_WIDTH) -> Mask:
    """Tell which areas have a border that does not fit, and which areas those meet.

    Gaps narrower than `gap_width` do not fit, in the units of the shapes.

    Of an area that lies wholly inside another only the inner one has such a border.
    """
    odd = ~shapely.is_empty(shapely.coverage_invalid_edges(shapes, gap_width=gap_width))
    met = shapely.STRtree(shapes).query(shapes[odd], predicate="intersects")[1]
    odd[met] = True
    return np.asarray(odd, dtype=bool)


def matched(shapes: Geometries, tolerance: float = ON_EDGE) -> Geometries:
    """Return the polygons with the vertices their neighbours have on their edges.

    >>> pair = [shapely.box(0, 0, 1, 1), shapely.Polygon([(1, 0), (2, 0), (1, 0.5)])]
    >>> shapely.get_num_coordinates(matched(np.array(pair, dtype=object))).tolist()
    [6, 4]
    """
    return with_vertices(shapes, lacking(shapes, tolerance))


def with_vertices(shapes: Geometries, table: pd.DataFrame) -> Geometries:
    """Return the polygons with the vertices of a table that `lacking` gave for them.

    A polygon that would not be valid any more is left as it is.
    """
    if table.empty:
        return shapes
    rings, owner = _rings(shapes)
    ordered = table.sort_values(["ring", "after", "along"], kind="stable")
    ring, after = ordered["ring"].to_numpy(), ordered["after"].to_numpy()
    xy = ordered[["lon", "lat"]].to_numpy()
    starts = np.flatnonzero(np.append([True], ring[1:] != ring[:-1]))
    for start, end in zip(starts, np.append(starts[1:], len(ring)), strict=True):
        held = shapely.get_coordinates(rings[ring[start]])
        whole = np.insert(held, after[start:end] + 1, xy[start:end], axis=0)
        rings[ring[start]] = shapely.linearrings(whole)
    changed = shapes.copy()
    for place in np.unique(table["place"].to_numpy()).tolist():
        first, last = np.searchsorted(owner, [place, place + 1])
        whole = _rebuilt(shapes[place], rings[first:last])
        changed[place] = whole if shapely.is_valid(whole) else shapes[place]
    return changed


def lacking(shapes: Geometries, tolerance: float = ON_EDGE) -> pd.DataFrame:
    """Return the vertices that lie on an edge of another polygon without being one of its own.

    Columns: `place` of the polygon whose edge it is, `of` (the one that has the vertex), `lon`,
    `lat`, and where it belongs: `ring`, `after` and `along` the edge.
    """
    return _lacking(_edges(*_rings(shapes)), tolerance)


def _rings(shapes: Geometries) -> tuple[Geometries, Places]:
    parts, of_part = shapely.get_parts(shapes, return_index=True)
    rings, of_ring = shapely.get_rings(parts, return_index=True)
    return rings, of_part[of_ring]


def _edges(rings: Geometries, owner: Places) -> _Edges:
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    joined = np.flatnonzero(ring[1:] == ring[:-1])
    first = np.searchsorted(ring, ring[joined])
    return _Edges(xy[joined], xy[joined + 1], owner[ring[joined]], ring[joined], joined - first)


def _lacking(edges: _Edges, tolerance: float) -> pd.DataFrame:
    lines = shapely.linestrings(np.stack([edges.start, edges.end], axis=1))
    points = shapely.points(edges.start)
    vertex, edge = shapely.STRtree(lines).query(points, predicate="dwithin", distance=tolerance)
    other = edges.owner[vertex] != edges.owner[edge]
    vertex, edge = vertex[other], edge[other]
    spot, start, end = edges.start[vertex], edges.start[edge], edges.end[edge]
    inner = (np.hypot(*(spot - start).T) > tolerance) & (np.hypot(*(spot - end).T) > tolerance)
    along = np.einsum("ij,ij->i", spot - start, end - start)
    table = {
        "place": edges.owner[edge],
        "of": edges.owner[vertex],
        "ring": edges.ring[edge],
        "after": edges.after[edge],
        "along": along,
        "lon": spot[:, 0],
        "lat": spot[:, 1],
    }
    found = pd.DataFrame(table)[inner].drop_duplicates(["ring", "after", "lon", "lat"])
    return found.sort_values(["ring", "after", "along"])


def _rebuilt(shape: shapely.Geometry, rings: Geometries) -> shapely.Geometry:
    """Return the polygon made of these rings, in the order `get_rings` gives them."""
    parts, used = [], 0
    for part in shapely.get_parts(shape):
        count = 1 + int(shapely.get_num_interior_rings(part))
        outer, *holes = rings[used : used + count]
        parts.append(shapely.Polygon(outer, holes))
        used += count
    single = shapely.get_type_id(shape) == shapely.GeometryType.POLYGON
    return parts[0] if single else shapely.MultiPolygon(parts)
