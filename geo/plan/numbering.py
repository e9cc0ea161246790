"""Codes of grids: kept where the grid is the same one, else the next free number."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import geopandas as gpd
import pandas as pd
import shapely

from geo.errors import BadFrameError, CodesExhaustedError
from geo.metrics import successors

LAST_NUMBER: Final = 999
# Special grids are numbered apart, so that cutting one out never shifts the ordinary sequence.
FIRST_SPECIAL: Final = 901
_AREAS: Final = ("code", "parent", "geometry")


def number_grids(
    new: gpd.GeoDataFrame,
    old: gpd.GeoDataFrame | None,
    *,
    households: pd.DataFrame,
    used_numbers: Iterable[str] = (),
) -> pd.Series:
    """Return the code of each new grid: a Series of 15-digit codes, index = that of `new`.

    A grid keeps a code when it shares more than half of its households with its predecessor, and
    the predecessor with it. Where both have no household, more than half of the area counts.
    Others take the next free numbers of their community, in reading order. A number ever used is
    never used again. Special grids keep the code they come with.

    Parameters
    ----------
    new
        Columns of areas: `code` (any label, unique; of a special grid its own code), `parent`
        (community), `geometry` and, if there, `special`.
    old
        The same of the grids in force; None or empty on the first numbering.
    households
        One row a building or atom: `new` (label), `old` (code or missing), `households`.
    used_numbers
        Every grid code ever used, those in force included.

    Raises
    ------
    BadFrameError
        When a column is absent or a label is not unique.
    CodesExhaustedError
        When a community has no free number left.

    Source: unit grid code (community + 3 digits, first west to east then north to south) after
    DB11/T 2157-2023; keeping and never reusing after the project's design.
    """
    old = new.iloc[:0] if old is None else old
    _demand(new, old, households)
    kept = _kept_by_households(new, old, households)
    kept = kept | _kept_by_area(new, old, households, kept)
    special = _special(new)
    codes = new["code"].where(special).astype("object")
    ordinary = new.loc[~special]
    codes = codes.fillna(ordinary["code"].map(kept))
    return _fill(codes, new, old.loc[~_special(old)], {*used_numbers, *old["code"]}).astype("str")


def grid_name(community_name: str, code: str) -> str:
    """Return the name a grid bears in the ledger.

    >>> grid_name("龙洞社区", "370102001001003")
    '龙洞社区第3网格'
    """
    return f"{community_name}第{int(code[-3:])}网格"


def _demand(new: pd.DataFrame, old: pd.DataFrame, households: pd.DataFrame) -> None:
    tables = (("new", new, _AREAS), ("old", old, _AREAS))
    absent = [f"{who}.{c}" for who, frame, names in tables for c in names if c not in frame]
    absent += [
        f"households.{c}" for c in ("new", "old", "households") if c not in households.columns
    ]
    if not absent:
        absent = [f"{who}.code (repeated)" for who, frame, _ in tables if _repeats(frame)]
    if absent:
        raise BadFrameError(contract="number_grids", columns=", ".join(absent))


def _repeats(frame: pd.DataFrame) -> bool:
    return bool(frame["code"].duplicated().any())


def _special(frame: pd.DataFrame) -> pd.Series:
    if "special" not in frame:
        return pd.Series(data=False, index=frame.index, dtype="bool")
    return frame["special"].fillna(value=False).astype("bool")


def _kept_by_households(
    new: pd.DataFrame, old: pd.DataFrame, households: pd.DataFrame
) -> dict[object, str]:
    """Return old code by new label where each holds more than half of the other's households."""
    return _pairs(successors(households), new, old)


def _kept_by_area(
    new: gpd.GeoDataFrame, old: gpd.GeoDataFrame, households: pd.DataFrame, kept: dict[object, str]
) -> dict[object, str]:
    """Return the same for grids that have no households, by area in common."""
    lived = households.loc[households["households"] > 0]
    fresh = new.loc[~new["code"].isin(lived["new"]) & ~new["code"].isin(list(kept))]
    gone = old.loc[~old["code"].isin(lived["old"]) & ~old["code"].isin(list(kept.values()))]
    theirs, ours = gone.sindex.query(fresh.geometry.to_numpy(), predicate="intersects")[::-1]
    a, b = fresh.geometry.to_numpy()[ours], gone.geometry.to_numpy()[theirs]
    common = 2 * shapely.area(shapely.intersection(a, b))
    both = (common > shapely.area(a)) & (common > shapely.area(b))
    labels = {"new": fresh["code"].to_numpy()[ours], "old": gone["code"].to_numpy()[theirs]}
    return _pairs(pd.DataFrame(labels).loc[both], new, old)


def _pairs(pairs: pd.DataFrame, new: pd.DataFrame, old: pd.DataFrame) -> dict[object, str]:
    """Return the pairs of ordinary grids that lie in the same community."""
    home_new = new.loc[~_special(new)].set_index("code")["parent"]
    home_old = old.loc[~_special(old)].set_index("code")["parent"]
    same = pairs["new"].map(home_new) == pairs["old"].map(home_old)
    chosen = pairs.loc[same.fillna(value=False)]
    return dict(zip(chosen["new"], chosen["old"], strict=True))


def _fill(codes: pd.Series, new: gpd.GeoDataFrame, old: pd.DataFrame, used: set[str]) -> pd.Series:
    """Return the codes with free numbers where they are missing."""
    from geo.atoms.order import reading_order  # noqa: PLC0415 with it come the makers of atoms

    middle = shapely.point_on_surface(new.geometry.to_numpy())
    x, y = shapely.get_x(middle), shapely.get_y(middle)
    numbers = pd.to_numeric(old["code"].str[-3:], errors="coerce").fillna(0)
    highest = numbers.groupby(old["parent"]).max()
    filled = codes.to_numpy(dtype="object", copy=True)
    for community, positions in new.groupby("parent").indices.items():
        rows = positions[pd.isna(filled[positions])]
        rows = rows[reading_order(x[rows], y[rows])]
        first = int(highest.get(community, 0)) + 1
        filled[rows] = _free(str(community), len(rows), first, used)
    return pd.Series(filled, index=codes.index)


def _free(community: str, count: int, first: int, used: set[str]) -> list[str]:
    """Return so many codes never used: after the highest in force, then in the gaps before it."""
    after = [*range(first, LAST_NUMBER + 1), *range(1, first)]
    codes = (f"{community}{number:03d}" for number in after)
    free = [code for code in codes if code not in used][:count]
    if len(free) < count:
        left = {"needed": count, "free": len(free)}
        raise CodesExhaustedError(community=community, first=1, last=LAST_NUMBER, **left)
    return free
