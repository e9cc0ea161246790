"""Figures of the requests of a server, as Prometheus reads them: how many, and how long.

A route is told by its template and a method by its name, so that there are as many figures as
there are endpoints, whatever is asked. With `PROMETHEUS_MULTIPROC_DIR` those of all processes that
share that folder are added up.
"""

from __future__ import annotations

import os
from typing import Final

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
_Asked = tuple[str, str, int]


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
        self._seconds = Histogram(
            "jingwei_request_seconds",
            "Seconds until a request was answered",
            ("route",),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self._kept: dict[_Asked, tuple[Counter, Histogram]] = {}

    def count(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request: its route's template, the status of its answer, how long it took."""
        asked = (route, method, status)
        kept = self._kept.get(asked)
        if kept is None:
            counter = self._requests.labels(route, method, str(status or _GONE))
            kept = self._kept[asked] = counter, self._seconds.labels(route)
        kept[0].inc()
        kept[1].observe(seconds)

    def told(self, *more: Collector) -> bytes:
        """Return all figures as text, with what further collectors have to say."""
        asked = CollectorRegistry()
        if SHARED in os.environ:
            MultiProcessCollector(asked)  # type: ignore[no-untyped-call]
        for collector in more if SHARED in os.environ else (self._requests, self._seconds, *more):
            asked.register(collector)
        return generate_latest(asked)
