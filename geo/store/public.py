"""What anybody may see: services that are offered, and issues through the view `public_issue`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import pandas as pd
from sqlalchemy import Connection, func, insert, select

from geo.store.answers import question, rows_of
from geo.store.schema.tables import ANSWER, IMPORT_BATCH, ISSUE, PLACE, SERVICE


class Wanted(NamedTuple):
    """Which public issues are asked for; None: all.

    Parameters
    ----------
    sources
        Whose issues are listed at all.
    since, until
        When they were made, both included.
    """

    sources: Sequence[str]
    ids: Sequence[int] | None = None
    services: Sequence[str] | None = None
    reference: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    is_open: bool | None = None
    limit: int = 1000
    start: int = 0


def public_issues(conn: Connection, wanted: Wanted) -> pd.DataFrame:
    """Return public issues, the latest first: see `sql/public_issues.sql` for the columns."""
    lists = {
        name: None if (value := getattr(wanted, name)) is None else list(value)
        for name in ("sources", "ids", "services")
    }
    return rows_of(conn, question("public_issues"), **(wanted._asdict() | lists))


def offered_services(conn: Connection) -> pd.DataFrame:
    """Return the services that anybody may ask for: code, name, kind, form, group; by code.

    They are the leaves of the catalogue that are public; `group` is the name of the one above.
    """
    above, below = SERVICE.alias("above"), SERVICE.alias("below")
    is_leaf = ~select(below.c.code).where(below.c.parent == SERVICE.c.code).exists()
    columns = (SERVICE.c.code, SERVICE.c.name, SERVICE.c.kind, SERVICE.c.form)
    asked = (
        select(*columns, above.c.name.label("group"))
        .outerjoin(above, above.c.code == SERVICE.c.parent)
        .where(SERVICE.c.public, is_leaf)
        .order_by(SERVICE.c.code)
    )
    return rows_of(conn, asked)


def catalogue_changed_at(conn: Connection) -> datetime | None:
    """Return when the catalogue of services was last imported; None: never."""
    latest = select(func.max(IMPORT_BATCH.c.made_at)).where(IMPORT_BATCH.c.noun == "services")
    changed: datetime | None = conn.execute(latest).scalar_one()
    return changed


def keep_answers(conn: Connection, issue: int, answers: Mapping[str, Sequence[str]]) -> None:
    """Keep what the reporter of an issue answered to its service's form, by code of the question.

    Only whoever received the issue may.
    """
    rows = [{"issue": issue, "code": code, "value": list(v)} for code, v in answers.items()]
    if rows:
        conn.execute(insert(ANSWER), rows)


def answers_of(conn: Connection, issue: int) -> dict[str, list[str]]:
    """Return what was answered to the form of an issue's service, by code of the question."""
    asked = select(ANSWER.c.code, ANSWER.c.value).where(ANSWER.c.issue == issue)
    return {code: list(value) for code, value in conn.execute(asked.order_by(ANSWER.c.code))}


def form_of_issue(conn: Connection, issue: int) -> tuple[str, str]:
    """Return the form of an issue's service as JSON (blank: none), and the service's code."""
    asked = select(SERVICE.c.form, SERVICE.c.code).join(ISSUE, ISSUE.c.service == SERVICE.c.code)
    row = conn.execute(asked.where(ISSUE.c.id == issue)).one_or_none()
    return ("", "") if row is None else (str(row[0]), str(row[1]))


def address_of(conn: Connection, code: str) -> tuple[str, float, float] | None:
    """Return the address and position (lon, lat) of a building, by its code; None: no such."""
    columns = (PLACE.c.address, func.ST_X(PLACE.c.geom), func.ST_Y(PLACE.c.geom))
    asked = select(*columns).where(PLACE.c.kind == "building", PLACE.c.code == code)
    row = conn.execute(asked).one_or_none()
    return None if row is None else (str(row[0]), float(row[1]), float(row[2]))
