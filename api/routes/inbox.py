"""The inbox of a department, an agency or a section of one."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query

from api.inbox import inbox_told
from api.transactions import Acting

router = APIRouter(prefix="/api", tags=["inbox"])
_ROWS: Final = 200
_MOST: Final = 1000


@router.get("/inbox")
def inbox(
    conn: Acting,
    subdistrict: Annotated[str | None, Query(max_length=64)] = None,
    limit: Annotated[int, Query(ge=1, le=_MOST)] = _ROWS,
) -> dict[str, Any]:
    """Return what waits for the organisation of whoever asks, wherever it lies, first due first.

    `owes` says what is next: take, arrive (of whistles), report; passed to a section of its own,
    ruling, held, done. `by` is when: on the spot within minutes in an emergency, else the due time.
    """
    return inbox_told(conn, subdistrict=subdistrict, limit=limit)
