"""What borders of nets are worth to the new net: the more nets have one, the more it gains."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import shapely

from geo.atoms.adjacency import borders_of
from geo.atoms.along import Reach, along, lines_of
from geo.atoms.edges import Edges, Geometries, edges_of
from geo.nets.disagreement import parted
from geo.redraw.barriers import Barriers
from geo.redraw.inputs import SMOOTH
from geo.redraw.state import Flags, Ints, Reals
from geo.rules import BarrierRules, Rules, merge_rules

# Pieces lie on these borders exactly; lines are straightened by a metre before they are looked at.
_REACH_M: Final = 4.0
_PARALLEL: Final = 20.0
_METRES: Final = (1.0, 1.0)  # in one unit of the plane


class Cover(NamedTuple):
    """Polygons that tile the ground, metres; the unit of each in each net, and its community."""

    polygons: Geometries
    units: Ints  # (polygons, nets)
    home: Ints


@dataclass(frozen=True, eq=False)
class Followed:
    """Lines that new borders do well to follow: which nets have each, and its worth as a road."""

    lines: gpd.GeoDataFrame
    nets: Flags  # (lines, nets)
    roads: Reals  # 0 to 1

    def at(self, price: float, each: Reals) -> Barriers:
        """Return them where a border that no net has costs so much, as barriers of a redraw.

        `each` is the part of the price that each net takes off; a road takes off as much as the
        least of them. More than the whole is a gain.

        >>> line = gpd.GeoDataFrame(geometry=gpd.GeoSeries.from_wkt(["LINESTRING (0 0, 9 0)"]))
        >>> both = Followed(line, np.ones((1, 2), np.bool_), np.array([0.5]))
        >>> both.at(4.0, np.array([1.0, 1.5])).worth.tolist()
        [3.0]
        """
        worth = self.nets @ each + self.roads * each.min()
        told = {"given": len(worth), "used": len(worth)}
        return Barriers(self.lines, np.asarray(worth, np.float64), barrier_rules(price), told)


def kept_borders(cover: Cover, atoms: gpd.GeoDataFrame, roads: Barriers | None = None) -> Followed:
    """Return the borders inside communities that new borders do well to follow.

    They are those of nets, and those along `roads`, which count like one net more.
    """
    edges = edges_of(cover.polygons)
    one = np.flatnonzero(edges.twin > np.arange(len(edges.twin)))
    left, right = edges.owner[one], edges.owner[edges.twin[one]]
    inner = cover.home[left] == cover.home[right]
    one, left, right = one[inner], left[inner], right[inner]
    pair = np.c_[np.minimum(left, right), np.maximum(left, right)]
    pair, number = np.unique(pair, axis=0, return_inverse=True)
    nets = parted(cover.units, pair[:, 0], pair[:, 1])
    beside = np.zeros(len(pair)) if roads is None else _along_roads(edges, pair, roads)
    kept = nets.any(axis=1) | (beside > 0)
    parts = shapely.linestrings(np.stack([edges.start[one], edges.end[one]], axis=1))
    lines = _joined(parts, number.ravel(), kept)
    return Followed(gpd.GeoDataFrame(geometry=lines, crs=atoms.crs), nets[kept], beside[kept])


def _joined(parts: Geometries, number: Ints, kept: Flags) -> Geometries:
    """Return the line of each pair of polygons that is kept, from its parts."""
    mine = kept[number]
    place = (np.cumsum(kept) - 1)[number[mine]]
    order = np.argsort(place, kind="stable")
    joined = shapely.multilinestrings(parts[mine][order], indices=place[order])
    return np.asarray(shapely.line_merge(joined), dtype=object)


def _along_roads(edges: Edges, pair: Ints, roads: Barriers) -> Reals:
    """Return how much of the border of each pair lies along roads, by their worth (0 to 1)."""
    count = int(edges.owner.max()) + 1
    found = borders_of(edges, _METRES, count)
    reach = Reach(roads.rules.reach, roads.rules.parallel)
    shapes = roads.lines.geometry.to_numpy()
    lines = lines_of(shapes, roads.worth, reach.metres / SMOOTH, reach.metres)
    worth = along(edges, found, _METRES, lines, reach).worth
    beside = np.divide(worth, found.metres, out=np.zeros(len(worth)), where=found.metres > 0)
    place = np.searchsorted(found.left * count + found.right, pair[:, 0] * count + pair[:, 1])
    return np.asarray(np.minimum(beside[place], 1.0), np.float64)


def priced(rules: Rules, price: float) -> Rules:
    """Return the rules of a plan that keeps borders before it is compact or even."""
    weights, merging = rules.weights, merge_rules(rules)
    weights = weights._replace(
        compactness=weights.compactness * merging.compactness, even=weights.even * merging.even
    )
    return replace(rules, weights=weights, barriers=barrier_rules(price))


def barrier_rules(price: float) -> BarrierRules:
    """Return how near a new border must be to an old one, and what one of no net costs."""
    return BarrierRules(_REACH_M, _PARALLEL, price)
