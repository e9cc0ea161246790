"""Duties that follow their areas through a revision, so that no grid is without a leader."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, func, select, text

from geo.store.answers import run_parts
from geo.store.schema.tables import DUTY

# Roles that a new area takes over from where most of its households came from.
NEVER_VACANT: Final = ("grid_leader", "grid_worker")


def follow(conn: Connection, net: str, number: int) -> None:
    """Let duties on areas that a revision has just ended go on where their households went."""
    conn.execute(text("drop table if exists pg_temp.shared, pg_temp.begun"))
    run_parts(conn, "duties_follow", net=net, number=number, roles=list(NEVER_VACANT))


def give_back(conn: Connection, net: str, *, undone: int, number: int) -> None:
    """Let who held a duty before a revision hold it again, once the revision is taken back."""
    run_parts(conn, "duties_return", net=net, undone=undone, number=number)


def begun_with(conn: Connection, net: str, number: int) -> int:
    """Return how many duties a revision has opened."""
    asked = select(func.count()).where(DUTY.c.net == net, DUTY.c.since == number)
    return int(conn.execute(asked).scalar_one())
