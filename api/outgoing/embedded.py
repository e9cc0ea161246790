"""The worker inside a server, where no process of its own is wanted."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from fastapi import FastAPI

from api.outgoing.working import work
from api.rounds import outlived
from api.settings import Settings
from api.ticking import Lifespan
from geo.store.database import Store

_LOG: Final = logging.getLogger("jingwei.outbox")
_AGAIN_S: Final = 2.0


def working(store: Store, chosen: Settings) -> Lifespan:
    """Return the lifespan of an application that delivers what leaves while it runs.

    A fault of our own that ends the worker is told of, and it begins anew: nobody else starts it.
    """

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        stop = asyncio.Event()
        task = asyncio.create_task(_kept_at_work(store, chosen, stop))
        yield
        stop.set()
        await task

    return lifespan


async def _kept_at_work(store: Store, chosen: Settings, stop: asyncio.Event) -> None:
    while not stop.is_set():
        await outlived(work(store, chosen, stop), _LOG, "the worker")
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _AGAIN_S)
