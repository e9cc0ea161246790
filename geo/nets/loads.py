"""Households of atoms: counted from places, a net's own figures spread by area, or hectares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import geopandas as gpd
import numpy as np
import shapely

from geo.atoms.coverage import check_points, owners
from geo.atoms.edges import Geometries
from geo.errors import BadFrameError, BadOptionError, NoHouseholdsError
from geo.nets.inputs import Given, Net, Texts
from geo.nets.overlay import Overlay
from geo.redraw.columns import demand_kind, weights
from geo.redraw.state import Ints, Reals

Source: TypeAlias = Literal["places", "net", "ground"]

GROUND: Final = "ground"  # the weight that stands for hectares, where nobody knows households
_HECTARE: Final = 10_000.0
_M2: Final = 4  # places of a hectare

_REACH_M: Final = 1.0  # a place so near the ground belongs to it: rounding of another system


@dataclass(frozen=True, eq=False)
class Loads:
    """Households by atom, and where they come from.

    `outside` are households that lie in no atom; `net` is the net whose figures were spread.
    """

    households: Reals
    source: Source
    net: str
    outside: float
    places: Places | None = None


@dataclass(frozen=True, eq=False)
class Places:
    """Places in the ground: position (metres), households, estate (empty: none), atom.

    Numbers, not points: a million points as objects take 200 MB.
    """

    x: Reals
    y: Reals
    households: Reals
    estate: Texts
    atom: Ints


def loads_of(
    whole: Given,
    overlay: Overlay,
    places: gpd.GeoDataFrame | None,
    columns: tuple[str, str | None],
) -> Loads:
    """Return the households of each atom.

    Parameters
    ----------
    places
        Points in the plane of the nets; None: the figures of the nets themselves are used.
    columns
        The column of households (`GROUND`: hectares take their place), and of estates (None: there
        are none).

    Raises
    ------
    BadOptionError
        When hectares are asked for and places given, or estates and no places.
    BadFrameError, WrongColumnError, BadPointsError, BadWeightError
        When places lack the column, a position or a number, or a column is of another kind.
    NoHouseholdsError
        When nothing says how many households there are.
    """
    demand_places(columns[1], given=places is not None)
    if columns[0] == GROUND:
        if places is not None:
            expected = "没有楼栋时才用 only without places"
            raise BadOptionError(option="--weight", found=GROUND, expected=expected)
        return Loads((overlay.area / _HECTARE).round(_M2), "ground", "", 0.0)
    if places is not None:
        return _counted(overlay, places, columns)
    said = {
        name: np.nan_to_num(net.households)
        for name, net in zip(whole.names, whole.nets, strict=True)
        if net.households is not None and np.nansum(net.households) > 0
    }
    if not said:
        raise NoHouseholdsError(column=columns[0], nets="、".join(whole.names))
    finest = max(said, key=lambda name: len(said[name]))
    return _spread(whole, overlay, finest, said[finest])


def demand_places(groups: str | None, *, given: bool) -> None:
    """Raise where a column of estates is named and no places are given that could have it.

    Raises
    ------
    BadOptionError
    """
    if groups is not None and not given:
        expected = "配合楼栋（--places）使用 with places (--places)"
        raise BadOptionError(option="--groups", found=groups, expected=expected)


def _counted(overlay: Overlay, places: gpd.GeoDataFrame, columns: tuple[str, str | None]) -> Loads:
    absent = [name for name in columns if name is not None and name not in places]
    if absent:
        raise BadFrameError(contract="places", columns=", ".join(absent))
    for use, name in zip(("weight", "groups"), columns, strict=True):
        if name is not None:
            demand_kind(places[name], use)
    points = np.asarray(places.geometry.to_numpy(), dtype=object)
    check_points(points)
    count = weights(places[columns[0]], columns[0])
    atom = atom_of_points(overlay.polygons, points)
    inside = atom >= 0
    estate = _texts(places, columns[1])
    x, y = shapely.get_coordinates(points[inside]).T
    kept = Places(x, y, count[inside], estate[inside], atom[inside])
    total = np.bincount(kept.atom, kept.households, len(overlay.polygons))
    return Loads(total.astype(np.float64), "places", "", float(count[~inside].sum()), kept)


def atom_of_points(polygons: Geometries, points: Geometries, reach: float = _REACH_M) -> Ints:
    """Return the first atom that covers each point, or the nearest in reach (m); -1: none."""
    atom = owners(polygons, points)
    lost = np.flatnonzero(atom < 0)
    if len(lost):
        near, nearest = shapely.STRtree(polygons).query_nearest(
            points[lost], max_distance=reach, all_matches=False
        )
        atom[lost[near]] = nearest
    return atom


def _texts(places: gpd.GeoDataFrame, column: str | None) -> Texts:
    if column is None:
        return np.full(len(places), "", dtype=object)
    texts = places[column].astype("object").where(places[column].notna(), "")
    return np.asarray(texts.astype("str").str.strip(), dtype=object)


def _spread(whole: Given, overlay: Overlay, name: str, said: Reals) -> Loads:
    """Return what a net says of its units spread over its atoms by area; whole numbers stay so."""
    net = whole.names.index(name)
    unit = overlay.units[:, net]
    atoms = np.flatnonzero(unit >= 0)
    area = overlay.area[atoms]
    ground = np.bincount(unit[atoms], area, len(said))
    share = said[unit[atoms]] * area / ground[unit[atoms]]
    households = np.zeros(len(unit))
    households[atoms] = _rounded(share, unit[atoms]) if (said % 1 == 0).all() else share
    swallowed, taker = swallowed_units(whole.nets[net], overlay, net)
    np.add.at(households, taker, said[swallowed])
    outside = np.setdiff1d(np.flatnonzero(ground == 0), swallowed)
    return Loads(households, "net", name, float(said[outside].sum()))


def swallowed_units(net: Net, overlay: Overlay, number: int) -> tuple[Ints, Ints]:
    """Return the units of a net that have no atom though they lie in one, and which one.

    They are narrower than the tolerance, or lie wholly in units of their net with a lower code.
    At the outer border, which may have moved by the tolerance, they lie within it of one.
    """
    none = np.setdiff1d(np.arange(len(net.codes)), overlay.units[:, number])
    middle = shapely.point_on_surface(net.polygons[none])
    atom = atom_of_points(overlay.polygons, middle, max(overlay.tolerance, _REACH_M))
    return none[atom >= 0], atom[atom >= 0]


def _rounded(share: Reals, unit: Ints) -> Reals:
    """Return whole numbers with the same total in each unit: the largest remainders go up."""
    low = np.floor(share)
    left = share - low
    order = np.lexsort((-left.round(9), unit))
    total = np.bincount(unit, share)
    more = np.rint(total - np.bincount(unit, low)).astype(np.int64)
    place = np.empty(len(unit), np.int64)
    first = np.searchsorted(unit[order], np.arange(len(total)))
    place[order] = np.arange(len(unit)) - first[unit[order]]
    return np.asarray(low + (place < more[unit]), np.float64)
