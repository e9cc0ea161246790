"""Faces put together: slivers into a neighbour, and all of one estate or site into an atom."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.atoms.adjacency import Borders, adjacency
from geo.atoms.blocks import Block

# Narrower on average than a footpath, or smaller than a shed: left over between lines that were
# meant to be one. Such a face is nobody's ground.
_NARROW_M: Final = 1.0
_TINY_M2: Final = 10.0
# What rounding leaves between two grids of today: their borders are kept to the millimetre.
_ROUNDED_M: Final = 0.001
_ROUNDS: Final = 3
_KEY: Final = ["community", "special", "estate_code", "block", "site"]


def absorb_slivers(faces: Block, lived: NDArray[np.int64]) -> Block:
    """Return the faces with each sliver given to the neighbour it shares the longest border with.

    Only inside its community and its grid, never into or out of a special grid, and never a face
    where someone lives (`lived`: positions). What lies in no grid and is narrower than rounding
    may go to any grid beside it.
    """
    area, around = shapely.area(faces.polygons), shapely.length(faces.polygons)
    sliver = (2 * area < _NARROW_M * around) | (area < _TINY_M2)
    sliver &= (faces.table["special"] < 0).to_numpy()
    sliver[lived] = False
    lost = (faces.table["grid"] < 0).to_numpy() & (2 * area < _ROUNDED_M * around)
    borders = adjacency(faces.polygons)
    table = faces.table
    for _ in range(_ROUNDS):
        taker = _takers(table, borders, sliver, lost)
        given = taker >= 0
        if not given.any():
            break
        table = table.iloc[np.where(given, taker, np.arange(len(table)))].reset_index(drop=True)
        sliver = sliver & ~given
    return Block(faces.polygons, table)


def _takers(
    table: pd.DataFrame, borders: Borders, sliver: NDArray[np.bool_], lost: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Return the face to give each sliver to: the longest border; -1 where there is none.

    Those that are `lost` may go to another grid.
    """
    here = np.r_[borders.left, borders.right]
    there = np.r_[borders.right, borders.left]
    metres = np.r_[borders.metres, borders.metres]
    home, grid, special = (table[key].to_numpy() for key in ("community", "grid", "special"))
    own = (home[here] == home[there]) & ((grid[here] == grid[there]) | lost[here])
    fits = sliver[here] & ~sliver[there] & own & (special[there] < 0)
    here, there, metres = here[fits], there[fits], metres[fits]
    order = np.lexsort((there, -metres, here))
    sliver_face, first = np.unique(here[order], return_index=True)
    taker = np.full(len(table), -1, np.int64)
    taker[sliver_face] = there[order][first]
    return taker


def grouped(faces: Block) -> NDArray[np.int64]:
    """Return the number of the atom each face belongs to, from 0 on.

    An atom is a connected set of faces of one estate or site; a special grid is one atom even
    where it lies in pieces.
    """
    key = _keys(faces.table)
    borders = adjacency(faces.polygons)
    same = borders.where(key[borders.left] == key[borders.right])
    group = same.components(len(key))
    special = (faces.table["special"] >= 0).to_numpy()
    group[special] = group.max(initial=-1) + 1 + key[special]
    return np.unique(group, return_inverse=True)[1].astype(np.int64)


def _keys(table: pd.DataFrame) -> NDArray[np.int64]:
    """Return a number for each set of faces that belong together."""
    whole = (table["special"] >= 0) | table["estate_code"].notna()
    key = table[_KEY].assign(
        estate_code=table["estate_code"].fillna(""),
        block=table["block"].where(~whole, -1),
        site=table["site"].where(~whole, -1),
    )
    return np.asarray(key.groupby(_KEY).ngroup(), np.int64)
