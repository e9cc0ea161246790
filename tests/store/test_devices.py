"""Nobody is locked out from elsewhere: browsers that somebody signed in with are known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sqlalchemy import text

from api.app import create_app
from api.links.pace import Pace
from api.settings import Settings
from api.signing_in.policy import sign_in_policy
from geo.store import accounts
from geo.store.database import Store, transaction
from tests.store.test_sign_in import OWN, browser, signed_in


def test_who_signed_in_before_does_not_wait_for_what_strangers_guess(
    toy_store: Store, tmp_path: Path
) -> None:
    app, city = create_app(toy_store, person="planner", chosen=Settings(tmp_path)), toy_store
    hers, stranger = signed_in(app, city, "planner"), browser(app)
    right, wrong = ({"name": "planner", "password": told} for told in (OWN, "x"))
    for _ in range(sign_in_policy().free):
        stranger.post("/sign-in", data=wrong)
    assert stranger.post("/sign-in", data=right).status_code == 401, "nobody new gets in"
    assert hers.post("/sign-in", data=right).status_code == 303, "her own browser does"
    others = signed_in(app, city, "checker")
    stranger.cookies.update(others.cookies)
    for _ in range(sign_in_policy().free):
        assert stranger.post("/sign-in", data=wrong).status_code == 401
        assert hers.post("/sign-in", data=wrong).status_code == 401
    assert stranger.post("/sign-in", data=right).status_code == 401, "another's is not hers"
    assert hers.post("/sign-in", data=right).status_code == 401, "nor has hers tries without end"
    with city.owner.begin() as conn:
        conn.execute(text("update device set waits_until = now()"))
    assert hers.post("/sign-in", data=right).status_code == 303
    with transaction(city.owner, "tests") as conn:
        assert conn.execute(text("select max(failures) from device")).scalar() == 0
        accounts.end_sessions(conn, "planner")
        assert (
            conn.execute(text("select count(*) from device where party = 'planner'")).scalar() == 0
        )


def test_signing_in_ends_the_session_that_the_browser_held_before(
    toy_store: Store, tmp_path: Path
) -> None:
    app = create_app(toy_store, person="planner", chosen=Settings(tmp_path))
    hers, elsewhere = signed_in(app, toy_store, "planner"), browser(app)
    before = {"cookie": f"jingwei_session={hers.cookies['jingwei_session']}"}
    assert elsewhere.get("/api/plans", headers=before).status_code == 200
    assert hers.post("/sign-in", data={"name": "planner", "password": OWN}).status_code == 303
    assert elsewhere.get("/api/plans", headers=before).status_code == 401
    assert hers.get("/api/plans").status_code == 200


def test_who_holds_a_session_tries_no_more_old_passwords_than_the_policy_says(
    toy_store: Store, tmp_path: Path
) -> None:
    """Each costs as much as a sign-in, and others wait for it."""
    app = create_app(toy_store, person="planner", chosen=Settings(tmp_path))
    hers, entrance = signed_in(app, toy_store, "planner"), app.state.entrance
    entrance.pace, entrance.policy = Pace(now=lambda: 65.0), replace(entrance.policy, tries=2)
    form = {"old": "x", "password": "another-安全-2026", "again": "another-安全-2026"}
    tries = [hers.post("/sign-in/password", data=form).status_code for _ in range(3)]
    assert tries == [401, 401, 429]
