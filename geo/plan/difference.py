"""What a plan changes: the pieces that move, the codes that stay, where each grid came from."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from geo.errors import BadFrameError, StaleDiffError


@dataclass(frozen=True, eq=False)
class PlanDiff:
    """The difference between two assignments of the same pieces (atoms, or buildings) to grids.

    Parameters
    ----------
    moves
        One row a piece that moves, index = the piece: `old`, `new` (codes, missing where in no
        grid), `households`.
    lineage
        See `lineage`.
    kept, fresh, gone
        Codes in both, only in the new and only in the old assignment, ascending.
    households, people, buildings, estates
        How many of each change grid; an estate counts once.
    """

    moves: pd.DataFrame
    lineage: pd.DataFrame
    kept: tuple[str, ...]
    fresh: tuple[str, ...]
    gone: tuple[str, ...]
    households: int
    people: int
    buildings: int
    estates: int


def compare(old: pd.Series, new: pd.Series, pieces: pd.DataFrame) -> PlanDiff:
    """Return what changes from one assignment to another.

    Parameters
    ----------
    old, new
        Grid code of each piece (missing: none), indexed like `pieces`.
    pieces
        Buildings or atoms, index unique: `households` and, where there, `people`, `estate`,
        `kind` (rows of a kind other than building are not counted as buildings).

    Raises
    ------
    BadFrameError
        When the indexes differ or repeat, or `households` is absent.

    >>> homes = pd.DataFrame({"households": [30, 50]}, index=["b1", "b2"])
    >>> a, b = pd.Series(["g1", "g1"], homes.index), pd.Series(["g1", "g2"], homes.index)
    >>> diff = compare(a, b, homes)
    >>> diff.households, diff.kept, diff.fresh
    (50, ('g1',), ('g2',))
    """
    old, new = _aligned(old, pieces, "old"), _aligned(new, pieces, "new")
    moved = (old != new) & ~(old.isna() & new.isna())
    movers = pieces.loc[moved]
    moves = pd.DataFrame({"old": old[moved], "new": new[moved], "households": movers["households"]})
    before, after = set(old.dropna()), set(new.dropna())
    return PlanDiff(
        moves,
        lineage(old, new, pieces["households"]),
        tuple(sorted(before & after)),
        tuple(sorted(after - before)),
        tuple(sorted(before - after)),
        int(movers["households"].sum()),
        int(movers["people"].sum()) if "people" in movers else 0,
        int((movers["kind"] == "building").sum()) if "kind" in movers else len(movers),
        int(movers["estate"].nunique()) if "estate" in movers else 0,
    )


def apply(assignment: pd.Series, diff: PlanDiff) -> pd.Series:
    """Return the assignment with the difference made: `apply(a, compare(a, b, …))` equals b.

    Raises
    ------
    StaleDiffError
        When a piece that moves is not there, or not where the difference says it was.
    """
    now = assignment.astype("object").reindex(diff.moves.index)
    was = diff.moves["old"]
    there = diff.moves.index.isin(assignment.index)
    stale = ~there | ((now != was) & ~(now.isna() & was.isna()))
    if stale.any():
        piece = stale.index[stale.to_numpy().argmax()]
        raise StaleDiffError(
            count=int(stale.sum()), piece=piece, expected=was[piece], found=now[piece]
        )
    after = assignment.astype("object").copy()
    after.loc[diff.moves.index] = diff.moves["new"]
    return after.astype("str")


def lineage(
    old: pd.Series, new: pd.Series, households: pd.Series, size: pd.Series | None = None
) -> pd.DataFrame:
    """Return which old grids each new one came from: one row a pair that shares a piece.

    Columns `new`, `old` (missing: the ground was, or would be, in no grid), `households` (shared),
    `share_of_new`, `share_of_old`; the largest share first within a new grid. Each is a share of
    the grid's households, or of its size where it has none (missing where there is no grid); the
    shares of one grid sum to 1.

    Parameters
    ----------
    size
        What a piece counts where nobody lives, such as its area; 1 each by default.

    >>> one = pd.Series(["a", "a", "b"]); two = pd.Series(["x", "y", "y"])
    >>> lineage(one, two, pd.Series([1, 1, 3]))
      new old  households  share_of_new  share_of_old
    0   x   a           1          1.00           0.5
    1   y   b           3          0.75           1.0
    2   y   a           1          0.25           0.5
    """
    sizes = 1.0 if size is None else size.to_numpy("float64")
    table = pd.DataFrame({"new": new, "old": old, "households": households, "size": sizes})
    pairs = table.groupby(["new", "old"], as_index=False, dropna=False).sum()
    shared = pairs.loc[pairs["new"].notna() | pairs["old"].notna()]
    shares = {f"share_of_{side}": _shares(shared, side) for side in ("new", "old")}
    order = ["new", "share_of_new", "old"]
    return (
        shared.drop(columns="size")
        .assign(**shares)
        .sort_values(order, ascending=[True, False, True], ignore_index=True)
    )


def _shares(pairs: pd.DataFrame, side: str) -> pd.Series:
    """Return what each pair is of the grid on one side of it."""
    wholes = pairs.groupby(side, dropna=False)[["households", "size"]].transform("sum")
    of_people = pairs["households"] / wholes["households"].where(wholes["households"] > 0)
    of_size = pairs["size"] / wholes["size"].where(wholes["size"] > 0)
    shares: pd.Series = of_people.fillna(of_size).fillna(0.0).astype("float64")
    return shares.where(pairs[side].notna())


def _aligned(codes: pd.Series, pieces: pd.DataFrame, who: str) -> pd.Series:
    if "households" not in pieces:
        raise BadFrameError(contract="compare", columns="pieces.households")
    if not pieces.index.is_unique or not codes.index.equals(pieces.index):
        raise BadFrameError(contract="compare", columns=f"{who} (index)")
    return codes.astype("object")
