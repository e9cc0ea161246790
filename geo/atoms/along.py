"""How much of a border between polygons runs along lines: roads, rivers, walls."""

from __future__ import annotations

from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.atoms.adjacency import Borders, rounded
from geo.atoms.edges import Edges, Geometries

Reals = NDArray[np.float64]
Ints = NDArray[np.int64]

_STEP_M: Final = 5.0  # an edge is looked at in steps so long, at their middles
_MOST_STEPS: Final = 400
_LONG_M: Final = 100.0  # longer lines are cut, so that their boxes hold little but themselves
_SLACK_M: Final = 1.0
# Held at once: memory, not the result, hangs on it.
_STEPS_AT_ONCE: Final = 1_000_000
_EDGES_AT_ONCE: Final = 131_072


class Lines(NamedTuple):
    """Straight pieces of lines: (n, 2) ends in metres, and the worth (0 to 1) of each.

    `within` are the metres to the left that lie inside the area a piece is the outline of: 0 of a
    line, about half the width of a river.
    """

    start: Reals
    end: Reals
    worth: Reals
    within: Reals


class Reach(NamedTuple):
    """How near (metres) and how parallel (degrees) an edge must be to lie along a line."""

    metres: float
    degrees: float


class Along(NamedTuple):
    """By border: the metres that lie along a line, and the same times the worth of it."""

    metres: Reals
    worth: Reals


class _Pairs(NamedTuple):
    """Edges beside lines: positions, and where the ends of each edge are, seen along the line."""

    edge: Ints
    forward: Reals  # (n, 2) metres from the line's start, of the edge's start and end
    aside: Reals  # (n, 2) metres to the left
    length: Reals  # of the line
    worth: Reals
    within: Reals

    def where(self, keep: NDArray[np.bool_] | slice) -> _Pairs:
        """Return the pairs that a mask or a slice keeps."""
        forward, aside = self.forward[keep], self.aside[keep]
        length, worth, within = self.length[keep], self.worth[keep], self.within[keep]
        return _Pairs(self.edge[keep], forward, aside, length, worth, within)


def lines_of(shapes: Geometries, worth: Reals, smooth: float, widest: float = 0.0) -> Lines:
    """Return the straight pieces of lines and outlines in metres, each kind of piece once.

    Lines are straightened by so many metres first: a jitter has no direction. Areas count as lying
    along themselves up to half their width, at most `widest`: borders may follow a river's middle.

    >>> lines_of(shapely.from_wkt(["LINESTRING(0 0, 90 0, 90 50)"]), np.ones(1), 4.0).end.tolist()
    [[90.0, 0.0], [90.0, 50.0]]
    """
    shapes, whole = shapely.get_parts(shapes, return_index=True)
    within = np.minimum(shapely.area(shapes) / np.maximum(shapely.length(shapes), 1.0), widest)
    surface = within > 0
    around = np.array(shapes, dtype=object)
    around[surface] = shapely.boundary(shapely.orient_polygons(around[surface]))
    straight = shapely.segmentize(shapely.simplify(around, smooth), _LONG_M)
    parts, row = shapely.get_parts(straight, return_index=True)
    xy, part = shapely.get_coordinates(parts, return_index=True)
    inside = part[1:] == part[:-1]
    of = row[part[1:]]
    pieces = np.c_[xy[:-1], xy[1:], worth[whole[of]], within[of]][inside]
    pieces = np.unique(pieces[(pieces[:, :2] != pieces[:, 2:4]).any(axis=1)], axis=0)
    return Lines(pieces[:, :2], pieces[:, 2:4], pieces[:, 4], pieces[:, 5])


def along(
    edges: Edges, borders: Borders, scale: tuple[float, float], lines: Lines, reach: Reach
) -> Along:
    """Return how much of each border runs along lines; where lines compete the best one counts.

    The worth of a line holds in full up to half the reach and fades from there on.

    Parameters
    ----------
    edges
        Of the polygons; those without a twin or between other pairs are left out.
    borders
        The pairs to look at, ascending.
    scale
        Metres in one unit of the edges' x and y; `lines` are in metres.
    """
    none = np.zeros(len(borders.left))
    if not len(lines.worth) or not len(borders.left):
        return Along(none, none.copy())
    edge, border = _edges_between(edges, borders)
    start, end = _upwards(edges.start[edge], edges.end[edge], np.asarray(scale))
    totals = none.copy(), none.copy()
    tree = _around(lines, reach)
    for first in range(0, len(edge), _EDGES_AT_ONCE):
        some = slice(first, first + _EDGES_AT_ONCE)
        pairs = _near_and_parallel(start[some], end[some], (lines, tree), reach)
        length = np.hypot(*(end[some] - start[some]).T)
        steps = np.clip(np.ceil(length / _STEP_M), 1, _MOST_STEPS).astype(np.int64)
        for total, share in zip(totals, _shares(pairs, steps, reach), strict=True):
            np.add(total, np.bincount(border[some], rounded(share * length), len(total)), out=total)
    return Along(*totals)


def _upwards(start: Reals, end: Reals, scale: Reals) -> tuple[Reals, Reals]:
    """Return the ends of edges in metres, the lower first, whoever's edge it was."""
    rises = (start[:, 0] < end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] < end[:, 1]))
    low, high = np.where(rises[:, None], start, end), np.where(rises[:, None], end, start)
    return low * scale, high * scale


def _edges_between(edges: Edges, borders: Borders) -> tuple[Ints, Ints]:
    """Return one of each two twin edges between the pairs, and the position of its pair."""
    one = np.flatnonzero(edges.twin > np.arange(len(edges.twin)))
    pair = np.sort(np.c_[edges.owner[one], edges.owner[edges.twin[one]]], axis=1)
    count = int(max(pair.max(initial=0), borders.right.max())) + 1
    known, wanted = borders.left * count + borders.right, pair[:, 0] * count + pair[:, 1]
    place = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    found = known[place] == wanted
    return one[found], place[found].astype(np.int64)


def _around(lines: Lines, reach: Reach) -> shapely.STRtree:
    """Return the boxes around lines, as far as they reach."""
    low, high = np.minimum(lines.start, lines.end), np.maximum(lines.start, lines.end)
    far = (reach.metres + lines.within)[:, None]
    return shapely.STRtree(shapely.box(*(low - far).T, *(high + far).T))


def _near_and_parallel(
    start: Reals, end: Reals, found: tuple[Lines, shapely.STRtree], reach: Reach
) -> _Pairs:
    """Return the edges in the boxes around lines (six times cheaper than true distances)."""
    lines, tree = found
    edge, line = tree.query(shapely.linestrings(np.stack([start, end], axis=1)))
    origin, ahead = lines.start[line], lines.end[line] - lines.start[line]
    length = np.hypot(*ahead.T)
    ahead /= length[:, None]
    ends = np.stack([start[edge] - origin, end[edge] - origin], axis=1)
    forward = (ends * ahead[:, None]).sum(axis=2)
    aside = ahead[:, None, 0] * ends[:, :, 1] - ahead[:, None, 1] * ends[:, :, 0]
    run, drift = np.abs(np.diff(forward)[:, 0]), np.abs(np.diff(aside)[:, 0])
    good = drift <= run * np.tan(np.radians(reach.degrees))
    near = np.abs(aside).min(axis=1) < reach.metres + lines.within[line]
    good &= near | (aside[:, 0] * aside[:, 1] < 0)
    worth, within = lines.worth[line], lines.within[line]
    return _Pairs(edge.astype(np.int64), forward, aside, length, worth, within).where(good)


def _shares(pairs: _Pairs, steps: Ints, reach: Reach) -> tuple[Reals, Reals]:
    """Return the share of each edge that lies along any line, and the mean worth over it."""
    touched = np.bincount(pairs.edge, minlength=len(steps)) > 0
    first = np.cumsum(steps * touched) - steps * touched
    best = np.zeros(int((steps * touched).sum()))
    ends = np.cumsum(steps[pairs.edge])
    cuts = np.searchsorted(ends, np.arange(0, ends[-1] if len(ends) else 0, _STEPS_AT_ONCE))
    for low, high in pairwise([*cuts, len(ends)]):
        some = pairs.where(slice(low, high))
        times = steps[some.edge]
        nth = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
        middle = (nth + 0.5) / np.repeat(times, times)
        place = np.repeat(first[some.edge], times) + nth
        np.maximum.at(best, place, _worth_at(middle, some, times, reach))
    owner = np.repeat(np.arange(len(steps)), steps * touched)
    near = np.bincount(owner, best > 0, len(steps)) / steps
    return near.astype(np.float64), np.bincount(owner, best, len(steps)) / steps


def _worth_at(middle: Reals, pairs: _Pairs, times: Ints, reach: Reach) -> Reals:
    """Return what a line is worth at spots on the edge: all of it, less, or nothing.

    A spot past the line's ends counts as far as it lies beside the line: around an outer corner.
    """
    forward, aside = (
        np.repeat(ends[:, 0], times) + middle * np.repeat(ends[:, 1] - ends[:, 0], times)
        for ends in (pairs.forward, pairs.aside)
    )
    inside = np.repeat(pairs.within, times)
    aside = np.maximum(np.maximum(aside - inside, -aside), 0.0)
    beyond = np.maximum(-forward, forward - np.repeat(pairs.length, times))
    fade = np.clip(2.0 * (1.0 - aside / reach.metres), 0.0, 1.0)
    return np.where(beyond <= aside + _SLACK_M, np.repeat(pairs.worth, times) * fade, 0.0)
