"""Signed phone links over HTTP: what they open, for whom, and what they do not."""

from __future__ import annotations

from sqlalchemy import text

from api.acting import COOKIE
from api.links.pace import Pace
from api.links.policy import link_policy
from geo.issues import Order
from geo.store.database import transaction
from tests.photographed import exif, jpeg
from tests.store import toy
from tests.store.phone import HOLDER, Site, made, opened, phone, sent
from tests.store.test_handling import acted


def test_a_link_opens_its_task_on_a_phone_without_an_account(site: Site) -> None:
    client, store = site
    issue, task = sent(store, "a")
    link = made(client, task).json()
    assert link["party"] == HOLDER
    device = phone(client)
    exchange = device.get(link["url"].removeprefix("http://testserver"))
    assert exchange.headers["location"] == f"/phone/{link['id']}"
    assert exchange.headers["referrer-policy"] == "no-referrer"
    cookie = exchange.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert device.get("/api/plans").status_code == 403, "a link is no sign-in"
    told = device.get(f"/api/phone/{link['id']}").json()
    assert [each["task"] for each in told["tasks"]] == [task]
    mine = told["tasks"][0]
    assert (mine["state"], mine["issue"], mine["is_held"]) == ("sent", issue, True)
    assert {each["step"] for each in mine["steps"]} == {"take", "return"}
    assert {way["key"] for way in mine["ways"]} == {"amap", "baidu", "tencent", "apple", "geo"}
    ground = device.get(f"/api/phone/{link['id']}/tasks/{task}/ground").json()
    assert ground["grid"]
    longest = [f"{toy.ONE}004", f"{toy.TWO}004", f"{toy.TWO}001"]
    corners = [f"{toy.ONE}002", f"{toy.TWO}002"]
    assert [each["code"] for each in ground["beside"]] == longest + corners
    by_name = device.get(f"/api/phone/{link['id']}/grids/called", params={"q": "网格901"}).json()
    assert [each["code"] for each in by_name] == [f"{toy.ONE}901"]
    assert by_name[0]["within"][-1] == "甲社区"
    some = device.get(f"/api/phone/{link['id']}/grids/called", params={"q": "社区"}).json()
    assert some == [], "grids alone"
    assert phone(client).get(f"/api/phone/{link['id']}/grids/called?q=1").status_code == 403


def test_the_first_device_is_the_only_one_until_the_link_is_made_again(site: Site) -> None:
    client, store = site
    _, task = sent(store, "b")
    link = made(client, task).json()
    first, url = opened(client, link["url"]), link["url"].removeprefix("http://testserver")
    for _ in range(2):
        clean = first.get(url).headers["location"]
        assert first.get(clean).status_code == 200, "the same phone opens it as often as it likes"
    second = phone(client)
    second.get(url)
    refused = second.get(f"/phone/{link['id']}", headers={"accept": "application/json"})
    assert (refused.status_code, refused.json()["code"]) == (403, "LinkClosed")
    assert "另一台手机" in refused.json()["zh"]
    again = made(client, task).json()
    assert again["id"] == link["id"]
    assert first.get(f"/api/phone/{link['id']}").status_code == 403, "replaced"
    other = opened(client, again["url"])
    assert other.get(f"/api/phone/{link['id']}").status_code == 200
    assert second.get(url).status_code == 303
    assert second.get(f"/api/phone/{link['id']}").status_code == 403, "the old token is spent"


def test_what_only_looks_at_a_link_binds_nothing(site: Site) -> None:
    client, store = site
    _, task = sent(store, "c")
    url = made(client, task).json()["url"].removeprefix("http://testserver")
    assert phone(client).get(url).status_code == 303
    crawler, scanner = phone(client), phone(client)
    crawler.headers["user-agent"] = "DingTalkBot-LinkService/1.0"  # which keeps its cookies
    scanner.headers["user-agent"] = "Mozilla/5.0 (Linux; Android 9) Chrome/120 Mobile"  # it says
    clean = crawler.get(url).headers["location"]
    assert crawler.get(clean).status_code == 403
    looked = scanner.get(url) and scanner.get(f"/api{clean}")
    assert (looked.status_code, looked.json()["is_bound"]) == (200, False)
    assert client.get(f"/api/tasks/{task}/links").json()[0]["opened_at"] is None
    device = opened(client, url)
    assert device.get(f"/api{clean}").json()["is_bound"] is True
    for refused in (scanner.get(clean), scanner.get(f"/api{clean}"), scanner.head(clean)):
        assert refused.status_code in (403, 405)
    assert scanner.post(f"/api{clean}/device").status_code == 403


def test_whatever_is_done_with_a_link_binds_it_though_nobody_touched_its_page(site: Site) -> None:
    client, store = site
    _, task = sent(store, "p")
    url = made(client, task).json()["url"].removeprefix("http://testserver")
    first, second = phone(client), phone(client)
    for device in (first, second):
        clean = f"/api{device.get(url).headers['location']}"
    take = f"{clean}/tasks/{task}/steps", {"step": "take"}
    foreign = {"sec-fetch-site": "cross-site"}
    assert second.post(take[0], json=take[1], headers=foreign).status_code == 403
    assert first.post(take[0], json=take[1]).status_code == 200
    assert second.get(clean).json()["code"] == "LinkClosed"


def test_what_is_refused_tells_nobody_of_the_link_and_when_to_come_back(site: Site) -> None:
    client, store = site
    _, task = sent(store, "o")
    url = made(client, task).json()["url"].removeprefix("http://testserver")
    page = {"accept": "text/html"}
    refused = phone(client).get(f"{url}x", headers=page)
    assert (refused.status_code, refused.headers["referrer-policy"]) == (403, "no-referrer")
    client.app.state.pace = Pace(now=lambda: 65.0)  # type: ignore[attr-defined]
    try:
        answers = [phone(client).get(url, headers=page) for _ in range(link_policy().openings + 1)]
    finally:
        client.app.state.pace = Pace()  # type: ignore[attr-defined]
    late = answers[-1]
    assert (late.status_code, late.headers["retry-after"]) == (429, "55")
    assert late.headers["referrer-policy"] == "no-referrer"


def test_a_link_is_for_its_task_alone_and_for_steps_of_its_holder(site: Site) -> None:
    client, store = site
    issue, task = sent(store, "d")
    _, other = sent(store, "e")
    link = made(client, task).json()
    device, root = opened(client, link["url"]), f"/api/phone/{link['id']}/tasks"
    for way in (f"{root}/{other}", f"{root}/{other}/ground", f"{root}/{10**6}"):
        assert device.get(way).json()["code"] == "NotOfLink"
    assert device.post(f"{root}/{other}/steps", json={"step": "take"}).status_code == 403
    for step in ("urge", "withdraw", "cancel", "place", "settle"):
        told = device.post(f"{root}/{task}/steps", json={"step": step, "reason": "x"})
        assert told.status_code == 403, (step, told.text)
    taken = device.post(f"{root}/{task}/steps", json={"step": "take", "task": other})
    assert (taken.status_code, taken.json()["state"]) == (200, "taken"), "of its own, whoever asks"
    card = client.get(f"/api/issues/{issue}").json()
    assert [each["name"] for each in card["history"]][-2:] == ["link", "take"]
    assert card["history"][-1]["person"] == HOLDER


def test_what_was_withdrawn_takes_neither_steps_nor_photos(site: Site) -> None:
    client, store = site
    issue, task = sent(store, "withdrawn")
    link = made(client, task).json()
    device, root = opened(client, link["url"]), f"/api/phone/{link['id']}/tasks/{task}"
    acted(store, "dispatcher", issue, Order(step="withdraw", reason="x"))
    assert device.get(root).json()["is_held"] is False
    kind = {"content-type": "image/jpeg"}
    told = [
        device.post(f"{root}/steps", json={"step": "take"}),
        device.post(f"{root}/photos?stage=before", content=jpeg(), headers=kind),
    ]
    assert [(one.status_code, one.json()["code"]) for one in told] == [(403, "TaskGone")] * 2
    page = device.get(f"/phone/{link['id']}", headers={"accept": "text/html"}).text
    assert "已撤回" in page
    assert "这件已不在你名下" in page


def test_only_who_sends_work_there_makes_and_takes_back_a_link(site: Site) -> None:
    client, store = site
    _, task = sent(store, "f")
    assert made(client, task, "leader").status_code == 403
    assert made(client, task, "stranger").status_code == 404
    link = made(client, task).json()
    device = opened(client, link["url"])
    as_leader = {"cookie": f"{COOKIE}=leader"}
    assert client.delete(f"/api/links/{link['id']}", headers=as_leader).status_code == 404
    assert client.get(f"/api/tasks/{task}/links").json()[0]["opened_at"]
    assert client.delete(f"/api/links/{link['id']}").status_code == 204
    assert device.get(f"/api/phone/{link['id']}").json()["code"] == "LinkClosed"
    assert client.get(f"/api/tasks/{task}/links").json() == []
    assert client.get(f"/api/links/{link['id']}/qr.svg").status_code == 404


def test_who_dispatches_there_today_minds_a_link_whoever_made_it(site: Site) -> None:
    client, store = site
    here = [(who, "dispatcher", "admin", toy.SUBDISTRICT) for who in ("early", "late")]
    toy.load_people(store, ["early", "late"], here)
    early, late = ({"cookie": f"{COOKIE}={who}"} for who in ("early", "late"))
    _, task = sent(store, "of the place")
    with transaction(store.owner, "x") as conn:
        today = conn.execute(text("select current_date")).scalar_one().isoformat()
    day = f"/api/parties/{HOLDER}/links", {"day": today}
    for address, told in ((f"/api/tasks/{task}/links", {}), day):
        link = client.post(address, json=told, headers=early).json()["id"]
        assert client.post(address, json=told, headers=late).json()["id"] == link, "made anew"
        assert client.post(address, json=told, headers=early).json()["id"] == link
        with transaction(store.owner, "x") as conn:
            over = "update duty set valid_to = {} where party = 'early'"
            conn.execute(text(over.format("current_date")))
        drawn = f"/api/links/{link}/qr.svg"
        assert client.get(drawn, headers=early).status_code == 404, "a code is a way in"
        assert client.get(drawn, headers=late).status_code == 200
        assert client.delete(f"/api/links/{link}", headers=early).status_code == 404
        assert client.delete(f"/api/links/{link}", headers=late).status_code == 204
        with transaction(store.owner, "x") as conn:
            conn.execute(text(over.format("null")))


LEFT = """update party set ended_on = current_date
    where code = (select party from link where id = :link)"""
ENDED = ((LEFT, "已停用"), ("update link set expires_at = now() where id = :link", "已过期"))


def test_a_link_ends(site: Site) -> None:
    client, store = site
    _, task = sent(store, "g")
    link = made(client, task).json()
    device = opened(client, link["url"])
    for order, why in ENDED:
        assert device.get(f"/api/phone/{link['id']}").status_code == 200, "until then"
        with transaction(store.owner, "x") as conn:
            conn.execute(text(order), {"link": link["id"]})
        closed = device.get(f"/api/phone/{link['id']}")
        assert (closed.status_code, why in closed.json()["zh"]) == (403, True), closed.text
        with transaction(store.owner, "x") as conn:
            conn.execute(text("update party set ended_on = null where ended_on is not null"))


def test_a_code_of_the_link_is_drawn_and_says_nothing_else(site: Site) -> None:
    client, store = site
    _, task = sent(store, "h")
    answer = client.get(made(client, task).json()["qr"])
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.text.startswith("<svg")


def test_a_step_under_a_key_is_taken_once_and_the_key_is_for_it_alone(site: Site) -> None:
    client, store = site
    issue, task = sent(store, "i")
    link = made(client, task).json()
    device, steps = opened(client, link["url"]), f"/api/phone/{link['id']}/tasks/{task}/steps"
    key = {"idempotency-key": "k-12345678", "if-match": '"2"'}
    first = device.post(steps, json={"step": "take"}, headers=key)
    again = device.post(steps, json={"step": "take"}, headers=key)
    assert (first.status_code, again.status_code) == (200, 200), again.text
    assert first.json()["version"] == again.json()["version"]
    assert first.headers["etag"] == again.headers["etag"] == f'"{first.json()["version"]}"'
    names = [each["name"] for each in client.get(f"/api/issues/{issue}").json()["history"]]
    assert names.count("take") == 1
    other = device.post(steps, json={"step": "finish", "result": "x"}, headers=key)
    assert other.json()["code"] == "KeyReused"
    stale = device.post(steps, json={"step": "finish", "result": "x"}, headers={"if-match": '"2"'})
    assert stale.status_code == 412
    bare = {"idempotency-key": "k-87654321"}
    refused = device.post(steps, json={"step": "finish"}, headers=bare)
    assert refused.status_code == 409
    done = device.post(
        steps,
        json={"step": "finish", "result": "换好了"},
        headers={"idempotency-key": "k-99999999"},
    )
    assert done.json()["state"] == "done"


def test_a_photo_of_an_errand_is_kept_and_shown_to_its_phone_alone(site: Site) -> None:
    client, store = site
    _, other = sent(store, "n")
    told = {"kind": "errand", "party": HOLDER, "area": f"{toy.TWO}003", "text": "代领养老金"}
    task = client.post("/api/tasks", json=told).json()["id"]
    links = [made(client, number).json() for number in (task, other)]
    device, stranger = (opened(client, link["url"]) for link in links)
    mine, theirs = (f"/api/phone/{link['id']}" for link in links)
    after = f"tasks/{task}/photos?stage=after"
    is_photo = {"content-type": "image/jpeg"}
    kept = device.post(f"{mine}/{after}", content=jpeg(), headers=is_photo).json()
    (shown,) = device.get(f"{mine}").json()["tasks"]
    assert [photo["id"] for photo in shown["photos"]] == [kept["id"]]
    assert device.get(f"{mine}/photos/{kept['id']}").status_code == 200
    assert stranger.get(f"{theirs}/photos/{kept['id']}").status_code == 404
    refused = stranger.post(f"{theirs}/{after}", content=jpeg(), headers=is_photo)
    assert refused.status_code == 403


def test_a_photo_is_kept_once_and_shown_to_its_phone_alone(site: Site) -> None:
    client, store = site
    _, task = sent(store, "j")
    link = made(client, task).json()
    device, root = opened(client, link["url"]), f"/api/phone/{link['id']}"
    (there,) = toy.points((2.5, 0.5))
    data = jpeg(exif=exif(there.x, there.y))
    told = [
        device.post(
            f"{root}/tasks/{task}/photos?stage=before",
            content=data,
            headers={"content-type": "image/jpeg"},
        )
        for _ in range(2)
    ]
    assert [each.status_code for each in told] == [201, 201]
    assert told[0].json() == told[1].json()
    assert told[0].json()["finding"] == "inside"
    assert (
        device.get(f"{root}/photos/{told[0].json()['id']}").headers["content-type"] == "image/jpeg"
    )
    _, other = sent(store, "k")
    stranger = opened(client, (second := made(client, other).json())["url"])
    assert (
        stranger.get(f"/api/phone/{second['id']}/photos/{told[0].json()['id']}").status_code == 404
    )


def test_a_day_opens_what_its_party_has_to_do_and_nothing_of_others(site: Site) -> None:
    client, store = site
    _, task = sent(store, "l")
    with transaction(store.app, "dispatcher") as conn:
        day = conn.execute(text("select current_date")).scalar_one().isoformat()
    answer = client.post(f"/api/parties/{HOLDER}/links", json={"day": day})
    assert answer.status_code == 201, answer.text
    link = answer.json()
    device = opened(client, link["url"])
    told = device.get(f"/api/phone/{link['id']}").json()
    assert task in [each["task"] for each in told["tasks"]]
    assert told["day"] == day
    steps = f"/api/phone/{link['id']}/tasks/{task}/steps"
    assert device.post(steps, json={"step": "take"}).status_code == 200
    assert client.post("/api/parties/approver/links", json={"day": day}).status_code == 403
    leader = client.post(
        f"/api/parties/{HOLDER}/links", json={"day": day}, headers={"cookie": f"{COOKIE}=leader"}
    )
    assert leader.status_code == 403


def test_wrong_links_are_told_so_and_not_for_ever(site: Site) -> None:
    client, _ = site
    client.app.state.pace = Pace(now=lambda: 1.0)  # type: ignore[attr-defined]
    device = phone(client)
    said = [device.get(f"/t/nonsense{n}") for n in range(25)]
    assert {each.status_code for each in said} == {403, 429}
    assert said[0].status_code == 403
    assert client.get("/phone/1").status_code == 403
    client.app.state.pace = Pace()  # type: ignore[attr-defined]
