"""A real PostGIS: one private cluster a session, one fresh migrated database a test module.

With JINGWEI_DATABASE_URL the databases are made on that server instead.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url, text

from geo.store import migrations
from geo.store.database import Store, cluster_engine, open_url, prepare
from geo.store.line import OWNERS, Patience, engine_of
from geo.store.private.cluster import Cluster, start, stop
from geo.store.private.home import ADMIN, APP, OWNER
from tests.memory import MEMORY, WHOSE, passing_folder

_NUMBERS = count(1)
# What the program measures and draws in: degrees, the web's tiles, zones of CGCS2000 and UTM.
_SYSTEMS = (
    "srid in (3857, 4326, 4490) or srid between 4534 and 4554"
    " or srid between 32601 and 32660 or srid between 32701 and 32760"
)


@dataclass(frozen=True)
class Where:
    """Where a database is, and how patient one is with it; may be sent to another process."""

    cluster: Cluster | None
    url: str | None
    name: str
    patience: Patience | None = None

    def opened(self) -> Store:
        """Return a store of it."""
        if self.cluster is None:
            url = make_url(self.url or "").set(drivername="postgresql+psycopg", database=self.name)
            return open_url(url.render_as_string(hide_password=False))
        told = (self.name, self.patience)
        return Store(*(cluster_engine(self.cluster, role, *told) for role in (OWNER, APP)))


class Databases:
    """Where databases for tests are made, each from one migrated template."""

    def __init__(self, cluster: Cluster | None, url: str | None) -> None:
        self.cluster, self.url = cluster, url
        self.prefix = f"jingwei_test_{os.getpid()}"
        self.template = f"{self.prefix}_template"
        self._fill_template()

    def _fill_template(self) -> None:
        if self.cluster is not None:
            prepare(self.cluster, self.template)
            owner = cluster_engine(self.cluster, OWNER, self.template)
            migrations.upgrade(owner)
            owner.dispose()
        else:
            self.run(f"create database {self.template}")
            open_url(self._url_of(self.template)).close()
        self._know_years()
        self._leave_out_systems()

    def _leave_out_systems(self) -> None:
        """Thousands of systems of coordinates nobody asks for: a third of what each test copies."""
        self.run(f"delete from spatial_ref_sys where not ({_SYSTEMS})", self.template)
        self.run("vacuum full spatial_ref_sys", self.template)

    def _know_years(self) -> None:
        """Holidays of years to come, made up, so that tests of today run in them too."""
        store = self.open(self.template)
        with store.owner.begin() as conn:
            conn.execute(
                text(
                    "insert into calendar (day, works, name)"
                    " select make_date(year, 1, 1), false, '' from generate_series(2027, 2040) year"
                )
            )
        store.close()

    def make(self, template: str | None = None) -> tuple[str, Store]:
        """Return the name of a fresh database and its store; a copy of another's if named.

        A database that is copied must have no connections.
        """
        name = f"{self.prefix}_{next(_NUMBERS)}"
        owner = f" owner {OWNER}" if self.cluster is not None else ""
        self.run(f"create database {name} template {template or self.template}{owner}")
        return name, self.open(name)

    def open(self, name: str) -> Store:
        """Return another store of a database."""
        return self.where(name).opened()

    def where(self, name: str) -> Where:
        """Return where a database is."""
        return Where(self.cluster, self.url, name)

    def address(self, name: str) -> str:
        """Return where an administrator finds a database, of which nothing is opened."""
        if self.cluster is None:
            return self._url_of(name)
        engine = cluster_engine(self.cluster, ADMIN, name)
        engine.dispose()
        return engine.url.render_as_string(hide_password=False)

    def bare(self) -> str:
        """Return the name of a fresh database that has no tables, and no PostGIS."""
        name = f"{self.prefix}_{next(_NUMBERS)}"
        self.run(f"create database {name} template template0")
        return name

    def drop(self, name: str) -> None:
        """Remove a database, with whoever is connected to it."""
        self.run(f"drop database if exists {name} with (force)")

    def run(self, statement: str, database: str | None = None) -> None:
        """Run a statement as the administrator, outside of any transaction."""
        engine = self._admin(database).execution_options(isolation_level="AUTOCOMMIT")
        with engine.connect() as conn:
            conn.execute(text(statement))
        engine.dispose()

    def _admin(self, database: str | None) -> Engine:
        if self.cluster is not None:
            return cluster_engine(self.cluster, ADMIN, database or "postgres")
        return engine_of(make_url(self._url_of(database)), "", OWNERS)

    def _url_of(self, database: str | None) -> str:
        url = make_url(self.url or "").set(drivername="postgresql+psycopg")
        chosen = url if database is None else url.set(database=database)
        return chosen.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """The server of this session, empty but for a migrated template."""
    url = os.environ.get("JINGWEI_DATABASE_URL")
    if url:
        made = Databases(None, url)
        yield made
        made.drop(made.template)
        return
    _sweep(MEMORY)
    with passing_folder() as folder:
        yield Databases(start(folder, durable=False), None)
        stop(folder)


def _sweep(place: Path) -> None:
    """Stop and remove what killed runs left there: nobody else gives back its memory."""
    for note in place.glob(f"jw-*/{WHOSE}"):
        if (whose := note.read_text()) and not Path("/proc", whose).exists():
            stop(note.parent)
            shutil.rmtree(note.parent, ignore_errors=True)


@pytest.fixture(scope="module")
def store(databases: Databases) -> Iterator[Store]:
    """A fresh, migrated, empty database for one test module: engines of both roles."""
    name, made = databases.make()
    yield made
    made.close()
    databases.drop(name)
