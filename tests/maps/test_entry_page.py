from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.maps import toy_entry
from tests.maps.server import Site
from tests.maps.test_plan_page import NAUGHTY
from tests.plugins.browser import PHONE, Watched

RECEIPT = {"id": 71, "grid": "g", "unclaimed": False}


def opened(watched: Watched, site: Site, query: str = "") -> Page:
    return watched.open(f"{site.address}/issues/new{query}", ready="entry")


def begun(shown: Page) -> None:
    """Words, a service by keyboard, an address."""
    shown.fill("#text", "路灯不亮")
    shown.fill("#service", "路灯")
    shown.wait_for_selector("#service-list li")
    shown.press("#service", "ArrowDown")
    shown.press("#service", "Enter")
    shown.fill("#address", "文庙街5号")
    shown.wait_for_selector("#card .big")


def handed_in(site: Site) -> list[Any]:
    pairs = zip(site.posted, site.bodies, strict=True)
    return [body for path, body in pairs if path == "/api/issues"]


def test_what_would_become_of_it_is_seen_while_it_is_entered(page: Watched, site: Site) -> None:
    shown = opened(page, site)
    begun(shown)
    card = shown.inner_text("#card")
    for said in (
        "12 月 3 日 18:00 前办结",
        "泉涌社区第2网格（12 米）",
        "附近相似 2 件",
        "同一来电人",
    ):
        assert said in card
    assert "区城管局" in shown.inner_text("#card .why .decides")
    assert "老来电人" in shown.inner_text(".known")
    assert shown.is_checked("#candidate-0")
    page.shoot("entry")
    with shown.expect_request_finished(lambda request: request.url.endswith("/preview")):
        shown.check("#candidate-1")
    sent = site.bodies[-1]
    assert (sent["service"], sent["lon"], sent["datum"]) == ("F11", 117.02, "wgs84")


def test_a_position_is_pasted_or_clicked_and_a_datum_is_never_guessed(
    page: Watched, site: Site
) -> None:
    shown = opened(page, site)
    shown.fill("#address", "https://api.map.baidu.com/marker?location=36.66,117.02")
    shown.locator("#address").blur()
    expect(shown.locator("#datum")).to_have_value("bd09")
    assert shown.input_value("#address") == ""
    shown.fill("#spot", "117.02, 36.66")
    shown.select_option("#datum", "")
    shown.get_by_role("button", name="登记", exact=True).click()
    assert "不能猜" in shown.inner_text("#datum-fault")
    assert shown.evaluate("document.activeElement.id") == "datum"
    shown.fill("#spot", "https://surl.amap.com/abc")
    shown.wait_for_selector("#spot-fault >> text=短链接")
    shown.mouse.click(700, 450)
    shown.wait_for_selector("#card .big")
    assert shown.input_value("#datum") == "wgs84"
    assert handed_in(site) == []


def test_one_issue_is_handed_in_once_and_merged_by_one_button(page: Watched, site: Site) -> None:
    page.quiet = ("422", "409", "ERR_INTERNET_DISCONNECTED")
    shown = opened(page, site)
    begun(shown)
    shown.context.set_offline(True)
    shown.get_by_role("button", name="登记", exact=True).press("Enter")
    shown.wait_for_selector(".form-foot [role=alert] >> text=连不上服务器")
    shown.context.set_offline(False)
    shown.wait_for_selector("body:not(.off)")
    wrong = [{"field": "reference", "zh": "最多 128 字", "en": "too long"}]
    site.replaced["/api/issues"] = (422, {"title": "Malformed", "zh": "请求有误", "fields": wrong})
    shown.get_by_role("button", name="登记", exact=True).click()
    shown.wait_for_selector("#number-fault >> text=最多 128 字")
    site.replaced["/api/issues"] = (409, {"title": "Conflict", "zh": "编号已有"})
    site.replaced["/api/issues/numbered"] = (200, {"id": 9})
    shown.get_by_role("button", name="登记", exact=True).click()
    shown.wait_for_selector(".form-foot a[href='/issues/9']")
    with shown.expect_response("**/api/issues/numbered?*"):
        shown.get_by_role("button", name="另编一个号登记").click()
    first, second, third = handed_in(site)
    assert first == second  # what was refused and is tried again is the same issue
    assert third == {**first, "reference": third["reference"]} != first
    shown.wait_for_selector(".form-foot .main:enabled")
    shown.locator(".alike button").first.click()
    site.replaced["/api/issues"] = (201, RECEIPT)
    site.replaced["/api/issues/71/steps"] = (200, {})
    shown.get_by_role("button", name="登记，并入 JW-0").dblclick()
    shown.wait_for_selector(".done >> text=并入 JW-0")
    assert len(handed_in(site)) == 4
    assert site.bodies[-1] == {"step": "merge", "into": 70}
    assert shown.input_value("#text") == ""
    assert shown.evaluate("Object.keys(localStorage).length") == 0


def test_a_draft_outlives_the_page_without_the_number_of_the_reporter(
    page: Watched, site: Site
) -> None:
    shown = opened(page, site)
    begun(shown)
    shown.fill("#contact", "13805310000")
    shown.fill("#number", "H-1")
    assert "13805310000" not in shown.evaluate("JSON.stringify(localStorage)")
    shown.reload()
    shown.wait_for_selector("body[data-ready=entry]")
    assert shown.input_value("#text") == "路灯不亮"
    assert (shown.input_value("#contact"), shown.input_value("#number")) == ("", "H-1")
    shown.evaluate("sessionStorage.clear()")  # another tab, a day that began anew
    shown.reload()
    shown.wait_for_selector(".stale >> text=路灯不亮")
    shown.get_by_role("button", name="接着填").click()
    assert shown.input_value("#service") == "路灯不亮"
    shown.check("#confidential")
    assert "路灯" not in shown.evaluate("JSON.stringify(localStorage)")


def test_what_was_handed_in_before_a_reload_is_not_handed_in_again(
    page: Watched, site: Site
) -> None:
    shown = opened(page, site)
    shown.fill("#text", "井盖")
    page.page.route("**/api/issues", lambda _: None)  # the answer never comes
    shown.get_by_role("button", name="登记", exact=True).click()
    site.replaced["/api/issues/numbered"] = (200, {"id": 71})
    shown.reload()
    shown.wait_for_selector("body[data-ready=entry]")
    shown.wait_for_selector(".done >> text=没有重复登记")
    assert shown.input_value("#text") == ""
    assert handed_in(site) == []


def test_words_of_others_are_text_and_the_page_works_on_a_phone(phone: Watched, site: Site) -> None:
    told = toy_entry.foreseen()
    told["nearby"] = [
        {**told["nearby"][0], "id": n, "text": text} for n, text in enumerate(NAUGHTY)
    ]
    told["here"] = {**told["here"], "grid_name": NAUGHTY[0]}
    site.replaced["/api/issues/preview"] = (200, told)
    shown = opened(phone, site, "?lang=en")
    shown.fill("#address", NAUGHTY[1])
    shown.wait_for_selector("#card .big")
    assert NAUGHTY[0] in shown.inner_text("#card .big >> nth=0")
    assert shown.locator(".alike li").count() == len(NAUGHTY)
    assert shown.evaluate("window.ran") is None
    assert shown.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    phone.shoot("entry", PHONE)
