"""Whom an issue may be whistled for: departments with their reasons and load, and who signs."""

from __future__ import annotations

from typing import Final, NamedTuple

import pandas as pd
from sqlalchemy import Connection, func, select

from geo.errors import MissingError
from geo.store.answers import question, rows_of
from geo.store.net.people import held_now
from geo.store.rules.deadlines import ruler
from geo.store.schema.tables import DUTY, ISSUE, PARTY

MOST: Final = 60  # departments offered; any other is found by its name


class Callable(NamedTuple):
    """Whom to call and who signs.

    Parameters
    ----------
    departments
        Columns as `sql/whom_to_call.sql` tells them, those the list names first.
    signers
        Columns party, name, area: who approves over the place, the smallest area first.
    on_the_spot
        Minutes within which somebody must be there in an emergency.
    """

    departments: pd.DataFrame
    signers: pd.DataFrame
    on_the_spot: float


def whom_to_call(conn: Connection, issue: int) -> Callable:
    """Return which departments may be called to an issue and why, and who signs the whistle.

    Raises
    ------
    MissingError
        When the issue is not there, or not for the acting person to see.
    """
    asked = select(ISSUE.c.path, ISSUE.c.service).where(ISSUE.c.id == issue)
    row = conn.execute(asked).one_or_none()
    if row is None:
        raise MissingError(noun="issue", noun_zh="诉求", key=issue)
    above = conn.execute(question("services_above"), {"service": row.service}).all()
    services = [each.code for each in above if not each.circle]
    values = {"path": list(row.path), "services": services, "most": MOST}
    departments = rows_of(conn, question("whom_to_call"), **values)
    return Callable(departments, _signers(conn, row.path), ruler(conn)[1].on_the_spot)


def _signers(conn: Connection, path: list[str]) -> pd.DataFrame:
    depth = func.array_position(path, DUTY.c.area)
    asked = (
        select(DUTY.c.party, func.coalesce(PARTY.c.name, DUTY.c.party).label("name"), DUTY.c.area)
        .join(PARTY, PARTY.c.code == DUTY.c.party)
        .where(DUTY.c.role == "approver", DUTY.c.area.in_(path), DUTY.c.service.is_(None))
        .where(held_now())
        .order_by(depth.desc(), DUTY.c.lead.desc(), DUTY.c.party)
    )
    return rows_of(conn, asked)
