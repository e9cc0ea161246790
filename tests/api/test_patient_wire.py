"""Whoever does not end a request is given up, whatever she goes on sending."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api import patient_wire
from tests.serving import served

CHUNKED = b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n"
BEGUN = {
    "nothing": b"",
    "half a line": b"GET /",
    "headers without end": b"GET / HTTP/1.1\r\nhost: a\r\n",
    "half a body": b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 9999999\r\n\r\nx",
    "chunks without end": CHUNKED,
    "a chunk's name without end": CHUNKED + b"1;",
}
MORE = {"headers without end": b"x: 1\r\n", "chunks without end": b"1\r\nx\r\n"}


@pytest.fixture
def port() -> Iterator[int]:
    async def size(request: Request) -> Response:
        return Response(str(len(await request.body())))

    app = Starlette(routes=[Route("/", size, methods=["GET", "POST"])])
    with served(app) as root:
        yield int(root.rpartition(":")[2])


@pytest.mark.parametrize("how", BEGUN)
def test_a_request_that_never_ends_is_given_up(
    port: int, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patient_wire, "HEAD_S", 0.2)
    monkeypatch.setattr(patient_wire, "BODY_S", 0.2)
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        line.sendall(BEGUN[how])
        assert b"408" in _answer(line, MORE.get(how, b"x" if BEGUN[how] else b""))


def test_what_comes_in_time_is_answered_and_the_next_waited_for(port: int) -> None:
    whole = b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n\r\nabc"
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        for _ in range(2):
            line.sendall(whole)
            assert line.recv(1000).startswith(b"HTTP/1.1 200")


def _answer(line: socket.socket, more: bytes) -> bytes:
    """Return what is answered to whoever goes on sending."""
    while True:
        line.settimeout(0.1)
        try:
            return line.recv(1000)
        except TimeoutError:
            line.settimeout(60)
            line.sendall(more)
