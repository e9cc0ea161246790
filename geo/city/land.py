"""What each parcel is used for, and how many households each community is to hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from geo.city.noise import Bools, Ints, Reals, stream
from geo.city.site import Site, centres


class Use(NamedTuple):
    """A use of land and the buildings it brings (metres; floors, units and doors as ranges)."""

    name: str
    pitch: tuple[float, float]  # distance of buildings, across and along
    size: tuple[float, float]  # of a building
    floors: tuple[int, int]
    units: tuple[int, int]
    doors: int  # dwellings a floor and unit; 0: nobody lives there
    fill: float  # share of places that are built on
    loose: float  # how far buildings stray from their place, as a share of the free room


USES: Final = (
    Use("tower", (43.0, 46.0), (25.0, 17.0), (16, 28), (1, 1), 4, 0.94, 0.35),
    Use("slab", (56.0, 31.0), (45.0, 11.5), (5, 7), (2, 4), 2, 0.95, 0.30),
    Use("courtyard", (12.8, 12.4), (10.4, 9.2), (1, 2), (1, 3), 1, 0.86, 0.60),
    Use("urban_village", (15.0, 14.0), (12.0, 11.0), (2, 4), (1, 2), 1, 0.92, 0.40),
    Use("village", (21.0, 19.0), (15.0, 11.0), (1, 1), (1, 3), 1, 0.88, 0.55),
    Use("school", (58.0, 42.0), (42.0, 14.0), (3, 5), (1, 1), 0, 0.75, 0.30),
    Use("hospital", (52.0, 44.0), (38.0, 20.0), (5, 14), (1, 1), 0, 0.85, 0.30),
    Use("market", (46.0, 30.0), (38.0, 20.0), (1, 2), (1, 1), 0, 0.90, 0.20),
    Use("park", (70.0, 70.0), (12.0, 9.0), (1, 1), (1, 1), 0, 0.18, 0.80),
    Use("business_park", (52.0, 46.0), (36.0, 24.0), (6, 18), (1, 1), 0, 0.90, 0.20),
    Use("office", (46.0, 40.0), (32.0, 22.0), (4, 22), (1, 1), 0, 0.88, 0.30),
    Use("shop", (20.0, 17.0), (15.0, 11.5), (1, 4), (1, 1), 0, 0.85, 0.35),
    Use("industry", (70.0, 44.0), (54.0, 26.0), (1, 2), (1, 1), 0, 0.80, 0.30),
    Use("construction", (60.0, 60.0), (14.0, 6.0), (1, 1), (1, 1), 0, 0.30, 0.80),
    Use("farmland", (260.0, 240.0), (9.0, 6.0), (1, 1), (1, 1), 0, 0.10, 0.80),
    Use("hill", (400.0, 400.0), (9.0, 7.0), (1, 1), (1, 1), 0, 0.05, 0.80),
)
NUMBER: Final = {use.name: number for number, use in enumerate(USES)}
ESTATES: Final = ("tower", "slab", "courtyard")
GREEN: Final = ("park", "hill")

# Special grids: use, chance an urban community and a village has one, wanted area (m²).
SPECIALS: Final = (
    ("school", 0.72, 0.09, 16_000.0),
    ("hospital", 0.14, 0.02, 14_000.0),
    ("market", 0.28, 0.05, 7_000.0),
    ("park", 0.34, 0.0, 15_000.0),
    ("business_park", 0.16, 0.0, 18_000.0),
)
# Chances of the uses people live in, by zone: old town, dense, new town, country town.
_HOMES: Final = {
    "tower": (0.06, 0.26, 0.66, 0.16),
    "slab": (0.30, 0.62, 0.24, 0.54),
    "courtyard": (0.64, 0.05, 0.0, 0.0),
    "urban_village": (0.0, 0.07, 0.10, 0.30),
}
# What the rest of a town is made of, likewise.
_REST: Final = {
    "shop": (0.60, 0.36, 0.14, 0.22),
    "office": (0.28, 0.36, 0.30, 0.12),
    "park": (0.10, 0.12, 0.16, 0.06),
    "industry": (0.0, 0.06, 0.22, 0.34),
    "construction": (0.02, 0.10, 0.18, 0.26),
}
# A community of so few parcels has no special grids.
_FEW = 7
_URBAN_HOUSEHOLDS, _VILLAGE_HOUSEHOLDS = 1960.0, 290.0
# Some communities fit no number of grids of 300 to 500 households.
_MISFITS: Final = (560, 125, 530, 590, 515)


@dataclass(frozen=True)
class Land:
    """Use of every parcel, its special grid (a row of SPECIALS or -1), targets of communities."""

    use: Ints
    special: Ints
    zone: Ints
    target: Ints  # households a community is to hold
    middle: tuple[Reals, Reals]  # of every community, metres


def land(site: Site, seed: int) -> Land:
    """Return the use of every parcel."""
    rng = stream(seed, "land")
    x, y = site.places
    community = site.community
    middle = centres(x, y, site.parcels.cells, community)
    far = np.hypot(x - middle[0][community], y - middle[1][community])
    zone = zones(site, x, y)
    target = _targets(site, rng)
    special = _specials(site, zone, far, rng)
    use = _homes(site, zone, rng)
    lived = _lived(
        site, use, (special < 0) & site.dry(site.parcels.u, site.parcels.v), (target, far), rng
    )
    use = np.where(lived, use, _rest(site, zone, far, rng))
    numbers = np.array([NUMBER[name] for name, *_ in SPECIALS])
    use = np.where(special >= 0, numbers[special], use)
    return Land(use, special, np.minimum(zone, 3), target, middle)


_LAKE = 4


def zones(site: Site, x: Reals, y: Reals) -> Ints:
    """Return 0 old town, 1 dense, 2 new town, 3 countryside, 4 the lake, for every parcel."""
    urban = site.terrain.urban(x, y)
    zone = np.select([urban > 0.66, urban > 0.16], [1, 2], 3)  # noqa: PLR2004 as blocks are cut
    zone = np.where(site.terrain.old(x, y), 0, zone)
    return np.where(site.parcel_block == site.lake, _LAKE, zone) if site.lake >= 0 else zone


def _targets(site: Site, rng: np.random.Generator) -> Ints:
    urban = site.needs["urban"].to_numpy()
    size = np.where(
        urban,
        _URBAN_HOUSEHOLDS * rng.lognormal(-0.04, 0.28, len(urban)),
        _VILLAGE_HOUSEHOLDS * rng.lognormal(-0.1, 0.45, len(urban)),
    )
    target = np.maximum(np.rint(size), 40).astype(np.int64)
    towns = np.flatnonzero(urban)
    chosen = rng.choice(towns, max(1, len(towns) // 45), replace=False)
    target[chosen] = np.resize(_MISFITS, len(chosen))
    return target


def _specials(site: Site, zone: Ints, far: Reals, rng: np.random.Generator) -> Ints:
    """Choose at most one parcel a community for each kind: near the wanted area, not far out."""
    urban = site.needs["urban"].to_numpy()
    width, height = site.sides
    roomy = np.bincount(site.community) > _FEW
    found = np.full(len(zone), -1, np.int64)
    for kind, (_, town, village, area) in enumerate(SPECIALS):
        wanted = roomy & (rng.random(len(urban)) < np.where(urban, town, village))
        unlike = np.abs(np.log(width * height / area)) + far / 900.0 + rng.random(len(zone))
        unlike[(found >= 0) | (zone == _LAKE) | ~wanted[site.community]] = np.inf
        best = first_of(site.community, unlike)
        found[best[np.isfinite(unlike[best])]] = kind
    if site.lake >= 0:
        park = [name for name, *_ in SPECIALS].index("park")
        found[(found == park) & (site.community == site.block_community[site.lake])] = -1
        found[zone == _LAKE] = park
    return found


def first_of(group: Ints, key: Reals) -> Ints:
    """Return the position of the smallest key of every group present, in group order."""
    order = np.lexsort((key, group))
    found: Ints = order[np.diff(group[order], prepend=-1) != 0]
    return found


def _homes(site: Site, zone: Ints, rng: np.random.Generator) -> Ints:
    """Return what would be lived in on every parcel; neighbours in a block are often alike."""
    by_block = rng.random(len(site.block_community))[site.parcel_block]
    pick = np.where(rng.random(len(zone)) < 0.72, by_block, rng.random(len(zone)))  # noqa: PLR2004
    town = _picked(_HOMES, zone, pick)
    return np.where(site.needs["urban"].to_numpy()[site.community], town, NUMBER["village"])


def _rest(site: Site, zone: Ints, far: Reals, rng: np.random.Generator) -> Ints:
    """Return what is on the parcels nobody lives on."""
    by_block = rng.random(len(site.block_community))[site.parcel_block]
    pick = np.where(rng.random(len(zone)) < 0.5, by_block, rng.random(len(zone)))  # noqa: PLR2004
    hilly = site.terrain.hilly(*site.places)
    open_land = np.where(hilly, NUMBER["hill"], NUMBER["farmland"])
    urban = site.needs["urban"].to_numpy()[site.community]
    built = (zone < 2) | (urban & (far < 900.0) & ~hilly)  # noqa: PLR2004 zones 0, 1; metres
    return np.where(built, _picked(_REST, zone, pick), open_land)


def _picked(table: Mapping[str, tuple[float, ...]], zone: Ints, pick: Reals) -> Ints:
    """Return a use of the table by its chances in the zone; `pick` is uniform in 0 to 1."""
    chances = np.cumsum(np.array(list(table.values())), axis=0)
    row = (pick[None, :] >= chances[:, np.minimum(zone, 3)]).sum(axis=0)
    numbers = np.array([NUMBER[name] for name in table])
    found: Ints = numbers[np.minimum(row, len(numbers) - 1)]
    return found


def _lived(
    site: Site, use: Ints, free: Bools, wanted: tuple[Ints, Reals], rng: np.random.Generator
) -> Bools:
    """Tell which parcels are lived on: from the middle outwards until the target is reached."""
    target, far = wanted
    room = capacity(site, use)
    free = free & (room > 0)
    nearness = np.where(free, far * rng.uniform(0.75, 1.3, len(far)), np.inf)
    order = np.lexsort((nearness, site.community))
    group = site.community[order]
    held = np.where(free, room, 0.0)[order]
    filled = np.cumsum(held) - held
    start = np.flatnonzero(np.diff(group, prepend=-1))
    filled -= np.repeat(filled[start], np.diff(np.append(start, len(group))))
    lived = np.zeros(len(use), bool)
    lived[order] = (filled < 1.06 * target[group]) & free[order]
    return lived


def capacity(site: Site, use: Ints) -> Reals:
    """Return about how many households fit on each parcel under a use."""
    table = np.array(
        [[*u.pitch, np.mean(u.floors) * np.mean(u.units) * u.doors * u.fill] for u in USES]
    )
    width, height = site.sides
    across, along, each = table[use].T
    count = np.maximum(np.rint((width - 12.0) / across), 1)
    found: Reals = count * np.maximum(np.rint((height - 12.0) / along), 1) * each * 0.93
    return found
