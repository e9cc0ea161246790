"""An auditor reads what happened, whether it is sealed, and nothing else."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from api.sealing import seal_waiting
from geo.store.database import Store, transaction
from geo.store.events import record
from geo.store.seals import Asked, audited, read_seals
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
    assert [e["seal"] > 0 for e in told[2:4]] == [False, True]
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
