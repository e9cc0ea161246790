"""History: appended by whoever acts, never edited; no personal data in clear."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from sqlalchemy import Connection, func, insert

from geo.store.answers import question, rows_of
from geo.store.making import as_json
from geo.store.schema.tables import EVENT


def record(
    conn: Connection,
    noun: str,
    subject: object,
    name: str,
    detail: Mapping[str, object] | None = None,
    *,
    path: Sequence[str] = (),
) -> None:
    """Append what happened to a thing, by the acting person, now.

    Parameters
    ----------
    detail
        As it goes to JSON.
    path
        Codes of the areas it concerns: who has a duty there may read it.
    """
    row = {"noun": noun, "subject": str(subject), "name": name, "detail": dict(detail or {})}
    person = func.coalesce(func.acting_person(), "")
    conn.execute(insert(EVENT).values(**row, path=list(path), person=person))


def record_all(conn: Connection, events: Sequence[Mapping[str, object]]) -> None:
    """Append what happened to several things, in order, by the acting person, now.

    Parameters
    ----------
    events
        Each with `noun`, `subject`, `name`, `detail` and `path`, as in `record`.
    """
    if events:
        conn.execute(question("record_events"), {"rows": as_json(events)})


def history(conn: Connection, noun: str, subject: object) -> pd.DataFrame:
    """Return what happened to a thing, the oldest first: id, name, detail, person, at.

    Reasons and results are told to those who may read the words of the issue; of a step on tasks of
    others alone to those who see one of these.
    """
    told = {"noun": noun, "subject": str(subject), "issue": subject if noun == "issue" else None}
    return rows_of(conn, question("history"), **told)
