from __future__ import annotations

from typing import Any

import pytest

from geo.errors import BadPageCodeError
from maps.issue_page import issue_page
from tests.maps import toy, toy_routes
from tests.maps.server import Site
from tests.maps.test_plan_page import NAUGHTY
from tests.plugins.browser import PHONE, Watched


def facts() -> list[dict[str, Any]]:
    return [feature["properties"] for feature in toy.issues()["features"]]


def test_queues_count_what_is_owed(page: Watched, site: Site) -> None:
    shown = page.open(f"{site.address}/issues", ready="issue")
    shown.get_by_role("button", name="全部时间").click()
    tabs = [text.split("\n") for text in shown.locator("[role=tab]").all_inner_texts()]
    counts = {name: count for count, name in tabs}
    states = [fact["state"] for fact in facts()]
    assert counts["全部"] == str(len(states))
    assert counts["待派"] == str(states.count("new"))
    assert counts["待签收"] == str(states.count("sent"))
    assert counts["待回访"] == str(states.count("done"))
    page.shoot("issue")


def test_a_queue_filters_list_and_map(page: Watched, site: Site) -> None:
    shown = page.open(f"{site.address}/issues", ready="issue")
    shown.locator("[data-queue=returned]").click()
    wanted = shown.inner_text("[data-queue=returned] b")
    shown.keyboard.press("ArrowLeft")
    assert shown.evaluate("document.activeElement.dataset.queue") == "new"
    assert shown.locator("[role=tab][tabindex='0']").count() == 1
    assert shown.locator(".work").count() == int(wanted)
    assert f"· {wanted} 件" in shown.inner_text(".strip-days b")


def test_an_issue_shows_whose_it_is(page: Watched, site: Site) -> None:
    shown = page.open(f"{site.address}/issues", ready="issue")
    shown.locator(".work").first.click()
    card = shown.inner_text("#card")
    first = facts()[0]
    for key in ("number", "service", "text", "grid_name", "community_name", "grid_leader"):
        assert first[key] in card
    assert "街巷长" in card
    reasons = shown.locator("#card .why li")
    assert [text.split("\n")[0] for text in reasons.all_inner_texts()] == [
        *("位置", "责任清单", "专属网格", "服务默认", "回避")
    ]
    decides = shown.wait_for_selector("#card .why .decides")
    assert decides
    listed = first["id"] % 2 == 0
    assert ("第 12 行，路灯不亮 · 柳岸街道：区城管局" in decides.inner_text()) == listed
    assert ("网格长 刘洋" in decides.inner_text()) == (not listed)
    assert shown.evaluate("window.map_issue.getSize().x") == 1440 - 400 - 408
    page.shoot("issue-card")
    shown.keyboard.press("Escape")
    assert shown.is_hidden("#card")
    assert shown.evaluate("document.activeElement.dataset.number") == first["number"]


def test_a_new_issue_is_sent_by_one_button(page: Watched, site: Site) -> None:
    number = next(fact["id"] for fact in facts() if fact["state"] == "new")
    who = toy_routes.route(number)["party_name"]
    site.replaced[f"/api/issues/{number}/send"] = (201, {"task": 5, "party": "x", "name": who})
    shown = page.open(f"{site.address}/issues", ready="issue")
    shown.locator("[data-queue=new]").click()
    waiting = int(shown.inner_text("[data-queue=new] b"))
    shown.locator(".work").first.click()
    shown.get_by_role("button", name=f"派给 {who}").click()
    shown.wait_for_selector("#card .card-top >> text=待签收")
    assert site.posted == [f"/api/issues/{number}/send"]
    assert f"已派给 {who}" in shown.inner_text("#card .sent")
    assert shown.evaluate("document.activeElement.className") == "sent"
    assert shown.inner_text("[data-queue=new] b") == str(waiting - 1)


def test_what_happens_meanwhile_is_shown_without_a_reload(page: Watched, site: Site) -> None:
    known = next(feature for feature in toy.issues()["features"] if feature["properties"]["id"])
    told = known["properties"]
    more = {"id": 900_001, "number": "JW-new", "text": "井盖丢了", "state": "new", "card": None}
    changed = {**known, "properties": {**told, "state": "closed"}}
    site.fresh = [changed, {**known, "properties": {**told, **more}}]
    site.stream = b"".join(
        f'event: issue\ndata: {{"subject":"{number}"}}\n\n'.encode()
        for number in (told["id"], more["id"])
    )
    shown = page.open(f"{site.address}/issues", ready="issue")
    shown.wait_for_selector(".pill >> text=新到 1 件")
    shown.get_by_role("button", name="全部时间").click()
    assert "井盖丢了" in shown.inner_text("#panel")
    total = shown.inner_text("[data-queue=all] b")
    assert total == str(len(facts()) + 1)


def test_a_send_that_is_refused_says_why_and_can_be_tried_again(page: Watched, site: Site) -> None:
    page.quiet = ("409",)
    number = next(fact["id"] for fact in facts() if fact["state"] == "new")
    told = {"title": "NobodyHolds", "zh": "这个网格还没有网格长。", "en": "No leader."}
    button = f"派给 {toy_routes.route(number)['party_name']}"
    site.replaced[f"/api/issues/{number}/send"] = (409, told)
    shown = page.open(f"{site.address}/issues", ready="issue")
    shown.locator("[data-queue=new]").click()
    shown.locator(".work").first.click()
    shown.get_by_role("button", name=button).click()
    shown.wait_for_selector("#card [role=alert] >> text=这个网格还没有网格长。")
    assert shown.get_by_role("button", name=button).is_enabled()


def test_a_pin_of_the_map_opens_its_issue(page: Watched, site: Site) -> None:
    shown = page.open(f"{site.address}/issues", ready="issue")
    feature = toy.issues()["features"][0]
    lon, lat = feature["geometry"]["coordinates"]
    at = shown.evaluate(
        "([lat, lon]) => { const m = window.map_issue, b = m.getContainer()"
        ".getBoundingClientRect(), p = m.latLngToContainerPoint([lat, lon]);"
        " return [p.x + b.left, p.y + b.top] }",
        [lat, lon],
    )
    shown.mouse.click(*at)
    shown.wait_for_selector("#card:not([hidden])")
    assert shown.locator(".work[aria-pressed=true]").count() == 1


def test_heat_and_grids_take_turns_and_the_legend_follows(page: Watched, site: Site) -> None:
    shown = page.open(f"{site.address}/issues", ready="issue")
    assert "每公顷件数" in shown.inner_text(".heat-key")
    assert "热点 1：文庙东巷" in str(shown.text_content("#spots"))
    shown.get_by_role("button", name="网格着色").click()
    assert "每网格件数" in shown.inner_text(".heat-key")
    page.shoot("issue-grids")


def test_the_limits_of_heat_come_from_zoom_and_period_not_from_the_data(
    page: Watched, site: Site
) -> None:
    shown = page.open(f"{site.address}/issues", ready="issue")
    before = shown.inner_text(".heat-key .values")
    shown.get_by_role("button", name="只看未结").click()
    assert shown.inner_text(".heat-key .values") == before
    shown.get_by_role("button", name="近 30 天").click()
    assert shown.inner_text(".heat-key .values") != before


def test_search_finds_by_number_and_says_when_nothing_is_found(page: Watched, site: Site) -> None:
    shown = page.open(f"{site.address}/issues", ready="issue")
    shown.get_by_role("searchbox").fill(facts()[0]["number"])
    assert shown.locator(".work").count() == 1
    shown.get_by_role("searchbox").fill("找不到的字")
    assert "没有找到“找不到的字”" in shown.inner_text("#worklist")


def test_issues_without_a_place_or_a_grid_are_kept_in_the_list(page: Watched, site: Site) -> None:
    feature = toy.issues()["features"][0]
    lost = {**feature["properties"], "grid": None, "grid_name": None}
    answer = toy.collection([toy.feature(None, lost)])
    site.replaced["/api/issues.geojson"] = (200, answer)
    shown = page.open(f"{site.address}/issues", ready="issue")
    assert shown.inner_text("[data-queue=unclaimed] b") == "1"
    shown.locator(".work").click()
    assert "没有位置" in shown.inner_text("#card")


def test_no_issues_at_all_is_one_sentence(page: Watched, site: Site) -> None:
    site.replaced["/api/issues.geojson"] = (200, toy.collection([]))
    shown = page.open(f"{site.address}/issues", ready="issue")
    assert "新的一到会出现在这里" in shown.inner_text("#worklist")
    page.shoot("issue-empty")


def test_words_of_reporters_are_shown_as_typed_and_never_run(page: Watched, site: Site) -> None:
    features = toy.issues()["features"][: len(NAUGHTY)]
    for_show = [
        {
            **f,
            "properties": {
                **f["properties"],
                **dict.fromkeys(
                    ("text", "address", "service", "grid_name", "street_manager"), text
                ),
            },
        }
        for f, text in zip(features, NAUGHTY, strict=True)
    ]
    site.replaced["/api/issues.geojson"] = (
        200,
        {**toy.collection(for_show), "scope_name": NAUGHTY[3]},
    )
    shown = page.open(f"{site.address}/issues", ready="issue")
    for index, text in enumerate(NAUGHTY):
        shown.locator(".work").nth(index).click()
        assert shown.inner_text("#card blockquote") == text
    assert shown.evaluate("window.ran") is None


def test_without_a_network_the_page_says_what_is_safe(page: Watched, site: Site) -> None:
    page.quiet = ("ERR_INTERNET_DISCONNECTED",)
    shown = page.open(f"{site.address}/issues", ready="issue")
    shown.locator("[data-queue=new]").click()
    shown.locator(".work").first.click()
    shown.context.set_offline(True)
    shown.wait_for_selector(".offline:not([hidden])")
    assert "派单联网后可用" in shown.inner_text(".offline")
    shown.locator("#card button.main").press("Enter")
    shown.wait_for_selector("#card [role=alert] >> text=没能读到派单结果")
    shown.context.set_offline(False)
    shown.wait_for_selector(".offline", state="hidden")


def test_a_scope_that_is_not_yours_says_whose_it_is(page: Watched, site: Site) -> None:
    site.replaced["/api/issues.geojson"] = (200, {**toy.collection([]), "scope_name": "柳岸街道"})
    shown = page.open(f"{site.address}/issues?beyond=1", ready="issue")
    assert "柳岸街道不在你的范围内" in shown.inner_text("#worklist")
    assert shown.inner_text("#who") == "审核员 <b>赵</b>"


def test_many_issues_are_summed_up_until_one_zooms_in(page: Watched, site: Site) -> None:
    features = toy.issues()["features"] * 3
    site.replaced["/api/issues.geojson"] = (200, toy.collection(features))
    shown = page.open(f"{site.address}/issues", ready="issue")
    shown.get_by_role("button", name="全部时间").click()
    shown.locator("#worklist .more").click()
    assert shown.locator(".work").count() == 120
    assert shown.locator(".work").nth(60).evaluate("e => e === document.activeElement")
    page.shoot("issue-many")


def test_the_page_works_on_a_phone_and_in_english(phone: Watched, site: Site) -> None:
    shown = phone.open(f"{site.address}/issues?lang=en", ready="issue")
    assert shown.inner_text("h1") == "Worklist"
    wide = shown.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE[0]
    phone.shoot("issue", PHONE)
    shown.locator(".work").first.click()
    phone.shoot("issue-card", PHONE)


def test_a_scope_that_is_no_code_is_refused() -> None:
    with pytest.raises(BadPageCodeError, match="not valid"):
        issue_page("1; drop")
