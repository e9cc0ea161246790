"""Requests without an answer, so that what a server could not finish is told when it must stop.

A redraw, or a file that is being read, asks the database nothing for a while and hears of no end:
it is answered here. What it asks afterwards is refused (`geo.store.line.Lines.end`), so that it
keeps nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from api.problems import mendable
from geo.errors import StoppingError


class Late:
    """The requests of one application that have no answer yet."""

    def __init__(self) -> None:
        self.open: set[_Call] = set()

    @contextmanager
    def kept(self, scope: Scope, receive: Receive, send: Send) -> Iterator[Send]:
        """Give what a call is answered by; until that begins it is among those to be told."""
        call = _Call(scope, receive, send)
        self.open.add(call)
        try:
            yield call.answer
        finally:
            self.open.discard(call)

    async def tell(self) -> None:
        """Tell all that have no answer that the server stops, and that nothing was kept."""
        for call in tuple(self.open):
            await call.end()


class _Call:
    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self._answered = self._over = False

    async def answer(self, message: Message) -> None:
        """Send what the application answers; after the end, nothing."""
        if not self._over:
            self._answered = True
            await self._send(message)

    async def end(self) -> None:
        """Answer that the server stops, unless an answer has begun."""
        if not self._answered:
            self._answered = self._over = True
            told = mendable(Request(self._scope), StoppingError())
            await told(self._scope, self._receive, self._send)
