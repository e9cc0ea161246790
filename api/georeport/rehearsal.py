"""The test endpoint: reports go the whole way and are taken back; the latest are remembered.

So a client can try everything, reading back what it sent included, and no dispatcher sees it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock
from typing import Final

from api.georeport.documents import Tree
from geo.store.public import Wanted

MOST: Final = 1000


class Rehearsal:
    """What was handed in for trial, the latest of it, by number; gone when the server stops."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Mapping[str, Tree]] = OrderedDict()
        self._lock = Lock()

    def keep(self, number: str, told: Mapping[str, Tree]) -> None:
        """Remember a request as it would be told, and forget the oldest beyond MOST."""
        with self._lock:
            self._kept[number] = told
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)

    def among(self, asked: Wanted) -> list[Mapping[str, Tree]]:
        """Return what was kept of what is asked for, the latest first; of one page, the first."""
        with self._lock:
            kept = list(reversed(self._kept.values()))
        return [told for told in kept if asked.start == 0 and _fits(told, asked)]

    def get(self, number: str) -> Mapping[str, Tree] | None:
        """Return what was kept under a number, else None."""
        with self._lock:
            return self._kept.get(number)


def _fits(told: Mapping[str, Tree], asked: Wanted) -> bool:
    """Tell whether a trial is asked for: just now made, it is open and later than any start."""
    if asked.ids is not None:
        return told["service_request_id"] in [str(number) for number in asked.ids]
    services = asked.services is None or told["service_code"] in asked.services
    return services and asked.is_open is not False and asked.until is None
