"""Whoever watches the server is told whether it lives, and whether it can take issues in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from api.app import create_app
from api.settings import Settings
from geo.store import migrations
from geo.store.database import Store, transaction
from tests.faults.callers import until

ELSEWHERE = ("10.1.2.3", 50000)


@pytest.fixture
def watched(store: Store, tmp_path: object) -> Iterator[TestClient]:
    """A server as something on another machine sees it, where everybody must sign in."""
    chosen = Settings(tmp_path, sign_in="required")  # type: ignore[arg-type]
    with TestClient(create_app(store, person="dispatcher", chosen=chosen), client=ELSEWHERE) as it:
        yield it


def test_a_server_is_ready_once_its_grids_are_at_hand(watched: TestClient) -> None:
    assert watched.get("/health").json() == {"status": "ok"}
    early = watched.get("/ready")
    assert (early.status_code, early.json()["code"]) == (503, "NotReady")
    assert early.headers["retry-after"].isdigit()
    until(lambda: watched.get("/ready").status_code == 200)
    assert watched.get("/ready").json() == {"status": "ok"}


def test_a_server_of_other_tables_than_its_own_is_not_ready(
    watched: TestClient, store: Store
) -> None:
    until(lambda: watched.get("/ready").status_code == 200)
    newest = migrations.newest()
    set_version(store, "0001")
    old = watched.get("/ready")
    set_version(store, newest)
    assert (old.status_code, old.json()["code"]) == (503, "NotReady")
    assert "jingwei db migrate" in old.json()["zh"]
    assert watched.get("/health").status_code == watched.get("/ready").status_code == 200


def set_version(store: Store, version: str) -> None:
    with transaction(store.owner, "test") as conn:
        conn.execute(text("update alembic_version set version_num = :to"), {"to": version})
