"""What waits on a phone whose link or task is no longer what it was: said, kept, sent at last."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

from playwright.sync_api import BrowserContext, Page, expect

from api.links.giving import address
from geo.issues import Order
from geo.store.database import transaction
from geo.store.working.links import link_to_task, revoke_link
from tests.judged import faults
from tests.plugins.browser import pictured
from tests.store.phone import (
    HOLDER,
    TOO_SMALL,
    Server,
    closed_unheard,
    day_of,
    happened,
    job,
    kept_for_later,
    sent_in,
    shown,
    waited,
)
from tests.store.test_handling import acted

# Says in what the phone has read of some links that they ended three days ago.
OVER = """links => new Promise(done => {
    indexedDB.open("jingwei-phone").onsuccess = event => {
        const moved = event.target.result.transaction("seen", "readwrite");
        const seen = moved.objectStore("seen");
        links.forEach(link => {
            seen.get("told/" + link).onsuccess = ({ target: { result: row } }) => {
                row.told.expires_at = new Date(Date.now() - 3 * 86400000).toISOString();
                seen.put(row);
            };
        });
        moved.oncomplete = done;
    };
})"""
READ = """async () => [
    (await (await caches.open("jingwei-phone-1")).keys())
        .map(({ url }) => new URL(url).pathname).filter(path => path.startsWith("/phone/")).sort(),
    await new Promise(done => {
        indexedDB.open("jingwei-phone").onsuccess = event => {
            const asked = event.target.result.transaction("seen").objectStore("seen").getAllKeys();
            asked.onsuccess = () => done(asked.result);
        };
    }),
]"""


def has_read(page: Page, link: int) -> bool:
    return f"told/{link}" in page.evaluate(READ)[1]


def test_what_was_read_by_a_link_that_is_over_goes_and_what_waits_by_one_stays(
    server: Server, context: BrowserContext
) -> None:
    over, waits, now = (job(server, mark) for mark in ("over", "over, and waits", "in force"))
    for it in (over, waits):
        for page in context.pages:
            page.close()  # it would read its task anew, and be of no link that is over
        page = shown(context, it.url)
        kept_for_later(page)
        waited(page, partial(has_read, page, it.link))
    context.set_offline(True)
    page.click("[data-step=take]")
    expect(page.locator(".queue li[data-state=waiting]")).to_have_count(1)
    page.evaluate(OVER, [over.link, waits.link])
    closed_unheard(page)
    with transaction(server.store.app, "dispatcher") as conn:
        revoke_link(conn, waits.link)
    context.set_offline(False)
    page = shown(context, now.url)
    waited(page, lambda: f"/phone/{over.link}" not in page.evaluate(READ)[0])
    pages, rows = page.evaluate(READ)
    assert f"told/{over.link}" not in rows
    assert f"/phone/{waits.link}" in pages
    assert {f"told/{waits.link}", f"told/{now.link}"} <= set(rows)
    page.click(".strip a")
    expect(page.locator(".queue li[data-state=stranded]")).to_have_count(1)


def test_a_closed_link_says_so_at_once_and_what_waits_goes_by_the_next(
    server: Server, context: BrowserContext
) -> None:
    it = job(server, "closed")
    page = shown(context, it.url)
    context.clear_cookies()  # as a browser that was killed before it wrote them down
    page.click("[data-step=take]")
    expect(page.locator(".strip.bad")).to_contain_text("这个手机链接打不开", timeout=20_000)
    expect(page.locator(".strip.bad")).to_contain_text("1 样已存在手机，没有丢。新链接在这台手机")
    expect(page.locator(".queue .how")).to_contain_text("等新链接")
    expect(page.locator(".strip.bad")).not_to_contain_text("联网后自动送出")
    page.reload()
    expect(page.locator("main")).to_contain_text("这个手机链接打不开")
    expect(page.locator("#waiting")).to_contain_text("还存着 1 样，没有丢")
    assert page.locator("#waiting li").get_attribute("data-name") == "take"
    assert faults(page) == []
    with transaction(server.store.app, "dispatcher") as conn:
        link = link_to_task(conn, it.task, datetime.now(UTC) + timedelta(hours=1))
    again = shown(context, address(server.app.state.settings, server.root, link))
    sent_in(again, 1)  # by the new link, without being asked for


def test_what_waits_goes_by_a_link_of_the_same_person_alone_and_only_where_it_reaches(
    server: Server, context: BrowserContext
) -> None:
    it, other = job(server, "left here"), job(server, "the next")
    page = shown(context, it.url)
    kept_for_later(page)
    context.set_offline(True)
    page.click("[data-step=take]")
    expect(page.locator(".queue li[data-state=waiting]")).to_have_count(1)
    closed_unheard(page)
    with transaction(server.store.app, "dispatcher") as conn:
        revoke_link(conn, it.link)
    context.set_offline(False)
    for url in (other.url, day_of(server, "leader")):
        page = shown(context, url)
        expect(page.locator(".strip")).to_contain_text("这台手机上有 1 样，等新链接才送得出")
        page.click(".strip a")
        expect(page.locator(".queue li[data-state=stranded]")).to_have_count(1)
        assert page.evaluate(TOO_SMALL) == []
        assert faults(page) == []
        page.close()
    pictured(page := shown(context, other.url), "phone-stranded-390x844")
    assert happened(server, it.issue)[-1] == "link", "by none of those"
    page.goto(day_of(server, HOLDER))
    page.wait_for_selector("body[data-ready=phone]")
    page.evaluate(f"location.hash = '#task-{it.task}'")
    sent_in(page, 1)
    assert happened(server, it.issue)[-1] == "take"


def test_a_task_taken_away_meanwhile_says_so_and_keeps_what_was_done(
    server: Server, context: BrowserContext
) -> None:
    it = job(server, "taken away")
    page = shown(context, day_of(server, HOLDER))
    page.click(f"a[href='#task-{it.task}']")
    page.wait_for_selector("[data-step=take]")
    context.set_offline(True)
    page.click("[data-step=take]")
    expect(page.locator(".queue li")).to_have_count(1)
    acted(server.store, "dispatcher", it.issue, Order(step="withdraw", reason="另派"))
    context.set_offline(False)
    expect(page.locator(".queue .fault")).to_contain_text("已不在你名下")
    expect(page.locator(".line")).to_contain_text("已撤回")
    expect(page.locator(".what")).to_contain_text("这件已不在你名下")
    assert page.locator(".shoot").count() == 0
    page.click(".back")
    expect(page.locator(".strip")).to_contain_text("有 1 样没送成。")
    page.click(".strip a")
    expect(page.locator(".queue .note")).to_have_text(
        "<img src=x onerror=alert(1)>井盖破损，夜间有人绊倒"
    )
    page.click("[data-act=drop]")
    page.press("[data-act=drop]", "Enter")  # a second tap at once would be none
    expect(page.get_by_text("都送出了，或已去掉。")).to_be_visible()
    page.click(".back")
    expect(page.locator(".strip")).to_be_hidden()
    assert happened(server, it.issue)[-1] == "withdraw"
