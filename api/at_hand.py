"""What a request finds at hand in the server: the reception, known addresses, the reporters' key.

Apart from what they are made of, so that commands use that without the web framework.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple, TypeAlias

from fastapi import Depends, Request

from api.acting import acting_person
from api.contacts import Contacts
from api.gazetteers import Gazetteers, Known
from api.receiving import Reception
from api.reporters import Keyed, reporter_secret
from api.settings import settings
from geo.issues.reporters import reporter_key


def _known(request: Request) -> Known:
    gazetteers: Gazetteers = request.app.state.gazetteers
    return gazetteers.of


async def _reception(request: Request) -> Reception:
    state = request.app.state
    return Reception(state.store, state.intake_desk, state.gazetteers)


async def _keyed(request: Request) -> Keyed:
    """Return what makes a key of a telephone or an account; the secret is read when one comes."""
    state = request.app.state

    def key(contact: str | None) -> str | None:
        if not contact:
            return None
        if state.reporter_secret is None:
            state.reporter_secret = reporter_secret(settings())
        return reporter_key(contact, state.reporter_secret)

    return key


class Counter(NamedTuple):
    """What an intake needs, as one thing: each that a route asks for by itself costs 20 µs."""

    reception: Reception
    person: str
    key: Keyed
    contacts: Contacts


async def counter(request: Request) -> Counter:
    """Return what an intake needs, for whoever acts."""
    person = await acting_person(request)
    contacts: Contacts = request.app.state.contacts
    return Counter(await _reception(request), person, await _keyed(request), contacts)


KnownAddresses: TypeAlias = Annotated[Known, Depends(_known)]
Receiving: TypeAlias = Annotated[Reception, Depends(_reception)]
ReporterKey: TypeAlias = Annotated[Keyed, Depends(_keyed)]
AtCounter: TypeAlias = Annotated[Counter, Depends(counter)]
