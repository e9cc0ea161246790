"""Comments on places of a plan: said, answered, settled, read by everybody who sees the plan."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

import numpy as np
from fastapi import APIRouter, Body, Response
from pydantic import BaseModel, ConfigDict, Field

from api.plan_comments import comments_file, comments_told
from api.routes.plan_edits import Lat, Lon
from api.transactions import Acting
from geo.crs import Datum, to_wgs84
from geo.store.planning.comments import answer_thread, begin_thread, settle

router = APIRouter(prefix="/api/plans/{plan}/comments", tags=["plans"])

_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
Words = Annotated[str, Field(min_length=1, max_length=2000, pattern=r"\S")]


class Comment(BaseModel):
    """What is said about a place, whose position names its datum."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[Words, Field(examples=["这里有一道墙，过不去"])]
    at: Annotated[tuple[Lon, Lat], Field(examples=[[117.03, 36.66]])]
    datum: Datum


class Answer(BaseModel):
    """What is answered to the comment that begins a thread."""

    model_config = ConfigDict(extra="forbid")

    text: Words


class Settled(BaseModel):
    """Whether a thread is settled, or open again."""

    model_config = ConfigDict(extra="forbid")

    settled: bool


@router.get("")
def listed(conn: Acting, plan: int) -> list[dict[str, Any]]:
    """Return what has been said about places of a plan, thread by thread (WGS 84)."""
    return comments_told(conn, plan)


@router.get(".{form}", response_class=Response)
def as_file(conn: Acting, plan: int, form: Literal["csv", "xlsx"]) -> Response:
    """Return the comments on a plan as a file."""
    held = f'attachment; filename="plan-{plan}-comments.{form}"'
    headers = {"content-disposition": held}
    return Response(comments_file(conn, plan, form), media_type=_TYPES[form], headers=headers)


@router.post("", status_code=201)
def said(conn: Acting, plan: int, asked: Annotated[Comment, Body()]) -> dict[str, int]:
    """Comment on a place of a plan that is not yet in force, and return the comment's number."""
    lon, lat = to_wgs84(np.array(asked.at[:1]), np.array(asked.at[1:]), asked.datum)
    return {"comment": begin_thread(conn, plan, asked.text.strip(), float(lon[0]), float(lat[0]))}


@router.post("/{comment}/answers", status_code=201)
def answered(
    conn: Acting, plan: int, comment: int, asked: Annotated[Answer, Body()]
) -> dict[str, int]:
    """Answer a comment, and return the answer's number."""
    return {"comment": answer_thread(conn, plan, asked.text.strip(), comment)}


@router.post("/{comment}/settled")
def settled(
    conn: Acting, plan: int, comment: int, asked: Annotated[Settled, Body()]
) -> list[dict[str, Any]]:
    """Settle a thread, or open it again, and return all comments on the plan."""
    settle(conn, plan, comment, settled=asked.settled)
    return comments_told(conn, plan)
