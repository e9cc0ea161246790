"""Signing in over HTTP: one-time passwords, sessions, waits, administrators, other sites."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import expect
from sqlalchemy import text
from typer.testing import CliRunner

from api.acting import COOKIE
from api.app import create_app
from api.cli import app as commands
from api.links.pace import Pace
from api.settings import Settings
from api.signing_in.opening import opened_account
from api.signing_in.policy import sign_in_policy
from geo.errors import AccountTakenError, MissingError, TooOftenError
from geo.store.database import Store, transaction
from tests.plugins.browser import PHONE, Watched
from tests.serving import served
from tests.store import toy

HERE, AWAY = ("127.0.0.1", 50000), ("10.9.8.7", 5)
OWN = "龙洞-the-grids-2026"
PAGE = {"accept": "text/html"}


@pytest.fixture(scope="module")
def city(store: Store) -> Store:
    toy.load(store)
    toy.load_people(
        store,
        ["minds", "mayor", "loose"],
        [
            ("minds", "administrator", "admin", toy.SUBDISTRICT),
            ("mayor", "administrator", "admin", "370102"),
        ],
    )
    return store


@pytest.fixture
def app(city: Store, tmp_path: Path) -> Iterator[Any]:
    """The application on a city in which nobody has an account yet."""
    yield create_app(city, person="planner", chosen=Settings(tmp_path))
    with city.owner.begin() as conn:
        conn.execute(text("truncate account cascade"))


def browser(app: Any, client: tuple[str, int] = AWAY) -> TestClient:
    return TestClient(app, client=client, follow_redirects=False)


def opened(store: Store, party: str, **more: Any) -> str:
    with transaction(store.owner, "tests") as conn:
        return opened_account(conn, party, **more)


def signed_in(app: Any, store: Store, party: str) -> TestClient:
    """Return a browser in which a person chose a password of her own."""
    client, password = browser(app), opened(store, party)
    ticket = ticket_of(client.post("/sign-in", data={"name": party, "password": password}).text)
    answer = client.post("/sign-in/choose", data={"ticket": ticket, "password": OWN, "again": OWN})
    assert answer.status_code == 303, answer.text
    return client


def ticket_of(page: str) -> str:
    found = re.search(r'"ticket": ?"([^"]+)"', page)
    assert found, page
    return found[1]


def test_before_anybody_has_an_account_this_machine_acts_and_no_other(app: Any) -> None:
    assert browser(app, HERE).get("/api/plans").status_code == 200
    refused = browser(app).get("/api/plans")
    assert (refused.status_code, refused.json()["code"]) == (403, "NobodyActs")


def test_a_one_time_password_opens_nothing_but_the_choice_of_another(app: Any, city: Store) -> None:
    client, password = browser(app), opened(city, "planner")
    asked = client.post("/sign-in", data={"name": " Planner ", "password": password})
    assert (asked.status_code, dict(client.cookies)) == (200, {})
    ticket = ticket_of(asked.text)
    weak = {"ticket": ticket, "password": "planner123", "again": "planner123"}
    assert client.post("/sign-in/choose", data=weak).status_code == 422, "holds the name"
    own = {"ticket": ticket, "password": OWN, "again": OWN}
    assert client.post("/sign-in/choose", data=own | {"again": "x"}).status_code == 422
    led = client.post("/sign-in/choose", data=own | {"next": "/plans"})
    assert (led.status_code, led.headers["location"]) == (303, "/plans")
    cookie = led.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert client.get("/api/plans").status_code == 200, "from another machine"
    again = browser(app)
    assert again.post("/sign-in/choose", data=own).status_code == 409, "a ticket is good once"
    old = again.post("/sign-in", data={"name": "planner", "password": password})
    assert old.status_code == 401, "and so is the password"
    assert again.post("/sign-in", data={"name": "planner", "password": OWN}).status_code == 303


def test_since_somebody_signs_in_everybody_does(app: Any, city: Store) -> None:
    signed_in(app, city, "planner")
    local = browser(app, HERE)
    refused = local.get("/api/plans", headers={"cookie": f"{COOKIE}=dispatcher"})
    assert (refused.status_code, refused.json()["code"]) == (401, "SignInNeeded")
    led = local.get("/issues?scope=1", headers=PAGE)
    assert (led.status_code, led.headers["location"]) == (
        303,
        "/sign-in?next=%2Fissues%3Fscope%3D1",
    )
    assert local.get("/sign-in").status_code == 200
    other = create_app(city, person="planner")
    assert browser(other, HERE).get("/api/plans").status_code == 401, "in each process"


def test_who_is_signed_in_sees_what_her_own_duties_let_her(app: Any, city: Store) -> None:
    client = signed_in(app, city, "stranger")
    assert client.get("/api/plans").status_code == 200
    assert client.post("/api/plans", json={"scope": toy.ONE, "title": "x"}).status_code == 403
    client.cookies.set(COOKIE, "mayor")
    assert client.get("/api/accounts").json() == [], (
        "the cookie of a demo person says nothing any more"
    )


def test_wrong_passwords_make_the_next_wait_whoever_is_asking(app: Any, city: Store) -> None:
    right = opened(city, "planner")
    client = browser(app)
    for _ in range(sign_in_policy().free):
        assert client.post("/sign-in", data={"name": "planner", "password": "x"}).status_code == 401
    waits = client.post("/sign-in", data={"name": "planner", "password": right})
    assert waits.status_code == 401, "the right one is not looked at now"
    unknown = client.post("/sign-in", data={"name": "nobody", "password": "x"})
    assert sentence_of(unknown.text) == sentence_of(waits.text), "nor is told who has an account"
    with city.owner.begin() as conn:
        conn.execute(text("update account set waits_until = now()"))
    assert client.post("/sign-in", data={"name": "planner", "password": right}).status_code == 200


def test_one_address_tries_no_more_than_the_policy_says(app: Any) -> None:
    app.state.entrance.pace = Pace(now=lambda: 65.0)
    client, most = browser(app), sign_in_policy().tries
    tries = [client.post("/sign-in", data={"name": "n", "password": "x"}) for _ in range(most + 1)]
    assert {each.status_code for each in tries[:-1]} == {401}
    assert tries[-1].status_code == 429


def ask(paces: list[Pace]) -> None:
    for pace in paces:
        pace.demand("try", "10.1.1.1", 5)


def test_what_is_asked_too_often_is_counted_in_all_processes_together(city: Store) -> None:
    one, other = Pace(city.owner), Pace(city.owner)
    with pytest.raises(TooOftenError, match="Try again in"):
        ask([one, other] * 6)  # a minute may end on the way: twice as many, and some
    other.demand("try", "10.1.1.2", 5)
    with city.owner.begin() as conn:
        conn.execute(text("update pace set minute = minute - 5"))
    one.demand("open", "10.1.1.1", 5)
    with city.owner.connect() as conn:
        assert conn.execute(text("select count(*) from pace")).scalar_one() == 1
        assert "10.1.1" not in str(conn.execute(text("select p::text from pace as p")).all())


def test_a_session_ends_when_it_is_left_or_unused_or_old(app: Any, city: Store) -> None:
    client = signed_in(app, city, "planner")
    for spoilt in ("ends_at = now()", "seen_at = now() - interval '13 hours'"):
        client.post("/sign-in", data={"name": "planner", "password": OWN})
        assert client.get("/api/plans").status_code == 200
        with city.owner.begin() as conn:
            conn.execute(text(f"update session set {spoilt}"))
        app.state.entrance.forget("planner")
        assert client.get("/api/plans").status_code == 401
    client.post("/sign-in", data={"name": "planner", "password": OWN})
    kept = dict(client.cookies)
    assert client.post("/sign-out").headers["location"] == "/sign-in"
    assert client.get("/api/plans").status_code == 401
    held = {"cookie": "; ".join(f"{k}={v}" for k, v in kept.items())}
    stolen = browser(app).get("/api/plans", headers=held)
    assert stolen.status_code == 401, "what was kept of it opens nothing"


def test_the_session_of_a_person_who_left_opens_nothing(app: Any, city: Store) -> None:
    client = signed_in(app, city, "loose")
    assert client.get("/api/plans").status_code == 200
    with city.owner.begin() as conn:
        conn.execute(text("update party set ended_on = current_date where code = 'loose'"))
    app.state.entrance.forget("loose")
    left = client.get("/api/plans").status_code
    with city.owner.begin() as conn:
        conn.execute(text("update party set ended_on = null where code = 'loose'"))
    assert left == 401


def test_a_changed_password_ends_every_other_session(app: Any, city: Store) -> None:
    one = signed_in(app, city, "planner")
    two = browser(app)
    two.post("/sign-in", data={"name": "planner", "password": OWN})
    assert two.get("/api/plans").status_code == 200
    new = {"old": OWN, "password": "another-安全-2026", "again": "another-安全-2026"}
    assert one.post("/sign-in/password", data=new | {"old": "x"}).status_code == 401
    assert one.post("/sign-in/password", data=new).status_code == 303
    assert one.get("/api/plans").status_code == 200
    assert two.get("/api/plans").status_code == 401


def test_no_other_site_makes_a_browser_change_anything(app: Any) -> None:
    local = browser(app, HERE)
    draft = {"scope": toy.ONE, "title": "x"}
    for told in ({"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"},
                 {"origin": "http://evil.example"}, {"origin": "null"}):  # fmt: skip
        refused = local.post("/api/plans", json=draft, headers=told)
        assert (refused.status_code, refused.json()["code"]) == (403, "OtherSite"), told
        tried = local.post("/sign-in", data={"name": "a", "password": "b"}, headers=told)
        assert tried.status_code == 403
        assert local.post("/as/checker", headers=told).status_code == 403
        assert local.get("/api/plans", headers=told).status_code == 200
    for told in ({"sec-fetch-site": "same-origin"}, {"origin": "http://testserver"}, {}):
        assert local.post("/as/checker", headers=told).status_code == 303


def test_who_comes_in_is_led_to_no_other_site(app: Any, city: Store) -> None:
    signed_in(app, city, "planner")
    for told in ("//evil.example", "https://evil.example", "/\\evil.example", "\tjavascript:x"):
        led = browser(app).post("/sign-in", data={"name": "planner", "password": OWN, "next": told})
        assert led.headers["location"] == "/", told


def test_administrators_mind_accounts_of_those_below_them_alone(app: Any, city: Store) -> None:
    minds = signed_in(app, city, "minds")
    made = minds.post("/api/accounts", json={"party": "leader", "name": "Lead"})
    assert made.status_code == 201
    assert made.json()["person"] == "leader"
    again = minds.post("/api/accounts", json={"party": "leader"})
    assert (again.status_code, again.json()["code"]) == (409, "AccountTaken")
    above = minds.post("/api/accounts", json={"party": "approver"})
    assert (above.status_code, above.json()["code"]) == (403, "NotAllowed")
    assert minds.post("/api/accounts/mayor/reset").status_code == 403
    mayor = signed_in(app, city, "mayor")
    assert mayor.post("/api/accounts", json={"party": "approver"}).status_code == 201
    shown = {row["party"] for row in minds.get("/api/accounts").json()}
    assert shown == {"minds", "leader"}
    assert "password" not in mayor.get("/api/accounts").text
    assert mayor.post("/api/accounts/minds/close").status_code == 200
    assert minds.get("/api/plans").status_code == 401
    assert browser(app).post("/sign-in", data={"name": "minds", "password": OWN}).status_code == 401
    assert mayor.post("/api/accounts/minds/open").status_code == 200
    assert minds.post("/sign-in", data={"name": "minds", "password": OWN}).status_code == 303
    assert mayor.post("/api/accounts/minds/open").status_code == 200
    app.state.entrance.forget("minds")
    assert minds.get("/api/plans").status_code == 200, "opened again though it was open: nothing"
    assert mayor.post("/api/accounts/minds/sign-out").status_code == 200
    assert minds.get("/api/plans").status_code == 401


def test_the_app_role_reads_no_account_and_no_session(app: Any, city: Store) -> None:
    signed_in(app, city, "planner")
    for table in ("account", "session", "device"):
        with pytest.raises(Exception, match="permission denied"), city.app.connect() as conn:
            conn.execute(text(f"select * from {table}"))


def test_accounts_are_of_persons_and_kept_as_digests(app: Any, city: Store) -> None:
    assert app
    with pytest.raises(MissingError):
        opened(city, "nobody")
    password = opened(city, "loose", name="L")
    with pytest.raises(AccountTakenError):
        opened(city, "planner", name="l")
    with city.owner.connect() as conn:
        row = conn.execute(text("select password, one_time_until from account")).one()
    assert row.password.startswith("$argon2id$")
    assert password not in row.password
    assert row.one_time_until - datetime.now(UTC) < timedelta(hours=73)


def sentence_of(page: str) -> str:
    found = re.search(r'"fault": ?"([^"]+)"', page)
    assert found, page
    return found[1]


def test_somebody_signs_in_and_opens_accounts_in_a_browser(
    city: Store, front_end: object, page: Watched, tmp_path: Path
) -> None:
    assert front_end
    page.quiet = ("401", "403")
    password = opened(city, "mayor")
    with served(create_app(city, person="planner", chosen=Settings(tmp_path))) as root:
        page.page.set_extra_http_headers({"x-forwarded-for": "10.9.8.7"})
        page.open(f"{root}/", ready="problem").get_by_role("link", name="登录").click()
        expect(page.page.locator("#password")).to_be_visible()
        shown = page.open(f"{root}/sign-in?next=/accounts", ready="sign_in")
        page.shoot("sign-in")
        shown.fill("#name", "mayor")
        shown.fill("#password", "wrong")
        shown.get_by_role("button", name="登录").click()
        expect(shown.get_by_role("alert")).to_contain_text("账号或口令不对")
        expect(shown.locator("#name")).to_have_value("mayor")
        shown.fill("#password", password)
        shown.get_by_role("button", name="登录").click()
        shown.fill("#password", OWN)
        shown.fill("#again", OWN)
        shown.get_by_role("button", name="保存并登录").click()
        expect(shown.get_by_role("table")).to_contain_text("mayor")
        shown.fill("#account-person", "lead")
        shown.get_by_role("option").first.click()
        shown.get_by_role("button", name="开通").click()
        expect(shown.locator(".done code")).to_have_text(re.compile(r"(\w{4}-){3}\w{4}"))
        page.shoot("accounts")
        _duty_given_moved_and_ended(page)
        page.open(f"{root}/", ready="home").get_by_role("button", name="退出").click()
        expect(shown.locator("#password")).to_be_visible()
    with city.owner.begin() as conn:
        conn.execute(text("truncate account cascade"))


def _duty_given_moved_and_ended(page: Watched) -> None:
    shown = page.page
    shown.get_by_role("row").filter(has_text="lead").get_by_role("button", name="职责").click()
    held = shown.locator(".duties")
    for area, button in (("甲社区", "授予职责"), ("乙社区", "从甲社区调到这里")):
        shown.fill("#duty-area", area)
        shown.get_by_role("option", name=area).first.click()
        shown.select_option("#duty-role", label="楼栋长")
        shown.get_by_role("button", name=button).click()
        expect(held).to_contain_text(f"楼栋长 {area}")
        held.locator("li", has_text="楼栋长").get_by_role("button", name="调整").click()
    expect(held).not_to_contain_text("楼栋长 甲社区")
    page.shoot("duties", PHONE)
    assert shown.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    held.locator("li", has_text="楼栋长").get_by_role("button", name="终止").click()
    held.get_by_role("button", name="再点一次确认").click()
    expect(held).not_to_contain_text("楼栋长")


def test_whoever_runs_the_server_finds_whom_to_open_the_first_account_for(
    app: Any, city: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert app
    monkeypatch.setattr("api.cli.planning.open_store", lambda _: city)
    monkeypatch.setenv("JINGWEI_HOME", str(tmp_path))

    def said(*words: str) -> str:
        return CliRunner().invoke(commands, ["account", *words], catch_exceptions=False).output

    assert [line.split(" · ")[0] for line in said("people").splitlines()] == ["mayor", "minds"]
    assert said("people", "PLANN").startswith("planner · ")
    assert "Nobody found" in said("people", "没有这人")
    assert "one-time password" in said("add", "mayor")
