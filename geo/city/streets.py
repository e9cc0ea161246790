"""Roads, streets and lanes along the lattice's cuts, with names, and the parcels' addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.city.blocks import Cuts
from geo.city.land import NUMBER, Land
from geo.city.names import road_names
from geo.city.noise import Bools, Ints, stream
from geo.city.site import Site

CLASSES: Final = ("expressway", "arterial", "collector", "street", "lane")
_EXPRESSWAY, _ARTERIAL, _COLLECTOR, _STREET, _LANE = range(5)
# Chances that a cut becomes a road, by class and zone: old town, dense, new town, countryside.
_CHANCES: Final = (
    (1.0, 1.0, 1.0, 1.0),
    (1.0, 1.0, 1.0, 0.6),
    (1.0, 1.0, 1.0, 0.45),
    (1.0, 1.0, 1.0, 0.5),
    (1.0, 0.72, 0.45, 0.8),
)
_IN_HILLS: Final = (1.0, 0.5, 0.0, 0.0, 0.0)


class _Segments(NamedTuple):
    """Straight runs along lattice lines: along column `at` when upright, from `low` to `high`."""

    upright: Bools
    at: Ints
    low: Ints
    high: Ints
    rank: Ints  # a position in CLASSES


class Steps(NamedTuple):
    """Road edges of the lattice, one step each, in order along each segment."""

    segment: Ints
    start: Ints  # node numbers
    end: Ints
    side: Ints  # parcel on one side, or the other where that one is outside


@dataclass(frozen=True)
class Streets:
    """The roads as segments with rank and name, their steps, and each parcel's street."""

    rank: Ints
    name: NDArray[np.object_]
    steps: Steps
    parcel_street: Ints  # segment, -1: none
    parcel_number: Ints

    def lines(self, site: Site, group: Ints, chosen: Bools) -> tuple[NDArray[np.object_], Ints]:
        """Return lines joining the chosen steps, split where `group` changes; and a step of each.

        `group` has one value a step; a line never leaves its segment.
        """
        steps = Steps(*(column[chosen] for column in self.steps))
        own = group[chosen]
        fresh = np.diff(steps.segment, prepend=-1) != 0
        fresh[1:] |= (steps.start[1:] != steps.end[:-1]) | (own[1:] != own[:-1])
        first = np.flatnonzero(fresh)
        last = np.append(first[1:], len(own)) - 1
        line = np.cumsum(fresh) - 1
        # Every step gives its start; the last of a line gives its end too.
        node = np.insert(steps.start, last + 1, steps.end[last])
        index = np.insert(line, last + 1, line[last])
        points = np.column_stack([site.lattice.lon.ravel()[node], site.lattice.lat.ravel()[node]])
        return shapely.linestrings(points, indices=index), np.flatnonzero(chosen)[first]


def streets(site: Site, land: Land, seed: int) -> Streets:
    """Return the roads of a city."""
    rng = stream(seed, "streets")
    segments = _segments(site)
    steps = _steps(site, segments)
    keep = _kept(land, segments, steps, rng)
    steps = Steps(*(column[keep] for column in steps))
    name = road_names(segments.rank, segments.upright, rng)
    street = _street_of(site, steps, segments.upright)
    return Streets(segments.rank, name, steps, street, _house_numbers(site, street))


def _segments(site: Site) -> _Segments:
    mains = [_mains(site, upright=upright) for upright in (True, False)]
    block = site.block_cuts
    thick = np.where(block.depth < 2, _COLLECTOR, _STREET)  # noqa: PLR2004 the first two cuts
    parcel = site.parcel_cuts
    alley = np.full(len(parcel.at), _LANE)
    parts = [*mains, _of_cuts(block, thick), _of_cuts(parcel, alley)]
    return _Segments(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _of_cuts(cuts: Cuts, rank: Ints) -> _Segments:
    return _Segments(cuts.upright, cuts.at, cuts.low, cuts.high, rank)


def _mains(site: Site, *, upright: bool) -> _Segments:
    """Return the main roads of one direction; where the ring runs it is an expressway."""
    lines = site.mesh.columns if upright else site.mesh.rows
    drawn = lines[~np.isin(lines, [site.mesh.rail] if upright else site.mesh.rivers)]
    west, east, south, north = site.mesh.ring
    ends = (west, east) if upright else (south, north)
    low, high = (south, north) if upright else (west, east)
    far = site.lattice.rows if upright else site.lattice.columns
    runs = []
    for at in drawn:
        inner = [(low, high, _EXPRESSWAY)] if at in ends else []
        outer = [(0, low, _ARTERIAL), (high, far, _ARTERIAL)] if inner else [(0, far, _ARTERIAL)]
        runs += [(at, *run) for run in (outer[:1] + inner + outer[1:])]
    at, start, end, rank = np.array(runs, np.int64).T
    return _Segments(np.full(len(at), upright), at, start, end, rank)


def _steps(site: Site, segments: _Segments) -> Steps:
    """Return every lattice edge of the segments that has the city on one side at least."""
    length = segments.high - segments.low
    segment = np.repeat(np.arange(len(length)), length)
    along = np.arange(len(segment)) - np.repeat(np.cumsum(length) - length, length)
    along += segments.low[segment]
    at, upright = segments.at[segment], segments.upright[segment]
    i, j = np.where(upright, at, along), np.where(upright, along, at)
    nodes = site.lattice.columns + 1
    padded = np.pad(site.canvas, ((1, 1), (1, 1)), constant_values=-1)
    low_side = padded[np.where(upright, j + 1, j), np.where(upright, i, i + 1)]
    side = np.where(low_side >= 0, low_side, padded[j + 1, i + 1])
    start = j * nodes + i
    steps = Steps(segment, start, start + np.where(upright, nodes, 1), side)
    return Steps(*(column[side >= 0] for column in steps))


def _kept(land: Land, segments: _Segments, steps: Steps, rng: np.random.Generator) -> Bools:
    """Tell which steps become roads: all in town; few among fields; alleys where people live."""
    rank, zone = segments.rank[steps.segment], land.zone[steps.side]
    luck = rng.random(len(segments.rank))[steps.segment]
    use = land.use[steps.side]
    wild = np.isin(use, [NUMBER["farmland"], NUMBER["hill"], NUMBER["park"]])
    hill = use == NUMBER["hill"]
    chance = np.array(_CHANCES)[rank, zone]
    chance *= np.where(hill, np.array(_IN_HILLS)[rank], 1.0)
    chance *= np.where(wild & (rank >= _STREET), 0.0, 1.0)
    keep: Bools = luck < chance
    return keep


def _street_of(site: Site, steps: Steps, upright: Bools) -> Ints:
    """Return a street along each parcel's edge: the south one, else the west one, else none."""
    nodes = (site.lattice.rows + 1) * (site.lattice.columns + 1)
    lying, standing = np.full(nodes, -1, np.int64), np.full(nodes, -1, np.int64)
    up = upright[steps.segment]
    lying[steps.start[~up]], standing[steps.start[up]] = steps.segment[~up], steps.segment[up]
    rects, wide = site.parcels, site.lattice.columns + 1
    sides = (
        lying[rects.j0 * wide + rects.i0],
        standing[rects.j0 * wide + rects.i0],
        lying[rects.j1 * wide + rects.i0],
        standing[rects.j0 * wide + rects.i1],
    )
    found: Ints = sides[0]
    for side in sides[1:]:
        found = np.where(found >= 0, found, side)
    return found


def _house_numbers(site: Site, street: Ints) -> Ints:
    """Return odd numbers counting up along each street, from its south or west end."""
    order = np.lexsort((site.parcels.i0 + site.parcels.j0, street))
    first = np.flatnonzero(np.diff(street[order], prepend=-2))
    rank = np.arange(len(order)) - np.repeat(first, np.diff(np.append(first, len(order))))
    number = np.empty(len(order), np.int64)
    number[order] = 2 * rank + 1
    return number
