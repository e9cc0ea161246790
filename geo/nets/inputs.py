"""The nets as they come, checked, and all in one plane of metres: units by code, once each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from geo.atoms.coverage import check_polygons
from geo.atoms.edges import Geometries
from geo.crs import WGS84, metric_crs
from geo.errors import (
    BadFrameError,
    BadOptionError,
    BadPolygonsError,
    EmptyNetError,
    NetPolygonsError,
    NetsApartError,
    NetSystemError,
    OneNetError,
)
from geo.redraw.inputs import weights
from geo.redraw.state import Reals

Texts = NDArray[np.object_]

# Columns of what comes out: no net can be called so.
RESERVED: Final = (
    "atom", "within", "rule", "estate", "households", "previous", "grid", "geometry", "geom", "fid",
    "places",
)  # fmt: skip
_URBAN: Final = "urban"
_COMMON_M2: Final = 1.0  # nets that share less ground than this lie apart


@dataclass(frozen=True, eq=False)
class Net:
    """One department's units, in the order in which they own ground: inner ones first, by code.

    `households` where it says them (NaN: not said).
    """

    name: str
    codes: Texts
    titles: Texts
    polygons: Geometries
    households: Reals | None


@dataclass(frozen=True, eq=False)
class Towns:
    """The communities that no new grid may cross: codes, polygons, rule of each; or none known."""

    codes: Texts
    polygons: Geometries
    rules: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Given:
    """All that is put together, in the plane `crs` (metres); `shown` is the system to answer in."""

    nets: tuple[Net, ...]
    towns: Towns
    crs: CRS | None
    shown: CRS | None

    @property
    def names(self) -> list[str]:
        """The names of the nets, in order."""
        return [net.name for net in self.nets]


def given(
    nets: Mapping[str, gpd.GeoDataFrame], within: gpd.GeoDataFrame | str | None, weight: str
) -> Given:
    """Return the nets and the communities in one plane.

    Raises
    ------
    OneNetError, EmptyNetError, NetPolygonsError, NetSystemError, NetsApartError
        When a net cannot be used: which, where and what to do.
    """
    check_names(list(nets))
    for name, frame in nets.items():
        if not len(frame):
            raise EmptyNetError(net=name)
    shown = _shown(nets)
    plane = _plane(next(iter(nets.values())), shown)
    read = tuple(_net(name, frame, plane, weight) for name, frame in nets.items())
    towns = _towns(read[0], next(iter(nets.values())), within, plane)
    _refuse_apart(read, towns)
    return Given(read, towns, plane, shown)


def moved(what: str, frame: gpd.GeoDataFrame, whole: Given) -> gpd.GeoDataFrame:
    """Return a frame in the plane of the nets; `what` names it where it has no system.

    Raises
    ------
    NetSystemError
        When the nets name their coordinate system and the frame does not, or the other way.
    """
    return _moved(what, frame, whole.crs)


def check_names(names: list[str]) -> None:
    """Raise where there are fewer than two nets, or names that no column can have.

    Raises
    ------
    OneNetError, BadOptionError
        Which name, and what it cannot be.
    """
    if len(names) < 2:  # noqa: PLR2004 one net is nothing to merge
        raise OneNetError(net=names[0] if names else "–")
    folded = [name.casefold() for name in names]
    taken = [n for n, low in zip(names, folded, strict=True) if low in RESERVED or not low.strip()]
    twice = [n for n, low in zip(names, folded, strict=True) if folded.count(low) > 1]
    if taken or twice:
        expected = f"两个不同的名称 names that differ, none of {', '.join(RESERVED)}"
        raise BadOptionError(option="--net", found=(taken or twice)[0], expected=expected)


def _shown(nets: Mapping[str, gpd.GeoDataFrame]) -> CRS | None:
    systems = {name: frame.crs for name, frame in nets.items()}
    if all(crs is None for crs in systems.values()):
        return None
    for name, crs in systems.items():
        if crs is None:
            raise NetSystemError(net=name)
    return CRS(next(iter(systems.values())))


def _plane(first: gpd.GeoDataFrame, shown: CRS | None) -> CRS | None:
    """Return the system to measure in: the first net's own where it is one of metres."""
    if shown is None:
        return None
    if shown.is_projected and shown.axis_info[0].unit_conversion_factor == 1.0:
        return shown
    west, south, east, north = first.to_crs(WGS84).total_bounds.tolist()
    return CRS(metric_crs((west + east) / 2, (south + north) / 2))


def _moved(what: str, frame: gpd.GeoDataFrame, plane: CRS | None) -> gpd.GeoDataFrame:
    if (frame.crs is None) != (plane is None):
        raise NetSystemError(net=what)
    return frame if plane is None or frame.crs == plane else frame.to_crs(plane)


def _net(name: str, frame: gpd.GeoDataFrame, plane: CRS | None, weight: str) -> Net:
    _check(name, np.asarray(frame.geometry.to_numpy(), dtype=object))
    shapes = _sound(_moved(name, frame, plane).geometry.to_numpy())
    codes = _codes(frame)
    order, first, unit = np.unique(codes, return_index=True, return_inverse=True)
    titles = _column(frame, "name")[first]
    households = None
    if weight in frame:
        said = frame[weight]
        numbers = weights(said.fillna(0), f"{name}.{weight}")
        totals = np.bincount(unit, numbers, len(order)).astype(np.float64)
        known = np.bincount(unit, said.notna().to_numpy(np.float64), len(order)) > 0
        households = np.where(known, totals, np.nan)
    polygons = _united(shapes, unit, len(order))
    rank = _inner_first(polygons)
    told = households if households is None else households[rank]
    return Net(name, order[rank], titles[rank], polygons[rank], told)


def _inner_first(polygons: Geometries) -> NDArray[np.int64]:
    """Return the order in which units own ground: those inside others first, else as they are.

    So a layer that holds two levels gives its ground to the finer one.
    """
    outer, inner = shapely.STRtree(polygons).query(polygons, predicate="covers")
    larger = shapely.area(polygons)[outer] > shapely.area(polygons)[inner]
    depth = np.bincount(inner[larger], minlength=len(polygons))
    return np.argsort(-depth, kind="stable")


def _sound(shapes: Geometries) -> Geometries:
    """Return polygons in the plane, valid: hair-thin parts can cross once they are projected."""
    flat = np.asarray(shapely.force_2d(shapes), dtype=object)
    crossed = ~shapely.is_valid(flat)
    flat[crossed] = shapely.make_valid(flat[crossed], method="structure", keep_collapsed=False)
    return flat


def _check(name: str, shapes: Geometries) -> None:
    try:
        check_polygons(shapes)
    except BadPolygonsError as error:
        raise NetPolygonsError(net=name, **error.values) from error


def _codes(frame: gpd.GeoDataFrame) -> Texts:
    """Return the code of each row, its number from 1 where it has none."""
    codes = _column(frame, "code")
    rows = np.asarray([str(row + 1) for row in range(len(frame))], dtype=object)
    return np.where(codes == "", rows, codes)


def _column(frame: gpd.GeoDataFrame, column: str) -> Texts:
    """Return a column as texts, whole numbers without a decimal point; empty where missing."""
    if column not in frame:
        return np.full(len(frame), "", dtype=object)
    series = frame[column]
    if pd.api.types.is_float_dtype(series) and (series.dropna() % 1 == 0).all():
        series = series.astype("Int64")
    texts = series.astype("object").where(series.notna(), "").astype("str").str.strip()
    return np.asarray(texts, dtype=object)


def _united(shapes: Geometries, unit: NDArray[np.int64], count: int) -> Geometries:
    """Return one geometry a unit: rows of one code are one unit."""
    if count == len(shapes):
        return shapes[np.argsort(unit)]
    parts = [shapes[unit == number] for number in range(count)]
    return np.asarray([p[0] if len(p) == 1 else shapely.union_all(p) for p in parts], dtype=object)


def _towns(
    net: Net, first: gpd.GeoDataFrame, within: gpd.GeoDataFrame | str | None, plane: CRS | None
) -> Towns:
    """Return the communities: of a frame, of a column of the first net, or none."""
    if within is None:
        return Towns(np.asarray([""], dtype=object), np.empty(0, dtype=object), (_URBAN,))
    if isinstance(within, str):
        return _towns_of_column(net, first, within)
    if not len(within):
        raise EmptyNetError(net="--within")
    borders = _net("--within", within, plane, "")
    by_code = dict(zip(_codes(within), _column(within, "rule"), strict=True))
    rules = tuple(str(by_code[code] or _URBAN) for code in borders.codes)
    return Towns(borders.codes, borders.polygons, rules)


def _towns_of_column(net: Net, first: gpd.GeoDataFrame, column: str) -> Towns:
    if column not in first:
        raise BadFrameError(contract=net.name, columns=column)
    home = dict(zip(_codes(first), _column(first, column), strict=True))
    homes = np.asarray([home[code] for code in net.codes], dtype=object)
    codes, number = np.unique(homes, return_inverse=True)
    polygons = _united(net.polygons, number, len(codes))
    return Towns(codes, polygons, (_URBAN,) * len(codes))


def _refuse_apart(nets: tuple[Net, ...], towns: Towns) -> None:
    """Raise where a net shares no ground with any other, or none with the communities."""
    whole = [shapely.union_all(net.polygons) for net in nets]
    shapely.prepare(whole)
    for number, net in enumerate(nets):
        others = [shape for place, shape in enumerate(whole) if place != number]
        if not any(_share(whole[number], other) for other in others):
            names = "、".join(other.name for other in nets if other is not net)
            raise NetsApartError(net=net.name, other=names)
        if len(towns.polygons) and not _share(whole[number], shapely.union_all(towns.polygons)):
            raise NetsApartError(net=net.name, other="--within")


def _share(one: shapely.Geometry, other: shapely.Geometry) -> bool:
    if not shapely.intersects(one, other):
        return False
    return bool(shapely.area(shapely.intersection(one, other)) > _COMMON_M2)
