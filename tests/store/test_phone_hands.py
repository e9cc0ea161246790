"""The phone's page in any hands: double taps, two tabs, a wrong clock, a full phone, keys alone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Page, Route, expect

from tests.judged import faults
from tests.plugins.browser import pictured
from tests.store.phone import (
    Server,
    happened,
    job,
    photograph,
    sent_in,
    shown,
    small,
    states,
    waited,
)
from tests.store.test_phone_day_page import day

__all__ = ["day"]

FULL = """IDBObjectStore.prototype.put = Storage.prototype.setItem = function () {
    throw new DOMException('full', 'QuotaExceededError');
};"""
# Makes the photo of a task wait until the page is told to go on.
HELD = """() => {
    Object.defineProperty(HTMLImageElement.prototype, 'onload', { set(act) {
        this.addEventListener('load', () => { window.goOn = () => act.call(this); });
    } });
}"""
# Two taps in one place with nothing between them, and what lies there then: no machine is too slow.
TAPPED_TWICE = """selector => {
    const button = document.querySelector(selector);
    button.scrollIntoView({block: 'center'});
    const box = button.getBoundingClientRect();
    const [x, y] = [box.left + 0.8 * box.width, box.top + box.height / 2];
    const under = () => document.elementFromPoint(x, y);
    const tap = {bubbles: true, cancelable: true, detail: 1, clientX: x, clientY: y};
    for (let n = 0; n < 2; n++) under().dispatchEvent(new MouseEvent('click', tap));
    return under().innerText;
}"""
# What a phone without room for a canvas says of it, until it is asked once.
NO_CANVAS = """() => {
    const pen = HTMLCanvasElement.prototype, drawn = pen.toDataURL;
    pen.toDataURL = () => { pen.toDataURL = drawn; return "data:,"; };
}"""
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(400)


def tapped_twice(page: Page, selector: str) -> str:
    page.wait_for_selector(selector)
    return str(page.evaluate(TAPPED_TWICE, selector))


def again(page: Page, server: Server, link: int) -> Page:
    """The same link in another tab."""
    tab = page.context.new_page()
    tab.goto(f"{server.root}/phone/{link}")
    tab.wait_for_selector("body[data-ready=phone]")
    return tab


def test_a_chart_is_walked_to_its_end(context: BrowserContext, day: str) -> None:
    page = shown(context, day)
    page.evaluate("location.hash = '#doors-B1'")
    expect(page.locator(".door")).to_have_count(8)
    for n in range(8):
        page.click(f".find[data-found={'nobody' if n == 5 else ('visited', 'empty')[n % 2]}]")
        expect(page.locator(".queue li")).to_have_count(n + 1)
    missed = page.locator("[data-door='B1-2-102']")
    expect(missed).to_have_attribute("aria-pressed", "true")  # where nobody was in comes last
    expect(page.locator(".next")).to_contain_text("都去过了")
    page.click(".find[data-found=let]")
    expect(missed).to_have_class("door door-let chosen")
    assert page.locator("[data-act=next]").count() == 0
    assert faults(page) == []
    sent_in(page, 9)
    page.reload()
    expect(page.locator(".door")).to_have_count(8)
    assert page.locator(".find").count() == 0, "nobody is left to try"


def test_a_double_tap_is_one_deed(server: Server, context: BrowserContext, day: str) -> None:
    it = job(server, "twice")
    page = shown(context, it.url)
    tapped_twice(page, "[data-step=take]")
    sent_in(page, 1)
    assert page.locator("#ask-result").count() == 0, "nor does it open what lies there now"
    assert happened(server, it.issue).count("take") == 1
    context.set_offline(True)
    page.click("[data-step=finish]")
    page.fill("#ask-result", "修好了")
    page.click(".form .main")
    page.route("**/steps", lambda route: route.fulfill(status=409, json={"zh": "不行", "en": "no"}))
    context.set_offline(False)
    assert tapped_twice(page, "[data-act=drop]") == "再点一次，就从手机里去掉"
    assert states(page)[-1] == ("finish", "stuck"), "nothing is thrown away by it"
    page.unroute_all()
    page.goto(day)
    page.click("nav.parts >> text=网格")
    page.click("text=文庙里 12 号楼")
    tapped_twice(page, ".find[data-found=visited]")
    expect(page.locator(".queue li")).to_have_count(1)
    page.click("[data-door='B1-2-202']")
    page.click(".find[data-found=refused]")
    sent_in(page, 2)  # or it would arrive in the test after this one


def test_what_could_not_be_read_is_read_once_the_network_is_back(
    context: BrowserContext, day: str
) -> None:
    page = shown(context, day)
    context.set_offline(True)
    page.click("nav.parts >> text=网格")
    page.wait_for_selector("text=还没读到网格，联网后会出现在这里")
    context.set_offline(False)
    page.wait_for_selector("a[href='#doors-B1']")
    context.set_offline(True)
    page.click("a[href='#doors-B1']")
    page.wait_for_selector("text=还没读到网格，联网后会出现在这里")
    context.set_offline(False)
    expect(page.locator(".door")).to_have_count(8)
    context.set_offline(True)
    page.click(".find[data-found=visited]")
    door = page.locator("[data-door='B1-1-101'].door-visited")
    expect(door).to_have_count(1)
    page.evaluate("location.hash = '#grids'")
    visits = page.expect_event("requestfinished", lambda one: one.url.endswith("/visits"))
    with visits:
        context.set_offline(False)
    context.set_offline(True)
    page.evaluate("location.hash = '#doors-B1'")
    expect(page.locator(".queue li[data-state=done]")).to_have_count(1)
    expect(door, "delivered while another page was open").to_have_count(1)


def test_tabs_of_one_link_know_of_each_other(server: Server, context: BrowserContext) -> None:
    it = job(server, "tabs")
    page = shown(context, it.url)
    tab = again(page, server, it.link)
    context.set_offline(True)
    page.click("[data-step=take]")
    expect(tab.locator(".queue li")).to_have_count(1)
    expect(tab.locator(".state-taken")).to_be_visible()
    tab.click("[data-step=finish]")
    tab.fill("#ask-result", "修好了")
    tab.click(".form .main")
    expect(page.locator(".queue li")).to_have_count(2)
    context.set_offline(False)
    for each in (page, tab):
        sent_in(each, 2)
        expect(each.locator(".state-done")).to_be_visible()
    names = happened(server, it.issue)
    assert (names.count("take"), names.count("finish")) == (1, 1)


@pytest.mark.parametrize("hours", [-9, 50])
def test_time_left_is_the_citys_on_a_phone_whose_clock_is_wrong(
    server: Server, context: BrowserContext, hours: int
) -> None:
    it = job(server, f"clock{hours}")
    page = context.new_page()
    page.goto(it.url)
    told = page.inner_text(".due b")  # as the server wrote it
    page.clock.set_fixed_time(datetime.now(UTC) + timedelta(hours=hours))
    begun = datetime.now(UTC) + timedelta(hours=8)
    left = re.compile(re.sub(r" \d+ (小时|分钟).*", "", told))
    with page.expect_response(f"**/api/phone/{it.link}"):
        page.goto(f"{server.root}/phone/{it.link}")
    expect(page.locator(".due b")).to_have_text(left)
    context.set_offline(True)
    ended = datetime.now(UTC) + timedelta(hours=8)
    expect(page.locator(".strip")).to_contain_text(re.compile(f"{begun:%H:}|{ended:%H:}"))


def test_a_phone_that_is_full_says_what_would_be_lost(
    server: Server, context: BrowserContext
) -> None:
    it = job(server, "full")
    context.add_init_script(FULL)
    page = shown(context, it.url)
    held: list[Route] = []
    page.route("**/steps", lambda route: held.append(route))  # noqa: PLW0108 it is marked
    page.click("[data-step=take]")
    expect(page.locator(".strip")).to_contain_text("没送出前不要关掉页面")
    waited(page, lambda: held)  # it is said before it is sent
    held[0].continue_()
    sent_in(page, 1)
    expect(page.locator(".strip")).to_be_hidden()


def test_what_is_no_photo_is_said_and_a_result_waits_for_the_photos_before_it(
    server: Server, context: BrowserContext
) -> None:
    it = job(server, "slow photo")
    page = shown(context, it.url)
    page.click("[data-step=take]")
    sent_in(page, 1)
    bad = FilePayload(name="a.heic", mimeType="image/heic", buffer=HEIC)
    page.set_input_files("[data-stage=after]", bad)
    expect(page.locator("main .fault")).to_contain_text("HEIC")
    page.evaluate(NO_CANVAS)
    page.set_input_files("[data-stage=after]", small())
    expect(page.locator("main .fault")).to_contain_text("空的、坏的")
    assert faults(page) == []
    page.evaluate(HELD)
    page.set_input_files("[data-stage=after]", photograph())
    expect(page.locator("[data-state=making]")).to_have_text("正在压缩 1 张…")
    assert page.locator("main .fault", has_text="读不出来").count() == 0
    page.click("[data-step=finish]")
    page.fill("#ask-result", "修好了")
    page.click(".form .main")
    expect(page.locator(".deed")).to_contain_text("照片压缩好就送")
    assert len(states(page)) == 1
    waited(page, lambda: page.evaluate("'goOn' in window"))
    page.evaluate("window.goOn()")
    sent_in(page, 3)
    assert happened(server, it.issue)[-3:] == ["take", "photo", "finish"]


def test_a_find_keeps_its_photos_and_says_what_its_place_is_worth(
    context: BrowserContext, day: str
) -> None:
    page = shown(context, day)
    page.evaluate("location.hash = '#report'")
    page.click("[data-act=here]")
    note = page.locator("main > p.note")
    expect(note).to_have_text(
        "这台手机没有给出位置。 写下在哪里也能报。 拖动地图，让图钉对准位置。"
    )
    context.grant_permissions(["geolocation"])
    context.set_geolocation({"longitude": 117.3, "latitude": 36.1, "accuracy": 3000})
    page.press("[data-act=here]", "Enter")
    expect(note).to_contain_text("定位误差 3000 米，太大")
    expect(note).to_contain_text("在你的网格外约")
    assert faults(page) == []
    pictured(page, "phone-report-outside-390x844")
    page.fill("#found-text", "路灯不亮")
    page.set_input_files("[data-stage=report]", photograph(600, 400))
    expect(page.locator("main h2 .end")).to_have_text("已选 1 张")
    page.reload()
    expect(page.locator("main h2 .end")).to_have_text("已选 1 张")
    expect(page.locator("#found-text")).to_have_value("路灯不亮")
    page.click("[data-act=here]")
    expect(note).to_contain_text("网格外")
    tapped_twice(page, "[data-act=report]")
    sent_in(page, 2)
    assert [name for name, _ in states(page)] == ["report", "photo"]
    assert page.inner_text("main > .fault") == ""
    page.fill("#found-text", "另一盏")
    page.click("[data-act=report]")
    expect(page.locator("main > .fault")).to_have_text("先定位、拖动地图，或写下在哪里。")


def test_a_task_is_done_to_its_end_by_keys_alone(server: Server, context: BrowserContext) -> None:
    it = job(server, "by keys")
    page = shown(context, it.url)
    page.locator("[data-step=take]").press("Enter")
    sent_in(page, 1)
    expect(page.locator(".foot")).to_be_focused()
    for _ in range(4):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.step") == "finish":
            break
    page.keyboard.press("Enter")
    expect(page.locator("#ask-result")).to_be_focused()
    page.get_by_role("button", name="不办了").press("Enter")
    expect(page.locator(".foot [data-step=finish]")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("已换新井盖")
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    sent_in(page, 2)
    expect(page.locator("main")).to_be_focused()
    page.wait_for_selector(".state-done")
