"""What comes out of a redraw: codes by atom, grids, and a row of the report for each community."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.atoms import dissolve
from geo.metrics import compactness, in_band, moved_households, pieces
from geo.redraw.codes import grid_codes
from geo.redraw.exact.reasons import summary
from geo.redraw.inputs import Atoms, in_metres
from geo.redraw.numbers import sentence, status
from geo.redraw.problem import Problem, Problems
from geo.redraw.remarks import told
from geo.redraw.solving import Solution, out_of_band
from geo.redraw.state import NONE, Ints, Reals


@dataclass(frozen=True, eq=False)
class Redrawn:
    """A plan and what is to be said about it.

    Parameters
    ----------
    labels
        Code of each atom's grid (community + 3 digits), indexed like the atoms.
    grids
        `code`, `within`, `households` (the weight), `in_band`, `compactness`, `special`,
        geometry; in the atoms' CRS, by code.
    report
        See `Report`.
    """

    labels: pd.Series
    grids: gpd.GeoDataFrame
    report: Report


@dataclass(frozen=True, eq=False)
class Report:
    """How the plan came out.

    Parameters
    ----------
    communities
        One row a community: `within`, `rule`, `grids`, `grids_in_band`, `in_band`, `reason`,
        `status` (proven, open), `zh`, `en`, `households_before`, `households_after`,
        `moved_households`, `compactness`, `pieces` (broken ones: 0), `bridges`, `atoms`,
        `tried`, `seconds`, `borders_on_barriers` (of the length of borders between its grids, the
        share that lies along barriers; missing where there are none or none were given), `proofs`
        (of each: `grids`, None for any number of them, `zh`, `en`), `deterministic_time` (of the
        solvers, about seconds; the same on any machine), `bounds` (of a plan in band where proofs
        were asked for: `moved_households` with `lower`, `found`, `ours` (the plan's), `proven`,
        where it has grids today; `moment_of_inertia`, see `geo.redraw.exact.inertia.Inertia`). In
        bounds an estate moves whole, from the grid that most of its households are in, and the grid
        that a lock or an anchor names is where it is; `moved_households` counts by rows, each grid
        matched to the one of today it fits best.
    bridges
        Made-up borders where a community or estate is not in one piece: `within`, `a`, `b`.
    seconds
        Of each stage: `prepare`, `search`, `dissolve`.
    borders_on_barriers
        The share in all; None as above.
    barriers
        What became of the barriers given, see `Barriers.told`; empty: none were given.
    audit
        What was counted anew from the rows and the grids, see `geo.redraw.audit`.
    remarks
        What is odd in the rows, though they are used as they are: `kind` (see
        `geo.redraw.remarks.REMARKS`), `name`, `within`, `rows` (of the atoms), `households`,
        `zh`, `en`.
    """

    communities: pd.DataFrame
    bridges: pd.DataFrame
    seconds: dict[str, float]
    borders_on_barriers: float | None = None
    barriers: dict[str, int] = field(default_factory=dict)
    audit: dict[str, int | float | bool] = field(default_factory=dict)
    remarks: pd.DataFrame = field(default_factory=lambda: told([]))


def assemble(
    frame: gpd.GeoDataFrame,
    atoms: Atoms,
    problems: Problems,
    solutions: Sequence[Solution],
    clock: Sequence[float],
) -> Redrawn:
    """Return the plan from each community's labels; `clock` has the moments of the stages."""
    grid = _grid_of_atoms(atoms, problems, solutions)
    codes = grid_codes(atoms, grid, problems.order)
    slits = _sums(*_slits_within(problems, grid), len(codes))
    grids = _grids(frame, atoms, (grid, problems.order), (codes, slits), _bands(solutions))
    labels = pd.Series(codes[grid], index=frame.index, dtype="str", name="grid")
    done = time.perf_counter()
    seconds = {
        "prepare": clock[1] - clock[0],
        "search": clock[2] - clock[1],
        "dissolve": done - clock[2],
    }
    table = _communities(atoms, problems, solutions, grid, grids)
    each, every = _on_barriers(atoms, problems, grid)
    table["borders_on_barriers"] = table["within"].map(each).astype("float64")
    return Redrawn(labels, grids, Report(table, _bridges(atoms, problems), seconds, every))


def _grid_of_atoms(atoms: Atoms, problems: Problems, solutions: Sequence[Solution]) -> Ints:
    """Return the number of each atom's grid, over all communities; special atoms have their own."""
    grid = np.full(len(atoms.polygons), NONE, np.int64)
    labels, base = [np.zeros(0, np.int64)], 0
    for solution in solutions:
        labels.append(solution.labels + base)
        base += len(solution.loads)
    ordinary = problems.node >= 0
    grid[ordinary] = np.concatenate(labels)[problems.node[ordinary]]
    alone = problems.order[~ordinary[problems.order]]
    nth = np.arange(len(alone))
    key = pd.DataFrame({"home": atoms.home[alone], "code": atoms.previous[alone], "row": nth})
    key.loc[key["code"].notna(), "row"] = NONE
    grid[alone] = base + key.groupby(["home", "code", "row"], dropna=False).ngroup()
    return grid


def _bands(solutions: Sequence[Solution]) -> NDArray[np.bool_]:
    """Tell which grids, in order of number, are in their band."""
    parts = [in_band(solution.loads, solution.band) for solution in solutions]
    return np.concatenate([*parts, np.zeros(0, np.bool_)])


def _grids(
    frame: gpd.GeoDataFrame,
    atoms: Atoms,
    placed: tuple[Ints, Ints],
    known: tuple[NDArray[np.object_], Reals],
    good: NDArray[np.bool_],
) -> gpd.GeoDataFrame:
    """Return the grids, dissolved, by code.

    `placed` is the grid of each atom, and their order; `known` are the codes of the grids, and the
    metres of slits in each, whose two sides are no outline.
    """
    (grid, order), (codes, slits), count = placed, known, len(known[0])
    first = np.unique(grid, return_index=True)[1]
    union = dissolve(atoms.polygons[order], grid[order], count)
    flat = in_metres(union, atoms.scale)
    special = atoms.special[first]
    table = pd.DataFrame(
        {
            "code": codes,
            "within": atoms.homes[atoms.home[first]],
            "households": _whole(_sums(grid[order], atoms.weight[order], count)),
            "in_band": np.r_[good, np.ones(count - len(good), np.bool_)],
            "compactness": compactness(shapely.area(flat), shapely.length(flat) - 2 * slits),
            "special": special,
        }
    )
    grids = gpd.GeoDataFrame(table, geometry=union, crs=frame.crs)
    return grids.sort_values("code", ignore_index=True)


def _slits_within(problems: Problems, grid: Ints) -> tuple[Ints, Reals]:
    """Return the grid and the metres of each slit that parts two atoms of one grid."""
    left, right, metres = problems.links
    within = grid[left] == grid[right]
    return grid[left[within]], metres[within]


def _sums(grid: Ints, values: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    return np.bincount(grid, values, count).astype(np.float64)


def _whole(values: NDArray[np.float64]) -> NDArray[np.float64] | NDArray[np.int64]:
    """Return values as whole numbers where they all are."""
    return values.astype(np.int64) if (values % 1 == 0).all() else values


def _communities(
    atoms: Atoms,
    problems: Problems,
    solutions: Sequence[Solution],
    grid: Ints,
    grids: gpd.GeoDataFrame,
) -> pd.DataFrame:
    shape = grids.loc[~grids["special"]].groupby("within")["compactness"].mean()
    spans = atoms.homes[atoms.home[problems.links.left]]
    count = np.bincount(atoms.home[problems.node >= 0], minlength=len(atoms.homes))
    moved = _moved(atoms, problems, grid)
    table = [
        _row(problem, solution)
        | {
            "moved_households": moved.get(problem.name, 0.0),
            "bridges": int((spans == problem.name).sum()),
        }
        for problem, solution in zip(problems.each, solutions, strict=True)
    ]
    frame = pd.DataFrame(table, columns=_REPORT)
    frame["atoms"] = frame["within"].map(dict(zip(atoms.homes, count.tolist(), strict=True)))
    frame["compactness"] = frame["within"].map(shape).astype("float64")
    broken = _broken(atoms, problems, grid)
    frame["pieces"] = frame["within"].map(broken).fillna(0).astype("int64")
    return frame


_REPORT = [
    "within", "rule", "grids", "grids_in_band", "in_band", "reason", "status", "zh", "en",
    "households_before", "households_after", "moved_households", "compactness", "pieces",
    "bridges", "atoms", "tried", "seconds", "proofs", "deterministic_time",
    "bounds",
]  # fmt: skip


def _moved(atoms: Atoms, problems: Problems, grid: Ints) -> dict[str, float]:
    """Return the households whose grid changes, by community that has grids today."""
    here = problems.order
    here = here[(problems.node[here] >= 0) & ~pd.isna(atoms.previous[here])]
    columns = {
        "grid": grid[here],
        "weight": atoms.weight[here],
        "previous": atoms.previous[here],
    }
    groups = pd.DataFrame(columns).groupby(atoms.homes[atoms.home[here]])
    return {
        str(name): moved_households(rows["previous"], rows["grid"], rows["weight"])
        for name, rows in groups
    }


def _row(problem: Problem, solution: Solution) -> dict[str, object]:
    """Return what the report of one community says of its solution."""
    out = out_of_band(solution)
    name = _reason(solution, out)
    zh, en = sentence(name, _values(problem, solution, out))
    return {
        "within": problem.name,
        "rule": problem.rule,
        "grids": len(solution.loads),
        "grids_in_band": len(solution.loads) - out,
        "in_band": out == 0,
        "reason": name,
        "status": status(name),
        "zh": zh,
        "en": en,
        "households_before": float(problem.graph.weight.sum()),
        "households_after": float(solution.loads.sum()),
        "tried": solution.tried,
        "seconds": solution.seconds,
        "proofs": _proofs(solution),
        "deterministic_time": sum(
            part.spent for part in (solution.rescue, solution.change) if part is not None
        ),
        "bounds": _bounds(solution),
    }


def _proofs(solution: Solution) -> list[dict[str, object]]:
    """Return the proofs as plain values: `grids` (None: any number), `zh`, `en`."""
    return [proof._asdict() for proof in solution.rescue.proofs] if solution.rescue else []


def _bounds(solution: Solution) -> dict[str, object]:
    """Return how near the plan is to the best there is, by what is measured."""
    told: dict[str, object] = {}
    if (change := solution.change) is not None:
        told["moved_households"] = {
            name: getattr(change, name) for name in ("lower", "found", "ours", "proven")
        }
    if solution.inertia is not None:
        told["moment_of_inertia"] = solution.inertia.told()
    return told


def _reason(solution: Solution, out: int) -> str:
    if solution.band is None:
        return "no_band"
    if out == 0:
        return "in_band"
    proven = solution.rescue is not None and not solution.rescue.unknown
    return solution.count.reason or ("impossible" if proven else "open")


def _values(problem: Problem, solution: Solution, out: int) -> dict[str, object]:
    """Return what the sentences of reasons may say."""
    weight, band, rescue = problem.graph.weight, solution.band, solution.rescue
    zh, en = summary(rescue.proofs, rescue.unknown) if rescue and rescue.proofs else ("", "")
    return {
        "why_zh": zh,
        "why_en": en,
        "known_zh": zh and f"（{zh}）",
        "known_en": en and f" ({en})",
        "total": float(weight.sum()),
        "low": band.low if band is not None else 0,
        "high": band.high if band is not None else 0,
        "big": 0 if band is None else int((weight > band.high).sum()),
        "atom": problem.names[int(np.argmax(weight))],
        "most": float(weight.max(initial=0.0)),
        "grids": len(solution.loads),
        "tried": solution.tried,
        "out": out,
        "numbers": ", ".join(map(str, solution.numbers)),
    }


def _broken(atoms: Atoms, problems: Problems, grid: Ints) -> dict[str, int]:
    """Return, by community, the pieces its grids have beyond one each."""
    ordinary = np.flatnonzero(problems.node >= 0)
    if pieces(grid, problems.borders) == len(atoms.special) - len(ordinary) == 0:
        return {}
    inner = problems.borders.where(grid[problems.borders.left] == grid[problems.borders.right])
    piece = inner.components(len(grid))[ordinary]
    table = pd.DataFrame(
        {"home": atoms.homes[atoms.home[ordinary]], "g": grid[ordinary], "p": piece}
    )
    counts = table.groupby("home")[["g", "p"]].nunique()
    return dict((counts["p"] - counts["g"]).items())


def _on_barriers(
    atoms: Atoms, problems: Problems, grid: Ints
) -> tuple[dict[str, float], float | None]:
    """Return the share of the borders between grids that lies along barriers: by community, all."""
    left, right, metres = problems.borders
    if problems.along is None:
        return {}, None
    apart = (grid[left] != grid[right]) & (metres > 0)
    home, size = atoms.home[left[apart]], len(atoms.homes)
    whole = np.bincount(home, metres[apart], size)
    along = np.bincount(home, problems.along.metres[apart], size)
    rows = np.flatnonzero(whole > 0)
    each = dict(zip(atoms.homes[rows], (along[rows] / whole[rows]).tolist(), strict=True))
    return each, math.fsum(along) / math.fsum(whole) if len(rows) else None


def _bridges(atoms: Atoms, problems: Problems) -> pd.DataFrame:
    left, right = problems.links.left, problems.links.right
    return pd.DataFrame(
        {"within": atoms.homes[atoms.home[left]], "a": atoms.names[left], "b": atoms.names[right]}
    )
