"""The redraw beside its peers on the same city, in one run: form, band, pieces, seconds.

    make bench-redraw ARGS="--grids 18900 --communities 2750 --seeds 1 2 3"

Peers get each community's graph ready-made and only label it; ours is timed from atoms to
dissolved polygons, its stages beside it. Start-up, files and the compiler are counted apart. Trust
ratios, not absolutes. Slow peers run on the first communities only (`--sample`).
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time
from collections.abc import Sequence
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import shapely

from benchmarks.redraw_city import city
from benchmarks.redraw_peers import PEERS, Peer
from geo.atoms import Borders
from geo.metrics import compactness, in_band, pieces
from geo.redraw import Quality, redraw, warm
from geo.redraw.inputs import Columns, read_atoms
from geo.redraw.numbers import count_grids
from geo.redraw.problem import Problem, problems_of
from geo.redraw.state import Graph
from geo.rules import one_band

RULES = one_band(300, 500)
BAND = RULES.band("urban")
FAST_PEER = "METIS"


class Score(NamedTuple):
    """Mean compactness, share in band, broken pieces, grids, seconds of CPU and on the clock."""

    form: float
    band: float
    broken: int
    grids: int
    cpu: float
    clock: float


def measured(graph: Graph, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    """Return compactness and load of each grid, and the pieces beyond one each."""
    count = int(labels.max()) + 1
    source = np.repeat(np.arange(len(graph.weight)), np.diff(graph.first))
    inner = labels[source] == labels[graph.to]
    outline = np.bincount(labels, graph.around, count)
    outline -= np.bincount(labels[source][inner], graph.border[inner], count)
    area = np.bincount(labels, graph.area, count)
    borders = Borders(source, graph.to, graph.border)
    return (
        compactness(area, outline),
        np.bincount(labels, graph.weight, count),
        pieces(labels, borders),
    )


def peer_score(peer: Peer, problems: Sequence[Problem], seed: int) -> Score:
    """Return what a peer makes of some communities."""
    began, clock = time.process_time(), time.perf_counter()
    plans = [_labels(peer, problem.graph, seed) for problem in problems]
    cpu, clock = time.process_time() - began, time.perf_counter() - clock
    found = [measured(each.graph, plan) for each, plan in zip(problems, plans, strict=True)]
    forms, loads = (np.concatenate([row[i] for row in found]) for i in (0, 1))
    broken = sum(row[2] for row in found)
    return Score(forms.mean(), in_band(loads, BAND).mean(), broken, len(forms), cpu, clock)


def _labels(peer: Peer, graph: Graph, seed: int) -> np.ndarray:
    grids = count_grids(graph.weight.tolist(), BAND, RULES).numbers[0]
    return peer(graph, grids, BAND, seed) if grids > 1 else np.zeros(len(graph.weight), np.int64)


def our_score(atoms: gpd.GeoDataFrame, quality: Quality, seed: int) -> Score:
    """Return what ours makes of the city; print the seconds of its stages."""
    began, clock = time.process_time(), time.perf_counter()
    drawn = redraw(
        atoms, weight="households", within="within", rules=RULES, quality=quality, seed=seed
    )
    cpu, clock = time.process_time() - began, time.perf_counter() - clock
    stages = ", ".join(f"{name} {spent:.1f}" for name, spent in drawn.report.seconds.items())
    grids = drawn.grids
    error = abs(grids.area.sum() / atoms.area.sum() - 1)
    tiles = shapely.coverage_is_valid(grids.geometry.to_numpy())
    lost = int(atoms["households"].sum() - grids["households"].sum())
    print(f"    {quality}: {stages} s; tiles {tiles}, area off {error:.0e}, households lost {lost}")
    broken = int(drawn.report.communities["pieces"].sum())
    return Score(
        grids["compactness"].mean(), grids["in_band"].mean(), broken, len(grids), cpu, clock
    )


def show(name: str, scores: Sequence[Score], base: Sequence[Score]) -> None:
    """Print the medians over seeds, and ratios to the base."""
    mid = Score(*(statistics.median(column) for column in zip(*scores, strict=True)))
    beside = statistics.median(score.form for score in base)
    each = 1000 * mid.cpu / mid.grids
    print(
        f"{name:<18}{mid.form:8.4f}{mid.form / beside:8.3f}{100 * mid.band:9.2f}"
        f"{mid.broken:8.0f}{mid.clock:9.1f}{mid.cpu:9.1f}{each:10.2f}"
    )


def table(title: str, rows: dict[str, list[Score]], base: Sequence[Score]) -> None:
    """Print a table of engines."""
    print(f"{title}\n{'':<18}{'form':>8}{'x METIS':>8}{'in band %':>9}{'broken':>8}"
          f"{'clock s':>9}{'CPU s':>9}{'ms a grid':>10}")  # fmt: skip
    for name, scores in rows.items():
        show(name, scores, base)


def main() -> None:
    """Run every engine on the same city and print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--grids", type=int, default=18_900)
    options.add_argument("--communities", type=int, default=2_750)
    options.add_argument("--atoms-a-grid", type=int, default=25)
    options.add_argument("--seeds", type=int, nargs="+", default=[1])
    options.add_argument("--sample", type=int, default=60)
    asked = options.parse_args()
    print(f"the compiler, once: {warm():.1f} s")
    atoms = city(asked.grids, asked.communities, asked.atoms_a_grid, seed=0)
    problems = problems_of(read_atoms(atoms, Columns("households", "within"))).each
    print(f"{len(atoms):,} atoms, {len(problems):,} communities, seeds {asked.seeds}")
    sample = {
        name: [peer_score(peer, problems[: asked.sample], seed) for seed in asked.seeds]
        for name, peer in PEERS.items()
    }
    whole = [peer_score(PEERS[FAST_PEER], problems, seed) for seed in asked.seeds]
    ours = {
        f"ours, {quality}": [our_score(atoms, quality, seed) for seed in asked.seeds]
        for quality in ("fast", "best")
    }
    table(f"the first {asked.sample} communities", sample, sample[FAST_PEER])
    table("the city", {FAST_PEER: whole} | ours, whole)
    print(f"memory at the most: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")


if __name__ == "__main__":
    main()
