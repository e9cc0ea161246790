"""Whether the grids of a draft, with the special ones cut out, tile its communities exactly."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, RowMapping

from geo.errors import NotTiledError
from geo.store.net.areas import read_areas
from geo.store.planning.drafts import read_atoms
from geo.store.planning.pieces import STRIP, torn_grids

_SHOWN: Final = 5
_TORN: Final = ("a grid in several pieces", "有网格不连片")


def demand_tiling(conn: Connection, plan: RowMapping) -> None:
    """Refuse a plan whose grids overlap, gape, cross a community's border or lie in pieces.

    Raises
    ------
    NotTiledError
        Which communities, and what is wrong.
    """
    drawn = {"net": plan["net"], "plan": plan["id"], "scope": plan["scope"]}
    grids = read_areas(conn, **drawn)
    communities = read_areas(conn, net="admin", kind="community", scope=plan["scope"])
    untiled = tiling_faults(grids, communities)
    torn = broken_grids(conn, **drawn)
    untiled |= {code: _TORN for code in torn if code not in untiled}
    if untiled:
        faults = sorted(set(untiled.values()))
        raise NotTiledError(
            communities=", ".join(list(untiled)[:_SHOWN]),
            reason="; ".join(en for en, _ in faults),
            reason_zh="；".join(zh for _, zh in faults),
        )


def broken_grids(conn: Connection, *, net: str, plan: int, scope: str) -> pd.Series:
    """Return the communities of a draft's grids that are torn (`torn_grids`), by code."""
    grids = read_areas(conn, net=net, plan=plan, scope=scope)
    communities = read_areas(conn, net="admin", kind="community", scope=scope)
    return torn_grids(grids, communities, read_atoms(conn, plan))


def tiling_faults(
    grids: gpd.GeoDataFrame, communities: gpd.GeoDataFrame
) -> dict[str, tuple[str, str]]:
    """Return what is wrong by community code, in English and Chinese; empty when all are tiled.

    Parameters
    ----------
    grids
        `parent`, `geometry`: ordinary and special ones.
    communities
        `code`, `geometry`.
    """
    shapes = grids.geometry.to_numpy()
    rows = grids.groupby("parent").indices
    faults = {}
    for code, border in zip(communities["code"], communities.geometry, strict=True):
        fault = _fault(shapes[rows.get(code, np.zeros(0, np.intp))], border)
        if fault is not None:
            faults[code] = fault
    return faults


def _fault(grids: NDArray[np.object_], border: shapely.Geometry) -> tuple[str, str] | None:
    if not len(grids):
        return ("no grid", "没有网格")
    strip = STRIP * border.length
    whole = shapely.union_all(grids)
    if shapely.area(grids).sum() - whole.area > strip:
        return ("overlap", "互相重叠")
    if shapely.difference(border, whole).area > strip:
        return ("gap", "有空隙")
    if shapely.difference(whole, border).area > strip:
        return ("beyond the border", "超出社区边界")
    return None
