"""Events as they happen, for boards that are open."""

from __future__ import annotations

import time
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request

from api.signing_in.entrance import Entrance
from api.streaming.hub import Hub
from api.streaming.listener import Listener
from api.streaming.marks import mark_of
from api.streaming.response import EventStream
from api.transactions import Person

router = APIRouter(prefix="/api/events", tags=["events"])
_EXAMPLE = """retry: 3000

id: 1764115200/7311:7311:

event: issue
data: {"event":41,"noun":"issue","subject":"17","name":"send","areas":["3701","370102"],"at":"…"}
id: 1764115201/7312:7312:

"""
_STREAM = {"text/event-stream": {"schema": {"type": "string"}, "example": _EXAMPLE}}


@router.get(
    "/stream",
    status_code=200,
    response_class=EventStream,
    responses={200: {"content": _STREAM, "description": "Events, as Server-Sent Events"}},
)
async def stream(
    request: Request,
    person: Person,
    noun: Annotated[
        list[Annotated[str, Query(max_length=64)]] | None,
        Query(max_length=16, examples=[["issue"]]),
    ] = None,
    scope: Annotated[str | None, Query(max_length=64, examples=["370102001"])] = None,
    last_event_id: Annotated[str | None, Header()] = None,
) -> EventStream:
    """Return the events that the person may see, as they are committed, without end.

    `noun` may be given several times; without it events of all kinds are told.

    After a cut, `Last-Event-ID` (browsers send it) brings what was missed; `reset` says that it is
    too much, or too long ago, and that all has to be read anew. It ends when the session does.
    """
    hub: Hub = request.app.state.hub
    entrance: Entrance = request.app.state.entrance
    listener = Listener(
        person,
        owed=hub.rules.stream_owed,
        nouns=noun,
        scope=scope,
        returns=bool(last_event_id),
        token=entrance.token_of(request),
    )
    return EventStream(hub, listener, mark_of(last_event_id, time.time()))
