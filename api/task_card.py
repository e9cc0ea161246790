"""A task of no issue as a card: what it is, what may be done with it, and its history in words."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final

from api.issue_card import card_of, history_of
from geo.issues.alone import KINDS
from geo.store.database import Connection
from geo.store.net.naming import party_names
from geo.store.working.alone import AloneLook

_NAMES: Final[dict[str, tuple[str, str]]] = {kind.name: (kind.zh, kind.en) for kind in KINDS}


def task_card(conn: Connection, seen: AloneLook) -> dict[str, Any]:
    """Return a task as JSON takes it, with names, steps offered and history."""
    work = seen.task.work
    names = party_names(conn, [work.party])
    zh, en = _NAMES[work.kind]
    return {
        **asdict(work),
        "kind_zh": zh,
        "kind_en": en,
        "text": seen.text,
        "area": seen.area,
        "among": list(seen.among),
        "confidential": seen.task.confidential,
        "made_by": seen.task.made_by,
        "party_name": names.get(work.party, work.party),
        "card": card_of(work, datetime.now(UTC)),
        "due_guessed": seen.guessed,
        "version": seen.version,
        "steps": [
            {"step": edge.name, "zh": edge.zh, "en": edge.en, "needs": list(edge.needs)}
            for edge in seen.offered
        ],
        "history": history_of(conn, "task", work.id),
    }
