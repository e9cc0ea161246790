"""Issues as steps need them: their rows, their tasks, what the acting person may do with each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, RowMapping, Select, func, select, text

from geo.issues import Case, IssueEdge, Work, offered
from geo.issues.intake import is_called_back
from geo.store.actors import acting_each, words_of
from geo.store.rules.deadlines import ruler
from geo.store.schema.tables import ATTACHMENT, ISSUE, SERVICE, TASK

OF_TASK: Final = tuple(field.name for field in fields(Work))
_OF_SERVICE: Final = ("self_close", "needs_photo")
_PHOTOGRAPHED: Final = (
    select(func.max(ATTACHMENT.c.made_at))
    .where(ATTACHMENT.c.issue == ISSUE.c.id, ATTACHMENT.c.stage == "after")
    .scalar_subquery()
    .label("photographed_at")
)
_RESULT: Final = words_of(TASK.c.issue, TASK.c.result, path=TASK.c.path)
_SEEN: Final = select(
    TASK.c.issue, *(_RESULT if name == "result" else TASK.c[name] for name in OF_TASK)
).order_by(TASK.c.id)
_MERGED: Final = text("select id, source, content_at from merged_reports(:issue)")
_BESIDE: Final = ("tasks", "to_call", "uncalled")  # of an issue, not in its row


class Look(NamedTuple):
    """An issue as the acting person sees it, its version, and the steps it may take (on a task).

    `guessed` are the tasks whose due time runs into a year without a calendar.
    """

    case: Case
    version: int
    offered: tuple[tuple[IssueEdge, int | None], ...]
    guessed: frozenset[int] = frozenset()


def looks(conn: Connection, issues: Sequence[int]) -> dict[int, Look]:
    """Return issues by number, each as `Look`; those the acting person may not see are left out.

    As many questions for a hundred as for one, but for reports that were merged and for places
    with different areas above them.
    """
    numbers = list(issues)
    rows = conn.execute(row_asked().where(ISSUE.c.id.in_(numbers))).mappings().all()
    tasks = defaultdict[int, list[Work]](list)
    for found in conn.execute(_SEEN.where(TASK.c.issue.in_(numbers))).mappings():
        values = dict(found)
        tasks[values.pop("issue")].append(work_of(conn, values))
    cases = [case_of(conn, row, tasks[row["id"]]) for row in rows]
    actors = acting_each(conn, [row["path"] for row in rows])
    guessed = _guessed(conn, zip(rows, cases, strict=True))
    return {
        case.id: Look(
            case, row["version"], offered(case, actor),
            guessed & frozenset(work.id for work in case.tasks),
        )
        for row, case, actor in zip(rows, cases, actors, strict=True)
    }  # fmt: skip


def row_asked() -> Select[Any]:
    """Return the question for issues as steps need them; which ones is for the caller to say."""
    names = (
        *("id", "source", "state", "outcome", "due_at", "returns", "ruled", "path", "version"),
        *("service", "reference", "community", "subdistrict", "against", "received_by"),
    )
    columns = [*(ISSUE.c[name] for name in names), ISSUE.c.merged_into.label("into")]
    where = (func.ST_X(ISSUE.c.geom).label("lon"), func.ST_Y(ISSUE.c.geom).label("lat"))
    placed = ISSUE.c.geom.is_not(None).label("placed")
    merged = func.merged_sources(ISSUE.c.id).label("merged_sources")
    claimed = (func.cardinality(ISSUE.c.path) > 0).label("claimed")
    flags = (func.coalesce(SERVICE.c[name], False).label(name) for name in _OF_SERVICE)
    of_service = (*flags, SERVICE.c.answer_days, SERVICE.c.calendar)
    asked = select(*columns, *where, placed, claimed, merged, *of_service, _PHOTOGRAPHED)
    return asked.select_from(ISSUE.outerjoin(SERVICE, SERVICE.c.code == ISSUE.c.service))


def case_of(conn: Connection, row: RowMapping, tasks: Sequence[Work]) -> Case:
    """Return an issue with its tasks, from a row of `row_asked`."""
    kept = {field.name: row[field.name] for field in fields(Case) if field.name not in _BESIDE}
    kept["merged_sources"] = tuple(row["merged_sources"])
    return Case(**kept, tasks=tuple(tasks), **_to_call(conn, row, tasks))


def work_of(conn: Connection, row: Mapping[str, Any]) -> Work:
    """Return a task; one of before deadlines were reckoned gets its due times now."""
    values = dict(row)
    if row["due_at"] is None or row["yellow_at"] is None:
        working, limits = ruler(conn)
        values["due_at"] = row["due_at"] or working.after(row["sent_at"], limits.answer)
        values["yellow_at"] = row["yellow_at"] or working.after(values["due_at"], -limits.yellow)
    return Work(**values)


def _to_call(conn: Connection, row: RowMapping, tasks: Sequence[Work]) -> dict[str, Any]:
    """Return whom of those merged to call back, and who was not since the issue is done."""
    if not any(is_called_back(source) for source in row["merged_sources"]):
        return {}
    done = [work.finished_at for work in tasks if work.lead and work.state == "done"]
    since = max((at for at in done if at is not None), default=None)
    found = conn.execute(_MERGED, {"issue": row["id"]}).all()
    reports = [report for report in found if is_called_back(report.source)]
    left = [r.id for r in reports if since and (r.content_at is None or r.content_at < since)]
    return {"to_call": tuple(report.id for report in reports), "uncalled": tuple(left)}


def _guessed(conn: Connection, cases: Iterable[tuple[RowMapping, Case]]) -> frozenset[int]:
    """Return the tasks that are due in a year without a calendar, by our limits."""
    ours = [
        work
        for row, case in cases
        if row["calendar"] != "natural"
        for work in case.tasks
        if work.due_at != case.due_at
    ]
    if not ours:
        return frozenset()
    guesses = ruler(conn)[0].guesses([work.due_at for work in ours])
    return frozenset(work.id for work, guess in zip(ours, guesses, strict=True) if guess)
