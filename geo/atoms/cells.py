"""Atoms of communities: estates whole, the ground of each building inside its block, the rest."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.atoms.blocks import Block, Ground, blocks_of, ground_of
from geo.atoms.coverage import check_points, dissolve
from geo.atoms.pieces import absorb_slivers, grouped
from geo.atoms.sites import face_of, site_of_places, split, with_sites
from geo.errors import BadFrameError

ATOM_COLUMNS: Final = (
    "atom",
    "within",
    "estate",
    "households",
    "people",
    "rule",
    "special",
    "previous",
    "geometry",
)


def make_atoms(
    communities: gpd.GeoDataFrame,
    places: gpd.GeoDataFrame,
    *,
    estates: gpd.GeoDataFrame | None = None,
    barriers: gpd.GeoDataFrame | None = None,
    specials: gpd.GeoDataFrame | None = None,
    grids: gpd.GeoDataFrame | None = None,
) -> gpd.GeoDataFrame:
    """Return the atoms of communities: a valid coverage that tiles each of them.

    Special grids are cut out and are an atom each. An estate is one atom (one a community and
    piece). Elsewhere each building gets the ground nearest to it inside its block; blocks are what
    roads, rivers and the like leave. A household is counted in exactly one atom; places outside
    every community are left out.

    Parameters
    ----------
    communities
        `code`, polygons and, if there, `rule` (default urban). Any CRS, the same in every frame.
    places
        Points with `households` and, if there, `people`, `estate` (code), `grid` (today's).
    estates, specials
        `code` and polygons.
    barriers
        Lines or polygons that no atom should cross; only estates may.
    grids
        `code` and polygons of ordinary grids whose borders no atom should cross, as of barriers:
        those of today can then be drawn again exactly.

    Returns
    -------
    GeoDataFrame
        `ATOM_COLUMNS`: `atom` (community code, hyphen, number in reading order), `within`,
        `estate`, `households`, `people`, `rule`, `special`, `previous` (today's grid of most of
        its households; of a special grid its own code), in the communities' CRS.

    Raises
    ------
    BadFrameError
        When a column is absent, or a household number is negative or missing.
    BadPolygonsError, BadPointsError
        When a polygon is invalid, or a place no point with coordinates.
    """
    _demand(communities, places)
    check_points(places.geometry.to_numpy())
    ground = ground_of(
        communities, estates=estates, barriers=barriers, specials=specials, grids=grids
    )
    blocks = blocks_of(ground)
    sites = site_of_places(ground, blocks, places)
    faces = with_sites(split(blocks, sites), sites, ground.estates["code"].to_numpy())
    sites = sites.assign(face=face_of(faces, sites))
    faces = absorb_slivers(faces, sites["face"].to_numpy(np.int64))
    return _dress(ground, _merge(faces, sites), communities)


def _demand(communities: gpd.GeoDataFrame, places: gpd.GeoDataFrame) -> None:
    absent = [f"communities.{c}" for c in ("code", "geometry") if c not in communities]
    absent += [f"places.{c}" for c in ("households", "geometry") if c not in places]
    if not absent:
        households = pd.to_numeric(places["households"], errors="coerce").to_numpy(np.float64)
        if not (np.isfinite(households) & (households >= 0)).all():
            absent = ["places.households (negative or missing)"]
    if not absent and not len(communities):
        absent = ["communities (0 rows)"]
    if absent:
        raise BadFrameError(contract="make_atoms", columns=", ".join(absent))


def _merge(faces: Block, sites: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return atoms, in no order: faces that belong together dissolved, places counted."""
    group = grouped(faces)
    count = int(group.max(initial=-1)) + 1
    first = np.unique(group, return_index=True)[1]
    frame = faces.table.iloc[first].reset_index(drop=True)
    inside = sites.assign(atom=group[sites["face"].to_numpy(np.int64)])
    for column in ("households", "people"):
        frame[column] = inside.groupby("atom")[column].sum().reindex(range(count)).fillna(0)
        frame[column] = frame[column].astype("int64")
    frame["previous"] = _most_common(inside, "grid", count)
    return gpd.GeoDataFrame(frame, geometry=dissolve(faces.polygons, group, count))


def _most_common(sites: pd.DataFrame, column: str, count: int) -> pd.Series:
    """Return the value that most households of each atom have, then most places, then the first."""
    known = sites.dropna(subset=column).assign(places=1)
    table = known.groupby(["atom", column], as_index=False)[["households", "places"]].sum()
    table = table.sort_values(
        ["atom", "households", "places", column], ascending=[True, False, False, True]
    )
    first = table.drop_duplicates("atom").set_index("atom")[column]
    return first.reindex(range(count)).astype("str")


def _dress(
    ground: Ground, atoms: gpd.GeoDataFrame, communities: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Return the atoms with names, rules and the communities' CRS, in reading order."""
    special = atoms["special"] >= 0
    home = ground.communities["code"].to_numpy()[atoms["community"]]
    rule = ground.communities["rule"].to_numpy()[atoms["community"]]
    codes = np.r_[ground.specials["code"].to_numpy(dtype="object"), [None]]
    atoms = atoms.assign(
        within=home,
        rule=np.where(special, "special", rule),
        previous=atoms["previous"].where(~special, codes[atoms["special"]]),
        special=special,
        estate=atoms["estate_code"],
        geometry=ground.flat.back(atoms.geometry.to_numpy()),
    )
    atoms = atoms.set_crs(communities.crs, allow_override=True).iloc[ground.order(atoms)]
    number = atoms.groupby("within").cumcount() + 1
    atoms["atom"] = atoms["within"] + "-" + number.astype("str").str.zfill(4)
    atoms[["estate", "previous"]] = atoms[["estate", "previous"]].astype("str")
    return atoms[list(ATOM_COLUMNS)].reset_index(drop=True)
