"""Reviews and rates over HTTP: who rates whom, and what share of issues went well."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query
from pydantic import BaseModel, ConfigDict, Field

from api.periods import instants
from api.rows import rows_in_json
from api.transactions import Acting
from geo.kpi import KPIS
from geo.reviews import Review, ReviewKind
from geo.store.working.rates import By, read_rates
from geo.store.working.reviews import add_review, read_reviews

router = APIRouter(prefix="/api", tags=["reviews"])

Code = Annotated[str, Field(max_length=128)]
Stars = Annotated[int | None, Field(ge=1, le=5, strict=True)]
Whole = Annotated[int | None, Field(ge=1, le=2**63 - 1, strict=True)]
Day = Annotated[date | None, Query()]
Named = Annotated[str | None, Query(max_length=128)]


class Rated(BaseModel):
    """What somebody says of somebody, about a task that is done or for a period.

    `issue`: of a call-back about one that was merged into the task's.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"kind": "whistle", "task": 7, "response": 5, "quality": 4}]
        },
    )

    kind: ReviewKind
    task: Whole = None
    issue: Whole = None
    rater: Code = ""
    ratee: Code = ""
    solved: Annotated[bool | None, Field(strict=True)] = None
    satisfied: Annotated[bool | None, Field(strict=True)] = None
    response: Stars = None
    quality: Stars = None
    score: Annotated[float | None, Field(ge=0, le=100, allow_inf_nan=False)] = None
    text: Annotated[str, Field(max_length=2000)] = ""
    period: Annotated[str | None, Field(max_length=7)] = None


@router.post("/reviews", status_code=201)
def add(conn: Acting, told: Annotated[Rated, Body()]) -> dict[str, Any]:
    """Rate: a call-back, a department after a whistle, the subdistrict, or a period.

    The same review again gets the same answer; another one of the same by the same rater is
    refused.
    """
    return add_review(conn, Review(**told.model_dump()))


@router.get("/reviews")
def listed(
    conn: Acting,
    *,
    ratee: Named = None,
    issue: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
    kind: Annotated[ReviewKind | None, Query()] = None,
    period: Annotated[str | None, Query(max_length=7)] = None,
) -> list[dict[str, Any]]:
    """Return reviews that the person may see, the latest first."""
    return rows_in_json(read_reviews(conn, ratee=ratee, issue=issue, kind=kind, period=period))


@router.get("/rates")
def shares(
    conn: Acting,
    *,
    scope: Named = None,
    party: Named = None,
    by: Annotated[By | None, Query()] = None,
    since: Day = None,
    until: Day = None,
) -> dict[str, Any]:
    """Return rates of the issues that came in from one day to another, both counted.

    By default this month. `solved_in_grid_verified` leaves out what was closed on the spot.
    """
    begins, ends, days = instants(conn, since, until)
    rows = read_rates(conn, since=begins, until=ends, scope=scope, party=party, by=by)
    return {
        **days,
        "kpis": [kpi._asdict() for kpi in KPIS],
        "rows": rows_in_json(rows),
    }
