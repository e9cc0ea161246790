"""Buildings: rows of footprints along the bent parcels, with floors, dwellings, households."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.city.land import ESTATES, NUMBER, USES, Land
from geo.city.noise import Bools, Ints, Reals, stream
from geo.city.site import Site

# An estate is never split, so it may not hold more households than a grid.
_ESTATE_MOST = 470
# Metres kept free beside a lane, a street, a main road.
_LANE, _STREET, _MAIN = 3.0, 6.5, 17.0
# Kinds that are thinned out to reach the wanted number of buildings.
_MANY = (("shop", "office", "farmland"), ("courtyard", "urban_village"), ("village",))
# Buildings across or along a parcel where nobody lives.
_MOST_PUBLIC = 4.0
_OCCUPIED = 0.96
_PEOPLE = 2.6  # people a household


@dataclass(frozen=True)
class Buildings:
    """One row a building, parcel after parcel; `u`, `v` in lattice units."""

    parcel: Ints
    use: Ints
    number: Ints  # 1, 2, … in its parcel
    u: Reals
    v: Reals
    half: tuple[Reals, Reals]  # half width and height, lattice units
    floors: Ints
    units: Ints
    dwellings: Ints
    households: Ints
    people: Ints

    def points(self, site: Site) -> NDArray[np.object_]:
        """Return the middles, EPSG:4326."""
        found: NDArray[np.object_] = shapely.points(*site.lattice.at(self.u, self.v))
        return found

    def footprints(self, site: Site) -> NDArray[np.object_]:
        """Return the outlines, EPSG:4326: a row follows the bend of its parcel."""
        corners = np.empty((len(self.u), 4, 2))
        for k, (s, t) in enumerate(((-1, -1), (1, -1), (1, 1), (-1, 1))):
            u, v = self.u + s * self.half[0], self.v + t * self.half[1]
            corners[:, k, 0], corners[:, k, 1] = site.lattice.at(u, v)
        found: NDArray[np.object_] = shapely.polygons(np.round(corners, 8))
        return found


class _Slots(NamedTuple):
    parcel: Ints
    u: Reals
    v: Reals
    half_u: Reals
    half_v: Reals

    def take(self, rows: Bools) -> _Slots:
        """Return some of the places."""
        return _Slots(
            self.parcel[rows], self.u[rows], self.v[rows], self.half_u[rows], self.half_v[rows]
        )


def buildings(site: Site, land: Land, seed: int) -> Buildings:
    """Return the city's buildings; community totals are those of `land.target` where they fit."""
    rng = stream(seed, "buildings")
    slots = _slots(site, land, rng)
    use = land.use[slots.parcel]
    keep = (rng.random(len(use)) < np.array([u.fill for u in USES])[use]) & site.dry(
        slots.u, slots.v
    )
    keep &= _clumped(site, land, slots, rng)
    keep = _thinned(site, use, keep, rng)
    slots, use = slots.take(keep), use[keep]
    floors, units = (_drawn(use, field, rng) for field in ("floors", "units"))
    doors = np.array([u.doors for u in USES])[use]
    floors = _capped(floors, units * doors, slots.parcel, use, len(land.use))
    dwellings = floors * units * doors
    households = _settled_in(dwellings, site.community[slots.parcel], land.target)
    people = np.rint(households * _PEOPLE + rng.uniform(-0.5, 0.5, len(use))).astype(np.int64)
    people = np.where(households > 0, np.maximum(people, households), 0)
    first = np.flatnonzero(np.diff(slots.parcel, prepend=-1))
    number = np.arange(len(use)) - np.repeat(first, np.diff(np.append(first, len(use)))) + 1
    return Buildings(
        slots.parcel, use, number, slots.u, slots.v, (slots.half_u, slots.half_v),
        floors, units, dwellings, households, people,
    )  # fmt: skip


def _slots(site: Site, land: Land, rng: np.random.Generator) -> _Slots:
    """Return every place a building could stand at."""
    table = np.array([[*u.pitch, *u.size, u.loose] for u in USES])[land.use]
    low_u, high_u, low_v, high_v = _room(site)
    width, height = site.sides
    per_u = (site.parcels.i1 - site.parcels.i0) / width
    per_v = (site.parcels.j1 - site.parcels.j0) / height
    room_u, room_v = (high_u - low_u) / per_u, (high_v - low_v) / per_v
    most = np.where(np.array([u.doors for u in USES])[land.use] > 0, np.inf, _MOST_PUBLIC)
    across = np.clip(np.rint(room_u / table[:, 0]), 1, most).astype(np.int64)
    along = np.clip(np.rint(room_v / table[:, 1]), 1, most).astype(np.int64)
    parcel = np.repeat(np.arange(len(across)), across * along)
    order = np.arange(len(parcel)) - np.repeat(
        np.cumsum(across * along) - across * along, across * along
    )
    column, row = order % across[parcel], order // across[parcel]
    step_u, step_v = room_u / across, room_v / along
    size = rng.uniform(0.82, 1.08, (2, len(parcel)))
    half_x = np.minimum(table[parcel, 2] * size[0], 0.86 * step_u[parcel]) / 2
    half_y = np.minimum(table[parcel, 3] * size[1], 0.86 * step_v[parcel]) / 2
    stray = rng.uniform(-1.0, 1.0, (2, len(parcel))) * table[parcel, 4]
    x = (column + 0.5) * step_u[parcel] + stray[0] * (step_u[parcel] / 2 - half_x)
    y = (row + 0.5) * step_v[parcel] + stray[1] * (step_v[parcel] / 2 - half_y)
    return _Slots(
        parcel,
        low_u[parcel] + x * per_u[parcel],
        low_v[parcel] + y * per_v[parcel],
        half_x * per_u[parcel],
        half_y * per_v[parcel],
    )


def _room(site: Site) -> tuple[Reals, Reals, Reals, Reals]:
    """Return west, east, south, north limits of each parcel's room to build on, lattice units."""
    width, height = site.sides
    rects, block = site.parcels, site.blocks.take(site.parcel_block)
    limits = []
    for edge, of_block, mains, metres, sign in (
        (rects.i0, block.i0, site.mesh.columns, width / (rects.i1 - rects.i0), 1),
        (rects.i1, block.i1, site.mesh.columns, width / (rects.i1 - rects.i0), -1),
        (rects.j0, block.j0, site.mesh.rows, height / (rects.j1 - rects.j0), 1),
        (rects.j1, block.j1, site.mesh.rows, height / (rects.j1 - rects.j0), -1),
    ):
        free = np.where(edge == of_block, np.where(np.isin(edge, mains), _MAIN, _STREET), _LANE)
        free = np.minimum(free, np.where(np.abs(metres) > 0, 0.22 * metres, 0.0) + 2.0)
        limits.append(edge + sign * free / metres)
    west, east, south, north = limits
    return west, east, south, north


def _clumped(site: Site, land: Land, slots: _Slots, rng: np.random.Generator) -> Bools:
    """Tell which places a village needs: those nearest its middle, until all have a house."""
    village = np.flatnonzero(land.use[slots.parcel] == NUMBER["village"])
    group = site.community[slots.parcel[village]]
    x, y = site.lattice.metres_at(slots.u[village], slots.v[village])
    far = np.hypot(x - land.middle[0][group], y - land.middle[1][group])
    order = np.lexsort((far * rng.uniform(0.8, 1.25, len(far)), group))
    first = np.flatnonzero(np.diff(group[order], prepend=-1))
    rank = np.arange(len(order)) - np.repeat(first, np.diff(np.append(first, len(order))))
    use = USES[NUMBER["village"]]
    each = np.mean(use.units) * use.fill * _OCCUPIED
    needed = np.ones(len(slots.parcel), bool)
    needed[village[order]] = rank * each < 1.08 * land.target[group[order]] + 4.0
    return needed


def _thinned(site: Site, use: Ints, keep: Bools, rng: np.random.Generator) -> Bools:
    """Return `keep` with small houses taken away until the wanted number of buildings is left."""
    keep = keep.copy()
    for names in _MANY:
        over = int(keep.sum()) - site.size.buildings
        small = np.flatnonzero(keep & np.isin(use, [NUMBER[name] for name in names]))
        if over > 0:
            keep[rng.choice(small, min(over, int(0.75 * len(small))), replace=False)] = False
    return keep


def _drawn(use: Ints, field: str, rng: np.random.Generator) -> Ints:
    table = np.array([getattr(u, field) for u in USES])
    found: Ints = rng.integers(table[use, 0], table[use, 1] + 1)
    return found


def _capped(floors: Ints, doors: Ints, parcel: Ints, use: Ints, parcels: int) -> Ints:
    """Return the floors, fewer in estates that would hold too many households."""
    estate = np.isin(use, [NUMBER[name] for name in ESTATES])
    held = np.bincount(parcel, np.where(estate, floors * doors, 0), parcels)
    share = np.minimum(_ESTATE_MOST / np.maximum(held, 1.0), 1.0)[parcel]
    return np.where(estate, np.maximum(np.floor(floors * share), 1), floors).astype(np.int64)


def _settled_in(dwellings: Ints, community: Ints, target: Ints) -> Ints:
    """Return households of buildings: each community's sum is its target, or what fits."""
    held = np.bincount(community, dwellings, len(target))
    share = np.minimum(target / np.maximum(held, 1.0), _OCCUPIED)
    # Rounding the running sum, community by community, keeps every sum exact.
    order = np.argsort(community, kind="stable")
    wanted = (dwellings * share[community])[order]
    whole = np.rint(np.round(np.cumsum(wanted), 6)).astype(np.int64)
    households = np.empty_like(dwellings)
    households[order] = np.diff(whole, prepend=0)
    return np.clip(households, 0, dwellings)
