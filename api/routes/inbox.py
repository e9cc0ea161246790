"""The inbox of a department, an agency or a section of one."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query

from api.inbox import inbox_told
from api.periods import instants
from api.transactions import Acting
from geo.store.working.rates import own_figures

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


@router.get("/inbox/month")
def month(conn: Acting) -> dict[str, Any]:
    """Return how the organisation of whoever asks fared this month: taken up, on the spot, rated.

    `due`, `taken` in time among those; `called` to the spot and `minutes` on average; `rated` and
    the mean `score` from 1 to 5.
    """
    begins, _, days = instants(conn, None, None)
    return {**days, **own_figures(conn, since=begins)}
