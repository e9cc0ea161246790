"""Duties given and ended by administrators: within what they administer, never their own.

By the owner's role, as accounts are: what the app role may write of duties follows rulings alone.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final, NamedTuple

import pandas as pd
from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects.postgresql import insert

from geo.errors import DutyNotGivenError, MissingError
from geo.store.answers import rows_of
from geo.store.events import record
from geo.store.net.areas import ancestry
from geo.store.net.people import is_person
from geo.store.schema.tables import AREA, DUTY

_ADMINISTRATOR: Final = "administrator"
_NETS: Final = ("admin", "grid")
_SHOWN: Final = ("id", "role", "net", "area", "valid_from", "valid_to")


class Given(NamedTuple):
    """A duty to be given: to whom, as what, where, from when to before when (None: open)."""

    party: str
    role: str
    net: str
    area: str
    valid_from: date
    valid_to: date | None = None


def duties_within(conn: Connection, party: str) -> pd.DataFrame:
    """Return a person's duties of today and to come where the acting person administers.

    Columns id, role, net, area, valid_from, valid_to, area_name.
    """
    here = (AREA.c.code == DUTY.c.area, AREA.c.net == DUTY.c.net, AREA.c.valid_to.is_(None))
    asked = (
        select(*(DUTY.c[name] for name in _SHOWN), AREA.c.name.label("area_name"))
        .join(AREA, here[0] & here[1] & here[2])
        .where(DUTY.c.party == party, DUTY.c.service.is_(None), _lasts())
        .where(AREA.c.path.overlap(_administered()))
        .order_by(DUTY.c.area, DUTY.c.role, DUTY.c.valid_from, DUTY.c.id)
    )
    return rows_of(conn, asked)


def give(conn: Connection, duty: Given) -> int:
    """Return the number of a duty, given to a person by whoever administers there.

    Nobody gives herself one, nor another administrator's where she herself is one and not above:
    so nobody comes to hold more than somebody above gave.

    Raises
    ------
    MissingError
        When there is no such person, or no such area.
    DutyNotGivenError
        When it is not the acting person's to give, held already, or ends before it begins.
    """
    path = ancestry(conn, duty.area, nets=(duty.net,))
    _demand(conn, duty.party, duty.role, path)
    if not is_person(conn, duty.party):
        raise MissingError(noun="person", noun_zh="人员", key=duty.party[:80])
    if duty.valid_to is not None and duty.valid_to <= duty.valid_from:
        raise DutyNotGivenError.of("order")
    asked = insert(DUTY).values(**duty._asdict()).on_conflict_do_nothing().returning(DUTY.c.id)
    number = conn.execute(asked).scalar()
    if number is None:
        raise DutyNotGivenError.of("held")
    _tell(conn, int(number), "duty_given", {**duty._asdict()}, path)
    return int(number)


def end(conn: Connection, party: str, number: int, on: date) -> None:
    """End a duty of a person: from that day on it gives nothing; a day to come may be named.

    Raises
    ------
    MissingError
        When the person has none of that number there.
    DutyNotGivenError
        When it is not the acting person's to end.
    """
    columns = (DUTY.c.role, DUTY.c.net, DUTY.c.area, DUTY.c.valid_from)
    asked = select(*columns).where(DUTY.c.id == number, DUTY.c.party == party, _lasts())
    row = conn.execute(asked.where(DUTY.c.service.is_(None)).with_for_update()).one_or_none()
    if row is None or row.net not in _NETS:
        raise MissingError(noun="duty", noun_zh="职责", key=number)
    path = ancestry(conn, row.area, nets=(row.net,))
    _demand(conn, party, row.role, path)
    ends = max(on, row.valid_from)
    conn.execute(update(DUTY).where(DUTY.c.id == number).values(valid_to=ends))
    _tell(conn, number, "duty_ended", {"party": party, "role": row.role, "valid_to": ends}, path)


def _demand(conn: Connection, party: str, role: str, path: list[str]) -> None:
    """Refuse what is not the acting person's to give or to end: her own, or outside, or as high."""
    person, codes = conn.execute(select(func.acting_person(), _administered())).one()
    over = path[:-1] if role == _ADMINISTRATOR else path
    if not set(codes) & set(over):
        raise DutyNotGivenError.of("outside")
    if party == person:
        raise DutyNotGivenError.of("own")


def _administered() -> Any:  # noqa: ANN401 an expression of the database
    return func.duty_codes([_ADMINISTRATOR])


def _lasts() -> Any:  # noqa: ANN401 a condition
    return DUTY.c.valid_to.is_(None) | (DUTY.c.valid_to > func.current_date())


def _tell(
    conn: Connection, number: int, name: str, detail: dict[str, object], path: list[str]
) -> None:
    told = {key: str(value) for key, value in detail.items() if value is not None}
    record(conn, "duty", number, name, told, path=path)
