"""What a server, a worker and a database hold while a day goes by: memory, files, connections."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple, TypeVar

import numpy as np
from sqlalchemy import text

from benchmarks.load import memory_mb
from geo.store.database import Store

Look = TypeVar("Look")

_LINES = text(
    "select count(*), count(*) filter (where state like 'idle in transaction%%'"
    " and state_change < now() - interval '10 s') from pg_stat_activity"
    " where datname = current_database() and pid <> pg_backend_pid()"
)
# A leak grows with the work; what is kept on purpose (tiles, drafts, plans of statements) does not.
_GROWN = 1.15
_MORE = {"server MB": 16.0, "worker MB": 8.0, "database MB": 24.0}
_MORE_OF_A_KIND = 4.0


class Held(NamedTuple):
    """Megabytes of their own, connections to the database, open files, at one moment."""

    server_mb: float
    worker_mb: float
    database_mb: float
    connections: float
    stuck: float
    server_files: float
    worker_files: float


NAMES = (
    "server MB", "worker MB", "database MB", "connections", "stuck in a transaction",
    "files of the server", "files of the worker",
)  # fmt: skip


class Processes(NamedTuple):
    """Numbers of the processes that are looked at."""

    server: int
    worker: int
    database: int


def held(processes: Processes, store: Store) -> Held:
    """Return what they hold now."""
    with store.owner.connect() as conn:
        lines, stuck = conn.execute(_LINES).one()
    memory = (memory_mb(number, "Anonymous") for number in processes)
    return Held(*memory, lines, stuck, _files(processes.server), _files(processes.worker))


def _files(process: int) -> float:
    with suppress(FileNotFoundError):
        return sum(1 for _ in Path(f"/proc/{process}/fd").iterdir())
    return 0.0


@contextmanager
def sampled(looked: Callable[[], Look], every_s: float) -> Iterator[list[Look]]:
    """Give a list that grows by a look at something, at every so many seconds."""
    found: list[Look] = []
    over = Event()

    def look() -> None:
        while not over.wait(every_s):
            found.append(looked())

    looking = Thread(target=look)
    looking.start()
    try:
        yield found
    finally:
        over.set()
        looking.join()


def grown(found: list[Held]) -> list[str]:
    """Print what was held in each third, and return what grew from the second to the last.

    In the first third caches fill, pools open, and statements are prepared.
    """
    thirds = np.array([np.median(part, axis=0) for part in np.array_split(np.array(found), 3)])
    print(f"{'':<26}{'first':>10}{'second':>10}{'last third':>12}{'most':>10}")
    for name, parts, most in zip(NAMES, thirds.T, np.max(found, axis=0), strict=True):
        print(f"{name:<26}{parts[0]:10.1f}{parts[1]:10.1f}{parts[2]:12.1f}{most:10.1f}")
    return [
        f"{name} grew from {second:.1f} to {last:.1f}"
        for name, (_, second, last) in zip(NAMES, thirds.T, strict=True)
        if last > second * _GROWN and last > second + _MORE.get(name, _MORE_OF_A_KIND)
    ]
