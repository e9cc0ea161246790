"""The whole city: the parts put together, in the order they depend on each other."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from geo.city.areas import Town, areas
from geo.city.buildings import buildings
from geo.city.catalogue import services
from geo.city.grids import grids
from geo.city.issues import TODAY, issues
from geo.city.land import land
from geo.city.lattice import lattice
from geo.city.oracle import Truth
from geo.city.people import people
from geo.city.places import places
from geo.city.site import site
from geo.city.sizes import SIZES
from geo.city.streets import streets
from geo.city.terrain import terrain
from geo.errors import BadOptionError
from geo.reference import divisions


@dataclass(frozen=True)
class City:
    """A generated city: frames by the contracts of `geo.frames`, and the truth about its grids."""

    size: str
    seed: int
    areas: gpd.GeoDataFrame
    places: gpd.GeoDataFrame
    parties: pd.DataFrame
    duties: pd.DataFrame
    services: pd.DataFrame
    issues: gpd.GeoDataFrame
    truth: Truth

    def owner_of(self, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.object_]:
        """Return the code of the grid that owns each point (degrees), None where nobody does.

        Exact for every point, edges and corners included: special grids first, then the lowest
        code.
        """
        return self.truth.owner_of(lon, lat)

    def layer(self, net: str, kind: str | None = None) -> gpd.GeoDataFrame:
        """Return the areas of one net, and of one kind of it, in code order."""
        own = self.areas["net"] == net
        if kind is not None:
            own &= self.areas["kind"] == kind
        return self.areas[own].sort_values("code", ignore_index=True)


def build(size: str, seed: int, seen_on: pd.Timestamp = TODAY) -> City:
    """Return the city of a size (small, medium, city) and a seed; the same seed, the same city.

    Its issues are those of the ninety days before it is seen, at a full hour of Jinan's time.
    Stored coordinates are EPSG:4326, rounded to 1e-8 degrees (about a millimetre).

    Raises
    ------
    BadOptionError
        When there is no such size, or the seed is negative.

    >>> small = build("small", 1)
    >>> small.layer("admin", "community")["name"].head(2).tolist()
    ['解放桥社区', '历山路社区']
    """
    town = plan(size, seed)
    found = areas(town)
    parties, duties = people(town, found)
    shape = town.site.lattice
    truth = Truth(
        shape.lon, shape.lat, town.site.per_cell(town.grids.label),
        np.array(town.grids.code, object), town.grids.special,
    )  # fmt: skip
    told = issues(town, seen_on)
    return City(size, seed, found, places(town), parties, duties, services(), told, truth)


def plan(size: str, seed: int) -> Town:
    """Return what is where, before it is put into frames."""
    if size not in SIZES:
        raise BadOptionError(option="--size", found=size, expected=" | ".join(SIZES))
    if seed < 0:
        raise BadOptionError(option="--seed", found=seed, expected="0, 1, 2, …")
    wanted, names = SIZES[size], divisions()
    own = (names["level"] == "community") & names["code"].str.startswith(wanted.scope)
    ground = site(wanted, seed, lattice(wanted, seed), terrain(wanted, seed), names[own])
    used = land(ground, seed)
    built = buildings(ground, used, seed)
    held = np.bincount(built.parcel, built.households, len(used.use)).astype(np.int64)
    today = grids(ground, used, held, seed)
    return Town(seed, ground, used, built, today, streets(ground, used, seed), names)
