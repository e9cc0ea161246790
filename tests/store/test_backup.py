"""A backup is whole or not there, and what is read back is what was there, with who may see it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from api.backups import back_up, look_into, read_back
from api.sealing import seal_waiting
from api.settings import Settings, photo_folder
from geo.backup import DUMP, new_backup
from geo.errors import (
    BackupBrokenError,
    BackupNewerError,
    BackupProgramError,
    BackupThereError,
    NotEmptyError,
    RestoredOtherwiseError,
)
from geo.store import migrations
from geo.store.database import Store, cluster_engine, prepare, transaction, without_tables
from geo.store.dumping import tables_told
from geo.store.events import record
from geo.store.private.home import APP, OWNER
from geo.store.seals import verify
from geo.store.working.blobs import keep, kept
from tests.plugins.database import Databases
from tests.store.test_issues import at, received

RENUMBERED = {"public.event", "public.seal"}
ACL = "(select string_agg(a::text, ' ' order by a::text) from unnest(coalesce({0}, {1})) as a)"
RIGHTS = f"""
select format('%s %s %s', c.oid::regclass, c.relrowsecurity,
    {ACL.format("c.relacl", "acldefault('r', c.relowner)")}) from pg_class as c
where c.relnamespace in ('public'::regnamespace, 'queue'::regnamespace) and c.relkind in ('r', 'v')
union all
select format('%s.%s %s', a.attrelid::regclass, a.attname, a.attacl) from pg_attribute as a
where a.attacl is not null and a.attrelid >= 16384
union all
select format('%s %s %s', p.oid::regprocedure, p.prosecdef,
    {ACL.format("p.proacl", "acldefault('f', p.proowner)")}) from pg_proc as p
where p.pronamespace = 'public'::regnamespace and p.proowner = 'jingwei_owner'::regrole
union all
select format('%s %s %s %s %s', tablename, policyname, cmd, qual, with_check) from pg_policies
union all
select pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
union all
select indexdef from pg_indexes where schemaname in ('public', 'queue')
"""


@pytest.fixture(scope="module")
def full(
    databases: Databases, toy_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Store, Settings, Path]]:
    """The toy city with an issue, a sealed event, one not sealed yet, a photo; and its backup."""
    name, store = databases.make(toy_database)
    folder = tmp_path_factory.mktemp("full")
    chosen = Settings(folder / "home")
    received(store, at(0.5, 0.5))
    seal_waiting(store.owner)
    with transaction(store.app, "planner") as conn:
        record(conn, "tale", "1", "not sealed yet", {"说": "“你好”"}, path=["3701"])
    with transaction(store.owner, "x") as conn:  # as of a server that has run for years
        conn.execute(text("update event set xact = xact + 1000000000"))
        conn.execute(text("update seal set until = until + 1000000000"))
    keep(photo_folder(chosen), b"a photo")
    (chosen.home / "reporter.key").write_text("secret", "ascii")
    back_up(store, chosen, folder / "kept")
    yield store, chosen, folder / "kept"
    store.close()
    databases.drop(name)


@pytest.fixture
def bare(databases: Databases) -> Iterator[Store]:
    """A database without tables."""
    if databases.cluster is None:
        pytest.skip("the server is somebody else's: its databases are made by its own means")
    name = f"{databases.prefix}_bare"
    prepare(databases.cluster, name)
    roles = (cluster_engine(databases.cluster, role, name) for role in (OWNER, APP))
    made = Store(*roles)
    yield made
    made.close()
    databases.drop(name)


def rights(store: Store) -> list[str]:
    with store.owner.connect() as conn:
        return sorted(conn.execute(text(RIGHTS)).scalars())


def test_what_is_read_back_is_what_was_there_and_who_may_see_it(
    full: tuple[Store, Settings, Path], bare: Store, tmp_path: Path
) -> None:
    store, chosen, folder = full
    there = Settings(tmp_path / "home")
    held = read_back(without_tables(bare.owner), there, folder)
    assert (held.schema, held.photos) == (migrations.newest(), 1)
    with store.owner.connect() as old, bare.owner.connect() as new:
        before, after = tables_told(old), tables_told(new)
        assert before.keys() == after.keys()
        assert len(before) > 30
        differ = {name for name in before if before[name] != after[name]}
        assert differ <= RENUMBERED
        for name, but in (("event", "xact"), ("seal", "until")):
            rows = text(f"select (to_jsonb(t) - '{but}')::text from {name} as t order by 1")
            assert old.execute(rows).all() == new.execute(rows).all()
    assert rights(bare) == rights(store)
    assert kept(photo_folder(there), next(photo_folder(chosen).glob("*/*/*")).name) == b"a photo"
    assert not (there.home / "reporter.key").exists()
    for person in ("dispatcher", "stranger"):
        counts = [seen(each, person) for each in (store, bare)]
        assert counts[0] == counts[1]
    assert seen(bare, "dispatcher") > seen(bare, "stranger") == 0


def seen(store: Store, person: str) -> int:
    with transaction(store.app, person) as conn:
        return int(conn.execute(text("select count(*) from issue")).scalar_one())


def test_history_goes_on_where_it_was_read_back(
    full: tuple[Store, Settings, Path], bare: Store, tmp_path: Path
) -> None:
    read_back(bare.owner, Settings(tmp_path / "home"), full[2])
    with transaction(bare.owner, "x") as conn:
        before = verify(conn)
    assert (before.breach, before.waiting) == (None, 1)
    with transaction(bare.app, "planner") as conn:
        record(conn, "tale", "2", "told after")
    assert seal_waiting(bare.owner) == 1
    with transaction(bare.owner, "x") as conn:
        after = verify(conn)
    assert (after.breach, after.waiting, after.events) == (None, 0, before.events + 2)


def test_nothing_is_restored_over_anything(
    full: tuple[Store, Settings, Path], store: Store, tmp_path: Path
) -> None:
    with pytest.raises(NotEmptyError, match="public"):
        without_tables(store.owner)
    taken = Settings(tmp_path / "home")
    keep(photo_folder(taken), b"another photo")
    with pytest.raises(NotEmptyError, match="photos"):
        read_back(store.owner, taken, full[2])
    with pytest.raises(BackupThereError):
        back_up(store, taken, full[2])


@pytest.mark.parametrize(
    "how", ["changed", "cut", "missing", "more", "no manifest", "no json", "no schema", "list"]
)
def test_a_backup_that_is_not_what_was_written_is_refused(
    full: tuple[Store, Settings, Path], tmp_path: Path, how: str
) -> None:
    copied = tmp_path / "copied"
    shutil.copytree(full[2], copied)
    dumped, manifest = copied / DUMP, copied / "manifest.json"
    data = dumped.read_bytes()
    match how:
        case "changed":
            dumped.write_bytes(data[:-9] + bytes([data[-9] ^ 1]) + data[-8:])
        case "cut":
            dumped.write_bytes(data[:-9])
        case "missing":
            next(copied.glob("photos/*/*/*")).unlink()
        case "more":
            (copied / "photos" / "more").write_bytes(b"")
        case "no manifest":  # what a machine that stopped at once leaves
            manifest.unlink()
        case "no schema":
            manifest.write_text(
                manifest.read_text("utf-8").replace('"schema"', '"scheme"'), "utf-8"
            )
        case "list":
            manifest.write_text(f'{{"form": "jingwei backup 1", "files": ["{DUMP}"]}}', "utf-8")
        case _:
            manifest.write_bytes(manifest.read_bytes()[:-9])
    with pytest.raises(BackupBrokenError):
        look_into(copied)


def test_tables_that_are_not_what_was_dumped_are_not_kept(
    full: tuple[Store, Settings, Path], bare: Store, tmp_path: Path
) -> None:
    copied = tmp_path / "copied"
    shutil.copytree(full[2], copied)
    told = json.loads((copied / "manifest.json").read_text("utf-8"))
    told["tables"] |= {"public.seal": [7, "7"], "public.'; drop": [0, "0"]}
    (copied / "manifest.json").write_text(json.dumps(told), "utf-8")
    with pytest.raises(RestoredOtherwiseError, match=r"public\.'; drop, public\.seal\."):
        read_back(bare.owner, Settings(tmp_path / "home"), copied)
    assert without_tables(bare.owner)
    assert not photo_folder(Settings(tmp_path / "home")).exists()


def test_a_backup_of_a_newer_program_is_refused(
    full: tuple[Store, Settings, Path], tmp_path: Path
) -> None:
    copied = tmp_path / "copied"
    shutil.copytree(full[2], copied)
    told = json.loads((copied / "manifest.json").read_text("utf-8"))
    (copied / "manifest.json").write_text(json.dumps(told | {"schema": "9999"}), "utf-8")
    with pytest.raises(BackupNewerError, match="9999"):
        look_into(copied)


def test_a_backup_that_is_interrupted_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        half_written(tmp_path / "kept")
    assert list(tmp_path.iterdir()) == []


def half_written(folder: Path) -> None:
    with new_backup(folder) as (draft, _):
        (draft / DUMP).write_bytes(b"half")
        raise KeyboardInterrupt


def test_what_fails_while_reading_back_leaves_no_table(
    full: tuple[Store, Settings, Path], bare: Store, tmp_path: Path
) -> None:
    with bare.owner.begin() as conn:
        conn.execute(text("create schema queue"))  # in the way of the dump's own
    with pytest.raises(BackupProgramError, match="queue"):
        read_back(bare.owner, Settings(tmp_path / "home"), full[2])
    assert without_tables(bare.owner)
    assert not photo_folder(Settings(tmp_path / "home")).exists()
