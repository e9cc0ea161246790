"""The private cluster starts, stops, survives, and lets nobody else in."""

from __future__ import annotations

import os
import signal
import stat
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import psycopg
import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from api.cli import app
from geo.errors import (
    ClusterError,
    DatabaseSetupError,
    DatabaseUrlError,
    HomeOwnerError,
    HomeUnreachableError,
    LostSecretsError,
    NoServerError,
)
from geo.store.database import Store, open_home, open_url, transaction
from geo.store.private import account, cluster, home, programs, settings
from geo.store.private.replaying import once_recovered

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="drops to another account only as root")


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A data folder whose cluster is stopped at the end."""
    with tempfile.TemporaryDirectory(prefix="jw-", ignore_cleanup_errors=True) as made:
        yield Path(made) / "home"
        cluster.stop(Path(made) / "home")


def opened(folder: Path) -> Store:
    return open_home(folder, durable=False)


@pytest.mark.parametrize(("memory", "buffers"), [(1000, 256), (8192, 512), (24_000, 1024)])
def test_what_it_keeps_in_memory_is_by_the_machine(memory: int, buffers: int) -> None:
    assert settings.buffers_mb(memory) == buffers


@pytest.mark.parametrize(("limit", "least"), [("2147483648\n", 2048), ("max\n", 2049), ("", 2049)])
def test_a_container_s_limit_counts_where_it_has_one(
    tmp_path: Path, limit: str, least: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sysconf", {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": 2049 * 256}.get)
    (tmp_path / "memory.max").write_text(limit, "ascii")
    assert settings.memory_mb(tmp_path / "memory.max") == least
    assert settings.memory_mb(tmp_path / "none") == 2049


def test_two_processes_starting_at_once_share_one_server(folder: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: opened(folder), range(2))
    assert first.app.url == second.app.url
    with transaction(first.app, "x") as conn:
        assert conn.execute(text("select current_user")).scalar() == "jingwei_app"
    first.close()
    second.close()


def test_stopping_and_starting_keeps_the_data(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JINGWEI_HOME", str(folder))
    monkeypatch.delenv("JINGWEI_DATABASE_URL", raising=False)
    store = opened(folder)
    assert "与本程序一致" in CliRunner().invoke(app, ["db", "status"]).output
    with store.owner.begin() as conn:
        conn.execute(text("insert into rule (name, low, high) values ('kept', 1, 2)"))
    store.close()
    assert cluster.stop(folder)
    assert cluster.status(folder).state == "stopped"
    assert not cluster.stop(folder)
    store = opened(folder)
    with store.owner.connect() as conn:
        assert conn.execute(text("select name from rule")).scalar() == "kept"
    store.close()


WOKEN: Final = text("select pg_conf_load_time() > pg_postmaster_start_time()")


def test_a_killed_server_comes_back_and_its_checkpointer_is_woken_to_archive_in_time(
    folder: Path,
) -> None:
    opened(folder).close()
    pid = cluster.status(folder).pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    until = time.monotonic() + 60
    while cluster.status(folder).pid is not None and time.monotonic() < until:
        time.sleep(0.02)
    store = opened(folder)
    assert cluster.status(folder).pid not in {None, pid}
    until = time.monotonic() + 60
    woken = False
    while not woken and time.monotonic() < until:
        with store.owner.begin() as conn:
            woken = conn.execute(WOKEN).scalar_one()
        time.sleep(0.02)
    store.close()
    assert woken


def test_a_pid_file_of_another_program_is_not_believed(folder: Path) -> None:
    opened(folder).close()
    cluster.stop(folder)
    (folder / "db/data/postmaster.pid").write_text(f"{os.getpid()}\n{folder}\n")
    assert cluster.status(folder).state == "stopped"
    opened(folder).close()
    assert cluster.status(folder).state == "running"


def test_a_swept_socket_is_made_again(folder: Path) -> None:
    running = cluster.start(folder, durable=False)
    (running.socket / ".s.PGSQL.5432").unlink()
    opened(folder).close()


def test_only_the_servers_account_reaches_it_and_nobody_without_a_secret(folder: Path) -> None:
    running = cluster.start(folder, durable=False)
    owner = running.socket.stat()
    assert stat.S_IMODE(owner.st_mode) == 0o700
    assert stat.S_IMODE((folder / "db").stat().st_mode) == 0o700
    assert stat.S_IMODE(running.passfile.stat().st_mode) == 0o600
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(host=str(running.socket), user="jingwei_admin", dbname="postgres")
    listening = (folder / "db/data/postmaster.pid").read_text("utf-8").splitlines()
    assert listening[5] == ""  # no address


def test_lost_secrets_and_a_newer_clusters_data_are_told(folder: Path) -> None:
    cluster.stop(folder)
    secrets, version = folder / "pgpass", folder / "db/data/PG_VERSION"
    secrets.rename(folder / "aside")
    with pytest.raises(LostSecretsError, match="pgpass"):
        cluster.start(folder)
    (folder / "aside").rename(secrets)
    kept = version.read_text()
    version.write_text("99\n")
    with pytest.raises(NoServerError, match="postgresql-99-postgis-3"):
        cluster.start(folder)
    version.write_text(kept)


def test_a_server_that_does_not_start_says_why_and_what_to_do(folder: Path) -> None:
    cluster.stop(folder)
    settings = folder / "db/data/postgresql.auto.conf"
    settings.write_text("no_such_setting = 1\n")
    with pytest.raises(ClusterError, match="no_such_setting") as told:
        cluster.start(folder)
    assert "postgresql.auto.conf" in told.value.sentence_zh
    assert "mend that line" in told.value.sentence_en
    assert "shut down" not in told.value.sentence_en
    settings.write_text("")


def test_a_moment_that_the_archive_does_not_reach_is_told(folder: Path) -> None:
    opened(folder).close()
    cluster.stop(folder)
    settings, asked = (folder / "db/data" / n for n in ("postgresql.auto.conf", "recovery.signal"))
    settings.write_text("restore_command = 'false'\nrecovery_target_time = '2999-01-01'\n")
    asked.touch()
    with pytest.raises(ClusterError, match="before configured recovery target") as told:
        opened(folder)
    assert "归档的日志到不了那个时刻" in told.value.sentence_zh
    settings.write_text("")
    asked.unlink()
    opened(folder).close()


def test_a_server_that_goes_before_anybody_is_connected_is_told_as_one_that_gave_up(
    folder: Path,
) -> None:
    def gone() -> psycopg.Connection[tuple[object, ...]]:
        raise psycopg.OperationalError("server closed the connection unexpectedly")

    with pytest.raises(ClusterError):
        once_recovered(home.Home(folder), gone)


def test_a_half_made_cluster_is_made_anew_and_a_long_path_gets_a_short_socket() -> None:
    with tempfile.TemporaryDirectory(prefix="jw-", ignore_cleanup_errors=True) as made:
        folder = Path(made) / ("长" * 30) / "a b"
        place = home.Home(folder).made()
        (account.server_account(folder).own(place.cluster) / "data.new").mkdir()
        running = cluster.start(folder, durable=False)
        assert len(os.fsencode(running.socket)) < 80
        assert stat.S_IMODE(running.socket.stat().st_mode) == 0o700
        cluster.stop(folder)
        assert not running.socket.exists()
        assert cluster.status(folder).socket == place.cluster / "socket"


@AS_ROOT
def test_a_folder_in_a_closed_home_is_reached_by_the_server() -> None:
    with tempfile.TemporaryDirectory(prefix="jw-", ignore_cleanup_errors=True) as made:
        closed = Path(made) / "closed"
        closed.mkdir(mode=0o700)
        (closed / "home").mkdir()
        able = account.server_account(closed / "home")
        assert able.prefix
        assert able.run("cat", "/proc/self/status").stdout.count("0000000000000004") >= 2
        assert cluster.start(closed / "home", durable=False).socket.exists()
        cluster.stop(closed / "home")


@AS_ROOT
def test_without_setpriv_a_closed_home_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.chmod(0o700)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(HomeUnreachableError, match="JINGWEI_HOME"):
        account.server_account(tmp_path)


@AS_ROOT
def test_a_folder_of_another_account_is_refused(tmp_path: Path) -> None:
    (tmp_path / "db").mkdir()
    with pytest.raises(HomeOwnerError, match="root"):
        account.Account("postgres", 12345, 12345).own(tmp_path / "db")


def test_a_machine_without_a_server_is_told_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "_DEBIAN", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoServerError, match="apt-get install postgresql-postgis"):
        programs.server_programs()
    _fake_server(tmp_path / "15/bin")
    with pytest.raises(NoServerError, match="apt-get install postgresql-15-postgis-3"):
        programs.server_programs()
    monkeypatch.setenv("PG_BIN", str(tmp_path / "15/bin"))
    (tmp_path / "share/extension").mkdir(parents=True)
    (tmp_path / "share/extension/postgis.control").touch()
    assert programs.server_programs(major=15).folder == tmp_path / "15/bin"


def _fake_server(folder: Path) -> None:
    folder.mkdir(parents=True)
    share = folder.parent.parent / "share"
    for name, said in (("initdb", "initdb (PostgreSQL) 15.9"), ("pg_config", str(share))):
        (folder / name).write_text(f"#!/bin/sh\necho '{said}'\n")
        (folder / name).chmod(0o755)


@pytest.mark.parametrize("url", ["nonsense", "mysql://x@y/z", "postgresql://x@127.0.0.1:1/z"])
def test_an_unusable_url_is_told(url: str) -> None:
    with pytest.raises(DatabaseUrlError):
        open_url(url)


def test_somebody_elses_server_is_used_through_its_url(folder: Path) -> None:
    opened(folder).close()
    running = cluster.start(folder, durable=False)
    url = "postgresql:///{}?host={}&user={}&passfile={}"
    admin = url.format("postgres", running.socket, "jingwei_admin", running.passfile)
    store = open_url(admin)
    with transaction(store.app, "x") as conn:
        assert conn.execute(text("select current_user")).scalar() == "jingwei_app"
        assert conn.execute(text("select count(*) from area")).scalar() == 0
    store.close()
    with psycopg.connect(
        host=str(running.socket),
        user="jingwei_admin",
        dbname="postgres",
        passfile=str(running.passfile),
        autocommit=True,
    ) as conn:
        conn.execute("create database bare owner jingwei_owner")
    bare = url.format("bare", running.socket, "jingwei_owner", running.passfile)
    with pytest.raises(DatabaseSetupError, match="CREATE EXTENSION IF NOT EXISTS postgis"):
        open_url(bare)
