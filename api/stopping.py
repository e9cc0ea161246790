"""A server that stops at once though streams are open."""

from __future__ import annotations

import socket
from typing import Final

import uvicorn
from fastapi import FastAPI

# Longer than an intake waits for a still database (geo.store.incoming.joint_intake), and less than
# whoever stops it waits before it kills (docker-compose.yml).
_FINISH_S: Final = 25


class _Server(uvicorn.Server):
    """uvicorn's, which waits for every answer to end: streams are ended first."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, finish what is under way, stop."""
        app = self.config.app
        if isinstance(app, FastAPI):
            app.state.hub.close()
        await super().shutdown(sockets)


def stopping(config: uvicorn.Config) -> uvicorn.Server:
    """Return the server of a configuration whose application is ours.

    What was begun when it is told to stop is finished, where that does not last.
    """
    config.timeout_graceful_shutdown = config.timeout_graceful_shutdown or _FINISH_S
    return _Server(config)
