"""A task of no issue as a card: what it is, what may be done with it, and its history in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final

import pandas as pd

from api.issue_card import card_of, history_of
from api.photo_words import photo_told
from api.rows import rows_in_json
from geo.issues.alone import KINDS
from geo.issues.edges import CLOCK_RUNS
from geo.store.database import Connection
from geo.store.net.naming import area_names, party_names
from geo.store.working.alone import AloneLook
from geo.store.working.photos import photos_of_task

KIND_NAMES: Final[dict[str, tuple[str, str]]] = {kind.name: (kind.zh, kind.en) for kind in KINDS}


def task_card(conn: Connection, seen: AloneLook) -> dict[str, Any]:
    """Return a task as JSON takes it, with names, steps offered and history."""
    work = seen.task.work
    names = party_names(conn, [work.party, seen.task.made_by, *seen.among])
    zh, en = KIND_NAMES[work.kind]
    return {
        **asdict(work),
        "kind_zh": zh,
        "kind_en": en,
        "text": seen.text,
        "area": seen.area,
        "area_name": _areas(conn, [seen.area]).get(str(seen.area)),
        "among": list(seen.among),
        "among_names": [names.get(code, code) for code in seen.among],
        "confidential": seen.task.confidential,
        "made_by": seen.task.made_by,
        "made_by_name": names.get(seen.task.made_by, seen.task.made_by),
        "party_name": names.get(work.party, work.party),
        "card": card_of(work, datetime.now(UTC)),
        "due_guessed": seen.guessed,
        "version": seen.version,
        "steps": [
            {"step": edge.name, "zh": edge.zh, "en": edge.en, "needs": list(edge.needs)}
            for edge in seen.offered
        ],
        "photos": [photo_told(row) for row in rows_in_json(photos_of_task(conn, work.id))],
        "history": history_of(conn, "task", work.id),
    }


def tasks_told(conn: Connection, rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return tasks of no issue as JSON takes them, with names and the card each has drawn."""
    now = datetime.now(UTC)
    running = rows["state"].isin(CLOCK_RUNS)
    card = pd.Series(None, rows.index, dtype="object")
    card[running & (rows["yellow_at"] <= now)] = "yellow"
    card[running & (rows["due_at"] < now)] = "red"
    told = rows.assign(
        party_name=rows["party"].map(party_names(conn, rows["party"])),
        area_name=rows["area"].map(_areas(conn, rows["area"])),
        card=card,
    )
    return rows_in_json(told)


def _areas(conn: Connection, codes: Iterable[object]) -> dict[str, str]:
    known = list(codes)
    return {
        code: name
        for net in ("admin", "grid")
        for code, name in area_names(conn, net, known).items()
    }
