"""Issues of the last ninety days: where and when people complain, and how they put it."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.city.areas import Town
from geo.city.catalogue import LEAVES, leaf_codes
from geo.city.land import ESTATES, NUMBER
from geo.city.noise import Ints, Reals, stream
from geo.city.places import parcel_addresses
from geo.crs import WGS84
from geo.frames import ISSUES, conform

# When the city is seen, unless said otherwise: the same seed gives the same bytes. Jinan's time.
TODAY: Final = pd.Timestamp("2026-11-20 18:00", tz="Asia/Shanghai")
_DAYS = 90
# Heating begins on 15 November; complaints come in the days around it.
_HEATING_DAYS = 14

_SOURCES: Final = ("hotline", "wechat", "patrol", "web", "visit")
_SOURCE_SHARES: Final = (0.60, 0.21, 0.13, 0.04, 0.02)
_PREFIX: Final = {"hotline": "JN", "wechat": "WX", "patrol": "XC", "web": "WZ", "visit": "ZF"}
_NO_POSITION: Final = {"hotline": 0.09, "wechat": 0.01, "patrol": 0.0, "web": 0.10, "visit": 0.0}
_HOT_SHARE = 0.42
_HOT_PARCELS = 0.04
_METRES_A_DEGREE = 111_320.0

# Weight of each hour of the day, by when a service is asked for.
_HOURS: Final = {
    "day": (1, 1, 1, 1, 1, 2, 4, 8, 14, 18, 18, 14, 10, 12, 16, 17, 16, 12, 8, 6, 5, 4, 3, 2),
    "evening": (2, 1, 1, 1, 1, 1, 2, 3, 3, 4, 4, 4, 5, 4, 4, 5, 7, 10, 16, 20, 18, 12, 7, 4),
    "night": (14, 10, 7, 5, 4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 4, 7, 12, 18, 22, 20),
    "rush": (1, 1, 1, 1, 1, 2, 8, 20, 16, 8, 5, 5, 6, 5, 5, 8, 14, 18, 14, 8, 5, 4, 2, 1),
    "any": (3, 2, 2, 2, 2, 3, 6, 9, 11, 11, 10, 10, 9, 8, 8, 8, 9, 10, 11, 11, 10, 8, 6, 4),
    "heating": (3, 2, 2, 2, 3, 5, 9, 10, 9, 8, 7, 7, 7, 6, 6, 6, 7, 10, 13, 14, 12, 9, 6, 4),
}


def issues(town: Town, seen_on: pd.Timestamp = TODAY) -> gpd.GeoDataFrame:
    """Return issues by the contract of issues, oldest first; some have no position.

    They are those of the ninety days before `seen_on`, a full hour.
    """
    rng = stream(town.seed, "issues")
    count = town.site.size.issues
    leaf = _asked(town, count, rng)
    at = _times(leaf, rng, seen_on)
    order = np.argsort(at, kind="stable")
    leaf, at = leaf[order], at[order]
    building = _where(town, leaf, rng)
    source = rng.choice(len(_SOURCES), count, p=_SOURCE_SHARES)
    point, accuracy = _points(town, building, source, rng)
    reported = seen_on - pd.to_timedelta(_DAYS, "D") + pd.to_timedelta(at, "s")
    place, address = _spoken(town, building)
    frame = pd.DataFrame(
        {
            "source": np.array(_SOURCES, object)[source],
            "reference": _references(source, reported),
            "service": np.array(leaf_codes(), object)[leaf],
            "text": _texts(leaf, place, rng),
            "address": address,
            "reported_at": reported,
            "due_at": pd.Series(reported + pd.to_timedelta(7, "D")).where(source == 0),
            "accuracy_m": accuracy,
        }
    )
    return conform(gpd.GeoDataFrame(frame, geometry=point, crs=WGS84), ISSUES)


def _asked(town: Town, count: int, rng: np.random.Generator) -> Ints:
    """Return the service (row of LEAVES) of every issue; none where there is no such place."""
    present = {name: bool(len(_buildings_of(town, name))) for name in {x.where for x in LEAVES}}
    weight = np.array([leaf.weight * present[leaf.where] for leaf in LEAVES])
    village = np.array([leaf.where == "village" for leaf in LEAVES])
    share = town.parcel_households[town.land.use == NUMBER["village"]].sum()
    share = share / max(int(town.parcel_households.sum()), 1)
    # Villages ask for less than towns do, but what they ask is of their own kind.
    weight[village] *= 2.2 * share
    return rng.choice(len(LEAVES), count, p=weight / weight.sum())


def _times(leaf: Ints, rng: np.random.Generator, seen_on: pd.Timestamp) -> Ints:
    """Return seconds since the first of the ninety days, by season, weekday and hour."""
    start = (seen_on - pd.to_timedelta(_DAYS, "D")).normalize()
    days = start + pd.to_timedelta(np.arange(_DAYS + 1), "D")
    usual = np.where(days.day_of_week >= 5, 0.62, 1.0) * np.linspace(0.9, 1.1, len(days))  # noqa: PLR2004
    heating = usual * np.exp(-np.abs(np.arange(len(days)) - (_DAYS - 3)) / (_HEATING_DAYS / 3))
    when = np.array([x.when for x in LEAVES])[leaf]
    second = np.zeros(len(leaf), np.int64)
    for name, hours in _HOURS.items():
        own = np.flatnonzero(when == name)
        chance = heating if name == "heating" else usual
        day = rng.choice(len(days), len(own), p=chance / chance.sum())
        hour = rng.choice(24, len(own), p=np.array(hours) / sum(hours))
        second[own] = day * 86_400 + hour * 3_600 + rng.integers(0, 3_600, len(own))
    # What would lie outside the ninety days is told a day later or sooner, at its hour.
    found: Ints = second - seen_on.hour * 3_600
    found = np.where(found < 0, found + 86_400, found)
    return np.where(found > _DAYS * 86_400, found - 86_400, found)


def _buildings_of(town: Town, where: str) -> Ints:
    """Return the buildings a kind of place means."""
    built = town.buildings
    if where == "estate":
        return np.flatnonzero(np.isin(built.use, [NUMBER[name] for name in ESTATES]))
    if where == "lane":
        street = town.streets.parcel_street[built.parcel] >= 0
        urban = town.site.needs["urban"].to_numpy()[town.site.community[built.parcel]]
        return np.flatnonzero(street & urban)
    return np.flatnonzero(built.use == NUMBER[where])


def _where(town: Town, leaf: Ints, rng: np.random.Generator) -> Ints:
    """Return the building every issue is near: some parcels are hot spots of a service."""
    found = np.zeros(len(leaf), np.int64)
    pools = {name: _buildings_of(town, name) for name in sorted({x.where for x in LEAVES})}
    for number, kind in enumerate(LEAVES):
        own, pool = np.flatnonzero(leaf == number), pools[kind.where]
        if not len(own):
            continue
        parcels = np.unique(town.buildings.parcel[pool])
        hot = rng.choice(parcels, max(1, int(len(parcels) * _HOT_PARCELS)), replace=False)
        near = pool[np.isin(town.buildings.parcel[pool], hot)]
        anywhere = pool[rng.integers(0, len(pool), len(own))]
        spot = near[
            np.minimum((len(near) * rng.random(len(own)) ** 2).astype(np.int64), len(near) - 1)
        ]
        found[own] = np.where(rng.random(len(own)) < _HOT_SHARE, spot, anywhere)
    return found


def _points(
    town: Town, building: Ints, source: Ints, rng: np.random.Generator
) -> tuple[NDArray[np.object_], Reals]:
    """Return points and their accuracy in metres: phones stray, typed addresses do not say."""
    lon, lat = town.site.lattice.at(town.buildings.u[building], town.buildings.v[building])
    phone = np.isin(source, [_SOURCES.index("wechat"), _SOURCES.index("patrol")])
    accuracy = np.where(phone, np.round(rng.lognormal(2.5, 0.6, len(source)), 1), np.nan)
    stray = np.where(phone, np.minimum(accuracy, 60.0) / 2.0, 9.0)
    east, north = rng.normal(0.0, 1.0, (2, len(source))) * stray / _METRES_A_DEGREE
    lon, lat = np.round(lon + east / np.cos(np.radians(lat)), 7), np.round(lat + north, 7)
    missing = rng.random(len(source)) < np.array([_NO_POSITION[name] for name in _SOURCES])[source]
    points = shapely.points(lon, lat)
    points[missing] = None
    return points, np.where(missing, np.nan, accuracy)


def _references(source: Ints, reported: pd.DatetimeIndex) -> list[str]:
    """Return each source's own running numbers: letters, the day, a number of the day."""
    day = pd.Series(reported.strftime("%Y%m%d"))
    number = day.groupby([day, pd.Series(source)]).cumcount() + 1
    prefix = pd.Series(np.array([_PREFIX[name] for name in _SOURCES], object)[source], dtype="str")
    return list(prefix + day.astype("str") + number.astype("str").str.zfill(6))


def _spoken(town: Town, building: Ints) -> tuple[list[str], list[str]]:
    """Return how people call the place, and the address as it is written down."""
    parcel = town.buildings.parcel[building]
    whole = np.array(parcel_addresses(town), object)[parcel]
    estate = np.append(town.estate_name, "")[town.estate[parcel]]
    community = np.array([town.names[code] for code in town.communities], object)
    short = np.where(estate != "", estate, town.door[parcel])
    short = np.where(short == "", community[town.site.community[parcel]], short)
    return list(short), list(whole)


def _texts(leaf: Ints, place: list[str], rng: np.random.Generator) -> list[str]:
    """Return what people say: a template of the service with place and number put in."""
    pick, number = rng.random(len(leaf)), rng.integers(2, 10, len(leaf)).astype(str)
    return [
        (texts := LEAVES[k].texts)[int(p * len(texts))].replace("{p}", where).replace("{n}", n)
        for k, p, where, n in zip(leaf, pick, place, number, strict=True)
    ]
