"""A leader's phone in Chromium on the real API: a whistle signed, one declined, one overtaken."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from api.acting import COOKIE
from tests.judged import faults
from tests.plugins.browser import PHONE
from tests.store import toy
from tests.store.phone import Server
from tests.store.test_inbox import staffed, step, whistled
from tests.store.test_issues import at, received


@pytest.fixture(scope="module")
def street(server: Server) -> Server:
    """The server, with two departments that are called in."""
    staffed(server.store)
    return server


def opened(context: BrowserContext, street: Server, person: str = "approver") -> Page:
    context.add_cookies([{"name": COOKIE, "value": person, "url": street.root}])
    page = context.new_page()
    page.goto(f"{street.root}/leader?scope={toy.SUBDISTRICT}")
    expect(page.locator("body[data-ready=leader]")).to_be_attached()
    return page


def test_a_leader_signs_with_one_tap_and_one_confirmation_and_declines_with_a_reason(
    context: BrowserContext, street: Server
) -> None:
    first, second = (whistled(street.store, f"lead-{n}") for n in (1, 2))
    page = opened(context, street)
    one, two = (page.locator(f".call[data-issue='{issue}']") for issue in (first, second))
    expect(one).to_contain_text("吹哨 · 2 家部门")
    expect(one.locator("q")).to_have_text("井盖")
    width = one.locator("h3").evaluate("each => each.getBoundingClientRect().width")
    assert width > 0.8 * PHONE[0], "one thing under the other, not all of them side by side"
    one.locator("[data-act=sign]").click()
    expect(one).to_contain_text("立即通知 roads、water")
    assert faults(page) == [], "while it is asked whether it is meant"
    one.locator("[data-act=sure]").click()
    expect(page.locator(".sent")).to_contain_text("已签批")
    expect(one).to_have_count(0)
    two.locator("[data-act=decline]").click()
    two.locator("form .main").click()
    expect(two.locator(".field .fault")).not_to_be_empty()
    assert faults(page) == [], "and while a reason is missing"
    two.locator("#decline-reason").fill("社区先处理")
    two.locator("form .main").click()
    expect(page.locator(".sent")).to_contain_text("已退回")
    expect(two).to_have_count(0)
    expect(page.locator(".rate")).to_have_attribute("data-rate", "on_time")
    page.locator("[data-tab=held]").click()
    expect(page.locator("#leader-list")).to_contain_text("没有件")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def test_what_somebody_else_signed_meanwhile_is_said(
    context: BrowserContext, street: Server
) -> None:
    issue = whistled(street.store, "lead-3")
    page = opened(context, street)
    card = page.locator(f".call[data-issue='{issue}']")
    card.locator("[data-act=sign]").click()
    step(street.store, "dispatcher", issue, "send", party="leader")
    other = whistled(street.store, "lead-5")  # told while a confirmation is open
    page.wait_for_timeout(1500)
    assert page.locator(f".call[data-issue='{other}']").count() == 0
    card.locator(".sure .button:not(.main)").click()
    expect(page.locator(f".call[data-issue='{other}']")).to_be_visible()
    card.locator("[data-act=sign]").click()
    step(street.store, "dispatcher", issue, "urge")
    card.locator("[data-act=sure]").click()
    expect(page.locator(f".call[data-issue='{issue}'] [data-act=sign]")).to_be_visible()
    page.locator(f".call[data-issue='{issue}'] summary").click()
    expect(page.locator(f".call[data-issue='{issue}'] .events")).to_contain_text("派单")


def test_whoever_is_no_leader_may_look_and_not_sign(
    context: BrowserContext, street: Server
) -> None:
    issue = whistled(street.store, "lead-4")
    page = opened(context, street, "dispatcher")
    expect(page.locator(f".call[data-issue='{issue}']")).to_be_visible()
    expect(page.locator("[data-act=sign]")).to_have_count(0)


def test_what_the_district_rules_on_is_apart_for_who_whistled(
    context: BrowserContext, street: Server
) -> None:
    toy.load_people(street.store, ["head"], [("head", "approver", "admin", toy.SUBDISTRICT)])
    issue = whistled(street.store, "lead-6", emergency=True)
    step(street.store, "head", issue, "sign")
    step(street.store, "roads", issue, "return", reason="不归我管")
    page = opened(context, street, "head")
    card = page.locator(f".call[data-issue='{issue}'][data-what=ruling]")
    title = page.get_by_role("heading", name="等区县裁定")
    expect(title).to_be_visible()
    expect(card).to_contain_text("退单待裁定")
    below = page.locator("h2", has_text="等区县裁定").locator("xpath=following-sibling::article")
    expect(below.locator("xpath=self::*[@data-what='ruling']")).to_have_count(1)
    page = opened(context, street)
    expect(page.get_by_role("heading", name="等区县裁定")).to_have_count(0)
    first = page.locator("article.call").first
    expect(first).to_have_attribute("data-what", "ruling")  # nobody else can
    first.locator("[data-act=rule]").click()
    expect(first.locator("form.deed textarea")).to_be_visible()


def test_an_appeal_is_ruled_on_and_that_is_said(context: BrowserContext, street: Server) -> None:
    issue = received(street.store, at(0.5, 0.5, "lead-7")).id
    step(street.store, "dispatcher", issue, "send", party="roads")
    step(street.store, "roads", issue, "take")
    step(street.store, "roads", issue, "appeal", reason="市级统一拆除")
    page = opened(context, street)
    page.locator("[data-tab=appeals]").click()
    row = page.locator(".entries li", has=page.locator(f"a[href='/issues/{issue}']"))
    expect(row.get_by_role("link")).to_have_text(re.compile("路灯不亮$"))
    expect(row).to_contain_text("网格")
    page.locator("[data-tab=waiting]").click()
    card = page.locator(f".call[data-issue='{issue}'][data-what=appeal]")
    expect(card).to_contain_text("市级统一拆除")
    card.locator("[data-act=strike]").click()
    card.locator("form .main").click()
    expect(card.locator("form .fault").first).not_to_be_empty()
    card.locator("form textarea").fill("同意")
    card.locator("form .main").click()
    expect(page.locator(".sent").first).to_be_focused()
    expect(page.locator("#panel > [role=status] .sent")).to_contain_text("已办：剔除")
    expect(card).to_have_count(0)
    assert faults(page) == []
