"""The grid that owns a point, by an STRtree of prepared shapes: plain, exact, slow.

The answer to short questions, and the twin that the raster is held against.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import Degrees
from geo.lookup.coverage import Coverage


def owners(grids: Coverage, lon: Degrees, lat: Degrees) -> NDArray[np.int32]:
    """Return the position in `grids` of the owner of each point, -1 where nobody owns it.

    Parameters
    ----------
    lon, lat
        One-dimensional, degrees; points that are not finite have no owner.
    """
    position = np.full(len(lon), len(grids), np.int32)
    known = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    tree = shapely.STRtree(shapely.points(lon[known], lat[known]))
    # The tree holds the points, so that each shape is prepared once and asked of many.
    owner, asked = tree.query(grids.shapes, predicate="covers")
    np.minimum.at(position, known[asked], owner.astype(np.int32))
    position[position == len(grids)] = -1
    return position
