"""What borders of nets are worth to the new net: the more nets have one, the less it costs."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from geo.atoms.edges import edges_of
from geo.nets.disagreement import parted
from geo.nets.inputs import Given
from geo.nets.overlay import Overlay
from geo.redraw.barriers import WORTH, Barriers, read_barriers
from geo.redraw.state import Reals
from geo.rules import BarrierRules, Rules, merge_rules

# Pieces lie on these borders exactly; lines are straightened by a metre before they are looked at.
_REACH_M: Final = 4.0
_PARALLEL: Final = 20.0


def worth_of(nets_with_border: Reals, nets: int, each: float) -> Reals:
    """Return the worth of borders from how many of so many nets have them.

    `each` net leaves so much of the price; where all have it nothing is left.

    >>> worth_of(np.array([0, 1, 2, 5]), 5, 0.3).round(2).tolist()
    [0.0, 0.76, 0.95, 1.0]
    """
    left = (1.0 - nets_with_border / nets) * each**nets_with_border
    return np.asarray(1.0 - left, np.float64)


def kept_borders(whole: Given, overlay: Overlay, atoms: gpd.GeoDataFrame, each: float) -> Barriers:
    """Return the borders of nets inside communities as lines that new borders do well to follow.

    `each` as of `geo.rules.MergeRules`.
    """
    edges = edges_of(overlay.polygons)
    one = np.flatnonzero(edges.twin > np.arange(len(edges.twin)))
    left, right = edges.owner[one], edges.owner[edges.twin[one]]
    own = parted(overlay.units, left, right)
    inner = (overlay.home[left] == overlay.home[right]) & own.any(axis=1)
    one, left, right = one[inner], left[inner], right[inner]
    pair = np.c_[np.minimum(left, right), np.maximum(left, right)]
    _, first, number = np.unique(pair, axis=0, return_index=True, return_inverse=True)
    number = number.ravel()
    order = np.argsort(number, kind="stable")
    parts = shapely.linestrings(np.stack([edges.start[one], edges.end[one]], axis=1))
    lines = shapely.line_merge(shapely.multilinestrings(parts[order], indices=number[order]))
    worth = worth_of(own[inner][first].sum(axis=1), len(whole.nets), each)
    frame = gpd.GeoDataFrame({WORTH: worth}, geometry=lines, crs=atoms.crs)
    return read_barriers(frame, atoms, barrier_rules(1.0))


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
