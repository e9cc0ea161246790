"""Duties that follow their areas through a revision, so that no grid is without a leader."""

from __future__ import annotations

from typing import Final, NamedTuple

from sqlalchemy import Connection, and_, func, select, text

from geo.store.answers import question, run_parts
from geo.store.schema.tables import AREA, DUTY, PARTY

# Roles that a new area takes over from where most of its households came from.
NEVER_VACANT: Final = ("grid_leader", "grid_worker")
_NONE_YET: Final = text(
    "drop table if exists pg_temp.shared, pg_temp.begun, pg_temp.lived, pg_temp.ending"
)
_NAMED: Final = 40  # duties told one by one, for who reads them before a publication


class Begun(NamedTuple):
    """A duty that a revision has opened: who holds which role on which area from then on."""

    area: str
    area_name: str
    role: str
    party: str
    party_name: str


class Ended(NamedTuple):
    """A duty that a revision has ended with its special grid, the list's with service and row."""

    area: str
    area_name: str
    role: str
    party: str | None
    party_name: str | None
    service: str | None
    service_name: str | None
    row: int | None


def follow(conn: Connection, net: str, number: int) -> tuple[Ended, ...]:
    """Let duties on areas that a revision has just ended go on where their households went.

    Those on special grids that no other one follows end: they are returned.
    """
    conn.execute(_NONE_YET)
    run_parts(conn, "duties_follow", net=net, number=number, roles=list(NEVER_VACANT))
    return tuple(Ended(*row) for row in conn.execute(question("duties_ended"), {"net": net}))


def give_back(conn: Connection, net: str, *, undone: int, number: int) -> None:
    """Let who held a duty before a revision hold it again, once the revision is taken back."""
    run_parts(conn, "duties_return", net=net, undone=undone, number=number)


def begun_with(conn: Connection, net: str, number: int) -> int:
    """Return how many duties a revision has opened."""
    asked = select(func.count()).where(DUTY.c.net == net, DUTY.c.since == number)
    return int(conn.execute(asked).scalar_one())


def named_with(conn: Connection, net: str, number: int) -> tuple[Begun, ...]:
    """Return the first of the duties that a revision has opened, by area, with their names."""
    here = AREA.c.net == net, AREA.c.code == DUTY.c.area, AREA.c.valid_to.is_(None)
    asked = (
        select(AREA.c.code, AREA.c.name, DUTY.c.role, PARTY.c.code, PARTY.c.name)
        .join_from(DUTY, AREA, and_(*here))
        .join(PARTY, PARTY.c.code == DUTY.c.party)
        .where(DUTY.c.net == net, DUTY.c.since == number)
        .order_by(AREA.c.code, DUTY.c.role, PARTY.c.code)
        .limit(_NAMED)
    )
    return tuple(Begun(*row) for row in conn.execute(asked))
