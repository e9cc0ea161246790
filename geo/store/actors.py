"""Who acts: the person of the transaction, what it belongs to, and its roles over a place."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from geo.issues import Actor


def acting(conn: Connection, path: list[str]) -> Actor:
    """Return the acting person, the parties it belongs to, its roles over what a path leads to."""
    asked = select(
        func.coalesce(func.acting_person(), ""), func.acting_parties(), func.acting_roles(path)
    )
    person, parties, roles = conn.execute(asked).one()
    return Actor(person, frozenset([*parties, person]), frozenset(roles))
