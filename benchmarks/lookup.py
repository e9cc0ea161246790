"""Which grid owns a point: ours beside geopandas.sjoin, shapely's tree and rtree, in one run.

    python benchmarks/lookup.py [--points 1000000] [--side 138]

Trust the ratios, not the absolutes. Answers are compared with sjoin's (smallest code on ties)
on random points, every 15th grid's vertices, edge midpoints and their neighbours by 1e-12.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from time import perf_counter, perf_counter_ns

import geopandas as gpd
import numpy as np
import pandas as pd
import rtree
import shapely

from geo.lookup import GridIndex

WEST, SOUTH, EAST, NORTH = 116.8, 36.4, 117.3, 36.9
POINTS_AN_EDGE = 11
SINGLES = 5_000


def warped_grids(side: int) -> gpd.GeoDataFrame:
    """Return side x side grids without gaps, 44 vertices each, indexed by code."""
    source = np.random.default_rng(0)
    x, y = np.meshgrid(np.linspace(WEST, EAST, side + 1), np.linspace(SOUTH, NORTH, side + 1))
    corners = np.dstack([x, y]) + source.uniform(-0.15, 0.15, (*x.shape, 2)) * (EAST - WEST) / side
    steps = np.linspace(0, 1, POINTS_AN_EDGE, endpoint=False)[:, None]

    def between(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        first, second = sorted([a, b], key=tuple)  # the same floats from both sides
        line = first + (second - first) * steps
        turned = (first + (second - first) * steps[1:])[::-1]
        return line if tuple(first) == tuple(a) else np.vstack([second[None], turned])

    shapes = []
    for row in range(side):
        for column in range(side):
            ring = [corners[row, column], corners[row, column + 1]]
            ring += [corners[row + 1, column + 1], corners[row + 1, column]]
            parts = [between(ring[i], ring[(i + 1) % 4]) for i in range(4)]
            shapes.append(shapely.Polygon(np.vstack(parts)))
    codes = [f"{i:06d}" for i in range(len(shapes))]
    return gpd.GeoDataFrame(index=codes, geometry=shapes, crs=4326)


def by_sjoin(grids: gpd.GeoDataFrame, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the smallest code of the grids that intersect each point, by geopandas."""
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y), crs=4326)
    joined = gpd.sjoin(points, grids[["geometry"]], how="left", predicate="intersects")
    codes = joined.iloc[:, -1]
    return codes.groupby(level=0).min().to_numpy(object)


def by_rtree(grids: gpd.GeoDataFrame, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the smallest code of the grids that cover each point, candidates by rtree."""
    shapes = grids.geometry.to_numpy()
    shapely.prepare(shapes)
    bounds = shapely.bounds(shapes)
    tree = rtree.index.Index((np.arange(len(shapes)), bounds[:, :2], bounds[:, 2:]))
    at = np.column_stack([x, y])
    candidates, counts = tree.intersection_v(at, at)
    point = np.repeat(np.arange(len(x)), counts.astype(np.intp))
    covered = shapely.covers(shapes[candidates], shapely.points(at)[point])
    owner = np.full(len(x), len(shapes))
    np.minimum.at(owner, point[covered], candidates[covered])
    return np.append(grids.index.to_numpy(object), [np.nan])[owner]


def telling(grids: gpd.GeoDataFrame) -> np.ndarray:
    """Return vertices, midpoints and their neighbours: where engines go wrong."""
    corners = shapely.get_coordinates(grids.geometry.to_numpy()[::15])
    middles = (corners[1:] + corners[:-1]) / 2
    both = np.vstack([corners, middles])
    return np.vstack([both, both + 1e-12, both - 1e-12])


def timed(what: str, work: Callable[[], np.ndarray], base: float | None = None) -> float:
    """Print how long the work takes, beside another where given, and return its seconds."""
    started = perf_counter()
    work()
    seconds = perf_counter() - started
    ratio = "" if base is None else f"  {base / seconds:8.2f} x sjoin"
    print(f"{what:<34}{seconds:9.2f} s{ratio}")
    return seconds


def singles(what: str, ask: Callable[[float, float], object], at: np.ndarray) -> None:
    """Print how long single questions take."""
    spent = []
    for x, y in at.tolist():
        started = perf_counter_ns()
        ask(x, y)
        spent.append(perf_counter_ns() - started)
    middle, late = np.percentile(spent, [50, 99]) / 1000
    print(f"{what:<34}p50 {middle:8.2f} us  p99 {late:8.2f} us")


def edits(grids: gpd.GeoDataFrame, index: GridIndex, count: int = 1_000) -> None:
    """Print how long an edit of one grid takes beside a tree built anew, and what is wrong then."""
    draw, shapes, spent = np.random.default_rng(2), grids.geometry.to_numpy().copy(), []
    frame = shapely.box(WEST, SOUTH, EAST, NORTH)
    for k in draw.integers(0, len(shapes), count):
        moved = shapely.transform(shapes[k], lambda at: at + draw.normal(0, 5e-4, 2))
        shapes[k] = shapely.intersection(moved, frame)
        edit = gpd.GeoDataFrame(index=[grids.index[k]], geometry=[shapes[k]], crs=4326)
        started = perf_counter()
        index.replace(edit)
        spent.append(perf_counter() - started)
    built = []
    for _ in range(20):
        started = perf_counter()
        shapely.STRtree(shapes).query(shapely.Point(0, 0))
        built.append(perf_counter() - started)
    ours, theirs = 1000 * np.median(spent), 1000 * np.median(built)
    print(f"an edit {ours:.2f} ms, a tree built anew {theirs:.2f} ms: 1/{theirs / ours:.1f}")
    at = np.vstack([shapely.get_coordinates(shapes[::7]), draw.uniform(
        (WEST, SOUTH), (EAST, NORTH), (200_000, 2))])  # fmt: skip
    anew = GridIndex(gpd.GeoDataFrame(index=grids.index, geometry=shapes, crs=4326)).prepare()
    wrong = (index.positions(*at.T) != anew.positions(*at.T)).sum()
    print(f"wrong after {count} edits, on {len(at)} points: {wrong}")


def main() -> None:
    """Run every engine on the same points and print the table."""
    options = argparse.ArgumentParser()
    options.add_argument("--points", type=int, default=1_000_000)
    options.add_argument("--side", type=int, default=138)
    asked = options.parse_args()
    grids = warped_grids(asked.side)
    at = np.random.default_rng(1).uniform((WEST, SOUTH), (EAST, NORTH), (asked.points, 2))
    x, y = np.ascontiguousarray(at[:, 0]), np.ascontiguousarray(at[:, 1])
    print(f"{len(grids)} grids, {asked.points} points")
    timed(
        "compile or load the kernels", lambda: GridIndex(grids[:9]).prepare().locate(x[:9], y[:9])
    )
    base = timed("geopandas.sjoin intersects", lambda: by_sjoin(grids, x, y))
    timed("rtree + prepared covers", lambda: by_rtree(grids, x, y), base)
    timed("GridIndex, first question", lambda: GridIndex(grids).prepare().locate(x, y), base)
    index = GridIndex(grids).prepare()
    for _ in range(3):
        timed("GridIndex, drawn", lambda: index.locate(x, y), base)
    tree = shapely.STRtree(grids.geometry.to_numpy())
    singles(
        "one point, STRtree",
        lambda a, b: tree.query(shapely.Point(a, b), "covered_by"),
        at[:SINGLES],
    )
    singles("one point, GridIndex", index.locate, at[:SINGLES])
    hard = telling(grids)
    ours = pd.Series(index.locate(hard[:, 0], hard[:, 1]))
    theirs = pd.Series(by_sjoin(grids, hard[:, 0], hard[:, 1]))
    wrong = (ours.fillna("") != theirs.fillna("")).sum()
    print(f"wrong on {len(hard)} vertices, midpoints and their neighbours: {wrong}")
    edits(grids, index)


if __name__ == "__main__":
    main()
