"""Hooks over HTTP and on the command line, for those whose area it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from typer.testing import CliRunner

from api.app import create_app
from api.cli import app as cli
from api.settings import Settings
from geo.store.database import Store, transaction
from geo.store.events import record
from tests.apart import apart
from tests.store import toy
from tests.store.outbox.receiver import receiving

HERE = ("127.0.0.1", 50000)
TOLD = {"name": "lights", "area": "370102", "url": "http://10.1.2.3/in"}


@pytest.fixture
def client(toy_store: Store, tmp_path: Path) -> Iterator[TestClient]:
    chosen = Settings(tmp_path, hook_hosts="10.0.0.0/8")
    with TestClient(create_app(toy_store, person="approver", chosen=chosen), client=HERE) as made:
        yield made


def acting(client: TestClient, person: str) -> TestClient:
    client.cookies.set("jingwei_person", person)
    return client


def test_a_secret_is_shown_once(client: TestClient, tmp_path: Path) -> None:
    made = client.post("/api/hooks", json=TOLD)
    assert made.status_code == 201
    secret = made.json()["secret"]
    assert (tmp_path / "hooks" / "lights.secret").read_text() == f"{secret}\n"
    assert secret not in client.get("/api/hooks").text
    assert client.post("/api/hooks", json=TOLD).status_code == 409
    assert client.delete("/api/hooks/lights").status_code == 204
    assert client.get("/api/hooks").json() == []
    assert client.post("/api/hooks", json=TOLD).status_code == 201


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"url": "http://127.0.0.1/"}, 422),
        ({"name": "../x"}, 422),
        ({"name": "A"}, 422),
        ({"area": "999"}, 404),
        ({"area": "3701"}, 403),  # above the approver's district
        ({"party": "nobody"}, 404),
        ({"kind": "file"}, 422),
    ],
)
def test_a_hook_that_may_not_be_is_refused(
    client: TestClient, told: dict[str, str], status: int
) -> None:
    assert client.post("/api/hooks", json=TOLD | told).status_code == status
    assert client.get("/api/hooks").json() == []


@pytest.mark.parametrize("person", ["planner", "dispatcher", "stranger"])
def test_hooks_are_for_approvers(client: TestClient, person: str) -> None:
    assert client.post("/api/hooks", json=TOLD).status_code == 201
    other = acting(client, person)
    assert other.post("/api/hooks", json=TOLD | {"name": "mine"}).status_code == 403
    assert other.get("/api/hooks").json() == []
    assert other.delete("/api/hooks/lights").status_code == 404


def test_a_name_that_another_district_has_is_taken(client: TestClient, toy_store: Store) -> None:
    hidden = """insert into hook (name, url, area, path, made_by)
        values ('lights', 'http://10.1.2.3/', '370199', '{3701,370199}', 'x')"""
    with transaction(toy_store.owner, "x") as conn:
        conn.execute(text(hidden))
    assert client.get("/api/hooks").json() == []
    refused = client.post("/api/hooks", json=TOLD)
    assert (refused.status_code, refused.json()["code"]) == (409, "HookTaken")


def test_what_was_given_up_is_seen_and_tried_again(client: TestClient, toy_store: Store) -> None:
    client.post("/api/hooks", json=TOLD)
    with transaction(toy_store.owner, "x") as conn:
        record(conn, "issue", 1, "urge", path=("3701", "370102"))
        conn.execute(text("update delivery set state = 'dead', said = 'HTTP 500'"))
    (dead,) = client.get("/api/outbox", params={"state": "dead"}).json()
    assert (dead["hook"], dead["said"]) == ("lights", "HTTP 500")
    assert acting(client, "planner").get("/api/outbox").json() == []
    assert client.post(f"/api/outbox/{dead['id']}/retry").status_code == 404
    acting(client, "approver")
    assert client.post(f"/api/outbox/{dead['id']}/retry").status_code == 202
    assert client.post(f"/api/outbox/{dead['id']}/retry").status_code == 409
    told = {"reference": "C-1"}
    assert client.post(f"/api/outbox/{dead['id']}/acknowledge", json=told).status_code == 409


def test_hooks_on_the_command_line(
    toy_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = Settings(tmp_path, hook_hosts="127.0.0.1")
    monkeypatch.setattr("api.cli.hooks.settings", lambda: chosen)
    monkeypatch.setattr("api.cli.planning.open_store", lambda _: _kept_open(toy_store))
    with receiving() as target:
        told = ["hook", "add", "lights", "--area", "3701", "--url", target.url]
        assert "加 --commit" in run(*told)
        assert "密钥" in run(*told, "--commit")
        target.secret = (tmp_path / "hooks" / "lights.secret").read_text().strip()
        assert "✓ HTTP 204" in run("hook", "test", "lights")
        assert next(iter(target.effects.values()))["type"] == "hook.test"
    assert "lights" in run("hook", "list")
    with transaction(toy_store.owner, "x") as conn:
        record(conn, "issue", 1, "urge", path=("3701",))
        conn.execute(text("update delivery set state = 'dead', said = 'HTTP 500'"))
    assert "HTTP 500" in run("hook", "failed")
    assert "1 件重发" in run("hook", "retry", "--hook", "lights", "--commit")
    assert "HTTP 500" not in run("hook", "failed")
    run("hook", "remove", "lights", "--commit")
    assert not (tmp_path / "hooks" / "lights.secret").exists()
    assert toy.SUBDISTRICT not in run("hook", "list")


def run(*told: str) -> str:
    done = apart(CliRunner().invoke, cli, list(told))
    assert done.exit_code == 0, done.output
    return done.output


def _kept_open(store: Store) -> Store:
    return Store(store.owner, store.app)
