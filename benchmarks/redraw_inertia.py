"""How near plans come to the smallest moment of inertia (Hess), and how near that can be proven.

    .venv/bin/python -m benchmarks.redraw_inertia --atoms 30 60 90 115 --seeds 1 2 3
    .venv/bin/python -m benchmarks.redraw_inertia --blocks FILE --within COLUMN --weight COLUMN

Each community's plans (ours, METIS's, GerryChain's tree) are measured about the best atom of each
grid and held against the bound that no plan in band and in one piece each, with as many grids, can
undercut. Plans out of band or broken are counted, not measured. The compiler is counted apart.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from typing import NamedTuple

import geopandas as gpd
import numpy as np

from benchmarks.redraw_city import city
from benchmarks.redraw_peers import PEERS, Task
from geo.atoms import Borders
from geo.metrics import in_band, pieces
from geo.redraw.exact.inertia import Inertia, inertia
from geo.redraw.exact.moments import moments_of
from geo.redraw.inputs import Columns, read_atoms
from geo.redraw.problem import Problem, problems_of
from geo.redraw.solving import solve
from geo.redraw.state import Ints
from geo.rules import Rules, one_band

COMMUNITIES = 4  # of each city


class Row(NamedTuple):
    """One community: atoms, grids, the bound's record, its seconds, plans over the bound."""

    atoms: int
    grids: int
    found: Inertia
    seconds: tuple[float, float]  # on the clock, of a processor
    over: dict[str, float | None]


def drawn(sizes: list[int], grids: list[int], seeds: list[int]) -> Iterator[tuple[str, Problem]]:
    """Yield communities of about so many atoms and grids."""
    for size in sizes:
        for each in grids:
            for seed in seeds:
                atoms = city(each * COMMUNITIES, COMMUNITIES, round(size / each), seed)
                table = read_atoms(atoms, Columns("households", "within"))
                for problem in problems_of(table).each:
                    yield f"about {size} atoms", problem


def real(path: str, columns: Columns) -> Iterator[tuple[str, Problem]]:
    """Yield the communities of a file."""
    for problem in problems_of(read_atoms(gpd.read_file(path), columns)).each:
        yield "the file", problem


def measured(problem: Problem, rules: Rules, peers: list[str]) -> Row | None:
    """Return a community's row; None where our plan has one grid or is out of band."""
    graph, band = problem.graph, rules.band("urban")
    plan = solve(problem, rules, quality="best", seed=1)
    grids = len(plan.loads)
    if grids == 1 or not in_band(plan.loads, band).all():
        return None
    began = time.perf_counter(), time.process_time()
    found = inertia(graph, plan.labels, band)
    seconds = time.perf_counter() - began[0], time.process_time() - began[1]
    task = Task(graph, grids, band)
    beside = {name: over(task, labels_of(name, task), found) for name in peers}
    return Row(len(graph.weight), grids, found, seconds, {"ours": found.over} | beside)


def labels_of(name: str, task: Task) -> Ints:
    """Return what a peer makes of a community; one grid for all where it gives up."""
    try:
        labels = PEERS[name].label(PEERS[name].ready(task), task, 1)
    except RuntimeError:  # GerryChain, after 100,000 trees without a cut
        labels = np.zeros(len(task.graph.weight), np.int64)
    return np.unique(labels, return_inverse=True)[1]


def over(task: Task, labels: Ints, found: Inertia) -> float | None:
    """Return a plan's moment over the bound; None where it is broken or out of band."""
    graph = task.graph
    source = np.repeat(np.arange(len(graph.weight)), np.diff(graph.first))
    whole = pieces(labels, Borders(source, graph.to, graph.border)) == 0
    loads = np.bincount(labels, graph.weight)
    good = len(loads) == task.grids and in_band(loads, task.band).all()
    return moments_of(graph, labels)[0] / found.bound if whole and good else None


def spread(values: list[float], by: float = 1) -> str:
    """Return median, 95th percentile and maximum."""
    return " / ".join(f"{by * np.percentile(values, part):.3g}" for part in (50, 95, 100))


def show(name: str, rows: list[Row]) -> None:
    """Print what was found for communities of one kind."""
    optimal = sum(row.found.status == "optimal" for row in rows)
    atoms, grids = ([getattr(row, field) for row in rows] for field in ("atoms", "grids"))
    print(f"{name}: {len(rows)} communities, {min(atoms)}–{max(atoms)} atoms, "
          f"{min(grids)}–{max(grids)} grids, {optimal} proven optimal")  # fmt: skip
    print(f"  gap %, median / p95 / max   {spread([row.found.gap for row in rows], 100)}")
    for i, what in enumerate(("seconds on the clock", "seconds of CPU")):
        print(f"  {what:<27} {spread([row.seconds[i] for row in rows])}")
    print(f"  nodes                       {spread([row.found.nodes for row in rows])}")
    for plan in rows[0].over:
        each = [row.over[plan] for row in rows if row.over[plan] is not None]
        print(f"  {plan + ' / bound':<27} {spread(each)}   (of {len(each)})")


def main() -> None:
    """Run every community and print a table for each kind."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--atoms", type=int, nargs="+", default=[30, 60, 90, 115])
    options.add_argument("--grids", type=int, nargs="+", default=[3, 5, 8])
    options.add_argument("--seeds", type=int, nargs="+", default=[1, 2])
    options.add_argument("--most", type=int, default=120, help="atoms of a community")
    options.add_argument("--band", type=float, nargs=2, default=[300, 500])
    options.add_argument("--blocks", help="a file of atoms instead")
    options.add_argument("--peers", nargs="*", default=["METIS", "GerryChain tree"])
    options.add_argument("--within")
    options.add_argument("--weight")
    asked = options.parse_args()
    rules = one_band(*asked.band)
    each = (
        real(asked.blocks, Columns(asked.weight, asked.within))
        if asked.blocks
        else drawn(asked.atoms, asked.grids, asked.seeds)
    )
    warm = next(drawn([30], [3], [0]))[1]
    began = time.perf_counter()
    measured(warm, one_band(300, 500), [])
    print(f"the compiler, once: {time.perf_counter() - began:.1f} s")
    found: dict[str, list[Row]] = {}
    for name, problem in each:
        few = len(problem.graph.weight) <= asked.most
        row = measured(problem, rules, asked.peers) if few else None
        found.setdefault(name, []).extend([row] if row else [])
    for name, rows in found.items():
        show(name, rows)


if __name__ == "__main__":
    main()
