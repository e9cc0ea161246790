"""People read: parties, their duties, the catalogue of services, and who is in charge where."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection, func, or_, select

from geo.frames import DUTIES, PARTIES, SERVICES, conform
from geo.store.answers import rows_of
from geo.store.tables import DUTY, PARTY, SERVICE


def read_parties(conn: Connection, *, kind: str | None = None) -> pd.DataFrame:
    """Return parties by the contract PARTIES, by code."""
    columns = [PARTY.c[column.name] for column in PARTIES.columns]
    asked = select(*columns).order_by(PARTY.c.code)
    chosen = asked if kind is None else asked.where(PARTY.c.kind == kind)
    return conform(rows_of(conn, chosen), PARTIES)


def read_duties(
    conn: Connection,
    *,
    party: str | None = None,
    role: str | None = None,
    area: str | None = None,
) -> pd.DataFrame:
    """Return duties held today by the contract DUTIES, by area, role, leading first, party."""
    columns = [DUTY.c[column.name] for column in DUTIES.columns]
    held = or_(DUTY.c.valid_to.is_(None), DUTY.c.valid_to > func.current_date())
    asked = select(*columns).where(held)
    for name, value in (("party", party), ("role", role), ("area", area)):
        if value is not None:
            asked = asked.where(DUTY.c[name] == value)
    order = (DUTY.c.area, DUTY.c.role, DUTY.c.lead.desc(), DUTY.c.party)
    return conform(rows_of(conn, asked.order_by(*order)), DUTIES)


def read_services(conn: Connection) -> pd.DataFrame:
    """Return the catalogue of services by the contract SERVICES, by code."""
    columns = [SERVICE.c[column.name] for column in SERVICES.columns]
    return conform(rows_of(conn, select(*columns).order_by(SERVICE.c.code)), SERVICES)
