"""One issue as a card: its tasks, what may be done with it by whom, and its history in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any, Final, Literal

import pandas as pd

from api.answer_words import answers_told
from api.event_words import event_words
from api.photo_words import photo_told
from api.reporters import repeated
from api.rows import moment_in_json, rows_in_json
from api.waiting import located_told, neighbours_told
from geo.issues import Case, Work
from geo.issues.edges import CLOCK_RUNS
from geo.store import events
from geo.store.database import Connection
from geo.store.net.naming import party_names
from geo.store.working.cases import Look
from geo.store.working.photos import photos_of, photos_of_each
from geo.store.working.reviews import read_reviews

_CALLED_BACK: Final = "pass"  # before it, reporters of merged issues are called back too
_BESIDE: Final = ("tasks", "to_call", "uncalled")


def card(conn: Connection, seen: Look) -> dict[str, Any]:
    """Return an issue as JSON takes it: state, tasks, steps offered, answers, history, names."""
    case = seen.case
    names = party_names(conn, [work.party for work in case.tasks])
    return {
        **_plain(case),
        "version": seen.version,
        "tasks": [
            {
                **_told(asdict(work)),
                "party_name": names.get(work.party, work.party),
                "card": card_of(work, datetime.now(UTC)),
                "due_guessed": work.id in seen.guessed,
            }
            for work in case.tasks
        ],
        **_offered(seen),
        "photos": photos(conn, case.id),
        "reviews": rows_in_json(read_reviews(conn, issue=case.id)),
        "answers": answers_told(conn, case.id),
        "history": history(conn, case.id),
        "reporter": repeated(conn, case.id),
        "located": located_told(conn, case.id),
        "neighbours": neighbours_told(conn, case.id),
    }


def card_of(work: Work, now: datetime) -> str | None:
    """Return red for a task that is overdue, yellow for one due soon, while its clock runs."""
    if work.state not in CLOCK_RUNS or now < work.yellow_at:
        return None
    return "red" if now > work.due_at else "yellow"


def photos(conn: Connection, issue: int) -> list[dict[str, Any]]:
    """Return the photos of an issue, as they are told."""
    return [photo_told(row) for row in rows_in_json(photos_of(conn, issue))]


def photos_by(
    conn: Connection, noun: Literal["issue", "task"], numbers: Sequence[int]
) -> dict[int, list[dict[str, Any]]]:
    """Return the photos of many issues, or tasks of none, by number, as they are told."""
    found: dict[int, list[dict[str, Any]]] = {number: [] for number in numbers}
    for row in rows_in_json(photos_of_each(conn, noun, numbers)):
        found[row.pop("of")].append(photo_told(row))
    return found


def history(conn: Connection, issue: int) -> list[dict[str, Any]]:
    """Return what happened to an issue, the oldest first, each step in words."""
    return history_of(conn, "issue", issue)


def history_of(conn: Connection, noun: str, subject: int) -> list[dict[str, Any]]:
    """Return what happened to an issue or a task, the oldest first, each step in words."""
    rows = events.history(conn, noun, subject)
    names = party_names(conn, rows["person"])
    return [_event(row, event_words(noun, row["name"]), names) for row in rows.to_dict("records")]


def histories_of(
    conn: Connection, noun: str, subjects: Sequence[int]
) -> dict[int, list[dict[str, Any]]]:
    """Return what happened to many issues, or tasks, by number, each as `history_of`."""
    rows = events.histories(conn, noun, subjects)
    names = party_names(conn, rows["person"])
    found: dict[int, list[dict[str, Any]]] = {number: [] for number in subjects}
    for row in rows.to_dict("records"):
        found[row["subject"]].append(_event(row, event_words(noun, row["name"]), names))
    return found


def _event(row: Mapping[str, Any], words: tuple[str, str], names: pd.Series) -> dict[str, Any]:
    person = row["person"]
    return {
        "id": row["id"],
        "name": row["name"],
        "zh": words[0],
        "en": words[1],
        "order": row["detail"].get("order", {}),
        "person": person,
        "person_name": names.get(person),
        "at": moment_in_json(row["at"]),
    }


def _offered(seen: Look) -> dict[str, Any]:
    """Return the steps offered; to whoever may pass it, whom of those merged to call back first."""
    left = list(seen.case.uncalled)
    steps = [
        {
            "step": edge.name, "task": task, "zh": edge.zh, "en": edge.en,
            "needs": [*edge.needs, *(["called"] if left and edge.name == _CALLED_BACK else [])],
        }
        for edge, task in seen.offered
    ]  # fmt: skip
    verifies = any(step["step"] == _CALLED_BACK for step in steps)
    return {"steps": steps, "uncalled": left if verifies else []}


def _plain(case: Case) -> dict[str, Any]:
    return _told({key: value for key, value in asdict(case).items() if key not in _BESIDE})


def _told(values: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in values.items()
    }
