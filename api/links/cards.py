"""A task as its holder's phone is told it: no more than that screen shows."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final

from api.issue_card import card_of, history, photos
from api.links.acting import Linked
from api.task_card import task_card
from api.waiting import neighbours_told
from api.way_there import way_there
from geo.issues import Work
from geo.issues.alone import WITHOUT
from geo.issues.edges import EDGES, IssueEdge
from geo.store.net.naming import area_names
from geo.store.working.alone import look_alone
from geo.store.working.handling import look
from geo.store.working.issues import issues_told
from geo.store.working.links import Reached, reached, tasks_of_day

_OF_ISSUE: Final = ("number", "text", "address", "service", "source", "grid", "grid_name",
                    "community", "accuracy_m", "reported_at")  # fmt: skip
_OF_WORK: Final = ("kind", "state", "lead", "due_at", "yellow_at", "sent_at", "asked", "result")
_TOLD_BY: Final = (
    "send",
    "resend",
    "order",
    "rule",
    "fail",
    "whistle",
)  # whose words say what to do
_LAST: Final = 6  # of what happened


def phone_told(linked: Linked) -> dict[str, Any]:
    """Return what a link opens: its task, or the tasks of its day, in short."""
    _, opened = linked
    numbers = [opened.task] if opened.task is not None else tasks_of_day(*linked)
    return {
        "link": opened.link,
        "kind": opened.kind,
        "party": opened.party,
        "day": opened.day and opened.day.isoformat(),
        "expires_at": opened.expires_at.isoformat(),
        "is_bound": opened.is_bound,
        "asked_at": datetime.now(UTC).isoformat(),
        "tasks": [task_told(linked, number) for number in numbers],
    }


def task_told(linked: Linked, task: int) -> dict[str, Any]:
    """Return a task with what its holder may do with it now.

    Raises
    ------
    NotOfLinkError
        When the link does not reach it.
    """
    found = reached(linked.conn, linked.opened, task)
    told = _of_issue(linked, task, found) if found.issue is not None else _alone(linked, task)
    return {"task": task, "issue": found.issue, **told, "is_held": found.is_held}


def _of_issue(linked: Linked, task: int, found: Reached) -> dict[str, Any]:
    conn, number = linked.conn, int(found.issue or 0)
    seen = look(conn, number)
    happened = history(conn, number)
    now = datetime.now(UTC)
    (words,) = issues_told(conn, only=[number])
    facts = json.loads(words.told)
    work = next(work for work in seen.case.tasks if work.id == task)
    steps = [edge for edge, on in seen.offered if on == task and found.is_held]
    return {
        **{name: facts[name] for name in _OF_ISSUE},
        **_work(work, now),
        **way_there(words.lon, words.lat, facts["address"] or facts["service"] or ""),
        "issue_state": seen.case.state,
        "needs_photo": seen.case.needs_photo and work.lead,
        "version": seen.version,
        "steps": _steps(steps),
        "photos": photos(conn, number),
        "near": [
            {"code": row["code"], "name": row["name"]} for row in neighbours_told(conn, number)
        ],
        "told": _words(happened),
        "history": _happened(happened),
    }


def _alone(linked: Linked, task: int) -> dict[str, Any]:
    conn = linked.conn
    seen = look_alone(conn, task)
    whole, now = task_card(conn, seen), datetime.now(UTC)
    held = seen.task.work.party == linked.opened.party
    names = area_names(conn, "grid", [seen.area])
    return {
        **dict.fromkeys(_OF_ISSUE),
        **_work(seen.task.work, now),
        **way_there(None, None, ""),
        "number": f"RW-{task}",
        "text": seen.text,
        "service": whole["kind_zh"],
        "grid": seen.area if seen.area in names.index else None,
        "grid_name": names.get(seen.area),
        "issue_state": seen.task.work.state,
        "needs_photo": False,
        "version": seen.version,
        "steps": _steps(seen.offered) if held else [],
        "photos": whole["photos"],
        "near": [],
        "told": "",
        "history": _happened(whole["history"]),
    }


def _work(work: Work, now: datetime) -> dict[str, Any]:
    held = asdict(work)
    told = {name: held[name] for name in _OF_WORK}
    moments = {name: value.isoformat() for name, value in told.items() if hasattr(value, "hour")}
    return {**told, **moments, "card": card_of(work, now)}


def may_by_link(edge: IssueEdge) -> bool:
    """Tell whether a step is one of a holder's: a link does not rule, verify or dispatch."""
    return edge.on == "task" and "holder" in edge.who


def holder_edges() -> list[dict[str, Any]]:
    """Return a holder's steps, as a phone foresees them; `alone`: those of no issue have it too."""
    return [
        {
            **told,
            "sources": list(edge.sources),
            "target": edge.target,
            "alone": edge.name not in WITHOUT,
        }
        for edge in EDGES
        for told in _steps([edge])
    ]


def _steps(edges: Any) -> list[dict[str, Any]]:  # noqa: ANN401 any sequence of edges
    return [
        {"step": edge.name, "zh": edge.zh, "en": edge.en, "needs": list(edge.needs)}
        for edge in edges
        if may_by_link(edge)
    ]


def _happened(history: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the last of what happened, in words, without how it was routed."""
    names = ("name", "zh", "en", "at", "person_name")
    return [
        {
            **{name: event[name] for name in names},
            "order": {name: event["order"].get(name, "") for name in ("reason", "result")},
        }
        for event in history[-_LAST:]
    ]


def _words(history: list[dict[str, Any]]) -> str:
    """Return what the latest who sent it said is to be done."""
    said = (event["order"].get("reason") for event in history[::-1] if event["name"] in _TOLD_BY)
    return next((str(words) for words in said if words), "")
