"""A plan held against the rows it was drawn from: counted and measured anew, not as searched."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.atoms.coverage import are_thin, metres_per_unit
from geo.atoms.edges import Geometries
from geo.errors import WrongPlanError
from geo.metrics import in_band
from geo.redraw.columns import Columns, anchors, flags, texts, weights
from geo.redraw.result import Redrawn
from geo.redraw.state import Flags, Ints
from geo.rules import Rules

Audit: TypeAlias = dict[str, int | float | bool]

# More than these shares is a fault. Of all ground: a gap or an overlap. Of a grid's own: its atoms
# may be noded on a grid of 1e-7 m, and overlap by rounding.
_ALLOWED: Final = {"area_error": 1e-9, "grid_area_error": 1e-5}
_DIGITS: Final = 12  # what is beyond depends on the order of rows
_HOUSEHOLDS: Final = 1e-9  # of them, from adding them up in another order
_NOTHING: Final = None
_END: Final = 1e-3  # of an edge: so much at its ends may touch another grid
_ALONG: Final = 1e-10  # of an edge: what is as near as that lies along it


class _Rows(NamedTuple):
    """What the rows given say of each atom; codes as numbers, -1: none."""

    grid: Ints  # position in the table of grids, or beyond it
    home: Ints
    special: Flags
    locked: NDArray[np.object_]  # the grid it is locked to, or None
    anchor: NDArray[np.object_]  # name of its anchor, or None
    previous: NDArray[np.object_]


def audit(rows: gpd.GeoDataFrame, columns: Columns, rules: Rules, drawn: Redrawn) -> Audit:
    """Return what was counted: every figure named for a fault is 0.

    `rows` are the atoms (polygons) as given; nothing of the search is used but its labels and the
    bridges it reported.

    Raises
    ------
    WrongPlanError
        When the plan breaks what every plan must hold: which, and how often.
    """
    began = time.perf_counter()
    with ThreadPoolExecutor(1) as pool:  # shapely lets go of the GIL
        fitting = pool.submit(_misfits, drawn.grids.geometry.to_numpy())
        found = _counted(rows, columns, rules, drawn)
        found["misfitting_borders"] = fitting.result()
    _refuse(found)
    seconds = time.perf_counter() - began
    return {"passed": True, "atoms": len(rows), "grids": len(drawn.grids), **found} | {
        "seconds": seconds
    }


def audit_points(rows: gpd.GeoDataFrame, columns: Columns, drawn: Redrawn) -> Audit:
    """Return the audit of a plan whose labels are by building, with what the buildings add up to.

    Raises
    ------
    WrongPlanError
        When a grid has not the households of its buildings.
    """
    codes = pd.Index(drawn.grids["code"])
    place = np.asarray(codes.get_indexer(drawn.labels), np.int64)
    lost = {"points_without_grid": int((place < 0).sum())}
    _refuse(lost)
    lost["lost_households"] = _off(rows, columns, drawn, place)
    _refuse(lost)
    return drawn.report.audit | lost | {"points": len(rows)}


def _refuse(found: dict[str, int | float] | dict[str, int]) -> None:
    wrong = [f"{name} {n}" for name, n in found.items() if n > _ALLOWED.get(name, 0)]
    if wrong:
        raise WrongPlanError(faults=", ".join(wrong))


def _off(rows: gpd.GeoDataFrame, columns: Columns, drawn: Redrawn, place: Ints) -> int:
    """Return how many grids have not the households of the rows in them."""
    load = np.bincount(place, weights(rows[columns.weight], columns.weight), len(drawn.grids))
    off = np.abs(load - drawn.grids["households"].to_numpy(np.float64))
    return int((off > _HOUSEHOLDS * np.maximum(load, 1.0)).sum())


def _counted(
    rows: gpd.GeoDataFrame, columns: Columns, rules: Rules, drawn: Redrawn
) -> dict[str, int | float]:
    grids = drawn.grids
    place = pd.factorize(np.r_[grids["code"].to_numpy(object), drawn.labels.to_numpy(object)])[0]
    told = _told(rows, columns, place[len(grids) :])
    faults: dict[str, int | float] = {
        "repeated_codes": len(grids) - len(np.unique(place[: len(grids)])),
        "atoms_without_grid": int((told.grid >= len(grids)).sum()),
        "grids_without_atoms": len(grids) - len(np.unique(told.grid[told.grid < len(grids)])),
    }
    if not any(faults.values()):
        faults |= _miscounted(rows, columns, rules, drawn, told)
        faults |= _misplaced(rows, columns, told, grids)
        faults["broken_grids"] = _broken(rows, drawn, told.grid)
        faults |= _area_errors(rows, grids, told.grid)
    return faults


def _told(rows: gpd.GeoDataFrame, columns: Columns, grid: Ints) -> _Rows:
    previous = texts(rows, columns.previous)
    locked = previous.copy()
    locked[~flags(rows, columns.locked)] = None
    special = flags(rows, "special" if "special" in rows else None)
    home = pd.factorize(texts(rows, columns.within))[0]
    return _Rows(
        np.asarray(grid, np.int64),
        np.asarray(home, np.int64),
        special,
        locked,
        anchors(rows, columns),
        previous,
    )


def _miscounted(
    rows: gpd.GeoDataFrame, columns: Columns, rules: Rules, drawn: Redrawn, told: _Rows
) -> dict[str, int]:
    """Return grids whose households, or being in band, are not what the rows add up to."""
    grids = drawn.grids
    rule = drawn.report.communities.set_index("within")["rule"]
    ordinary = ~grids["special"].to_numpy(np.bool_)
    good = np.ones(len(grids), np.bool_)
    for kind, members in grids.loc[ordinary].groupby(grids["within"].map(rule)).groups.items():
        good[members] = in_band(grids.loc[members, "households"].to_numpy(), rules.band(str(kind)))
    return {
        "lost_households": _off(rows, columns, drawn, told.grid),
        "misjudged_bands": int((good != grids["in_band"].to_numpy(np.bool_)).sum()),
    }


def _misplaced(
    rows: gpd.GeoDataFrame, columns: Columns, told: _Rows, grids: gpd.GeoDataFrame
) -> dict[str, int]:
    """Return grids in two communities, groups in two grids, locks and specials not kept."""
    group = pd.factorize(texts(rows, columns.groups))[0]
    grouped = (group >= 0) & ~told.special
    alone = np.flatnonzero(told.special)
    own = np.where(told.previous[alone] == _NOTHING, alone, -1)
    key = pd.DataFrame({"home": told.home[alone], "name": told.previous[alone], "own": own})
    site = key.groupby(["home", "name", "own"], dropna=False).ngroup().to_numpy()
    marked = grids["special"].to_numpy(np.bool_)[told.grid]
    return {
        "grids_across_communities": _several(told.grid, told.home),
        "split_groups": _several(*_of(grouped, _pairs(told.home, group), told.grid)),
        "broken_locks": _unkept(told, told.locked) + _unkept(told, told.anchor),
        "touched_specials": int((marked != told.special).sum())
        + _several(site, told.grid[alone])
        + _several(told.grid[alone], site),
    }


def _unkept(told: _Rows, names: NDArray[np.object_]) -> int:
    """Return how many names of grids are in several, and how many grids have several names."""
    bound = ~told.special & (names != _NOTHING)
    name = pd.factorize(names)[0]
    apart = _several(*_of(bound, _pairs(told.home, name), told.grid))
    return apart + _several(*_of(bound, told.grid, name))


def _of(mask: Flags, one: Ints, other: Ints) -> tuple[Ints, Ints]:
    return one[mask], other[mask]


def _pairs(one: Ints, other: Ints) -> Ints:
    """Return a number for each pair of numbers."""
    return one * (int(other.max(initial=0)) + 2) + other


def _several(keys: Ints, values: Ints) -> int:
    """Return how many keys go with more than one value."""
    key = pd.factorize(keys)[0]
    last = np.zeros(len(key), np.int64)
    last[key] = values
    return len(np.unique(key[last[key] != values]))


def _area_errors(rows: gpd.GeoDataFrame, grids: gpd.GeoDataFrame, place: Ints) -> dict[str, float]:
    """Return by which share the grids' ground is off that of the atoms: in all, and the worst."""
    ground = shapely.area(rows.geometry.to_numpy())
    whole = np.bincount(place, ground, len(grids))
    area = shapely.area(grids.geometry.to_numpy())
    error = abs(area.sum() - whole.sum()) / whole.sum()
    if error > _ALLOWED["area_error"]:  # atoms may overlap by rounding: their union is the measure
        union = shapely.area(shapely.union_all(rows.geometry.to_numpy()))
        error = abs(area.sum() - union) / union
    off = np.abs(area - whole) / whole
    for grid in np.flatnonzero(off > _ALLOWED["grid_area_error"]):
        own = shapely.union_all(rows.geometry.to_numpy()[place == grid])
        other = shapely.symmetric_difference(own, grids.geometry.iloc[grid])
        if are_thin(np.asarray([other], dtype=object), metres_per_unit(rows)).all():
            off[grid] = 0.0  # of strips that two atoms cover the first has the ground
    worst = float(off.max())
    return {"area_error": round(float(error), _DIGITS), "grid_area_error": round(worst, _DIGITS)}


def _misfits(shapes: Geometries) -> int:
    """Return how many grids have a border that is not a neighbour's too, where one lies beside it.

    GEOS (3.14) names a hole a millimetre wide as well where another grid touches one corner of it:
    what it names counts where another grid lies along it.
    """
    if shapely.coverage_is_valid(shapes):
        return 0
    lines, own = shapely.get_parts(shapely.coverage_invalid_edges(shapes), return_index=True)
    at, line = shapely.get_coordinates(lines, return_index=True)
    one = line[1:] == line[:-1]
    start, end, own = at[:-1][one], at[1:][one], own[line[:-1][one]]
    inner = [start + share * (end - start) for share in (_END, 1 - _END)]
    reach = _ALONG * np.hypot(*(end - start).T)
    tree = shapely.STRtree(shapes)
    segment, other = tree.query(
        shapely.linestrings(np.stack(inner, axis=1)), predicate="dwithin", distance=reach
    )
    return len(np.unique(own[segment[own[segment] != other]]))


def _broken(rows: gpd.GeoDataFrame, drawn: Redrawn, place: Ints) -> int:
    """Return how many grids are in pieces that no atom and no reported bridge joins."""
    shapes = drawn.grids.geometry.to_numpy()
    ordinary = ~drawn.grids["special"].to_numpy(np.bool_)  # special ones stay as they are
    torn = np.flatnonzero((shapely.get_num_geometries(shapes) > 1) & ordinary)
    if not len(torn):
        return 0
    links = _links(rows, drawn)
    here = np.flatnonzero(np.isin(place, torn))
    parts, of_torn = shapely.get_parts(shapes[torn], return_index=True)
    atom_parts, of_atom = shapely.get_parts(rows.geometry.to_numpy()[here], return_index=True)
    spot, part = shapely.STRtree(parts).query(
        shapely.point_on_surface(atom_parts), predicate="intersects"
    )
    same = place[here[of_atom[spot]]] == torn[of_torn[part]]
    left, right = part[same], len(parts) + here[of_atom[spot[same]]]
    bridged = links[place[links[:, 0]] == place[links[:, 1]]] + len(parts)
    ends = np.r_[left, bridged[:, 0]], np.r_[right, bridged[:, 1]]
    size = len(parts) + len(rows)
    graph = coo_array((np.ones(len(ends[0])), ends), shape=(size, size))
    piece = connected_components(graph, directed=False)[1][: len(parts)]
    return _several(of_torn.astype(np.int64), piece.astype(np.int64))


def _links(rows: gpd.GeoDataFrame, drawn: Redrawn) -> Ints:
    """Return the reported bridges as pairs of positions of atoms."""
    bridges = drawn.report.bridges
    if "atom" in rows:
        place = pd.Index(texts(rows, "atom"))
        return np.stack([place.get_indexer(bridges[end]) for end in ("a", "b")], axis=1)
    return np.asarray(bridges[["a", "b"]].to_numpy().astype(np.int64), np.int64)
