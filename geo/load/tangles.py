"""Shapes no border has: rings by the thousand, lines that cross themselves everywhere.

Checking and mending one takes minutes to hours; they are told from real ones in moments.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely
from shapely import STRtree

LOOKED_AT: Final = 1_000  # points: what has fewer is checked as it is
_MOST_RINGS: Final = 5_000
_MOST_CROSSINGS: Final = 2_000
_TRIED: Final = 200  # segments, spread evenly, that stand for all


def tangle(shape: shapely.Geometry | None) -> tuple[str, str] | None:
    """Return why a shape is none to be checked, in Chinese and in English; None: it is one.

    >>> tangle(shapely.box(0, 0, 1, 1)) is None
    True
    """
    if shape is None or shapely.get_num_coordinates(shape) < LOOKED_AT:
        return None
    rings = len(shapely.get_rings(shape))
    if rings > _MOST_RINGS:
        return f"有 {rings} 个环", f"it has {rings} rings"
    if not rings or shapely.is_valid(shape):
        return None
    count = crossings(shape)
    if count <= _MOST_CROSSINGS:
        return None
    return f"自相交约 {count} 处", f"it crosses itself some {count} times"


def crossings(shape: shapely.Geometry) -> int:
    """Return about how often the lines of a shape cross each other, from some of its segments.

    >>> crossings(shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]))
    1
    """
    xy, part = shapely.get_coordinates(shapely.get_rings(shape), return_index=True)
    joined = part[1:] == part[:-1]
    ends = np.stack([xy[:-1][joined], xy[1:][joined]], axis=1)
    lines = shapely.linestrings(ends[np.isfinite(ends).all(axis=(1, 2))])
    tried = lines[:: max(1, len(lines) // _TRIED)]
    if not len(tried):
        return 0
    found = int(STRtree(lines).query(tried, predicate="crosses").shape[1])
    return round(found / len(tried) * len(lines) / 2)
