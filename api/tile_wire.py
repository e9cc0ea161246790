"""Tiles answered where a request is read, before an application sees it.

One that is kept is sent before there is a scope and a task. One that is not is made by the task
that would have asked the application, and sent by it; what goes wrong is left to the application.

What an answer costs beyond its bytes is what a server makes of each request. `HttpToolsProtocol` is
uvicorn's: whatever is no tile at hand, or comes while another answer is under way, is left to it.
"""

from __future__ import annotations

from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Final, NamedTuple

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from api.patient_wire import PatientProtocol
from api.tile_door import WORDS, TileDoor, Wanted
from api.tile_shelf import Answer, Headers, lines_of
from api.watching.calls import Watch
from api.watching.named import HEADER, new_name

if TYPE_CHECKING:
    from uvicorn._types import (
        ASGI3Application,
        ASGIReceiveCallable,
        ASGISendCallable,
        HTTPScope,
    )

AT_HAND: Final = "jingwei.at_hand"  # where in the state of a server stands what follows
_TILES: Final = b"/tiles/"
_OK: Final = STATUS_LINE[200]
_NAMED: Final = HEADER + b": "
_END: Final = b"\r\n\r\n"


class AtHand(NamedTuple):
    """Who knows kept tiles and whom they may be sent to, and who is told of it."""

    door: TileDoor
    watch: Watch


class _Sent(NamedTuple):
    """An answer on its way: who acts, and since when."""

    answer: Answer
    actor: str
    began: float


class _Making(NamedTuple):
    """A tile that is not kept, and since when it is wanted."""

    tile: Wanted
    began: float


class TileProtocol(PatientProtocol):
    """A connection of uvicorn's that answers tiles at hand itself."""

    _sent: _Sent | None = None
    _wanted: _Making | None = None
    _standing: tuple[Headers, bytes] = ([], b"")

    def on_headers_complete(self) -> None:
        """Look whether the answer is at hand; else begin as always."""
        self._wanted = None
        self._sent = self._found() if self.url.startswith(_TILES) else None
        if self._sent is None:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a part of the body; of one that nobody needs nothing is kept."""
        if self._sent is None:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Send what is at hand once the request is whole."""
        sent, self._sent = self._sent, None
        if sent is None:
            super().on_message_complete()
        else:
            self.due = None
            self._send(sent)

    def _found(self) -> _Sent | None:
        began = perf_counter()
        words = self.scope[WORDS] = (self.client and self.client[0], *self.headers)  # type: ignore[typeddict-unknown-key]
        known: AtHand | None = self.app_state.get(AT_HAND)
        if known is None or not self._is_plain():
            return None
        found = known.door.at_hand(self.url, words)
        if found is None:
            wanted = known.door.wanted(self.url, words)
            self._wanted = wanted and _Making(wanted, began)
            return None
        return _Sent(*found, began)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        """Begin to answer a request: by making a tile that is wanted, else by the application."""
        wanted, self._wanted = self._wanted, None
        if wanted is not None and app is self.app:
            app = partial(self._make, cycle, wanted)
        super()._start_asgi_task(cycle, app)

    async def _make(
        self,
        cycle: RequestResponseCycle,
        wanted: _Making,
        scope: HTTPScope,
        receive: ASGIReceiveCallable,
        send: ASGISendCallable,
    ) -> None:
        known: AtHand = self.app_state[AT_HAND]
        answer = await known.door.made_for(wanted.tile)
        if answer is None or cycle.disconnected or not cycle.keep_alive:
            await self.app(scope, receive, send)  # by now it is kept, or cannot be made
            return
        cycle.response_started = cycle.response_complete = True
        self._send(_Sent(answer, wanted.tile.asker.person, wanted.began))

    def _is_plain(self) -> bool:
        """Tell whether this is one request by itself, and all goes on after its answer."""
        is_first = self.cycle is None or self.cycle.response_complete
        is_free = is_first and not self.pipeline and not self.flow.write_paused
        told = self.parser
        is_get = told.get_method() == b"GET" and told.get_http_version() == "1.1"
        return is_free and is_get and told.should_keep_alive()

    def _send(self, sent: _Sent) -> None:
        known: AtHand = self.app_state[AT_HAND]
        named, (_, lines, body) = new_name(), sent.answer
        head = (_OK, self._stands(), lines, _NAMED, named.encode(), _END)
        self.transport.writelines((b"".join(head), body))
        known.watch.tile_sent(named, sent.actor, perf_counter() - sent.began)
        self.on_response_complete()

    def _stands(self) -> bytes:
        """Return the headers of every answer of the server, which are new each second."""
        headers = self.server_state.default_headers
        if headers is not self._standing[0]:
            self._standing = headers, lines_of(headers)
        return self._standing[1]
