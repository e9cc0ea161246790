"""How few households any plan moves, proven, and how far our search alone stays from that.

    .venv/bin/python -m benchmarks.redraw_proofs
    .venv/bin/python -m benchmarks.redraw_proofs --blocks FILE --within COLUMN --weight COLUMN

Run by hand (needs the extra `solvers`). Two kinds of change. Mild: today's grids are a good plan
for the households of some years ago; since then an eighth of the atoms have grown, some are new.
Harsh: toy cities whose grids of today are even by another count of households, the generated
medium city, whose grids look at no band, and the blocks of a file whose grids of today even out
the blocks instead of their people. Each community: the least change with as many grids
as the search drew, how long the proof took, and what the search moves at the default price of
moved households and at a high one. Communities out of band, and those of one grid, are counted.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import geopandas as gpd
import numpy as np

from benchmarks.redraw_city import city
from geo.atoms import make_atoms
from geo.city import build
from geo.redraw import redraw, warm
from geo.redraw.exact.matching import moved_by
from geo.redraw.inputs import Columns, read_atoms
from geo.redraw.problem import Problem, problems_of
from geo.redraw.proving import Aim, change_of, may_change
from geo.redraw.solving import out_of_band, solve
from geo.rules import Rules, load_rules, one_band

DEAR = 100.0
NEAR, CLOSE = 0.05, 0.005  # of the least change, and of the households of a community
GRIDS, COMMUNITIES, ATOMS_A_GRID = 100, 16, 20
GROWN, NEW = 1 / 8, 0.03  # shares of the atoms that have grown, and that are new
BARRIERS = ("road", "rail", "water")


class Row(NamedTuple):
    """One community: households, least change, bound, proven or not, CPU seconds, what we move."""

    households: float
    found: float
    lower: float
    proven: bool
    seconds: float
    ours: float
    dear: float


def toy(seed: int) -> Sequence[Problem]:
    """Return the communities of a city whose grids of today are even by other households."""
    atoms = city(GRIDS, COMMUNITIES, ATOMS_A_GRID, seed)
    x, y = atoms.geometry.centroid.x.to_numpy(), atoms.geometry.centroid.y.to_numpy()
    grown = 1 + 0.45 * np.sin(x / 310 + seed) * np.cos(y / 270)
    once = atoms.assign(households=np.maximum(1, atoms["households"] * grown))
    today = redraw(
        once, weight="households", rules=one_band(300, 500), within="within", quality="fast"
    )
    table = read_atoms(
        atoms.assign(today=today.labels), Columns("households", "within", None, "today")
    )
    return problems_of(table).each


def generated_atoms(seed: int) -> gpd.GeoDataFrame:
    """Return the atoms of the generated medium city, with the grids it comes with."""
    made = build("medium", seed)
    grids = made.layer("grid")
    houses = made.places[made.places["kind"] == "building"]
    houses = houses.assign(grid=made.owner_of(houses.geometry.x, houses.geometry.y))
    base = made.areas[(made.areas["net"] == "base") & made.areas["kind"].isin(BARRIERS)]
    return make_atoms(
        made.layer("admin", "community"), houses, estates=made.layer("estate"), barriers=base,
        specials=grids[grids["special"].astype(bool)],
    )  # fmt: skip


def generated(seed: int) -> Sequence[Problem]:
    """Return the communities of the generated medium city, with the grids it comes with."""
    columns = Columns("households", "within", "estate", "previous")
    return problems_of(read_atoms(generated_atoms(seed), columns)).each


def older(now: np.ndarray, seed: int) -> np.ndarray:
    """Return the households of some years ago: fewer in some atoms, none in the newest."""
    rng = np.random.default_rng(seed)
    grown = np.where(rng.random(len(now)) < GROWN, rng.uniform(0.7, 1.0, len(now)), 1.0)
    new = rng.random(len(now)) < NEW
    return np.where(new, 0.0, np.maximum(np.rint(now * grown), np.minimum(now, 1.0)))


def mild_toy(seed: int) -> Sequence[Problem]:
    """Return the communities of a city whose grids were drawn for the households of before."""
    atoms = city(GRIDS, COMMUNITIES, ATOMS_A_GRID, seed)
    once = atoms.assign(households=older(atoms["households"].to_numpy(np.float64), seed))
    today = redraw(once, weight="households", rules=one_band(300, 500), within="within")
    columns = Columns("households", "within", None, "today")
    return problems_of(read_atoms(atoms.assign(today=today.labels), columns)).each


def mild_generated(seed: int) -> Sequence[Problem]:
    """Return the communities of the medium city, with grids drawn for the households of before."""
    atoms = generated_atoms(seed)
    once = atoms.assign(households=older(atoms["households"].to_numpy(np.float64), seed))
    today = redraw(
        once.drop(columns="previous"), weight="households", rules=load_rules(), within="within",
        groups="estate",
    )  # fmt: skip
    ordinary = ~atoms["special"].to_numpy(bool)
    before = np.where(ordinary, today.labels, atoms["previous"])
    columns = Columns("households", "within", "estate", "previous")
    return problems_of(read_atoms(atoms.assign(previous=before), columns)).each


def blocks(path: str, within: str, weight: str, low: float, high: float) -> Sequence[Problem]:
    """Return the communities of a file, with grids of today that even out its blocks."""
    atoms = gpd.read_file(path)
    once = atoms.assign(one=1.0)
    many = max(1.0, len(atoms) / max(1.0, atoms[weight].sum() / ((low + high) / 2)))
    even = one_band(0.6 * many, 1.4 * many)
    today = redraw(once, weight="one", rules=even, within=within, quality="fast")
    columns = Columns(weight, within, None, "today")
    return problems_of(read_atoms(atoms.assign(today=today.labels), columns)).each


def rows(problems: Sequence[Problem], rules: Rules) -> Iterator[Row | None]:
    """Yield a row a community, None where there is nothing to compare."""
    high = replace(rules, weights=rules.weights._replace(moved=DEAR))
    for problem in problems:
        ours, dear = (solve(problem, each, quality="best", seed=0) for each in (rules, high))
        alike, band = len(ours.loads) == len(dear.loads), dear.band
        if band is None or out_of_band(ours) or not alike or not may_change(problem, dear, band):
            yield None
            continue
        began = time.process_time()
        least = change_of(Aim(problem, dear, band, high, 0))
        seconds = time.process_time() - began
        yield Row(
            float(problem.graph.weight.sum()), least.found, least.lower, least.proven, seconds,
            moved_by(problem, ours.labels), moved_by(problem, dear.labels),
        )  # fmt: skip


def tell(name: str, found: list[Row | None]) -> None:
    """Print the figures of one set."""
    there = [row for row in found if row is not None]
    table = np.array(there, np.float64)
    households, least, lower, proven, seconds, ours, dear = table.T
    gap = (least - lower) / np.maximum(least, 1)
    print(f"{name}: {len(there)} communities ({len(found) - len(there)} left out)")
    print(f"  least change {least.sum() / households.sum():.2%} of households")
    print(f"  proven {proven.mean():.1%}; proven or within 5 % {(gap <= NEAR).mean():.1%}")
    print(f"  gap in all {(least.sum() - lower.sum()) / least.sum():.2%}, worst {gap.max():.1%}")
    print(
        "  CPU seconds median {:.2f}, p95 {:.2f}, max {:.2f}".format(
            *np.percentile(seconds, [50, 95, 100])
        )
    )
    for price, value in (("default price", ours), (f"moved = {DEAR:g}", dear)):
        over = (value - least) / households
        print(
            f"  search alone at {price}: {(value.sum() - least.sum()) / households.sum():.2%} of "
            f"households above the least found; within 0.5 % in {(over <= CLOSE).mean():.0%}"
        )


def main() -> None:
    """Measure each set and print it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--every", type=int, default=1, help="only each so manieth community")
    parser.add_argument("--blocks")
    parser.add_argument("--within", default="TRACTCE10")
    parser.add_argument("--weight", default="TOTPOP")
    parser.add_argument("--band", type=float, nargs=2, default=[720, 1200])
    given = parser.parse_args()
    warm()
    if given.blocks is not None:
        low, high = given.band
        real = blocks(given.blocks, given.within, given.weight, low, high)[:: given.every]
        tell("blocks of the file", list(rows(real, one_band(low, high))))
        return
    for seed in given.seeds:
        mild = list(rows(mild_toy(seed)[:: given.every], one_band(300, 500)))
        tell(f"toy city {seed}, mild change", mild)
        tell(
            f"toy city {seed}, harsh change",
            list(rows(toy(seed)[:: given.every], one_band(300, 500))),
        )
    tell("medium city, mild change", list(rows(mild_generated(1)[:: given.every], load_rules())))
    tell("medium city, harsh change", list(rows(generated(1)[:: given.every], load_rules())))


if __name__ == "__main__":
    main()
