"""The clock of a server: while it runs, plans come into force on their day, and cards fall."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Final, TypeAlias

from fastapi import FastAPI

from api.clock import add_up_heat, draw_anew, put_due_in_force, sort_new_paths, tell_due
from api.rounds import outlived
from api.settling import give_back
from geo.store.database import Store

# A day in the city begins at midnight; a minute later its plans are in force.
EVERY_S: Final = 60.0
Lifespan: TypeAlias = Callable[[FastAPI], AbstractAsyncContextManager[None]]
_LOG: Final = logging.getLogger("jingwei.clock")


def ticking(store: Store, every_s: float = EVERY_S) -> Lifespan:
    """Return the lifespan of an application that looks at the clock while it runs."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        clock = asyncio.create_task(_tick(store, every_s))
        yield
        clock.cancel()
        with suppress(asyncio.CancelledError):
            await clock

    return lifespan


async def _tick(store: Store, every_s: float) -> None:
    while True:
        for what, step in STEPS.items():
            await outlived(asyncio.to_thread(step, store), _LOG, what)
        await asyncio.to_thread(give_back)
        await asyncio.sleep(every_s)


def _due(store: Store) -> None:
    for outcome in put_due_in_force(store):
        _LOG.warning("plan %s: %s %s", outcome.plan, outcome.state, outcome.en)


# What fails spoils no other step, and is tried again at the next turn.
STEPS: Final[dict[str, Callable[[Store], object]]] = {
    "putting plans in force": _due,
    "telling of what is due": tell_due,
    "adding up the heat": add_up_heat,
    "sorting new paths": sort_new_paths,
    "drawing tiles anew": draw_anew,
}
