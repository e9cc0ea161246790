"""Reports of people without an account: each acts as a person of its own, and sees its own."""

from __future__ import annotations

from typing import Any, Final

import shapely
from sqlalchemy import Connection, func, select, text

from geo.store.events import record
from geo.store.schema.tables import AREA, ISSUE

_PREFIX: Final = "web:"
_KINDS: Final = (
    "community",
    "subdistrict",
    "district",
    "city",
)  # where a map begins, if there is one


def resident(reference: str) -> str:
    """Return who acts for the report of a number: nobody else's issue is that person's to see.

    >>> resident("W7K3MQ2X9A4")
    'web:W7K3MQ2X9A4'
    """
    return f"{_PREFIX}{reference}"


def own_report(conn: Connection) -> dict[str, Any] | None:
    """Return the report of the acting resident: see `own_report()` in the database; None: none."""
    found = conn.execute(text("select * from own_report()")).mappings().one_or_none()
    return None if found is None else dict(found)


def answer_call_back(conn: Connection, *, solved: bool, satisfied: bool, words: str) -> bool:
    """Tell whether the acting resident's answer about the last result was kept: once for each."""
    asked = select(func.answer_call_back(solved, satisfied, words))
    number = conn.execute(asked).scalar()
    if number is None:
        return False
    issue = conn.execute(select(ISSUE.c.id, ISSUE.c.path)).one()
    told = {"id": number, "kind": "call_back", "rater": "reporter"}
    record(conn, "issue", issue.id, "review", {"review": told}, path=issue.path)
    return True


def where_to_begin(conn: Connection) -> tuple[float, float] | None:
    """Return a place inside the first community (degrees, EPSG:4326); None: there are no areas."""
    level = func.array_position(list(_KINDS), AREA.c.kind)
    asked = (
        select(func.ST_AsBinary(func.ST_PointOnSurface(AREA.c.geom)))
        .where(AREA.c.net == "admin", AREA.c.kind.in_(_KINDS), AREA.c.valid_to.is_(None))
        .order_by(level, AREA.c.code)
        .limit(1)
    )
    found = conn.execute(asked).scalar()
    if found is None:
        return None
    point = shapely.from_wkb(bytes(found))
    return float(shapely.get_x(point)), float(shapely.get_y(point))
