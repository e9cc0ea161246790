"""The worker inside a server, where no process of its own is wanted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from api.outgoing.working import work
from api.settings import Settings
from api.ticking import Lifespan
from geo.store.database import Store


def working(store: Store, chosen: Settings) -> Lifespan:
    """Return the lifespan of an application that delivers what leaves while it runs."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        stop = asyncio.Event()
        task = asyncio.create_task(work(store, chosen, stop))
        yield
        stop.set()
        await task

    return lifespan
