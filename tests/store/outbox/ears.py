"""A real server in a thread, and those who listen to its stream over a real connection."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from http.client import HTTPConnection, HTTPException
from typing import Any

from api.app import create_app
from geo.outbox import limits
from geo.store.database import Store
from tests.serving import served
from tests.store.outbox.workers import until

QUICK = replace(limits(), stream_heartbeat=0.5)


@contextmanager
def serving(store: Store) -> Iterator[Served]:
    """A server that runs; whoever listens at the end sees it stop at once."""
    app = create_app(store, person="planner")
    app.state.hub.rules = QUICK
    ears: list[Ear] = []
    try:
        with served(app) as root:
            yield Served(int(root.rpartition(":")[2]), ears)
    finally:
        for ear in ears:
            ear.close()


class Served:
    """A running server, and who listens to it."""

    def __init__(self, port: int, ears: list[Ear]) -> None:
        self.port, self.ears = port, ears

    def hear(self, person: str, *, last: str = "", query: str = "") -> Ear:
        """One more who listens."""
        self.ears.append(Ear(self.port, person, last=last, query=query))
        return self.ears[-1]


class Ear:
    """One who listens: `told` are the events, `mark` the last id, `beats` the comments."""

    def __init__(
        self, port: int, person: str, *, last: str = "", query: str = "", cookie: str = ""
    ) -> None:
        self.told: list[dict[str, Any]] = []
        self.kinds: list[str] = []
        self.mark, self.beats, self.over = last, 0, False
        self.conn = HTTPConnection("127.0.0.1", port, timeout=20)
        held = cookie or f"jingwei_person={person}"
        headers = {"cookie": held} | ({"last-event-id": last} if last else {})
        self.conn.request("GET", f"/api/events/stream{query}", headers=headers)
        self.answer = self.conn.getresponse()
        self.thread = threading.Thread(target=self._hear, daemon=True)
        assert self.answer.status == 200, self.answer.read()
        self.thread.start()
        until(lambda: self.mark != last or self.kinds)

    def subjects(self) -> list[str]:
        """Of what was told, in order."""
        return [event["subject"] for event in self.told]

    def close(self) -> None:
        """Cut the line."""
        if self.conn.sock is not None:
            with suppress(OSError):
                self.conn.sock.shutdown(socket.SHUT_RDWR)
        self.thread.join(10)
        self.answer.close()
        self.conn.close()

    def _hear(self) -> None:
        kind = ""
        try:
            for line in self.answer:
                field, _, value = line.decode().rstrip("\n").partition(": ")
                self.beats += field == "" and value == "beat"
                kind = value if field == "event" else kind
                self.mark = value if field == "id" else self.mark
                if field == "data":
                    self.kinds.append(kind)
                    if kind != "reset":
                        self.told.append(json.loads(value))
        except (OSError, HTTPException):
            pass  # cut
        self.over = True
