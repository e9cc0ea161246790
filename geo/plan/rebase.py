"""A draft carried over to grids that have changed since it was begun."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True, eq=False)
class Rebased:
    """A draft beside what has changed under it.

    Parameters
    ----------
    grid
        The label of each atom's grid now (missing: none), indexed like the atoms. What the draft
        has drawn afresh is labelled apart, so that no code of others is taken for it.
    taken
        Codes of grids that others have changed and the draft had not: as they are now.
    conflicts
        Codes of grids that both have changed: as the draft has them, to be looked at again.
    communities
        Those in which the draft is no longer what it was.
    """

    grid: pd.Series
    taken: tuple[str, ...]
    conflicts: tuple[str, ...]
    communities: tuple[str, ...]


def rebased(atoms: pd.DataFrame, now: pd.Series) -> Rebased:
    """Return a draft carried over, community by community.

    Where others and the draft have changed different grids, both changes hold; where one grid was
    changed by both, the community stays as the draft has it.

    Parameters
    ----------
    atoms
        `within`, `grid` (of the draft), `previous` (in force when it was begun).
    now
        The grid in force today, indexed like the atoms. Missing throughout: none.

    >>> table = {"within": "c", "grid": ["1", "1", "2", "3"], "previous": ["1", "2", "2", "3"]}
    >>> draft = pd.DataFrame(table)
    >>> told = rebased(draft, pd.Series(["1", "2", "2", "4"]))
    >>> told.grid.tolist(), told.taken, told.conflicts
    (['1', '1', '2', '4'], ('3', '4'), ())
    >>> rebased(draft, pd.Series(["1", "2", "4", "3"])).conflicts
    ('2',)
    """
    table = pd.DataFrame(
        {
            "within": atoms["within"],
            "draft": atoms["grid"],
            "base": atoms["previous"],
            "now": now,
        }
    ).astype("object")
    table = table.where(table.notna(), "")
    known = set(table["base"])
    parts = [_carried(rows, known) for _, rows in table.groupby("within", sort=True)]
    grid = pd.concat([part.grid for part in parts]).reindex(atoms.index)
    return Rebased(
        grid.where(grid != "", None),
        *(
            tuple(sorted({code for part in parts for code in getattr(part, name)}))
            for name in ("taken", "conflicts", "communities")
        ),
    )


def _carried(rows: pd.DataFrame, known: set[str]) -> Rebased:
    """Return one community of a draft carried over; no grid is ''."""
    # Two that drew a new grid each gave it the same next number: they are two grids.
    own = rows["draft"].where(rows["draft"].isin({*known, ""}), "new " + rows["draft"])
    theirs = _changed(rows["base"], rows["now"])
    both = theirs & _changed(rows["base"], own)
    if both or not theirs:
        return Rebased(own, (), tuple(both), ())
    take = rows["base"].isin(theirs)
    grid = own.where(~take, rows["now"])
    return Rebased(grid, tuple(theirs - {""}), (), (str(rows["within"].iloc[0]),))


def _changed(base: pd.Series, side: pd.Series) -> set[str]:
    """Return the codes that gain or lose an atom from the base to a side."""
    differ = side != base
    return {*base[differ], *side[differ]}
