"""A line to the database that does not wait for ever.

A server that is gone says so by closing the line; one that is frozen, or behind a network that
lets nothing through, says nothing at all. Then whoever waits gives up, closes the line, and says
that the database is away. Three things end a silence: the kernel, where the other machine
acknowledges nothing; the server itself, where a statement runs too long; the patience of a line.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from weakref import WeakSet

import psycopg
from psycopg.abc import PQGen
from psycopg.pq import TransactionStatus
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.pool import ConnectionPoolEntry

Answer = TypeVar("Answer")

# How long the other machine may acknowledge nothing, and how often one that is quiet is asked.
_NETWORK: Final = {
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "15000",
}
# The same on the server: locks of a machine that was cut off are given back.
SERVER_SIDE: Final = (
    "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
    " -c tcp_user_timeout=15000"
)


_CANCEL_S: Final = 1.0
_NEVER: Final = threading.Event()
STOPS: Final = "this process stops"


@dataclass(frozen=True)
class Patience:
    """Seconds that one waits for a database before one says that it is away.

    Parameters
    ----------
    connect
        For a new line.
    look
        For one that is taken from the pool: is anybody there?
    answer
        For any other question.
    line
        For a line of the pool to be free, where all are in use.
    people
        For a question that people or the outbox wait for, whoever asks it (`for_people`).
    """

    connect: int = 5
    look: float = 5.0
    answer: float = 60.0
    line: float = 10.0
    people: float = 60.0


PEOPLE: Final = Patience()
# Files of millions of rows and migrations: nobody waits at a screen.
OWNERS: Final = Patience(answer=3600.0)


class LineEndedError(psycopg.OperationalError):
    """A question that was not asked, or was cancelled, because the server of people stops."""


class Line(psycopg.Connection[Any]):
    """A connection that is closed when a question is not answered within its patience.

    One that has ended asks nothing any more, not even to commit.
    """

    patience: float = PEOPLE.look
    ended: threading.Event = _NEVER
    leaving: bool = False  # closed when it is given back

    def wait(
        self, gen: PQGen[Answer], interval: float = 0.1, timeout: float | None = None
    ) -> Answer:
        """Return what the server answers.

        Raises
        ------
        LineEndedError
            When the line has ended; it is closed, and its transaction undone.
        psycopg.OperationalError
            When it does not in time.
        """
        if self.ended.is_set():
            self.close()
            raise LineEndedError(STOPS)
        try:
            return super().wait(gen, interval, self.patience if timeout is None else timeout)
        except psycopg.errors.QueryCanceled as error:
            if self.ended.is_set():
                self.close()
                raise LineEndedError(STOPS) from error
            raise
        except psycopg.OperationalError as error:
            # What the server says has a code. Without one nobody answered, and what comes over
            # this line later would be the answer to something else.
            if timeout is None and error.sqlstate is None:
                self.close()
            raise

    def rollback(self) -> None:
        """Undo what is open: of a line that has ended by closing it, for nothing is asked of it."""
        if self.ended.is_set():
            self.close()
        else:
            super().rollback()


class AsyncLine(psycopg.AsyncConnection[Any]):
    """The same for whoever waits in an event loop; to wait for news is no question."""

    patience: float = PEOPLE.people

    async def wait(
        self,
        gen: PQGen[Answer],
        interval: float = 0.1,
        timeout: float | None = None,  # noqa: ASYNC109 as the driver has it
    ) -> Answer:
        """Return what the server answers.

        Raises
        ------
        psycopg.OperationalError
            When it does not in time.
        """
        try:
            return await super().wait(gen, interval, timeout or self.patience)
        except psycopg.OperationalError as error:
            if timeout is None and error.sqlstate is None:
                await self.close()
            raise


class Lines:
    """The lines of an engine, which end together."""

    def __init__(self) -> None:
        self._ended, self._open = threading.Event(), WeakSet[Line]()
        self._lock = threading.Lock()

    def connect(
        self,
        _dialect: Dialect,
        _entry: ConnectionPoolEntry,
        told: list[Any],
        named: dict[str, Any],
    ) -> Line:
        """Return a new line; it has ended when they have."""
        line = Line.connect(*told, **named)
        line.ended = self._ended
        with self._lock:
            self._open.add(line)
        return line

    def end(self) -> bool:
        """Let none ask any more, and cancel what the database does for them.

        A question that was just about to be asked is cancelled by the next call. Tell whether one
        is still without an answer.
        """
        self._ended.set()
        with self._lock:
            found = list(self._open)
        for line in found:
            with suppress(psycopg.Error):  # closed meanwhile, or nobody there
                line.cancel_safe(timeout=_CANCEL_S)
        return any(line.info.transaction_status == TransactionStatus.ACTIVE for line in found)

    def let_go(self, _engine: Engine) -> None:
        """Let lines in use be closed when they are given back: their pool is gone.

        A thread beside the requests may hold one a moment longer than the store is open.
        """
        with self._lock:
            for line in self._open:
                line.leaving = True


def end_lines(engine: Engine) -> bool:
    """Let nobody ask over an engine any more: what is under way is cancelled and undone.

    Tell whether some question is still without an answer.
    """
    lines = engine.get_execution_options()["lines"]
    if not isinstance(lines, Lines):
        raise TypeError(type(lines))
    return lines.end()


def for_people(engine: Engine) -> Engine:
    """Return an engine over the same lines, for questions that people or the outbox wait for.

    What the owner's role is asked while somebody waits takes no hour, however patient it is with
    files: a line that swallows what is asked would hold whoever waits for as long.
    """
    return engine.execution_options(within=patience_of(engine).people)


def at_leisure(engine: Engine) -> Engine:
    """Return an engine over the same lines, for what may take as long as its role has patience."""
    return engine.execution_options(within=patience_of(engine).answer)


def patience_of(engine: Engine) -> Patience:
    """Return how long one waits for the database of an engine; as people do, unless said."""
    told = engine.get_execution_options().get("patience")
    return told if isinstance(told, Patience) else PEOPLE


def engine_of(url: URL, session: str, patience: Patience) -> Engine:
    """Return an engine whose lines give up.

    Parameters
    ----------
    url
        Parameters of libpq in it go before those that are set here.
    session
        Settings of each session, as libpq's `options` has them.
    """
    told = {"connect_timeout": str(patience.connect), **_NETWORK, **url.query}
    lines = Lines()
    engine = create_engine(
        url.set(query=told),
        pool_pre_ping=True,
        pool_timeout=patience.line,
        hide_parameters=True,  # people's words stand in them; what failed goes into the log
        connect_args={"options": session},
        execution_options={"lines": lines, "patience": patience},
    )
    event.listen(engine, "do_connect", lines.connect)
    event.listen(engine, "checkout", lambda line, *_: _wait(line, patience.answer))
    event.listen(engine, "engine_connect", _hurried)
    event.listen(engine, "checkin", lambda line, *_: _given_back(line, patience.look))
    event.listen(engine, "engine_disposed", lines.let_go)
    return engine


def _wait(line: object, seconds: float) -> None:
    if isinstance(line, Line):  # none where it was lost
        line.patience = seconds


def _given_back(line: object, seconds: float) -> None:
    _wait(line, seconds)
    if isinstance(line, Line) and line.leaving:
        line.close()


def _hurried(conn: Connection) -> None:
    """Let a connection wait as long as its engine says, where that is less than its role may."""
    line, within = conn.connection.driver_connection, conn.get_execution_options().get("within")
    if isinstance(line, Line) and within is not None:
        line.patience = min(line.patience, within)
