"""Who acts: the person of the transaction, what it belongs to, and its roles over a place."""

from __future__ import annotations

from typing import Final

from sqlalchemy import ColumnElement, Connection, case, exists, func, not_, or_, select

from geo.issues import Actor
from geo.store.schema.tables import AREA

RESIDENT: Final = "web:"  # and the number of a report: who acts for its reporter
_DISTRICT: Final = ("district", "city")  # kinds of area whose approver rules


def acting(conn: Connection, path: list[str]) -> Actor:
    """Return the acting person, the parties it belongs to, its roles over what a path leads to."""
    asked = select(
        func.coalesce(func.acting_person(), ""),
        func.acting_parties(),
        func.acting_roles(path),
        _rules_over(path),
    )
    person, parties, roles, rules = conn.execute(asked).one()
    also = ["district"] if rules else []
    return Actor(person, frozenset([*parties, person]), frozenset([*roles, *also]))


def _rules_over(path: list[str]) -> ColumnElement[bool]:
    """Return whether the acting person approves for a district on a path, or above it.

    As `acting_roles`: over what lies nowhere, for any.
    """
    where = [AREA.c.code.in_(path)] if path else []
    approved = select(func.unnest(func.duty_codes(["approver"])))
    return exists().where(
        AREA.c.net == "admin",
        AREA.c.valid_to.is_(None),
        AREA.c.kind.in_(_DISTRICT),
        AREA.c.code.in_(approved),
        *where,
    )


def acting_on(conn: Connection, path: list[str], received_by: str | None) -> Actor:
    """Return who acts on an issue: as `acting`, its reporter too where a resident's report is."""
    actor = acting(conn, path)
    is_own = actor.person == received_by and actor.person.startswith(RESIDENT)
    return actor._replace(roles=actor.roles | {"reporter"}) if is_own else actor


def words_of(issue: ColumnElement[int], words: ColumnElement[str]) -> ColumnElement[str]:
    """Return what was said of an issue, '' of a confidential one that is not the person's to read.

    The owner's role reads everything; what is of no issue is no secret of one.
    """
    reads = or_(issue.is_(None), not_(func.row_security_active("issue")), func.acting_reads(issue))
    return case((reads, words), else_="").label(words.key)
