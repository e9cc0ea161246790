"""The board opens, whatever an answer takes; from it issues are given to whom they are meant."""

from __future__ import annotations

from playwright.sync_api import Route, expect

from tests.maps import toy, toy_entry
from tests.maps.server import Site
from tests.plugins.browser import PIXEL, Watched

SETTLED_MS = 400  # by then a map that moved has asked again: longer makes the test no weaker


def test_a_slow_view_of_the_map_is_waited_for_and_not_asked_for_twice(
    page: Watched, site: Site
) -> None:
    shown, held = page.page, list[Route]()

    def hold(route: Route) -> None:
        held.append(route)

    shown.route("**/api/board/cells?*", hold)
    page.open(f"{site.address}/issues")
    expect(shown.locator(".work").first).to_be_visible()
    shown.wait_for_timeout(SETTLED_MS)
    assert len(held) == 1
    assert shown.get_attribute("body", "data-ready") is None, "the map has no marks yet"
    held[0].continue_()
    shown.wait_for_selector("body[data-ready=board]")
    shown.unroute("**/api/board/cells?*")
    with shown.expect_response("**/api/board/cells?*"):
        shown.get_by_role("button", name="缩小").click()


def test_an_address_with_an_issue_opens_its_card(page: Watched, site: Site) -> None:
    fact = toy.issues()["features"][4]["properties"]
    shown = page.open(f"{site.address}/issues?issue={fact['id']}", ready="board")
    expect(shown.locator("#card .number")).to_have_text(fact["number"])


def test_a_row_and_its_card_say_how_many_reported_it(page: Watched, site: Site) -> None:
    first, second, *rest = (each["properties"] for each in site.issues)
    told = [first | {"reporters": 3}, second, *rest]
    site.issues = [
        each | {"properties": fact} for each, fact in zip(site.issues, told, strict=True)
    ]
    shown = page.open(f"{site.address}/issues?issue={first['id']}", ready="board")
    row = shown.locator(f".work-row[data-id='{first['id']}']")
    expect(row.locator(".from")).to_contain_text("3 人反映")
    expect(shown.locator(".work .from", has_text="人反映")).to_have_count(1)
    expect(shown.locator("#card .said-by")).to_contain_text("3 人反映")


def test_what_is_merged_into_is_chosen_nearby_or_found_by_its_number(
    page: Watched, site: Site
) -> None:
    first, *rest = site.issues
    one = first["properties"]
    other = next(f["properties"] for f in rest if f["properties"]["state"] != "closed")
    site.issues = [first | {"properties": one | {"text": "灯" * 2000}}, *rest]
    merge = {"step": "merge", "task": None, "zh": "合并", "en": "merge", "needs": ["into"]}
    case = toy_entry.case(one["id"]) | {"steps": [merge]}
    site.replaced[f"/api/issues/{one['id']}"] = (200, case)
    site.replaced[f"/api/issues/{one['id']}/steps"] = (200, case)
    shown = page.page
    with shown.expect_request("**/api/issues/nearby?*") as asked:
        page.open(f"{site.address}/issues?issue={one['id']}", ready="board")
    assert len(asked.value.url) < 4000, "no server between refuses so long an address"
    shown.locator(".deeds [data-step=merge]").click()
    expect(shown.locator(".deed .candidate")).to_have_count(2)
    shown.locator(".deed .candidate input").first.check()
    shown.fill("#step-into", other["number"])
    shown.get_by_role("option").filter(has_text=other["number"]).click()
    expect(shown.locator(".deed .candidate input:checked")).to_have_count(0)
    shown.locator(".deed .main").click()
    expect(shown.locator(".sent")).to_contain_text("合并")
    assert site.bodies[-1]["into"] == other["id"]


def test_what_the_rules_would_send_to_one_may_be_sent_to_another(page: Watched, site: Site) -> None:
    facts = (feature["properties"] for feature in toy.issues()["features"])
    new = next(fact for fact in facts if fact["state"] == "new")
    case = {**toy_entry.case(new["id"]), "state": "new"}
    send: dict[str, object] = {
        "step": "send",
        "task": None,
        "zh": "派单",
        "en": "send",
        "needs": [],
    }
    close = send | {"step": "answer", "zh": "直接答复", "needs": ["result"]}
    site.replaced[f"/api/issues/{new['id']}"] = (200, {**case, "steps": [send, close]})
    site.replaced[f"/api/issues/{new['id']}/steps"] = (200, {**case, "state": "closed"})
    found = [{"code": "D1", "name": "区城管局", "kind": "department", "above": None}]
    site.replaced["/api/parties"] = (200, found)
    shown = page.open(f"{site.address}/issues?issue={new['id']}", ready="board")
    expect(shown.locator(".deeds button").last).to_have_text("派给别人")
    shown.locator(".deeds [data-step=send]").click()
    shown.fill("#step-party", "城管")
    shown.locator("[role=option]").first.click()
    shown.locator("form.deed button.main").click()
    expect(shown.locator(".card-foot > button.main")).to_have_count(0)
    assert site.bodies[-1] == {"step": "send", "task": None, "party": "D1"}


def test_a_mark_dragged_onto_another_grid_is_given_to_its_leader(page: Watched, site: Site) -> None:
    feature, other = toy.issues()["features"][0], toy.issues()["features"][5]
    case = toy_entry.case(feature["properties"]["id"])
    hand = {"step": "hand_over", "task": 6, "zh": "转交", "en": "hand over", "needs": ["reason"]}
    site.replaced[f"/api/issues/{case['id']}"] = (200, {**case, "steps": [hand]})
    site.replaced["/api/issues/steps"] = (200, {"kept": 1, "refused": 0, "answers": []})
    shown = page.open(f"{site.address}/issues", ready="board")
    start, end = (shown.evaluate(PIXEL, f["geometry"]["coordinates"]) for f in (feature, other))

    def carried() -> None:
        shown.mouse.move(*start)
        shown.mouse.down()
        shown.mouse.move(start[0] + 20, start[1] + 2, steps=3)
        shown.mouse.move(*end, steps=5)

    carried()
    expect(shown.locator(".lifted")).to_have_text(f"转到{other['properties']['grid_name']}")
    page.shoot("board-carried")
    shown.keyboard.press("Escape")
    shown.mouse.up()
    carried()
    shown.mouse.move(*start, steps=3)
    expect(shown.locator(".lifted")).to_have_text("拖到要转去的网格")
    shown.mouse.up()
    assert shown.locator(".lifted, .reassign, .card:not([hidden])").count() == 0
    assert shown.evaluate(PIXEL, feature["geometry"]["coordinates"]) == start, "the map stays"
    carried()
    shown.mouse.up()
    shown.get_by_label("理由").fill("那边的路段")
    shown.locator(".reassign .main").click()
    shown.wait_for_selector(".reassign", state="detached")
    (sent,) = site.bodies[0]["steps"]
    assert (sent["step"], sent["grid"]) == ("hand_over", other["properties"]["grid"])
    shown.mouse.move(end[0], end[1] + 40)
    shown.mouse.down()
    shown.mouse.move(end[0] + 60, end[1] + 40, steps=3)
    shown.mouse.up()
    moved = shown.evaluate(PIXEL, feature["geometry"]["coordinates"])
    assert moved != start, "beside marks the map moves as before"


def test_the_bar_tells_how_the_month_goes(page: Watched, site: Site) -> None:
    shown = page.open(f"{site.address}/issues?scope={toy.SCOPE}", ready="board")
    expect(shown.locator("#month")).to_have_text("本月 按期办结 96.8% 网格内解决 63.1%")
    assert f"{site.address}/api/rates?scope={toy.SCOPE}" in page.requests
    assert "310 件" in str(shown.locator("#month span").first.get_attribute("title"))


def test_whom_several_are_whistled_for_is_chosen_with_the_mouse(page: Watched, site: Site) -> None:
    names = ("历下区城市管理局", "综合科", "一中队", "二中队")
    found = [{"code": n, "name": n, "kind": "department", "above": None} for n in names]
    site.replaced["/api/parties"] = (200, found)
    site.replaced["/api/issues/steps"] = (200, {"kept": 2, "refused": 0, "answers": []})
    shown = page.open(f"{site.address}/issues", ready="board")
    for row in range(2):
        shown.locator(".work-row input").nth(row).check()
    shown.locator(".several [data-step=whistle]").click()
    shown.fill("#step-parties", "城管")
    shown.locator("[role=option]").first.click(timeout=2_000)
    shown.fill("#step-reason", "占道")
    shown.locator(".several form .main").click()
    shown.wait_for_selector(".several .sent")
    assert not [url for url in page.requests if url.endswith("/whistle")], (
        "several have no one list"
    )
    assert [one["parties"] for one in site.bodies[-1]["steps"]] == [[names[0]]] * 2
