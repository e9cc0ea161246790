"""Borders along roads: what the aim gains and costs, on a generated city whose roads are known.

    .venv/bin/python -m benchmarks.redraw_barriers --size medium --seeds 1 2

The first table draws the city without a price on borders off roads (`free`: they are measured only)
and with it; the second says what reading the roads of a whole city adds to the preparation.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from dataclasses import replace

import geopandas as gpd
import numpy as np
import shapely

from benchmarks.redraw_city import METRES_A_GRID
from benchmarks.redraw_city import city as cells
from geo.atoms import make_atoms
from geo.city import build
from geo.redraw import Quality, Redrawn, redraw, warm
from geo.redraw.barriers import read_barriers
from geo.redraw.inputs import Columns, read_atoms
from geo.rules import Rules, barrier_rules, load_rules

QUALITIES: tuple[Quality, ...] = ("draft", "fast", "best")
STREET_M = 300.0  # between the streets of the whole city, which bend every 60 m
BEND_M = 60.0


def made_city(size: str) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return atoms and roads, rails and water of a generated city, in metres."""
    print(f"  … a {size} city", file=sys.stderr, flush=True)
    found = build(size, 1)
    areas, places = found.areas.to_crs(4548), found.places.to_crs(4548)
    kind = areas["kind"].astype("str")
    lines = areas.loc[kind.isin(["road", "rail", "water"])]
    special = areas["special"].astype("bool")
    atoms = make_atoms(
        areas.loc[kind == "community"],
        places.loc[places["kind"].astype("str") == "building"],
        estates=areas.loc[kind == "estate"],
        barriers=lines,
        specials=areas.loc[(kind == "grid") & special],
    )
    return atoms, lines


def row(name: str, drawn: list[Redrawn]) -> None:
    """Print medians of some plans."""
    figures = []
    for each in drawn:
        grids = each.grids.loc[~each.grids["special"]]
        good = each.report.communities["in_band"].sum()
        share, form = each.report.borders_on_barriers or 0.0, grids["compactness"].mean()
        seconds = each.report.seconds
        figures.append((100 * share, 100 * grids["in_band"].mean(), good, form, *seconds.values()))
    mid = [statistics.median(column) for column in zip(*figures, strict=True)]
    print(f"{name:<14}" + "".join(f"{value:12.3f}" for value in mid))


def trial(atoms: gpd.GeoDataFrame, lines: gpd.GeoDataFrame, seeds: list[int]) -> None:
    """Print what the price of borders off roads does, for each quality."""
    rules = load_rules()
    free = replace(rules, barriers=replace(barrier_rules(rules), price=rules.weights.border))
    deaf = gpd.GeoDataFrame(lines.assign(worth=1e-12))  # measured, but worth nothing
    heads = ("along %", "in band %", "communities", "form", "prepare s", "search s", "dissolve s")
    print(f"{len(atoms):,} atoms, {len(lines):,} lines, seeds {seeds}")
    print(" " * 14 + "".join(f"{head:>12}" for head in heads))
    for quality in QUALITIES:
        print(f"  … {quality}", file=sys.stderr, flush=True)
        row(f"{quality}, free", [_drawn(atoms, deaf, free, quality, seed) for seed in seeds])
        row(f"{quality}, along", [_drawn(atoms, lines, rules, quality, seed) for seed in seeds])


def _drawn(
    atoms: gpd.GeoDataFrame, lines: gpd.GeoDataFrame, rules: Rules, quality: Quality, seed: int
) -> Redrawn:
    columns = {"within": "within", "groups": "estate"}
    return redraw(
        atoms, weight="households", rules=rules, quality=quality, seed=seed, barriers=lines,
        **columns,
    )  # fmt: skip


def of_whole_city() -> None:
    """Print the CPU of reading 472,000 atoms with and without 190,000 pieces of streets."""
    print("  … the whole city", file=sys.stderr, flush=True)
    atoms = cells(18_900, 2_750, 25, seed=0)
    side = METRES_A_GRID * np.sqrt(18_900)
    rng = np.random.default_rng(0)
    along = np.arange(0.0, side, BEND_M)
    streets = []
    for place in np.arange(0.0, side, STREET_M):
        bent = place + rng.uniform(-5, 5, len(along))
        streets += [np.c_[bent, along], np.c_[along, bent]]
    lines = gpd.GeoDataFrame(geometry=[shapely.LineString(xy) for xy in streets], crs=atoms.crs)
    columns, spent = Columns("households", "within"), []
    for _ in range(2):
        fences = read_barriers(lines, atoms, barrier_rules(load_rules()))
        for barriers in (None, fences):
            began = time.process_time()
            read_atoms(atoms, columns, barriers)
            spent.append(time.process_time() - began)
    pieces = sum(len(xy) - 1 for xy in streets)
    without, with_ = min(spent[::2]), min(spent[1::2])
    print(f"\n{len(atoms):,} atoms read in {without:.2f} s of CPU; with {pieces:,} pieces of "
          f"streets {with_:.2f} s")  # fmt: skip


def main() -> None:
    """Print both tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--size", default="medium", choices=["small", "medium"])
    options.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    asked = options.parse_args()
    warm()
    trial(*made_city(asked.size), asked.seeds)
    of_whole_city()


if __name__ == "__main__":
    main()
