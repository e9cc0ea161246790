"""History: appended by whoever acts, never edited; no personal data in clear."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
from sqlalchemy import Connection, func, insert

from geo.issues.masking import without_persons
from geo.store.answers import of_each, question, rows_of
from geo.store.making import as_json
from geo.store.schema.tables import EVENT

_WORDS: Final = frozenset({"reason", "result", "text"})  # what people type, as events name it


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
        As it goes to JSON; of what somebody typed, numbers of persons are hidden.
    path
        Codes of the areas it concerns: who has a duty there may read it.
    """
    row = {
        "noun": noun,
        "subject": str(subject),
        "name": name,
        "detail": without_numbers(detail or {}),
    }
    person = func.coalesce(func.acting_person(), "")
    conn.execute(insert(EVENT).values(**row, path=list(path), person=person))


def record_all(conn: Connection, events: Sequence[Mapping[str, Any]]) -> None:
    """Append what happened to several things, in order, by the acting person, now.

    Parameters
    ----------
    events
        Each with `noun`, `subject`, `name`, `detail` and `path`, as in `record`.
    """
    if events:
        told = [{**each, "detail": without_numbers(each["detail"])} for each in events]
        conn.execute(question("record_events"), {"rows": as_json(told)})


def without_numbers(detail: Mapping[str, object]) -> dict[str, object]:
    """Return what an event tells, its words without what names persons by number.

    Words stand in it, in its order and in its tasks. History is kept for ever and sealed: nothing
    could be taken out of it later.

    >>> without_numbers({"order": {"reason": "找张先生 13805310000", "party": "P370102001001"}})
    {'order': {'reason': '找张先生 ***', 'party': 'P370102001001'}}
    """
    told = {**detail, **_words_without(detail)}
    order, tasks = told.get("order"), told.get("tasks")
    if isinstance(order, Mapping):
        told["order"] = {**order, **_words_without(order)}
    if isinstance(tasks, Mapping):
        told["tasks"] = {
            number: {**task, **_words_without(task)} if isinstance(task, Mapping) else task
            for number, task in tasks.items()
        }
    return told


def _words_without(values: Mapping[str, object]) -> dict[str, str]:
    said = ((name, values.get(name)) for name in _WORDS)
    return {name: without_persons(word) for name, word in said if word and isinstance(word, str)}


def history(conn: Connection, noun: str, subject: object) -> pd.DataFrame:
    """Return what happened to a thing, the oldest first: id, name, detail, person, at.

    Reasons and results are told to those who may read the words of the issue; of a step on tasks of
    others alone to those who see one of these.
    """
    told = {"noun": noun, "subject": str(subject), "issue": subject if noun == "issue" else None}
    return rows_of(conn, question("history"), **told)


def histories(conn: Connection, noun: str, subjects: Sequence[int]) -> pd.DataFrame:
    """Return what happened to many issues, or tasks, as `history`; `subject` says to which."""
    numbers = list(subjects)
    told = {
        "subject_of_each": [str(each) for each in numbers],
        "issue_of_each": numbers if noun == "issue" else [None] * len(numbers),
    }
    rows = rows_of(conn, of_each("history", subject="text", issue="bigint"), noun=noun, **told)
    known = dict(enumerate(numbers, 1))
    return rows.assign(subject=rows["nth"].map(known)).sort_values("id", ignore_index=True)
