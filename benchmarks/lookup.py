"""Which grid owns a point: ours beside geopandas.sjoin, SedonaDB, shapely's tree and rtree.

    python -m benchmarks.lookup [--points 10000000] [--side 138] [--part 2000000]

Trust the ratios, not the absolutes; those of the processor hold on a busy machine too. sjoin and
rtree are asked for a part of the points and their time is counted up, where there are more than
that. Answers are compared with sjoin's (smallest code on ties) on random points, every 15th grid's
vertices, edge midpoints and their neighbours by 1e-12. SedonaDB comes with `--group bench`; without
it its line is left out. Memory is what the peak of the process grew by.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter, perf_counter_ns, process_time, thread_time
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import rtree
import shapely

from geo.lookup import GridIndex

WEST, SOUTH, EAST, NORTH = 116.8, 36.4, 117.3, 36.9
POINTS_AN_EDGE = 11
SINGLES = 5_000
PASSES = 25


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


def by_sedona(grids: gpd.GeoDataFrame, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the smallest code of the grids that intersect each point, by SedonaDB."""
    import sedonadb  # noqa: PLC0415 only where it is installed

    session = sedonadb.connect()
    session.create_data_frame(grids.rename_axis("code").reset_index()).to_view("grids")
    points = pa.table({"id": np.arange(len(x)), "x": x, "y": y})
    session.create_data_frame(points).to_view("points")
    asked = session.sql(
        "select p.id, min(g.code) as code from points p join grids g on"
        " ST_Intersects(g.geometry, ST_SetSRID(ST_Point(p.x, p.y), 4326)) group by p.id"
    )
    found = pa.table(asked).to_pandas()
    owners = np.full(len(x), None, object)
    owners[found["id"]] = found["code"]
    return owners


class Spent(NamedTuple):
    """Seconds on the clock and of the processor, and megabytes the peak grew by."""

    clock: float
    cpu: float
    extra: float


def measured(work: Callable[[], object], times: float = 1.0) -> Spent:
    """Return what the work takes; `times` as much where it was a part of the whole."""
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    before, clock, cpu = _memory("VmRSS"), perf_counter(), process_time()
    work()
    spent = perf_counter() - clock, process_time() - cpu
    return Spent(times * spent[0], times * spent[1], _memory("VmHWM") - before)


def _memory(name: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1000 for line in lines if line.startswith(name))


def tell(what: str, spent: Spent, base: Spent | None = None) -> Spent:
    """Print what was spent, beside another where given, and return it."""
    ratio = ""
    if base is not None:
        ratio = (
            f"  {base.clock / spent.clock:7.1f} x sjoin ({base.cpu / spent.cpu:.1f} x by processor)"
        )
    print(f"{what:<32}{spent.clock:8.2f} s{spent.cpu:8.2f} s cpu{spent.extra:8.0f} MB{ratio}")
    return spent


def singles_of(grids: gpd.GeoDataFrame, index: GridIndex, at: np.ndarray) -> None:
    """Print how long a question of one point takes, beside a tree: each by itself, and in turns.

    Of each the best pass counts: what else the machine does is no property of an index. In turns
    each finds the processor's memory full of what the other looked at. A call that does nothing, in
    turns with the tree as well, tells what of it is the call, the clock and the machine.
    """
    tree = shapely.STRtree(grids.geometry.to_numpy())
    asked = (
        lambda x, y: tree.query(shapely.Point(x, y), "covered_by"),
        index.locate,
        lambda _x, _y: None,
    )
    alone = [np.min([singles(ask, at) for _ in range(PASSES)], axis=0) for ask in asked]
    turns = np.min([[singles(ask, at) for ask in asked] for _ in range(PASSES)], axis=0)
    for how, (theirs, ours, empty) in (("by itself", alone), ("in turns", turns)):
        print(f"one point, {how}: tree p50 {theirs[0]:.2f} p99 {theirs[1]:.2f} us,"
              f" GridIndex p50 {ours[0]:.2f} p99 {ours[1]:.2f} us,"
              f" p99 1/{theirs[1] / ours[1]:.1f}; a call that does nothing p50 {empty[0]:.2f}"
              f" p99 {empty[1]:.2f} us")  # fmt: skip


def singles(ask: Callable[[float, float], object], at: np.ndarray) -> np.ndarray:
    """Return the 50th and the 99th percentile of what single questions take, in microseconds."""
    spent = []
    for x, y in at.tolist():
        started = perf_counter_ns()
        ask(x, y)
        spent.append(perf_counter_ns() - started)
    return np.percentile(spent, [50, 99]) / 1000


def edits(grids: gpd.GeoDataFrame, index: GridIndex, count: int = 1_000) -> None:
    """Print how long an edit of one grid takes beside a tree built anew, and what is wrong then."""
    draw, shapes, spent = np.random.default_rng(2), grids.geometry.to_numpy().copy(), []
    frame = shapely.box(WEST, SOUTH, EAST, NORTH)
    for k in draw.integers(0, len(shapes), count):
        moved = shapely.transform(shapes[k], lambda at: at + draw.normal(0, 5e-4, 2))
        shapes[k] = shapely.intersection(moved, frame)
        edit = gpd.GeoDataFrame(index=[grids.index[k]], geometry=[shapes[k]], crs=4326)
        started = thread_time()
        index.replace(edit)
        spent.append(thread_time() - started)
    built = []
    for _ in range(20):
        started = thread_time()
        shapely.STRtree(shapes).query(shapely.Point(0, 0))
        built.append(thread_time() - started)
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
    options.add_argument("--part", type=int, default=2_000_000, help="points asked of slow engines")
    asked = options.parse_args()
    grids = warped_grids(asked.side)
    at = np.random.default_rng(1).uniform((WEST, SOUTH), (EAST, NORTH), (asked.points, 2))
    x, y = np.ascontiguousarray(at[:, 0]), np.ascontiguousarray(at[:, 1])
    part = min(asked.points, asked.part)
    times = asked.points / part
    print(f"{len(grids)} grids, {asked.points} points; sjoin and rtree on {part} of them")
    few = grids[:9]
    tell("load the kernels", measured(lambda: GridIndex(few).prepare().locate(x[:9], y[:9])))
    index = GridIndex(grids)
    tell("GridIndex, made ready", measured(index.prepare))
    ours = [measured(lambda: index.locate(x, y)) for _ in range(3)]
    base = tell(
        "geopandas.sjoin intersects", measured(lambda: by_sjoin(grids, x[:part], y[:part]), times)
    )
    tell(
        "rtree + prepared covers",
        measured(lambda: by_rtree(grids, x[:part], y[:part]), times),
        base,
    )
    if find_spec("sedonadb"):
        tell("SedonaDB", measured(lambda: by_sedona(grids, x, y)), base)
    for spent in ours:
        tell("GridIndex, drawn", spent, base)
    random = pd.Series(index.locate(x[:part], y[:part])).fillna("")
    wrong = (random != pd.Series(by_sjoin(grids, x[:part], y[:part])).fillna("")).sum()
    print(f"wrong on {part} random points: {wrong}")
    singles_of(grids, index, at[:SINGLES])
    hard = telling(grids)
    found = pd.Series(index.locate(hard[:, 0], hard[:, 1]))
    known = pd.Series(by_sjoin(grids, hard[:, 0], hard[:, 1]))
    wrong = (found.fillna("") != known.fillna("")).sum()
    print(f"wrong on {len(hard)} vertices, midpoints and their neighbours: {wrong}")
    edits(grids, index)


if __name__ == "__main__":
    main()
