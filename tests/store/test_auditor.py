"""An auditor reads what happened, whether it is sealed, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
from fastapi.testclient import TestClient
from sqlalchemy import text

from api.app import create_app
from api.links.pace import Pace
from api.sealing import seal_waiting
from api.settings import Settings
from geo.store.database import Store, transaction
from geo.store.events import record
from geo.store.seals import Asked, audited, read_seals
from tests.api.conftest import HERE
from tests.store import toy


def tell(store: Store, name: str) -> None:
    with transaction(store.app, "planner") as conn:
        record(conn, "tale", "1", name, path=["3701", "370102"])


def appoint(store: Store, person: str, area: str) -> None:
    with transaction(store.owner, "x") as conn:
        conn.execute(
            text("insert into party (code, kind, name) values (:p, 'person', :p)"), {"p": person}
        )
        conn.execute(
            text("insert into duty (party, role, net, area) values (:p, 'auditor', 'admin', :a)"),
            {"p": person, "a": area},
        )


def test_an_auditor_reads_what_happened_and_nothing_else(toy_store: Store) -> None:
    store = toy_store
    appoint(store, "auditor", "3701")
    appoint(store, "beside", toy.TWO)
    tell(store, "sealed")
    seal_waiting(store.owner)
    tell(store, "fresh")
    with transaction(store.app, "planner") as conn:
        said = {"order": {"reason": "张先生 13805310000"}, "issue": {"state": "sent"}}
        record(conn, "issue", "1", "return", said, path=["3701"])
        record(conn, "account", "x", "signed_in")
    told = events_for(store, "auditor")
    assert [e["name"] for e in told[:4]] == ["signed_in", "return", "fresh", "sealed"]
    assert told[1]["detail"] == {"state": "sent"}
    assert [pd.notna(e["seal"]) for e in told[2:4]] == [False, True]
    assert [e["name"] for e in events_for(store, "auditor", nouns=["tale"])] == ["fresh", "sealed"]
    for nobody in ("beside", "planner", "approver", "stranger", ""):
        assert not [e for e in events_for(store, nobody) if e["noun"] in ("tale", "account")]
    with transaction(store.app, "auditor") as conn:
        for table in ("issue", "task", "plan", "event", "review"):
            assert conn.execute(text(f"select count(*) from {table}")).scalar() == 0
        assert len(list(read_seals(conn))) > 0
    with transaction(store.app, "planner") as conn:
        assert list(read_seals(conn)) == []


def events_for(store: Store, person: str, **asked: Any) -> list[dict[str, Any]]:
    with transaction(store.app, person) as conn:
        rows: list[dict[str, Any]] = audited(conn, Asked(**asked)).to_dict("records")
    return rows


def test_an_auditor_asks_over_http_page_by_page_and_nobody_else_does(
    toy_store: Store, tmp_path: Path
) -> None:
    appoint(toy_store, "auditor", "370102")
    for name in "abc":
        tell(toy_store, name)
    seal_waiting(toy_store.owner)
    asked: dict[str, Any] = {"noun": "tale", "most": 2, "since": "2020-01-01T00:00:00+08:00"}
    with asking(toy_store, tmp_path, "auditor") as client:
        first = client.get("/api/audit/events", params=asked).json()
        rest = client.get("/api/audit/events", params={**asked, "below": first[-1]["id"]}).json()
        assert [row["name"] for row in first + rest] == ["c", "b", "a"]
        assert client.get("/api/audit/events", params={"subject": ["2", "3"]}).json() == []
        (seal,) = client.get("/api/audit/seals").json()
        assert {row["seal"] for row in first} == {seal["number"]} == {1}
        with transaction(toy_store.owner, "x") as conn:
            assert seal["hash"] == next(read_seals(conn)).hash.hex()
        odd: dict[str, Any] = {"since": "2020-01-01T00:00:00", "most": 0}
        assert client.get("/api/audit/events", params=odd).status_code == 422
        verdict = client.post("/api/audit/verify").json()
        assert (verdict["holds"], verdict["last"], verdict["seal"]) == (True, 1, None)
        client.app.state.pace = Pace(now=lambda: 65.0)  # type: ignore[attr-defined]
        for _ in range(5):
            answer = client.post("/api/audit/verify")
        assert (answer.status_code, answer.json()["code"]) == (429, "TooOften")
    with asking(toy_store, tmp_path, "approver") as client:
        for what in ("events", "seals"):
            assert client.get(f"/api/audit/{what}").status_code == 403
        assert client.post("/api/audit/verify").status_code == 403


def asking(store: Store, folder: Path, person: str) -> TestClient:
    return TestClient(create_app(store, person=person, chosen=Settings(folder)), client=HERE)
