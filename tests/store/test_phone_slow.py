"""The phone's page where the phone itself is slow: to write, to open its database, as it closes."""

from __future__ import annotations

from playwright.sync_api import APIResponse, BrowserContext, Route, expect

from tests.store.phone import (
    Server,
    closed_unheard,
    happened,
    job,
    kept_for_later,
    sent_in,
    shown,
    small,
    states,
    waited,
)
from tests.store.test_phone_day_page import day

__all__ = ["day"]

# A phone that takes 0.3 s for each writing; how often a door written was shown as open again.
SLOW_TO_WRITE = """const put = IDBObjectStore.prototype.put;
IDBObjectStore.prototype.put = function (...told) {
    const until = Date.now() + 300;
    const store = this;
    (function busy() { if (Date.now() < until) store.count().onsuccess = busy; })();
    this.transaction.commit = () => {};
    return put.apply(this, told);
};
window.shownAgain = 0;
let fewest = Infinity;
document.addEventListener('DOMContentLoaded', () => new MutationObserver(() => {
    const open = document.querySelectorAll('.door-none.door').length;
    if (!document.querySelector('.door')) return;
    if (open > fewest) window.shownAgain += 1;
    fewest = Math.min(fewest, open);
}).observe(document.documentElement, {subtree: true, childList: true}));"""
# The database opens once the page is told to let it.
LATE = """const open = IDBFactory.prototype.open;
IDBFactory.prototype.open = function (...told) {
    const asked = {};
    window.letOpen = () => {
        const real = open.apply(this, told);
        for (const name of ['onupgradeneeded', 'onsuccess', 'onerror'])
            real[name] = event => { asked.result = real.result; asked[name](event); };
    };
    return asked;
};"""
# Whoever reads what waits gets it once the page is told to let them have it.
SLOW_TO_READ = """window.letRead = [];
const all = IDBDatabase.prototype.transaction;
IDBDatabase.prototype.transaction = function (drawer, mode) {
    const moved = all.call(this, drawer, mode);
    if (!window.heldBack || mode !== 'readonly' || drawer !== 'queue') return moved;
    return new Proxy(moved, {
        get: (of, name) => typeof of[name] === 'function' ? of[name].bind(of) : of[name],
        set: (of, name, act) => {
            of[name] = name === 'oncomplete' ? () => window.letRead.push(act) : act;
            return true;
        },
    });
};"""
BESIDE = "Object.keys(localStorage).filter(key => key.includes('/queue/'))"
# What the database is told is lost, as when the page closes in that moment.
FORGETFUL = """const put = IDBObjectStore.prototype.put;
IDBObjectStore.prototype.put = function (...told) {
    const asked = put.apply(this, told);
    this.transaction.abort();
    this.transaction.commit = () => {};
    return asked;
};"""


def test_the_next_tap_is_meant_for_the_next_door_however_slow_the_phone_writes(
    context: BrowserContext, day: str
) -> None:
    context.add_init_script(SLOW_TO_WRITE)
    page = shown(context, day)
    page.evaluate("location.hash = '#doors-B1'")
    expect(page.locator(".door")).to_have_count(8)
    for n in range(8):
        page.click(f".find[data-found={('visited', 'empty')[n % 2]}]")
        expect(page.locator(".queue li")).to_have_count(n + 1)
        expect(page.locator(".door.door-none")).to_have_count(7 - n)
    sent_in(page, 8)
    assert page.evaluate("window.shownAgain") == 0, "none was shown as open again meanwhile"


def test_a_database_that_opens_late_takes_over(server: Server, context: BrowserContext) -> None:
    it = job(server, "late")
    page = shown(context, it.url)
    kept_for_later(page)
    context.set_offline(True)
    page.click("[data-step=take]")
    expect(page.locator(".queue li")).to_have_count(1)
    waited(page, lambda: page.evaluate(BESIDE) == [])  # the database alone has it
    closed_unheard(page)
    context.add_init_script(LATE)
    page = context.new_page()
    page.goto(f"{server.root}/phone/{it.link}")
    page.wait_for_selector("body[data-kept=local]")
    expect(page.locator(".queue li")).to_have_count(0)
    page.set_input_files("[data-stage=before]", small())
    expect(page.locator(".queue li")).to_have_count(1)
    page.evaluate("window.letOpen()")
    page.wait_for_selector("body[data-kept=indexed]")
    expect(page.locator(".queue li")).to_have_count(2)
    expect(page.locator(".state-taken")).to_be_visible()
    assert page.evaluate(BESIDE) == []
    context.set_offline(False)
    sent_in(page, 2)
    assert sorted(happened(server, it.issue)[-2:]) == ["photo", "take"]


def test_what_was_typed_as_the_page_closed_is_there(
    server: Server, context: BrowserContext
) -> None:
    it = job(server, "closing")
    context.add_init_script(FORGETFUL)
    page = shown(context, it.url)
    kept_for_later(page)
    context.set_offline(True)
    page.click("[data-step=take]")
    page.wait_for_selector("[data-step=finish]")
    page.click("[data-step=finish]")
    page.fill("#ask-result", "已换新井盖")
    page.reload()
    page.wait_for_selector("body[data-kept=indexed]")
    assert states(page) == [("take", "waiting")]
    page.click("[data-step=finish]")
    expect(page.locator("#ask-result")).to_have_value("已换新井盖")


def test_what_was_read_late_undoes_nothing_that_was_answered_meanwhile(
    server: Server, context: BrowserContext
) -> None:
    it = job(server, "read late")
    context.add_init_script(SLOW_TO_READ)
    page = shown(context, it.url)
    asked: list[str] = []

    def refused(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=409, json={"zh": "不行", "en": "no"})

    context.set_offline(True)
    with page.expect_event("requestfailed"):
        page.click("[data-step=take]")
    expect(page.locator(".queue li[data-state=waiting]")).to_have_count(1)
    page.route("**/steps", refused)  # only now: it answers whether or not there is a network
    page.evaluate("window.heldBack = true")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    context.set_offline(False)
    expect(page.locator(".queue li[data-state=stuck]")).to_have_count(1)
    assert page.evaluate("window.letRead.length") > 0
    page.evaluate("window.letRead.splice(0).forEach(act => act())")
    page.wait_for_timeout(100)
    assert states(page) == [("take", "stuck")]
    assert len(asked) == 1, "nor is it asked again"
    page.click("[data-act=drop]")
    with page.expect_response(f"**/api/phone/{it.link}"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("[data-act=drop]")).to_have_text("再点一次，就从手机里去掉")
    page.wait_for_timeout(500)  # longer than the two taps of one deed are apart
    page.click("[data-act=drop]")
    page.evaluate("window.letRead.splice(0).forEach(act => act())")
    expect(page.locator(".queue li")).to_have_count(0)


def test_what_was_asked_before_a_step_was_done_shows_nothing_older(
    server: Server, context: BrowserContext
) -> None:
    it = job(server, "asked before")
    page = shown(context, it.url)
    kept_for_later(page)
    late: list[tuple[Route, APIResponse | None]] = []

    def hold(route: Route) -> None:
        late.append((route, None if late else route.fetch()))

    with page.expect_response("**/device"):
        page.mouse.click(2, 2)  # bound by now: what binds it asks for what is new, too
    page.route(f"**/api/phone/{it.link}", hold)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    waited(page, lambda: len(late) == 1)
    page.click("[data-step=take]")
    sent_in(page, 1)
    route, before = late[0]
    route.fulfill(response=before)  # within 0.4 s, or it is asked again in any case
    waited(page, lambda: len(late) == 2)  # it has read the first, and asks again
    assert page.locator(".line .state-taken").count() == 1
    context.set_offline(True)
    page.reload()  # before the answer is there
    page.wait_for_selector("body[data-ready=phone]")
    expect(page.locator(".line .state-taken")).to_be_visible()
    expect(page.locator("[data-step=take]")).to_have_count(0)


def test_what_is_begun_while_a_report_is_written_is_kept(context: BrowserContext, day: str) -> None:
    context.add_init_script(SLOW_TO_WRITE)
    page = shown(context, day)
    page.evaluate("location.hash = '#report'")
    page.fill("#found-text", "井盖松动")
    page.fill("#found-address", "文庙里 12 号楼")
    page.click("[data-act=report]")
    page.fill("#found-text", "另一件")
    sent_in(page, 1)
    page.wait_for_timeout(700)  # two writings longer
    page.reload()
    expect(page.locator("#found-text")).to_have_value("另一件")
