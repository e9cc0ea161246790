"""Figures of the requests of a server, as Prometheus reads them: how many, and how long.

A route is told by its template and a method by its name, so that there are as many figures as
there are endpoints, whatever is asked. With `PROMETHEUS_MULTIPROC_DIR` those of all processes that
share that folder are added up.

Requests are tallied in plain numbers, which are added to the figures when somebody asks for them:
at every request that would cost ten times as much.
"""

from __future__ import annotations

import asyncio
import os
from bisect import bisect_left
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from threading import Lock
from typing import Final, TypeAlias

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

SHARED: Final = "PROMETHEUS_MULTIPROC_DIR"
_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_GONE: Final = 499  # whoever asked did not wait for the answer
_ADDED_EVERY_S: Final = 1.0  # where other processes are asked for the figures of this one
# The template of its route, its method, the status of its answer; 0: none was sent.
Asked: TypeAlias = tuple[str, str, int]
# Requests by the bucket of their duration, the last is beyond all; then the sum of the durations.
_NOTHING: Final = (0.0,) * (len(_BUCKETS) + 2)


class _Durations(Histogram):
    """A histogram that takes many durations at once."""

    def add(self, tally: Sequence[float]) -> None:
        """Add a tally: how many of each bucket, and the sum of all."""
        *many, seconds = tally
        self._sum.inc(seconds)
        for bucket, more in zip(self._buckets, many, strict=True):
            if more:
                bucket.inc(more)


class Measures:
    """Counts and durations of one application."""

    def __init__(self) -> None:
        # Else a moment stands beside every count: twice the figures.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = CollectorRegistry()
        asked = ("route", "method", "status")
        self._requests = Counter(
            "jingwei_requests", "Requests answered", asked, registry=self.registry
        )
        self._seconds = _Durations(
            "jingwei_request_seconds",
            "Seconds until a request was answered",
            ("route",),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self._tallies: dict[Asked, list[float]] = {}
        self._added: dict[Asked, tuple[float, ...]] = {}
        self._adding = Lock()

    def count(self, asked: Asked, seconds: float) -> None:
        """Count a request, and how long it took."""
        tally = self._tallies.get(asked)
        if tally is None:
            tally = self._tallies.setdefault(asked, [*_NOTHING])
        tally[bisect_left(_BUCKETS, seconds)] += 1
        tally[-1] += seconds

    def add(self) -> None:
        """Add what was counted since to the figures."""
        with self._adding:
            for asked, tally in [*self._tallies.items()]:
                now, before = tuple(tally), self._added.get(asked, _NOTHING)
                if now == before:
                    continue
                more = [one - other for one, other in zip(now, before, strict=True)]
                route, method, status = asked
                self._requests.labels(route, method, str(status or _GONE)).inc(sum(more[:-1]))
                self._seconds.labels(route).add(more)
                self._added[asked] = now

    @asynccontextmanager
    async def lifespan(self, _app: object) -> AsyncIterator[None]:
        """Add what is counted each second as long as this lasts, where processes share figures."""
        if SHARED not in os.environ:
            yield
            return
        adding = asyncio.create_task(self._add_often())
        yield
        adding.cancel()
        with suppress(asyncio.CancelledError):
            await adding
        self.add()

    async def _add_often(self) -> None:
        while True:
            await asyncio.sleep(_ADDED_EVERY_S)
            self.add()

    def told(self, *more: Collector) -> bytes:
        """Return all figures as text, with what further collectors have to say."""
        self.add()
        asked = CollectorRegistry()
        if SHARED in os.environ:
            MultiProcessCollector(asked)  # type: ignore[no-untyped-call]
        for collector in more if SHARED in os.environ else (self._requests, self._seconds, *more):
            asked.register(collector)
        return generate_latest(asked)
