"""Pieces of the new net: atoms of the overlay, the heavy ones cut into the ground of places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import shapely

from geo.atoms.adjacency import Borders
from geo.atoms.blocks import Block
from geo.atoms.coverage import dissolve
from geo.atoms.edges import Geometries
from geo.atoms.pieces import absorb_slivers, grouped
from geo.atoms.sites import face_of, split, with_sites
from geo.nets.inputs import Texts
from geo.nets.loads import Loads, Places
from geo.nets.overlay import Overlay
from geo.redraw.state import NONE, Flags, Ints, Reals

_SAME_M: Final = 0.01  # places nearer than this stand on one spot
_AT_ONCE: Final = 20_000  # atoms and places worked on together: memory, not the result, hangs on it


@dataclass(frozen=True, eq=False)
class Pieces:
    """Atoms, the heavy ones cut; `atom` is where each comes from. Ordered by it, west to east."""

    polygons: Geometries
    atom: Ints
    households: Reals
    estate: Texts


def pieces_of(overlay: Overlay, loads: Loads, heavy: Reals, *, at_once: int = _AT_ONCE) -> Pieces:
    """Return the atoms, those above their limit cut into the ground nearest to each place.

    `heavy` is the limit of each atom. Without places, and where no estate is named, all stay whole.
    It is done part by part, each with the atoms around it, so that both sides of a border get the
    same vertices: how many are done at once changes nothing.
    """
    places = loads.places
    whole = np.arange(len(overlay.polygons))
    if places is None:
        blank = np.full(len(whole), "", dtype=object)
        return Pieces(overlay.polygons, whole, loads.households, blank)
    cut = loads.households > heavy
    cut[places.atom[places.estate != ""]] = True
    sites = _sites(places)
    parts = [
        _pieces_of_part(overlay, cut, sites, own)
        for own in _parts(1 + np.bincount(places.atom, minlength=len(whole)), at_once)
    ]
    return _joined(parts)


def _parts(cost: Ints, most: int) -> Iterator[slice]:
    """Yield runs of atoms, each of so much cost or of one atom; none if there are none."""
    number = (np.cumsum(cost) - 1) // most
    edges = np.flatnonzero(np.diff(number, prepend=NONE, append=NONE))
    for first, last in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        yield slice(first, last)


def _pieces_of_part(overlay: Overlay, cut: Flags, sites: pd.DataFrame, own: slice) -> Pieces:
    near = _with_neighbours(overlay.borders, own, len(cut))
    place = np.full(len(cut), NONE, np.int64)
    place[near] = np.arange(len(near))
    here = sites.loc[place[sites["block"]] >= 0]
    here = here.assign(block=place[here["block"]]).reset_index(drop=True)
    block = Block(
        overlay.polygons[near],
        pd.DataFrame(
            dict.fromkeys(("community", "block"), place[near])
            | dict.fromkeys(("special", "estate", "grid"), NONE)
        ),
    )
    mine = here.loc[cut[near][here["block"]]].assign(estate=None)
    faces = with_sites(split(block, mine), mine, np.empty(0, dtype=object))
    lived = face_of(faces, here)
    faces = absorb_slivers(faces, lived)
    group = grouped(faces)
    atom = near[faces.table["block"].to_numpy(np.int64)]
    ours = (atom >= own.start) & (atom < own.stop)
    found, first, number = np.unique(group[ours], return_index=True, return_inverse=True)
    piece = np.full(int(group.max(initial=NONE)) + 1, NONE, np.int64)
    piece[found] = np.arange(len(found))
    return _dressed(
        dissolve(faces.polygons[ours], number, len(found)),
        atom[ours][first],
        here.assign(piece=piece[group[lived]]),
    )


def _with_neighbours(borders: Borders, own: slice, count: int) -> Ints:
    """Return the atoms of a run and those that share a border with one of them, in order."""
    ours = np.zeros(count, np.bool_)
    ours[own] = True
    near = ours.copy()
    near[borders.left[ours[borders.right]]] = True
    near[borders.right[ours[borders.left]]] = True
    return np.flatnonzero(near)


def _dressed(polygons: Geometries, atom: Ints, sites: pd.DataFrame) -> Pieces:
    """Return pieces with what the places in them add up to; -1 in `piece`: of another part."""
    lived = sites.loc[sites["piece"] >= 0]
    households = np.bincount(lived["piece"], lived["households"], len(polygons))
    return Pieces(polygons, atom, households.astype(np.float64), _estates(lived, len(polygons)))


def _joined(parts: list[Pieces]) -> Pieces:
    """Return the pieces of all parts, in an order that does not depend on the parts."""
    polygons = np.concatenate([part.polygons for part in parts])
    atom = np.concatenate([part.atom for part in parts])
    x, y = shapely.get_coordinates(shapely.centroid(polygons)).round(3).T
    order = np.lexsort((y, x, atom))
    households = np.concatenate([part.households for part in parts])
    estate = np.concatenate([part.estate for part in parts])
    return Pieces(polygons[order], atom[order], households[order], estate[order])


def _sites(places: Places) -> pd.DataFrame:
    """Return the places as sites: `block` (the atom), `x`, `y`, `site`, `named` (its estate)."""
    table = pd.DataFrame(
        {
            "x": places.x,
            "y": places.y,
            "block": places.atom,
            "households": places.households,
            "named": places.estate,
        }
    )
    spot = (table[["x", "y"]] / _SAME_M).round().assign(block=table["block"])
    return table.assign(site=spot.groupby(["block", "x", "y"]).ngroup())


def _estates(sites: pd.DataFrame, count: int) -> Texts:
    """Return the estate of most households of each piece; of pieces of one spot, the first."""
    table = sites.loc[sites["named"] != "", ["piece", "named", "households"]]
    table = table.groupby(["piece", "named"], as_index=False).sum()
    top = table.sort_values(["piece", "households", "named"], ascending=[True, False, True])
    top = top.drop_duplicates("piece")
    estate = np.full(count, "", dtype=object)
    estate[top["piece"].to_numpy(np.int64)] = top["named"].to_numpy(dtype=object)
    return estate
