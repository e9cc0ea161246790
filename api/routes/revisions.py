"""Revisions of a net: what `at` can name, and the way back."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path

from api.rows import rows_in_json
from api.transactions import Acting
from geo.store.net.revisions import read_revisions
from geo.store.planning import plans

router = APIRouter(prefix="/api/nets", tags=["plans"])
Net = Annotated[str, Path(max_length=64, examples=["grid"])]


@router.get("/{net}/revisions")
def listed(conn: Acting, net: Net) -> list[dict[str, Any]]:
    """Return the revisions of a net, newest first."""
    found = read_revisions(conn, net)
    return rows_in_json(found)


@router.post("/{net}/revisions/{number}/rollback", status_code=201)
def rollback(conn: Acting, net: Net, number: int) -> dict[str, object]:
    """Publish again what was there before a revision; return what changed."""
    done = plans.rollback(conn, number, net=net)
    return {
        "revision": done.revision,
        "new": done.new,
        "gone": done.gone,
        "changed": done.changed,
        "tasks_moved": done.tasks_moved,
    }
