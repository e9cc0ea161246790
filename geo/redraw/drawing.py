"""The face of the redraw: a table of atoms in, grids and a report out."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, TypedDict, Unpack

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.errors import BadOptionError
from geo.redraw.audit import audit, audit_points
from geo.redraw.barriers import Barriers, read_barriers
from geo.redraw.efforts import EFFORTS, Quality
from geo.redraw.exact.branching import warm_branches
from geo.redraw.exact.inertia import warm_bound
from geo.redraw.exact.solvers import clasp, cp_sat
from geo.redraw.inputs import Columns, demand, read_atoms
from geo.redraw.points import (
    are_points,
    atoms_of_points,
    unrounded,
    without_collections_of_one,
)
from geo.redraw.problem import Problem, problems_of
from geo.redraw.proving import settle
from geo.redraw.remarks import ordered, remarks_of
from geo.redraw.result import Redrawn, assemble
from geo.redraw.solving import Solution
from geo.rules import Rules, as_rules, barrier_rules, one_band


class ColumnNames(TypedDict, total=False):
    """Columns of the atoms that a redraw may use; None or left out: there is none."""

    within: str | None
    groups: str | None
    previous: str | None
    locked: str | None
    anchors: str | None


class Search(NamedTuple):
    """How to search: see `redraw`; `others`: one more number of grids to try, by community."""

    seed: int = 0
    quality: Quality = "best"
    threads: int | None = None
    others: Mapping[str, int] = MappingProxyType({})


def redraw(
    atoms: gpd.GeoDataFrame,
    *,
    weight: str,
    rules: Rules | Path | str | Mapping[str, object] | None = None,
    seed: int = 0,
    quality: Quality = "best",
    threads: int | None = None,
    barriers: gpd.GeoDataFrame | None = None,
    **columns: Unpack[ColumnNames],
) -> Redrawn:
    """Return grids drawn anew: labels by atom, grids, and a report by community.

    Every grid is in one piece (through reported bridges where a community is not), inside its
    community; no group is split; locks and anchors are kept; special atoms stay as they are; the
    ground of each community is tiled exactly. Then, in this order: households in band, few moved
    from today's grids, borders along roads, rivers and walls, compact forms, even loads.

    Parameters
    ----------
    atoms
        Polygons that tile, in any CRS; or building points, from which atoms are made (labels are
        then by point). Besides the columns named below these are used where
        there: `atom` (a name, else the row number from 0), `rule` (of the community: of several
        that of most households; none: urban), `special` (true: a special grid, cut out and left as
        it is).
    weight
        Column of households (or another load), a number ≥ 0.
    rules
        Bands by kind of area, and the price of each aim: `geo.rules.Rules`, the path of a rules
        file, its tables as a dict, or None for the rules that come with the program.
    within
        Column of the community; without it all atoms are one.
    groups
        Column of estates that must not be split; missing or empty: none.
    previous
        Column of today's grids. The search starts from them, however bad, and households that
        change grid cost.
    locked
        Column of yes and no: these atoms stay in today's grid.
    anchors
        Column of atoms that hold a grid: yes (today's grid, or one of its own) or a grid's name.
        Same name, same grid; other name, other grid.
    seed
        The same seed gives the same plan, with any number of threads.
    quality
        `draft` (to look at while one tries things), `fast` or `best`: how long to search; `proven`:
        as `best`, then a community out of band gets a plan from an exact solver or the proof that
        there is none (needs the extra `solvers`).
    threads
        How many communities to solve at once; by default one for each processor.
    barriers
        Roads, rivers, rails, walls: lines, or polygons for their outlines, in any CRS. Borders of
        grids that run along them cost less, by the lines' `worth` (0 to 1) or by their class as in
        the rules (`[barriers]`); atoms made from points do not cross them.

    Raises
    ------
    JingweiError
        When the input cannot be used: which column, which rows, and what to do.
    """
    names, how = Columns(weight, **columns), Search(seed, quality, threads)
    return draw_rows(atoms, names, as_rules(rules), how, barriers)


def draw_rows(
    rows: gpd.GeoDataFrame,
    columns: Columns,
    rules: Rules,
    how: Search,
    barriers: gpd.GeoDataFrame | None = None,
) -> Redrawn:
    """Return the same for polygons or points, with columns and search as records."""
    check_search(how.seed, how.quality, how.threads)
    demand(rows, columns)
    rows = unrounded(without_collections_of_one(rows))
    fences = None
    if barriers is not None:
        fences = read_barriers(barriers, rows, barrier_rules(rules))
    if not are_points(rows):
        return draw(rows, columns, rules, how, fences)
    made = atoms_of_points(rows, columns, fences.lines if fences is not None else None)
    drawn = draw(made.atoms, columns, rules, how, fences)
    labels = pd.Series(drawn.labels.to_numpy()[made.atom_of_point], index=rows.index)
    drawn = replace(drawn, labels=labels.rename("grid"))
    counted = audit_points(rows, columns, drawn)
    said = ordered(pd.concat([drawn.report.remarks, made.remarks], ignore_index=True))
    return replace(drawn, report=replace(drawn.report, audit=counted, remarks=said))


def warm() -> float:
    """Return the seconds it took to make the search ready: compiled, or loaded from the cache.

    A service calls it once, in a thread of its own, before a person waits for the first plan.
    """
    began = time.perf_counter()
    squares = shapely.box([0, 1, 2, 3], 0, [1, 2, 3, 4], 1)
    four = gpd.GeoDataFrame({"load": [1.0] * 4}, geometry=squares)
    draw(four, Columns("load"), one_band(1, 2), Search(quality="fast", threads=1))
    warm_bound()
    warm_branches()
    return time.perf_counter() - began


def draw(
    atoms: gpd.GeoDataFrame,
    columns: Columns,
    rules: Rules,
    how: Search,
    barriers: Barriers | None = None,
) -> Redrawn:
    """Return the same for atoms that are polygons, and barriers near them."""
    clock = [time.perf_counter()]
    table = read_atoms(atoms, columns, barriers)
    if barriers is not None:
        rules = replace(rules, weights=rules.weights._replace(border=barriers.rules.price))
    problems = problems_of(table)
    clock.append(time.perf_counter())
    solutions = _solve_all(problems.each, rules, how)
    clock.append(time.perf_counter())
    drawn = assemble(atoms, table, problems, solutions, clock)
    report = replace(
        drawn.report,
        barriers=barriers.told if barriers is not None else {},
        audit=audit(atoms, columns, rules, drawn),
        remarks=remarks_of(atoms, columns, table, problems.links, drawn.grids),
    )
    return replace(drawn, report=report)


def check_search(seed: int, quality: str, threads: int | None = None) -> None:
    """Raise where a search cannot be made so.

    Raises
    ------
    BadOptionError
        When there is no such quality, the seed is no whole number from 0, or the threads none
        from 1.
    MissingSolversError
        When a proof is asked for and the solvers are not installed.
    """
    if quality not in EFFORTS:
        expected = ", ".join(EFFORTS)
        raise BadOptionError(option="quality", found=quality, expected=expected)
    if quality == "proven":
        for solver in (cp_sat, clasp):
            solver()  # said at once, not after the search
    if not _whole(seed, 0):
        raise BadOptionError(option="seed", found=seed, expected="0, 1, 2 …")
    if threads is not None and not _whole(threads, 1):
        raise BadOptionError(option="threads", found=threads, expected="1, 2, 3 …")


def _whole(value: object, least: int) -> bool:
    return isinstance(value, (int, np.integer)) and bool(value >= least)


def _solve_all(problems: Sequence[Problem], rules: Rules, how: Search) -> list[Solution]:
    """Return the solution of each community; the largest are begun first."""
    largest = sorted(range(len(problems)), key=lambda i: -len(problems[i].graph.weight))
    pool = ThreadPoolExecutor(how.threads or os.cpu_count() or 1)
    same = partial(settle, rules=rules, quality=how.quality, seed=how.seed)
    others = [how.others.get(problem.name) for problem in problems]
    jobs = {i: pool.submit(same, problems[i], other=others[i]) for i in largest}
    try:
        return [jobs[i].result() for i in range(len(problems))]
    finally:
        # Nobody waits for the rest once one has failed, or a person has given up.
        pool.shutdown(wait=False, cancel_futures=True)
