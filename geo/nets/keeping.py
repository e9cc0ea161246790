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
from geo.rules import BarrierRules, Rules

# What each net that has a border leaves of its price; where all have it nothing is left.
_EACH: Final = 0.3
# Pieces lie on these borders exactly; lines are straightened by a metre before they are looked at.
_REACH_M: Final = 4.0
_PARALLEL: Final = 20.0
# What compact forms and even loads count beside kept borders. Measured: docs/decisions/0011.
_COMPACTNESS: Final = 0.3
_EVEN: Final = 0.2


def worth_of(nets_with_border: Reals, nets: int) -> Reals:
    """Return the worth of borders from how many of so many nets have them.

    >>> worth_of(np.array([0, 1, 2, 5]), 5).round(2).tolist()
    [0.0, 0.76, 0.95, 1.0]
    """
    left = (1.0 - nets_with_border / nets) * _EACH**nets_with_border
    return np.asarray(1.0 - left, np.float64)


def kept_borders(whole: Given, overlay: Overlay, atoms: gpd.GeoDataFrame) -> Barriers:
    """Return the borders of nets inside communities as lines that new borders do well to follow."""
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
    worth = worth_of(own[inner][first].sum(axis=1), len(whole.nets))
    frame = gpd.GeoDataFrame({WORTH: worth}, geometry=lines, crs=atoms.crs)
    return read_barriers(frame, atoms, barrier_rules(1.0))


def priced(rules: Rules, price: float) -> Rules:
    """Return the rules of a plan that keeps borders before it is compact or even."""
    weights = rules.weights
    weights = weights._replace(
        compactness=weights.compactness * _COMPACTNESS, even=weights.even * _EVEN
    )
    return replace(rules, weights=weights, barriers=barrier_rules(price))


def barrier_rules(price: float) -> BarrierRules:
    """Return how near a new border must be to an old one, and what one of no net costs."""
    return BarrierRules(_REACH_M, _PARALLEL, price)
