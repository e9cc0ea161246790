"""The site: blocks and parcels of the city, and the division each of them belongs to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

import numpy as np
import pandas as pd

from geo.city.blocks import Cuts, Rects, mesh, meshed, painted, split
from geo.city.graph import Edges, largest, neighbours, parts, settled
from geo.city.lattice import Lattice
from geo.city.noise import Bools, Ints, Reals, stream
from geo.city.partition import Ground, shared_out, shares
from geo.city.sizes import Size
from geo.city.terrain import Terrain

Target: TypeAlias = Callable[[Rects, Ints], Reals]

# Wanted side of a block in metres: old town, dense, new town, countryside.
_BLOCK_SIDES = (105.0, 185.0, 290.0, 560.0)
# Wanted side of a parcel, likewise; the last for the land of a village or town that is built on.
_PARCEL_SIDES = (58.0, 88.0, 118.0, 80.0)
# Borders follow main roads: a block counts as lying this far towards its super-block's middle, for
# the outline and for divisions.
_OUTLINE_PULLED, _PULLED = 0.9, 0.45
_DENSE, _NEW = 0.66, 0.16
# Metres kept free beside water and beside the railway.
_BANK, _TRACK = 16.0, 20.0


@dataclass(frozen=True)
class Mesh:
    """Lattice lines of the main roads, and which of them are rivers, railway and ring road."""

    columns: Ints
    rows: Ints
    rivers: tuple[int, ...]
    rail: int
    ring: tuple[int, int, int, int]  # columns west and east, rows south and north; -1: none


@dataclass(frozen=True)
class Site:
    """Blocks and parcels; numbers of divisions are positions in the sorted codes of `needs`."""

    size: Size
    lattice: Lattice
    terrain: Terrain
    mesh: Mesh
    needs: pd.DataFrame  # one row a community: code, district, subdistrict, urban
    blocks: Rects
    block_community: Ints
    block_cuts: Cuts
    parcels: Rects
    parcel_block: Ints
    parcel_cuts: Cuts
    lake: int  # the block of the lake, -1 where there is none

    @cached_property
    def community(self) -> Ints:
        """Community of every parcel."""
        return self.block_community[self.parcel_block]

    @cached_property
    def subdistrict_of(self) -> Ints:
        """Subdistrict of every community."""
        return _coded(self.needs["subdistrict"])

    @cached_property
    def district_of(self) -> Ints:
        """District of every community."""
        return _coded(self.needs["district"])

    @cached_property
    def canvas(self) -> Ints:
        """Parcel of every cell, -1 outside the city."""
        return painted(self.parcels, self.lattice.columns, self.lattice.rows)

    @cached_property
    def edges(self) -> Edges:
        """Neighbouring parcels."""
        return neighbours(self.canvas, len(self.parcel_block))

    @cached_property
    def places(self) -> tuple[Reals, Reals]:
        """Middle of every parcel, metres."""
        return self.lattice.metres_at(self.parcels.u, self.parcels.v)

    @cached_property
    def sides(self) -> tuple[Reals, Reals]:
        """Width and height of every parcel, metres."""
        width, height = self.lattice.cell_metres(self.parcels.u, self.parcels.v)
        rects = self.parcels
        return width * (rects.i1 - rects.i0), height * (rects.j1 - rects.j0)

    def dry(self, u: Reals, v: Reals) -> Bools:
        """Tell which places, in lattice units, are clear of rivers, the lake and the railway."""
        width, height = self.lattice.cell_metres(u, v)
        dry: Bools = np.abs(u - self.mesh.rail) * width > _TRACK
        for row, (_, _, half) in zip(self.mesh.rivers, self.size.rivers, strict=True):
            dry &= np.abs(v - row) * height > 1.25 * half + _BANK
        if self.lake >= 0:
            i0, i1, j0, j1 = (int(edge[self.lake]) for edge in self.blocks)
            dry &= (u < i0) | (u > i1) | (v < j0) | (v > j1)
        return dry

    def per_cell(self, value: Ints) -> Ints:
        """Return a value of parcels for every cell, -1 outside."""
        return np.where(self.canvas >= 0, value[self.canvas], -1)


def site(
    size: Size, seed: int, lattice: Lattice, terrain: Terrain, communities: pd.DataFrame
) -> Site:
    """Return the site of a city: main roads, blocks, divisions, parcels, in this order."""
    rng = stream(seed, "blocks")
    lines = _mesh(size, rng, lattice, terrain)
    supers = meshed(lines.columns, lines.rows)
    lake = _lake(size, supers, lattice, terrain)
    supers, lake = _pruned(supers, lake, lattice, terrain)
    pieces = split(supers, _block_side(terrain, lattice, lake), lattice, rng)
    ground, kept = _ground(pieces.rects, pieces.parent, supers, (lattice, terrain, lines))
    blocks = pieces.rects.take(kept)
    if lake >= 0:
        # The lake is a park: as ground to live on it hardly counts.
        ground = replace(ground, cells=np.where(pieces.parent[kept] == lake, 4, ground.cells))
    needs = shares(communities)
    district = _districts(ground, terrain, needs)
    community = shared_out(ground, district, needs, stream(seed, "divisions"))[1]
    lake_block = np.flatnonzero(pieces.parent[kept] == lake) if lake >= 0 else np.array([-1])
    side = _parcel_side(terrain, lattice, (blocks, community, needs), int(lake_block[0]))
    parcels = split(blocks, side, lattice, rng)
    return Site(
        size, lattice, terrain, lines, needs, blocks, community, pieces.cuts,
        parcels.rects, parcels.parent, parcels.cuts, int(lake_block[0]),
    )  # fmt: skip


def _mesh(size: Size, rng: np.random.Generator, lattice: Lattice, terrain: Terrain) -> Mesh:
    columns = mesh(rng, size.columns, size.mesh_cells)
    rows = mesh(rng, size.rows, size.mesh_cells)
    rivers = tuple(_nearest(rows, share * size.rows) for _, share, _ in size.rivers)
    rail = _nearest(columns, size.rail * size.columns)
    return Mesh(columns, rows, rivers, rail, _ring(size, (columns, rows), lattice, terrain))


def _nearest(lines: Ints, place: float) -> int:
    inner = lines[1:-1]
    return int(inner[np.argmin(np.abs(inner - place))])


def _ring(
    size: Size, lines: tuple[Ints, Ints], lattice: Lattice, terrain: Terrain
) -> tuple[int, int, int, int]:
    """Return the lattice lines nearest to a ring half-way out of the first seat's built-up area."""
    seat_x, seat_y, seat = terrain.seats[0]
    radius = 480.0 * seat.urban
    if 2 * radius > 0.75 * size.columns * size.cell:
        return (-1, -1, -1, -1)
    j, i = _node(lattice, seat_x, seat_y)
    columns, rows = lines
    x, y = lattice.x[j, columns], lattice.y[rows, i]
    west, east = (columns[np.argmin(np.abs(x - seat_x - s * radius))] for s in (-1, 1))
    south, north = (rows[np.argmin(np.abs(y - seat_y - s * 0.7 * radius))] for s in (-1, 1))
    return int(west), int(east), int(south), int(north)


def _node(lattice: Lattice, x: float, y: float) -> tuple[int, int]:
    j, i = np.unravel_index(np.argmin((lattice.x - x) ** 2 + (lattice.y - y) ** 2), lattice.x.shape)
    return int(j), int(i)


def _lake(size: Size, supers: Rects, lattice: Lattice, terrain: Terrain) -> int:
    """Return the super-block that becomes the lake: just north of the first seat's middle."""
    if not size.lake:
        return -1
    seat_x, seat_y, seat = terrain.seats[0]
    x, y = lattice.metres_at(supers.u, supers.v)
    return int(np.argmin(np.hypot(x - seat_x, y - seat_y - 420.0 * seat.old)))


def _pruned(supers: Rects, lake: int, lattice: Lattice, terrain: Terrain) -> tuple[Rects, int]:
    """Return the super-blocks that touch the city, and the lake's number among them."""
    keep = terrain.inside(*lattice.metres_at(supers.u, supers.v))
    for u, v in ((supers.i0, supers.j0), (supers.i1, supers.j0)):
        keep |= terrain.inside(*lattice.metres_at(u.astype(float), v.astype(float)))
    for u, v in ((supers.i0, supers.j1), (supers.i1, supers.j1)):
        keep |= terrain.inside(*lattice.metres_at(u.astype(float), v.astype(float)))
    return supers.take(keep), int(np.count_nonzero(keep[:lake])) if lake >= 0 else -1


def _zone(terrain: Terrain, x: Reals, y: Reals) -> Ints:
    """Return 0 in an old town, 1 where dense, 2 in a new town, 3 in the countryside."""
    urban = terrain.urban(x, y)
    zone = np.select([urban > _DENSE, urban > _NEW], [1, 2], 3)
    return np.where(terrain.old(x, y), 0, zone)


def _block_side(terrain: Terrain, lattice: Lattice, lake: int) -> Target:
    def side(rects: Rects, parent: Ints) -> Reals:
        x, y = lattice.metres_at(rects.u, rects.v)
        wanted = np.array(_BLOCK_SIDES)[_zone(terrain, x, y)]
        return np.where(parent == lake, np.inf, wanted)

    return side


def _parcel_side(
    terrain: Terrain, lattice: Lattice, divided: tuple[Rects, Ints, pd.DataFrame], lake: int
) -> Target:
    """Split small where people live: everywhere in town, around the middle of a village."""
    blocks, community, needs = divided
    middle_x, middle_y = centres(*lattice.metres_at(blocks.u, blocks.v), blocks.cells, community)
    lived = np.where(needs["urban"], 700.0, 330.0)

    def side(rects: Rects, parent: Ints) -> Reals:
        x, y = lattice.metres_at(rects.u, rects.v)
        own = community[parent]
        near = np.hypot(x - middle_x[own], y - middle_y[own]) < lived[own]
        zone = _zone(terrain, x, y)
        wanted = np.array(_PARCEL_SIDES)[zone]
        return np.where(((zone == 3) & ~near) | (parent == lake), np.inf, wanted)  # noqa: PLR2004

    return side


def _coded(values: pd.Series) -> Ints:
    """Return the position of each value among the sorted ones."""
    found: Ints = np.unique(values.to_numpy(str), return_inverse=True)[1].astype(np.int64)
    return found


def centres(x: Reals, y: Reals, weight: Ints, group: Ints) -> tuple[Reals, Reals]:
    """Return the weighted middle of every group 0, 1, … of places."""
    total = np.bincount(group, weight)
    return np.bincount(group, weight * x) / total, np.bincount(group, weight * y) / total


def _ground(
    rects: Rects, parent: Ints, supers: Rects, plane: tuple[Lattice, Terrain, Mesh]
) -> tuple[Ground, Bools]:
    """Return the blocks of the city as ground to share out, and which of the blocks they are."""
    lattice, terrain, lines = plane
    x, y = lattice.metres_at(rects.u, rects.v)
    super_x, super_y = lattice.metres_at(supers.u[parent], supers.v[parent])
    east, north = super_x - x, super_y - y
    edges = neighbours(painted(rects, lattice.columns, lattice.rows), len(parent))
    inside = terrain.inside(x + _OUTLINE_PULLED * east, y + _OUTLINE_PULLED * north)
    kept = _whole(inside, edges, rects, lattice)
    number = np.cumsum(kept) - 1
    both = kept[edges.a] & kept[edges.b]
    edges = Edges(number[edges.a[both]], number[edges.b[both]], edges.shared[both])
    x, y = (x + _PULLED * east)[kept], (y + _PULLED * north)[kept]
    urban = terrain.urban(x, y)
    for row, (_, _, half_width) in zip(lines.rivers, terrain.size.rivers, strict=True):
        y = y + np.where(rects.v[kept] > row, 14.0 * half_width, 0.0)
    return Ground(x, y, rects.cells[kept], urban, edges), kept


def _whole(inside: Bools, edges: Edges, rects: Rects, lattice: Lattice) -> Bools:
    """Return the largest connected part of the blocks inside, its holes filled."""
    inside = largest(np.where(inside, 0, -1), edges, rects.cells)
    part = parts(edges.within(np.where(inside, -1, 0)), len(inside))
    rim = (rects.i0 == 0) | (rects.j0 == 0)
    rim |= (rects.i1 == lattice.columns) | (rects.j1 == lattice.rows)
    count = np.bincount(np.concatenate([edges.a, edges.b]), minlength=len(inside))
    border = np.bincount(np.concatenate([edges.a, edges.b]), np.tile(edges.shared, 2), len(inside))
    around = 2 * (rects.i1 - rects.i0 + rects.j1 - rects.j0)
    rim |= (count == 0) | (border < around)
    return inside | ~np.isin(part, part[rim & ~inside])


def _districts(ground: Ground, terrain: Terrain, needs: pd.DataFrame) -> Ints:
    """Return the district of every block, as numbers in sorted code order."""
    codes = {code: number for number, code in enumerate(sorted(set(needs["district"])))}
    of_anchor = np.array([codes[anchor.code] for anchor in terrain.size.anchors])
    label = of_anchor[terrain.anchor(ground.x, ground.y)]
    return settled(label, np.zeros_like(label), ground.edges, ground.cells)
