"""Ledgers: what nobody owns and appeals, for the district to rule on; what is held."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Body, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from api.duty_lists import TITLE, list_table
from api.files.lists import write_list
from api.issue_card import card
from api.standing_ledgers import (
    appeals_table,
    appeals_told,
    fallback_table,
    fallback_told,
    held_table,
    held_told,
)
from api.transactions import Acting
from api.versions import IfMatch
from geo.scratch import scratch
from geo.store.working.fallback import rule_on
from geo.store.working.handling import look

router = APIRouter(prefix="/api", tags=["ledgers"])
Scope = Annotated[str | None, Query(max_length=64)]
Code = Annotated[str, Field(min_length=1, max_length=128)]
Which = Literal["fallback", "held", "appeals", "list"]
Form = Literal["csv", "xlsx"]
_TABLES: Final = {
    "fallback": (fallback_table, "兜底台账"),
    "held": (held_table, "挂账台账"),
    "appeals": (appeals_table, "申诉台账"),
    "list": (list_table, TITLE),
}
_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class Ruled(BaseModel):
    """A ruling: who leads from now on, why, and for which area (the district by default).

    `alike`: what waits there of the same service goes to them as well.
    """

    model_config = ConfigDict(extra="forbid")

    party: Code
    reason: Annotated[str, Field(min_length=1, max_length=2000)]
    area: Code | None = None
    alike: bool = False


@router.get("/ledgers/fallback")
def fallback(conn: Acting, scope: Scope = None) -> dict[str, Any]:
    """Return what nobody owns (兜底台账): counts by district, subdistrict, service; each entry."""
    return fallback_told(conn, scope=scope)


@router.get("/ledgers/held")
def held(conn: Acting, scope: Scope = None) -> dict[str, Any]:
    """Return what is held (挂账台账), the first to be looked at again first."""
    return held_told(conn, scope=scope)


@router.get("/ledgers/appeals")
def appeals(conn: Acting, scope: Scope = None) -> dict[str, Any]:
    """Return what somebody asks to be struck from the rates (申诉剔除), the oldest first."""
    return appeals_told(conn, scope=scope)


@router.get("/ledgers/{which}.{form}", response_class=Response)
def written(conn: Acting, which: Which, form: Form, scope: Scope = None) -> Response:
    """Return a ledger, or the responsibility list, as a file."""
    table, title = _TABLES[which]
    with scratch() as folder:
        file = folder / f"{which}.{form}"
        write_list(table(conn, scope=scope), file, title=title)
        headers = {"content-disposition": f'attachment; filename="{file.name}"'}
        return Response(file.read_bytes(), media_type=_TYPES[form], headers=headers)


@router.post("/ledgers/fallback/{issue}/ruling")
def rule(
    conn: Acting,
    issue: int,
    ruled: Annotated[Ruled, Body()],
    response: Response,
    seen: IfMatch,
) -> dict[str, Any]:
    """Rule whose an issue is that nobody owned: a row of the list, and it goes to them, at once.

    Without a `row` it is of this issue alone: the catalogue lacks its service, or row `stands` of
    the list names somebody else. `alike` are the other issues that went with it.
    """
    who, why, where = ruled.party, ruled.reason, ruled.area
    made = rule_on(conn, issue, who, why, area=where, alike=ruled.alike, version=seen)
    found = look(conn, issue)
    response.headers["etag"] = f'"{found.version}"'
    told = {"row": made.row, "stands": made.stands, "alike": made.alike}
    return card(conn, found) | told
