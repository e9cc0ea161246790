"""Engines for the two roles, and the one place where a transaction is opened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql
from sqlalchemy import URL, Connection, Engine, make_url, text
from sqlalchemy.exc import ArgumentError, OperationalError, SQLAlchemyError

from geo.errors import DatabaseUrlError, NotEmptyError
from geo.store import migrations
from geo.store.answers import question
from geo.store.failures import away_of, mendable_of
from geo.store.foreign import prepare_foreign
from geo.store.line import OWNERS, PEOPLE, SERVER_SIDE, Line, Patience, end_lines, engine_of
from geo.store.private.cluster import Cluster, start
from geo.store.private.home import ADMIN, APP, OWNER, secret_of
from geo.store.private.replaying import once_recovered
from geo.store.private.settings import SESSION

__all__ = [
    "Connection",
    "Engine",
    "Store",
    "act_as",
    "cluster_engine",
    "empty_home",
    "empty_url",
    "give_up_after",
    "open_home",
    "open_url",
    "own_line",
    "pool_use",
    "prepare",
    "transaction",
    "url_engine",
    "without_tables",
]

_ACT_AS: Final = text("select set_config('jingwei.person', :person, true)")
# Whoever asks nothing more for so long is cut off: locks are given back.
_CUT_OFF: Final = "set_config('idle_in_transaction_session_timeout', :within, true)"
_ACT_WITHIN: Final = text(f"{_ACT_AS.text}, {_CUT_OFF}")
_DRIVER = "postgresql+psycopg"
_DATABASE = "jingwei"
# A day is a day in the city, wherever the server stands: duties, plans and revisions begin with it.
CITY_TIME: Final = "Asia/Shanghai"
# A question of a person that takes longer is ended by the server, and its locks are given back.
_LIMITED: Final = f"-c statement_timeout={PEOPLE.answer - 5:.0f}s"
_PLANS: Final = " ".join(f"-c {name}={value}" for name, value in SESSION.items())
# What a database or a role of somebody else's may be set to: it would change what is answered, or
# cut a long import off.
_AS_USUAL: Final = (
    r"-c datestyle=ISO -c intervalstyle=postgres -c default_transaction_isolation=read\ committed"
    " -c lock_timeout=0 -c statement_timeout=0 -c idle_in_transaction_session_timeout=0"
)
_TIME: Final = f"-c timezone={CITY_TIME} -c client_min_messages=warning"
_SESSION: Final = f"{_PLANS} {_AS_USUAL} {_TIME} {SERVER_SIDE}"


@dataclass(frozen=True)
class Store:
    """The engines of a migrated database: `owner` migrates and imports, `app` serves people.

    `owner` is exempt from row-level security; `app` sees what the acting person may see.
    """

    owner: Engine
    app: Engine

    def end(self) -> bool:
        """Let nobody ask or keep anything more: what is under way is cancelled and undone.

        Whoever was about it is told so (`StoppingError`). Takes a second a connection at most.
        Tell whether some question is still without an answer.
        """
        asked = [end_lines(engine) for engine in (self.owner, self.app)]
        return any(asked)

    def close(self) -> None:
        """Give the connections back; the server runs on."""
        self.owner.dispose()
        self.app.dispose()


def pool_use(store: Store) -> dict[tuple[str], int]:
    """Return how many connections of each role's pool are in use."""
    pools = {"owner": store.owner.pool, "app": store.app.pool}
    return {
        (role,): pool.checkedout() for role, pool in pools.items() if hasattr(pool, "checkedout")
    }


@contextmanager
def transaction(engine: Engine, person: str, *, commit: bool = True) -> Iterator[Connection]:
    """Open one transaction in which a person acts; committed at the end, or all of it undone.

    Parameters
    ----------
    engine
        The owner's or the app role's.
    person
        Code of the acting person's party. An empty one is nobody: the app role then reads and
        writes nothing.
    commit
        False: a dry run, which is the real thing, taken back at the end.

    Raises
    ------
    DatabaseAwayError
        When the server is away, goes away, says nothing, has no room, or gives up on a lock.
        `KeptUnknownError` where it went while it committed, `StoppingError` where this process is
        to ask nothing any more.
    NumberTooLargeError
        When a number was asked for that no row can have.
    BadValueError
        When a value cannot be stored or asked for, such as text with a NUL in it.
    RowRefusedError
        When row-level security lets the person write no such row, whatever was asked before.
    """
    finishing = False
    try:
        with engine.connect() as conn, conn.begin() as under_way:
            act_as(conn, person)
            yield conn
            finishing = commit
            if not commit:
                under_way.rollback()
    except SQLAlchemyError as error:
        mendable = mendable_of(error, finishing=finishing)
        if mendable is None:
            raise
        raise mendable from error


def give_up_after(conn: Connection, seconds: float) -> None:
    """Let every question of this transaction wait for so long at most, however still the server."""
    line = conn.connection.driver_connection
    if isinstance(line, Line):
        line.patience = min(line.patience, seconds)


def own_line(engine: Engine) -> Line:
    """Return a connection that is the caller's, to be closed by it.

    Raises
    ------
    DatabaseAwayError
        When the database does not answer.
    """
    try:
        checked_out = engine.raw_connection()
    except SQLAlchemyError as error:
        raise mendable_of(error) or error from error
    line = checked_out.driver_connection
    checked_out.detach()
    if not isinstance(line, Line):
        raise TypeError(type(line))
    return line


def act_as(conn: Connection, person: str) -> None:
    """Let a person act from here to the end of the transaction, or until another does."""
    within = conn.get_execution_options().get("within")
    told = {} if within is None else {"within": f"{within:.0f}s"}
    conn.execute(_ACT_WITHIN if told else _ACT_AS, {"person": person, **told})


def open_home(folder: Path, *, durable: bool = True) -> Store:
    """Return the store of a data folder: its cluster started, its roles made, its tables current.

    Raises
    ------
    JingweiError
        The errors of `geo.store.private.cluster.start`.
    """
    cluster = start(folder, durable=durable)
    with cluster.home.locked():
        prepare(cluster, _DATABASE)
    owner = cluster_engine(cluster, OWNER)
    with _disposed_on_failure(owner):
        migrations.upgrade(owner)
    return Store(owner, cluster_engine(cluster, APP))


def open_url(url: str) -> Store:
    """Return the store of a database of somebody else's server.

    The URL's account owns the tables; the app role is entered from it (`role` at connection), so
    it needs no password of its own.

    Raises
    ------
    DatabaseUrlError
        When the URL is malformed or nobody answers there.
    ServerTooOldError, DatabaseEncodingError, DatabaseSetupError
        When it cannot hold the tables; or PostGIS or the app role is missing and the account may
        not create it.
    """
    parsed = _parsed(url)
    owner = engine_of(parsed, _SESSION, OWNERS)
    with _disposed_on_failure(owner):
        prepare_foreign(owner)
        migrations.upgrade(owner)
    return Store(owner, engine_of(parsed, f"{_SESSION} {_LIMITED} -c role={APP}", PEOPLE))


def empty_home(folder: Path) -> Engine:
    """Return the owner's engine of a data folder's database that has no tables, made as needed.

    Raises
    ------
    NotEmptyError
        When it has some.
    """
    cluster = start(folder)
    with cluster.home.locked():
        prepare(cluster, _DATABASE)
    return without_tables(cluster_engine(cluster, OWNER))


def empty_url(url: str) -> Engine:
    """Return the owner's engine of a database of somebody else's server that has no tables.

    Raises
    ------
    NotEmptyError
        When it has some.
    DatabaseUrlError, ServerTooOldError, DatabaseEncodingError, DatabaseSetupError
        As `open_url` says.
    """
    owner = url_engine(url)
    with _disposed_on_failure(owner):
        prepare_foreign(owner)
    return without_tables(owner)


def url_engine(url: str) -> Engine:
    """Return the owner's engine of a database of somebody else's server, left as it is.

    Raises
    ------
    DatabaseUrlError
        When the URL is malformed.
    """
    return engine_of(_parsed(url), _SESSION, OWNERS)


def without_tables(owner: Engine) -> Engine:
    """Return the owner's engine of a database, once it was seen to have no tables.

    Raises
    ------
    NotEmptyError
        When it has some.
    """
    with _disposed_on_failure(owner), owner.connect() as conn:
        found = conn.execute(question("tables_kept")).scalars().all()
        if found:
            raise NotEmptyError(found=found[0])
    return owner


def cluster_engine(
    cluster: Cluster, role: str, database: str = _DATABASE, patience: Patience | None = None
) -> Engine:
    """Return an engine for a role of the private cluster, its password read from the home.

    Parameters
    ----------
    patience
        How long it waits for the database; by default as suits the role.
    """
    query = {"host": str(cluster.socket), "passfile": str(cluster.passfile)}
    url = URL.create(_DRIVER, role, port=cluster.port, database=database, query=query)
    if role == APP:
        return engine_of(url, f"{_SESSION} {_LIMITED}", patience or PEOPLE)
    return engine_of(url, _SESSION, patience or OWNERS)


def prepare(cluster: Cluster, database: str) -> None:
    """Make the roles and a database with PostGIS in the private cluster, unless they are there."""
    with once_recovered(cluster.home, lambda: _admin(cluster, "postgres")) as conn:
        for role in (OWNER, APP):
            if not _one(conn, "select from pg_roles where rolname = %s", role):
                # A utility statement takes no parameters; the secret is ours, and hexadecimal.
                password = sql.Literal(secret_of(cluster.home, role))
                name = sql.Identifier(role)
                conn.execute(sql.SQL("create role {} login password {}").format(name, password))
        if not _one(conn, "select from pg_database where datname = %s", database):
            parts = (sql.Identifier(database), sql.Identifier(OWNER))
            conn.execute(sql.SQL("create database {} owner {}").format(*parts))
    with _admin(cluster, database) as conn:
        conn.execute("create extension if not exists postgis")
        conn.execute(question("indexes_under_security").text.encode())


@contextmanager
def _disposed_on_failure(engine: Engine) -> Iterator[None]:
    with ExitStack() as stack:
        stack.callback(engine.dispose)
        try:
            yield
        except OperationalError as error:
            raise away_of(error.orig or error) from error
        stack.pop_all()


def _admin(cluster: Cluster, database: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(
        host=str(cluster.socket),
        port=cluster.port,
        user=ADMIN,
        dbname=database,
        passfile=str(cluster.passfile),
        autocommit=True,
        options="-c client_min_messages=warning",
    )


def _one(conn: psycopg.Connection[tuple[object, ...]], question: str, value: str) -> bool:
    # The two questions above, with a bound value.
    return conn.execute(question.encode(), (value,)).fetchone() is not None


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise DatabaseUrlError(reason="not a URL") from error
    if parsed.get_backend_name() not in {"postgresql", "postgres"}:
        raise DatabaseUrlError(reason=f"driver {parsed.drivername}")
    return parsed.set(drivername=_DRIVER)
