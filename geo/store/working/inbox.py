"""What waits for the parties a person belongs to, and the sections that may be given it."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
from sqlalchemy import Connection, func, literal, or_, select, text

from geo.store.answers import question, rows_of
from geo.store.net.people import held_now
from geo.store.schema.tables import DUTY, PARTY

_DESK: Final = "section"  # kind of party: a section or squad of an organisation


def read_inbox(conn: Connection, *, subdistrict: str | None, limit: int) -> pd.DataFrame:
    """Return the open tasks of the acting person's parties, columns as in inbox.sql.

    By what is owed next, the first due first; whoever of the city gave them.
    """
    return rows_of(conn, question("inbox"), subdistrict=subdistrict, limit=limit)


def count_inbox(conn: Connection) -> pd.DataFrame:
    """Return how much waits: `owes`, `subdistrict` (code), `subdistrict_name`, `n`."""
    asked = question("inbox_counts").text.replace("{inbox}", question("inbox").text)
    return rows_of(conn, text(asked), subdistrict=None, limit=None)


def own_organisation(conn: Connection) -> dict[str, Any] | None:
    """Return what the acting person belongs to: `code`, `name`, `kind`, `area` (code) it covers.

    None for a person of no organisation; `area` is None where it has no duty on an area.
    """
    me = select(PARTY.c.parent).where(PARTY.c.code == func.acting_person()).scalar_subquery()
    area = (
        select(DUTY.c.area)
        .where(
            or_(DUTY.c.party == PARTY.c.code, DUTY.c.party == PARTY.c.parent),
            DUTY.c.net == "admin",
            held_now(),
        )
        .order_by((DUTY.c.party == PARTY.c.code).desc(), func.length(DUTY.c.area), DUTY.c.area)
        .limit(1)
        .scalar_subquery()
    )
    asked = select(PARTY.c.code, PARTY.c.name, PARTY.c.kind, area.label("area"))
    found = conn.execute(asked.where(PARTY.c.code == me)).mappings().one_or_none()
    return None if found is None else dict(found)


def own_sections(conn: Connection) -> pd.DataFrame:
    """Return whom the acting person's organisation may pass work to: `code`, `name`, `kind`.

    Its sections and squads first, then its people; of a section also what it belongs to.
    """
    person = func.acting_person()
    own = PARTY.alias("own")
    mine = select(PARTY.c.parent).where(PARTY.c.code == person).scalar_subquery()
    above = select(own.c.parent).where(own.c.code == mine, own.c.kind == _DESK).scalar_subquery()
    asked = (
        select(PARTY.c.code, PARTY.c.name, PARTY.c.kind)
        .where(
            or_(PARTY.c.parent == mine, PARTY.c.code == above),
            PARTY.c.code != person,
            or_(PARTY.c.ended_on.is_(None), PARTY.c.ended_on > func.current_date()),
        )
        .order_by((PARTY.c.kind == literal("person")), PARTY.c.code)
        .limit(100)
    )
    return rows_of(conn, asked)
