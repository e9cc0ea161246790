"""Notices of the acting person: work sent to it, cards, urging, returns, what waits for it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.rows import rows_in_json
from api.transactions import Acting
from geo.store.outgoing.notices import Kind, mark_read, read_notices

router = APIRouter(prefix="/api/notices", tags=["notices"])


@router.get("")
def listed(
    conn: Acting,
    *,
    unread: bool = True,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> list[dict[str, Any]]:
    """Return the person's notices, the latest first; with `unread=false` those read too."""
    return rows_in_json(read_notices(conn, unread=unread, limit=limit))


@router.post("/{kind}/{task}/read")
def read(conn: Acting, kind: Kind, task: int) -> dict[str, int]:
    """Mark a notice as read; one of the same kind that comes later is new again."""
    return {"read": mark_read(conn, kind, task)}
