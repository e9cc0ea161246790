"""Which other grids a point might belong to, given how far off it may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from geo.crs import WGS84, Degrees, metric_crs
from geo.lookup.coverage import Coverage, Objects

# A position may lie this many times its stated accuracy away (the accuracy of phones is one sigma).
REACH: Final = 2.0
# A phone that knows less than this says nothing about grids; no point has a whole city around it.
MOST_ACCURACY_M: Final = 500.0


@dataclass(frozen=True)
class Nearness:
    """Grids in metres, ready to be asked for what lies near."""

    project: Transformer
    shapes: Objects
    tree: shapely.STRtree

    def around(
        self, lon: Degrees, lat: Degrees, accuracy_m: Degrees
    ) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return pairs (point, grid) of what lies within reach, nearest first for each point.

        Parameters
        ----------
        lon, lat, accuracy_m
            One-dimensional, of one length. Where one is not finite, nothing is near; an accuracy
            below zero counts as zero, above `MOST_ACCURACY_M` as that.
        """
        x, y = self.project.transform(lon, lat)
        known = np.flatnonzero(np.isfinite(x) & np.isfinite(y) & ~np.isnan(accuracy_m))
        reach = REACH * np.clip(accuracy_m[known], 0.0, MOST_ACCURACY_M)
        points = shapely.points(x[known], y[known])
        point, grid = self.tree.query(points, predicate="dwithin", distance=reach)
        distance = shapely.distance(points[point], self.shapes[grid])
        order = np.lexsort((grid, distance, point))
        return known[point[order]], grid[order]


def nearness(grids: Coverage) -> Nearness:
    """Return the grids laid out in metres, in the system for their middle."""
    west, south, east, north = shapely.total_bounds(grids.shapes) if len(grids) else (0.0,) * 4
    metres = metric_crs((west + east) / 2, (south + north) / 2)
    project = Transformer.from_crs(WGS84, metres, always_xy=True)
    shapes = shapely.transform(grids.shapes, project.transform, interleaved=False)
    return Nearness(project, shapes, shapely.STRtree(shapes))
