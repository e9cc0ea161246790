"""Nets drawn in letters: each sign is a cell of 100 m × 100 m of the unit it names."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

SIDE = 100.0
CRS = "EPSG:4548"
EAST, NORTH = 500_000.0, 4_057_000.0


def net(drawing: str, *, dx: float = 0.0) -> gpd.GeoDataFrame:
    """Return the units of a drawing by their letter; a blank is in none. `dx` moves them east."""
    rows = drawing.strip("\n").splitlines()
    cells: dict[str, list[shapely.Geometry]] = {}
    for row, line in enumerate(rows):
        for column, sign in enumerate(line):
            if sign != " ":
                cells.setdefault(sign, []).append(cell(column, len(rows) - row - 1))
    units = [shapely.union_all(parts) for parts in cells.values()]
    return gpd.GeoDataFrame({"code": list(cells)}, geometry=units, crs=CRS).set_geometry(
        gpd.GeoSeries(units, crs=CRS).translate(dx)
    )


def cell(column: int, row: int) -> shapely.Geometry:
    west, south = EAST + column * SIDE, NORTH + row * SIDE
    return shapely.box(west, south, west + SIDE, south + SIDE)


def homes(columns: int, rows: int, households: int = 100) -> gpd.GeoDataFrame:
    """Return a place in the middle of each cell."""
    x, y = np.meshgrid(np.arange(columns), np.arange(rows))
    points = shapely.points(EAST + (x.ravel() + 0.5) * SIDE, NORTH + (y.ravel() + 0.5) * SIDE)
    return gpd.GeoDataFrame({"households": [households] * len(points)}, geometry=points, crs=CRS)
