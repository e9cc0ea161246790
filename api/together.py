"""What runs beside the requests of a server: several lifespans as one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI

from api.ticking import Lifespan


def together(*lifespans: Lifespan) -> Lifespan:
    """Return the lifespan in which all of these run; the last to begin is the first to end."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for each in lifespans:
                await stack.enter_async_context(each(app))
            yield

    return lifespan
