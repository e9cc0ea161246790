"""A city of atoms to draw grids on: Voronoi cells of uneven sites, communities made of cells."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from scipy.spatial import cKDTree

HOUSEHOLDS_A_GRID = 400
METRES_A_GRID = 300.0


def city(grids: int, communities: int, atoms_a_grid: int, seed: int) -> gpd.GeoDataFrame:
    """Return atoms (households, within, geometry in EPSG:4548) for about so many grids.

    Households are lognormal; communities are the cells nearest to jittered centres, so they tile
    and their borders follow those of atoms.
    """
    rng = np.random.default_rng(seed)
    side = METRES_A_GRID * np.sqrt(grids)
    sites = _jittered(int(np.sqrt(grids * atoms_a_grid)), side, 0.48, rng)
    square = shapely.box(0, 0, side, side)
    cells = np.asarray(
        shapely.get_parts(
            shapely.voronoi_polygons(shapely.multipoints(sites), extend_to=square, ordered=True)
        )
    )
    rim = ~shapely.contains_properly(square, cells)
    cells[rim] = shapely.intersection(cells[rim], square)
    centres = _jittered(round(np.sqrt(communities)), side, 0.3, rng)
    within = cKDTree(centres).query(sites)[1]
    load = np.exp(rng.normal(0, 0.6, len(sites)))
    load = np.maximum(1, np.round(load * HOUSEHOLDS_A_GRID * grids / load.sum()))
    columns = {"households": load.astype(np.int64), "within": [f"{i:06d}" for i in within]}
    return gpd.GeoDataFrame(columns, geometry=cells, crs="EPSG:4548")


def _jittered(along: int, side: float, by: float, rng: np.random.Generator) -> np.ndarray:
    """Return along x along points in a square, each moved by so much of their distance."""
    step = side / along
    x, y = np.meshgrid(*[(np.arange(along) + 0.5) * step] * 2)
    return np.c_[x.ravel(), y.ravel()] + rng.uniform(-by, by, (along * along, 2)) * step
