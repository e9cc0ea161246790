"""What waits for the leader of a subdistrict, and the rates of the month ahead."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query

from api.leading import ahead_told, leader_told, parts_told
from api.transactions import Acting
from geo.store.net.areas import ancestry

router = APIRouter(prefix="/api/leader", tags=["leader"])
_MOST: Final = 200
Scope = Annotated[str, Query(min_length=1, max_length=64, examples=["370102001"])]


@router.get("")
def waiting(
    conn: Acting, scope: Scope, limit: Annotated[int, Query(ge=1, le=_MOST)] = 60
) -> dict[str, Any]:
    """Return what waits for a leader's word inside an area, what presses most first.

    `what`: sign (a whistle nobody signed), ruling, appeal, asked (to hold or extend), late (a
    department that was called and is not there in time). `ledgers` counts what nobody owns, what is
    held, and appeals.
    """
    return leader_told(conn, scope, limit=limit)


@router.get("/rates")
def ahead(conn: Acting, scope: Scope) -> dict[str, Any]:
    """Return the rates of this month as they stand and as they may end, with what they are made of.

    `expected` = (part + open × past) ÷ (whole + open); `low` and `high`: all that is open ends
    badly, or well. Of `response` what is open is in the whole already.
    """
    ancestry(conn, scope)
    return ahead_told(conn, scope, datetime.now(UTC))


@router.get("/parts")
def parts(conn: Acting, scope: Scope) -> dict[str, Any]:
    """Return this month's rates of each area right below: of a subdistrict, its communities."""
    return parts_told(conn, scope, datetime.now(UTC))
