"""The phone's page on the real API: tasks, steps and photos, with the network cut and back."""

from __future__ import annotations

import io
import json
from base64 import b64decode
from typing import Final

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Route, expect
from sqlalchemy import text

from geo.issues import Order
from geo.store.database import transaction
from tests.judged import CONTRAST, faults
from tests.plugins.browser import pictured
from tests.store import toy
from tests.store.old_phone import NO_INDEXED, NO_LOCAL, OLD
from tests.store.phone import (
    APART,
    BRIGHT,
    NAUGHTY,
    SPOT,
    TIP,
    TOO_SMALL,
    Server,
    closed_unheard,
    happened,
    job,
    kept_for_later,
    photograph,
    sent_in,
    shown,
    small,
    states,
    waited,
)
from tests.store.test_handling import acted

KEPT_PHOTO: Final = """() => new Promise(resolve => {
    const asked = indexedDB.open("jingwei-phone");
    asked.onsuccess = () => {
        const all = asked.result.transaction("queue").objectStore("queue").getAll();
        all.onsuccess = () => resolve(all.result[0].photo);
    };
})"""


def test_work_goes_on_without_a_network_and_arrives_once(
    server: Server, context: BrowserContext
) -> None:
    it = job(server, "off", place=(2.5, 0.05))
    context.add_init_script(TIP)
    page = shown(context, it.url)
    page.wait_for_selector(".land canvas")
    kept_for_later(page)
    context.set_offline(True)
    page.click("[data-step=take]")
    page.wait_for_selector(".strip >> text=没有网络，照常办")
    assert "办理中" in page.inner_text(".line"), "it goes on as if it had been sent"
    tip, tall = page.evaluate("window.tip")
    assert tall < 120, "the map makes room"
    assert 55 < tip < tall - 16, "and shows still where it is"
    page.set_input_files("[data-stage=after]", photograph())
    page.wait_for_selector(".photo[data-state=waiting]")
    page.click("[data-step=finish]")
    page.fill("#ask-result", "已换新井盖")
    closed_unheard(page)
    again = context.new_page()
    again.goto(f"{server.root}/phone/{it.link}")  # without a network
    again.wait_for_selector("body[data-ready=phone]")
    expect(again.locator(".deed")).to_contain_text("再点「提交处置结果」接着写")
    again.click("[data-step=finish]")
    expect(again.locator("#ask-result")).to_have_value("已换新井盖")
    again.click(".form .main")
    again.wait_for_selector(".queue li:nth-child(3)")
    assert states(again) == [("take", "waiting"), ("photo", "waiting"), ("finish", "waiting")]
    assert "3 样已存在手机" in again.inner_text(".strip")
    pictured(again, "phone-offline-390x844")
    context.set_offline(False)
    sent_in(again, 3)
    assert happened(server, it.issue)[-3:] == ["take", "photo", "finish"]
    again.wait_for_selector(".state-done")


def test_an_answer_that_is_lost_is_asked_for_again_and_nothing_is_done_twice(
    server: Server, context: BrowserContext
) -> None:
    it = job(server, "lost")
    page = shown(context, it.url)
    lost: list[str] = []
    held: list[Route] = []

    def lose(route: Route) -> None:
        """The server hears it; the phone does not hear the server, the first time."""
        if route.request.method == "POST" and route.request.url not in lost:
            lost.append(route.request.url)
            route.fetch()
            if route.request.url.endswith("=before"):
                held.append(route)
                page.evaluate("document.body.setAttribute('data-held', '')")
            else:
                route.abort()
        else:
            route.continue_()

    page.route("**/api/phone/*/tasks/*/*", lose)
    page.click("[data-step=take]")
    page.set_input_files("[data-stage=before]", small())
    page.wait_for_selector("body[data-held] .photo[data-state=sending]")
    context.set_offline(True)
    page.wait_for_selector(".photo[data-state=waiting] >> text=等网络")
    assert states(page)[-1] == ("photo", "waiting")
    context.set_offline(False)
    held[0].abort()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    sent_in(page, 2)
    names = happened(server, it.issue)
    assert len(lost) == 2
    assert (names.count("take"), names.count("photo")) == (1, 1)


def test_what_the_server_refuses_is_told_and_kept_until_somebody_decides(
    server: Server, context: BrowserContext
) -> None:
    it = job(server, "stuck")
    page = shown(context, it.url)
    context.set_offline(True)
    page.click("[data-step=take]")
    page.wait_for_selector(".queue li")
    page.click("[data-step=finish]")
    page.fill("#ask-result", "修好了")
    page.click(".form .main")
    acted(server.store, "dispatcher", it.issue, Order(step="urge"))
    context.set_offline(False)
    page.wait_for_selector(".queue li[data-state=stuck]")
    assert "已被他人更新" in page.inner_text(".queue li[data-state=stuck]")
    assert states(page) == [("take", "stuck"), ("finish", "waiting")]
    assert "待签收" in page.inner_text(".line"), "it stands as it stood"
    expect(page.locator(".foot")).to_be_hidden()
    expect(page.get_by_text("先在“待送出”里决定")).to_be_visible()
    page.reload()
    page.wait_for_selector(".queue li[data-state=stuck] [data-act=again]")
    page.click("[data-act=again]")
    sent_in(page, 2)
    assert happened(server, it.issue)[-2:] == ["take", "finish"]


@pytest.mark.parametrize(
    ("without", "kept"),
    [
        (OLD, "indexed"),
        (OLD + NO_INDEXED, "local"),
        (OLD + NO_INDEXED + NO_LOCAL, "memory"),
    ],
)
def test_an_old_browser_works_with_what_it_has_and_says_what_it_cannot(
    server: Server, context: BrowserContext, without: str, kept: str
) -> None:
    it = job(server, f"old-{kept}")
    context.add_init_script(without)
    page = shown(context, it.url)
    assert page.get_attribute("body", "data-kept") == kept
    context.set_offline(True)
    page.click("[data-step=take]")
    page.set_input_files("[data-stage=before]", small())
    page.wait_for_selector(".queue li:nth-child(2)[data-state=waiting]")
    told = page.inner_text(".strip")
    assert ("存不下" in told) is (kept == "memory")
    context.set_offline(False)
    if kept != "memory":
        page.reload()
    sent_in(page, 2)
    assert happened(server, it.issue)[-2:] == ["take", "photo"]


def test_the_first_useful_screen_is_three_requests_and_small(
    server: Server, context: BrowserContext
) -> None:
    it = job(server, "light")
    page = context.new_page()
    network, got = context.new_cdp_session(page), list[float]()
    network.send("Network.enable")
    network.on("Network.loadingFinished", lambda told: got.append(told["encodedDataLength"]))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.route("**/*.js", lambda route: route.abort())  # the screen is there before any script
    page.goto(it.url)
    assert "井盖破损" in page.inner_text("h1")
    assert page.locator(".foot button").all_inner_texts() == ["退单", "接单"]
    useful = [url for url in asked if not url.endswith((".js", ".svg"))]
    assert [url.split("/")[3] for url in useful] == ["t", "phone", "static"]
    assert sum(got) < 20_000
    page.unroute_all()
    got.clear()
    page.goto(f"{server.root}/phone/{it.link}")
    page.wait_for_selector("body[data-ready=phone]")
    assert page.evaluate("document.referrer") == ""
    assert sum(got) < 60_000, "with its scripts"
    assert it.url.rsplit("/", 1)[1] not in page.content()
    page.evaluate("document.body.click()")  # what a script does is no touch
    with page.expect_response(f"{server.root}/api/phone/{it.link}/device") as told:
        page.mouse.click(2, 2)
    assert told.value.status == 204
    with transaction(server.store.owner, "x") as conn:
        names = conn.execute(text("select name from event where noun = 'link'")).scalars()
        assert list(names).count("open") >= 1


def test_photos_are_made_small_and_say_still_where_they_were_taken(
    server: Server, context: BrowserContext
) -> None:
    it = job(server, "photo")
    page = shown(context, it.url)
    offered = "all => all.map(e => [e.getAttribute('capture'), e.multiple])"
    keys = page.locator(".shoot input").evaluate_all(offered)
    assert keys == [["environment", False], [None, True]] * 2, "camera and gallery, of either stage"
    context.set_offline(True)
    page.set_input_files("[data-camera=before]", photograph())
    page.wait_for_selector(".photo[data-state=waiting]")
    sent = b64decode(page.evaluate(KEPT_PHOTO).partition(",")[2])
    image = Image.open(io.BytesIO(sent))
    assert len(sent) <= 200 * 1024
    assert 1000 < max(image.size) <= 1600
    context.set_offline(False)
    sent_in(page, 1)
    assert b"SECRET" not in sent
    with transaction(server.store.owner, "x") as conn:
        asked = text("select finding, taken_at from attachment where issue = :i")
        finding, taken = conn.execute(asked, {"i": it.issue}).one()
    assert (finding, taken.isoformat()[:16]) == ("inside", "2026-11-25T09:30")


def test_text_is_text_and_targets_are_large_enough_for_thumbs(
    server: Server, context: BrowserContext
) -> None:
    it = job(server, "big")
    (beside,) = toy.points((2.5, -1.5))
    context.grant_permissions(["geolocation"])
    context.set_geolocation({"longitude": beside.x, "latitude": beside.y, "accuracy": 30})
    context.add_init_script(SPOT)
    page = shown(context, it.url)
    assert NAUGHTY.partition("，")[0] in page.inner_text("h1")
    page.wait_for_selector(".land canvas")
    pictured(page, "phone-task-390x844")
    small_ones = page.evaluate(TOO_SMALL)
    assert small_ones == []
    assert faults(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    hrefs = page.evaluate("[...document.querySelectorAll('.way[href]')].map(a => a.href)")
    assert [href.split(":")[0] for href in hrefs] == ["https"] * 4 + ["geo"]
    assert json.dumps(hrefs).count(NAUGHTY) == 0
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{server.root}/phone/{it.link}?lang=en")
    page.wait_for_selector("body[data-ready=phone] .land canvas")
    inside = "all => all.every(e => e.scrollWidth <= e.clientWidth)"
    assert page.locator(".way").evaluate_all(inside), "words of English are inside their keys"
    assert min(page.evaluate(BRIGHT)) > 192
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    waited(page, lambda: max(page.evaluate(BRIGHT)) < 64)
    page.click(".where")
    expect(page.locator(".where")).to_contain_text("accurate to 30 m")
    assert page.evaluate(APART), "what is said of the place covers no name"
    pictured(page, "phone-task-dark-360x740")
    assert page.evaluate(TOO_SMALL) == []
    (east, south), (wide, tall) = page.evaluate("window.spot")
    assert 9 < east < wide - 9, "who looks for the task is on its map"
    assert 9 < south < tall - 24, "and not behind the sheet"
    assert faults(page, CONTRAST) == []


def test_a_task_is_handed_to_a_grid_beside_or_to_one_found_by_its_name(
    server: Server, context: BrowserContext
) -> None:
    it = job(server, "passed on")
    page = shown(context, it.url)
    page.press("[data-step=take]", "Enter")
    expect(page.locator(".foot")).to_be_focused()
    page.keyboard.press("Tab")
    sent_in(page, 1)  # by which the buttons are others
    assert page.evaluate("document.activeElement.dataset.step"), "the next deed is the next stop"
    page.click("[data-step=more]")
    page.click("[data-step=hand_over]")
    offered = page.locator("#ask-grid option")
    expect(offered).to_have_count(6)  # to be chosen, and the five around it, of both communities
    page.fill("#ask-grid-other", "网格901")
    page.click(f"[data-grid='{toy.ONE}901']")
    expect(page.locator("#ask-grid")).to_have_value(f"{toy.ONE}901")
    assert faults(page) == []
    page.fill("#ask-grid-other", "没有")
    expect(page.get_by_text("没有叫这个的网格。")).to_be_visible()
    page.select_option("#ask-grid", f"{toy.ONE}004")
    page.fill("#ask-reason", "在那边")
    page.click(".form .main")
    sent_in(page, 2)
    assert happened(server, it.issue)[-1] == "hand_over"


def test_a_page_that_is_kept_opens_where_the_server_is_in_trouble(
    server: Server, context: BrowserContext
) -> None:
    it = job(server, "in trouble")
    kept_for_later(page := shown(context, it.url))
    pace = server.app.state.pace
    server.app.state.pace = None  # a failure of its own for whatever a link asks
    try:
        page.reload()
        page.wait_for_selector("body[data-ready=phone]")
        expect(page.locator(".strip")).to_contain_text("没有网络，照常办")
        page.click("[data-step=take]")
        assert states(page)[0][0] == "take"
    finally:
        server.app.state.pace = pace
    page.evaluate("window.dispatchEvent(new Event('online'))")
    sent_in(page, 1)
