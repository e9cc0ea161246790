"""Whatever door a person came in by, after the erasure no column of any table holds the words."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from api.app import create_app
from api.forgetting import forget, forget_waiting
from api.outgoing.delivering import Desk, deliver
from api.outgoing.posting import posting_session
from api.outgoing.targets import allowed
from api.sealing import seal_waiting
from api.settings import Door, Settings
from geo.issues.reporters import reporter_key
from geo.outbox import limits
from geo.retention import Periods
from geo.store.database import Store, transaction
from geo.store.outgoing.hooks import Hook, add
from geo.store.seals import verify
from tests.apart import apart
from tests.api.conftest import HERE
from tests.photographed import jpeg
from tests.store import toy

NUMBER: Final = "13805317788"
KEY: Final = str(reporter_key(NUMBER, b"secret"))
MARK: Final = "甲乙丙丁"
VISITED: Final = "戊己庚辛"
(POINT,) = toy.points((0.5, 0.5))
# Every column that can hold a word, as text; bytes as UTF-8 would stand in them.
COLUMNS: Final = """
    select table_schema, table_name, column_name, data_type from information_schema.columns
    join information_schema.tables using (table_schema, table_name)
    where table_schema not in ('pg_catalog', 'information_schema', 'topology', 'tiger')
        and table_type = 'BASE TABLE'
        and data_type in (
            'text', 'character varying', 'json', 'jsonb', 'bytea', 'ARRAY', 'USER-DEFINED'
        )
        and udt_name not in ('geometry', 'geography')
    order by 1, 2, 3
"""


@pytest.fixture
def desk(toy_store: Store, tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(app_of(toy_store, tmp_path), client=HERE) as client:
        yield client


def app_of(store: Store, folder: Path) -> Any:
    door = Door(keys=frozenset({"k"}))
    app = create_app(
        store, person="dispatcher", chosen=Settings(folder), reporter_secret=b"secret", door=door
    )
    app.state.contacts = replace(app.state.contacts, keeps=True)
    return app


def numbers(store: Store) -> list[int]:
    with transaction(store.owner, "x") as conn:
        return list(conn.execute(text("select id from issue order by id")).scalars())


def places_of(store: Store, word: str) -> list[str]:
    """Return the columns that hold a word, in clear."""
    found = []
    with transaction(store.owner, "x") as conn:
        for schema, table, column, kind in conn.execute(text(COLUMNS)).all():
            held = f'"{column}"::text' if kind != "bytea" else f"encode(\"{column}\", 'hex')"
            sought = word if kind != "bytea" else word.encode().hex()
            asked = f'select count(*) from "{schema}"."{table}" where strpos({held}, :word) > 0'
            if conn.execute(text(asked), {"word": sought}).scalar():
                found.append(f"{table}.{column}")
    return found


def files_with(folder: Path, word: str) -> list[str]:
    return [p.name for p in folder.rglob("*") if p.is_file() and word.encode() in p.read_bytes()]


def by_http(client: TestClient) -> None:
    said = {"source": "hotline", "reference": "http", "contact": NUMBER, "datum": "wgs84",
            "text": f"{MARK}一", "address": f"{MARK}二",
            "lon": POINT.x, "lat": POINT.y}  # fmt: skip
    assert client.post("/api/issues", json=said).status_code == 201


def by_file(client: TestClient) -> None:
    row = {"来源": "hotline", "工单编号": "file", "内容": f"{MARK}三", "地址": f"{MARK}四",
           "来电号码": NUMBER, "经度": POINT.x, "纬度": POINT.y}  # fmt: skip
    kept = BytesIO()
    pd.DataFrame([row]).to_csv(kept, index=False)
    asked: dict[str, str | bool] = {"commit": True, "datum": "wgs84", "name": "a.csv"}
    answer = client.post("/api/issues/import", params=asked, content=kept.getvalue())
    assert answer.json().get("committed", {}).get("new") == 1, answer.text


def by_open311(client: TestClient) -> None:
    said = {"api_key": "k", "service_code": "S", "lat": POINT.y, "long": POINT.x, "phone": NUMBER,
            "description": f"{MARK}五", "address_string": f"{MARK}六", "first_name": f"{MARK}七",
            "last_name": f"{MARK}八", "email": "mark9@example.org", "device_id": f"{MARK}九",
            "account_id": f"{MARK}十"}  # fmt: skip
    answer = client.post("/open311/v2/requests.json", data=said)
    assert answer.status_code == 200, answer.text


def by_resident(client: TestClient) -> None:
    said = {"key": "k" * 24, "text": f"{MARK}百", "address": f"{MARK}千", "contact": NUMBER,
            "lon": str(POINT.x), "lat": str(POINT.y)}  # fmt: skip
    sent = client.post("/api/report", data=said, files={"photo": ("p.jpg", jpeg(shade=99))},
                       follow_redirects=False)  # fmt: skip
    assert sent.status_code in (200, 303), sent.text


DOORS: Final = (by_http, by_file, by_open311, by_resident)


def by_bad_rows(client: TestClient) -> None:
    """A file of two rows, one of which names no place that can be read."""
    row = {"来源": "hotline", "工单编号": "odd", "内容": f"{MARK}亿", "来电号码": NUMBER,
           "经度": f"{MARK}京", "纬度": f"{POINT.y}"}  # fmt: skip
    kept = BytesIO()
    pd.DataFrame([row, row | {"工单编号": "even", "经度": f"{POINT.x}"}]).to_csv(kept, index=False)
    asked: dict[str, str | bool] = {"commit": True, "datum": "wgs84", "name": "b.csv"}
    answer = client.post("/api/issues/import", params=asked, content=kept.getvalue())
    assert answer.json().get("committed", {}).get("new") == 2, answer.text
    assert f"{MARK}京" in answer.text  # whoever sent the file is told what is wrong with it


async def delivered(store: Store, home: Path) -> None:
    """Take all that waits where it goes; what goes nowhere fails."""
    may, rules = allowed(""), limits()
    with transaction(store.owner, "x") as conn:
        waiting = list(conn.execute(text("select id from delivery where state = 'pending'")))
    async with posting_session(may, rules) as session:
        for (number,) in waiting:
            await deliver(Desk(store.owner, home, may, rules, session), int(number))


def step(client: TestClient, issue: int, **said: Any) -> None:
    done = client.post(f"/api/issues/{issue}/steps", json=said)
    assert done.status_code == 200, done.text


def test_nothing_that_a_person_said_is_left_in_any_column_after_the_erasure(
    desk: TestClient, toy_store: Store, tmp_path: Path
) -> None:
    with transaction(toy_store.owner, "dispatcher") as conn:
        conn.execute(text("insert into service (code, name) values ('S', '路灯')"))
        add(conn, Hook("all", "370102", url="https://hook.example.org"))
    for door in DOORS:
        door(desk)
    assert places_of(toy_store, NUMBER) == []  # nor was it ever there in clear
    issues = numbers(toy_store)
    assert len(issues) == len(DOORS)
    for issue in issues:
        step = {"step": "cancel", "reason": f"{MARK}万"}
        done = desk.post(f"/api/issues/{issue}/steps", json=step)
        assert done.status_code == 200, done.text
        shown = desk.post(f"/api/issues/{issue}/contact", json={"reason": "回访"})
        assert NUMBER in shown.json()["contact"]
        assert f"{MARK}万" in desk.get(f"/api/issues/{issue}").text  # its history, whole
    assert {"issue.text", "issue.address", "said.words"} <= set(places_of(toy_store, MARK))
    assert "event.detail" not in places_of(toy_store, MARK)
    with transaction(toy_store.owner, "x") as conn:
        assert verify(conn).breach is None
    forget(toy_store.owner, tmp_path / "photos", KEY, reason="申请", who="mayor", commit=True)
    assert {w: places_of(toy_store, w) for w in (MARK, NUMBER, KEY, KEY[:8], "mark9")} == {
        MARK: [], NUMBER: [], KEY: [], KEY[:8]: [], "mark9": []
    }  # fmt: skip
    assert {w: files_with(tmp_path, w) for w in (MARK, NUMBER)} == {MARK: [], NUMBER: []}
    assert list(tmp_path.rglob("*.jpg")) == []
    seal_waiting(toy_store.owner)
    with transaction(toy_store.owner, "x") as conn:
        assert verify(conn).breach is None


def test_nor_where_it_was_merged_handed_over_logged_found_wrong_in_a_file_or_visited(
    desk: TestClient, toy_store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with transaction(toy_store.owner, "dispatcher") as conn:
        for kind in ("file", "log"):
            add(conn, Hook(f"to-{kind}", "370102", kind=kind, party="leader"))
    by_http(desk)
    by_bad_rows(desk)
    other = {"source": "hotline", "reference": "other", "contact": "13905310000", "datum": "wgs84",
             "text": "路灯不亮", "lon": POINT.x, "lat": POINT.y}  # fmt: skip
    assert desk.post("/api/issues", json=other).status_code == 201
    mine, odd, _, others = numbers(toy_store)
    step(desk, mine, step="send", party="leader", reason=f"{MARK}百")
    apart(lambda: asyncio.run(delivered(toy_store, tmp_path)))
    step(desk, odd, step="merge", into=others, reason=f"{MARK}千")
    visit = {"kind": "visit", "party": "leader", "area": f"{toy.TWO}003", "text": f"{VISITED}一"}
    assert desk.post("/api/tasks", json=visit).status_code == 201
    assert files_with(tmp_path / "outbox", MARK)
    lying = {file: file.read_bytes() for file in (tmp_path / "outbox").glob("*/*")}
    assert "import_batch.report" not in places_of(toy_store, MARK)
    forget(toy_store.owner, tmp_path / "photos", KEY, reason="申请", who="mayor", commit=True,
           home=tmp_path)  # fmt: skip
    assert {w: places_of(toy_store, w) for w in (MARK, NUMBER, KEY)} == {
        MARK: [], NUMBER: [], KEY: []
    }  # fmt: skip
    assert {w: files_with(tmp_path, w) for w in (MARK, NUMBER)} == {MARK: [], NUMBER: []}
    assert "msg_" in caplog.text
    assert MARK not in caplog.text
    assert NUMBER not in caplog.text
    assert places_of(toy_store, "路灯不亮") == ["issue.text"]  # of the other nothing is gone
    assert "task.text" in places_of(toy_store, VISITED)  # of a household: it goes after its time
    with transaction(toy_store.owner, "x") as conn:
        conn.execute(text("update task set state = 'closed' where issue is null"))
    for file, held in lying.items():  # as who was killed, or was just writing it, leaves it
        file.write_bytes(held)
    forget_waiting(toy_store.owner, tmp_path / "photos", Periods(9, 9, 0, 9), home=tmp_path)
    assert places_of(toy_store, VISITED) == []
    assert files_with(tmp_path, MARK) == []


def test_words_that_were_changed_in_history_are_found(desk: TestClient, toy_store: Store) -> None:
    by_http(desk)
    (issue,) = numbers(toy_store)
    desk.post(f"/api/issues/{issue}/steps", json={"step": "cancel", "reason": "重复"})
    with toy_store.owner.begin() as conn:
        conn.execute(text("update said set words = replace(words::text, '重复', '另一')::jsonb"))
    with transaction(toy_store.owner, "x") as conn:
        found = verify(conn).breach
        assert found is not None
        assert found.fault == "words_changed"
    changes = ("update said set words = '[]'", "delete from said", "insert into said values (1)")
    for order in changes:
        with pytest.raises(ProgrammingError), transaction(toy_store.app, "x") as conn:
            conn.execute(text(order))
