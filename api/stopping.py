"""A server that stops at once though streams are open."""

from __future__ import annotations

import socket

import uvicorn
from fastapi import FastAPI


class _Server(uvicorn.Server):
    """uvicorn's, which waits for every answer to end: streams are ended first."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, finish what is under way, stop."""
        app = self.config.app
        if isinstance(app, FastAPI):
            app.state.hub.close()
        await super().shutdown(sockets)


def stopping(config: uvicorn.Config) -> uvicorn.Server:
    """Return the server of a configuration whose application is ours."""
    return _Server(config)
