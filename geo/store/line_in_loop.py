"""A line to the database whose answers an event loop reads, without a thread that waits for them.

What the driver has for it makes a task and two entries in the loop's list of sockets of each
answer, and asks in three steps; that takes as long as a small tile. This asks one prepared question
after another, as bytes, and its socket stays in the list.
"""

from __future__ import annotations

import asyncio
from typing import Final, NamedTuple

import psycopg
from psycopg import pq
from psycopg.errors import error_from_result

from geo.store.line import STOPS, Line, LineEndedError

_DONE: Final = (pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK)
_SILENT: Final = "no answer within the patience of the line"
_CLOGGED: Final = "what is asked does not leave"


class Prepared(NamedTuple):
    """A question that is planned once: its name, its SQL, and what it is told, by name and type."""

    name: bytes
    sql: bytes
    told: tuple[str, ...]
    types: tuple[int, ...]


class LineInLoop:
    """A line asked by one after the other in the loop it was made in, and what it heard before.

    Parameters
    ----------
    line
        Its transactions begin and end with each question (`autocommit`). It is closed by whatever
        goes wrong, for what comes over it afterwards would be the answer to something else.
    """

    def __init__(self, line: Line) -> None:
        self.line, self.loop = line, asyncio.get_running_loop()
        self._socket = line.fileno()
        self._heard: set[bytes] = set()
        self._told: asyncio.Future[pq.abc.PGresult] | None = None
        self._result: pq.abc.PGresult | None = None
        self.loop.add_reader(self._socket, self._read)
        self._is_read = True

    @property
    def is_of_use(self) -> bool:
        """Whether it can be asked here and now."""
        return self._is_read and self.loop is asyncio.get_running_loop()

    async def answer(self, asked: Prepared, told: list[bytes | None]) -> bytes:
        """Return the one value that a question has for an answer, as bytes.

        Raises
        ------
        LineEndedError
            When the line has ended.
        psycopg.Error
            What the server says; an OperationalError when it does not answer in time.
        """
        try:
            return await self._answer(asked, told)
        except BaseException as error:  # given up meanwhile too
            self.close()
            if self.line.ended.is_set():
                raise LineEndedError(STOPS) from error
            raise

    def close(self) -> None:
        """Give it back to the server."""
        if self._is_read and not self.loop.is_closed():
            # Also where the driver has found it lost: the next line may have the same number.
            self.loop.remove_reader(self._socket)
        self._is_read = False
        self.line.close()

    async def _answer(self, asked: Prepared, told: list[bytes | None]) -> bytes:
        if self.line.ended.is_set():
            raise LineEndedError(STOPS)
        link = self.line.pgconn
        if asked.name not in self._heard:
            link.send_prepare(asked.name, asked.sql, asked.types)
            await self._answered()
            self._heard.add(asked.name)
        link.send_query_prepared(asked.name, told, result_format=pq.Format.BINARY)
        return (await self._answered()).get_value(0, 0) or b""

    async def _answered(self) -> pq.abc.PGresult:
        if self.line.pgconn.flush():  # an idle line takes two kilobytes at once
            raise psycopg.OperationalError(_CLOGGED)
        self._told = self.loop.create_future()
        late = self.loop.call_later(self.line.patience, self._fail, _SILENT)
        try:
            result = await self._told
        finally:
            late.cancel()
            self._told = None
        if result.status not in _DONE:
            raise error_from_result(result)
        return result

    def _read(self) -> None:
        try:
            self.line.pgconn.consume_input()
            self._take()
        except psycopg.Error as error:  # nobody there any more: one that nobody asks is closed too
            self._fail(str(error))

    def _take(self) -> None:
        """Take what is there of an answer: after the last of its results there is none."""
        link = self.line.pgconn
        while not link.is_busy():
            result = link.get_result()
            if result is None:
                self._tell()
                return
            self._result = result

    def _tell(self) -> None:
        told, result, self._result = self._told, self._result, None
        if told is not None and result is not None and not told.done():
            told.set_result(result)

    def _fail(self, reason: str) -> None:
        told = self._told
        self.close()
        if told is not None and not told.done():
            told.set_exception(psycopg.OperationalError(reason))
