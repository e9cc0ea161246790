"""An issue and its tasks put together again from their events alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def replayed(
    details: Iterable[Mapping[str, Any]],
) -> tuple[dict[str, Any], dict[int, dict[str, Any]]]:
    """Return what an issue's events leave behind: its own values, and those of each task by id.

    Parameters
    ----------
    details
        Of the issue's events, the oldest first; moments and days in ISO 8601.

    >>> replayed([{"issue": {"state": "sent"}, "tasks": {"7": {"state": "sent", "party": "p"}}},
    ...           {"issue": {"state": "taken"}, "tasks": {"7": {"state": "taken"}}}])
    ({'state': 'taken'}, {7: {'state': 'taken', 'party': 'p'}})
    """
    issue: dict[str, Any] = {}
    tasks: dict[int, dict[str, Any]] = {}
    for detail in details:
        issue |= detail.get("issue", {})
        for task, values in detail.get("tasks", {}).items():
            tasks[int(task)] = tasks.get(int(task), {}) | values
    return issue, tasks
