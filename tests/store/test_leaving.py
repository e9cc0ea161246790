"""A stream ends within seconds of its session, and tells nothing from a duty's end on."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from api.app import create_app
from api.settings import Settings
from api.streaming import leaving
from geo.errors import NotLetInError
from geo.store import accounts
from geo.store.database import Store, transaction
from tests.serving import served
from tests.store.matrix import AWAY, Ground, session
from tests.store.outbox.ears import Ear
from tests.store.outbox.workers import until
from tests.store.test_issues import at, received


@pytest.fixture
def ground(toy_store: Store, tmp_path: Path) -> Ground:
    chosen = Settings(tmp_path, sign_in="required")
    return Ground(toy_store, create_app(toy_store, person="dispatcher", chosen=chosen), {})


def test_no_session_begins_for_an_account_that_was_closed_meanwhile(ground: Ground) -> None:
    session(ground, "checker")
    with transaction(ground.store.owner, "tests") as conn:
        accounts.set_open(conn, "checker", is_open=False)
    with pytest.raises(NotLetInError):  # her password was looked at before
        ground.app.state.entrance.begin("checker", "password")
    with transaction(ground.store.owner, "tests") as conn:
        assert conn.execute(text("select count(*) from session")).scalar() == 0


def test_who_is_signed_out_hears_nothing_more(
    ground: Ground, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Nor is that forgotten for a fault of our own meanwhile, which is told."""
    monkeypatch.setattr(leaving, "EVERY_S", 0.2)
    people = ("dispatcher", "planner", "checker", "approver", "stranger", "leader")
    held = {person: session(ground, person) for person in people}
    with served(ground.app) as root:
        port = int(root.rpartition(":")[2])
        ears = {who: Ear(port, who, cookie=cookie) for who, cookie in held.items()}
        with ground.store.owner.begin() as conn:
            conn.execute(text("alter table session rename column ends_at to ended"))
        until(lambda: "seeing out failed" in caplog.text)
        with ground.store.owner.begin() as conn:
            conn.execute(text("alter table session rename column ended to ends_at"))
        TestClient(ground.app, client=AWAY).post("/sign-out", headers={"cookie": held["planner"]})
        with ground.store.owner.begin() as conn:
            conn.execute(text("delete from session where party = 'checker'"))
            conn.execute(text("update session set ends_at = now() where party = 'approver'"))
            conn.execute(text("update party set ended_on = current_date where code = 'stranger'"))
            conn.execute(text("update duty set valid_to = current_date where party = 'leader'"))
        until(lambda: sum(ear.over for ear in ears.values()) == 4)
        assert not ears["dispatcher"].over
        issue = received(ground.store, at(2.5, 0.5, "after")).id
        until(lambda: str(issue) in ears["dispatcher"].subjects())
        assert ears["leader"].told == [], "the duty that showed it is over; the session is not"
        assert not ears["leader"].over
        for ear in ears.values():
            ear.close()


def test_who_listened_without_a_session_hears_nothing_more_once_people_sign_in(
    toy_store: Store, ground: Ground, tmp_path: Path
) -> None:
    open_ = create_app(toy_store, person="dispatcher", chosen=Settings(tmp_path))
    assert open_.state.entrance.signed_out([None]) == set()
    assert ground.app.state.entrance.signed_out([None]) == {None}
