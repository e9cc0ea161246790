"""Issues as files: the list of `jingwei issue list`, over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query, Response

from api.issue_lists import Chosen, issues_as
from api.replies import Asked, replies_as
from api.transactions import Acting

router = APIRouter(prefix="/api", tags=["files"])
Code = Annotated[str | None, Query(max_length=128)]
_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@router.get("/issues.{form}", response_class=Response)
def issue_file(
    conn: Acting,
    form: Literal["csv", "xlsx"],
    scope: Code = None,
    *,
    service: Code = None,
    state: Code = None,
    source: Code = None,
    since: date | None = None,
    until: date | None = None,
) -> Response:
    """Return the issues that the person may see as a file that the importer takes back.

    Texts are guarded against formulas; `since` and `until` are days in the city, both included.
    """
    chosen = Chosen(scope, service, state, source, since, until)
    headers = {"content-disposition": f'attachment; filename="issues.{form}"'}
    return Response(issues_as(conn, chosen, form), media_type=_TYPES[form], headers=headers)


@router.get("/replies.{form}", response_class=Response)
def reply_file(
    conn: Acting,
    form: Literal["csv", "xlsx"],
    source: Annotated[str, Query(max_length=128, examples=["hotline"])],
    since: date | None = None,
    until: date | None = None,
) -> Response:
    """Return the answers to a source's issues that are over, with its own numbers and due times.

    `since` and `until` are days in the city on which they were closed, both included. The importer
    takes the file back and changes nothing. What was merged has the answer of where it went.
    """
    headers = {"content-disposition": f'attachment; filename="replies.{form}"'}
    content = replies_as(conn, Asked(source, since, until), form)
    return Response(content, media_type=_TYPES[form], headers=headers)
