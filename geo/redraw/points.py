"""Building points as input: atoms are made from them, and their columns summed up by atom."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.atoms import make_atoms, outlines
from geo.atoms.coverage import check_points
from geo.errors import LockConflictError, NoGroundError
from geo.redraw.columns import anchors, are_flags, flags, kinds, rules_named, texts, weights
from geo.redraw.inputs import Columns, demand
from geo.redraw.remarks import Texts, remarks_of_spots, rules_of_rows, told
from geo.redraw.state import Ints, Reals

_ALL = "community of all"
_SHOWN = 5  # rows of one spot


class PointAtoms(NamedTuple):
    """Atoms with the columns a redraw needs, under the same names; the atom of each point.

    `remarks`: points that stand on the ground of another community, see `geo.redraw.remarks`.
    """

    atoms: gpd.GeoDataFrame
    atom_of_point: Ints
    remarks: pd.DataFrame


def are_points(frame: gpd.GeoDataFrame) -> bool:
    """Tell whether a table holds points only."""
    kinds = shapely.get_type_id(frame.geometry.to_numpy())
    return len(frame) > 0 and bool((kinds == shapely.GeometryType.POINT).all())


def without_collections_of_one(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the table with points instead of multipoints of one point, as many tools write."""
    shapes = frame.geometry.to_numpy()
    multi = shapely.get_type_id(shapes) == shapely.GeometryType.MULTIPOINT
    alone = multi & (shapely.get_num_geometries(shapes) == 1)
    if not alone.any():
        return frame
    return frame.set_geometry(np.where(alone, shapely.get_geometry(shapes, 0), shapes))


def unrounded(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the table with shapes as they are, from which anything can be made.

    What is made of those of `shapely.set_precision` is rounded too: a point in a thin part of an
    atom lay beside it.
    """
    shapes = frame.geometry.to_numpy()
    if not (shapely.get_precision(shapes) > 0).any():
        return frame
    return frame.set_geometry(shapely.set_precision(shapes, 0.0, mode="pointwise"))


def atoms_of_points(
    points: gpd.GeoDataFrame, columns: Columns, barriers: gpd.GeoDataFrame | None = None
) -> PointAtoms:
    """Return atoms made from building points, and which atom each point is in.

    Communities reach as far as the ground nearest to their points. Points on one spot share an
    atom; the estates they name are then one group.

    Raises
    ------
    BadPointsError
        When a point is empty or has no finite coordinates.
    LockConflictError
        When points on one spot are locked or anchored to two grids.
    NoGroundError
        When all points of a community lie on points of others.
    """
    demand(points, columns)
    check_points(points.geometry.to_numpy())
    table = points.reset_index(drop=True)
    home = _ALL if columns.within is None else columns.within
    table[home] = "" if columns.within is None else texts(table, columns.within)
    towns = outlines(table, home)
    estate = table[columns.groups] if columns.groups else None
    kept = {"households": 1, "estate": estate, "geometry": table.geometry}
    places = gpd.GeoDataFrame(kept, geometry="geometry", crs=points.crs)
    pieces = make_atoms(towns, places, barriers=barriers)
    without = ~table[home].isin(pieces["within"])
    if without.any():
        raise NoGroundError(within=table[home][without].iloc[0], count=int(without.sum()))
    named = table[home].to_numpy(dtype="object")
    atom, owner = _atom_of(pieces, table.geometry.to_numpy(), named)
    pieces[home] = pieces["within"]
    weight = weights(table[columns.weight], columns.weight)
    beside = [*rules_of_rows(table, columns), *_beside_special(table, named, weight, atom)]
    remarks = pd.concat([remarks_of_spots(table, columns, owner, named), told(beside)])
    homes = pieces["within"].to_numpy(dtype="object"), named
    frame = _with_rules(_summed(pieces, table, atom, columns), table, homes, columns)
    return PointAtoms(_with_held(frame, table, columns, (atom, named)), atom, remarks)


def _atom_of(atoms: gpd.GeoDataFrame, points: Texts, home: Texts) -> tuple[Ints, Texts]:
    """Return the first atom of its community that covers each point, or the nearest.

    Beside it the community that has its ground: its own wherever that covers it.
    """
    found, ground = (np.full(len(points), len(atoms), np.int64) for _ in range(2))
    codes = atoms["within"].to_numpy(dtype="object")
    point, atom = shapely.STRtree(atoms.geometry.to_numpy()).query(points, predicate="intersects")
    same = codes[atom] == home[point]
    np.minimum.at(found, point[same], atom[same])
    np.minimum.at(ground, point, atom)
    away = (found == len(atoms)) & (ground < len(atoms))
    owner = np.where(away, codes[np.where(away, ground, 0)], home)
    for lost in np.flatnonzero(found == len(atoms)):
        ours = np.flatnonzero(codes == home[lost])
        far = shapely.distance(points[lost], atoms.geometry.to_numpy()[ours])
        found[lost] = ours[int(np.argmin(far))]
    return found, owner


def _summed(
    atoms: gpd.GeoDataFrame, points: pd.DataFrame, atom: Ints, columns: Columns
) -> gpd.GeoDataFrame:
    """Return the atoms with the points' columns under their own names."""
    weight = pd.to_numeric(points[columns.weight]).astype("float64")
    frame = atoms[["geometry"]].assign(atom=_names(atoms, points, weight, atom))
    if columns.within is not None:
        frame[columns.within] = atoms[columns.within]
    frame[columns.weight] = np.bincount(atom, weight, len(atoms))
    if columns.groups is not None:
        frame[columns.groups] = _joined_groups(points[columns.groups], atom, len(atoms))
    for column in (columns.previous, "special"):
        if column is not None and column in points:
            frame[column] = _of_the_heaviest(points[column], weight, atom, len(atoms))
    return frame


def _names(atoms: gpd.GeoDataFrame, points: pd.DataFrame, weight: pd.Series, atom: Ints) -> Texts:
    """Return for each atom the name of its heaviest point, so that sentences name a building.

    Its own name where it has no point; those of all where points share a name.
    """
    called = texts(points, "atom") if "atom" in points else np.arange(len(points)).astype("str")
    named = _of_the_heaviest(pd.Series(called, dtype="object"), weight, atom, len(atoms))
    own = atoms["atom"].to_numpy(dtype="object")
    found = np.where(pd.isna(named), own, named)
    return own if pd.Series(found).duplicated().any() else found


def _with_rules(
    frame: gpd.GeoDataFrame, points: gpd.GeoDataFrame, home: tuple[Texts, Texts], columns: Columns
) -> gpd.GeoDataFrame:
    """Return the atoms with the rule of their community, which its points say.

    `home` is the community of each atom, and of each point.
    """
    if "rule" not in points:
        return frame
    towns = pd.Index(pd.unique(home[1]))
    special = flags(points, "special" if "special" in points else None)
    weight = weights(points[columns.weight], columns.weight)
    named = rules_named(points, towns.get_indexer(home[1]), special, weight)
    rule = np.asarray(kinds(named, len(towns)), dtype=object)
    return frame.assign(rule=rule[towns.get_indexer(home[0])])


def _with_held(
    frame: gpd.GeoDataFrame, points: gpd.GeoDataFrame, columns: Columns, where: tuple[Ints, Texts]
) -> gpd.GeoDataFrame:
    """Return the atoms with the locks and anchors of all their points, and the grids these name.

    A spot is held by any of its points, however light. `where` is the atom of each point, and its
    community.
    """
    atom, count = where[0], len(frame)
    anchor = anchors(points, columns, np.arange(len(points)).astype("str").astype(object))
    locked, previous = flags(points, columns.locked), texts(points, columns.previous)
    marks = columns.anchors is not None and are_flags(points, columns.anchors)
    held = previous.copy() if not marks else np.where(locked, previous, anchor)
    held[~(locked | marks)] = None
    grid = _only(held, count, where)
    if columns.locked is not None:
        frame[columns.locked] = np.bincount(atom, locked, count) > 0
    if columns.anchors is not None:
        named = _only(anchor, count, where)
        frame[columns.anchors] = ~pd.isna(named) if marks else named
    if columns.previous is not None:
        today = np.isin(grid, pd.unique(previous[~pd.isna(previous)]))
        frame[columns.previous] = np.where(today, grid, texts(frame, columns.previous))
    return frame


def _only(values: Texts, count: int, where: tuple[Ints, Texts]) -> Texts:
    """Return the one value that points of each atom have, None where none has.

    Raises
    ------
    LockConflictError
        When points of one atom have two.
    """
    (atom, home), only = where, np.full(count, None, dtype=object)
    rows = np.flatnonzero(~pd.isna(values))
    only[atom[rows[::-1]]] = values[rows[::-1]]
    other = rows[only[atom[rows]] != values[rows]]
    if len(other):
        row = other[0]
        first = rows[atom[rows] == atom[row]][0]
        spot = f"{first + 1}: {values[first]} ≠ {row + 1}: {values[row]}"
        spot = f"同一位置的两行 rows on one spot {spot}"
        raise LockConflictError(within=home[row] or "–", atoms=spot)
    return only


def _beside_special(
    points: gpd.GeoDataFrame, home: Texts, weight: Reals, atom: Ints
) -> list[dict[str, object]]:
    """Return a remark for each community where others share a spot with a special grid."""
    special = flags(points, "special" if "special" in points else None)
    mixed = np.isin(atom, atom[special]) & np.isin(atom, atom[~special])
    return [
        {
            "kind": "special_beside", "name": _listed(rows[special[rows]]), "within": name or "–",
            "rows": int((~special[rows]).sum()),
            "households": float(weight[rows[~special[rows]]].sum()),
        }
        for name in pd.unique(home[mixed])
        for rows in (np.flatnonzero(mixed & (home == name)),)
    ]  # fmt: skip


def _listed(rows: Ints) -> str:
    """Return the first of some positions as numbers of rows, from 1."""
    more = " …" if len(rows) > _SHOWN else ""
    return f"{', '.join(str(row + 1) for row in rows[:_SHOWN])}{more}"


def _of_the_heaviest(values: pd.Series, weight: pd.Series, atom: Ints, count: int) -> Texts:
    """Return for each atom the value of its heaviest point that has one; None without.

    Of points that weigh the same the lowest text counts, so that the order of rows does not.
    """
    table = pd.DataFrame({"atom": atom, "value": values, "weight": weight.to_numpy()})
    table = table.loc[table["value"].notna()].assign(text=lambda rows: rows["value"].astype("str"))
    order = ["atom", "weight", "text"]
    first = table.sort_values(order, ascending=[True, False, True]).drop_duplicates("atom")
    found = np.full(count, None, dtype=object)
    found[first["atom"].to_numpy(np.int64)] = first["value"].to_numpy(dtype=object)
    return found


def _joined_groups(groups: pd.Series, atom: Ints, count: int) -> Texts:
    """Return a group for each atom that holds a member: groups that share an atom are one.

    It has the lowest of their names.
    """
    texts = groups.astype("object").where(groups.notna(), "").astype("str").str.strip()
    rows = np.flatnonzero(texts != "")
    member, names = pd.factorize(texts.iloc[rows])
    size = count + len(names)
    edges = coo_array((np.ones(len(rows)), (atom[rows], member + count)), shape=(size, size))
    part = connected_components(edges, directed=False)[1]
    joined = np.full(count, None, dtype=object)
    lowest = pd.Series(names).groupby(part[count:]).min()
    joined[atom[rows]] = lowest.loc[part[atom[rows]]].to_numpy(dtype=object)
    return joined
