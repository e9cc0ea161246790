"""Blocks: what borders of communities, estates, grids of today, roads and rivers leave whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.atoms.coverage import GRID_M, check_polygons, metres_per_unit, node, owners
from geo.atoms.edges import Geometries
from geo.atoms.order import reading_order


class Flat(NamedTuple):
    """An affine frame in metres: straight lines stay straight there and back."""

    origin: tuple[float, float]
    scale: tuple[float, float]

    def to(self, geometries: Geometries) -> Geometries:
        """Return geometries in metres from the origin."""
        return np.asarray(shapely.transform(geometries, lambda xy: (xy - self.origin) * self.scale))

    def back(self, geometries: Geometries) -> Geometries:
        """Return geometries in the units they came in."""
        return np.asarray(shapely.transform(geometries, lambda xy: xy / self.scale + self.origin))


class Block(NamedTuple):
    """Faces and by face `community`, `special`, `estate`, `grid` (positions, -1: none), `block`."""

    polygons: Geometries
    table: pd.DataFrame


@dataclass(frozen=True, eq=False)
class Ground:
    """What the atoms are cut from, in flat metres."""

    flat: Flat
    communities: pd.DataFrame  # code, rule; by code
    polygons: Geometries  # of the communities
    estates: pd.DataFrame
    estate_polygons: Geometries
    specials: pd.DataFrame
    special_polygons: Geometries
    grid_polygons: Geometries  # today's, whose borders are kept
    lines: Geometries

    def order(self, atoms: gpd.GeoDataFrame) -> NDArray[np.int64]:
        """Return the atoms' positions by community, in reading order inside each."""
        middle = shapely.centroid(atoms.geometry.to_numpy())
        x, y = shapely.get_x(middle), shapely.get_y(middle)
        rows = (
            np.asarray(at)[reading_order(x[at], y[at])]
            for _, at in sorted(atoms.groupby("within").indices.items())
        )
        return np.concatenate([*rows, np.zeros(0, np.int64)]).astype(np.int64)


def ground_of(
    communities: gpd.GeoDataFrame,
    *,
    estates: gpd.GeoDataFrame | None,
    barriers: gpd.GeoDataFrame | None,
    specials: gpd.GeoDataFrame | None,
    grids: gpd.GeoDataFrame | None,
) -> Ground:
    """Return everything in one flat frame, sorted by code (the lowest code owns a border)."""
    west, south, _, _ = communities.total_bounds
    flat = Flat((float(west), float(south)), metres_per_unit(communities))
    homes, polygons = _sorted(communities, flat)
    estate, estate_polygons = _sorted(estates, flat)
    special, special_polygons = _sorted(specials, flat)
    fences = barriers.geometry.dropna().to_numpy() if barriers is not None else _nothing()
    homes["rule"] = homes["rule"].fillna("urban") if "rule" in homes else "urban"
    return Ground(
        flat,
        homes,
        polygons,
        estate,
        estate_polygons,
        special,
        special_polygons,
        _sorted(grids, flat)[1],
        _lines(flat.to(fences[~shapely.is_empty(fences)])),
    )


def blocks_of(ground: Ground) -> Block:
    """Return the blocks of every community; those of one estate or special grid carry its place."""
    borders = [
        shapely.boundary(ground.polygons),
        shapely.boundary(ground.estate_polygons),
        shapely.boundary(ground.special_polygons),
        shapely.boundary(ground.grid_polygons),
        ground.lines,
    ]
    faces = node(np.concatenate(borders), GRID_M)
    inside = shapely.point_on_surface(faces)
    table = pd.DataFrame(
        {
            "community": owners(ground.polygons, inside),
            "special": owners(ground.special_polygons, inside),
            "estate": owners(ground.estate_polygons, inside),
            "grid": owners(ground.grid_polygons, inside),
        }
    )
    table.loc[table["special"] >= 0, "estate"] = -1
    kept = (table["community"] >= 0).to_numpy()
    table = table.loc[kept].reset_index(drop=True)
    return Block(faces[kept], table.assign(block=np.arange(len(table))))


def _sorted(frame: gpd.GeoDataFrame | None, flat: Flat) -> tuple[pd.DataFrame, Geometries]:
    if frame is None or frame.empty:
        return pd.DataFrame({"code": pd.Series([], dtype="object")}), _nothing()
    check_polygons(frame.geometry.to_numpy())
    table = frame.assign(code=frame["code"].astype("str")).sort_values("code", kind="stable")
    polygons = flat.to(table.geometry.to_numpy())
    return pd.DataFrame(table.drop(columns=table.geometry.name)).reset_index(drop=True), polygons


def _nothing() -> Geometries:
    return np.empty(0, dtype=object)


def _lines(geometries: Geometries) -> Geometries:
    """Return lines as they are and polygons as their borders; points are no barrier."""
    dimension = shapely.get_dimensions(geometries)
    borders = shapely.boundary(geometries[dimension == 2])  # noqa: PLR2004 a surface
    return np.concatenate([geometries[dimension == 1], borders])
