"""The clock of a server: while it runs, plans come into force on their day, and cards fall."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Final, TypeAlias

from fastapi import FastAPI

from api.clock import add_up_heat, draw_anew, put_due_in_force, sort_new_paths, tell_due
from api.settling import give_back
from geo.errors import JingweiError
from geo.store.database import Store
from geo.store.planning.scheduling import Outcome

# A day in the city begins at midnight; a minute later its plans are in force.
EVERY_S: Final = 60.0
Lifespan: TypeAlias = Callable[[FastAPI], AbstractAsyncContextManager[None]]
_LOG: Final = logging.getLogger("jingwei.clock")


def ticking(store: Store, every_s: float = EVERY_S) -> Lifespan:
    """Return the lifespan of an application that looks at the clock while it runs."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        clock = asyncio.create_task(_tick(store, every_s))
        clock.add_done_callback(_said_if_stopped)
        yield
        clock.cancel()
        with suppress(asyncio.CancelledError):
            await clock

    return lifespan


async def _tick(store: Store, every_s: float) -> None:
    while True:
        try:
            _tell(await asyncio.to_thread(put_due_in_force, store))
            await asyncio.to_thread(tell_due, store)
            await asyncio.to_thread(add_up_heat, store)
            await asyncio.to_thread(sort_new_paths, store)
            await asyncio.to_thread(draw_anew, store)
        except JingweiError as error:  # such as a database that is away for a moment
            _LOG.warning("%s", error.sentence_en)
        await asyncio.to_thread(give_back)
        await asyncio.sleep(every_s)


def _said_if_stopped(clock: asyncio.Task[None]) -> None:
    if not clock.cancelled() and (fault := clock.exception()) is not None:
        _LOG.error("the clock of plans has stopped", exc_info=fault)


def _tell(outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        _LOG.warning("plan %s: %s %s", outcome.plan, outcome.state, outcome.en)
