"""The job queue in the schema `queue`: PgQueuer over a connection of its own.

Its tables are made by migration 13; jobs are written by triggers, in the transaction that makes a
delivery wait. See docs/decisions/0014-the-outbox.md.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any, Final, Self

import psycopg
from pgqueuer.adapters.persistence.qb import (
    QueryBuilderEnvironment,
    QueryQueueBuilder,
    QuerySchedulerBuilder,
)
from pgqueuer.db import PsycopgDriver
from pgqueuer.domain.settings import DBSettings
from pgqueuer.errors import FailingListenerError, PgqException
from pgqueuer.ports.driver import NotifyCallback
from pgqueuer.qm import QueueManager
from pgqueuer.queries import Queries
from sqlalchemy import Engine

from geo.errors import DatabaseAwayError
from geo.store.failures import away_of
from geo.store.outgoing.listening import connected

_TABLES: Final = DBSettings(db_schema="queue")
# Jobs taken in one look: more than all lanes have room for, so that each gives its share to every
# look. Fewer would be the oldest, which are those of receivers that do not answer.
_BATCH: Final = 1_000
_UNHEARD: Final = "no notification came back within 10 s"  # as long as PgQueuer waits for its own


class _Driver(PsycopgDriver):
    """Asks over one connection and listens over another.

    psycopg locks a connection while it waits for a notification, and PgQueuer's own driver waits a
    second at a time: with one connection every question waits as long (two deliveries a second).
    With two, what is told before the other listens is not heard: PgQueuer's first look at itself
    was not, and it gave both up ten seconds later.
    """

    def __init__(
        self, asks: psycopg.AsyncConnection[Any], listens: psycopg.AsyncConnection[Any]
    ) -> None:
        super().__init__(asks)
        self.ear = PsycopgDriver(listens)
        self.hears = asyncio.Event()

    async def notify(self, channel: str, payload: str) -> None:
        """Tell all who listen, once this one does."""
        await self.hears.wait()
        await super().notify(channel, payload)

    async def add_listener(self, channel: str, callback: NotifyCallback) -> None:
        """Call back for each notification of a channel."""
        await self.ear.add_listener(channel, callback)
        self.hears.set()

    async def remove_listener(self, channel: str, callback: NotifyCallback) -> None:
        """Call back no more."""
        await self.ear.remove_listener(channel, callback)

    async def __aenter__(self) -> Self:
        """Open both."""
        await self.ear.__aenter__()
        return await super().__aenter__()

    async def __aexit__(self, *told: object) -> None:
        """Close both."""
        await super().__aexit__(*told)
        await self.ear.__aexit__(*told)


@asynccontextmanager
async def queue_manager(engine: Engine) -> AsyncIterator[QueueManager]:
    """Open what takes jobs from the queue, over two connections as the engine's account.

    Raises
    ------
    DatabaseAwayError
        When the database does not answer.
    """
    async with AsyncExitStack() as stack:
        asks, listens = [await connected(engine, stack) for _ in range(2)]
        queries = Queries(
            _Driver(asks, listens),
            qbe=QueryBuilderEnvironment(_TABLES),
            qbq=QueryQueueBuilder(_TABLES),
            qbs=QuerySchedulerBuilder(_TABLES),
        )
        yield QueueManager(queries, channel=_TABLES.channel)


async def run(manager: QueueManager, *, lease_s: float, look_s: float) -> None:
    """Take jobs until the manager is told to shut down; those under way are finished first.

    A lane has room for so many jobs as it was made with. A worker has no limit of its own: lanes
    whose receivers hang would fill it, and none would be left for the others.

    Parameters
    ----------
    lease_s
        A job whose heart has not beaten for so long is taken back.
    look_s
        The longest time between two looks at the queue.

    Raises
    ------
    DatabaseAwayError
        When its connection is lost.
    """
    try:
        await manager.run(
            dequeue_timeout=timedelta(seconds=look_s),
            batch_size=_BATCH,
            heartbeat_timeout=timedelta(seconds=lease_s),
            shutdown_on_listener_failure=True,
        )
    except FailingListenerError as error:  # which says nothing itself
        raise DatabaseAwayError(reason=_UNHEARD) from error
    except (psycopg.Error, PgqException) as error:
        raise away_of(error) from error
