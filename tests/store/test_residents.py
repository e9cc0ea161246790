"""Residents report without an account, follow their own report and nobody else's, and answer."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any, Final

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text as sql

from api.app import create_app
from api.links.pace import Pace
from api.residents.policy import resident_policy
from api.settings import Settings
from geo.issues import Order
from geo.store.database import Store, transaction
from geo.store.working.handling import act
from geo.store.working.residents import is_reopenable, own_report, resident
from geo.store.working.reviews import read_reviews
from tests.photographed import jpeg
from tests.plugins.database import Databases
from tests.store import toy
from tests.store.phone import Site, phone

PLACE: Final = {"lon": f"{toy.WEST + 0.005}", "lat": f"{toy.SOUTH + 0.005}"}
LEADER: Final = f"leader-{toy.ONE}003"


@pytest.fixture(scope="module")
def open_site(
    databases: Databases, toy_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The toy city, whose residents' page is open to anybody."""
    name, store = databases.make(toy_database)
    chosen = Settings(
        tmp_path_factory.mktemp("r"), phone_url="http://testserver", residents="public"
    )
    app = create_app(store, person="dispatcher", chosen=chosen)
    with TestClient(app, client=("10.0.0.9", 5), follow_redirects=False) as client:
        yield client, store
    store.close()
    databases.drop(name)


@pytest.fixture(autouse=True)
def _calm(open_site: Site) -> None:
    """Nothing asked yet, in a minute that does not end while a test runs."""
    open_site[0].app.state.pace = Pace(now=lambda: 65.0)  # type: ignore[attr-defined]


def sent(client: TestClient, text: str = "井盖坏了", **more: str) -> Any:
    told = {"key": secrets.token_urlsafe(18), "text": text, **PLACE, **more}
    return client.post("/api/report", data=told)


def own(client: TestClient) -> dict[str, str]:
    """Return number, word and link as the page shows them."""
    page = client.get("/report/mine")
    assert page.status_code == 200, page.text
    number, word = re.findall(r"<dd>([^<]+)</dd>", page.text)
    found = re.search(r'class="address">([^<]+)<', page.text)
    assert found
    return {"number": number, "word": word, "link": unescape(found[1]), "html": page.text}


def issue_of(store: Store, number: str) -> dict[str, Any]:
    with transaction(store.owner, "x") as conn:
        asked = sql("select * from issue where source = 'web' and reference = :n")
        return dict(conn.execute(asked, {"n": number}).mappings().one())


def handled(store: Store, number: str) -> int:
    """The leader of its grid handles a report to the end; return the issue."""
    issue = int(issue_of(store, number)["id"])
    for person, order in (
        ("dispatcher", Order(step="send", party=LEADER)),
        (LEADER, Order(step="take")),
        (LEADER, Order(step="finish", result="井盖已换 <b>新</b>")),
    ):
        with transaction(store.app, person) as conn:
            act(conn, issue, order)
    return issue


def test_a_report_is_kept_once_and_followed_by_its_number_its_word_and_its_link(
    open_site: Site,
) -> None:
    client, store = open_site
    me = phone(client)
    told = {"key": "k" * 24, "text": "井盖坏了", "contact": "13805310000", **PLACE}
    first, again = (me.post("/api/report", data=told) for _ in range(2))
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.headers["location"] == "/report/mine"
    assert "HttpOnly" in first.headers["set-cookie"]
    mine = own(me)
    row = issue_of(store, mine["number"])
    assert (row["grid"], row["source"]) == (f"{toy.ONE}003", "web")
    assert row["reporter"] not in (None, "13805310000"), "a telephone is not kept"
    assert "13805310000" not in mine["html"]
    other = phone(client)
    word = mine["word"].lower().replace("-", " ")
    assert other.get("/report/mine").status_code == 403
    typed = {"number": f" {mine['number'].lower()} ", "word": word}
    assert other.post("/report/follow", data=typed).status_code == 303
    assert own(other)["number"] == mine["number"]
    third = phone(client)
    assert third.get(mine["link"].removeprefix("http://testserver")).status_code == 303
    assert own(third)["number"] == mine["number"]
    changed = me.post("/api/report", data={**told, "text": "另一件"})
    assert changed.status_code == 409


def test_nobody_finds_another_report_by_trying(open_site: Site) -> None:
    client, _ = open_site
    me, thief = phone(client), phone(client)
    sent(me)
    mine = own(me)
    sent(thief, "自己的一件")
    theirs = own(thief)
    wrong = [
        {"number": mine["number"], "word": theirs["word"]},
        {"number": mine["number"], "word": ""},
        {"number": "W0000000000", "word": mine["word"]},
        {"number": "<script>", "word": "😀井盖"},
    ]
    answers = [thief.post("/report/follow", data=told) for told in wrong]
    assert {answer.status_code for answer in answers} == {403}
    assert len({answer.json()["zh"] for answer in answers}) == 1, "no answer tells more"
    for _ in range(resident_policy().wrong):
        last = thief.post("/report/follow", data=wrong[0])
    assert last.status_code == 429
    token = mine["link"].rpartition("/")[2]
    assert thief.get(f"/r/{token[:-2]}xx").status_code == 403
    api = [thief.get(path).status_code for path in ("/api/issues/1", "/api/issues.geojson", "/")]
    assert api == [403, 403, 403], "the page is no sign-in"


def test_what_is_wrong_is_said_all_at_once_and_what_was_typed_stays(open_site: Site) -> None:
    client, _ = open_site
    me = phone(client)
    naughty = "<img src=x onerror=alert(1)>\u202e"
    told = {"key": "q" * 24, "text": "", "address": naughty, "lon": "inf", "lat": "1e9",
            "service": "nothing"}  # fmt: skip
    answer = me.post("/api/report", data=told)
    assert answer.status_code == 422
    page = answer.text
    assert page.count("<li>") == 4
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert "<img" not in page
    assert 'value="qqqqqqqqqqqqqqqqqqqqqqqq"' in page, "sent again it is still one report"
    problem = me.post("/api/report", data=told, headers={"accept": "application/json"})
    assert problem.json()["code"] == "BadField"
    assert me.post("/api/report", data={"text": "x", "key": "?"}).status_code == 422
    long = sent(me, "长" * (resident_policy().letters + 1))
    assert long.status_code == 422
    broken = me.post("/api/report", content=b"--x\r\nbroken", headers={
        "content-type": "multipart/form-data; boundary=x"})  # fmt: skip
    assert broken.status_code in (400, 422)


def test_photos_come_with_a_report_and_only_photos(open_site: Site) -> None:
    client, store = open_site
    me = phone(client)
    told = {"key": secrets.token_urlsafe(18), "text": "有照片", **PLACE}
    files = [("photo", ("a.jpg", jpeg(), "image/jpeg")), ("photo", ("", b"", "image/jpeg"))]
    assert me.post("/api/report", data=told, files=files).status_code == 303
    assert "照片 1 张" in own(me)["html"]
    bad = {**told, "key": secrets.token_urlsafe(18)}
    virus = [("photo", ("a.jpg", b"MZ no picture", "image/jpeg"))]
    assert me.post("/api/report", data=bad, files=virus).status_code == 422
    many = files[:1] * (resident_policy().photos + 1)
    assert me.post("/api/report", data=bad, files=many).status_code == 422
    with transaction(store.app, "stranger") as conn:
        assert read_reviews(conn).empty


def test_the_reporter_reads_the_answer_and_says_whether_it_is_solved_once(open_site: Site) -> None:
    client, store = open_site
    me = phone(client)
    sent(me)
    mine = own(me)
    assert "还没有答复" in mine["html"]
    early = me.post("/report/mine/answer", data={"solved": "true", "satisfied": "true"})
    assert early.status_code == 303, "there is nothing to answer yet, and nothing is kept"
    issue = handled(store, mine["number"])
    page = own(me)["html"]
    assert "井盖已换 &lt;b&gt;新&lt;/b&gt;" in page
    assert LEADER not in page, "no person is named"
    said = {"solved": "false", "satisfied": "true", "words": "还松着"}
    for _ in range(2):
        assert me.post("/report/mine/answer", data=said).status_code == 303
    with transaction(store.app, "dispatcher") as conn:
        kept = read_reviews(conn, issue=issue)
    assert kept[["kind", "solved", "satisfied", "text"]].to_numpy().tolist() == [
        ["call_back", False, True, "还松着"]
    ]
    again = me.post("/report/mine/answer", data=said, follow_redirects=True)
    assert "没有记" not in again.text, "the same once more"
    other = me.post("/report/mine/answer", data=said | {"solved": "true"}, follow_redirects=True)
    assert "这次的回答没有记" in other.text, "another answer is not dropped in silence"
    assert "没有解决" in other.text
    page = own(me)["html"]
    assert "没有解决" in page
    assert 'class="ask"' not in page
    assert me.post("/report/mine/answer", data={"solved": "maybe"}).status_code == 422


def closed(store: Store, issue: int, order: Order) -> None:
    """A dispatcher closes what waits for that."""
    with transaction(store.app, "dispatcher") as conn:
        act(conn, issue, order)


def test_a_reporter_is_asked_once_all_who_lead_are_done(open_site: Site) -> None:
    client, store = open_site
    me = phone(client)
    sent(me)
    number = own(me)["number"]
    issue = int(issue_of(store, number)["id"])

    def asked() -> tuple[bool, bool]:
        with transaction(store.app, resident(number)) as conn:
            report = own_report(conn) or {}
        return report["answerable"] is not None, report["finished_at"] is not None

    for person, order, whether in (
        ("dispatcher", Order(step="send", party=LEADER), False),
        (LEADER, Order(step="take"), False),
        (LEADER, Order(step="escalate", reason="管不了", party="dispatcher"), False),
        ("dispatcher", Order(step="take"), False),
        ("dispatcher", Order(step="finish", result="已协调"), False),
        (LEADER, Order(step="finish", result="已换"), True),
    ):
        with transaction(store.app, person) as conn:
            act(conn, issue, order)
        assert asked() == (whether, whether), order.step
    me.post("/report/mine/answer", data={"solved": "true", "satisfied": "true"})
    assert asked() == (False, True)


def test_who_is_not_content_reopens_a_closed_report_once_and_says_why(open_site: Site) -> None:
    client, store = open_site
    me = phone(client)
    sent(me)
    number = own(me)["number"]
    again = {"words": "  井圈还在晃 13805310000 "}
    issue = handled(store, number)
    assert me.post("/report/mine/reopen", data=again).status_code == 303
    assert issue_of(store, number)["state"] == "done", "what is not closed is not reopened"
    me.post("/report/mine/answer", data={"solved": "false", "satisfied": "false"})
    closed(store, issue, Order(step="pass", solved=True, satisfied=True))
    assert "/report/mine/reopen" in own(me)["html"]
    assert me.post("/report/mine/reopen", data={"words": " "}).status_code == 409, "no reason"
    for _ in range(2):
        assert me.post("/report/mine/reopen", data=again).status_code == 303
    row = issue_of(store, number)
    assert (row["state"], row["outcome"]) == ("sent", None)
    assert "/report/mine/reopen" not in own(me)["html"]
    with transaction(store.owner, "x") as conn:
        asked = sql(
            "select person, detail -> 'order' ->> 'reason' from event"
            " where noun = 'issue' and subject = :i and name = 'reopen'"
        )
        (event,) = conn.execute(asked, {"i": str(issue)}).all()
        party = conn.execute(
            sql("select party from task where issue = :i and state = 'sent'"), {"i": issue}
        ).scalar_one()
    assert (event[0], party) == (f"web:{number}", LEADER), "whoever had it has it again"


def test_who_is_content_or_comes_too_late_or_is_not_the_reporter_reopens_nothing(
    open_site: Site,
) -> None:
    client, store = open_site
    me, thief = phone(client), phone(client)
    sent(me)
    number = own(me)["number"]
    issue = handled(store, number)
    me.post("/report/mine/answer", data={"solved": "true", "satisfied": "true"})
    closed(store, issue, Order(step="pass", solved=True, satisfied=True))
    assert thief.post("/report/mine/reopen", data={"words": "我的"}).status_code == 403
    assert me.post("/report/mine/reopen", data={"words": "再来"}).status_code == 303
    assert issue_of(store, number)["state"] == "closed"
    sent(me, "问一件事")
    number = own(me)["number"]
    issue = int(issue_of(store, number)["id"])
    closed(store, issue, Order(step="answer", result="请看公告"))
    page = own(me)["html"]
    assert "/report/mine/reopen" in page, "an answer without work may be contested at once"
    days = resident_policy().reopen_days
    with transaction(store.app, resident(number)) as conn:
        report = own_report(conn) or {}
    last = report["closed_at"] + timedelta(days=days)
    assert is_reopenable(report, last, days=days)
    assert not is_reopenable(report, last + timedelta(seconds=1), days=days)
    me.post("/report/mine/reopen", data={"words": "公告里没有"})
    assert issue_of(store, number)["state"] == "new", "nobody worked on it: it waits at the desk"


def test_a_page_that_is_shut_says_so_and_a_local_one_is_for_this_machine(site: Site) -> None:
    client, _ = site
    assert client.get("/report").status_code == 200, "this machine"
    assert phone(client).get("/report").status_code == 403


def test_one_address_reports_a_few_times_a_minute(open_site: Site) -> None:
    client, _ = open_site
    me = phone(client)
    answers = [sent(me).status_code for _ in range(resident_policy().reports + 1)]
    assert answers[0] == 303
    assert answers[-1] == 429
    form = {"key": secrets.token_urlsafe(18), "text": "<路灯>不亮"}
    late = me.post("/api/report", data=form, headers={"accept": "text/html"})
    assert (late.status_code, late.headers["content-type"]) == (429, "text/html; charset=utf-8")
    assert "&lt;路灯&gt;不亮" in late.text, "what was typed stays, without any script"
    assert "一分钟内请求太多" in late.text


def test_places_and_land_are_what_is_published(open_site: Site) -> None:
    client, _ = open_site
    me = phone(client)
    ground = me.get("/api/report/ground", params=PLACE).json()
    assert set(ground) == {
        *("corner", "far", "step", "grid", "beside", "others"),
        *("roads", "water", "green", "buildings"),
    }
    assert me.get("/api/report/ground?lon=nan&lat=1").status_code == 422
    assert me.get("/api/report/places?q=").json() == []
    found = me.get("/api/report/places", params={"q": "甲社区"}).json()
    assert all(set(one) == {"title", "lon", "lat", "area"} for one in found)
