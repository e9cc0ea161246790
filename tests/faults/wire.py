"""A network between the server and its database, that can be cut, or let nothing through."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from geo.store.private.cluster import Cluster
from tests.plugins.database import Where

_HOST = "127.0.0.1"


class Wire:
    """Takes connections on a port of this machine and hands them on to a socket in a folder.

    `still()`: what is sent arrives nowhere, and nobody is told; `go()`: it arrives, late.
    `swallow()`: so for ever on the connections there are; new ones are as ever.
    `cut()`: connections end, and new ones are refused.
    """

    def __init__(self, to: Path) -> None:
        self.to = to
        self.flows = threading.Event()
        self.flows.set()
        self.ends: set[socket.socket] = set()
        self.swallowed: frozenset[socket.socket] = frozenset()
        self.door = socket.create_server((_HOST, 0))
        self.port = int(self.door.getsockname()[1])
        self.threads: list[threading.Thread] = []
        self._start(self._take, self.door)

    def _start(self, work: Callable[..., None], *told: socket.socket) -> None:
        self.threads.append(threading.Thread(target=work, args=told, daemon=True))
        self.threads[-1].start()

    def still(self) -> None:
        """Let nothing through any more."""
        self.flows.clear()

    def go(self) -> None:
        """Let everything through."""
        self.flows.set()

    def swallow(self) -> None:
        """Let nothing through on the connections there are, and never say so."""
        self.swallowed = frozenset(self.ends)

    def cut(self) -> None:
        """End every connection, and take no more until `mend`."""
        _shut(self.door)
        for end in tuple(self.ends):
            _shut(end)

    def mend(self) -> None:
        """Take connections again, on the same port."""
        self.door = socket.create_server((_HOST, self.port))
        self._start(self._take, self.door)

    def close(self) -> None:
        """End it, and whoever hands on."""
        self.go()
        self.cut()
        for thread in self.threads:
            thread.join(10)

    def _take(self, door: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = door.accept()
                far = socket.socket(socket.AF_UNIX)
                far.connect(str(self.to))
                self.ends |= {near, far}
                for pair in ((near, far), (far, near)):
                    self._start(self._pass, *pair)

    def _pass(self, near: socket.socket, far: socket.socket) -> None:
        with suppress(OSError):
            while data := near.recv(65_536):
                self.flows.wait()
                if near not in self.swallowed:
                    far.sendall(data)
        for end in (near,) if near in self.swallowed else (near, far):
            _shut(end)
            self.ends.discard(end)


def _shut(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()


@contextmanager
def wired(where: Where) -> Iterator[tuple[Wire, Where]]:
    """A network to a database, and where the database is through it."""
    assert where.cluster is not None
    wire = Wire(where.cluster.socket / f".s.PGSQL.{where.cluster.port}")
    through = Cluster(where.cluster.home, Path(_HOST), wire.port)
    try:
        yield wire, replace(where, cluster=through)
    finally:
        wire.close()
