"""A server that replays its log, up to a moment that somebody chose, and is waited for."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Final, TypeAlias

import psycopg

from geo.errors import DatabaseAwayError
from geo.store.private.cluster import failed
from geo.store.private.home import Home

_RECOVERY_S: Final = 3600.0
_PAUSE_S: Final = 0.2


Conn: TypeAlias = psycopg.Connection[tuple[object, ...]]


def once_recovered(home: Home, connect: Callable[[], Conn]) -> Conn:
    """Return a connection to a server that takes writes, once it does.

    Raises
    ------
    ClusterError
        When the server gives up, before anybody is connected or while he waits: why, by its log,
        and what to do.
    DatabaseAwayError
        When it takes too long.
    """
    try:
        with ExitStack() as stack:
            conn = stack.enter_context(connect())
            has_replayed = _waited(conn)
            stack.pop_all()
    except psycopg.OperationalError as error:
        raise failed(home, "recovery") from error
    if has_replayed:
        conn.execute("select pg_reload_conf()")  # as at a start: it archives in time again
    return conn


def _waited(conn: Conn) -> bool:
    until, waited = time.monotonic() + _RECOVERY_S, False
    while conn.execute("select pg_is_in_recovery()").fetchone() != (False,):
        waited = True
        if time.monotonic() > until:
            raise DatabaseAwayError(reason="recovery")
        time.sleep(_PAUSE_S)
    return waited
