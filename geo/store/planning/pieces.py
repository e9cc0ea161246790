"""Grids of a draft that lie in several pieces though their ground does not."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

# What noding on a millimetre leaves along a border: a strip of a centimetre, in degrees.
STRIP: Final = 0.01 / 111_320.0


def torn_grids(
    grids: gpd.GeoDataFrame, communities: gpd.GeoDataFrame, atoms: gpd.GeoDataFrame
) -> pd.Series:
    """Return the communities of the ordinary grids that are torn, by code of the grid.

    Pieces hang together where an estate that must not be split has ground in both, and where the
    community's own ground, its special grids cut out, is in pieces too.

    Parameters
    ----------
    grids
        `code`, `parent`, `special`, `geometry`.
    communities
        `code`, `geometry`.
    atoms
        `grid`, `estate`, `geometry`.
    """
    parts = shapely.get_num_geometries(grids.geometry.to_numpy())
    several = grids[(parts > 1) & ~grids["special"].astype("bool")]
    borders = communities.set_index("code").geometry
    torn = {
        row.code: row.parent
        for row in several.itertuples()
        if _is_torn(
            shapely.get_parts(row.geometry),
            _ground(borders[row.parent], grids[grids["parent"] == row.parent]),
            atoms[(atoms["grid"] == row.code) & atoms["estate"].notna()],
        )
    }
    return pd.Series(torn, dtype="object")


def _ground(border: shapely.Geometry, grids: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """Return the pieces of a community's ground without its special grids."""
    special = grids.loc[grids["special"].astype("bool")].geometry.to_numpy()
    return np.asarray(shapely.get_parts(shapely.difference(border, shapely.union_all(special))))


def _is_torn(
    parts: NDArray[np.object_], ground: NDArray[np.object_], homes: gpd.GeoDataFrame
) -> bool:
    """Tell whether two parts on one piece of ground are joined by no estate."""
    from scipy.sparse import coo_array  # noqa: PLC0415 heavy, and grids are seldom torn
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415 as above

    parts = parts[shapely.area(parts) > STRIP * shapely.length(parts)]
    inside = shapely.point_on_surface(homes.geometry.to_numpy())
    atom, part = shapely.STRtree(parts).query(inside, predicate="intersects")
    estate = pd.factorize(homes["estate"].to_numpy(object))[0][atom]
    size = len(parts) + len(homes)
    edges = coo_array((np.ones(len(part)), (part, len(parts) + estate)), shape=(size, size))
    group = connected_components(edges, directed=False)[1][: len(parts)]
    piece = shapely.STRtree(ground).nearest(shapely.point_on_surface(parts))
    seen = pd.DataFrame({"piece": piece, "group": group}).drop_duplicates()
    return bool(seen["piece"].duplicated().any())
