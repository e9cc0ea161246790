"""Phone links over HTTP: made by whoever sends the work, shown as a code, taken back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.links.giving import address_of, code_of, given
from api.links.policy import link_policy
from api.rows import rows_in_json
from api.transactions import Acting
from geo.store.working.links import (
    link_to_day,
    link_to_task,
    links_of_task,
    read_link,
    revoke_link,
)

router = APIRouter(prefix="/api", tags=["links"])
_NOT_KEPT: Final = {"cache-control": "private, no-store"}


class Day(BaseModel):
    """The day in the city whose work a link opens."""

    model_config = ConfigDict(extra="forbid")

    day: Annotated[date, Field(lt=date.max)]  # a link ends on the day after


@router.post("/tasks/{task}/links", status_code=201)
def to_task(request: Request, conn: Acting, task: int) -> dict[str, Any]:
    """Make the link that opens a task on its holder's phone; a former one opens no more."""
    until = link_policy().task_until(datetime.now(UTC))
    return given(request, conn, link_to_task(conn, task, until))


@router.get("/tasks/{task}/links")
def of_task(conn: Acting, task: int) -> list[dict[str, Any]]:
    """Return the links of a task that are not taken back: until when, opened when; no address."""
    return rows_in_json(links_of_task(conn, task).drop(columns="serial"))


@router.post("/parties/{party}/links", status_code=201)
def to_day(
    request: Request,
    conn: Acting,
    party: Annotated[str, Path(min_length=1, max_length=128)],
    told: Annotated[Day, Body()],
) -> dict[str, Any]:
    """Make the link that opens what a party has to do on a day; a former one opens no more."""
    made = link_to_day(conn, party, told.day, link_policy().day_until(told.day))
    return given(request, conn, made)


@router.delete("/links/{link}", status_code=204)
def revoke(conn: Acting, link: int) -> None:
    """Take a link back: from now on it opens nothing, wherever it is."""
    revoke_link(conn, link)


@router.get("/links/{link}/qr.svg", response_class=Response)
def code(request: Request, conn: Acting, link: int) -> Response:
    """Return the link as a QR code, for a phone to read off the screen."""
    drawn = code_of(address_of(request, read_link(conn, link)))
    return Response(drawn, media_type="image/svg+xml", headers=_NOT_KEPT)
