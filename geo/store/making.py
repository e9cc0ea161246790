"""Tasks written down as the rules made them, and told as events tell them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, text

from geo.issues import Work
from geo.store.answers import question
from geo.store.locating import Located

OF_WORK: Final = tuple(field.name for field in fields(Work) if field.name != "id")


_COLUMNS: Final = ", ".join((*OF_WORK, "issue", "area", "path"))
_MAKE: Final = text(question("make_tasks").text.replace("{columns}", _COLUMNS))


class Making(NamedTuple):
    """A task to be made: of which issue, where that lies today, and what it is."""

    issue: int
    here: Located
    work: Work


def made(conn: Connection, makings: Sequence[Making]) -> list[Work]:
    """Return new tasks as stored, by the acting person.

    Parameters
    ----------
    makings
        Of one issue, at most one leads for a party, and one assists for it.
    """
    if not makings:
        return []
    rows = [
        {name: getattr(m.work, name) for name in OF_WORK}
        | {"issue": m.issue, "area": m.here.grid, "path": m.here.path}
        for m in makings
    ]
    stored = conn.execute(_MAKE, {"rows": as_json(rows)})
    number = {(row.issue, row.lead, row.party): int(row.id) for row in stored}
    return [replace(m.work, id=number[m.issue, m.work.lead, m.work.party]) for m in makings]


def as_json(values: Sequence[Mapping[str, Any]] | Mapping[str, Any]) -> str:
    """Return rows or values as JSON: moments in UTC and days in ISO 8601."""
    return json.dumps(values, ensure_ascii=False, default=_told)


def told_of(work: Work) -> dict[str, Any]:
    """Return a task as an event tells it."""
    return plain({name: getattr(work, name) for name in ("id", *OF_WORK)})


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as JSON has them: moments in UTC and days in ISO 8601."""
    return {name: _told(value) for name, value in values.items()}


def _told(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value
