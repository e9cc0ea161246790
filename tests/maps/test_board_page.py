from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from geo.errors import BadPageCodeError
from maps.board_page import board_page
from tests.judged import faults
from tests.maps import toy, toy_entry, toy_routes
from tests.maps.server import Site
from tests.maps.test_plan_page import NAUGHTY
from tests.plugins.browser import Watched


def facts() -> list[dict[str, Any]]:
    return [feature["properties"] for feature in toy.issues()["features"]]


def test_queues_count_what_is_owed(page: Watched, site: Site) -> None:
    shown = page.open(f"{site.address}/issues?days=0", ready="board")
    tabs = [text.split("\n") for text in shown.locator("[role=tab]").all_inner_texts()]
    counts, states = {name: count for count, name in tabs}, [fact["state"] for fact in facts()]
    assert counts["全部"] == str(len(states))
    assert counts["待派"] == str(states.count("new"))
    assert counts["待签收"] == str(states.count("sent"))
    assert counts["待回访"] == str(states.count("done"))
    page.shoot("board")


def test_a_queue_filters_list_and_map(page: Watched, site: Site) -> None:
    shown = page.open(f"{site.address}/issues", ready="board")
    shown.locator("[data-queue=returned]").click()
    wanted = shown.inner_text("[data-queue=returned] b")
    expect(shown.locator(".work")).to_have_count(int(wanted))
    shown.keyboard.press("ArrowLeft")
    assert shown.evaluate("document.activeElement.dataset.queue") == "new"
    assert shown.locator("[role=tab][tabindex='0']").count() == 1
    expect(shown.locator(".strip-days b")).to_contain_text(f"· {wanted} 件")
    assert "queue=returned" in shown.url


def test_an_issue_shows_whose_it_is(page: Watched, site: Site) -> None:
    shown = page.open(f"{site.address}/issues", ready="board")
    shown.locator(".work").first.press("Enter")
    expect(shown.locator("#card h2")).to_be_focused()
    card = shown.inner_text("#card")
    first = facts()[0]
    assert shown.inner_text("#card .known-near b") == "附近相似 2 件"
    for key in ("number", "service", "text", "grid_name", "community_name", "grid_leader"):
        assert first[key] in card
    assert "街巷长" in card
    reasons = shown.locator("#card .why li")
    assert reasons.locator("b").evaluate_all("all => all.every(e => e.offsetHeight < 30)")
    assert [text.split("\n")[0] for text in reasons.all_inner_texts()] == [
        *("位置", "责任清单", "专属网格", "服务默认", "回避")
    ]
    decides = shown.wait_for_selector("#card .why .decides")
    assert decides
    listed = first["id"] % 2 == 0
    assert ("第 12 行，路灯不亮 · 柳岸街道：区城管局" in decides.inner_text()) == listed
    assert ("网格长 刘洋" in decides.inner_text()) == (not listed)
    assert shown.evaluate("window.map_issue.getSize().x") == 1440 - 400 - 408
    page.shoot("board-card")
    shown.keyboard.press("Escape")
    assert shown.is_hidden("#card")
    assert shown.evaluate("document.activeElement.dataset.number") == first["number"]


def test_a_new_issue_is_sent_by_one_button(page: Watched, site: Site) -> None:
    new = next(f for f in toy.issues()["features"] if f["properties"]["state"] == "new")
    number = new["properties"]["id"]
    site.fresh = [{**new, "properties": {**new["properties"], "state": "sent"}}]
    who = toy_routes.route(number)["party_name"]
    site.replaced[f"/api/issues/{number}/send"] = (201, {"task": 5, "party": "x", "name": who})
    shown = page.open(f"{site.address}/issues", ready="board")
    shown.locator("[data-queue=new]").click()
    shown.wait_for_selector(f".work-row[data-id='{number}']")
    shown.locator(".work").first.click()
    shown.get_by_role("button", name=f"派给 {who}").click()
    shown.wait_for_selector("#card .card-top >> text=待签收")
    assert site.posted == [f"/api/issues/{number}/send"]
    assert f"已派给 {who}" in shown.inner_text("#card .sent")
    assert shown.evaluate("document.activeElement.className") == "sent"
    assert "待签收" in str(shown.locator(".work-row").first.text_content())


def test_what_happens_meanwhile_waits_to_be_shown_and_moves_nothing(
    page: Watched, site: Site
) -> None:
    known = toy.issues()["features"][3]
    told = known["properties"]
    more = {"id": 900_001, "number": "JW-new", "text": "井盖丢了", "state": "new", "card": None}
    more["reported_at"] = (toy.NOON + timedelta(days=1)).isoformat()  # the period moves with it
    site.fresh = [{**known, "properties": {**told, "state": "closed"}}]
    site.retry = 200
    shown = page.open(f"{site.address}/issues", ready="board")
    site.issues = [{**known, "properties": {**told, **more}}, *site.issues]
    top = shown.inner_text(".work >> nth=0")
    site.stream = b"".join(
        f'event: issue\ndata: {{"subject":"{number}"}}\n\n'.encode()
        for number in (told["id"], more["id"])
    )
    shown.wait_for_selector(".news >> text=新到 1 件")
    assert shown.inner_text(".work >> nth=0") == top
    row = shown.wait_for_selector(
        f".work-row[data-id='{told['id']}'] >> text=已结案", state="attached"
    )
    assert row
    shown.locator(".news").click()
    shown.wait_for_selector(".work >> nth=0 >> text=井盖丢了")


def test_a_send_that_is_refused_says_why_and_can_be_tried_again(page: Watched, site: Site) -> None:
    page.quiet = ("409",)
    number = next(fact["id"] for fact in facts() if fact["state"] == "new")
    told = {"title": "NobodyHolds", "zh": "这个网格还没有网格长。", "en": "No leader."}
    button = f"派给 {toy_routes.route(number)['party_name']}"
    site.replaced[f"/api/issues/{number}/send"] = (409, told)
    shown = page.open(f"{site.address}/issues", ready="board")
    shown.locator("[data-queue=new]").click()
    shown.wait_for_selector(f".work-row[data-id='{number}']")
    shown.locator(".work").first.click()
    shown.get_by_role("button", name=button).click()
    shown.wait_for_selector("#card [role=alert] >> text=这个网格还没有网格长。")
    assert shown.get_by_role("button", name=button).is_enabled()


def test_a_pin_of_the_map_opens_its_issue(page: Watched, site: Site) -> None:
    shown = page.open(f"{site.address}/issues", ready="board")
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
    shown = page.open(f"{site.address}/issues", ready="board")
    expect(shown.locator(".heat-key")).to_contain_text("每公顷件数")
    expect(shown.locator("#spots")).to_contain_text("热点 1：文庙东巷 31 件，比")
    shown.get_by_role("button", name="按人").click()
    expect(shown.locator(".heat-key")).to_contain_text("每公顷反映人数")
    expect(shown.locator(".strip-days b")).to_contain_text("人反映")
    shown.get_by_role("button", name="网格着色").click()
    expect(shown.locator(".heat-key")).to_contain_text("未结件数")
    for measure, said in (
        ("reporters", "每网格反映人数"),
        ("households", "每百户件数"),
        ("solved_in_grid", "20%"),
    ):
        shown.locator(".measures-choice").select_option(measure)
        expect(shown.locator(".heat-key")).to_contain_text(said)
    expect(shown).to_have_url(re.compile("layer=grids&measure=solved_in_grid"))
    page.shoot("board-grids")


def test_filters_drive_list_map_and_figures_and_are_kept_in_the_address(
    page: Watched, site: Site
) -> None:
    shown = page.open(f"{site.address}/issues?days=0", ready="board")
    total = int(shown.inner_text("[data-queue=all] b"))
    shown.get_by_role("button", name="筛选").click()
    shown.get_by_label("来源").select_option("patrol")
    shown.wait_for_selector(".chip >> text=巡查")
    fewer = sum(fact["source"] == "patrol" for fact in facts())
    expect(shown.locator("[data-queue=all] b")).to_have_text(str(fewer))
    assert fewer < total
    expect(shown.locator(".strip-days b")).to_contain_text(f"· {fewer} 件")
    assert "同时作用于地图和统计" in shown.inner_text(".filter-row")
    again = page.open(shown.url, ready="board")
    assert again.inner_text("[data-queue=all] b") == str(fewer)
    expect(again.locator(".earlier")).to_be_hidden()
    again.get_by_role("button", name="近 7 天").click()
    again.locator(".earlier", has_text="更早的还有").click()
    expect(again.locator("[data-queue=all] b")).to_have_text(str(fewer))
    again.locator(".chip").click()
    expect(again.locator("[data-queue=all] b")).to_have_text(str(total))


def test_the_period_is_moved_by_keys_and_played(page: Watched, site: Site) -> None:
    shown = page.open(f"{site.address}/issues", ready="board")
    before = shown.inner_text(".strip-days b")
    shown.locator(".strip-handle.from").press("ArrowLeft")
    expect(shown.locator(".strip-days b")).not_to_have_text(before)
    assert shown.locator(".segments [aria-pressed=true]", has_text="近 7 天").count() == 0
    assert "from=2026-11-16&to=2026-11-23" in shown.url
    shown.get_by_role("button", name="播放").click()
    expect(shown).not_to_have_url(re.compile("to=2026-11-23"))
    shown.get_by_role("button", name="停", exact=True).click()


def test_several_are_sent_at_once_and_each_is_answered(page: Watched, site: Site) -> None:
    refused = {"zh": "这个网格还没有网格长。", "en": "No leader."}
    first, second = (fact["id"] for fact in facts()[:2])
    answers = [{"issue": first, "status": 200, "problem": None},
               {"issue": second, "status": 409, "problem": refused}]  # fmt: skip
    site.replaced["/api/issues/steps"] = (200, {"kept": 1, "refused": 1, "answers": answers})
    shown = page.open(f"{site.address}/issues", ready="board")
    shown.locator(".work").first.press("x")
    shown.locator(".work-row input").nth(1).check()
    assert "已选 2 件" in shown.inner_text(".several")
    page.shoot("board-several")
    shown.locator(".several [data-step=send]").click()
    shown.wait_for_selector(".several >> text=1 件没办成")
    assert "这个网格还没有网格长。" in shown.inner_text(".several")
    assert site.bodies == [{"steps": [{"issue": n, "step": "send"} for n in (first, second)]}]


def test_a_row_dragged_onto_a_grid_is_given_to_its_leader(page: Watched, site: Site) -> None:
    case = toy_entry.case(facts()[0]["id"])
    hand = {"step": "hand_over", "task": 6, "zh": "转交", "en": "hand over", "needs": ["reason"]}
    site.replaced[f"/api/issues/{case['id']}"] = (200, {**case, "steps": [hand]})
    site.replaced["/api/issues/steps"] = (200, {"kept": 1, "refused": 0, "answers": []})
    shown = page.open(f"{site.address}/issues", ready="board")
    room = shown.locator(".folium-map").bounding_box()
    assert room
    x, y = room["width"] / 2, room["height"] / 2
    onto = shown.locator(".folium-map")
    shown.locator(".work").first.drag_to(onto, target_position={"x": x, "y": y})
    shown.get_by_label("理由").fill("那边的路段")
    assert faults(shown) == []
    shown.locator(".reassign .main").click()
    shown.wait_for_selector(".reassign", state="detached")
    (sent,) = site.bodies[0]["steps"]
    assert sent["step"] == "hand_over"
    assert sent["grid"]
    assert sent["version"] == case["version"]
    assert site.bodies[0]["together"]


def test_search_finds_by_number_and_says_when_nothing_is_found(page: Watched, site: Site) -> None:
    shown = page.open(f"{site.address}/issues", ready="board")
    shown.get_by_role("searchbox").fill(facts()[0]["number"])
    expect(shown.locator(".work")).to_have_count(1)
    shown.get_by_role("searchbox").fill("找不到的字")
    shown.wait_for_selector("#worklist >> text=没有找到“找不到的字”")


def test_issues_without_a_place_or_a_grid_are_kept_in_the_list(page: Watched, site: Site) -> None:
    feature = toy.issues()["features"][0]
    lost = {**feature["properties"], "grid": None, "grid_name": None}
    site.issues = [toy.feature(None, lost)]
    shown = page.open(f"{site.address}/issues", ready="board")
    assert shown.inner_text("[data-queue=unclaimed] b") == "1"
    shown.locator(".work").click()
    assert "没有位置" in shown.inner_text("#card")


def test_what_is_put_on_the_map_has_its_grid_and_reasons_on_the_card_at_once(
    page: Watched, site: Site
) -> None:
    there = toy.issues()["features"][0]
    facts = there["properties"]
    case = toy_entry.case(facts["id"])
    place = {"step": "place", "task": None, "zh": "定位", "en": "put on the map", "needs": ["lon"]}
    site.issues = [toy.feature(None, facts | {"grid": None, "grid_name": None, "state": "new"})]
    site.replaced[f"/api/issues/{facts['id']}"] = (200, {**case, "state": "new", "steps": [place]})
    site.replaced[f"/api/issues/{facts['id']}/steps"] = (200, {**case, "state": "new", "steps": []})
    site.replaced["/api/gazetteer"] = (200, {"taken": None, "candidates": []})
    shown = page.open(f"{site.address}/issues", ready="board")
    shown.locator(".work").click()
    shown.wait_for_selector("#card .why .decides")
    assert "没有位置" in shown.inner_text("#card .why")
    shown.locator("#card [data-step=place]").click()
    shown.get_by_label("位置").fill("117.02, 36.66")
    shown.get_by_label("坐标系").select_option("wgs84")
    site.fresh = [{**there, "properties": facts | {"state": "new"}}]
    shown.locator("#card .deed .main").click()
    expect(shown.locator("#card .why")).to_contain_text(facts["grid_name"])
    assert facts["grid_name"] in shown.inner_text("#card .facts >> nth=-1")
    expect(shown.locator("#card .sent")).to_be_focused()
    assert "定位" in shown.inner_text("#card .sent")


def test_no_issues_at_all_is_one_sentence(page: Watched, site: Site) -> None:
    site.issues = []
    shown = page.open(f"{site.address}/issues", ready="board")
    assert "新的一到会出现在这里" in shown.inner_text("#worklist")
    page.shoot("board-empty")


def test_words_of_reporters_are_shown_as_typed_and_never_run(page: Watched, site: Site) -> None:
    typed = ("text", "address", "service", "grid_name", "street_manager")
    features = toy.issues()["features"][: len(NAUGHTY)]
    site.issues = [
        {**f, "properties": f["properties"] | dict.fromkeys(typed, text)}
        for f, text in zip(features, NAUGHTY, strict=True)
    ]
    shown = page.open(f"{site.address}/issues", ready="board")
    for index, text in enumerate(NAUGHTY):
        shown.locator(".work").nth(index).click()
        assert shown.inner_text("#card blockquote") == text
    assert shown.evaluate("window.ran") is None


def test_without_a_network_the_page_says_what_is_safe(page: Watched, site: Site) -> None:
    page.quiet = ("ERR_INTERNET_DISCONNECTED",)
    shown = page.open(f"{site.address}/issues", ready="board")
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
    site.issues = []
    shown = page.open(f"{site.address}/issues?beyond=1", ready="board")
    assert "柳岸街道不在你的范围内" in shown.inner_text("#worklist")
    assert shown.inner_text("#who") == "审核员 <b>赵</b>"


def test_many_issues_are_summed_up_until_one_zooms_in(page: Watched, site: Site) -> None:
    site.issues = [
        {**each, "properties": {**each["properties"], "id": number}}
        for number, each in enumerate(toy.issues()["features"] * 3)
    ]
    site.stream, site.retry = b"event: reset\ndata: {}\n\n", 200  # news without end
    shown = page.open(f"{site.address}/issues?days=0", ready="board")
    assert "放大后逐件显示" in shown.inner_text(".tools")
    held: list[Route] = []
    shown.route("**/api/board/issues*away=*", lambda route: held.append(route))  # noqa: PLW0108 it is marked
    with shown.expect_response("**/api/board/issues*"):
        shown.locator("#worklist .more").click()
    held[0].continue_()
    expect(shown.locator(".work")).to_have_count(120)
    assert shown.locator(".work").nth(60).evaluate("e => e === document.activeElement")
    page.shoot("board-many")


def test_a_scope_that_is_no_code_is_refused() -> None:
    with pytest.raises(BadPageCodeError, match="not valid"):
        board_page("1; drop")
