"""Today's grids: in one piece and tiling each community, but badly balanced and ugly.

Special grids (schools, hospitals, markets, parks, business parks) are cut out of the tiling.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.city.graph import Edges, grow, parts
from geo.city.land import Land
from geo.city.noise import Bools, Ints, Reals, stream
from geo.city.site import Site, centres

# Households a grid holds today on average, and how far off the number of grids may be.
_URBAN_MEAN, _VILLAGE_MEAN = 345.0, 119.0
_OFF = 0.30
# Numbers of special grids start here, so that the two sequences never meet.
FIRST_SPECIAL = 901


@dataclass(frozen=True)
class Grids:
    """Today's grids: `label` numbers the grid of every parcel, `code` and `special` are by grid."""

    label: Ints
    code: list[str]
    community: Ints
    special: Bools
    kind: Ints  # a row of SPECIALS, -1 for ordinary grids


def grids(site: Site, land: Land, households: Ints, seed: int) -> Grids:
    """Return today's grids; `households` are those of every parcel."""
    rng = stream(seed, "grids")
    kind = _kept_special(site, land.special)
    ordinary = np.where(kind < 0, site.community, -1)
    inside = site.edges.within(ordinary)
    seeds = _seeds(site, kind, households, rng)
    cost = _lengths(site, inside) * rng.lognormal(0.0, 0.75, len(inside.a))
    owner = grow(inside, cost, seeds, len(kind))
    special = np.flatnonzero(kind >= 0)
    owner[special] = len(seeds) + np.arange(len(special))
    first = np.concatenate([seeds, special])
    return _numbered(site, owner, kind, first)


def _lengths(site: Site, edges: Edges) -> Reals:
    x, y = site.places
    found: Reals = np.hypot(x[edges.a] - x[edges.b], y[edges.a] - y[edges.b])
    return found


def _kept_special(site: Site, special: Ints) -> Ints:
    """Return the special parcels without those that would cut their community apart."""
    kind = special.copy()
    while True:
        ordinary = np.where(kind < 0, site.community, -1)
        part = parts(site.edges.within(ordinary), len(kind))
        size = np.bincount(part)
        best = np.zeros(len(site.needs), np.int64)
        np.maximum.at(best, site.community, np.where(ordinary >= 0, size[part], 0))
        cut_off = (ordinary >= 0) & (part != _main_part(site, ordinary, part, size == 0, best))
        edges = site.edges.within(site.community)
        touch = np.zeros(len(kind), bool)
        touch[edges.a[cut_off[edges.b]]] = True
        touch[edges.b[cut_off[edges.a]]] = True
        touch &= kind >= 0
        if not touch.any():
            return kind
        kind[touch] = -1


def _main_part(site: Site, ordinary: Ints, part: Ints, _none: Bools, best: Ints) -> Ints:
    """Return for every parcel the main part of its community: the largest, then the first."""
    size = np.bincount(part)
    main = np.full(len(best), -1, np.int64)
    order = np.flatnonzero((ordinary >= 0) & (size[part] == best[site.community]))[::-1]
    main[site.community[order]] = part[order]
    return main[site.community]


def _seeds(site: Site, kind: Ints, households: Ints, rng: np.random.Generator) -> Ints:
    """Return the parcels today's grids grow from: at random, rather where people live."""
    urban = site.needs["urban"].to_numpy()
    held = np.bincount(site.community, households, len(urban))
    mean = np.where(urban, _URBAN_MEAN, _VILLAGE_MEAN)
    wanted = np.rint(held / mean * rng.uniform(1.0 - _OFF, 1.0 + _OFF, len(urban)))
    wanted = np.maximum(wanted, 1).astype(np.int64)
    luck = rng.random(len(kind)) + np.where(households > 0, 0.0, 1.0) + np.where(kind < 0, 0.0, 9.0)
    order = np.lexsort((luck, site.community))
    first = np.flatnonzero(np.diff(site.community[order], prepend=-1))
    rank = np.arange(len(order)) - np.repeat(first, np.diff(np.append(first, len(order))))
    chosen = (rank < wanted[site.community[order]]) & (kind[order] < 0)
    # At most one grid a lived-in parcel, and one at least.
    chosen &= (rank == 0) | (households[order] > 0)
    return np.sort(order[chosen])


def _numbered(site: Site, owner: Ints, kind: Ints, first: Ints) -> Grids:
    """Return the grids in code order, numbered west to east, then north to south."""
    community, special = site.community[first], kind[first]
    middle = centres(*site.places, site.parcels.cells, owner)
    frame = pd.DataFrame(
        {"community": community, "special": special >= 0, "old": range(len(first))}
    )
    frame["x"], frame["y"] = np.rint(middle[0] / 60.0), -middle[1]
    frame = frame.sort_values(["community", "special", "x", "y", "old"], ignore_index=True)
    number = frame.groupby(["community", "special"]).cumcount() + 1
    number += np.where(frame["special"], FIRST_SPECIAL - 1, 0)
    codes = site.needs["code"].to_numpy()[frame["community"]]
    new = np.empty(len(first), np.int64)
    new[frame["old"]] = np.arange(len(first))
    return Grids(
        new[owner],
        [f"{code}{sequence:03d}" for code, sequence in zip(codes, number, strict=True)],
        frame["community"].to_numpy(),
        frame["special"].to_numpy(),
        special[frame["old"]],
    )
