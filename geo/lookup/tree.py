"""The grid that owns a point, by an STRtree of prepared shapes: plain, exact, slow.

The answer to short questions, and the twin that the raster is held against.
"""

from __future__ import annotations

from math import isfinite

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import Degrees
from geo.lookup.coverage import Coverage


def boxes(grids: Coverage) -> shapely.STRtree:
    """Return a tree of the grids' boxes, for questions of few points."""
    tree = shapely.STRtree(grids.shapes)
    tree.query(shapely.Point(0, 0))  # it is put together when first asked: not by two threads
    return tree


def owner(boxes: shapely.STRtree, lon: float, lat: float) -> int:
    """Return the position of the owner of one point, -1 where nobody owns it.

    Parameters
    ----------
    boxes
        Of grids in the order in which they own points.
    """
    if not (isfinite(lon) and isfinite(lat)):
        return -1
    found = boxes.query(shapely.Point(lon, lat), predicate="covered_by")
    return int(found.min()) if len(found) else -1


def owners(
    grids: Coverage, lon: Degrees, lat: Degrees, *, known_boxes: shapely.STRtree | None = None
) -> NDArray[np.int32]:
    """Return the position in `grids` of the owner of each point, -1 where nobody owns it.

    Parameters
    ----------
    lon, lat
        One-dimensional, degrees; points that are not finite have no owner.
    known_boxes
        The tree of the grids' boxes, where it is there already.
    """
    position = np.full(len(lon), len(grids), np.int32)
    known = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    points = shapely.points(lon[known], lat[known])
    if known_boxes is not None and len(known) < len(grids):
        asked, owner = known_boxes.query(points, predicate="covered_by")
    else:
        # The tree holds the points, so that each shape is prepared once and asked of many.
        owner, asked = shapely.STRtree(points).query(grids.shapes, predicate="covers")
    np.minimum.at(position, known[asked], owner.astype(np.int32))
    position[position == len(grids)] = -1
    return position
