"""The redraw beside its peers on the same instances, in one run: form, band, pieces, seconds.

    make bench-redraw ARGS="--grids 18900 --communities 2750 --seeds 1 2 3"

Three tables: the first communities of a generated city, all peers, labels only (every engine has
its own form of the graph ready, ours and theirs); the real census blocks of Providence, likewise;
the whole city beside METIS, ours from atoms to dissolved polygons. Start-up, files and the compiler
are counted apart. Trust ratios, not absolutes. The slowest peers get a few communities (`--few`).
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import shapely

from benchmarks.redraw_city import city
from benchmarks.redraw_peers import PEERS, Peer, Task
from geo.atoms import Borders
from geo.metrics import compactness, in_band, pieces
from geo.redraw import EFFORTS, Quality, redraw, warm
from geo.redraw.inputs import Columns, read_atoms
from geo.redraw.numbers import count_grids
from geo.redraw.problem import Problem, problems_of
from geo.redraw.solving import solve
from geo.redraw.state import Graph
from geo.rules import Rules, one_band

RULES = one_band(300, 500)
BLOCK_RULES = one_band(720, 1_200)  # people, as 300 to 500 households
FAST_PEER, TREE = "METIS", "GerryChain tree"
OURS: tuple[Quality, ...] = ("draft", "fast", "best")
BLOCKS = Path(os.environ.get("JINGWEI_BLOCKS", "../shared/data/providence_blocks.zip"))


class Score(NamedTuple):
    """Mean compactness, share in band, broken pieces, grids, seconds of CPU and on the clock."""

    form: float
    band: float
    broken: int
    grids: int
    cpu: float
    clock: float

    @property
    def each(self) -> float:
        """Milliseconds of CPU a grid."""
        return 1000 * self.cpu / self.grids


Scores = dict[str, list[Score]]


def say(text: str) -> None:
    """Say on standard error what is being done."""
    print(f"  … {text}", file=sys.stderr, flush=True)


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


def score_of(problems: Sequence[Problem], rules: Rules, label: Callable[[], list]) -> Score:
    """Return what an engine makes of some communities; the clock runs for `label` alone."""
    began, clock = time.process_time(), time.perf_counter()
    plans = label()
    cpu, clock = time.process_time() - began, time.perf_counter() - clock
    found = [measured(each.graph, plan) for each, plan in zip(problems, plans, strict=True)]
    good = [
        in_band(row[1], rules.band(each.rule)) for each, row in zip(problems, found, strict=True)
    ]
    forms, broken = np.concatenate([row[0] for row in found]), sum(row[2] for row in found)
    return Score(forms.mean(), np.concatenate(good).mean(), broken, len(forms), cpu, clock)


def peer_score(peer: Peer, problems: Sequence[Problem], rules: Rules, seed: int) -> Score:
    """Return what a peer makes of some communities; one grid only is no work."""
    tasks = [_task(problem, rules) for problem in problems]
    ready = [peer.ready(task) if task.grids > 1 else None for task in tasks]

    def label() -> list[np.ndarray]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return [
                _labels(peer, form, task, seed) for form, task in zip(ready, tasks, strict=True)
            ]

    return score_of(problems, rules, label)


def _task(problem: Problem, rules: Rules) -> Task:
    band = rules.band(problem.rule)
    return Task(
        problem.graph, count_grids(problem.graph.weight.tolist(), band, rules).numbers[0], band
    )


def _labels(peer: Peer, ready: object, task: Task, seed: int) -> np.ndarray:
    if task.grids == 1:
        return np.zeros(len(task.graph.weight), np.int64)
    return np.unique(peer.label(ready, task, seed), return_inverse=True)[1]


def our_labels(problems: Sequence[Problem], rules: Rules, quality: Quality, seed: int) -> Score:
    """Return what ours makes of some communities, labels only, on one thread."""

    def label() -> list[np.ndarray]:
        return [solve(each, rules, quality=quality, seed=seed).labels for each in problems]

    return score_of(problems, rules, label)


def our_score(atoms: gpd.GeoDataFrame, quality: Quality, seed: int) -> Score:
    """Return what ours makes of the city; print the seconds of its stages."""
    say(f"the city, ours {quality}, seed {seed}")
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


def labels_only(
    problems: Sequence[Problem], rules: Rules, seeds: Sequence[int], few: int, title: str
) -> Scores:
    """Return the scores of every engine; the slow ones on a `few` communities with one seed."""
    scores: Scores = {}
    for name, peer in PEERS.items():
        mine = problems[:few] if peer.few else problems
        if len(mine):
            say(f"{title}, {name}")
            some = seeds[:1] if peer.few else seeds
            scores[name] = [peer_score(peer, mine, rules, seed) for seed in some]
    for quality in OURS:
        say(f"{title}, ours {quality}")
        scores[f"ours, {quality}"] = [our_labels(problems, rules, quality, s) for s in seeds]
    return scores


def middle(scores: Sequence[Score]) -> Score:
    """Return the medians over seeds."""
    return Score(*(statistics.median(column) for column in zip(*scores, strict=True)))


def table(title: str, rows: Scores, base: Sequence[Score]) -> None:
    """Print a table of engines: medians over seeds, and ratios to the base."""
    print(f"\n{title}\n{'':<18}{'form':>8}{'x METIS':>8}{'in band %':>10}{'broken':>7}"
          f"{'grids':>7}{'clock s':>9}{'CPU s':>9}{'ms a grid':>10}")  # fmt: skip
    beside = middle(base).form
    for name, scores in rows.items():
        mid = middle(scores)
        print(
            f"{name:<18}{mid.form:8.4f}{mid.form / beside:8.3f}{100 * mid.band:10.2f}"
            f"{mid.broken:7.0f}{mid.grids:7.0f}{mid.clock:9.2f}{mid.cpu:9.2f}{mid.each:10.3f}"
        )


def beside_tree(rows: Scores) -> None:
    """Print our CPU beside that of GerryChain's tree, at an equal or better result."""
    tree = middle(rows[TREE])
    for quality in OURS:
        ours = middle(rows[f"ours, {quality}"])
        better = ours.form >= tree.form and ours.band >= tree.band and ours.broken <= tree.broken
        print(
            f"CPU of ours, {quality}, beside {TREE}: 1/{tree.each / ours.each:.1f}; result "
            f"{'equal or better' if better else 'WORSE'} ({ours.form:.3f} and {tree.form:.3f})"
        )


def of_city(atoms: gpd.GeoDataFrame, asked: argparse.Namespace) -> None:
    """Run the sample and the whole city."""
    problems = problems_of(read_atoms(atoms, Columns("households", "within"))).each
    print(f"{len(atoms):,} atoms, {len(problems):,} communities, seeds {asked.seeds}")
    sample = labels_only(problems[: asked.sample], RULES, asked.seeds, asked.few, "the sample")
    title = f"the first {asked.sample} communities (slow peers: {asked.few}), labels only"
    table(title, sample, sample[FAST_PEER])
    beside_tree(sample)
    if asked.sample_only:
        return
    say("the city, METIS")
    whole = [peer_score(PEERS[FAST_PEER], problems, RULES, seed) for seed in asked.seeds]
    ours = {
        f"ours, {quality}": [our_score(atoms, quality, seed) for seed in asked.seeds]
        for quality in OURS
    }
    table("the city, ours from atoms to polygons", {FAST_PEER: whole} | ours, whole)


def of_blocks(asked: argparse.Namespace) -> None:
    """Run the real census blocks, where they are."""
    if not BLOCKS.exists():
        print(f"\nno census blocks at {BLOCKS} (JINGWEI_BLOCKS names another place)")
        return
    blocks = gpd.read_file(BLOCKS)
    problems = problems_of(read_atoms(blocks, Columns("TOTPOP", "TRACTCE10"))).each
    rows = labels_only(problems, BLOCK_RULES, asked.seeds, 0, "census blocks")
    table(f"{len(blocks):,} census blocks in {len(problems)} tracts", rows, rows[FAST_PEER])


def main() -> None:
    """Run every engine on the same instances and print the tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--grids", type=int, default=18_900)
    options.add_argument("--communities", type=int, default=2_750)
    options.add_argument("--atoms-a-grid", type=int, default=25)
    options.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    options.add_argument("--sample", type=int, default=60)
    options.add_argument("--few", type=int, default=2)
    options.add_argument("--sample-only", action="store_true", help="not the whole city")
    asked = options.parse_args()
    print(f"the compiler, once: {warm():.1f} s; efforts: {', '.join(EFFORTS)}")
    of_blocks(asked)
    of_city(city(asked.grids, asked.communities, asked.atoms_a_grid, seed=0), asked)
    print(f"memory at the most: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")


if __name__ == "__main__":
    main()
