"""A backup, or the reading back of one, cut off in the middle: nothing of it is left."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from api.backups import back_up, read_back
from api.settings import Settings, photo_folder
from geo.errors import DatabaseAwayError, NotEmptyError
from geo.store.database import Engine, Store, cluster_engine, prepare, without_tables
from geo.store.private.home import APP, OWNER
from geo.store.working.blobs import keep
from tests.faults.callers import until
from tests.faults.databases import restarted
from tests.plugins.database import Databases, Where
from tests.processes import SPAWN

WAITS = text(
    "select count(*) from pg_stat_activity"
    " where datname = current_database() and wait_event_type = 'Lock'"
)
WRITES = text(
    "select count(*) from pg_stat_activity"
    " where datname = current_database() and application_name = 'psql'"
)


def told(engine: Engine, asked: object) -> int:
    with engine.connect() as conn:
        return int(conn.execute(asked).scalar_one())  # type: ignore[call-overload]


@pytest.fixture
def bare(databases: Databases) -> Iterator[Where]:
    """A database without tables."""
    if databases.cluster is None:
        pytest.skip("somebody else's server is not stopped here")
    name = f"{databases.prefix}_cut_off"
    prepare(databases.cluster, name)
    yield databases.where(name)
    databases.drop(name)


def both(where: Where) -> Store:
    assert where.cluster is not None
    return Store(*(cluster_engine(where.cluster, role, where.name) for role in (OWNER, APP)))


def read_into(where: Where, home: Path, folder: Path) -> None:
    store = both(where)
    try:
        read_back(store.owner, Settings(home), folder)
    finally:
        store.close()


def test_a_backup_whose_database_is_stopped_is_told_so_and_leaves_nothing(
    databases: Databases, store: Store, tmp_path: Path
) -> None:
    if databases.cluster is None:
        pytest.skip("somebody else's server is not stopped here")
    chosen, out = Settings(tmp_path / "home"), tmp_path / "out"
    out.mkdir()
    with ThreadPoolExecutor(1) as pool, store.owner.connect() as held:
        held.execute(text("lock table attachment in access exclusive mode"))
        asked = pool.submit(back_up, store, chosen, out / "kept")
        until(lambda: told(store.owner, WAITS))
        restarted(databases.cluster)
        held.invalidate()
    with pytest.raises(DatabaseAwayError):
        asked.result(60)
    assert not list(out.iterdir())
    assert back_up(store, chosen, out / "kept").rows > 0


@pytest.mark.parametrize("what", ["the command", "the database"])
def test_what_was_being_read_back_is_not_there_and_is_read_back_again(
    databases: Databases, bare: Where, store: Store, tmp_path: Path, what: str
) -> None:
    keep(photo_folder(Settings(tmp_path / "home")), b"a photo")
    back_up(store, Settings(tmp_path / "home"), tmp_path / "kept")
    reads, there = (bare, tmp_path / "there", tmp_path / "kept"), both(bare)
    with there.owner.connect() as held:
        held.execute(text("create schema queue"))  # what is read back waits for this one's end
        process = SPAWN.Process(target=read_into, args=reads, daemon=True)
        process.start()
        until(lambda: told(there.owner, WAITS))
        with pytest.raises(NotEmptyError, match="another restoration"):
            read_into(*reads)
        if what == "the command":
            process.kill()
            held.rollback()
        else:
            restarted(databases.cluster)  # type: ignore[arg-type]
            held.invalidate()
    process.join(60)
    assert process.exitcode
    until(lambda: not told(there.owner, WRITES))
    without_tables(there.owner)
    assert read_back(there.owner, Settings(tmp_path / "there"), tmp_path / "kept").photos == 1
    there.close()
