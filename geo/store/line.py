"""A line to the database that does not wait for ever.

A server that is gone says so by closing the line; one that is frozen, or behind a network that
lets nothing through, says nothing at all. Then whoever waits gives up, closes the line, and says
that the database is away. Three things end a silence: the kernel, where the other machine
acknowledges nothing; the server itself, where a statement runs too long; the patience of a line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, TypeVar

import psycopg
from psycopg.abc import PQGen
from sqlalchemy import URL, Engine, create_engine, event
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
    """

    connect: int = 5
    look: float = 5.0
    answer: float = 60.0
    line: float = 10.0


PEOPLE: Final = Patience()
# Files of millions of rows and migrations: nobody waits at a screen.
OWNERS: Final = Patience(answer=3600.0)


class Line(psycopg.Connection[Any]):
    """A connection that is closed when a question is not answered within its patience."""

    patience: float = PEOPLE.look

    def wait(
        self, gen: PQGen[Answer], interval: float = 0.1, timeout: float | None = None
    ) -> Answer:
        """Return what the server answers.

        Raises
        ------
        psycopg.OperationalError
            When it does not in time.
        """
        try:
            return super().wait(gen, interval, self.patience if timeout is None else timeout)
        except psycopg.OperationalError as error:
            # What the server says has a code. Without one nobody answered, and what comes over
            # this line later would be the answer to something else.
            if timeout is None and error.sqlstate is None:
                self.close()
            raise


class AsyncLine(psycopg.AsyncConnection[Any]):
    """The same for whoever waits in an event loop; to wait for news is no question."""

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
            return await super().wait(gen, interval, timeout or PEOPLE.answer)
        except psycopg.OperationalError as error:
            if timeout is None and error.sqlstate is None:
                await self.close()
            raise


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
    engine = create_engine(
        url.set(query=told),
        pool_pre_ping=True,
        pool_timeout=patience.line,
        connect_args={"options": session},
    )
    event.listen(engine, "do_connect", _connected)
    event.listen(engine, "checkout", lambda line, *_: _wait(line, patience.answer))
    event.listen(engine, "checkin", lambda line, *_: _wait(line, patience.look))
    return engine


def _connected(
    _dialect: Dialect, _entry: ConnectionPoolEntry, told: list[Any], named: dict[str, Any]
) -> Line:
    return Line.connect(*told, **named)


def _wait(line: object, seconds: float) -> None:
    if isinstance(line, Line):  # none where it was lost
        line.patience = seconds
