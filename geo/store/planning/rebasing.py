"""A draft carried over to the newest revision of its net."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection, RowMapping, select, update

from geo.plan import rebased
from geo.store.answers import rows_of
from geo.store.net.revisions import number_at
from geo.store.planning import drafts
from geo.store.schema.tables import ATOM, PLAN

_SIDES = ("code", "within", "grid", "previous")


def carry_over(conn: Connection, row: RowMapping) -> dict[str, list[str]]:
    """Return what a draft, locked, took over from what has changed since its base, and what not.

    Its base is then the newest revision: `taken` are grids that others changed and it had not,
    now as they are; `conflicts` those that both changed, as the draft has them; `communities`
    those in which the draft is no longer what it was (`geo.plan.rebased`).
    """
    plan = int(row["id"])
    before = _atoms(conn, plan)
    drafts.find_previous(conn, plan, anew=True)
    told = rebased(before, _atoms(conn, plan)["previous"]) if len(before) else None
    base = number_at(conn, row["net"], None)
    conn.execute(update(PLAN).where(PLAN.c.id == plan).values(base=base))
    if told is None:
        return {}
    drafts.relabel(conn, plan, before["code"], told.grid)
    drafts.derive(conn, row)
    names = ("taken", "conflicts", "communities")
    return {name: list(getattr(told, name)) for name in names}


def _atoms(conn: Connection, plan: int) -> pd.DataFrame:
    asked = select(*(ATOM.c[name] for name in _SIDES)).where(ATOM.c.plan == plan)
    return rows_of(conn, asked.order_by(ATOM.c.code))
