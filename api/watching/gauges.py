"""What a server is like when Prometheus asks: queues, connections, streams, tiles, the disk."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from api.streaming.hub import Hub
from api.tile_shelf import TileShelf
from geo.errors import DatabaseAwayError
from geo.store.database import Store, pool_use, transaction
from geo.store.working.waiting import read_queues

_PERSON: Final = "metrics"


class Gauges(Collector):
    """Asks the database once a scrape; where it is away, says that and the rest."""

    def __init__(self, store: Store, hub: Hub, shelf: TileShelf, home: Path) -> None:
        self._store, self._hub, self._shelf, self._home = store, hub, shelf, home

    def collect(self) -> Iterator[Metric]:
        """Return the gauges."""
        rows = self._queues()
        yield _gauge("database_up", "Whether the database answers", {(): rows is not None})
        waiting, oldest = (_asked(rows, column) for column in ("waiting", "oldest_s"))
        yield _gauge("queue_waiting", "What waits in a queue", waiting, "queue")
        yield _gauge("queue_oldest_seconds", "How long the oldest has waited", oldest, "queue")
        used = pool_use(self._store)
        yield _gauge("connections", "Connections of a pool in use", used, "role")
        yield _gauge("streams", "Boards that listen", {(): len(self._hub.listeners)})
        yield _gauge("tiles_kept_bytes", "Tiles kept in memory", {(): self._shelf.bytes_kept})
        free = {(): shutil.disk_usage(self._home).free} if self._home.is_dir() else {}
        yield _gauge("disk_free_bytes", "Room on the disk of the data folder", free)

    def _queues(self) -> list[dict[str, Any]] | None:
        try:
            with transaction(self._store.owner, _PERSON) as conn:
                return [*read_queues(conn).to_dict("records")]
        except DatabaseAwayError:
            return None


def _asked(rows: list[dict[str, Any]] | None, column: str) -> dict[tuple[str], float]:
    """Return a figure of each queue, of those of which it is asked."""
    return {(row["queue"],): row[column] for row in rows or () if pd.notna(row[column])}


def _gauge(name: str, about: str, values: Mapping[Any, float], *labels: str) -> GaugeMetricFamily:
    made = GaugeMetricFamily(f"jingwei_{name}", about, labels=labels)
    for label, value in values.items():
        made.add_metric(label, value)
    return made
