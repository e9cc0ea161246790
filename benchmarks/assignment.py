"""Where a batch of issues lies, and the nearest lane: ours beside geopandas, in one run.

    python benchmarks/assignment.py [--size small|medium|city] [--repeat 10]

The peer is what one writes with geopandas alone: `sjoin` to the grids (special ones first, lowest
code on ties), parents by code, then `sjoin_nearest` to the lanes of each subdistrict in metres
(lowest code on ties). Indexes are built inside the time of both, which is the processor's, so that
what else the machine does counts little. Trust the ratios, not the absolutes; the last lines say
how many answers differ: of two lanes within a millimetre of each other ours takes the lower code,
the peer the nearer one.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from time import process_time

import geopandas as gpd
import pandas as pd
import shapely

from geo.assign import Territory
from geo.city import City, build
from geo.crs import metric_crs
from geo.lookup import GridIndex

NAMES = ["grid", "community", "subdistrict", "lane"]


def ours(city: City, points: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return where each point lies, by `geo.assign`."""
    territory = Territory(
        grids=city.layer("grid"),
        communities=city.layer("admin", "community"),
        subdistricts=city.layer("admin", "subdistrict"),
        lanes=city.layer("lane"),
        duties=city.duties,
    )
    at = points.geometry
    return territory.areas_of(shapely.get_x(at.to_numpy()), shapely.get_y(at.to_numpy()))


def by_geopandas(city: City, points: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return where each point lies, by sjoin and sjoin_nearest."""
    known = points[["geometry"]].dropna()
    found = pd.DataFrame(index=points.index, columns=NAMES, dtype="object")
    found["grid"] = _covering(known, city.layer("grid"))
    found["community"] = found["grid"].map(_parents(city.layer("grid")))
    for below, name in (("grid", "community"), ("community", "subdistrict")):
        if name == "subdistrict":
            found[name] = found[below].map(_parents(city.layer("admin", "community")))
        lost = known[found.loc[known.index, name].isna()]
        found.loc[lost.index, name] = _covering(lost, city.layer("admin", name))
    found["lane"] = _nearest(known, found["subdistrict"], city.layer("lane"))
    return found.reset_index(drop=True)


def _parents(areas: gpd.GeoDataFrame) -> pd.Series:
    return areas.set_index("code")["parent"]


def _covering(points: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> pd.Series:
    ranked = areas.assign(last=~areas["special"].astype("bool"))[["code", "last", "geometry"]]
    pairs = gpd.sjoin(points, ranked, predicate="intersects").sort_values(["last", "code"])
    return pairs["code"].groupby(level=0).first()


def _nearest(
    points: gpd.GeoDataFrame, subdistricts: pd.Series, lanes: gpd.GeoDataFrame
) -> pd.Series:
    west, south, east, north = lanes.total_bounds
    metres = metric_crs((west + east) / 2, (south + north) / 2)
    here, lines = points.to_crs(metres), lanes.to_crs(metres)[["code", "parent", "geometry"]]
    parts = []
    for name, rows in here.groupby(subdistricts.loc[here.index]):
        beside = gpd.sjoin_nearest(rows, lines[lines["parent"] == name])
        parts.append(beside.sort_values("code")["code"].groupby(level=0).first())
    return pd.concat(parts)


def loaded(city: City) -> pd.DataFrame:
    """Return the answer for one point of an index whose raster is drawn: loads the kernels."""
    few = GridIndex(city.layer("grid").set_index("code").head(9)).prepare()
    return pd.DataFrame({"grid": few.locate([117.0], [36.65])})


def timed(what: str, work: Callable[[], pd.DataFrame]) -> tuple[pd.DataFrame, float]:
    """Print how much of the processor the work takes; return what it found, and its seconds."""
    started = process_time()
    found = work()
    seconds = process_time() - started
    print(f"{what:<34}{seconds:9.2f} s of the processor")
    return found, seconds


def main() -> None:
    """Run both on the same city's issues and print the table."""
    options = argparse.ArgumentParser()
    options.add_argument("--size", choices=["small", "medium", "city"], default="medium")
    options.add_argument("--repeat", type=int, default=10, help="each issue so many times")
    asked = options.parse_args()
    city = build(asked.size, 7)
    points = pd.concat([city.issues[["geometry"]]] * asked.repeat, ignore_index=True)
    print(f"{len(city.layer('grid'))} grids, {len(city.layer('lane'))} lanes, {len(points)} points")
    timed("load the compiled kernels, once", lambda: loaded(city))
    mine, short = timed("geo.assign", lambda: ours(city, points))
    theirs, long = timed("geopandas sjoin + sjoin_nearest", lambda: by_geopandas(city, points))
    print(f"ratio {long / short:.1f}")
    for name in NAMES:
        differ = mine[name].astype("str").fillna("") != theirs[name].astype("str").fillna("")
        print(f"{name:<34}{int(differ.sum()):9} differ")


if __name__ == "__main__":
    main()
