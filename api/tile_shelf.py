"""Tiles as they are sent, kept in memory; and the edition they are of, made when nets changed.

A tile's address names its edition, so what is kept is never wrong, only no longer asked for.
"""

from __future__ import annotations

import gzip
import hashlib
import logging
from asyncio import to_thread
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cached_property
from threading import Lock, Thread
from time import monotonic
from typing import Final, NamedTuple

from api.clock import draw_anew
from geo.errors import JingweiError, MissingError
from geo.store.database import Connection, Store, transaction
from geo.store.shown.making import TileMaker
from geo.store.shown.shapes import Edition, edition, extent, newest_edition, oldest_edition
from geo.store.shown.tiles import Address, tile

TILE: Final = "application/vnd.mapbox-vector-tile"
MOST_KEPT: Final = 192_000_000  # bytes
_LEVEL: Final = 5  # of gzip
# Bytes: to pack fewer takes hardly longer than the way to a thread and back.
_PACKED_AT_ONCE: Final = 10_000
FOR_EVER: Final = "private, max-age=31536000, immutable"
ASKED_AGAIN: Final = "private, no-cache"
# How long who asks for tiles waits for shapes that changed: a small city is drawn by then.
PATIENCE_S: Final = 2.0
_FIRST_S: Final = 120.0
_AGAIN_S: Final = 3_600.0
_LOG: Final = logging.getLogger("jingwei.tiles")

Bounds = tuple[float, float, float, float]
Headers = list[tuple[bytes, bytes]]


class Answer(NamedTuple):
    """An answer at hand: its headers, the same as they are written, and its body."""

    headers: Headers
    lines: bytes
    body: bytes


class Kept:
    """A tile ready to be sent: plain, and packed as soon as somebody takes gzip."""

    def __init__(self, plain: bytes, cache: str) -> None:
        self.plain = plain
        self.etag = f'W/"{hashlib.blake2b(plain, digest_size=10).hexdigest()}"'
        self._told = {
            "content-type": TILE,
            "cache-control": cache,
            "etag": self.etag,
            "vary": "accept-encoding",
            "x-content-type-options": "nosniff",  # the other policies are for documents
        }

    def is_ready(self, *, packed: bool) -> bool:
        """Whether it can be sent at once, packed or not: nothing is left that takes long."""
        return not packed or len(self.plain) <= _PACKED_AT_ONCE or "packed" in self.__dict__

    @cached_property
    def packed(self) -> bytes:
        """The same as gzip."""
        return gzip.compress(self.plain, _LEVEL, mtime=0)

    @cached_property
    def plain_answer(self) -> Answer:
        """It unpacked, whole."""
        return _answer({**self._told, "content-length": str(len(self.plain))}, self.plain)

    @cached_property
    def packed_answer(self) -> Answer:
        """It packed, whole."""
        length = {"content-encoding": "gzip", "content-length": str(len(self.packed))}
        return _answer({**self._told, **length}, self.packed)


class TileShelf:
    """What was sent before, the oldest thrown away; and who makes new editions."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: dict[bytes, Kept] = {}
        self._bytes = 0
        self._lock = Lock()
        self._making: Thread | None = None
        self._maker = TileMaker(store)
        self._newest, self._oldest, self._look_again = 0, 0, 0.0
        self._bounds: dict[int, Bounds | None] = {}

    @property
    def bytes_kept(self) -> int:
        """How many bytes of tiles are kept."""
        return self._bytes

    def get(self, target: bytes) -> Kept | None:
        """Return what was kept of an address, path and query as they are asked for."""
        return self._kept.get(target)

    async def made(self, layer: str, address: Address, number: int) -> Kept:
        """Return a tile of an edition that is there, and keep it.

        An edition that is no longer sent is looked for each hour: long before its shapes are gone.

        Raises
        ------
        DatabaseAwayError
            When the database does not answer.
        MissingError
            When the edition is no longer sent.
        """
        if monotonic() > self._look_again:
            await to_thread(self._look)
        self._must_have(number)
        return self._keep(layer, address, number, await self._maker.made(layer, address, number))

    def asked(self, conn: Connection, layer: str, address: Address, number: int) -> Kept:
        """Return the same for whoever has a transaction.

        Raises
        ------
        MissingError
            When the edition is not sent.
        """
        self._must_have(number)
        return self._keep(layer, address, number, tile(conn, layer, address, number))

    def has(self, number: int) -> bool:
        """Tell whether an edition of a number is sent, as far as this process knows."""
        return max(1, self._oldest) <= number <= self._newest

    def _must_have(self, number: int) -> None:
        """Raise a MissingError where an edition is not sent."""
        if not self.has(number):
            raise MissingError(noun="edition", noun_zh="瓦片版次", key=number)

    def _look(self) -> None:
        with transaction(self._store.app, "tiles") as conn:
            self.newest(conn)

    def newest(self, conn: Connection) -> int:
        """Return the number of the newest edition, which is known from then on."""
        self._newest = max(self._newest, newest_edition(conn))
        self._oldest, self._look_again = oldest_edition(conn), monotonic() + _AGAIN_S
        return self._newest

    def bounds(self, conn: Connection, number: int) -> Bounds | None:
        """Return where an edition lies: west, south, east, north in degrees; asked of it once."""
        if number not in self._bounds:
            self._bounds = {number: extent(conn, number)}
        return self._bounds[number]

    @asynccontextmanager
    async def lifespan(self, _app: object) -> AsyncIterator[None]:
        """Give connections back when the application ends."""
        yield
        self._maker.close()

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

    def _keep(self, layer: str, address: Address, number: int, plain: bytes) -> Kept:
        kept, (z, x, y) = Kept(plain, FOR_EVER), address
        target = f"/tiles/{layer}/{z}/{x}/{y}.mvt?v={number}".encode()
        with self._lock:
            if target not in self._kept:
                self._bytes += _size(kept)
            self._kept[target] = kept
            while self._bytes > MOST_KEPT and self._kept:
                self._bytes -= _size(self._kept.pop(next(iter(self._kept))))
        return kept

    def _make(self) -> Thread:
        with self._lock:
            if self._making is None or not self._making.is_alive():
                self._making = Thread(target=self.ready, daemon=True)
                self._making.start()
            return self._making


def _answer(told: dict[str, str], body: bytes) -> Answer:
    headers = [(name.encode(), value.encode()) for name, value in told.items()]
    return Answer(headers, lines_of(headers), body)


def lines_of(headers: Headers) -> bytes:
    r"""Return headers as they are written.

    >>> lines_of([(b"vary", b"cookie"), (b"etag", b"7")])
    b'vary: cookie\r\netag: 7\r\n'
    """
    return b"".join(b"%b: %b\r\n" % pair for pair in headers)


def _size(kept: Kept) -> int:
    return 2 * len(kept.plain)  # packed it is smaller, and is there only when asked for
