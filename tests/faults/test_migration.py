"""A migration that is killed in the middle has changed nothing, and is run again."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from sqlalchemy import text

from geo.store import migrations
from geo.store.database import Store
from tests.faults.callers import until
from tests.faults.servers import begun
from tests.plugins.database import Databases, Where
from tests.processes import SPAWN

WAITS = text(
    "select count(*) from pg_stat_activity where datname = current_database()"
    " and wait_event_type = 'Lock' and query ilike 'update alembic_version%'"
)
TABLES = text("select string_agg(relname, ' ' order by relname) from pg_class where relkind = 'r'")


def waits(store: Store) -> bool:
    """Whether somebody waits for the number; asked in a transaction of its own, to see afresh."""
    with store.owner.connect() as conn:
        return bool(conn.execute(WAITS).scalar_one())


def migrate(where: Where) -> None:
    store = where.opened()
    migrations.upgrade(store.owner)
    store.close()


def test_a_migration_killed_in_the_middle_changes_nothing_and_is_run_again(
    databases: Databases, tmp_path: Path
) -> None:
    name, store = databases.make()
    where, newest = databases.where(name), migrations.newest()
    _, former = migrations.downgrade(store.owner, to="-2")
    with store.owner.connect() as conn, conn.begin():
        before = conn.execute(TABLES).scalar_one()
        # Everything is done but the number of the version, which somebody holds.
        conn.execute(text("select from alembic_version for update"))
        process = SPAWN.Process(target=migrate, args=(where,), daemon=True)
        process.start()
        until(partial(waits, store))
        process.kill()
        process.join(20)
    assert process.exitcode == -9
    with store.owner.connect() as conn:
        assert conn.execute(TABLES).scalar_one() == before
    assert migrations.current(store.owner) == former
    # On somebody else's server a store is opened as a program begins: its tables made current.
    ready, standing = (200, newest) if where.cluster is None else (503, former)
    with begun(where, tmp_path) as old:
        assert old.asked("/ready")[0] == ready
        assert migrations.upgrade(store.owner) == (standing, newest)
        until(lambda: old.answers("/ready"))
    store.close()
    databases.drop(name)
