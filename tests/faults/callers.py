"""Callers who hand issues in, at a pace, each again under its own number until it is taken."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from tests.store import toy

LINES = 8
_AGAIN_S = 0.1
_GIVE_UP_S = 120.0
_AWAY = {"DatabaseAway", "KeptUnknown"}


class Placed(NamedTuple):
    """Where issues lie, by their order, in degrees."""

    lon: np.ndarray
    lat: np.ndarray


_ORDER = np.arange(3800)
TOY = Placed(
    toy.WEST + (0.1 + (_ORDER * 7 % 38) / 10) * toy.STEP,
    toy.SOUTH + (0.1 + (_ORDER * 3 % 18) / 10) * toy.STEP,
)


def issue(reference: str, n: int = 0, placed: Placed = TOY) -> dict[str, Any]:
    """What is handed in under a number, somewhere in the city."""
    lon, lat = float(placed.lon[n]), float(placed.lat[n])
    told = {"source": "hotline", "reference": reference, "text": "路灯不亮", "service": "lamp"}
    return {**told, "lon": lon, "lat": lat, "datum": "wgs84"}


@dataclass
class Told:
    """What callers were told: the last answer by number, and each answer on the way.

    `waits`: when each issue was first handed in, and the seconds until it was taken.
    `enough`: set by whoever wants no more to be handed in.
    """

    taken: dict[str, dict[str, Any]] = field(default_factory=dict)
    statuses: list[int] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    cuts: int = 0
    times: list[float] = field(default_factory=list)
    waits: list[tuple[float, float]] = field(default_factory=list)
    enough: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, reference: str, status: int, headers: dict[str, str], body: bytes) -> bool:
        """Whether the issue was taken; whatever is neither that nor a proper 503 is a fault."""
        with self.lock:
            self.statuses.append(status)
            if status in (200, 201):
                self.taken[reference] = json.loads(body)
                self.times.append(time.monotonic())
            elif status != 503 or not _is_proper(headers, body):
                self.faults.append(f"{status} {headers} {body[:500]!r}")
        return status in (200, 201)

    def summed(self) -> str:
        """How often each status was told, how many connections were cut, and what was wrong."""
        return f"{dict(Counter(self.statuses))}, {self.cuts} cut, {self.faults}"


def _is_proper(headers: dict[str, str], body: bytes) -> bool:
    """Whether a 503 says when to come again and why, in a sentence, and nothing of its inside."""
    told = json.loads(body)
    plain = "Traceback" not in body.decode() and "psycopg" not in body.decode()
    kind = headers["content-type"] == "application/problem+json"
    return headers.get("retry-after", "").isdigit() and kind and told["code"] in _AWAY and plain


class Callers:
    """Some lines at once; `pace` intakes a second over all of them, or as fast as it goes."""

    def __init__(
        self,
        port: int,
        references: Sequence[str],
        *,
        pace: float | None = None,
        placed: Placed = TOY,
    ) -> None:
        self.port, self.references, self.pace, self.placed = port, references, pace, placed
        self.told, self.over = Told(), False

    def __enter__(self) -> Told:
        """Begin."""
        self.began = time.monotonic()
        self.pool = ThreadPoolExecutor(LINES)
        self.futures = [self.pool.submit(self._line, n) for n in range(LINES)]
        return self.told

    def __exit__(self, failed: object, *_: object) -> None:
        """Wait until every issue was taken; where the test has failed, go at once."""
        self.over = failed is not None
        for future in self.futures:
            future.result(2 * _GIVE_UP_S)
        self.pool.shutdown()

    def _line(self, first: int) -> None:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as wire:
            for n in range(first, len(self.references), LINES):
                if self.pace:
                    time.sleep(max(0.0, self.began + n / self.pace - time.monotonic()))
                if self.over or self.told.enough.is_set():
                    return
                self._until_taken(wire, self.references[n], n)

    def _until_taken(self, wire: http.client.HTTPConnection, reference: str, n: int) -> None:
        body, began = json.dumps(issue(reference, n, self.placed)), time.monotonic()
        while not (self._taken(wire, reference, body) or self.over):
            waited = time.monotonic() - began
            assert waited < _GIVE_UP_S, f"{reference} was never taken: {self.told.summed()}"
            time.sleep(_AGAIN_S)
        self.told.waits.append((began, time.monotonic() - began))

    def _taken(self, wire: http.client.HTTPConnection, reference: str, body: str) -> bool:
        try:
            wire.request("POST", "/api/issues", body, {"content-type": "application/json"})
            answer = wire.getresponse()
            headers = {name.lower(): value for name, value in answer.getheaders()}
            return self.told.note(reference, answer.status, headers, answer.read())
        except (OSError, http.client.HTTPException):
            wire.close()
            with self.told.lock:
                self.told.cuts += 1
            return False


class Board:
    """Somebody whose board is open all the while: the issues that it was told of, by number."""

    def __init__(self, port: int) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.told: set[str] = set()

    def __enter__(self) -> set[str]:
        """Open it."""
        self.line.request("GET", "/api/events/stream?noun=issue")
        self.answer = self.line.getresponse()
        threading.Thread(target=self._read, daemon=True).start()
        return self.told

    def __exit__(self, *_: object) -> None:
        """Close it."""
        if self.line.sock is not None:
            self.line.sock.shutdown(socket.SHUT_RDWR)
        self.line.close()
        self.answer.close()

    def _read(self) -> None:
        with suppress(OSError, ValueError, AttributeError, http.client.HTTPException):
            for line in self.answer:
                if line.startswith(b"data: {"):
                    self.told.add(json.loads(line[6:]).get("subject", ""))


def until(holds: Callable[[], object], seconds: float = 60) -> float:
    """Wait until something holds; return the seconds it took."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds, "it did not come about"
        time.sleep(0.01)
    return time.monotonic() - began
