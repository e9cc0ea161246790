"""Tiles as they are sent, kept in memory; and the edition they are of, made when nets changed.

A tile's address names its edition, so what is kept is never wrong, only no longer asked for.
"""

from __future__ import annotations

import gzip
import hashlib
import logging
from dataclasses import dataclass
from threading import Lock, Thread
from typing import Final

from api.clock import draw_anew
from geo.errors import JingweiError
from geo.store.database import Store, transaction
from geo.store.shown.shapes import Edition, edition

TILE: Final = "application/vnd.mapbox-vector-tile"
MOST_KEPT: Final = 192_000_000  # bytes
FOR_EVER: Final = "private, max-age=31536000, immutable"
ASKED_AGAIN: Final = "private, no-cache"
# How long who asks for tiles waits for shapes that changed: a small city is drawn by then.
PATIENCE_S: Final = 2.0
_FIRST_S: Final = 120.0
_LOG: Final = logging.getLogger("jingwei.tiles")

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Kept:
    """A tile ready to be sent: plain, and packed for whoever takes gzip."""

    etag: str
    plain: bytes
    packed: bytes
    plain_headers: Headers
    packed_headers: Headers


def ready_to_send(data: bytes, cache: str) -> Kept:
    """Return a tile with its headers."""
    etag = f'W/"{hashlib.sha256(data).hexdigest()[:20]}"'
    packed = gzip.compress(data, 6, mtime=0)
    told = {"content-type": TILE, "cache-control": cache, "etag": etag, "vary": "accept-encoding"}
    return Kept(
        etag,
        data,
        packed,
        _headers({**told, "content-length": str(len(data))}),
        _headers({**told, "content-encoding": "gzip", "content-length": str(len(packed))}),
    )


class TileShelf:
    """What was sent before, the oldest thrown away; and who makes new editions."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: dict[tuple[str, bytes], Kept] = {}
        self._bytes = 0
        self._lock = Lock()
        self._making: Thread | None = None

    def get(self, path: str, query: bytes) -> Kept | None:
        """Return what was kept of an address."""
        return self._kept.get((path, query))

    def put(self, path: str, query: bytes, kept: Kept) -> None:
        """Keep a tile of an address that names its edition."""
        with self._lock:
            if (path, query) not in self._kept:
                self._bytes += _size(kept)
            self._kept[path, query] = kept
            while self._bytes > MOST_KEPT and self._kept:
                self._bytes -= _size(self._kept.pop(next(iter(self._kept))))

    def drawn(self, person: str) -> Edition:
        """Return the newest edition; the one before where making it lasts."""
        with transaction(self._store.app, person) as conn:
            found = edition(conn)
        if found.is_current:
            return found
        self._make().join(PATIENCE_S if found.number else _FIRST_S)
        with transaction(self._store.app, person) as conn:
            return edition(conn)

    def ready(self) -> None:
        """Make the edition of the nets in force, unless it is there."""
        try:
            draw_anew(self._store)
        except JingweiError as error:  # such as a database that is away for a moment
            _LOG.warning("%s", error.sentence_en)

    def _make(self) -> Thread:
        with self._lock:
            if self._making is None or not self._making.is_alive():
                self._making = Thread(target=self.ready, daemon=True)
                self._making.start()
            return self._making


def _headers(told: dict[str, str]) -> Headers:
    return [(name.encode(), value.encode()) for name, value in told.items()]


def _size(kept: Kept) -> int:
    return len(kept.plain) + len(kept.packed)
