"""A server of somebody else's: sessions say for themselves what they can, the rest is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from api.cli import app
from geo.errors import DatabaseEncodingError, ServerTooOldError
from geo.store import foreign
from geo.store.conditions import DEMANDS, REASONS
from geo.store.database import Store, open_url, transaction, url_engine
from geo.store.private.settings import SESSION, settings
from tests.plugins.database import Databases

# What an administrator may have set for all who come to a database.
AS_FOUND: Final = {
    "datestyle": "German",
    "default_transaction_isolation": "serializable",
    "idle_in_transaction_session_timeout": "1",
    "intervalstyle": "iso_8601",
    "jit": "on",
    "lock_timeout": "1",
    "maintenance_work_mem": "1MB",
    "max_parallel_maintenance_workers": "4",
    "max_parallel_workers_per_gather": "4",
    "random_page_cost": "4",
    "statement_timeout": "1",
    "timezone": "America/Lima",
    "work_mem": "64kB",
}
OF_THE_SERVER: Final = {
    "listen_addresses", "unix_socket_permissions", "max_connections", "timezone"
}  # fmt: skip
TOLD: Final = {
    "log_error_verbosity": "verbose",
    "log_min_duration_statement": "10",
    "log_min_error_statement": "error",
    "log_statement": "all",
    "log_transaction_sample_rate": "1",
    "synchronous_commit": "off",
}


@pytest.fixture
def name(databases: Databases) -> Iterator[str]:
    """A database of this test alone."""
    made, store = databases.make()
    store.close()
    yield made
    databases.drop(made)


def found_in(store: Store) -> dict[str, str]:
    with transaction(store.app, "x") as conn:
        return {name: conn.execute(text(f"show {name}")).scalar_one() for name in AS_FOUND}


def test_a_session_plans_and_answers_alike_however_its_database_is_set(
    databases: Databases, name: str
) -> None:
    usual, set_so = databases.open(databases.template), databases.open(name)
    for setting, value in AS_FOUND.items():
        databases.run(f"alter database {name} set {setting} = '{value}'")
    assert found_in(set_so) == found_in(usual)
    with transaction(set_so.app, "x") as conn:
        shown = {one: conn.execute(text(f"show {one}")).scalar_one() for one in SESSION}
    assert shown == SESSION
    usual.close()
    set_so.close()


def status(monkeypatch: pytest.MonkeyPatch, url: str, word: str = "status") -> str:
    monkeypatch.setenv("JINGWEI_DATABASE_URL", url)
    done = CliRunner().invoke(app, ["db", word])
    assert done.exit_code == 0, done.output
    return done.output


def test_what_no_session_can_say_is_told_with_what_to_run_until_it_was_run(
    databases: Databases, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = databases.address(name)
    before = status(monkeypatch, url)
    for setting, value in TOLD.items():
        databases.run(f"alter database {name} set {setting} = '{value}'")
    for operator in ("geometry_overlaps(geometry, geometry)", "arraycontains(anyarray, anyarray)"):
        databases.run(f"alter function {operator} not leakproof", name)
    told = status(monkeypatch, url)
    for setting, value in TOLD.items():
        why_zh, why_en = REASONS[next(one.why for one in DEMANDS if one.name == setting)]
        assert re.search(rf"⚠ {setting} = {value}\b[^\n]*{why_zh}[^\n]*\n[^\n]*{why_en}", told)
    for mend in set(re.findall(r"执行：(ALTER (?:DATABASE|FUNCTION)[^\n]+)", told)):
        databases.run(mend, name)
    assert status(monkeypatch, url) == before
    assert status(monkeypatch, url, "migrate").endswith(before.partition("⚠")[2])


def test_what_the_private_server_is_told_each_session_says_or_is_demanded_of_others() -> None:
    own = settings(17, durable=True).keys() - SESSION.keys() - OF_THE_SERVER
    assert own <= {demand.name for demand in DEMANDS}


def test_a_size_is_held_against_the_least() -> None:
    buffers = next(one for one in DEMANDS if one.name == "shared_buffers")
    sizes = ("16", "32767", "32768", "131072")
    assert [buffers.is_met(size) for size in sizes] == [False, False, True, True]


def test_a_server_that_is_too_old_is_refused_before_anything_is_changed(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = databases.bare()
    monkeypatch.setattr(foreign, "LEAST_MAJOR", 99)
    with pytest.raises(ServerTooOldError, match="at least 99 is needed"):
        open_url(databases.address(name))
    engine = url_engine(databases.address(name))
    with engine.connect() as conn:
        assert conn.execute(text("select from pg_extension where extname = 'postgis'")).all() == []
    engine.dispose()
    databases.drop(name)


def test_a_database_that_cannot_hold_every_text_is_refused(databases: Databases) -> None:
    name = f"{databases.prefix}_latin"
    databases.run(f"create database {name} template template0 encoding 'LATIN1' locale 'C'")
    with pytest.raises(DatabaseEncodingError, match="LATIN1"):
        open_url(databases.address(name))
    databases.drop(name)
