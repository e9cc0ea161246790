"""A task as its holder's phone is told it: no more than that screen shows."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

import pandas as pd

from api.issue_card import card_of, histories_of, photos_by
from api.links.acting import Linked
from api.task_card import KIND_NAMES
from api.way_there import way_there
from geo.errors import NotOfLinkError
from geo.issues import Work
from geo.issues.alone import WITHOUT
from geo.issues.edges import EDGES, IssueEdge
from geo.issues.policy import intake_policy
from geo.store.database import Connection
from geo.store.incoming.placing import neighbours_of_each
from geo.store.net.naming import area_names
from geo.store.rules.routing import Above, levels_above
from geo.store.working.alone import AloneLook, looks_alone
from geo.store.working.cases import Look, looks
from geo.store.working.issues import Told, issues_told
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


class _Known(NamedTuple):
    """What is known of all that a link opens, read at once: by the number of an issue, or a task.

    `photos` and `happened` are of issues, then of tasks of none; `grids` are names of grids;
    `above` is where a task would be reported up to.
    """

    looks: Mapping[int, Look]
    words: Mapping[int, Told]
    near: Mapping[int, list[dict[str, str]]]
    alone: Mapping[int, AloneLook]
    photos: tuple[Mapping[int, list[dict[str, Any]]], ...]
    happened: tuple[Mapping[int, list[dict[str, Any]]], ...]
    grids: pd.Series
    above: Mapping[int, Above]


def phone_told(linked: Linked) -> dict[str, Any]:
    """Return what a link opens: its task, or the tasks of its day, in short.

    A day of a hundred tasks takes as many questions as a day of one.
    """
    conn, opened = linked
    if opened.task is not None:
        found = {opened.task: reached(conn, opened, opened.task)}
    else:
        found = tasks_of_day(conn, opened)
    return {
        "link": opened.link,
        "kind": opened.kind,
        "party": opened.party,
        "day": opened.day and opened.day.isoformat(),
        "expires_at": opened.expires_at.isoformat(),
        "is_bound": opened.is_bound,
        "asked_at": datetime.now(UTC).isoformat(),
        "tasks": _told(linked, found),
    }


def task_told(linked: Linked, task: int) -> dict[str, Any]:
    """Return a task with what its holder may do with it now.

    Raises
    ------
    NotOfLinkError
        When the link does not reach it.
    """
    found = _told(linked, {task: reached(linked.conn, linked.opened, task)})
    if not found:
        raise NotOfLinkError(what=f"task {task}")
    return found[0]


def _told(linked: Linked, found: Mapping[int, Reached]) -> list[dict[str, Any]]:
    """Return tasks in their order; what was taken out of sight meanwhile is left out."""
    known = _known(linked.conn, found)
    return [
        {"task": task, "issue": at.issue, **told, "is_held": at.is_held}
        for task, at in found.items()
        if (told := _of_issue(known, task, at) or _alone(known, task, linked.opened.party))
    ]


def _known(conn: Connection, found: Mapping[int, Reached]) -> _Known:
    issues = sorted({at.issue for at in found.values() if at.issue is not None})
    tasks = [task for task, at in found.items() if at.issue is None]
    alone = looks_alone(conn, tasks)
    return _Known(
        looks(conn, issues),
        {told.id: told for told in issues_told(conn, only=issues)} if issues else {},
        _near(conn, issues),
        alone,
        (photos_by(conn, "issue", issues), photos_by(conn, "task", tasks)),
        (histories_of(conn, "issue", issues), histories_of(conn, "task", tasks)),
        area_names(conn, "grid", [seen.area for seen in alone.values()]),
        levels_above(conn, [task for task, at in found.items() if at.issue is not None]),
    )


def _near(conn: Connection, issues: Sequence[int]) -> dict[int, list[dict[str, str]]]:
    rows = neighbours_of_each(conn, issues, intake_policy().neighbours)
    found = defaultdict[int, list[dict[str, str]]](list)
    for row in rows.itertuples():
        found[int(row.issue)].append({"code": row.code, "name": row.name})
    return found


def _of_issue(known: _Known, task: int, at: Reached) -> dict[str, Any] | None:
    """Return a task of an issue; None where it is of none, or its issue is not to be seen."""
    seen, words = known.looks.get(at.issue or 0), known.words.get(at.issue or 0)
    if at.issue is None or seen is None or words is None:
        return None
    facts, happened = json.loads(words.told), known.happened[0][at.issue]
    work = next(work for work in seen.case.tasks if work.id == task)
    steps = [edge for edge, on in seen.offered if on == task and at.is_held]
    return {
        **{name: facts[name] for name in _OF_ISSUE},
        **_work(work, datetime.now(UTC)),
        **way_there(words.lon, words.lat, facts["address"] or facts["service"] or ""),
        "issue_state": seen.case.state,
        "needs_photo": seen.case.needs_photo and work.lead,
        "version": seen.version,
        "steps": _steps(steps),
        "photos": known.photos[0][at.issue],
        "near": known.near.get(at.issue, []),
        "above": above._asdict() if (above := known.above.get(task)) else None,
        "told": _words(happened),
        "history": _happened(happened),
    }


def _alone(known: _Known, task: int, party: str) -> dict[str, Any] | None:
    """Return a task of no issue; None where it is of one, or not to be seen."""
    seen = known.alone.get(task)
    if seen is None:
        return None
    work = seen.task.work
    return {
        **dict.fromkeys(_OF_ISSUE),
        **_work(work, datetime.now(UTC)),
        **way_there(None, None, ""),
        "number": f"RW-{task}",
        "text": seen.text,
        "service": KIND_NAMES[work.kind][0],
        "grid": seen.area if seen.area in known.grids.index else None,
        "grid_name": known.grids.get(seen.area),
        "issue_state": work.state,
        "needs_photo": False,
        "version": seen.version,
        "steps": _steps(seen.offered) if work.party == party else [],
        "photos": known.photos[1][task],
        "near": [],
        "above": None,
        "told": "",
        "history": _happened(known.happened[1][task]),
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
