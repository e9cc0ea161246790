"""What an auditor reads: events of the areas of that duty, and the seals that hold them."""

from __future__ import annotations

from typing import Annotated, Any, Final

import pandas as pd
from fastapi import APIRouter, Query, Request
from pydantic import Field

from api.event_words import event_words
from api.moments import Instant
from api.rows import rows_in_json
from api.transactions import Acting, Person, taking_in
from api.verdicts import verdict_told
from geo.seals import Seal
from geo.store.database import Connection
from geo.store.net.naming import party_names
from geo.store.seals import Asked, audited, newest_seals, verify
from geo.store.working.tasks import demand_duty

router = APIRouter(prefix="/api/audit", tags=["audit"])
_MAY: Final = ("auditor",)
_A_MINUTE: Final = 4  # checks: one reads all of history, 15 s of a million events

Word = Annotated[str, Field(min_length=1, max_length=128)]
Words = Annotated[tuple[Word, ...], Query(max_length=50)]
Moment = Annotated[Instant | None, Query()]
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
    return rows_in_json(_named(conn, audited(conn, asked)))


@router.get("/seals")
def seals(conn: Acting, *, most: Most = 200) -> list[dict[str, Any]]:
    """Return the newest seals, the newest first, for the auditor to keep elsewhere."""
    demand_duty(conn, _MAY, ())
    return [_told(seal) for seal in newest_seals(conn, most)]


@router.post("/verify")
def verified(request: Request, person: Person) -> dict[str, Any]:
    """Return whether what happened is as it was sealed, and where it first is not."""
    with taking_in(request.app.state.store, person, _MAY, commit=False) as conn:
        request.app.state.pace.demand("audit", person, _A_MINUTE)
        return verdict_told(verify(conn))


def _named(conn: Connection, rows: pd.DataFrame) -> pd.DataFrame:
    """Return events with who it was and what it is called: person_name, zh, en."""
    words = [
        event_words(row.noun, row.name) for row in rows[["noun", "name"]].itertuples(index=False)
    ]
    people = party_names(conn, rows["person"])
    return rows.assign(
        person_name=rows["person"].map(people).astype("object"),
        zh=[zh for zh, _ in words],
        en=[en for _, en in words],
    )


def _told(seal: Seal) -> dict[str, Any]:
    return {
        "number": seal.number, "ids": seal.ids, "events": seal.events,
        "sealed_at": seal.sealed_at.isoformat(), "digest": seal.digest.hex(),
        "hash": seal.hash.hex(),
    }  # fmt: skip
