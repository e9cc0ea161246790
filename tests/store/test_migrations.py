"""The schema goes up, down and up again, and is what the tables say."""

from __future__ import annotations

from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from fastapi.testclient import TestClient
from sqlalchemy import text
from typer.testing import CliRunner

from api.app import create_app
from api.cli import app
from geo.errors import SchemaNewerError
from geo.store import migrations
from geo.store.database import Store, url_engine
from geo.store.schema.tables import METADATA
from tests.api.conftest import HERE
from tests.plugins.database import Databases


def test_the_schema_goes_down_and_up_again(store: Store) -> None:
    assert migrations.current(store.owner) == migrations.newest()
    migrations.downgrade(store.owner, to="base")
    assert migrations.current(store.owner) is None
    assert _tables(store) == {"alembic_version", "spatial_ref_sys"}
    migrations.upgrade(store.owner)
    assert migrations.current(store.owner) == migrations.newest()


def test_tables_of_a_newer_program_are_left_as_they_are_with_a_sentence(store: Store) -> None:
    set_to = text("update alembic_version set version_num = :v")
    with store.owner.begin() as conn:
        conn.execute(set_to, {"v": "9999"})
    with pytest.raises(SchemaNewerError, match="9999"):
        migrations.upgrade(store.owner)
    with TestClient(create_app(store, person="x"), client=HERE) as client:
        answer = client.get("/ready")
    assert (answer.status_code, answer.json()["code"]) == (503, "SchemaNewer")
    assert answer.headers["retry-after"]
    with store.owner.begin() as conn:
        conn.execute(set_to, {"v": migrations.newest()})


@pytest.mark.parametrize(
    ("version", "words"),
    [
        (None, "还没有表；jingwei db migrate"),
        ("0001", "先停下服务并备份，再运行 jingwei db migrate"),
        ("newest", "与本程序一致"),
        ("9999", "请换用更新的经纬"),
    ],
)
def test_the_state_of_the_database_says_how_its_tables_stand_to_the_program(
    databases: Databases, version: str | None, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, store = (databases.bare(), None) if version is None else databases.make()
    if store:
        store.close()
    engine = url_engine(databases.address(name))
    if version is not None:
        version = migrations.newest() if version == "newest" else version
        with engine.begin() as conn:
            conn.execute(text("update alembic_version set version_num = :v"), {"v": version})
    monkeypatch.setenv("JINGWEI_DATABASE_URL", databases.address(name))
    done = CliRunner().invoke(app, ["db", "status"])
    assert (done.exit_code, words in done.output) == (0, True), done.output
    assert migrations.current(engine) == version, "looking changes nothing"
    engine.dispose()
    databases.drop(name)


def test_the_newest_version_is_the_end_of_the_line() -> None:
    line = ScriptDirectory.from_config(migrations.config_of_versions())
    assert line.get_heads() == [migrations.newest()]


def test_the_migrated_database_is_what_the_tables_say(store: Store) -> None:
    with store.owner.connect() as conn:
        options = {"compare_type": True, "include_object": _ours}
        context = MigrationContext.configure(conn, opts=options)
        differences = compare_metadata(context, METADATA)
    # A foreign key to two columns stands in the migration alone.
    assert [d for d in differences if d[0] != "remove_fk" or d[1].table.name != "area"] == []


def test_every_table_is_under_row_level_security(store: Store) -> None:
    with store.owner.connect() as conn:
        rows = conn.execute(
            text("select relname from pg_class where relrowsecurity and relkind = 'r'")
        )
        assert set(METADATA.tables) == set(rows.scalars())


def test_events_are_appended_and_never_fill_the_ends_of_old_pages(store: Store) -> None:
    with store.owner.connect() as conn:
        options = conn.execute(text("select reloptions from pg_class where relname = 'event'"))
        assert options.scalar_one() == ["autovacuum_vacuum_insert_threshold=-1"]


def test_indexes_that_a_move_only_adds_to_keep_room_in_their_pages(store: Store) -> None:
    with_room = (
        "select relname from pg_class where relkind = 'i' and 'fillfactor=70' = any(reloptions)"
    )
    with store.owner.connect() as conn:
        assert set(conn.execute(text(with_room)).scalars()) == {
            "task_pkey", "task_issue", "task_yellow", "event_subject"
        }  # fmt: skip


def _tables(store: Store) -> set[str]:
    with store.owner.connect() as conn:
        return set(
            conn.execute(text("select tablename from pg_tables where schemaname = 'public'"))
            .scalars()
            .all()
        )


def _ours(_item: Any, name: str | None, kind: str, *_rest: Any) -> bool:
    return kind != "index" and name not in {"spatial_ref_sys", "alembic_version"}
