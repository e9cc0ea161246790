"""What leaves for other systems: the message made of an event, when it is tried again, the limits.

A message is after Standard Webhooks (https://www.standardwebhooks.com): `type`, `timestamp`,
`data`. It holds no personal data; only a hand-over tells what the issue says, to whom it is sent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from geo.reference import boundary_file, figures

VERSION: Final = 1
HAND_OVER: Final = "task.hand_over"  # the kind of a message that tells what an issue says
# What a message may tell of a change: states and times, nothing that people typed.
_OF_ISSUE: Final = ("state", "outcome", "returns", "ruled", "merged_into")
_OF_TASK: Final = (
    *("state", "kind", "lead", "role", "due_at", "yellow_at", "provisional", "arrive_by"),
    "held_at",
)
_HANDED: Final = ("source", "reference", "service", "text", "address", "reported_at", "due_at")
_MOST_LEASE: Final = 60.0
_DAY: Final = 86_400.0
_LONGEST: Final = 128  # letters of another system's number


@dataclass(frozen=True)
class Limits:
    """The figures of `data/boundaries/outbox.toml`: seconds, bytes, hours and counts."""

    lease_seconds: float
    retry_first: float
    retry_longest: float
    retry_jitter: float
    retry_attempts: int
    post_seconds: float
    post_most_bytes: int
    post_at_once: int
    hand_over_hours: float
    stream_replay: int
    stream_heartbeat: float
    stream_owed: int
    keep_delivered_days: int
    keep_notes_days: int


def limits(path: Path | None = None) -> Limits:
    """Return the limits of a file, or those that come with the program.

    Raises
    ------
    BadLimitsError
        Which file, and what is wrong with it.

    >>> limits().lease_seconds <= 60
    True
    """
    return figures(path or boundary_file("outbox.toml"), Limits, _sound)


def _sound(found: Limits) -> bool:
    held = 0 < found.lease_seconds <= _MOST_LEASE and found.retry_jitter <= 1
    counted = (found.retry_attempts, found.post_seconds, found.post_at_once, found.stream_owed)
    return held and all(counted)


def message_id(hook: int, event: int, task: int | None = None) -> str:
    """Return the name of a message, the same however often it is sent: receivers tell by it.

    >>> message_id(3, 41), message_id(3, 41, 7)
    ('msg_3_41', 'msg_3_41_7')
    """
    parts = (hook, event) if task is None else (hook, event, task)
    return "msg_" + "_".join(map(str, parts))


def message(event: Mapping[str, Any], handed: Mapping[str, Any] | None = None) -> str:
    """Return the message of an event as JSON, UTF-8.

    Parameters
    ----------
    event
        `id`, `noun`, `subject`, `name`, `detail`, `path`, `at`.
    handed
        Of a hand-over: `task`, `kind`, `task_due`, and of the issue `source`, `reference`,
        `service`, `text`, `address`, `reported_at`, `due_at`, `lon`, `lat` (WGS 84).

    >>> told = message({"id": 1, "noun": "issue", "subject": "5", "name": "send",
    ...     "detail": {}, "path": ["3701"], "at": datetime(2026, 11, 26, tzinfo=UTC)})
    >>> json.loads(told)["type"], json.loads(told)["timestamp"]
    ('issue.send', '2026-11-26T00:00:00Z')
    """
    data = {
        "event": event["id"],
        "noun": event["noun"],
        "subject": event["subject"],
        "name": event["name"],
        "areas": list(event["path"]),
        "changed": changed(event["detail"]),
    }
    kind = f"{event['noun']}.{event['name']}"
    if handed is not None:
        kind, data = HAND_OVER, {**data, **_handed(handed)}
    told = {"type": kind, "timestamp": moment(event["at"]), "version": VERSION, "data": data}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def changed(detail: object) -> dict[str, Any]:
    """Return what an event may tell outside of what it changed: of the issue, and of each task.

    >>> changed({"issue": {"state": "sent"}, "order": {"reason": "王女士来电"}, "tasks": {}})
    {'issue': {'state': 'sent'}, 'tasks': {}}
    """
    parts = detail if isinstance(detail, Mapping) else {}
    tasks = parts.get("tasks")
    told = tasks.items() if isinstance(tasks, Mapping) else ()
    return {
        "issue": _only(parts.get("issue"), _OF_ISSUE),
        "tasks": {str(task): _only(values, _OF_TASK) for task, values in told},
    }


def _only(values: object, names: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(values, Mapping):
        return {}
    return {name: values[name] for name in names if name in values}


def _handed(row: Mapping[str, Any]) -> dict[str, Any]:
    placed = row["lon"] is not None
    where = {"lon": row["lon"], "lat": row["lat"], "datum": "wgs84"} if placed else None
    issue = {name: _told(row[name]) for name in _HANDED}
    task = {"id": row["task"], "kind": row["kind"], "due_at": _told(row["task_due"])}
    return {"task": task, "issue": {**issue, "position": where}}


def _told(value: object) -> object:
    return moment(value) if isinstance(value, datetime) else value


def moment(at: datetime) -> str:
    """Return a moment after RFC 3339, in UTC.

    >>> moment(datetime.fromisoformat("2026-11-26T08:00:00+08:00"))
    '2026-11-26T00:00:00Z'
    """
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def reference_in(answer: bytes) -> str:
    """Return the number under which another system took a task over, out of its answer, else ''.

    >>> reference_in(b'{"reference": "C-2026-17"}'), reference_in(b"<html>")
    ('C-2026-17', '')
    """
    try:
        found = json.loads(answer)
    except (ValueError, RecursionError):
        return ""
    named = found.get("reference") if isinstance(found, Mapping) else None
    plain = isinstance(named, str | int) and not isinstance(named, bool)
    return _printable(str(named)) if plain else ""


def _printable(text: str) -> str:
    kept = "".join(letter for letter in text if letter.isprintable()).strip()
    return kept if len(kept) <= _LONGEST else ""


def wait(attempts: int, rules: Limits, roll: float, asked: float | None = None) -> float:
    """Return the seconds until a delivery is tried again; at least what the receiver asked for.

    Parameters
    ----------
    attempts
        Made so far, at least one.
    roll
        A random number from 0 to 1.
    asked
        Seconds of the receiver's `Retry-After`; a day at the most is granted.

    >>> [wait(n, limits(), 0.5) for n in (1, 2, 3, 40)]
    [5.0, 10.0, 20.0, 3600.0]
    """
    doubled = rules.retry_first * 2.0 ** min(attempts - 1, 30)
    alone = min(doubled, rules.retry_longest) * (1 + rules.retry_jitter * (2 * roll - 1))
    return max(alone, min(asked or 0.0, _DAY))
