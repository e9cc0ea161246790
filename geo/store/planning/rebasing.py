"""A draft carried over to the newest revision of its net."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection, RowMapping, select, update

from geo.errors import NothingToRebaseError
from geo.plan import rebased
from geo.store.answers import rows_of
from geo.store.net.revisions import number_at
from geo.store.planning import drafts
from geo.store.planning.locks import going_on, locked_atoms
from geo.store.schema.tables import ATOM, PLAN

_SIDES = ("code", "within", "households", "grid", "previous")


def carry_over(conn: Connection, row: RowMapping) -> dict[str, list[str]]:
    """Return what a draft, locked, took over from what has changed since its base, and what not.

    Its base is then the newest revision: `taken` are grids that others changed and it had not,
    now as they are; `conflicts` those of the draft, by the codes it has from now on, that lie
    where both changed a grid; `communities` those in which the draft is no longer what it was
    (`geo.plan.rebased`); `locked` those locked before that go on, by their codes now, and
    `unlocked` those that do not, by their codes before.

    Raises
    ------
    NothingToRebaseError
        When that is its base already: a plan that was handed in does not become a draft for it.
    """
    plan, base = int(row["id"]), number_at(conn, row["net"], None)
    if row["base"] == base:
        raise NothingToRebaseError(plan=plan, base=base)
    before, locked = _atoms(conn, plan), locked_atoms(conn, plan)
    drafts.find_previous(conn, plan, anew=True)
    now = _atoms(conn, plan)["previous"]
    told = rebased(before, now) if len(before) else None
    conn.execute(update(PLAN).where(PLAN.c.id == plan).values(base=base))
    if told is None:
        return {}
    drafts.relabel(conn, plan, before["code"], told.grid)
    drafts.derive(conn, row)
    both = pd.concat([told.grid, before["previous"], now], axis=1).isin(told.conflicts).any(axis=1)
    drawn = _atoms(conn, plan)["grid"]  # numbered anew
    return {
        "taken": list(told.taken),
        "conflicts": sorted(drawn[both].dropna().unique()),
        "communities": list(told.communities),
        **going_on(conn, plan, locked),
    }


def _atoms(conn: Connection, plan: int) -> pd.DataFrame:
    asked = select(*(ATOM.c[name] for name in _SIDES)).where(ATOM.c.plan == plan)
    return rows_of(conn, asked.order_by(ATOM.c.code))
