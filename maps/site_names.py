"""Names on the drawing of a grid: each where it can be read, over no other one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np
import shapely
from shapely.affinity import rotate, translate

SIZE: Final = 11
_GAP: Final = 1.5  # units around a name that stay free
_NARROW: Final = 0.56  # of the type's size, a letter; a Chinese sign is as wide as it is tall
_WIDE_FROM: Final = "\u2e80"
# Where along a road a name may stand, and how far ahead and back its turn is read.
_ALONG: Final = (0.5, 0.36, 0.64, 0.22, 0.78)
_REACH: Final = 0.05


class Name(NamedTuple):
    """A name, its middle in units of the drawing, and its turn in degrees."""

    text: str
    x: float
    y: float
    turn: float = 0.0

    def covers(self) -> shapely.Geometry:
        """Return the ground it stands on.

        >>> Name("路", 0, 0).covers().bounds
        (-7.0, -7.0, 7.0, 7.0)
        """
        wide = sum(1.0 if sign >= _WIDE_FROM else _NARROW for sign in self.text) * SIZE
        half = wide / 2 + _GAP, SIZE / 2 + _GAP
        flat = shapely.box(-half[0], -half[1], half[0], half[1])
        return translate(rotate(flat, self.turn, origin=(0, 0)), self.x, self.y)


def placed(ways: Iterable[Sequence[Name]], room: shapely.Geometry) -> list[Name]:
    """Return names at the first of their ways that lies in the room, over no name before it.

    A name none of whose ways is free is left out: two over each other cannot be read.

    >>> here, there = Name("甲", 20, 20), Name("乙", 60, 20)
    >>> placed([[here], [here, there], [here]], shapely.box(0, 0, 99, 99)) == [here, there]
    True
    """
    found: list[Name] = []
    taken: list[shapely.Geometry] = []
    for each in ways:
        free = next((way for way in each if _is_free(way.covers(), room, taken)), None)
        if free is not None:
            found.append(free)
            taken.append(free.covers())
    return found


def along(text: str, line: shapely.Geometry) -> list[Name]:
    """Return the ways a name may stand along a line: in the middle, or nearer an end."""
    return [_at(text, line, share) for share in _ALONG]


def boxes(names: Sequence[Name]) -> list[list[float]]:
    """Return the boxes names stand on, one a sign: least x, least y, most x, most y.

    >>> boxes([Name("路", 0, 0)])
    [[-5.5, -5.5, 5.5, 5.5]]
    """
    found = []
    for name in names:
        turn = np.radians(name.turn)
        step = np.array([np.cos(turn), np.sin(turn)]) * SIZE
        half = (len(name.text) - 1) / 2
        for place in range(len(name.text)):
            x, y = np.array([name.x, name.y]) + (place - half) * step
            found.append([float(v) for v in (x - 5.5, y - 5.5, x + 5.5, y + 5.5)])
    return found


def _at(text: str, line: shapely.Geometry, share: float) -> Name:
    shares = (share - _REACH, share, share + _REACH)
    before, at, after = (line.interpolate(each, normalized=True) for each in shares)
    turn = np.degrees(np.arctan2(after.y - before.y, after.x - before.x))
    return Name(text, at.x, at.y, float((turn + 90) % 180 - 90))


def _is_free(
    ground: shapely.Geometry, room: shapely.Geometry, taken: Sequence[shapely.Geometry]
) -> bool:
    return bool(room.covers(ground)) and not any(ground.intersects(each) for each in taken)
