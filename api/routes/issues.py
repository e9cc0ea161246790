"""Issues: received once each, handed to whoever answers for the place, shown."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Response

from api.asked import Asked
from api.at_hand import AtCounter
from api.explaining import explain_issue
from api.handing_in import Intake, handed_in
from api.issue_words import issues_in_words
from api.transactions import Acting
from api.versions import IfMatch
from geo.store.net.naming import area_names
from geo.store.net.revisions import demand_moment
from geo.store.working.issues import Beyond, issues_beyond, send, take
from maps.geojson import collected

router = APIRouter(prefix="/api", tags=["issues"])
# A worklist that a person and a browser can hold; what lies beyond is counted, not sent.
MOST_ISSUES: Final = 5_000
_NUMBERS: Final = "^[0-9]{1,18}(,[0-9]{1,18})*$"


@router.get("/issues.geojson")
def listed(
    conn: Acting,
    moment: Asked,
    scope: Annotated[str | None, Query(max_length=64)] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_ISSUES)] = MOST_ISSUES,
    only: Annotated[
        str | None, Query(max_length=4000, pattern=_NUMBERS, examples=["17,18"])
    ] = None,
) -> Response:
    """Return the latest issues of an area that the person may see; where the others are, in cells.

    With `at` those received by then; with `at` or `plan`, `grid_then` is the grid that owned the
    position of each, or would. What was recorded at intake never changes. With `only` the issues
    of these numbers, as a page that is open asks for what changed; nothing is counted beside them.
    """
    demand_moment(conn, "grid", moment.at)
    now = datetime.now(UTC)
    numbers = None if only is None else [int(number) for number in only.split(",")]
    issues = issues_in_words(conn, scope=scope, now=now, moment=moment, limit=limit, only=numbers)
    beyond = Beyond()
    if numbers is None and len(issues) >= limit:
        beyond = issues_beyond(conn, scope=scope, limit=limit, at=moment.at)
    answer = collected(
        issues.values(),
        scope_name=area_names(conn, "admin", [scope]).get(scope, ""),
        asked_at=now.isoformat(),
        total=len(issues) + beyond.n,
        beyond=json.loads(beyond.cells),
    )
    return Response(answer, media_type="application/geo+json")


@router.post("/issues", status_code=201, response_model=dict[str, Any])
async def intake(
    at: AtCounter,
    told: Intake,
    *,
    nearby: Annotated[bool, Query(description="list open issues nearby too")] = False,
) -> Response:
    """Receive an issue: the same reference and content again gives the same answer.

    It is located, routed and, where its service says so, sent; answered once all of it is kept.
    Without a position it is placed by its address, where one candidate stands out; else it is
    unclaimed, and the answer lists the candidates. With an accuracy the answer names the grids that
    it may lie in as well; with `nearby` it lists open issues that may be the same.
    """
    return await handed_in(at, told, look=nearby)


@router.post("/issues/{issue}/send", status_code=201)
def hand_out(
    conn: Acting, issue: int, party: str | None = None, *, seen: IfMatch
) -> dict[str, Any]:
    """Send an issue to a party, or to whose it is by its route; return the task and its holder.

    By the route those who assist get a task too, and the chain of reasons is kept. With If-Match
    only if the issue is still the version that was seen.
    """
    task = send(conn, issue, party, version=seen)
    told = explain_issue(conn, issue)
    return {"task": task, "party": told["party"], "name": told["party_name"]}


@router.post("/tasks/{task}/take", status_code=204)
def accept(conn: Acting, task: int, seen: IfMatch) -> None:
    """Accept a task that was sent to the acting person; If-Match names the version of its issue."""
    take(conn, task, version=seen)
