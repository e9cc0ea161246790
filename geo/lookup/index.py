"""The grid that owns a point: an index in memory, for batches and for single points."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, overload

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.lookup import tree
from geo.lookup.coverage import Coverage, Objects, coverage, edited
from geo.lookup.nearness import Nearness, nearness

if TYPE_CHECKING:
    from geo.lookup.search import Raster

# A raster of 18,900 grids takes a second to load and draw; asking the tree takes 3 µs a point.
WORTH_A_RASTER: Final = 200_000


class GridIndex:
    """An index of grids that answers who owns a point.

    The rule: a grid owns the points it covers, its edge included; of several, special grids come
    first, then the lowest code by bytes. Planar in degrees, as stored.

    Few points are answered by a tree of prepared shapes, at once and at some microseconds a point;
    when `WORTH_A_RASTER` of them have come in batches a raster is drawn, which from then on answers
    all of them many times faster. Both are exact and give the same answers. A service draws the
    raster at its start with `prepare`: on a machine that never did it, compiling takes ten seconds
    or more.

    Parameters
    ----------
    grids
        Indexed by code (text, or whole numbers taken as text), polygons, with an optional column
        `special`. Another CRS than EPSG:4326 is transformed to it; none is taken for EPSG:4326.

    Raises
    ------
    GridCodesError, GridShapesError, SpecialMarkError
        See `geo.lookup.coverage.coverage`.

    >>> from shapely import box
    >>> halves = [box(0, 0, 1, 1), box(1, 0, 2, 1)]
    >>> index = GridIndex(gpd.GeoDataFrame(index=["b", "a"], geometry=halves))
    >>> index.locate([0.5, 1.0, 9.0], [0.5, 0.5, 0.5]).tolist()
    ['b', 'a', None]
    """

    def __init__(self, grids: gpd.GeoDataFrame) -> None:
        self._held = _Held(coverage(grids))

    def __len__(self) -> int:
        """Return how many grids there are."""
        return len(self._held.grids)

    @property
    def codes(self) -> Objects:
        """Codes in the order in which grids own points: what `positions` points into."""
        return self._held.grids.codes.copy()

    @overload
    def locate(self, lon: float, lat: float) -> str | None: ...
    @overload
    def locate(self, lon: ArrayLike, lat: ArrayLike) -> Objects: ...
    def locate(self, lon: ArrayLike | float, lat: ArrayLike | float) -> Objects | str | None:
        """Return the code of the owner of each point, None where nobody owns it.

        Parameters
        ----------
        lon, lat
            Degrees, any shape, broadcast together; the answer has that shape. Two plain numbers
            give one code. Points that are not finite have no owner.
        """
        held = self._held
        if isinstance(lon, float) and isinstance(lat, float) and held.is_drawn:
            from geo.lookup import search  # noqa: PLC0415 the compiler, loaded by now

            position: int | NDArray[np.int32] = search.position(lon, lat, held.raster)
        else:
            position = held.positions(lon, lat)
        found: Objects | str | None = held.names[position]  # of one point: the code itself
        return found

    def prepare(self) -> GridIndex:
        """Return this index with its raster drawn and asked once, ready for many points."""
        from geo.lookup.raster import asked_once  # noqa: PLC0415 the compiler, as below

        asked_once(self._held.raster)
        return self

    def positions(self, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.int32]:
        """Return the position in `codes` of the owner of each point, -1 where nobody owns it."""
        return self._held.positions(lon, lat)

    def replace(self, grids: gpd.GeoDataFrame) -> GridIndex:
        """Return this index with the given grids changed, added or taken out.

        A grid whose code is known replaces that one; a new code is added; a grid without geometry
        (None or empty) is taken out. The index changes in place, in one step: whoever is asking
        meanwhile gets the answer of before or of after. Errors change nothing.
        """
        self._held = _Held(edited(self._held.grids, grids))
        return self

    @overload
    def neighbours(self, lon: float, lat: float, accuracy_m: float) -> tuple[str, ...]: ...
    @overload
    def neighbours(self, lon: ArrayLike, lat: ArrayLike, accuracy_m: ArrayLike) -> Objects: ...
    def neighbours(
        self, lon: ArrayLike, lat: ArrayLike, accuracy_m: ArrayLike
    ) -> Objects | tuple[str, ...]:
        """Return the codes of the grids near each point other than its owner, nearest first.

        Near is within twice the accuracy, in metres: the grids the point may really lie in. Plain
        numbers give one tuple, arrays an object array of tuples. A missing accuracy names none.
        """
        held = self._held
        x, y, accuracy = np.broadcast_arrays(
            *(np.asarray(v, float) for v in (lon, lat, accuracy_m))
        )
        own = held.positions(x, y).ravel()
        point, grid = held.nearness.around(x.ravel(), y.ravel(), accuracy.ravel())
        other = grid != own[point]
        first = np.searchsorted(point[other], np.arange(1, x.size))
        parts = np.split(held.grids.codes[grid[other]], first)
        names = np.empty(x.size, object)
        for i in range(x.size):
            names[i] = tuple(parts[i])
        return names.reshape(x.shape) if x.ndim else names[0]


@dataclass
class _Held:
    """What an index holds at one time; only exchanged for the next, but for a count of points."""

    grids: Coverage
    asked: int = 0  # in batches; a thread's count may be lost, and nothing hangs on it

    def positions(self, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.int32]:
        x, y = np.broadcast_arrays(np.asarray(lon, np.float64), np.asarray(lat, np.float64))
        self.asked += x.size if x.ndim else 0
        if self.asked >= WORTH_A_RASTER or self.is_drawn:
            from geo.lookup.raster import owners  # noqa: PLC0415 the compiler, loaded by now

            found = owners(self.raster, x.ravel(), y.ravel())
        else:
            found = tree.owners(self.grids, x.ravel(), y.ravel(), known_boxes=self.boxes)
        return found.reshape(x.shape)

    @cached_property
    def names(self) -> Objects:
        """Codes, and None in the last place: the owner at -1."""
        return np.append(self.grids.codes, np.array([None], object))

    @cached_property
    def boxes(self) -> shapely.STRtree:
        return tree.boxes(self.grids)

    @property
    def is_drawn(self) -> bool:
        return "raster" in self.__dict__

    @cached_property
    def raster(self) -> Raster:
        # Seconds of a compiler's library, which few points are not worth.
        from geo.lookup.raster import raster  # noqa: PLC0415

        return raster(self.grids)

    @cached_property
    def nearness(self) -> Nearness:
        return nearness(self.grids)
