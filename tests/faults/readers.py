"""Somebody who reads all the while, in a process of their own, and how long each read took."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection as Pipe
from typing import Final, NamedTuple

import numpy as np
from sqlalchemy import text

from geo.store.database import Connection, transaction
from geo.store.net.areas import read_areas
from geo.store.working.issues import read_issues
from tests.plugins.database import Where
from tests.processes import SPAWN

LONGEST_MS: Final = 200  # that whoever reads may wait for a lock, or for a publication
_PAUSE_S: Final = 0.02
_FEW: Final = 50

Reads = list[tuple[str, float, float]]  # which read, when it began, the milliseconds it took


def _tasks(conn: Connection, _scope: str) -> None:
    conn.execute(text(f"select id, area, state from task order by id desc limit {_FEW}")).all()


def _board(conn: Connection, scope: str) -> None:
    read_issues(conn, scope=scope, limit=_FEW)


def _areas(conn: Connection, scope: str) -> None:
    read_areas(conn, net="admin", scope=scope)


_ASKED: Final[dict[str, Callable[[Connection, str], None]]] = {
    "the newest tasks": _tasks,
    "the issues of a district": _board,
    "its areas": _areas,
}


@contextmanager
def reading(where: Where, scope: str) -> Iterator[Reads]:
    """Read in turns what people of an area read; nobody may wait long for a lock."""
    told: Reads = []
    ours, theirs = SPAWN.Pipe()
    process = SPAWN.Process(target=_read, args=(where, scope, theirs), daemon=True)
    process.start()
    theirs.close()
    keeping = threading.Thread(target=_keep, args=(ours, told))
    keeping.start()
    try:
        yield told
    finally:
        ours.send("over")
        process.join(60)
        keeping.join(60)
    assert process.exitcode == 0, "a reader waited too long for a lock"


def _keep(ours: Pipe, told: Reads) -> None:
    try:
        while True:
            told.append(ours.recv())
    except EOFError:
        return


def _read(where: Where, scope: str, theirs: Pipe) -> None:
    store = where.opened()
    while not theirs.poll(_PAUSE_S):
        for name, asked in _ASKED.items():
            began = time.monotonic()
            with transaction(store.app, "dispatcher") as conn:
                conn.execute(text(f"set local lock_timeout = {LONGEST_MS}"))
                asked(conn, scope)
            theirs.send((name, began, 1000 * (time.monotonic() - began)))
    theirs.recv()
    store.close()


class Slow(NamedTuple):
    """Milliseconds of a kind of read: in the middle, of one in twenty, at most."""

    middle: float
    late: float
    most: float


def slowest(reads: Reads, *, since: float = 0.0, upto: float = float("inf")) -> dict[str, Slow]:
    """How long each kind of read took that began between two moments."""
    found = {
        name: [ms for what, at, ms in reads if what == name and since <= at < upto]
        for name in _ASKED
    }
    return {
        name: Slow(float(np.median(own)), float(np.percentile(own, 95)), max(own))
        for name, own in found.items()
        if own
    }
