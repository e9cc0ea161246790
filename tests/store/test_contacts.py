"""A telephone is kept where the city says so, under a key of its own, shown for a reason."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from api.app import create_app
from api.contacts import contact_keys, key_file, next_file
from api.forgetting import forget, forget_waiting
from api.rekeying import Rekeyed, rekey
from api.settings import Settings
from geo.errors import OtherKeyError
from geo.issues.reporters import reporter_key
from geo.retention import Periods
from geo.store.database import Store, transaction
from geo.vault import Sealed, master_key, opened, sealed
from tests.api.conftest import HERE
from tests.store import toy

NUMBER = "13805310000"
KEY = str(reporter_key(NUMBER, b"secret"))
(POINT,) = toy.points((0.5, 0.5))


def asking(store: Store, folder: Path, person: str, *, keeps: bool = True) -> TestClient:
    app = create_app(store, person=person, chosen=Settings(folder), reporter_secret=b"secret")
    app.state.contacts = replace(app.state.contacts, keeps=keeps)
    return TestClient(app, client=HERE)


def hand_in(client: TestClient, number: str = "1", contact: str = NUMBER) -> int:
    said = {"source": "hotline", "reference": number, "text": "路灯不亮", "contact": contact,
            "lon": POINT.x, "lat": POINT.y, "datum": "wgs84"}  # fmt: skip
    answer = client.post("/api/issues", json=said)
    assert answer.status_code in (200, 201), answer.text
    return int(answer.json()["id"])


@pytest.fixture
def desk(toy_store: Store, tmp_path: Path) -> Iterator[TestClient]:
    with asking(toy_store, tmp_path, "dispatcher") as client:
        yield client


def rows(store: Store, asked: str) -> list[tuple[Any, ...]]:
    with transaction(store.owner, "x") as conn:
        return [tuple(row) for row in conn.execute(text(asked))]


def shown(client: TestClient, issue: int, reason: str = "回访 13905310000") -> Any:
    return client.post(f"/api/issues/{issue}/contact", json={"reason": reason})


def test_a_telephone_is_kept_once_encrypted_and_shown_with_a_trace(
    desk: TestClient, toy_store: Store, tmp_path: Path
) -> None:
    first, second = hand_in(desk), hand_in(desk, "2")
    hand_in(desk)  # delivered again
    ((wrapped, kept),) = rows(toy_store, "select wrapped, sealed from contact")
    assert NUMBER.encode() not in bytes(wrapped) + bytes(kept)
    assert stat.S_IMODE((tmp_path / "person.key").stat().st_mode) == 0o600
    for issue in (first, second):
        assert desk.get(f"/api/issues/{issue}").json()["contact"] is True
        assert shown(desk, issue).json() == {"contact": NUMBER}
    told = "select person, detail from event where noun = 'person' order by id"
    assert rows(toy_store, told) == [
        ("dispatcher", {"issue": issue, "reason": "回访 ***"}) for issue in (first, second)
    ]


def test_nobody_else_is_shown_it_and_nobody_without_a_reason(
    desk: TestClient, toy_store: Store, tmp_path: Path
) -> None:
    issue = hand_in(desk)
    for reason in ("", " ", "\u3000\u3000", "\u200b\u2060\ufeff", "13905310000", "..."):
        assert shown(desk, issue, reason).status_code == 422
    for person in ("leader", "planner", "stranger"):
        with asking(toy_store, tmp_path, person) as client:
            assert shown(client, issue).status_code in (403, 404), person
        with transaction(toy_store.app, person) as conn:
            asked = text("select count(*) from show_contact(:issue, 'because')")
            assert conn.execute(asked, {"issue": issue}).scalar() == 0
    asked = text("select count(*) from show_contact(:issue, cast(:reason as text))")
    for said in (None, "", " \t", "\u3000\u200b\u00a0"):
        with pytest.raises(IntegrityError), transaction(toy_store.app, "dispatcher") as conn:
            conn.execute(asked, {"issue": issue, "reason": said})
    for order in (
        "select * from contact",
        "delete from contact",
        "insert into contact values ('')",
    ):
        with pytest.raises(ProgrammingError), transaction(toy_store.app, "dispatcher") as conn:
            conn.execute(text(order))
    assert rows(toy_store, "select 1 from event where noun = 'person'") == []


def test_nobody_finds_out_who_reported_by_handing_the_same_in_again(
    desk: TestClient, toy_store: Store, tmp_path: Path
) -> None:
    """Who sees the issue knows all the rest; whoever received it or dispatches there may ask."""
    issue = hand_in(desk)
    said = {"source": "hotline", "reference": "1", "text": "路灯不亮",
            "lon": POINT.x, "lat": POINT.y, "datum": "wgs84"}  # fmt: skip
    with asking(toy_store, tmp_path, "planner") as client:
        assert client.get(f"/api/issues/{issue}").status_code == 200
        guesses = [said | {"contact": guess} for guess in (NUMBER, "13805310001")]
        told = [client.post("/api/issues", json=guess) for guess in guesses]
        assert [(one.status_code, one.json()["code"]) for one in told] == [(409, "Conflict")] * 2
    with asking(toy_store, tmp_path, "dispatcher") as client:
        assert hand_in(client) == issue


def test_no_telephone_is_kept_where_the_city_keeps_none(toy_store: Store, tmp_path: Path) -> None:
    with asking(toy_store, tmp_path, "dispatcher", keeps=False) as client:
        issue = hand_in(client)
        assert shown(client, issue).status_code == 404
        assert client.get(f"/api/issues/{issue}").json()["contact"] is False
    assert rows(toy_store, "select 1 from contact") == []
    assert not (tmp_path / "person.key").exists()
    ours = create_app(toy_store, person="dispatcher", chosen=Settings(tmp_path))
    assert ours.state.contacts.keeps is False  # as the program comes


def test_erasing_a_person_destroys_the_key(
    desk: TestClient, toy_store: Store, tmp_path: Path
) -> None:
    issue = hand_in(desk)
    forget(toy_store.owner, tmp_path, KEY, reason="申请", who="mayor", commit=True)
    assert rows(toy_store, "select 1 from contact") == []
    assert shown(desk, issue).status_code == 404


def test_a_contact_goes_after_its_time_and_not_while_an_issue_is_open(
    desk: TestClient, toy_store: Store, tmp_path: Path
) -> None:
    kept = Periods(1000, 1000, 1000, 20)
    hand_in(desk)
    with toy_store.owner.begin() as conn:
        conn.execute(text("update contact set made_at = now() - interval '21 days'"))
        conn.execute(text("update issue set received_at = now() - interval '21 days'"))
    forget_waiting(toy_store.owner, tmp_path, kept)
    assert len(rows(toy_store, "select 1 from contact")) == 1
    with toy_store.owner.begin() as conn:
        conn.execute(text("update issue set state = 'closed', outcome = 'solved'"))
    forget_waiting(toy_store.owner, tmp_path, kept)
    assert rows(toy_store, "select 1 from contact") == []


def test_what_is_sealed_opens_with_its_own_key_for_its_own_person_alone(tmp_path: Path) -> None:
    key = master_key(b"one")
    kept = sealed(NUMBER, KEY, key)
    assert opened(kept, KEY, key) == NUMBER
    assert sealed(NUMBER, KEY, key) != kept
    changed = kept._replace(sealed=kept.sealed[:-1] + bytes([kept.sealed[-1] ^ 1]))
    wrong = ((kept, KEY, master_key(b"two")), (kept, "0" * 32, key), (changed, KEY, key))
    for told in (*wrong, (kept._replace(wrapped=b""), KEY, key)):
        with pytest.raises(OtherKeyError):
            opened(*told)
    named = {"JINGWEI_KEY_FILE": str(tmp_path / "elsewhere" / "k")}
    assert contact_keys(tmp_path, named) == contact_keys(tmp_path / "other", named)
    assert contact_keys(tmp_path, {}) != contact_keys(tmp_path, named)


def test_the_key_is_changed_in_batches_taken_up_where_they_stopped(
    desk: TestClient, toy_store: Store, tmp_path: Path
) -> None:
    def changed() -> Rekeyed:
        return rekey(toy_store.owner, path, who="mayor", reason="到期更换", at_once=1)

    def opens(key: bytes) -> list[bool]:
        kept = rows(toy_store, "select reporter, wrapped, sealed from contact order by reporter")
        return [can_open(Sealed(*map(bytes, one)), whose, key) for whose, *one in kept]

    path = key_file(tmp_path, {})
    issues = [hand_in(desk, str(n), f"1380531000{n}") for n in range(4)]
    (old,) = contact_keys(tmp_path, {})
    ((last, kept),) = rows(
        toy_store, "select reporter, wrapped from contact order by 1 desc limit 1"
    )
    wrap = text("update contact set wrapped = :key where reporter = :last")
    with toy_store.owner.begin() as conn:
        conn.execute(wrap, {"key": b"of nobody", "last": last})
    with pytest.raises(OtherKeyError):
        changed()
    new, still = contact_keys(tmp_path, {})
    assert (still, opens(new), opens(old)) == (old, [True] * 3 + [False], [False] * 4)
    later = hand_in(desk, "5", "13805310005")
    assert (sum(opens(new)), sum(opens(old))) == (4, 0)
    with toy_store.owner.begin() as conn:
        conn.execute(wrap, {"key": kept, "last": last})
    assert {shown(desk, issue).status_code for issue in (*issues, later)} == {200}
    assert changed() == Rekeyed(5, 1)
    assert (contact_keys(tmp_path, {}), next_file(path).exists()) == ((new,), False)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert opens(new) == [True] * 5
    told = "select name, detail from event where noun = 'person' and name like 'rekey%' order by id"
    why = {"reason": "到期更换"}
    done = ("rekeyed", why | {"contacts": 5, "wrapped": 1})
    assert rows(toy_store, told) == [("rekey", why), ("rekey", why), done]


def can_open(kept: Sealed, whose: str, key: bytes) -> bool:
    try:
        return bool(opened(kept, whose, key))
    except OtherKeyError:
        return False
