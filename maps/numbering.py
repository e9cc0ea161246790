"""Where the numbers of points stand on a drawing, so that each can be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]

_BESIDE: Final = 6.5  # units from a point to the middle of the number beside it
_RINGS: Final = (_BESIDE, 11.0, 17.0, 25.0, 35.0, 47.0, 61.0, 80.0)
# Above first, then around; farther out more ways, for the rings are longer.
_WAYS: Final = np.radians(
    [-90, 90, 0, 180, -45, 45, -135, 135, -68, -112, 68, 112, -22, 22, -158, 158]
)
_DOT: Final = 2.4  # half a dot's side
_DIGIT, _TALL = 5.4, 8.0  # units of a figure of 9 units' type
_NEAR: Final = 4  # ways of the first ring that are looked at: above, below, right, left


class Spot(NamedTuple):
    """Where a number stands; `led`: so far from its point that a line leads to it."""

    x: float
    y: float
    led: bool


def spots(
    points: Reals, room: tuple[float, float, float, float], taken: Sequence[Sequence[float]] = ()
) -> list[Spot | None]:
    """Return where number 1, 2, … of points stands, None where there is no room near enough.

    No number lies on another one, on a dot, on what is `taken`, or outside the room. Those that
    stand alone come first, so that who stands in a crowd does not push them away.

    Parameters
    ----------
    points
        x and y of each, in units of the drawing.
    room, taken
        Boxes: least x, least y, most x, most y.

    >>> [spot and spot.led for spot in spots(np.zeros((2, 2)), (-50, -50, 50, 50))]
    [False, False]
    """
    boxes = np.concatenate([_dots(points), np.asarray(taken, np.float64).reshape(-1, 4)])
    found: list[Spot | None] = [None] * len(points)
    for number in _order(points):
        half = np.array([_DIGIT * len(str(number + 1)) / 2, _TALL / 2])
        spot = _free(points[number], half, boxes, room)
        if spot is not None:
            middle = np.array(spot[:2])
            boxes = np.concatenate([boxes, np.r_[middle - half, middle + half][None]])
        found[number] = spot
    return found


def _dots(points: Reals) -> Reals:
    return np.concatenate([points - _DOT, points + _DOT], axis=1)


def _order(points: Reals) -> list[int]:
    """Return positions, those with the fewest others around them first."""
    apart = np.abs(points[:, None] - points[None]).max(axis=2)
    crowd = (apart < _RINGS[2]).sum(axis=1)
    return [int(n) for n in np.argsort(crowd, kind="stable")]


def _free(
    point: Reals, half: Reals, boxes: Reals, room: tuple[float, float, float, float]
) -> Spot | None:
    """Return the first place around a point where a box of that half size lies on nothing."""
    for ring in _RINGS:
        ways = _WAYS[:_NEAR] if ring == _BESIDE else _WAYS
        around = np.stack([np.cos(ways), np.sin(ways)], axis=1)
        # A wide number stands farther to the side than above.
        middle = point + around * (ring + np.array([half[0] - _TALL / 2, 0.0]))
        low, high = middle - half, middle + half
        inside = (low >= room[:2]).all(axis=1) & (high <= room[2:]).all(axis=1)
        hits = (low[:, None] < boxes[None, :, 2:]) & (high[:, None] > boxes[None, :, :2])
        blocked = np.any(np.all(hits, axis=2), axis=1)
        free = np.flatnonzero(inside & ~blocked)
        if len(free):
            x, y = middle[free[0]].tolist()
            return Spot(x, y, ring > _BESIDE)
    return None
