"""A receiver on loopback that behaves as it is told, and counts what it took in, by message."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeAlias

from standardwebhooks import Webhook

Behaviour: TypeAlias = Callable[[BaseHTTPRequestHandler], None]


def answer(status: int, body: bytes = b"", **headers: str) -> Behaviour:
    """A plain answer."""

    def behave(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("content-length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return behave


def hang(handler: BaseHTTPRequestHandler) -> None:
    """No answer until the receiver is opened, or closed for good."""
    receiver: Receiver = handler.server.receiver  # type: ignore[attr-defined]
    receiver.opened.wait()
    if not receiver.over:
        answer(200)(handler)


def close(handler: BaseHTTPRequestHandler) -> None:
    """The connection closed without a word."""
    handler.close_connection = True


def trickle(handler: BaseHTTPRequestHandler) -> None:
    """Ten megabytes, slowly."""
    handler.send_response(200)
    handler.send_header("content-length", str(10_000_000))
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b"x" * 100_000)
        time.sleep(0.05)


class Receiver:
    """What came in: `tries` every posting, `effects` those that were signed and taken, by id."""

    def __init__(self, secret: str = "") -> None:
        self.secret, self.url = secret, ""
        self.tries: Counter[str] = Counter()
        self.effects: dict[str, dict[str, Any]] = {}
        self.forged: list[str] = []
        self.script: list[Behaviour] = []
        self.always: Behaviour = answer(204)
        self.opened = threading.Event()
        self.over = False
        self.lock = threading.Lock()

    def take(self, handler: BaseHTTPRequestHandler) -> None:
        """Verify, count once by id, answer as told."""
        body = handler.rfile.read(int(handler.headers.get("content-length", 0)))
        name = handler.headers.get("webhook-id", "")
        with self.lock:
            self.tries[name] += 1
            behave = self.script.pop(0) if self.script else self.always
        if self.secret:
            Webhook(self.secret).verify(body, dict(handler.headers.items()))
        with self.lock:
            self.effects.setdefault(name, json.loads(body))
        behave(handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        try:
            self.server.receiver.take(self)  # type: ignore[attr-defined]
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing on the terminal."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A peer that was killed is no fault."""


@contextmanager
def receiving(secret: str = "") -> Iterator[Receiver]:
    """A receiver that runs; its `url` is where."""
    receiver = Receiver(secret)
    server = _Server(("127.0.0.1", 0), _Handler)
    server.receiver = receiver  # type: ignore[attr-defined]
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}/in"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.over = True
        receiver.opened.set()
        server.shutdown()
        server.server_close()
        thread.join()
