"""A server that stops within its limit, and gives up whoever never ends what she sends."""

from __future__ import annotations

import asyncio
import socket
from itertools import count
from typing import Final

import uvicorn
from fastapi import FastAPI

from api.patient_wire import give_up
from api.tile_wire import TileProtocol

# Longer than an intake waits for a still database (geo.store.incoming.joint_intake); with what
# comes after, less than whoever stops it waits before it kills (docker-compose.yml).
_FINISH_S: Final = 22
_SAY_S: Final = 3  # to say of what was not finished that it was not kept
_AGAIN_S: Final = 0.5
_TICKS: Final = 10  # of the server's clock, in a second
# Whoever was cut off from the database, or had just kept something, says so itself by then.
_TURNS: Final = 2


class _Server(uvicorn.Server):
    """uvicorn's, which waits for every answer to end: streams are ended first.

    What is not finished in time is cancelled in the database before anybody's line is closed:
    uvicorn would leave it to its thread, which goes on and may keep what nobody was told of.
    """

    async def on_tick(self, counter: int) -> bool:
        """Give up, each second, what should have been sent by now; tell whether to stop."""
        if counter % _TICKS == 0:
            give_up(self.server_state.connections)
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, finish what is under way where that does not last, stop."""
        app, late = self.config.app, None
        if isinstance(app, FastAPI):
            app.state.hub.close()
            late = asyncio.create_task(self._end_late(app))
        try:
            await super().shutdown(sockets)
        finally:
            if late is not None:
                late.cancel()

    async def _end_late(self, app: FastAPI) -> None:
        await asyncio.sleep((self.config.timeout_graceful_shutdown or 0) - _SAY_S)
        for turn in count():  # a question may have been asked just then
            for receiving in tuple(app.state.incoming):
                receiving.cancel()
            asks = await asyncio.to_thread(app.state.store.end)
            if turn >= _TURNS and not asks:
                await app.state.late.tell()
            await asyncio.sleep(_AGAIN_S)


def stopping(config: uvicorn.Config) -> uvicorn.Server:
    """Return the server of a configuration whose application is ours; it answers tiles at hand.

    What was begun when it is told to stop is finished, where that takes no longer than the
    configuration says (`timeout_graceful_shutdown`, in seconds; 22 by default).
    """
    config.http = TileProtocol
    config.timeout_graceful_shutdown = (config.timeout_graceful_shutdown or _FINISH_S) + _SAY_S
    return _Server(config)
