"""The residents' page on a phone, with its scripts and without any, on the real API."""

from __future__ import annotations

from typing import Final

from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, Route, expect

from api.acting import COOKIE
from api.links.pace import Pace
from geo.issues import Order
from tests.photographed import jpeg
from tests.plugins.browser import PHONE, slowed
from tests.store import toy
from tests.store.phone import Server, waited
from tests.store.test_residents import closed, handled, issue_of

BIG: Final = jpeg(3000, 2000)


def number_on(page: Page) -> str:
    expect(page.locator(".keys dd").first).to_contain_text("W")
    return page.locator(".keys dd").first.inner_text()


def answer_told_to_who_checks(context: BrowserContext, server: Server, issue: int) -> None:
    context.add_cookies([{"name": COOKIE, "value": "dispatcher", "url": server.root}])
    desk = context.new_page()
    desk.goto(f"{server.root}/issues/{issue}")
    desk.locator("[data-step=pass]").click()
    expect(desk.locator("#step-solved-note")).to_contain_text("自己答过：是")
    expect(desk.locator("#step-satisfied-note")).to_contain_text("自己答过：否")
    desk.close()
    context.clear_cookies(name=COOKIE)


def test_a_pin_that_came_with_an_address_goes_with_it_and_keys_are_not_lost(
    context: BrowserContext, server: Server
) -> None:
    (there,) = toy.points((0.5, 0.5))
    place = {"title": "甲社区 1 号楼", "lon": there.x, "lat": there.y, "area": False}
    page = context.new_page()
    page.route("**/api/report/places*", lambda route: route.fulfill(json=[place]))
    page.goto(f"{server.root}/report")
    expect(page.locator("body[data-ready=resident]")).to_be_attached()
    page.fill("#address", "1 号楼")
    page.locator(".places button").press("Enter")
    expect(page.locator("[name=lon]")).to_have_value(f"{there.x:.6f}")
    expect(page.locator("#where [role=status]")).to_be_focused()
    expect(page.locator("#address")).to_have_value("甲社区 1 号楼")
    page.locator("#address").press_sequentially("旁")
    expect(page.locator("[name=lon]")).to_have_value("")
    expect(page.locator("#where [role=status]")).to_contain_text("按地址找")


def test_nothing_is_cut_off_a_long_text_and_what_is_wrong_is_said_of_its_field(
    context: BrowserContext, server: Server
) -> None:
    page = context.new_page()
    page.goto(f"{server.root}/report")
    expect(page.locator("body[data-ready=resident]")).to_be_attached()
    page.fill("#text", "灯" * 5000)
    expect(page.locator("#text-over")).to_contain_text("写了 5000 字，最多 2000 字")
    page.locator("#report button[type=submit]").click()
    expect(page.locator("#text")).to_be_focused()
    assert page.locator("#text").input_value() == "灯" * 5000
    page.fill("#text", "灯" * 2000)
    expect(page.locator("#text-over")).to_be_empty()
    page.locator("#report button[type=submit]").click()
    expect(page.locator("#faults")).to_have_text("在哪里：请写地址，或在地图上指出位置。")
    assert page.locator("#text").input_value() == "灯" * 2000
    page.fill("#address", "甲社区门口")
    page.locator("#report button[type=submit]").click()
    number_on(page)


def test_somebody_reports_with_a_pin_and_a_photo_made_small(
    context: BrowserContext, server: Server
) -> None:
    context.grant_permissions(["geolocation"], origin=server.root)
    context.set_geolocation({"longitude": toy.WEST + 0.005, "latitude": toy.SOUTH + 0.005})
    page = context.new_page()
    page.goto(f"{server.root}/report")
    expect(page.locator("body[data-ready=resident]")).to_be_attached()
    page.locator("[data-act=here]").click()
    expect(page.locator("#where")).to_contain_text("针尖")
    page.fill("#text", "井盖坏了")
    page.set_input_files("#photo", FilePayload(name="a.jpg", mimeType="image/jpeg", buffer=BIG))
    with page.expect_request("**/api/report") as asked:
        page.locator("#report button[type=submit]").click()
    number = number_on(page)
    assert len(asked.value.post_data_buffer or b"") < 210_000 < len(BIG) * 100
    expect(page.locator("main")).to_contain_text("照片 1 张")
    assert issue_of(server.store, number)["grid"] == f"{toy.ONE}003"
    issue = handled(server.store, number)
    page.reload()
    expect(page.locator(".said").first).to_contain_text("井盖已换")
    expect(page.locator("input[name=solved]").first).to_be_in_viewport()  # asked where it is seen
    page.locator("input[name=solved][value=true]").check()
    page.locator("input[name=satisfied][value=false]").check()
    page.locator(".ask .button").click()
    expect(page.locator("main")).to_contain_text("已解决，不满意")
    answer_told_to_who_checks(context, server, issue)
    closed(server.store, issue, Order(step="pass", solved=True, satisfied=True))
    page.reload()
    page.fill("#why", "井圈还在晃")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    page.locator(".ask .button").click()
    expect(page.locator(".now")).to_have_text("已交给承办单位，等他们接下。")
    page.goto(f"{server.root}/r/cut-off")
    expect(page.get_by_role("link", name="回到上报")).to_have_attribute("href", "/report")
    expect(page.locator("h1")).to_have_text("打不开这个页面")
    assert page.locator("nav").count() == 0
    page.go_back()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def test_a_phone_of_2015_without_a_network_keeps_what_was_typed_and_sends_it_once(
    context: BrowserContext, server: Server
) -> None:
    server.app.state.pace = Pace()  # of another minute than the tests before
    context.add_init_script("delete FormData.prototype.delete")
    page = context.new_page()
    page.goto(f"{server.root}/report")
    expect(page.locator("body[data-ready=resident]")).to_be_attached()
    page.fill("#text", "路灯不亮")
    page.fill("#address", "甲社区门口")
    send, said = page.locator("#report button[type=submit]"), page.locator("#said")
    context.set_offline(True)
    send.click()
    expect(said).to_contain_text("填好的都在")
    context.set_offline(False)
    held: list[Route] = []
    page.route("**/api/report", lambda route: held.append(route))  # noqa: PLW0108 it is marked
    page.set_input_files("#photo", FilePayload(name="a.jpg", mimeType="image/jpeg", buffer=BIG))
    send.click()
    expect(said).to_contain_text("正在")
    waited(page, lambda: held)
    held[0].fulfill(status=502, body="<h1>Bad</h1>")
    expect(said).to_contain_text("填好的都在")
    page.unroute_all()
    send.dblclick()
    assert number_on(page)
    expect(page.locator("main")).to_contain_text("照片 1 张")


def test_without_any_script_one_reports_is_told_what_is_wrong_and_follows(
    browser: Browser, server: Server
) -> None:
    server.app.state.pace = Pace()  # of another minute than the tests before
    plain = browser.new_context(
        viewport={"width": 360, "height": 740}, locale="zh-CN", java_script_enabled=False
    )
    page = slowed(plain).new_page()
    page.goto(f"{server.root}/report")
    page.fill("#text", "<b>路灯</b>不亮")
    page.locator("#report .button.main").click()
    expect(page.locator("#faults li")).to_have_count(1)
    assert page.input_value("#text") == "<b>路灯</b>不亮"
    page.fill("#address", "甲社区门口")
    page.locator("#report .button.main").click()
    number = number_on(page)
    word = page.locator(".keys dd").nth(1).inner_text()
    expect(page.locator("main")).to_contain_text("<b>路灯</b>不亮")
    plain.clear_cookies()
    page.goto(f"{server.root}/report")
    page.get_by_role("link", name="看进展").click()
    page.fill("#number", number.lower())
    page.fill("#word", "AAAA-AAAA")
    page.locator(".follow .button").click()
    expect(page.locator("#unknown")).to_contain_text("对不上")
    assert page.input_value("#number") == number.lower(), "nothing is typed twice"
    assert page.locator("nav").count() == 0, "no way into the city's own pages"
    page.fill("#word", word)
    page.locator(".follow .button").click()
    assert number_on(page) == number
    plain.close()
