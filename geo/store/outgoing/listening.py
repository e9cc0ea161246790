"""Connections that wait: for the job queue, and for what the database has to say of events."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any, Final

import psycopg
from sqlalchemy import Engine

from geo.errors import DatabaseAwayError
from geo.store.answers import said

CHANNEL: Final = "jingwei_event"


async def connected(engine: Engine, stack: AsyncExitStack) -> psycopg.AsyncConnection[Any]:
    """Return a connection of its own as the engine's account, closed with the stack.

    Raises
    ------
    DatabaseAwayError
        When the database does not answer.
    """
    _, told = engine.dialect.create_connect_args(engine.url)
    try:
        conn = await psycopg.AsyncConnection.connect(**told, autocommit=True)
    except psycopg.Error as error:
        raise DatabaseAwayError(reason=said(error)) from error
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
            await conn.execute(f"listen {CHANNEL}".encode())
            yield
            while True:
                await _told(conn, every_s)
                yield
        except psycopg.Error as error:
            raise DatabaseAwayError(reason=said(error)) from error


async def _told(conn: psycopg.AsyncConnection[Any], every_s: float) -> None:
    """Wait for a notification, or until time is up."""
    async for _ in conn.notifies(timeout=every_s, stop_after=1):
        pass
