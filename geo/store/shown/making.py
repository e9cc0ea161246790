"""Tiles of an edition made with one question each: connections that stay, outside transactions.

What is published is the same for everybody, so these act as nobody in particular; whoever asks
for a tile is let in before.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final
from weakref import finalize

import psycopg
from psycopg import sql

from geo.store.answers import question
from geo.store.database import Store, own_line
from geo.store.failures import away_of
from geo.store.line import Line
from geo.store.line_in_loop import LineInLoop, Prepared
from geo.store.shown.tiles import Address, questions

_PERSON: Final = "tiles"
_NAMED: Final = re.compile(r"(?<!:):(\w+)")
# What chooses an index, or which fields there are: said in the question, which then is planned once
# for all places. What a tile shows takes as long as planning it.
_CHOSEN: Final = ("level", "kind", "named")
_TYPES: Final = psycopg.adapters.types
_LAYER: Final = "layer"  # all else that is told is a number
# Nobody looks at a map for longer than this before its tiles come.
_PATIENCE_S: Final = 15.0
# At once: more of them only wait for processors of the database.
MOST_LINES: Final = 8


class TileMaker:
    """Makes tiles of editions, by the app role, for those who wait in an event loop."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._free: list[LineInLoop] = []
        self._turns = asyncio.Semaphore(MOST_LINES)
        finalize(self, _drained, self._free)  # given back at the latest when it is gone

    async def made(self, layer: str, address: Address, edition: int) -> bytes:
        """Return a tile, as `geo.store.shown.tiles.tile` does.

        Raises
        ------
        DatabaseAwayError
            When the server does not answer.
        """
        asking = questions(layer, address, edition)
        try:
            name, values = next(asking)
            while True:
                async with self._turns:
                    answer = await self._answer(name, values)
                name, values = asking.send(answer)
        except StopIteration as end:
            return bytes(end.value)

    def close(self) -> None:
        """Give the connections back."""
        _drained(self._free)

    async def _answer(self, name: str, values: Mapping[str, Any]) -> bytes:
        chosen = tuple((key, values[key]) for key in _CHOSEN if key in values)
        asked = _prepared(name, chosen)
        told: list[bytes | None] = [str(values[key]).encode() for key in asked.told]
        try:
            return await self._asked(asked, told)
        except psycopg.OperationalError:  # the server was away since, and may be back
            self.close()
        try:
            return await self._asked(asked, told)
        except psycopg.OperationalError as error:
            raise away_of(error) from error

    async def _asked(self, asked: Prepared, told: list[bytes | None]) -> bytes:
        line = self._at_hand() or LineInLoop(await asyncio.to_thread(self._opened))
        answer = await line.answer(asked, told)
        self._free.append(line)
        return answer

    def _at_hand(self) -> LineInLoop | None:
        while self._free:
            line = self._free.pop()
            if line.is_of_use:
                return line
            line.close()
        return None

    def _opened(self) -> Line:
        line = own_line(self._store.app)
        line.patience = _PATIENCE_S
        line.rollback()
        line.autocommit = True
        line.execute("select set_config('jingwei.person', %s, false)", (_PERSON,))
        line.execute("set plan_cache_mode = force_generic_plan")
        return line


def _drained(free: list[LineInLoop]) -> None:
    while free:
        free.pop().close()


@cache
def _prepared(name: str, chosen: tuple[tuple[str, Any], ...]) -> Prepared:
    """Return a question with what is chosen in it, ready to be planned."""
    said = {key: sql.Literal(value).as_string() for key, value in chosen}
    text = question(name).text
    told = tuple(dict.fromkeys(key for key in _NAMED.findall(text) if key not in said))
    said |= {key: f"${n}" for n, key in enumerate(told, 1)}
    types = tuple(_TYPES["text" if key == _LAYER else "int4"].oid for key in told)
    whole = _NAMED.sub(lambda found: said[found[1]], text)
    mark = "_".join((name, *(str(value) for _, value in chosen)))
    return Prepared(mark.encode(), whole.encode(), told, types)
