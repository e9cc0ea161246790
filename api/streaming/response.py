"""A stream as it goes over the wire: text/event-stream, with heartbeats, until it is over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Final

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.streaming.hub import Hub, encoded
from api.streaming.listener import Listener, Part
from api.streaming.marks import Mark

_AGAIN_MS: Final = 3000  # until a browser that was cut off asks again
_STUCK_S: Final = 30.0  # a peer that takes nothing for so long is let go
_HEADERS: Final = {
    "cache-control": "no-cache, no-transform",  # no proxy keeps or packs it
    "x-accel-buffering": "no",  # nginx hands on what it has
}


class EventStream(Response):
    """The answer that hands a listener its events until one of both goes."""

    media_type = "text/event-stream"

    def __init__(self, hub: Hub, listener: Listener, last: Mark | None) -> None:
        super().__init__(headers=_HEADERS)
        del self.headers["content-length"]
        self.hub, self.listener, self.last = hub, listener, last

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 as ASGI has it
        """Send parts as they come; end when the peer has gone, is stuck, or the server stops."""
        gone = asyncio.create_task(_gone(receive, self.listener.end))
        try:
            async with self.hub.joined(self.listener, self.last):
                start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
                await send(start)
                with suppress(TimeoutError):
                    await self._told(send)
        finally:
            gone.cancel()
            await asyncio.gather(gone, return_exceptions=True)

    async def _told(self, send: Send) -> None:
        async for text in self._texts():
            async with asyncio.timeout(_STUCK_S):
                await send({"type": "http.response.body", "body": text.encode(), "more_body": True})
        async with asyncio.timeout(_STUCK_S):
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _texts(self) -> AsyncIterator[str]:
        yield f"retry: {_AGAIN_MS}\n\n" + written(
            self.listener.first or Part(str(self.hub.mark), ())
        )
        while True:
            try:
                part = await self.listener.owes(self.hub.rules.stream_heartbeat)
            except TimeoutError:
                yield f": beat\nid: {self.hub.mark}\n\n"
                continue
            if part is None:
                return
            yield written(part)


async def _gone(receive: Receive, end: Callable[[], None]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    end()


def written(part: Part) -> str:
    """Return a part as text; its mark stands with the last event, so that a cut repeats the part.

    >>> print(written(Part("1/2:3:", (), reset=True)).rstrip())
    event: reset
    id: 1/2:3:
    data: {}
    """
    if part.reset:
        return f"event: reset\nid: {part.mark}\ndata: {{}}\n\n"
    if not part.events:
        return f"id: {part.mark}\n\n"
    told = [f"event: {_line(event['noun'])}\ndata: {encoded(event)}\n" for event in part.events]
    return "\n".join(told) + f"id: {part.mark}\n\n"


def _line(noun: str) -> str:
    return "".join(letter for letter in noun if letter.isalnum() or letter in "_-") or "event"
