"""History is appended, never changed; its seals show whoever changed it all the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError
from typer.testing import CliRunner

from api.cli.audit import app
from api.sealing import seal_waiting
from geo.errors import BadSealsFileError, RowRefusedError
from geo.seals import Breach, Fault, Verdict, write_seals
from geo.seals import read_seals as seals_of_file
from geo.store.database import Store, transaction
from geo.store.events import record, record_all
from geo.store.seals import read_seals, seal, verify
from tests.deep import cases
from tests.plugins.database import Databases

REFUSED = (ProgrammingError, RowRefusedError)


@pytest.fixture
def store(toy_store: Store) -> Store:
    seal_waiting(toy_store.owner)  # what loading the city told
    return toy_store


def tell(store: Store, *names: str, person: str = "planner", **detail: object) -> None:
    for name in names:
        with transaction(store.app, person) as conn:
            record(conn, "tale", "1", name, detail, path=["3701", "370102"])


def checked(store: Store, **how: Any) -> Verdict:
    with transaction(store.owner, "auditor") as conn:
        return verify(conn, **how)


def numbers(store: Store, name: str) -> list[int]:
    with transaction(store.owner, "x") as conn:
        asked = text("select id from event where name = :name order by id")
        return list(conn.execute(asked, {"name": name}).scalars())


def by_force(store: Store, order: str, **values: object) -> None:
    """Change history as whoever owns the tables can."""
    with transaction(store.owner, "x") as conn:
        for each in ("event", "seal"):
            conn.execute(text(f"alter table {each} disable trigger user"))
        conn.execute(text(order), values)
        for each in ("event", "seal"):
            conn.execute(text(f"alter table {each} enable trigger user"))


APPENDED = (
    "insert into event (noun, subject, name, person{more}) values ('a', '1', 'x', 'planner'{v})"
)
CLOSED_TO_THE_APP = (
    "update event set name = 'x'",
    "delete from event",
    "truncate event cascade",
    "alter table event disable trigger all",
    "drop trigger event_is_kept on event",
    "drop table event cascade",
    APPENDED.format(more=", at", v=", now()"),
    APPENDED.format(more=", xact", v=", 1"),
    "insert into event (id) overriding system value values (1)",
    "insert into seal select * from seal",
    "update seal set events = 1",
    "delete from seal",
    "truncate seal",
    "select leaves from seal",
    "drop function history_is_kept() cascade",
    "set session_replication_role = replica",
)
CLOSED_TO_ALL = (
    "update event set name = 'x'",
    "delete from event",
    "truncate event cascade",
    "update seal set hash = ''",
    "delete from seal",
    "truncate seal",
)


def test_the_app_role_appends_to_history_and_does_nothing_else_to_it(store: Store) -> None:
    tell(store, "x")
    for order in CLOSED_TO_THE_APP:
        with pytest.raises(REFUSED), transaction(store.app, "planner") as conn:
            conn.execute(text(order))


def test_the_owner_does_not_change_history_by_mistake(store: Store) -> None:
    for order in CLOSED_TO_ALL:
        with pytest.raises(IntegrityError, match="never"), transaction(store.owner, "x") as conn:
            conn.execute(text(order))


def test_what_is_committed_late_is_sealed_and_changes_no_seal(store: Store) -> None:
    with transaction(store.app, "planner") as slow:
        record(slow, "tale", "1", "early number, late commit")
        tell(store, "later number, early commit")
        assert seal_waiting(store.owner) == 0  # what is under way holds back what is after it
        assert checked(store).waiting == 1
    sealed = list_of(store)
    assert seal_waiting(store.owner) == 1
    assert list_of(store)[:-1] == sealed
    assert checked(store).waiting == 0
    assert checked(store).breach is None


def list_of(store: Store) -> list[Any]:
    with transaction(store.owner, "x") as conn:
        return list(read_seals(conn))


def test_what_was_undone_is_in_no_seal_and_missed_by_none(store: Store) -> None:
    with transaction(store.app, "planner", commit=False) as conn:
        record(conn, "tale", "1", "undone")
    tell(store, "kept")
    seal_waiting(store.owner)
    assert checked(store).breach is None


def test_a_backlog_is_sealed_in_batches_and_a_transaction_as_a_whole(store: Store) -> None:
    tell(store, *"abc")
    with transaction(store.app, "planner") as conn:
        for name in "defgh":
            record(conn, "tale", "1", name)
    sizes = []
    while True:
        with transaction(store.owner, "seal") as conn:
            made = seal(conn, most=2)
        if made is None:
            break
        sizes.append(made.events)
    assert sizes == [2, 6]  # a, b; c with all of the transaction after it
    assert checked(store).breach is None


CHANGES: tuple[tuple[str, Fault], ...] = (
    ("update event set detail = '{\"a\": 2}' where id = :id", "event_changed"),
    ("update event set at = at + interval '1 microsecond' where id = :id", "event_changed"),
    ("update event set person = 'checker', detail = '{\"a\": 1}' where id = :id", "event_changed"),
    ("delete from event where id = :id", "event_gone"),
)
LATER = "update event set xact = pg_current_xact_id()::text::bigint + :more where name = :name"


def test_a_change_by_force_is_told_with_the_event(store: Store) -> None:
    tell(store, "before")
    seal_waiting(store.owner)
    tell(store, "one", "two", "three", a=1)
    seal_waiting(store.owner)
    before = checked(store)
    assert before.breach is None
    (changed,) = numbers(store, "two")
    for order, fault in CHANGES:
        by_force(store, order, id=changed)
        found = checked(store)
        assert found.breach == Breach(fault, before.last, (changed,))
        assert found.last == before.last - 1  # what was sealed before it holds


def test_an_event_put_in_between_is_told(store: Store) -> None:
    with transaction(store.app, "planner", commit=False) as conn:
        record(conn, "tale", "1", "undone")  # leaves a number free
    tell(store, "after")
    seal_waiting(store.owner)
    (after,) = numbers(store, "after")
    by_force(
        store,
        "insert into event (id, noun, subject, name, person, xact) overriding system value"
        " select :id, 'tale', '1', 'never', 'x', xact from event where id = :id + 1",
        id=after - 1,
    )
    assert checked(store).breach == Breach("event_added", 0, (after - 1,))


@pytest.mark.parametrize(("name", "more"), [("sealed", 0), ("waits", 1_000_000)])
def test_an_event_given_a_later_transaction_is_told(store: Store, name: str, more: int) -> None:
    tell(store, "sealed")
    seal_waiting(store.owner)
    tell(store, "waits")
    assert checked(store).breach is None
    by_force(store, LATER, name=name, more=more)
    assert checked(store).breach == Breach("event_put_off", 0, tuple(numbers(store, name)))


@pytest.mark.parametrize(
    ("order", "fault"),
    [
        ("delete from seal where number = :last - 1", "seal_gone"),
        (
            "update seal set sealed_at = sealed_at - interval '1 day' where number = :last - 1",
            "seal_changed",
        ),
        ("update seal set until = 0, hash = digest where number = :last - 1", "seal_changed"),
    ],
)
def test_a_seal_that_is_changed_or_gone_breaks_the_chain(
    store: Store, order: str, fault: Any
) -> None:
    for name in "abc":
        tell(store, name)
        seal_waiting(store.owner)
    last = checked(store).last
    by_force(store, order, last=last)
    breach = checked(store).breach
    assert breach is not None
    assert breach.fault == fault
    assert breach.seal in {last - 1, last}


def test_a_chain_made_anew_is_told_by_the_seals_somebody_else_keeps(
    store: Store, tmp_path: Path
) -> None:
    tell(store, "one", "two")
    seal_waiting(store.owner)
    write_seals(list_of(store), tmp_path / "kept.csv")
    held = seals_of_file(tmp_path / "kept.csv")
    assert held == list_of(store)
    assert checked(store, held=held).breach is None
    # Whoever owns the database forges an event and makes all seals again: here nothing is wrong.
    by_force(store, "update event set person = 'checker' where name = 'two'")
    by_force(store, "truncate seal")
    seal_waiting(store.owner)
    assert checked(store).breach is None
    breach = checked(store, held=held).breach
    assert breach is not None
    assert breach.fault == "other_chain"
    # Nor may the newest be taken away.
    by_force(store, "truncate seal")
    assert checked(store, held=held).breach == Breach("seal_gone", 1)


@pytest.mark.parametrize("said", ["", "a,b\n1,2\n", "number,ids\nx,y\n", "\0", "号码\n"])
def test_a_file_that_holds_no_seals_is_refused(tmp_path: Path, said: str) -> None:
    path = tmp_path / "kept.csv"
    if said:
        path.write_text(said, "utf-8")
    with pytest.raises(BadSealsFileError):
        seals_of_file(path)


TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
)


@pytest.fixture(scope="module")
def empty(databases: Databases) -> Iterator[Store]:
    name, made = databases.make()
    yield made
    made.close()
    databases.drop(name)


@given(st.dictionaries(TEXTS, VALUES, max_size=4), TEXTS)
@settings(max_examples=cases(20), deadline=None)
def test_anybody_can_reckon_the_leaf_of_an_event_without_the_database(
    empty: Store, detail: dict[str, Any], name: str
) -> None:
    us = "(extract(epoch from at) * 1000000)::bigint"
    asked = f"""select id, noun, subject, name, detail, path, person, {us} as us,
        jsonb_build_array(id, noun, subject, name, detail, path, person, {us})::text as told
        from event order by id desc limit 1"""
    with transaction(empty.owner, "x", commit=False) as conn:
        record(conn, "tale", "7", name, detail, path=["3701"])
        *values, theirs = conn.execute(text(asked)).one()
    ours = json.dumps(list(map(in_order, values)), ensure_ascii=False)
    assert json.loads(ours) == json.loads(theirs)
    if all(letter.isprintable() for letter in ours):  # escapes are written in two ways
        assert hashlib.sha256(ours.encode()).digest() == hashlib.sha256(theirs.encode()).digest()


def in_order(value: Any) -> Any:
    """Keys as jsonb orders them: the shorter first, then by bytes."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: (len(key.encode()), key.encode()))
        return {key: in_order(value[key]) for key in keys}
    return [in_order(each) for each in value] if isinstance(value, list) else value


def test_the_command_says_what_holds_and_exits_with_one_where_it_does_not(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.cli.planning.open_store", lambda _chosen: store)
    tell(store, "one", "two")
    assert invoked("seal") == (0, "新增 1 个封存。1 seals made.\n")
    kept = str(tmp_path / "kept.csv")
    assert invoked("seals", "--out", kept)[0] == 0
    code, said = invoked("verify", "--seals", kept)
    assert code == 0, said
    assert "完好" in said
    by_force(store, "delete from event where name = 'two'")
    code, said = invoked("verify")
    assert code == 1
    assert f"taken away: {int(said.rpartition('taken away: ')[2].partition('.')[0])}" in said


def invoked(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, list(words))
    return done.exit_code, done.output


def test_history_holds_no_number_of_a_person(store: Store) -> None:
    order = {"reason": "找 138-0531-0000 张先生", "result": "请拨 0531-82345678"}
    task = {"result": "已联系 １３８０５３１００００", "party": "P370102001001"}
    said = {"order": order, "tasks": {"7": task}}
    with transaction(store.app, "planner") as conn:
        record(conn, "tale", "1", "one", said)
        record_all(conn, [{"noun": "tale", "subject": "1", "name": "many", "detail": said,
                           "path": []}])  # fmt: skip
        asked = text("select detail from event where noun = 'tale' order by id desc limit 2")
        told = list(conn.execute(asked).scalars())
    assert told[0] == told[1]
    assert told[0]["order"] == {"reason": "找 *** 张先生", "result": "请拨 0531-82345678"}
    assert told[0]["tasks"]["7"] == {"result": "已联系 ***", "party": "P370102001001"}
