"""Plans: listed, shown beside what they replace, and moved step by step."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from api.asked import Asked
from api.comparing import comparison, plan_row
from api.moments import parsed_at
from api.plan_changes import changes
from api.proposals import begin_as_was
from api.publishing import stepped, tried
from api.replaying import replayed
from api.rows import rows_in_json
from api.transactions import Acting
from api.versions import IfMatch, etag
from geo.store.net.naming import area_names
from geo.store.net.revisions import demand_moment
from geo.store.planning import plans
from geo.store.planning.editing import demand_version
from geo.store.planning.forking import fork, read_log

router = APIRouter(prefix="/api/plans", tags=["plans"])


def _iso(day: object) -> object:
    # A number would be taken for seconds since 1970.
    if isinstance(day, str) and day.isdigit():
        raise ValueError("not a day such as 2026-11-26")
    return day


Day = Annotated[date, BeforeValidator(_iso)]


class Step(BaseModel):
    """One step of a plan, by its name in the table of edges.

    `effective_on` is for `publish` and `schedule`: on a day to come the plan waits for it.
    With `trial` it is told what the step would do, and nothing is done.
    """

    model_config = ConfigDict(extra="forbid")

    step: Annotated[str, Field(max_length=32, examples=["submit"])]
    reason: Annotated[str, Field(max_length=2000)] = ""
    effective_on: Day | None = None
    trial: bool = False


@router.get("")
def listed(conn: Acting) -> list[dict[str, Any]]:
    """Return the plans the person may see, newest first."""
    found = plans.read_plans(conn)
    names = area_names(conn, "admin", found["scope"])
    shown = found.assign(scope_name=found["scope"].map(names))
    return rows_in_json(shown)


class Fork(BaseModel):
    """What a fork is to be called: by default as the plan it comes from, as a numbered copy."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[str | None, Field(min_length=1, max_length=200)] = None


class Begun(BaseModel):
    """A new draft: for which area, and its title."""

    model_config = ConfigDict(extra="forbid")

    scope: Annotated[str, Field(min_length=1, max_length=64)]
    title: Annotated[str, Field(min_length=1, max_length=200)]
    at: Annotated[str | None, Field(max_length=64, examples=["3", "2026-11-26"])] = None


@router.post("", status_code=201)
def begun(conn: Acting, asked: Annotated[Begun, Body()]) -> dict[str, int]:
    """Begin a draft with the grids in force, or those of `at`, and return its number."""
    at = None if asked.at is None else parsed_at(asked.at)
    return {"plan": begin_as_was(conn, scope=asked.scope, title=asked.title, at=at)}


@router.get("/{plan}")
def one(conn: Acting, plan: int, response: Response) -> dict[str, Any]:
    """Return one plan, and what the person may do with it.

    Its ETag names the version that an edit of it has to name.
    """
    row = plan_row(conn, plan)
    response.headers["etag"] = etag(int(row["version"]))
    told = rows_in_json(row.to_frame().T.rename_axis("id").reset_index())[0]
    steps = [
        {"step": edge.name, "zh": edge.zh, "en": edge.en, "reason": edge.reason}
        for edge in plans.steps_open(conn, plan)
    ]
    return {**told, "steps": steps, "editable": plans.may_edit(conn, plan)}


@router.get("/{plan}/log")
def log(conn: Acting, plan: int) -> list[dict[str, Any]]:
    """Return what happened to a plan, and to those it was forked from until then."""
    plan_row(conn, plan)
    return rows_in_json(read_log(conn, plan))


@router.get("/{plan}/diff")
def diff(conn: Acting, plan: int) -> dict[str, Any]:
    """Return what changes hands from what is in force (or was, before it) to a plan."""
    return changes(conn, plan).told()


@router.get("/{plan}/diff/{other}")
def diff_of_two(conn: Acting, plan: int, other: int) -> dict[str, Any]:
    """Return what changes hands from a plan to another."""
    return changes(conn, plan, other).told()


@router.get("/{plan}/replay")
def replay(
    conn: Acting,
    plan: int,
    since: Annotated[Day | None, Query(alias="from")] = None,
    until: Annotated[Day | None, Query(alias="to")] = None,
) -> dict[str, Any]:
    """Return what each grid of a plan would have had to carry of the last three months' issues."""
    return replayed(conn, plan, since=since, until=until).told()


@router.post("/{plan}/fork", status_code=201)
def forked(conn: Acting, plan: int, asked: Annotated[Fork, Body()]) -> dict[str, int]:
    """Fork a draft from a plan in whatever state, and return its number."""
    return {"plan": fork(conn, plan, title=asked.title)}


@router.get("/{number}/compare")
def compare(conn: Acting, number: int, moment: Asked) -> dict[str, object]:
    """Return the measures of a plan and of what it replaces, or of another moment, side by side."""
    demand_moment(conn, str(plan_row(conn, number)["net"]), moment.at)
    return comparison(conn, number, None if moment.is_now else moment.which)


@router.post("/{plan}/steps")
def move(conn: Acting, plan: int, step: Annotated[Step, Body()], seen: IfMatch) -> dict[str, Any]:
    """Take one step with a plan and return the state it is in then, or would be of a trial.

    With If-Match only if it is still of the version that was seen. A publication tells the grids
    that are new, gone and changed, and the tasks and duties that move; a rebase the grids it took
    over as others have changed them, and those that both have changed.
    """
    demand_version(conn, plan, seen)
    with tried(conn, trial=step.trial):
        return stepped(conn, plan, step.step, reason=step.reason, effective_on=step.effective_on)
