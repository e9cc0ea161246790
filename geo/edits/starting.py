"""A draft begun: from today's grids, from a plan, or from nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from types import MappingProxyType
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.edits.draft import Draft, Grids, Ground
from geo.errors import BadFrameError
from geo.redraw.barriers import read_barriers
from geo.redraw.codes import free_codes
from geo.redraw.inputs import Atoms, Columns, read_atoms
from geo.redraw.problem import Problem, problems_of, todays_grids
from geo.redraw.state import NONE, Ints
from geo.rules import Rules, barrier_rules

_PLAN: Final = "grid of the plan"


def begin(
    atoms: gpd.GeoDataFrame,
    columns: Columns,
    rules: Rules,
    *,
    plan: pd.Series | None = None,
    taken: Iterable[str] = (),
    barriers: gpd.GeoDataFrame | None = None,
) -> Draft:
    """Return a draft in which every atom is where it is today, or where a plan has it.

    An estate that lies in several grids is in the one that holds most of its households; of a
    code in several communities the one with most households keeps it, the others get free ones.

    Parameters
    ----------
    atoms, columns, rules
        As `geo.redraw.redraw` takes them; `columns.previous` is today's grid.
    plan
        Code of each atom's grid (missing: none), indexed like the atoms.
    taken
        More codes that no new grid is to bear: those of grids long gone.
    barriers
        Roads, rivers, walls that borders drawn anew should run along: as `geo.redraw.redraw`.

    Raises
    ------
    BadFrameError
        When the plan is not indexed like the atoms.
    JingweiError
        Whatever else `geo.redraw.redraw` refuses.
    """
    fences = None
    if barriers is not None:
        fences = read_barriers(barriers, atoms, barrier_rules(rules))
        rules = replace(rules, weights=rules.weights._replace(border=fences.rules.price))
    today = read_atoms(atoms, columns, fences)
    row = {str(name): place for place, name in enumerate(today.names)}
    codes = _codes(atoms, today, plan)
    problems = problems_of(replace(today, previous=codes))
    known = frozenset(str(code) for code in (*codes, *today.previous, *taken) if code is not None)
    size = np.bincount(problems.node[problems.node >= 0]).astype(np.int64)
    home = np.repeat(range(len(problems.each)), [len(p.graph.weight) for p in problems.each])
    grids = todays_grids(today, problems.node, len(home))
    index, homes, names = atoms.index, home.astype(np.int64), MappingProxyType(row)
    ground = Ground(index, today, problems, rules, names, homes, size, grids, codes, known)
    return _draft(ground)


def _codes(frame: gpd.GeoDataFrame, atoms: Atoms, plan: pd.Series | None) -> NDArray[np.object_]:
    """Return the code each atom starts with, None where it has none."""
    if plan is None:
        return atoms.previous
    if not plan.index.equals(frame.index):
        raise BadFrameError(contract="draft", columns="plan (index)")
    codes = np.asarray(plan.astype("object"), dtype=object).copy()
    there = np.asarray(plan.notna(), np.bool_)
    codes[~there] = None
    codes[there] = [str(code) for code in codes[there]]
    return codes


def _draft(ground: Ground) -> Draft:
    """Return the draft, each code the grid of one community."""
    parts = [_named(problem, home) for home, problem in enumerate(ground.problems.each)]
    table = pd.concat([pd.DataFrame(columns=["node", "home", "code", "weight"]), *parts])
    loads = table.groupby(["code", "home"], as_index=False)["weight"].sum()
    loads = loads.sort_values(["weight", "home"], ascending=[False, True])
    loads["again"] = loads["code"].duplicated()
    loads = loads.sort_values(["again", "home", "code"], ignore_index=True)
    loads["name"] = _names(ground, loads)
    place = loads.reset_index(names="number").set_index(["code", "home"])["number"]
    labels = np.full(len(ground.home), NONE, np.int64)
    found = place.reindex(pd.MultiIndex.from_frame(table[["code", "home"]]))
    labels[table["node"].to_numpy(np.int64)] = found.to_numpy(np.int64)
    labels.flags.writeable = False
    return Draft(ground, Grids(tuple(loads["name"]), tuple(loads["home"].astype(int))), labels)


def _named(problem: Problem, home: int) -> pd.DataFrame:
    """Return node, community, code and weight of the nodes that have a grid."""
    place = np.where(problem.wanted >= 0, problem.wanted, problem.graph.home)
    here = np.flatnonzero(place >= 0)
    return pd.DataFrame(
        {
            "node": problem.first + here,
            "home": home,
            "code": problem.kept[place[here]],
            "weight": problem.graph.weight[here],
        }
    )


def _names(ground: Ground, loads: pd.DataFrame) -> list[str]:
    """Return the codes, free ones where a code is another community's already."""
    names: list[str] = []
    for code, home, again in zip(loads["code"], loads["home"], loads["again"], strict=True):
        within = ground.community(home).name
        name = free_codes(within, 1, 1, (set(names), set(ground.taken)))[0] if again else code
        names.append(str(name))
    return names


def fresh_codes(draft: Draft, home: int, count: int, begin: int = 1) -> list[str]:
    """Return codes for new grids of a community, from a number on, none of today or before.

    Those of grids that ended come again only when the 999 of the community run out.
    """
    there = {draft.grids.codes[number] for number in draft.present()}
    used = {*draft.ground.taken, *draft.grids.codes}
    return free_codes(draft.ground.community(home).name, count, begin, (there, used))


def grid_nodes(draft: Draft, number: int) -> Ints:
    """Return the nodes of a grid."""
    return np.flatnonzero(draft.labels == number)
