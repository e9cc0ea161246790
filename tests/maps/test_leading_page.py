from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.maps import toy_routes
from tests.maps.server import Site
from tests.maps.test_plain_page import is_for_everyone, opened
from tests.maps.toy import SCOPE
from tests.plugins.browser import Watched


def test_a_leader_counts_what_waits_for_their_own_word_alone(page: Watched, site: Site) -> None:
    shown = opened(page, site, "/leader")
    expect(shown.locator("[data-tab=waiting] b")).to_have_text("1")
    expect(shown.locator("#leader-list h2").last).to_have_text("等派单人批准 1")


TALL = "all => all.map((each) => each.getBoundingClientRect().height)"


def test_a_leader_sees_how_the_month_goes_and_what_stands_beside(
    phone: Watched, site: Site
) -> None:
    shown = opened(phone, site, "/leader")
    one = shown.locator(".rate")
    expect(one).to_have_attribute("data-rate", "on_time")
    line = one.locator(".rate-line").get_attribute("points") or ""
    assert len(line.split()) == 22, "a day before anything was due has no point"
    expect(one.get_by_role("img")).to_have_accessible_name(re.compile("^11 月 2 日 90.0%。.*92.3%"))
    ways = shown.get_by_role("navigation", name="签批、地图、台账、考核").get_by_role("link")
    hrefs = ways.evaluate_all("all => all.map((each) => each.getAttribute('href'))")
    scope = f"?scope={SCOPE}"
    assert hrefs == ["#sign", f"/issues{scope}", f"/ledgers{scope}", "#rates"]
    assert min(ways.evaluate_all(TALL)) >= 48
    ways.last.click()
    expect(ways.last).to_have_attribute("aria-current", "page")
    expect(shown.locator(".parts article")).to_have_count(2)
    expect(shown.locator(".parts article").first).to_contain_text(toy_routes.NAUGHTY)
    expect(shown.locator(".rates .rate-trend")).to_have_count(3)
    expect(shown.locator("#leader-list")).to_be_hidden()
    assert is_for_everyone(phone, "leader-rates")
    site.replaced["/api/leader/parts"] = (503, {"zh": "稍后再试。", "en": "Later."})
    phone.quiet = ("503",)
    ways.first.click()
    ways.last.click()
    expect(shown.locator(".month-fault")).to_be_visible()
    expect(shown.locator(".rates .rate-trend"), "what was read stays").to_have_count(3)
    shown.go_back()
    expect(shown.locator("#leader-list")).to_be_visible()
    expect(ways.first).to_have_attribute("aria-current", "page")
