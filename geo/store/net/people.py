"""People read: parties, their duties, the catalogue of services, and who is in charge where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from geo.frames import DUTIES, PARTIES, SERVICES, conform
from geo.store.answers import question, rows_of
from geo.store.database import CITY_TIME
from geo.store.net.areas import ancestry
from geo.store.net.revisions import At, known_until, today
from geo.store.schema.tables import DUTY, PARTY, SERVICE

_SHORTENED: Final = re.compile(r"[\u4e00-\u9fff]{2,8}")  # what a Chinese name may be cut down to


def read_parties(conn: Connection, *, kind: str | None = None) -> pd.DataFrame:
    """Return parties by the contract PARTIES, by code."""
    columns = [PARTY.c[column.name] for column in PARTIES.columns]
    asked = select(*columns).order_by(PARTY.c.code)
    chosen = asked if kind is None else asked.where(PARTY.c.kind == kind)
    return conform(rows_of(conn, chosen), PARTIES)


def parties_called(conn: Connection, words: str, limit: int) -> pd.DataFrame:
    """Return parties of today with these letters in name or code: `code`, `name`, `kind`, `above`.

    `above` is the name of the one they belong to. Those that have them as one word come before
    those that have them in that order (城管局 of 城市管理局), organisations and beginnings first.
    """
    over = PARTY.alias("over")
    whole = or_(*(PARTY.c[name].icontains(words, autoescape=True) for name in ("name", "code")))
    spread = PARTY.c.name.like(f"%{'%'.join(words)}%")
    has = or_(whole, spread) if _SHORTENED.fullmatch(words) else whole
    order = (
        ~whole,
        PARTY.c.kind == "person",
        ~PARTY.c.name.istartswith(words, autoescape=True),
        PARTY.c.name,
        PARTY.c.code,
    )
    asked = (
        select(PARTY.c.code, PARTY.c.name, PARTY.c.kind, over.c.name.label("above"))
        .outerjoin(over, over.c.code == PARTY.c.parent)
        .where(has, PARTY.c.ended_on.is_(None))
        .order_by(*order)
        .limit(limit)
    )
    return rows_of(conn, asked)


def read_duties(
    conn: Connection,
    *,
    party: str | None = None,
    role: str | None = None,
    areas: Iterable[str] | None = None,
    at: At | None = None,
) -> pd.DataFrame:
    """Return duties held by the contract DUTIES, by area, role, leading first, party.

    Rows of the responsibility list that name nobody we know are left out: `duty_list`.

    Parameters
    ----------
    at
        A date, or a revision of the grid net: duties on grids as that revision had them, others as
        on its day. Today by default.

    Raises
    ------
    MissingError
        When there is no such revision.
    """
    columns = [DUTY.c[column.name] for column in DUTIES.columns]
    asked = select(*columns).where(_held(conn, at), DUTY.c.party.is_not(None))
    for name, value in (("party", party), ("role", role)):
        if value is not None:
            asked = asked.where(DUTY.c[name] == value)
    if areas is not None:
        asked = asked.where(DUTY.c.area.in_(sorted(set(areas))))
    order = (DUTY.c.area, DUTY.c.role, DUTY.c.lead.desc(), DUTY.c.party)
    return conform(rows_of(conn, asked.order_by(*order)), DUTIES)


def holders_named(
    conn: Connection, held: Mapping[str, Iterable[str]], *, at: At | None = None
) -> dict[tuple[str, str], str]:
    """Return who holds roles on areas, by role and area: the name, or else the code.

    Of several holders the one that `geo.duties.holders` gives.

    Parameters
    ----------
    held
        Codes of areas, by role.
    at
        As in `read_duties`, as is what is raised.
    """
    where = or_(
        *(
            and_(DUTY.c.role == role, DUTY.c.area == func.any(sorted(set(areas))))
            for role, areas in held.items()
        )
    )
    asked = (
        select(DUTY.c.role, DUTY.c.area, func.coalesce(PARTY.c.name, DUTY.c.party).label("name"))
        .ext(distinct_on(DUTY.c.role, DUTY.c.area))
        .outerjoin(PARTY, PARTY.c.code == DUTY.c.party)
        .where(_held(conn, at), DUTY.c.party.is_not(None), DUTY.c.service.is_(None), where)
        .order_by(DUTY.c.role, DUTY.c.area, DUTY.c.lead.desc(), DUTY.c.party)
    )
    return {(row.role, row.area): row.name for row in conn.execute(asked)}


def _held(conn: Connection, at: At | None) -> ColumnElement[bool]:
    """Return the condition that a duty was held at a moment."""
    if at is None or isinstance(at, date):
        return held_now() if at is None else held_on(at)
    until = known_until(conn, at)
    day = today(conn) if until is None else until.astimezone(ZoneInfo(CITY_TIME)).date()
    by_day = held_on(day)
    by_number = and_(
        func.coalesce(DUTY.c.since, 0) <= at,
        or_(DUTY.c.until > at, and_(DUTY.c.until.is_(None), by_day)),
    )
    return case((func.coalesce(DUTY.c.net, "") == "grid", by_number), else_=by_day)


def held_now() -> ColumnElement[bool]:
    """Return the condition that a duty holds today, in the city."""
    return held_on(func.current_date())


def held_on(day: date | ColumnElement[date]) -> ColumnElement[bool]:
    """Return the condition that a duty has begun and is not over on a day."""
    return and_(DUTY.c.valid_from <= day, or_(DUTY.c.valid_to.is_(None), DUTY.c.valid_to > day))


def cast_around(conn: Connection, scope: str) -> pd.DataFrame:
    """Return one person of each role and level around an area: columns as in cast_around.sql.

    Raises
    ------
    MissingError
        When there is no such area.
    """
    return rows_of(conn, question("cast_around"), scope=scope, above=ancestry(conn, scope))


def home_area(conn: Connection, person: str) -> str | None:
    """Return the code of the area of the admin net a person begins in, as in home_area.sql."""
    code: str | None = conn.execute(question("home_area"), {"person": person}).scalar()
    return code


def is_person(conn: Connection, code: str) -> bool:
    """Tell whether a code is that of a person who is still there."""
    asked = select(PARTY.c.code).where(PARTY.c.code == code, PARTY.c.kind == "person")
    gone = PARTY.c.ended_on <= func.current_date()
    return conn.execute(asked.where(func.coalesce(gone, False).is_(False))).first() is not None


def belongs(conn: Connection, person: str) -> bool:
    """Tell whether a person belongs to an organisation."""
    asked = select(PARTY.c.code).where(PARTY.c.code == person, PARTY.c.parent.is_not(None))
    return conn.execute(asked).first() is not None


def read_services(conn: Connection) -> pd.DataFrame:
    """Return the catalogue of services by the contract SERVICES, by code."""
    columns = [SERVICE.c[column.name] for column in SERVICES.columns]
    return conform(rows_of(conn, select(*columns).order_by(SERVICE.c.code)), SERVICES)
