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
from typing import Any, Final, NamedTuple
from weakref import finalize

import psycopg
from psycopg import generators, pq, sql
from psycopg.errors import error_from_result

from geo.store.answers import question
from geo.store.database import Store, own_line
from geo.store.failures import away_of
from geo.store.line import Line
from geo.store.shown.tiles import Address, thinned

_PERSON: Final = "tiles"
_NAMED: Final = re.compile(r"(?<!:):(\w+)")
# What chooses an index, or which fields there are: said in the question, which then is planned once
# for all places. What a tile shows takes as long as planning it.
_CHOSEN: Final = ("level", "kind", "named")
_TYPES: Final = psycopg.adapters.types
_LAYER: Final = "layer"  # all else that is told is a number
# Nobody looks at a map for longer than this before its tiles come.
_PATIENCE_S: Final = 15.0


class TileMaker:
    """Makes tiles of editions, by the app role, in as many threads as call it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._free: SimpleQueue[_Asked] = SimpleQueue()
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
        chosen = tuple((key, values[key]) for key in _CHOSEN if key in values)
        asked = self._line()
        try:
            answer = asked.answer(_prepared(name, chosen), values)
        except psycopg.Error:
            asked.line.close()
            raise
        self._free.put(asked)
        return answer

    def _line(self) -> _Asked:
        try:
            return self._free.get_nowait()
        except Empty:
            return _Asked(self._opened())

    def _opened(self) -> Line:
        line = own_line(self._store.app)
        line.patience = _PATIENCE_S
        line.rollback()
        line.autocommit = True
        line.execute("select set_config('jingwei.person', %s, false)", (_PERSON,))
        line.execute("set plan_cache_mode = force_generic_plan")
        return line


class _Prepared(NamedTuple):
    """A question that is planned once: its name, its SQL, and what it is told, by name and type."""

    name: bytes
    sql: bytes
    told: tuple[str, ...]
    types: tuple[int, ...]


class _Asked:
    """A line, and which questions it has heard before.

    By cursors the driver asks as well, and takes as long for it as for a small tile.
    """

    def __init__(self, line: Line) -> None:
        self.line = line
        self._heard: set[bytes] = set()

    def answer(self, asked: _Prepared, values: Mapping[str, Any]) -> bytes:
        """Return the one value that a question has for an answer, as bytes."""
        link = self.line.pgconn
        if asked.name not in self._heard:
            link.send_prepare(asked.name, asked.sql, asked.types)
            self._result()
            self._heard.add(asked.name)
        told = [str(values[key]).encode() for key in asked.told]
        link.send_query_prepared(asked.name, told, result_format=pq.Format.BINARY)
        return self._result().get_value(0, 0) or b""

    def _result(self) -> pq.abc.PGresult:
        result: pq.abc.PGresult = self.line.wait(generators.execute(self.line.pgconn))[-1]
        if result.status not in (pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK):
            raise error_from_result(result)
        return result


def _drained(free: SimpleQueue[_Asked]) -> None:
    """Close what is free: other threads may take some of it meanwhile."""
    with suppress(Empty):
        while True:
            free.get_nowait().line.close()


@cache
def _prepared(name: str, chosen: tuple[tuple[str, Any], ...]) -> _Prepared:
    """Return a question with what is chosen in it, ready to be planned."""
    said = {key: sql.Literal(value).as_string() for key, value in chosen}
    text = question(name).text
    told = tuple(dict.fromkeys(key for key in _NAMED.findall(text) if key not in said))
    said |= {key: f"${n}" for n, key in enumerate(told, 1)}
    types = tuple(_TYPES["text" if key == _LAYER else "int4"].oid for key in told)
    whole = _NAMED.sub(lambda found: said[found[1]], text)
    mark = "_".join((name, *(str(value) for _, value in chosen)))
    return _Prepared(mark.encode(), whole.encode(), told, types)
