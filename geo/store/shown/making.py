"""Tiles of an edition made with one question each: connections that stay, outside transactions.

What is published is the same for everybody, so these act as nobody in particular; whoever asks
for a tile is let in before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from queue import Empty, SimpleQueue
from typing import Any, Final
from weakref import finalize

import psycopg

from geo.store.answers import question
from geo.store.database import Store, own_line
from geo.store.failures import away_of
from geo.store.line import Line
from geo.store.shown.tiles import Address, thinned

_PERSON: Final = "tiles"
_NAMED: Final = re.compile(r"(?<!:):(\w+)")
# Nobody looks at a map for longer than this before its tiles come.
_PATIENCE_S: Final = 15.0


class TileMaker:
    """Makes tiles of editions, by the app role, in as many threads as call it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._free: SimpleQueue[Line] = SimpleQueue()
        finalize(self, _drained, self._free)  # given back at the latest when it is gone

    def made(self, layer: str, address: Address, edition: int) -> bytes:
        """Return a tile, as `geo.store.shown.tiles.tile` does.

        Raises
        ------
        DatabaseAwayError
            When the server does not answer.
        """
        return thinned(self._answer, layer, address, edition)

    def close(self) -> None:
        """Give the connections back."""
        _drained(self._free)

    def _answer(self, name: str, values: Mapping[str, Any]) -> bytes:
        try:
            return self._asked(name, values)
        except psycopg.OperationalError:  # the server was away since, and may be back
            self.close()
        try:
            return self._asked(name, values)
        except psycopg.OperationalError as error:
            raise away_of(error) from error

    def _asked(self, name: str, values: Mapping[str, Any]) -> bytes:
        line = self._line()
        try:
            row = line.execute(_sql(name), values, binary=True).fetchone()
        except psycopg.Error:
            line.close()
            raise
        self._free.put(line)
        return bytes(row[0]) if row else b""

    def _line(self) -> Line:
        try:
            return self._free.get_nowait()
        except Empty:
            return self._opened()

    def _opened(self) -> Line:
        line = own_line(self._store.app)
        line.patience = _PATIENCE_S
        line.rollback()
        line.autocommit = True
        line.execute("select set_config('jingwei.person', %s, false)", (_PERSON,))
        return line


def _drained(free: SimpleQueue[Line]) -> None:
    """Close what is free: other threads may take some of it meanwhile."""
    with suppress(Empty):
        while True:
            free.get_nowait().close()


@cache
def _sql(name: str) -> bytes:
    """Return a question as the driver takes it."""
    return _NAMED.sub(r"%(\1)s", question(name).text.replace("%", "%%")).encode()
