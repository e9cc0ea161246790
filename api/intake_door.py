"""The short way for intakes: past routes, dependencies and layers that other questions need.

A plain one is read, kept and answered here, by what the route does. Whatever is not plain (no JSON,
something else beside the body, a field that is wrong) takes the long way and is answered there, so
that nothing is decided twice.
"""

from __future__ import annotations

import json
from typing import Final, NamedTuple

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.at_hand import counter
from api.handing_in import Intake, handed_in
from api.problems import mendable
from geo.errors import JingweiError

_PATH: Final = "/api/issues"
_JSON: Final = (b"application/json", b"application/json; charset=utf-8")


class IntakeDoor:
    """An ASGI layer that answers plain intakes and passes everything else on.

    It stands inside the layers that say who may ask, how much may be sent and what every answer
    bears.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a call, or pass it on as it came."""
        if not _may_be_plain(scope):
            await self.app(scope, receive, send)
            return
        heard = await _heard(receive)
        told = _plain(heard.body) if heard.whole else None
        if told is None:
            await self.app(scope, _again(heard, receive), send)
            return
        answer = await _answer(Request(scope), told)
        await answer(scope, receive, send)


class _Heard(NamedTuple):
    """What came of a body, as messages and as bytes, and whether all of it did."""

    messages: tuple[Message, ...]
    body: bytes
    whole: bool


def _may_be_plain(scope: Scope) -> bool:
    """Tell whether a call is an intake without questions beside it, its body JSON of a length."""
    if scope["type"] != "http" or scope["path"] != _PATH or scope["method"] != "POST":
        return False
    told = dict(scope["headers"])
    once = sum(name == b"content-type" for name, _ in scope["headers"]) == 1
    sized = told.get(b"content-length", b"").isdigit()
    return once and sized and told[b"content-type"] in _JSON and not scope["query_string"]


async def _heard(receive: Receive) -> _Heard:
    messages, more = [], True
    while more:
        messages.append(await receive())
        more = messages[-1].get("more_body", False)
    body = b"".join(message.get("body", b"") for message in messages)
    return _Heard(tuple(messages), body, messages[-1]["type"] == "http.request")


def _again(heard: _Heard, receive: Receive) -> Receive:
    """Return what gives the messages that were heard once more, then those that come."""
    waiting = iter(heard.messages)

    async def again() -> Message:
        return next(waiting, None) or await receive()

    return again


def _plain(body: bytes) -> Intake | None:
    """Return what is told; None where something is wrong with it."""
    try:
        return Intake.model_validate(json.loads(body))
    except (ValidationError, ValueError, RecursionError):
        return None


async def _answer(request: Request, told: Intake) -> Response:
    try:
        return await handed_in(await counter(request), told, look=False)
    except JingweiError as error:
        return mendable(request, error)
