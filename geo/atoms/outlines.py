"""Communities made from buildings alone: the ground nearest to the points of each."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.atoms.blocks import Flat
from geo.atoms.coverage import GRID_M, dissolve, metres_per_unit, node

_MARGIN: Final = 0.5  # of the mean distance between points, around the outermost


def outlines(points: gpd.GeoDataFrame, within: str) -> gpd.GeoDataFrame:
    """Return polygons of communities (`code`, geometry) that only points are known of.

    Each is the ground nearest to its points, inside a hull around all points. Where points of two
    communities coincide, the lowest code has the ground.

    Parameters
    ----------
    points
        Any CRS; the column `within` names the community of each.

    >>> towns = gpd.GeoDataFrame({"c": ["a", "b"]}, geometry=gpd.points_from_xy([0, 4], [0, 0]))
    >>> outlines(towns, "c")["code"].tolist()
    ['a', 'b']
    """
    points = points.iloc[np.argsort(points[within].astype("str").to_numpy(), kind="stable")]
    west, south, _, _ = points.total_bounds
    flat = Flat((float(west), float(south)), metres_per_unit(points))
    spots = flat.to(points.geometry.to_numpy())
    cloud = shapely.multipoints(spots)
    count = len(np.unique(shapely.get_coordinates(spots), axis=0))
    hull = shapely.convex_hull(cloud)
    spacing = max(np.sqrt(shapely.area(hull) / count), shapely.length(hull) / count / 2, 1.0)
    hull = shapely.buffer(hull, spacing * _MARGIN, cap_style="square", join_style="mitre")
    lines = [shapely.boundary(hull)]
    if count > 1:
        edges = shapely.voronoi_polygons(cloud, extend_to=hull, only_edges=True)
        lines.append(shapely.intersection(edges, hull))
    faces = node(np.asarray(lines, dtype=object), GRID_M)
    face, point = shapely.STRtree(spots).query_nearest(shapely.point_on_surface(faces))
    nearest = np.full(len(faces), len(spots), np.int64)
    np.minimum.at(nearest, face, point)  # of points on one spot the first
    codes, group = np.unique(points[within].astype("str").to_numpy()[nearest], return_inverse=True)
    return gpd.GeoDataFrame(
        pd.DataFrame({"code": codes}),
        geometry=flat.back(dissolve(faces, group, len(codes))),
        crs=points.crs,
    )
