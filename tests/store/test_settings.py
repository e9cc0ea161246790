"""`jingwei db`, and the settings it reads."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli.db import app
from api.opening import open_store
from api.settings import settings
from geo.store import migrations
from geo.store.private import cluster


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="jw-", ignore_cleanup_errors=True) as made:
        yield Path(made)
        cluster.stop(Path(made))


@pytest.fixture
def folder(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("JINGWEI_HOME", str(home))
    monkeypatch.delenv("JINGWEI_DATABASE_URL", raising=False)
    return home


def said(*words: str) -> str:
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == 0, done.output
    return done.output


def test_the_home_is_hidden_in_the_working_folder_by_default() -> None:
    assert settings({}).home == Path(".jingwei").absolute()
    assert settings({"JINGWEI_DATABASE_URL": "postgresql://x/y"}).database_url


def test_the_database_is_started_looked_at_migrated_and_stopped(folder: Path) -> None:
    assert "absent" in said("status")
    assert "not running" in said("stop")
    assert "running" in said("start")
    assert str(folder) in said("status")
    for told in (said("migrate"), said("status")):
        assert str(migrations.newest()) in told
        assert "⚠" not in told, "a server of ours is as it should be"
    assert "Stopped" in said("stop")
    assert "stopped" in said("status")


def test_a_server_of_somebody_elses_is_not_stopped(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = cluster.start(folder, durable=False)
    open_store(settings()).close()
    url = f"postgresql:///postgres?host={running.socket}&user=jingwei_admin"
    monkeypatch.setenv("JINGWEI_DATABASE_URL", f"{url}&passfile={running.passfile}")
    open_store(settings()).close()
    assert "somebody else" in said("stop")
    assert "JINGWEI_DATABASE_URL" in said("status")
