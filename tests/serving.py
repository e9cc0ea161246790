"""A real server for tests: the application on a free port of this machine, in a thread."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from api.stopping import stopping
from tests.plugins.browser import LATENCY


class _Late:
    """Answers of the API come late, each another while, so that they overtake each other."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/api/"):
            await asyncio.sleep(random.uniform(0, LATENCY))
        await self.app(scope, receive, send)


@contextmanager
def served(app: Starlette) -> Iterator[str]:
    """Return the address of a running application; it must stop at once when the block ends."""
    if LATENCY:
        app.add_middleware(_Late)
    server = stopping(
        uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, log_level="error")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive(), "open streams kept the server from stopping"
