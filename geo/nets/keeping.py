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

# The first net that has a border counts most: with two nets of five it is worth 0.78.
_POWER: Final = 3
# Pieces lie on these borders exactly; lines are straightened by a metre before they are looked at.
_REACH_M: Final = 4.0
_PARALLEL: Final = 20.0
# Of a border of no net, in prices of the rules, and of a compact form beside it. Measured:
# docs/decisions/0011.
_PRICE: Final = 4.0
_COMPACTNESS: Final = 0.3


def worth_of(nets_with_border: Reals, nets: int) -> Reals:
    """Return the worth of borders from how many of so many nets have them.

    >>> worth_of(np.array([0, 1, 2, 5]), 5).round(2).tolist()
    [0.0, 0.49, 0.78, 1.0]
    """
    return np.asarray(1.0 - (1.0 - nets_with_border / nets) ** _POWER, np.float64)


def kept_borders(whole: Given, overlay: Overlay, atoms: gpd.GeoDataFrame, rules: Rules) -> Barriers:
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
    return read_barriers(frame, atoms, _barrier_rules(rules))


def prices(rules: Rules) -> Rules:
    """Return the rules of a plan that keeps borders before it is compact."""
    weights = rules.weights
    compact = weights.compactness * _COMPACTNESS
    return replace(
        rules, weights=weights._replace(compactness=compact), barriers=_barrier_rules(rules)
    )


def _barrier_rules(rules: Rules) -> BarrierRules:
    highest = max(rules.weights.compactness, rules.weights.border)
    return BarrierRules(_REACH_M, _PARALLEL, _PRICE * highest)
