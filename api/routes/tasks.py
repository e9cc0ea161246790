"""Tasks of no issue over HTTP: errands, mediations, visits, recurring duties, meetings."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from api.moments import Instant
from api.rows import rows_in_json
from api.task_card import task_card, tasks_told
from api.transactions import Acting
from api.versions import IfMatch, etag
from geo.issues import Order, TaskState
from geo.issues.alone import AloneKind
from geo.store.working.alone import (
    NewTask,
    act_alone,
    count_alone,
    list_alone,
    look_alone,
    new_task,
)

router = APIRouter(prefix="/api/tasks", tags=["tasks"])

Code = Annotated[str, Field(min_length=1, max_length=128)]
Words = Annotated[str, Field(max_length=2000)]
Area = Annotated[str, Query(max_length=128)]


class Given(BaseModel):
    """A task to be written down; of a mediation also among whom."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"kind": "errand", "party": "p-1", "area": "370102001001", "text": "代领养老金"}
            ]
        },
    )

    kind: AloneKind
    party: Code
    area: Code
    text: Annotated[str, Field(min_length=1, max_length=2000)]
    among: Annotated[tuple[Code, ...], Field(max_length=50)] = ()
    due_at: Instant | None = None
    reference: Code | None = None


class Step(BaseModel):
    """One step with a task of no issue, by its name in the table of edges."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"step": "finish", "result": "已代办"}]},
    )

    step: Annotated[str, Field(max_length=32)]
    party: Code | None = None
    reason: Words = ""
    result: Words = ""
    days: Annotated[float | None, Field(gt=0, le=365, allow_inf_nan=False)] = None
    review_on: date | None = None


@router.post("", status_code=201)
def add(conn: Acting, told: Annotated[Given, Body()], response: Response) -> dict[str, Any]:
    """Write down a task of no issue: it is sent to its party at once, on the usual clock.

    With a `reference` of your own it is written down once: the same again gets the same task (200),
    other content is refused (409).

    A mediation is read by its people alone: its holder, those among whom it is, whoever wrote it
    down, and who leads over the place. Others only count it.
    """
    made = new_task(conn, NewTask(**told.model_dump()))
    response.status_code = 201 if made.fresh else 200
    return one(conn, made.id, response)


@router.get("")
def listed(
    conn: Acting,
    *,
    kind: Annotated[AloneKind | None, Query()] = None,
    state: Annotated[TaskState | None, Query()] = None,
    scope: Annotated[str | None, Query(max_length=128)] = None,
) -> list[dict[str, Any]]:
    """Return the tasks of no issue that the person may see, the latest first, at most 500."""
    return tasks_told(conn, list_alone(conn, kind=kind, state=state, scope=scope))


@router.get("/counts")
def counted(conn: Acting, scope: Area) -> list[dict[str, Any]]:
    """Return how many tasks of no issue an area has, by kind and state, the confidential too."""
    return rows_in_json(count_alone(conn, scope))


@router.get("/{task}")
def one(conn: Acting, task: int, response: Response) -> dict[str, Any]:
    """Return one task of no issue with its history and the steps the person may take; its ETag."""
    found = look_alone(conn, task)
    response.headers["etag"] = etag(found.version)
    return task_card(conn, found)


@router.post("/{task}/steps")
def move(
    conn: Acting, task: int, told: Annotated[Step, Body()], response: Response, *, seen: IfMatch
) -> dict[str, Any]:
    """Take one step with a task of no issue; with If-Match only if it is still as it was seen.

    Returns its number and its version; whoever handed it on may not see it any more.
    """
    version = act_alone(conn, task, Order(**told.model_dump()), version=seen)
    response.headers["etag"] = etag(version)
    return {"id": task, "version": version}
