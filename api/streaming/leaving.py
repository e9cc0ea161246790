"""Streams end when the session does that began them: signed out, closed, unused, or too old."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from fastapi import FastAPI

from api.rounds import outlived
from api.signing_in.entrance import Entrance
from api.streaming.hub import Hub

EVERY_S: Final = 3.0
_LOG: Final = logging.getLogger("jingwei.stream")


@asynccontextmanager
async def leaving(app: FastAPI) -> AsyncIterator[None]:
    """Run beside an application: whoever is signed out hears nothing more within seconds."""
    looks = asyncio.create_task(_look(app.state.hub, app.state.entrance))
    yield
    looks.cancel()
    with suppress(asyncio.CancelledError):
        await looks


async def _look(hub: Hub, entrance: Entrance) -> None:
    while True:
        await asyncio.sleep(EVERY_S)
        await outlived(see_out(hub, entrance), _LOG, "seeing out")


async def see_out(hub: Hub, entrance: Entrance) -> None:
    """Let those who listen go whose session is over; one question for all of them."""
    listening = tuple(hub.listeners)
    if not listening:
        return
    over = await asyncio.to_thread(entrance.signed_out, {each.token for each in listening})
    for gone in [each for each in listening if each.token in over]:
        gone.end()
