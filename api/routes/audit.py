"""What an auditor reads: events of the areas of that duty, and the seals that hold them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, Field

from api.rows import rows_in_json
from api.transactions import Acting
from geo.seals import Seal
from geo.store.seals import Asked, audited, newest_seals
from geo.store.working.tasks import demand_duty

router = APIRouter(prefix="/api/audit", tags=["audit"])
_MAY = ("auditor",)

Word = Annotated[str, Field(min_length=1, max_length=128)]
Words = Annotated[tuple[Word, ...], Query(max_length=50)]
Moment = Annotated[AwareDatetime | None, Query()]
Below = Annotated[int | None, Query(ge=1, le=2**62)]
Most = Annotated[int, Query(ge=1, le=1000)]


@router.get("/events")
def events(
    conn: Acting,
    *,
    noun: Words = (),
    name: Words = (),
    person: Words = (),
    subject: Words = (),
    since: Moment = None,
    before: Moment = None,
    below: Below = None,
    most: Most = 200,
) -> list[dict[str, Any]]:
    """Return what happened, the newest first: by whom, to what, in which seal; no words of issues.

    `below` is the number of the last event of the page before.
    """
    demand_duty(conn, _MAY, ())
    nouns, names, persons, things = (w or None for w in (noun, name, person, subject))
    asked = Asked(nouns, names, persons, things, since, before, below, most)
    return rows_in_json(audited(conn, asked))


@router.get("/seals")
def seals(conn: Acting, *, most: Most = 200) -> list[dict[str, Any]]:
    """Return the newest seals, the newest first, for the auditor to keep elsewhere."""
    demand_duty(conn, _MAY, ())
    return [_told(seal) for seal in newest_seals(conn, most)]


def _told(seal: Seal) -> dict[str, Any]:
    return {
        "number": seal.number, "ids": seal.ids, "events": seal.events,
        "sealed_at": seal.sealed_at.isoformat(), "digest": seal.digest.hex(),
        "hash": seal.hash.hex(),
    }  # fmt: skip
