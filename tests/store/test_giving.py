"""Duties given and ended over HTTP: within what one administers, and never one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from api.app import create_app
from api.settings import Settings
from geo.store.database import Store, transaction
from tests.store import toy
from tests.store.matrix import AWAY, Ground, session

NEW = {"role": "dispatcher", "area": toy.SUBDISTRICT}


class Desk:
    """Asks as people who are signed in."""

    def __init__(self, ground: Ground) -> None:
        self.ground, self.client = ground, TestClient(ground.app, client=AWAY)
        self.held: dict[str, str] = {}

    def ask(self, who: str, method: str, path: str, **told: Any) -> Any:
        held = self.held.setdefault(who, session(self.ground, who))
        headers = {"cookie": held}
        return self.client.request(method, f"/api/{path}", headers=headers, **told)

    def give(self, who: str, party: str, **told: Any) -> Any:
        return self.ask(who, "POST", f"accounts/{party}/duties", json=NEW | told)


@pytest.fixture
def desk(toy_store: Store, tmp_path: Path) -> Desk:
    people = [("minds", "administrator", "admin", toy.SUBDISTRICT)]
    people += [("mayor", "administrator", "admin", "370102")]
    toy.load_people(toy_store, ["minds", "mayor"], people)
    app = create_app(toy_store, person="x", chosen=Settings(tmp_path, sign_in="required"))
    return Desk(Ground(toy_store, app, {}))


def refused(answer: Any) -> str:
    assert answer.status_code == 403, answer.text
    return str(answer.json()["en"])


def test_a_duty_gives_access_from_its_day_and_takes_it_when_it_ends(desk: Desk) -> None:
    assert desk.give("minds", "stranger").status_code == 201
    (duty,) = desk.ask("minds", "GET", "accounts/stranger/duties").json()
    assert (duty["role"], duty["area"], duty["area_name"]) == (*NEW.values(), "龙洞街道")
    assert desk.ask("stranger", "POST", "plans", json={"scope": toy.ONE, "title": "x"}).status_code
    assert desk.ask("stranger", "GET", "issues/unclaimed").status_code == 200
    path = f"accounts/stranger/duties/{duty['id']}/end"
    assert desk.ask("minds", "POST", path, json={}).status_code == 200
    assert desk.ask("minds", "GET", "accounts/stranger/duties").json() == []
    with transaction(desk.ground.store.app, "stranger") as conn:
        assert conn.execute(text("select duty_codes()")).scalar_one() == []
    with transaction(desk.ground.store.owner, "x") as conn:
        told = conn.execute(text("select name, person from event where noun = 'duty'")).all()
    assert told == [("duty_given", "minds"), ("duty_ended", "minds")]


def test_a_duty_moves_to_another_area_in_one_step(desk: Desk) -> None:
    first = desk.give("minds", "stranger", area=toy.ONE).json()["duty"]
    assert desk.give("minds", "stranger", area=toy.TWO, instead=first).status_code == 201
    held = desk.ask("minds", "GET", "accounts/stranger/duties").json()
    assert [each["area"] for each in held] == [toy.TWO]
    other = desk.give("minds", "stranger", area="370102", instead=held[0]["id"])
    assert "not within" in refused(other)
    assert desk.ask("minds", "GET", "accounts/stranger/duties").json() == held, "or not at all"


def test_nobody_gives_what_is_not_hers_to_give(desk: Desk) -> None:
    assert "not within" in refused(desk.give("dispatcher", "stranger"))
    assert "not within" in refused(desk.give("minds", "stranger", area="370102"))
    assert "your own" in refused(desk.give("minds", "minds", role="approver"))
    assert "below yours" in refused(desk.give("minds", "stranger", role="administrator"))
    assert desk.give("minds", "stranger", role="administrator", area=toy.ONE).status_code == 201
    assert desk.give("mayor", "stranger", role="administrator").status_code == 201
    with transaction(desk.ground.store.owner, "x") as conn:
        asked = text("select id from duty where party = :who")
        own = conn.execute(asked, {"who": "minds"}).scalar_one()
        above = conn.execute(asked, {"who": "approver"}).scalar_one()
    for who, number in (("minds", own), ("approver", above)):
        told = desk.ask("minds", "POST", f"accounts/{who}/duties/{number}/end", json={})
        assert "not within" in refused(told), who
    assert desk.ask("mayor", "POST", f"accounts/minds/duties/{own}/end", json={}).status_code == 200
    assert "not within" in refused(desk.give("minds", "stranger"))


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"role": "king"}, 422),
        ({"area": "nowhere"}, 404),
        ({"valid_from": "2030-01-02", "valid_to": "2030-01-02"}, 403),
        ({"net": "dept-x"}, 422),
        ({"instead": 99}, 404),
    ],
)
def test_what_is_no_duty_is_refused_and_nothing_kept(
    desk: Desk, told: dict[str, Any], status: int
) -> None:
    assert desk.give("minds", "stranger", **told).status_code == status
    assert desk.ask("minds", "GET", "accounts/stranger/duties").json() == []
    assert desk.give("minds", "nobody").status_code == 404
    assert desk.give("minds", "stranger").status_code == 201
    assert "already" in refused(desk.give("minds", "stranger"))
