"""Whose an issue would be, and why."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.duty_lists import problems_told
from api.explaining import explain, explain_issue
from api.transactions import Acting
from api.why import why
from geo.crs import Datum, to_wgs84
from geo.store.net.duty_list import list_problems, read_list

router = APIRouter(prefix="/api", tags=["issues"])


@router.get("/route")
def explained(
    conn: Acting,
    *,
    lon: Annotated[float, Query(ge=-180, le=180, allow_inf_nan=False)],
    lat: Annotated[float, Query(ge=-90, le=90, allow_inf_nan=False)],
    datum: Datum,
    service: Annotated[str | None, Query(max_length=128)] = None,
    against: Annotated[list[str], Query(max_length=20)] = [],  # noqa: B006 the framework copies it
) -> dict[str, Any]:
    """Return who would lead and who would assist, and the chain of reasons, rung by rung.

    `against` are parties complained about: they and those below them are never the answer.
    """
    return explain(conn, to_wgs84(lon, lat, datum), service, against=against)


@router.get("/issues/{issue}/route")
def explained_issue(conn: Acting, issue: int) -> dict[str, Any]:
    """Return whose an issue is and why: as it was when it was sent, whatever the rules say now.

    Of one that is not sent yet: whose it would be. `sent` lists who gave it to whom since.
    """
    return explain_issue(conn, issue)


@router.get("/issues/{issue}/why")
def told_on_one_page(conn: Acting, issue: int) -> dict[str, Any]:
    """Return all that the page to print says: the route, the grid and its neighbours, its bounds.

    Nothing of who reported the issue is in it, nor the words of the report.
    """
    return why(conn, issue)


Scope = Annotated[str | None, Query(max_length=64)]


@router.get("/list")
def listed(conn: Acting, scope: Scope = None) -> list[dict[str, Any]]:
    """Return the responsibility list of an area: who leads and who assists, and on what basis."""
    return problems_told(read_list(conn, scope=scope))


@router.get("/routing/problems")
def problems(conn: Acting, scope: Scope = None) -> list[dict[str, Any]]:
    """Return the rows of the responsibility list that cannot be evaluated, each with the reason.

    Routing tells of such a row in its chain and passes it by.
    """
    return problems_told(list_problems(conn, scope=scope))
