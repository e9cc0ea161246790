"""Events as they come: those committed since a snapshot, and who may see which of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from geo.store.answers import question


class Fresh(NamedTuple):
    """What was committed since: the snapshot it was seen in, the events; whether there were more.

    An event: `id`, `noun`, `subject`, `name`, `path`, `at`, `xact` (its transaction).
    """

    seen: str
    events: tuple[dict[str, Any], ...]
    more: bool


def snapshot(conn: Connection) -> str:
    """Return what has been committed by now, as PostgreSQL writes a snapshot."""
    return str(conn.execute(text("select pg_current_snapshot()")).scalar_one())


def events_since(conn: Connection, seen: str, most: int) -> Fresh:
    """Return the events committed since a snapshot, by number, the newest `most` of them.

    No number is remembered: a transaction that began before another may be committed after it, and
    then writes smaller numbers later.

    Raises
    ------
    BadValueError
        When `seen` is no snapshot.
    """
    row = conn.execute(question("events_since"), {"seen": seen, "most": most}).one()
    events = row.events[-most:] if most else []
    return Fresh(row.seen, tuple(events), len(row.events) > most)


def visible(
    conn: Connection, persons: Collection[str], events: Collection[int]
) -> dict[str, set[int]]:
    """Return which of the events each person may see, as row-level security has it.

    The transaction has to be the app role's; it acts as nobody afterwards.
    """
    asked = text("select person, event from events_seen(:persons, :events)")
    told = {"persons": sorted(persons), "events": sorted(events)}
    found: dict[str, set[int]] = {person: set() for person in persons}
    for person, event in conn.execute(asked, told):
        found[person].add(event)
    return found
