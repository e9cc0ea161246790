"""Who acts: the person of the transaction, what it belongs to, and its roles over a place."""

from __future__ import annotations

from typing import Final

from sqlalchemy import ColumnElement, Connection, case, func, not_, or_, select

from geo.issues import Actor

RESIDENT: Final = "web:"  # and the number of a report: who acts for its reporter


def acting(conn: Connection, path: list[str]) -> Actor:
    """Return the acting person, the parties it belongs to, its roles over what a path leads to."""
    asked = select(
        func.coalesce(func.acting_person(), ""), func.acting_parties(), func.acting_roles(path)
    )
    person, parties, roles = conn.execute(asked).one()
    return Actor(person, frozenset([*parties, person]), frozenset(roles))


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
