"""Workers as processes of their own, to be killed; and one inside the test."""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing.process import BaseProcess
from pathlib import Path

from sqlalchemy import make_url, text

from api.outgoing.working import work
from api.settings import Settings
from geo.outbox import Limits, limits
from geo.store.database import Store, transaction
from geo.store.line import OWNERS, engine_of
from tests.processes import SPAWN

QUICK = replace(limits(), lease_seconds=1, retry_first=0.05, retry_longest=0.2, post_seconds=2)


@dataclass(frozen=True)
class Bench:
    """A store, and what its workers are told."""

    store: Store
    home: Path
    rules: Limits = QUICK

    @property
    def url(self) -> str:
        """Where the store is, for a process of its own."""
        return self.store.owner.url.render_as_string(hide_password=False)

    def settings(self) -> Settings:
        """Settings under which this machine may be sent to."""
        return Settings(self.home, hook_hosts="127.0.0.0/8")


def start(bench: Bench) -> BaseProcess:
    """Start a worker in a process of its own."""
    told = (bench.url, bench.settings(), bench.rules)
    process = SPAWN.Process(target=_run, args=told, daemon=True)
    process.start()
    return process


def _run(url: str, chosen: Settings, rules: Limits) -> None:
    engine = engine_of(make_url(url), "", OWNERS)
    asyncio.run(_until_term(Store(engine, engine), chosen, rules))


async def _until_term(store: Store, chosen: Settings, rules: Limits) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await work(store, chosen, stop, rules=rules)


@contextmanager
def working(bench: Bench) -> Iterator[None]:
    """A worker in a thread, stopped at the end."""
    loop, stop = asyncio.new_event_loop(), asyncio.Event()

    def run() -> None:
        loop.run_until_complete(work(bench.store, bench.settings(), stop, rules=bench.rules))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(20)


def until(true: Callable[[], object], seconds: float = 60) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)


def count(store: Store, asked: str) -> int:
    """The one number that a question answers, as the owner."""
    with transaction(store.owner, "test") as conn:
        return int(conn.execute(text(asked)).scalar_one())
