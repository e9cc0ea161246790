from __future__ import annotations

from playwright.sync_api import FilePayload, Page, Route, expect

from geo.issues.edges import EDGES
from maps import assets
from tests.judged import faults
from tests.maps import toy_entry, toy_routes
from tests.maps.server import Site
from tests.plugins.browser import PHONE, Watched

FACELESS = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"


def opened(watched: Watched, site: Site, query: str = "") -> Page:
    watched.quiet = ("409",)
    return watched.open(f"{site.address}/issues/4{query}", ready="one")


def test_every_step_of_the_table_has_its_place_among_the_buttons() -> None:
    source = (assets.ROOT / assets.WEB / "steps.js").read_text("utf-8")
    order = source.partition("const ORDER = [")[2].partition("];")[0]
    assert [edge.name for edge in EDGES if f'"{edge.name}"' not in order] == []


def test_all_that_is_known_of_an_issue_is_on_its_page(page: Watched, site: Site) -> None:
    shown = opened(page, site)
    title = shown.title()  # what the browser's history keeps of it
    assert (shown.inner_text(".number") in title, toy_routes.NAUGHTY in title) == (True, False)
    said = shown.inner_text("#panel")
    for each in (
        *(
            "区城管局",
            "供电所",
            "照片距网格 230 米",
            "办结要有处置后照片",
            "未解决",
            "90 天内第 3 次",
            "暂估：那一年的工作日还没有录入",
        ),
        *(toy_routes.NAUGHTY, "陈静", "泉涌社区第2网格（12 米）"),
    ):
        assert each in said
    assert shown.locator(".deeds > .row > button").all_inner_texts() == [
        *("接单（区城管局）", "办结（供电所）", "退单（区城管局）")
    ]
    reached = shown.locator(".reached")
    reached.locator("summary").click()
    reached.get_by_role("button").click()
    expect(reached.locator(".fault")).to_contain_text("要填")
    site.replaced["/api/issues/4/contact"] = (200, {"contact": toy_routes.NAUGHTY})
    shown.fill("#contact-reason", "回访核实")
    reached.get_by_role("button").click()
    expect(reached.locator(".contact")).to_have_text(toy_routes.NAUGHTY)
    assert site.bodies[-1] == {"reason": "回访核实"}


def test_what_others_do_meanwhile_is_shown_unless_a_form_is_open(page: Watched, site: Site) -> None:
    site.retry = 200
    later = {**toy_entry.case(4), "version": 9, "state": "taken"}
    shown = opened(page, site)
    site.replaced["/api/issues/4"] = (200, later)
    shown.locator(".more-steps summary").click()
    step = shown.locator(".more-steps [data-step]").first
    step.focus()
    site.stream = b'event: issue\ndata: {"subject":"4"}\n\n'
    shown.wait_for_selector(".sent >> text=有新进展")
    assert "办理中" in shown.inner_text(".card-head")
    expect(step).to_be_focused()


def test_a_form_opened_while_news_is_read_is_not_taken_away(page: Watched, site: Site) -> None:
    site.retry = 200
    shown, held = opened(page, site), list[Route]()
    shown.route("**/api/issues/4", lambda route: held.append(route))  # noqa: PLW0108 it is marked
    site.stream = b'event: issue\ndata: {"subject":"4"}\n\n'
    while not held:
        shown.wait_for_timeout(20)
    shown.locator("[data-step=return]").click()
    shown.fill("#step-reason", "不归我们")
    with shown.expect_event("requestfinished", lambda one: one.url.endswith("/api/issues/4")):
        held[0].fulfill(json={**toy_entry.case(4), "version": 9})
    shown.wait_for_timeout(100)  # it may show what it read
    assert shown.input_value("#step-reason", timeout=1_000) == "不归我们"


def test_a_step_is_taken_on_what_was_seen_with_what_it_needs(page: Watched, site: Site) -> None:
    shown = opened(page, site)
    shown.locator("[data-step=return]").click()
    assert shown.evaluate("document.activeElement.id") == "step-reason"
    shown.locator("form.deed button.main").click()
    assert "要填" in shown.inner_text("#step-reason-fault")
    shown.fill("#step-reason", "不归我们")
    gone = {"title": "StepRefused", "zh": "已过退单时限。", "en": "Too late."}
    site.replaced["/api/issues/4/steps"] = (409, gone)
    shown.locator("form.deed button.main").click()
    shown.wait_for_selector(".deeds .fault >> text=已过退单时限。")
    assert shown.input_value("#step-reason") == "不归我们"
    site.replaced["/api/issues/4/steps"] = (200, {**toy_entry.case(4), "state": "returned"})
    shown.locator("form.deed button.main").click()
    shown.wait_for_selector(".sent >> text=已办：退单")
    assert site.bodies[-1] == {"step": "return", "task": 5, "reason": "不归我们"}
    assert "退单待审" in shown.inner_text(".card-head")
    site.replaced["/api/issues/4/photos"] = (201, {})
    file = FilePayload(name="a.gif", mimeType="image/gif", buffer=FACELESS)
    shown.set_input_files("#photo-after", file)
    shown.wait_for_selector(".sent >> text=照片已送达")
    assert (site.posted[-1], site.bodies[-1]) == ("/api/issues/4/photos?stage=after", FACELESS)


def test_what_was_asked_is_granted_in_part_and_what_lies_nowhere_is_put_where_it_is(
    page: Watched, site: Site
) -> None:
    case = toy_entry.case(4)
    (first, *others), place = case["tasks"], {"step": "place", "task": None, "needs": ["lon"]}
    extend = {"step": "extend", "task": first["id"], "zh": "延期", "en": "extend", "needs": []}
    steps = [extend, place | {"zh": "定位", "en": "place"}]
    tasks = [first | {"asked": "extend", "asked_days": 6, "state": "taken"}, *others]
    site.replaced["/api/issues/4"] = (200, {**case, "steps": steps, "tasks": tasks})
    site.replaced["/api/issues/4/steps"] = (200, {**case, "steps": steps, "tasks": tasks})
    site.replaced["/api/gazetteer"] = (200, toy_entry.foreseen()["located"])
    shown = opened(page, site)
    shown.locator("[data-step=extend]").click()
    assert shown.input_value("#step-days") == "6"
    shown.fill("#step-days", "三")
    shown.locator("form.deed button.main").click()
    assert "要一个数" in shown.inner_text("#step-days-fault")
    shown.fill("#step-days", "2")
    shown.locator("form.deed button.main").click()
    shown.wait_for_selector(".sent >> text=已办：延期")
    assert site.bodies[-1] == {"step": "extend", "task": first["id"], "days": 2}
    shown.locator("[data-step=place]").click()
    shown.locator("form.deed button.main").click()
    assert "要填" in shown.inner_text("form.deed")
    shown.get_by_label("文庙街 5 号 b2").check()
    with shown.expect_navigation():
        shown.locator("form.deed button.main").click()
    assert site.bodies[-1] == {"step": "place", "task": None, "candidate": "building:b2"}


def test_the_page_of_an_issue_is_for_everyone_on_a_phone(phone: Watched, site: Site) -> None:
    shown = opened(phone, site, "?lang=en")
    assert shown.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    assert faults(phone.page) == []
    phone.shoot("one", PHONE)


def test_whoever_sends_work_gives_it_to_a_phone_by_a_code(page: Watched, site: Site) -> None:
    until, code = "2026-11-30T09:00:00+08:00", assets.href("web/mark.svg")
    link = {"id": 7, "url": "http://phone/t/x.y", "qr": code, "expires_at": until}
    link["party_name"] = "陈静"
    site.replaced["/api/tasks/5/links"] = (201, link)
    shown = opened(page, site)
    page.quiet = ("404", "409")
    shown.locator("[data-link='5']").click()
    assert shown.input_value(".phone-link input") == link["url"]
    assert "陈静" in str(shown.get_attribute(".phone-link img", "alt"))
    assert "11 月 30 日 09:00" in shown.inner_text(".phone-link")
    assert site.posted == ["/api/tasks/5/links"]


def test_whom_the_list_calls_to_assist_comes_along_to_a_whistle(page: Watched, site: Site) -> None:
    case = toy_entry.case(4)
    whistle = {"step": "whistle", "task": None, "zh": "吹哨", "en": "whistle"}
    needs = {"needs": ["reason", "parties"]}
    site.replaced["/api/issues/4"] = (200, {**case, "steps": [whistle | needs]})
    fault = {"field": "reason", "zh": "最多 2000 字", "en": "takes at most 2000 characters"}
    wrong = {"zh": "请求有误：reason：最多 2000 字。", "en": "Malformed.", "fields": [fault]}
    site.replaced["/api/issues/4/steps"] = (422, wrong)
    of_list = {"above": None, "row_number": 7, "basis": "", "service_name": None, "area_name": None}
    load = {"open": 0, "overdue": 0, "minutes": None}
    named = [("D8", "园林局", True), ("D9", "水务局", False)]
    told = [{"party": p, "name": n, "lead": lead} | of_list | load for p, n, lead in named]
    answer = {"departments": told, "signers": [], "on_the_spot_minutes": 30}
    site.replaced["/api/issues/4/whistle"] = (200, answer)
    shown = opened(page, site)
    for party, _, _ in named:
        shown.locator(f".call[data-party={party}] input").check()
    shown.locator("[data-call=go]").click()
    chips = shown.locator(".deed .chips")
    expect(chips.nth(0)).to_have_text("园林局 ×")
    expect(chips.nth(1)).to_have_text("水务局 ×")
    expect(shown.locator("#step-reason")).to_be_focused()  # whom to call is answered already
    expect(shown.get_by_role("listbox")).to_be_hidden()
    page.quiet = ("404", "409", "422")
    shown.keyboard.type("树倒进河里")
    shown.locator(".deed .main").click()
    expect(shown.locator("#step-reason-fault")).to_have_text("最多 2000 字")
    expect(shown.locator(".deeds > .fault")).to_be_empty()
    site.replaced["/api/issues/4/steps"] = (200, {**case, "steps": []})
    shown.locator(".deed .main").click()
    expect(shown.locator(".sent")).to_contain_text("吹哨")
    _, body = site.bodies
    assert (body["parties"], body["assists"]) == (["D8"], ["D9"])
