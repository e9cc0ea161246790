"""A server that replays its log, up to a moment that somebody chose, and is waited for."""

from __future__ import annotations

import time
from typing import Final

import psycopg

from geo.errors import DatabaseAwayError
from geo.store.private.cluster import failed
from geo.store.private.home import Home

_RECOVERY_S: Final = 3600.0
_PAUSE_S: Final = 0.2


def wait_for_recovery(home: Home, conn: psycopg.Connection[tuple[object, ...]]) -> None:
    """Wait until a server takes writes.

    Raises
    ------
    ClusterError
        When the server gives up: why, by its log, and what to do.
    DatabaseAwayError
        When it takes too long.
    """
    try:
        has_replayed = _waited(conn)
    except psycopg.OperationalError as error:
        raise failed(home, "recovery") from error
    if has_replayed:
        conn.execute("select pg_reload_conf()")  # as at a start: it archives in time again


def _waited(conn: psycopg.Connection[tuple[object, ...]]) -> bool:
    until, waited = time.monotonic() + _RECOVERY_S, False
    while conn.execute("select pg_is_in_recovery()").fetchone() != (False,):
        waited = True
        if time.monotonic() > until:
            raise DatabaseAwayError(reason="recovery")
        time.sleep(_PAUSE_S)
    return waited
