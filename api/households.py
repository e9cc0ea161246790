"""Households of buildings as they are now, by the atoms of a plan they stand on."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import WGS84
from geo.lookup import GridIndex


def on_atoms(
    shapes: Sequence[shapely.Geometry] | NDArray[np.object_],
    points: NDArray[np.float64],
    weight: NDArray[np.float64],
) -> NDArray[np.int64]:
    """Return the sum of what lies at points (EPSG:4326: a row each, lon and lat) by atom.

    What lies on no atom is left out; of atoms that touch it the first one has it.
    """
    names = [f"{place:09d}" for place in range(len(shapes))]
    atoms = gpd.GeoDataFrame({"code": names}, geometry=list(shapes), crs=WGS84)
    found = GridIndex(atoms.set_index("code")).locate(points[:, 0], points[:, 1])
    here = np.array([code is not None for code in found], np.bool_)
    at = found[here].astype(np.int64)
    return np.bincount(at, weight[here], len(names)).astype(np.int64)


def households_on(
    shapes: Sequence[shapely.Geometry] | NDArray[np.object_], buildings: gpd.GeoDataFrame
) -> NDArray[np.int64]:
    """Return the households of buildings (`geo.store.net.places.read_loads`) by atom."""
    points = shapely.get_coordinates(buildings.geometry.to_numpy())
    return on_atoms(shapes, points, buildings["households"].fillna(0).to_numpy(np.float64))
