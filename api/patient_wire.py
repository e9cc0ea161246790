"""Connections that are given up when a request does not come to its end."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from time import monotonic
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_S: Final = 30.0  # until its headers are there, since the connection was made or it began
BODY_S: Final = 600.0  # and then its body: 64 MB at a megabit a second
_SAID: Final = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class PatientProtocol(HttpToolsProtocol):
    """A connection of uvicorn's that knows until when what is being sent has to be there.

    uvicorn itself waits for ever; whoever sends a byte now and then would hold a connection.
    """

    due: float | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self.due = monotonic() + HEAD_S

    def on_message_begin(self) -> None:
        """Wait for the headers of a request."""
        super().on_message_begin()
        self.due = monotonic() + HEAD_S

    def on_headers_complete(self) -> None:
        """Wait for its body."""
        self.due = monotonic() + BODY_S
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Wait for nothing more: from here on it is we who are waited for."""
        self.due = None
        super().on_message_complete()

    def give_up(self) -> None:
        """Close the connection; say why where no answer has begun."""
        if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
            self.transport.write(_SAID)
        self.transport.close()


def give_up(connections: Iterable[object]) -> None:
    """Close the connections on which what is being sent should have been there by now."""
    now = monotonic()
    patient = [each for each in connections if isinstance(each, PatientProtocol)]
    for each in patient:
        if each.due is not None and each.due <= now and not each.transport.is_closing():
            each.give_up()
