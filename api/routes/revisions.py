"""Revisions of a net: what `at` can name, and the way back."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from api.publishing import published_told, tried
from api.rows import rows_in_json
from api.transactions import Acting
from geo.store.net.revisions import read_revisions
from geo.store.planning import plans

router = APIRouter(prefix="/api/nets", tags=["plans"])
Net = Annotated[str, Path(max_length=64, examples=["grid"])]


@router.get("/{net}/revisions")
def listed(conn: Acting, net: Net) -> list[dict[str, Any]]:
    """Return the revisions of a net, newest first, and whether the person may take each back.

    `refused`: why who approves there may not, `zh` and `en`, as the step would say it; else null.
    """
    found = read_revisions(conn, net)
    reasons = [said and {"zh": said.sentence_zh, "en": said.sentence_en} for said in found.refused]
    told = rows_in_json(found.drop(columns="refused"))
    return [{**row, "refused": why} for row, why in zip(told, reasons, strict=True)]


@router.post("/{net}/revisions/{number}/rollback", status_code=201)
def rollback(
    conn: Acting,
    net: Net,
    *,
    number: int,
    trial: Annotated[bool, Query(description="Only tell what would change")] = False,
) -> dict[str, Any]:
    """Publish again what was there before a revision; return what changed, or would by a trial."""
    with tried(conn, trial=trial):
        return published_told(plans.rollback(conn, number, net=net))
