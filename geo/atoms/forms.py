"""Area, outline and middle of polygons, from the edges that are there for their borders anyway."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.atoms.edges import Sides
from geo.atoms.slices import by_slices

_Reals = NDArray[np.float64]


class Forms(NamedTuple):
    """Area, length of the outline, and the middle (centroid) of polygons, in metres."""

    area: _Reals
    around: _Reals
    x: _Reals
    y: _Reals


def forms_of(sides: Sides, scale: tuple[float, float]) -> Forms:
    """Return the forms of polygons, in order, from all of their edges.

    Parameters
    ----------
    sides
        Edges of valid polygons, none of them empty.
    scale
        Metres in one unit of x and of y.

    >>> import shapely
    >>> from geo.atoms.edges import sides_of
    >>> frame = shapely.box(0, 0, 4, 4) - shapely.box(1, 1, 3, 3)
    >>> [part.tolist() for part in forms_of(sides_of(np.array([frame])), (1.0, 1.0))]
    [[12.0], [24.0], [2.0], [2.0]]
    """
    first = np.flatnonzero(np.diff(sides.owner, prepend=-1))  # edge of each polygon
    bounds = np.append(first, len(sides.owner))
    parts = by_slices(lambda part: _forms(sides, bounds[part.start : part.stop + 1], scale),
                      len(first))  # fmt: skip
    return Forms(*(np.concatenate(form) for form in zip(*parts, strict=True)))


def _forms(sides: Sides, bounds: NDArray[np.int64], scale: tuple[float, float]) -> Forms:
    """Return the forms of polygons between whose `bounds` their edges are.

    Coordinates are taken from a corner of each, so that they lose no digits.
    """
    rows, first = slice(bounds[0], bounds[-1]), bounds[:-1] - bounds[0]
    corner, unit = sides.start[bounds[:-1]], np.asarray(scale)
    moved = np.repeat(corner, np.diff(bounds), axis=0)
    here, there = ((ends[rows] - moved) * unit for ends in (sides.start, sides.end))
    twice = here[:, 0] * there[:, 1] - there[:, 0] * here[:, 1]
    np.negative(twice, out=twice, where=~sides.left[rows])
    area = np.add.reduceat(twice, first) / 2
    moments = (np.add.reduceat(twice * (here[:, i] + there[:, i]), first) for i in (0, 1))
    x, y = (sum_ / (6 * area) + corner[:, i] * unit[i] for i, sum_ in enumerate(moments))
    return Forms(area, np.add.reduceat(np.hypot(*(there - here).T), first), x, y)
