"""Servers as processes of their own, on a port that stays theirs, to be killed and begun again."""

from __future__ import annotations

import http.client
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path

import uvicorn

from api.app import create_app
from api.settings import Settings
from api.stopping import stopping
from api.ticking import ticking
from tests.plugins.database import Where
from tests.processes import SPAWN, held_port

_BEGINS_S = 300.0  # on a machine with ten times as much to do as it can


class Server:
    """A server of a database; `log` is what it wrote on its terminal.

    `finish_s`: what it began takes so long at most once it was told to stop.
    """

    def __init__(self, where: Where, home: Path, finish_s: int | None = None) -> None:
        self.finish_s = finish_s
        self.where, self.home, self.held = where, home, held_port()
        self.port = int(self.held.getsockname()[1])
        self.log = home / "server.log"
        self.process: BaseProcess | None = None

    def begin(self) -> float:
        """Start it; return after how many seconds it answered."""
        began = time.monotonic()
        told = (self.where, self.home, self.port, self.log, self.finish_s)
        self.process = SPAWN.Process(target=_run, args=told, daemon=True)
        self.process.start()
        while not self.answers("/health"):
            assert self.process.is_alive(), self.log.read_text()
            assert time.monotonic() - began < _BEGINS_S, self.log.read_text()
            time.sleep(0.02)
        return time.monotonic() - began

    def end(self, sign: int) -> None:
        """Send it a signal, and wait until it is gone."""
        assert self.process is not None
        assert self.process.pid is not None
        os.kill(self.process.pid, sign)
        self.process.join(60)
        assert self.process.exitcode is not None, self.log.read_text()

    def answers(self, path: str) -> bool:
        """Whether it says 200 there."""
        with suppress(OSError, http.client.HTTPException):
            return self.asked(path)[0] == 200
        return False

    def asked(self, path: str, seconds: float = 30) -> tuple[int, dict[str, str], bytes]:
        """What it answers: status, headers, body."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        try:
            line.request("GET", path)
            answer = line.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        finally:
            line.close()


@contextmanager
def begun(where: Where, home: Path, finish_s: int | None = None) -> Iterator[Server]:
    """A server that runs, and is gone at the end."""
    server = Server(where, home, finish_s)
    server.begin()
    try:
        yield server
    finally:
        if server.process is not None and server.process.is_alive():
            server.process.kill()
            server.process.join(20)
        server.held.close()


def _run(where: Where, home: Path, port: int, log: Path, finish_s: int | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(out, stream.fileno())
    store = where.opened()
    app = create_app(
        store,
        person="dispatcher",
        reporter_secret=b"tests",
        lifespan=ticking(store),
        chosen=Settings(home),
    )
    threading.Thread(target=app.state.intake_desk.ready, daemon=True).start()
    quiet = partial(uvicorn.Config, log_level="error", timeout_graceful_shutdown=finish_s)
    stopping(quiet(app, host="127.0.0.1", port=port)).run()
