"""The columns of a table of atoms: which holds what, and their values, checked row by row."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.errors import (
    BadFlagError,
    BadWeightError,
    LockedNowhereError,
    LocksNeedPreviousError,
    NoCommunityError,
    NoRowsError,
    NoShapesError,
    NoSuchColumnsError,
    RepeatedAtomError,
    RepeatedColumnError,
    WrongColumnError,
)
from geo.redraw.state import Flags, Ints, Reals

_YES: Final = "1 1.0 true t yes y on 是 有 对 √ ✓ ✔ 锁定 已锁定"
_NO: Final = "0 0.0 false f no n off 否 无 × ✗ - 未锁定 不锁定"
_TRUE: Final = frozenset(_YES.split())
_FALSE: Final = frozenset(_NO.split()) | {""}
_OWN: Final = ("atom", "rule", "special")  # used where they are there, without being named
_MOST: Final = 1e12  # more households than this is a slip of the hand
_SHOWN: Final = 10
_NOTHING: Final = None
_USES: Final = {
    "weight": ("户数", "households"),
    "within": ("社区", "communities"),
    "groups": ("小区", "estates"),
    "previous": ("现有网格", "today's grids"),
    "locked": ("锁定", "locks"),
    "anchors": ("锚点", "anchors"),
}
_MARKS: Final = ("locked", "anchors")
# By how pandas calls what a column holds.
_KINDS: Final = {
    "geometry": ("图形", "shapes"),
    "bool": ("是与否", "yes and no"),
    "date": ("日期", "dates"),
    "timedelta": ("时长", "spans of time"),
    "bytes": ("字节", "bytes"),
    "several": ("列表", "lists"),
}
_MIXED: Final = {"geometry": shapely.Geometry, "several": (list, tuple, set, dict, np.ndarray)}


@dataclass(frozen=True)
class Columns:
    """Which column of the atoms holds what; None where there is none."""

    weight: str
    within: str | None = None
    groups: str | None = None
    previous: str | None = None
    locked: str | None = None
    anchors: str | None = None

    def named(self) -> list[str]:
        """Return the columns named; the weight always is."""
        named = self.by_use()
        return [self.weight, *(column for use, column in named.items() if use != "weight")]

    def by_use(self) -> dict[str, str]:
        """Return the columns named, by what they are for."""
        found = ((use, getattr(self, use)) for use in _USES)
        return {use: column for use, column in found if column is not None}


def demand(rows: gpd.GeoDataFrame, columns: Columns) -> None:
    """Raise where a table cannot be read by these columns.

    Raises
    ------
    NoRowsError, NoShapesError
        When there is nothing to draw.
    NoSuchColumnsError, RepeatedColumnError, WrongColumnError
        When a column named is absent, there twice, or of shapes, dates or flags that it cannot be.
    NoCommunityError, BadWeightError, BadFlagError
        When a value is missing or none of its kind: how many rows, and the first.
    LocksNeedPreviousError, LockedNowhereError
        When atoms are locked and nothing says in which grid.
    """
    demand_shapes(rows, "输入", "The input")
    if not len(rows):
        raise NoRowsError
    _demand_columns(rows, columns)
    if columns.within is not None:
        lost = np.flatnonzero(_blank(rows[columns.within]))
        if len(lost):
            raise NoCommunityError(column=columns.within, count=len(lost), rows=_shown(lost))
    weights(rows[columns.weight], columns.weight)
    if columns.locked is not None:
        _demand_locks(rows, columns.locked, columns.previous)


def demand_shapes(rows: pd.DataFrame, zh: str, en: str) -> None:
    """Raise where a table, called so in two languages, has no geometries.

    Raises
    ------
    NoShapesError
    """
    if not isinstance(rows, gpd.GeoDataFrame) or rows.active_geometry_name is None:
        raise NoShapesError(zh=zh, en=en)


def _demand_columns(rows: gpd.GeoDataFrame, columns: Columns) -> None:
    absent = [column for column in columns.named() if column not in rows]
    if absent:
        known = ", ".join(map(str, rows.columns))
        raise NoSuchColumnsError(columns=", ".join(map(str, absent)), known=known)
    every = list(rows.columns)
    for column in (*columns.named(), *_OWN, rows.active_geometry_name):
        if every.count(column) > 1:
            raise RepeatedColumnError(column=column)
    for use, column in columns.by_use().items():
        demand_kind(rows[column], use)


def demand_kind(series: pd.Series, use: str) -> None:
    """Raise where a column holds what can be neither a number, nor a name, nor a mark.

    `use` is a field of `Columns`.

    Raises
    ------
    WrongColumnError
    """
    kind = series.dtype.name
    if kind == "object":  # a column with gaps may hold anything
        kind = pd.api.types.infer_dtype(series, skipna=True)
        first = series.dropna().iloc[0] if kind == "mixed" else None
        kind = next((name for name, types in _MIXED.items() if isinstance(first, types)), kind)
    marks = use in _MARKS and kind in ("bool", "boolean")
    found = next((words for start, words in _KINDS.items() if kind.startswith(start)), None)
    if found is not None and not marks:
        (found_zh, found_en), (use_zh, use_en) = found, _USES[use]
        raise WrongColumnError(
            column=series.name, found_zh=found_zh, found_en=found_en, use_zh=use_zh, use_en=use_en
        )


def _blank(series: pd.Series) -> Flags:
    """Tell which values are missing or nothing but blanks."""
    missing = series.isna()
    if not pd.api.types.is_numeric_dtype(series):
        missing = missing | (series.astype("str").str.strip() == "")
    return np.asarray(missing, np.bool_)


def _demand_locks(rows: gpd.GeoDataFrame, locked: str, previous: str | None) -> None:
    if previous is None:
        raise LocksNeedPreviousError(column=locked)
    nowhere = np.flatnonzero(flags(rows, locked) & _blank(rows[previous]))
    if len(nowhere):
        raise LockedNowhereError(
            column=locked, previous=previous, count=len(nowhere), rows=_shown(nowhere)
        )


def _shown(rows: Ints) -> str:
    """Return the first of some positions as numbers of rows, from 1."""
    return ", ".join(str(row + 1) for row in rows[:_SHOWN])


def names(atoms: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """Return the name of each atom: its own, or else the number of its row from 0.

    So a plan's report and its file call an atom alike.

    Raises
    ------
    RepeatedAtomError
        When the column `atom` has a name twice, or none.
    """
    if "atom" not in atoms:
        return np.asarray(pd.Series(range(len(atoms))).astype("str"), dtype=object)
    found = texts(atoms, "atom")
    again = np.flatnonzero(pd.Series(found).duplicated(keep=False) | (found == _NOTHING))
    if len(again):
        value = found[again[0]] or ""
        raise RepeatedAtomError(count=len(again), rows=_shown(again), value=value)
    return found


def weights(series: pd.Series, column: str) -> Reals:
    """Return the weights as numbers, checked."""
    if pd.api.types.is_complex_dtype(series):
        series = series.astype("str")
    weight = np.asarray(pd.to_numeric(series, errors="coerce"), np.float64)
    bad = ~((weight >= 0) & (weight <= _MOST))
    if bad.any():
        value = series.iloc[int(bad.argmax())]
        rows = _shown(np.flatnonzero(bad))
        raise BadWeightError(column=column, count=int(bad.sum()), rows=rows, value=value)
    return weight


def texts(atoms: gpd.GeoDataFrame, column: str | None) -> NDArray[np.object_]:
    """Return a column as texts without blanks around them, None where missing or empty.

    Whole numbers are without a decimal point, whatever they are stored as.
    """
    if column is None:
        return np.full(len(atoms), None, dtype=object)
    series = atoms[column]
    if pd.api.types.is_float_dtype(series) and (series.dropna() % 1 == 0).all():
        series = series.astype("Int64")
    if pd.api.types.is_object_dtype(series):
        series = series.map(_without_point)
    found = np.array(series.astype("str").str.strip(), dtype=object)
    found[_blank(series)] = None
    return found


def _without_point(value: object) -> object:
    """Return a number that is whole as such, anything else as it is."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def flags(atoms: gpd.GeoDataFrame, column: str | None) -> Flags:
    """Return a column of yes and no as such; missing means no.

    Raises
    ------
    BadFlagError
        When a value is neither: how many, and where.
    """
    if column is None:
        return np.zeros(len(atoms), np.bool_)
    words = _words(texts(atoms, column))
    bad = np.asarray([word not in _TRUE and word not in _FALSE for word in words], np.bool_)
    if bad.any():
        rows, value = _shown(np.flatnonzero(bad)), words[int(bad.argmax())]
        raise BadFlagError(column=column, count=int(bad.sum()), rows=rows, value=value)
    return np.asarray([word in _TRUE for word in words], np.bool_)


def _words(found: NDArray[np.object_]) -> list[str]:
    return [str(text).lower() if text is not None else "" for text in found]


def groups(atoms: gpd.GeoDataFrame, column: str | None) -> Ints:
    """Return the group of each atom as a number, -1 where it has none (missing or empty text)."""
    return np.asarray(pd.factorize(texts(atoms, column))[0], np.int64)


def are_flags(atoms: gpd.GeoDataFrame, column: str | None) -> bool:
    """Tell whether a column holds nothing but yes and no."""
    return set(_words(texts(atoms, column))) <= _TRUE | _FALSE


def anchors(
    atoms: gpd.GeoDataFrame, columns: Columns, called: NDArray[np.object_] | None = None
) -> NDArray[np.object_]:
    """Return the name of the grid each anchored atom must be in.

    A column of yes and no anchors an atom to today's grid, or, without one, to a grid of its own;
    other values name the grid. `called`: names of the atoms, None: as `names` has them.
    """
    found = texts(atoms, columns.anchors)
    if columns.anchors is None:
        return found
    words = _words(found)
    found[[word in _FALSE for word in words]] = None
    if not set(words) <= _TRUE | _FALSE:
        return found
    yes = np.asarray([word in _TRUE for word in words], np.bool_)
    previous = texts(atoms, columns.previous)
    called = names(atoms) if called is None else called
    own = np.asarray([f"anchor {name}" for name in called], dtype=object)
    anchor = np.asarray(np.where(np.asarray(pd.isna(previous)), own, previous), dtype=object)
    anchor[~yes] = None
    return anchor


def kinds(named: pd.DataFrame, count: int) -> tuple[str, ...]:
    """Return the rule of each of so many communities, from `rules_named`; urban where none is."""
    rule = np.full(count, "urban", dtype=object)
    top = named.drop_duplicates("home")
    rule[top["home"].to_numpy(np.int64)] = top["rule"].to_numpy(dtype=object)
    return tuple(str(name) for name in rule)


def rules_named(atoms: gpd.GeoDataFrame, home: Ints, special: Flags, weight: Reals) -> pd.DataFrame:
    """Return the rules that ordinary rows of each community name, the one that holds first.

    `home`, `rule`, `rows`, `households`. It is that of the most households, else of the most rows,
    else the first by name: whatever the order of the rows.
    """
    found = texts(atoms, "rule" if "rule" in atoms else None)
    rows = np.flatnonzero(~special & (found != _NOTHING))
    columns = {"home": home[rows], "rule": found[rows], "households": weight[rows]}
    named = pd.DataFrame(columns).groupby(["home", "rule"])["households"].agg(["size", math.fsum])
    named = named.reset_index().set_axis(["home", "rule", "rows", "households"], axis=1)
    order = ["home", "households", "rows", "rule"]
    return named.sort_values(order, ascending=[True, False, False, True], ignore_index=True)
