"""Locks of a draft that is given other atoms or codes: they stay on the grids that go on."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection, RowMapping, select

from geo.metrics import successors
from geo.store.answers import rows_of
from geo.store.events import record
from geo.store.planning.editing import locks_of
from geo.store.schema.tables import ATOM

_SPECK = 1e-6  # households: less than any, so that it decides only where nobody lives


def locked_atoms(conn: Connection, plan: int) -> pd.DataFrame:
    """Return what the locks of a draft hold, to be asked for before it changes.

    By code of its atoms: `households`, `grid`, and whether that is `locked`; no row where nothing
    is locked.
    """
    locked = locks_of(conn, plan)
    names = ["code", "households", "grid"]
    if not locked:
        return pd.DataFrame(columns=[*names[1:], "locked"], index=pd.Index([], name="code"))
    atoms = rows_of(conn, select(*(ATOM.c[name] for name in names)).where(ATOM.c.plan == plan))
    return atoms.assign(locked=atoms["grid"].isin(locked)).set_index("code")


def going_on(conn: Connection, plan: int, before: pd.DataFrame) -> dict[str, list[str]]:
    """Return the locked grids that go on in a plan, by their codes now, and those that do not.

    A grid goes on in one where each has more than half of the other's households; where nobody
    lives atoms count. Nothing is returned where nothing was locked.

    Parameters
    ----------
    before
        As `locked_atoms` gave it; the plan may be another.
    """
    if before.empty:
        return {}
    asked = select(ATOM.c.code, ATOM.c.households, ATOM.c.grid).where(ATOM.c.plan == plan)
    now = rows_of(conn, asked).set_index("code").add_suffix("_now")
    both = before.join(now, how="outer")
    load = both["households_now"].fillna(both["households"]) + _SPECK
    shared = pd.DataFrame({"new": both["grid_now"], "old": both["grid"], "households": load})
    locked = set(before.loc[before["locked"], "grid"])
    kept = successors(shared)
    kept = kept[kept["old"].isin(locked)]
    return {"locked": sorted(kept["new"]), "unlocked": sorted(locked - {*kept["old"]})}


def keep_locks(conn: Connection, plan: RowMapping, told: dict[str, list[str]]) -> None:
    """Lock the grids of a draft in which locked ones go on, where there are any."""
    if told.get("locked"):
        record(conn, "plan", plan["id"], "lock", {"grids": told["locked"]}, path=plan["path"])
