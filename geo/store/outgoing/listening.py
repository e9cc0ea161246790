"""Connections that wait: for the job queue, and for what the database has to say of events."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Final

import psycopg
from sqlalchemy import Engine

from geo.store.failures import away_of
from geo.store.line import AsyncLine, patience_of

CHANNEL: Final = "jingwei_event"
_LISTEN: Final = f"listen {CHANNEL}".encode()


async def connected(engine: Engine, stack: AsyncExitStack) -> AsyncLine:
    """Return a connection of its own as the engine's account, closed with the stack.

    Raises
    ------
    DatabaseAwayError
        When the database does not answer.
    """
    _, told = engine.dialect.create_connect_args(engine.url)
    try:
        conn = await AsyncLine.connect(**told, autocommit=True)
    except psycopg.Error as error:
        raise away_of(error) from error
    conn.patience = patience_of(engine).people
    stack.push_async_callback(conn.close)
    return conn


async def events_told(engine: Engine, every_s: float) -> AsyncIterator[None]:
    """Go on once as soon as one listens, then whenever an event was committed, or time is up.

    Parameters
    ----------
    every_s
        The longest time between two turns.

    Raises
    ------
    DatabaseAwayError
        When the connection is lost.
    """
    async with AsyncExitStack() as stack:
        conn = await connected(engine, stack)
        try:
            await conn.execute(_LISTEN)
            yield
            while True:
                await _told(conn, every_s)
                yield
        except psycopg.Error as error:
            raise away_of(error) from error


async def _told(conn: AsyncLine, every_s: float) -> None:
    """Wait for a notification, or until time is up."""
    heard = False
    async for _ in conn.notifies(timeout=every_s, stop_after=1):
        heard = True
    if not heard:  # so quiet that the line may have been cut
        await conn.execute(_LISTEN)
