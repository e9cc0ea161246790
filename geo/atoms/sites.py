"""Sites: the points where buildings stand, and the ground around each inside its block."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo.atoms.blocks import Block, Ground
from geo.atoms.coverage import GRID_M, node, owners
from geo.atoms.edges import Geometries

_SAME_M: Final = 0.01  # points nearer than this stand on one site
_FAR_M: Final = 1e7  # puts the blocks apart, so that the nearest site is in the same block


def site_of_places(ground: Ground, blocks: Block, places: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the places inside the communities: counts, block, x, y, `site`.

    The owner rule: special grids first, then the lowest code.
    """
    points = ground.flat.to(places.geometry.to_numpy())
    community = owners(ground.polygons, points)
    special = owners(ground.special_polygons, points)
    table = pd.DataFrame(
        {
            "households": _numbers(places, "households"),
            "people": _numbers(places, "people"),
            "estate": _texts(places, "estate"),
            "grid": _texts(places, "grid"),
            "x": shapely.get_x(points),
            "y": shapely.get_y(points),
            "block": _block_of(blocks, points, community, special),
        }
    )
    table = table.loc[(community >= 0) & (table["block"] >= 0)].reset_index(drop=True)
    place = (table[["x", "y"]] / _SAME_M).round().assign(block=table["block"])
    return table.assign(site=place.groupby(["block", "x", "y"]).ngroup())


def split(blocks: Block, sites: pd.DataFrame) -> Block:
    """Return the faces: blocks, the ordinary ones cut into the ground nearest to each site."""
    ordinary = (blocks.table["special"] < 0) & (blocks.table["estate"] < 0)
    mine = sites.loc[ordinary.to_numpy()[sites["block"]]].drop_duplicates("site")
    crowded = mine["block"].value_counts()
    crowded = crowded.index[crowded > 1].sort_values().to_numpy()
    mine = mine.loc[mine["block"].isin(crowded)].sort_values("block", kind="stable")
    if not len(crowded):
        return blocks
    points = shapely.points(mine[["x", "y"]].to_numpy())
    clouds = shapely.multipoints(points, indices=np.searchsorted(crowded, mine["block"]))
    within = blocks.polygons[crowded]
    cuts = shapely.voronoi_polygons(clouds, extend_to=within, only_edges=True)
    cuts = shapely.intersection(cuts, within)
    lines = np.concatenate([shapely.boundary(blocks.polygons), cuts])
    faces = node(lines, GRID_M)
    block = owners(blocks.polygons, shapely.point_on_surface(faces))
    kept = block >= 0
    return Block(faces[kept], blocks.table.iloc[block[kept]].reset_index(drop=True))


def with_sites(faces: Block, sites: pd.DataFrame, mapped: NDArray[np.object_]) -> Block:
    """Return the faces with `site`, the nearest in the same block (-1: none), and `estate_code`.

    A face lies in the estate whose polygon holds it, or else in the one that the place on its
    site names, where no polygon (`mapped`: their codes) says otherwise.
    """
    site = np.full(len(faces.polygons), -1, np.int64)
    named: NDArray[np.object_] = np.full(len(faces.polygons), None, dtype=object)
    if len(sites):
        distance, nearest = cKDTree(_spots(sites)).query(_middles(faces))
        near = distance < _FAR_M / 2
        site = np.where(near, sites["site"].to_numpy()[nearest], -1)
        label = sites["estate"].where(~sites["estate"].isin(list(mapped)), None)
        label = label.groupby(sites["site"]).transform("first").to_numpy(dtype="object")
        named[near] = label[nearest[near]]
    estate, special = faces.table["estate"].to_numpy(), faces.table["special"].to_numpy()
    named[estate >= 0] = mapped[estate[estate >= 0]]
    named[special >= 0] = None
    code = pd.Series(named, dtype="str")
    site = np.where(special >= 0, -1, site)
    return Block(faces.polygons, faces.table.assign(site=site, estate_code=code))


def face_of(faces: Block, sites: pd.DataFrame) -> NDArray[np.int64]:
    """Return the first face of its block that covers each place, or the nearest in its block."""
    points = shapely.points(sites[["x", "y"]].to_numpy(np.float64))
    block = faces.table["block"].to_numpy()
    found = np.full(len(points), len(block), np.int64)
    point, face = shapely.STRtree(faces.polygons).query(points, predicate="intersects")
    same = block[face] == sites["block"].to_numpy()[point]
    np.minimum.at(found, point[same], face[same])
    lost = found == len(block)
    if lost.any():
        found[lost] = cKDTree(_middles(faces)).query(_spots(sites)[lost])[1]
    return found


def _spots(sites: pd.DataFrame) -> NDArray[np.float64]:
    """Return where the places are, blocks far apart."""
    return np.column_stack([sites["x"], sites["y"], sites["block"] * _FAR_M])


def _middles(faces: Block) -> NDArray[np.float64]:
    middle = shapely.point_on_surface(faces.polygons)
    apart = faces.table["block"] * _FAR_M
    return np.column_stack([shapely.get_x(middle), shapely.get_y(middle), apart])


def _numbers(places: gpd.GeoDataFrame, column: str) -> NDArray[np.int64]:
    if column not in places:
        return np.zeros(len(places), np.int64)
    return np.asarray(pd.to_numeric(places[column]).fillna(0), np.int64)


def _texts(places: gpd.GeoDataFrame, column: str) -> NDArray[np.object_]:
    if column not in places:
        return np.full(len(places), None, dtype=object)
    texts = places[column].astype("object")
    return np.asarray(texts.where(places[column].notna(), None), dtype=object)


def _block_of(
    blocks: Block,
    points: Geometries,
    community: NDArray[np.int64],
    special: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return the first block that covers each point and belongs to its owner; else the nearest."""
    found = np.full(len(points), len(blocks.polygons), np.int64)
    tree = shapely.STRtree(blocks.polygons)
    home, cut_out = (blocks.table[c].to_numpy() for c in ("community", "special"))
    for metres in (0.0, 1e-3, 1.0):
        point, block = tree.query(points, predicate="dwithin", distance=metres)
        own = (home[block] == community[point]) & (cut_out[block] == special[point])
        own &= found[point] == len(blocks.polygons)
        np.minimum.at(found, point[own], block[own])
    found[found == len(blocks.polygons)] = -1
    return found
