"""The grid that owns a point: an index in memory, for batches and for single points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Final, NamedTuple, overload

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.crs import Degrees
from geo.errors import NotCoordinatesError, UnequalArraysError
from geo.lookup import tree
from geo.lookup.coverage import Coverage, Edits, Objects, coverage, edited, edits_of
from geo.lookup.nearness import Nearness, nearness

if TYPE_CHECKING:
    from geo.lookup.raster import Canvas
    from geo.lookup.search import Raster

# A raster of 18,900 grids takes a second to load and draw; asking the tree takes 3 µs a point.
WORTH_A_RASTER: Final = 200_000
# Whoever asks for two thousand points one by one asks for more, and feels each.
_ONE: Final = WORTH_A_RASTER // 2_000
_NEVER: Final = -np.inf  # as a count of points: never enough of them
# Kinds of arrays that hold numbers, or may: words and objects too; no moments, nothing imaginary.
_NUMBERS: Final = "biufOUST"


class GridIndex:
    """An index of grids that answers who owns a point.

    The rule: a grid owns the points it covers, its edge included; of several, special grids come
    first, then the lowest code by bytes. Planar in degrees, as stored.

    Few points are answered by a tree of prepared shapes, at once and at some microseconds a point;
    when `WORTH_A_RASTER` of them have come in batches, or two thousand alone, a raster is drawn,
    which from then on answers all of them many times faster. Both are exact and give the same
    answers. A service that is asked many at a time draws the raster at its start with `prepare`: on
    a machine that never did it, compiling takes ten seconds or more. One that is asked a few takes
    a `sparing` index.

    Parameters
    ----------
    grids
        Indexed by code (text, or whole numbers taken as text), polygons, with an optional column
        `special`. Another CRS than EPSG:4326 is transformed to it; none is taken for EPSG:4326.

    Raises
    ------
    GridFrameError, GridCodesError, GridShapesError, SpecialMarkError
        See `geo.lookup.coverage.coverage`.

    >>> from shapely import box
    >>> halves = [box(0, 0, 1, 1), box(1, 0, 2, 1)]
    >>> index = GridIndex(gpd.GeoDataFrame(index=["b", "a"], geometry=halves))
    >>> index.locate([0.5, 1.0, 9.0], [0.5, 0.5, 0.5]).tolist()
    ['b', 'a', None]
    """

    def __init__(self, grids: gpd.GeoDataFrame) -> None:
        self._held = _Held(coverage(grids))
        self._replacing = Lock()

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
            give one code. Points that are not finite, or missing, have no owner.

        Raises
        ------
        NotCoordinatesError
            When they are something else than numbers.
        UnequalArraysError
            When they cannot be broadcast together.
        """
        held = self._held
        if isinstance(lon, float) and isinstance(lat, float):
            if held.one is None:
                return held.listed[held.position(lon, lat)]
            ask, address, codes, _ = held.one
            return codes[ask(lon, lat, address)]
        return held.named(lon, lat)

    def prepare(self) -> GridIndex:
        """Return this index with its raster drawn and asked once, ready for many points."""
        from geo.lookup.raster import asked_once  # noqa: PLC0415 the compiler, as below

        asked_once(self._held.canvas.raster)
        return self

    def positions(self, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.int32]:
        """Return the position in `codes` of the owner of each point, -1 where nobody owns it."""
        return self._held.positions(lon, lat)

    def replace(self, grids: gpd.GeoDataFrame) -> GridIndex:
        """Return this index with the given grids changed, added or taken out.

        A grid whose code is known replaces that one; a new code is added; a grid without geometry
        (None or empty) is taken out. Without a column `special` known grids stay what they are, and
        new ones are ordinary. The index changes in place: whoever is asking meanwhile gets
        for each point the answer of before or of after. Errors change nothing. Other shapes for
        grids that are known are drawn into the raster, if there is one; after anything else it
        is drawn anew when that is worth it again, or by `prepare`.
        """
        with self._replacing:
            edits = edits_of(grids)
            held = self._held
            after = held.patched(edits)
            self._held = after or _Held(edited(held.grids, edits), min(held.asked, 0))
        return self

    def revised(self, grids: gpd.GeoDataFrame) -> GridIndex:
        """Return another index, with the given grids changed as by `replace`; this one stays."""
        held = self._held
        return self._of(_Held(held.grids, min(held.asked, 0))).replace(grids)

    def sparing(self) -> GridIndex:
        """Return another index of the same grids, which never draws a raster by itself.

        For a service that asks few points at a time, and whose grids change: drawing anew would
        take longer than all that is asked in between. So is what is `revised` from it.
        """
        return self._of(_Held(self._held.grids, _NEVER))

    @staticmethod
    def _of(held: _Held) -> GridIndex:
        index = GridIndex.__new__(GridIndex)
        index._held, index._replacing = held, Lock()  # noqa: SLF001 its own class
        return index

    def __getstate__(self) -> Coverage:
        """Return what is kept and sent of an index: its grids. A raster is drawn anew where due."""
        return self._held.grids

    def __setstate__(self, grids: Coverage) -> None:
        """Take the grids that were kept."""
        self._held = _Held(grids)
        self._replacing = Lock()

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
        x, y, accuracy = _together(lon, lat, accuracy_m)
        own = held.positions(x, y).ravel()
        point, grid = held.nearness.around(x.ravel(), y.ravel(), accuracy.ravel())
        other = grid != own[point]
        first = np.searchsorted(point[other], np.arange(1, x.size))
        parts = np.split(held.grids.codes[grid[other]], first)
        names = np.empty(x.size, object)
        for i in range(x.size):
            names[i] = tuple(parts[i])
        return names.reshape(x.shape) if x.ndim else names[0]


class _One(NamedTuple):
    """How one point is asked for, with as little around it as can be."""

    ask: Callable[[float, float, int], int]  # a compiled function
    address: int  # of what tells it where the raster is
    codes: list[str | None]
    kept: tuple[NDArray[np.int64], Raster]  # what lies there


@dataclass
class _Held:
    """What an index holds at one time; only exchanged for the next, but for a count of points."""

    grids: Coverage
    asked: float = 0  # a thread's count may be lost, and nothing hangs on it
    one: _One | None = None  # once the raster is drawn
    drawing: Lock = field(default_factory=Lock)

    def position(self, lon: float, lat: float) -> int:
        """Return the position of the owner of one point, while there is no raster."""
        if self.asked + _ONE >= WORTH_A_RASTER:
            return int(self.positions(lon, lat))
        self.asked += _ONE
        return tree.owner(self.boxes, lon, lat)

    def positions(self, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.int32]:
        x, y = _together(lon, lat)
        if self.worth_raster(x):
            from geo.lookup.raster import owners  # noqa: PLC0415 the compiler, loaded by now

            return owners(self.canvas.raster, x.ravel(), y.ravel()).reshape(x.shape)
        return self._by_tree(x, y)

    def named(self, lon: ArrayLike, lat: ArrayLike) -> Objects | str | None:
        """Return the code of the owner of each point; of one point the code itself."""
        x, y = _together(lon, lat)
        if self.worth_raster(x):
            from geo.lookup.raster import names  # noqa: PLC0415 the compiler, as above

            found = names(self.canvas.raster, x.ravel(), y.ravel(), self.names).reshape(x.shape)
        else:
            found = self.names[self._by_tree(x.reshape(-1), y.reshape(-1))].reshape(x.shape)
        one_or_all: Objects | str | None = found if x.ndim else found.item()
        return one_or_all

    def _by_tree(self, x: Degrees, y: Degrees) -> NDArray[np.int32]:
        found = tree.owners(self.grids, x.ravel(), y.ravel(), known_boxes=self.boxes)
        return found.reshape(x.shape)

    def worth_raster(self, asked: Degrees) -> bool:
        """Count points that are asked for, and tell whether a raster is worth it by now."""
        self.asked += asked.size if asked.ndim else _ONE
        return self.asked >= WORTH_A_RASTER or self.is_drawn

    @cached_property
    def names(self) -> Objects:
        """Codes, and None in the last place: the owner at -1."""
        return np.append(self.grids.codes, np.array([None], object))

    @cached_property
    def listed(self) -> list[str | None]:
        known: list[str | None] = self.names.tolist()
        return known

    @cached_property
    def boxes(self) -> shapely.STRtree:
        return tree.boxes(self.grids)

    @property
    def is_drawn(self) -> bool:
        return "canvas" in self.__dict__

    @cached_property
    def canvas(self) -> Canvas:
        # Seconds of a compiler's library, which few points are not worth.
        from geo.lookup.raster import draw  # noqa: PLC0415

        with self.drawing:
            if not self.is_drawn:
                canvas = draw(self.grids)
                self.one = _one(canvas, self.listed)
                self.__dict__["canvas"] = canvas
            drawn: Canvas = self.__dict__["canvas"]
            return drawn

    @cached_property
    def places(self) -> dict[str, int]:
        return {code: i for i, code in enumerate(self.grids.codes)}

    def patched(self, edits: Edits) -> _Held | None:
        """Return what is held after an edit, its raster changed in place; None if it cannot be."""
        new = edits.new
        changed = np.array([self.places.get(code, -1) for code in new.codes], np.intp)
        if not self.is_drawn or len(edits.gone) or not len(new) or (changed < 0).any():
            return None
        if edits.marked and (self.grids.special[changed] != new.special).any():
            return None
        from geo.lookup.raster import patched  # noqa: PLC0415 loaded by now

        canvas = patched(self.canvas, new.shapes, changed)
        if canvas is None:
            return None
        held = _Held(replace(self.grids, shapes=canvas.shapes), self.asked, self.one)
        kept = {name: getattr(self, name) for name in ("names", "listed", "places")}
        held.__dict__ |= kept | {"canvas": canvas}
        return held

    @cached_property
    def nearness(self) -> Nearness:
        return nearness(self.grids)


def _together(*values: ArrayLike) -> tuple[Degrees, ...]:
    """Return numbers as floats, broadcast together."""
    arrays = [_degrees(some) for some in values]
    try:
        return np.broadcast_arrays(*arrays)
    except ValueError as fault:
        shapes = ", ".join(str(some.shape) for some in arrays)
        raise UnequalArraysError(shapes=shapes) from fault


def _degrees(values: ArrayLike) -> Degrees:
    """Return numbers as floats; whatever is missing, of any library, is not a number."""
    try:
        given = np.asarray(values)
    except ValueError as fault:  # lists of unequal lengths
        raise NotCoordinatesError(found=f"{values!r:.60}") from fault
    if isinstance(values, np.ma.MaskedArray):
        given = np.where(np.ma.getmaskarray(values), np.nan, given.astype(object))
    if given.dtype.kind not in _NUMBERS:
        raise NotCoordinatesError(found=given.dtype)
    if given.dtype == object:
        given = np.where(pd.isna(given), np.nan, given)
    try:
        return given.astype(np.float64, copy=False)
    except (TypeError, ValueError, OverflowError) as fault:  # of words, objects, endless digits
        raise NotCoordinatesError(found=f"{given.ravel()[:5].tolist()!r:.60}") from fault


def _one(canvas: Canvas, codes: list[str | None]) -> _One:
    from geo.lookup.jit import entry_of  # noqa: PLC0415 the compiler, as above
    from geo.lookup.search import addresses, position_at  # noqa: PLC0415 as above

    told = addresses(canvas.raster)
    address = told.ctypes.data
    ask = entry_of(position_at, 0.0, 0.0, address)
    return _One(ask, address, codes, (told, canvas.raster))
