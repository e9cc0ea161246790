from __future__ import annotations

import pytest
from playwright.sync_api import expect

from geo.frames import ROLES
from maps.chrome import NAVIGATION, OFTEN
from tests.maps import toy
from tests.maps.server import Site
from tests.plugins.browser import PHONE, Watched


def test_the_first_page_says_who_begins_where(page: Watched, site: Site) -> None:
    shown = page.open(site.address, ready="home")
    doors = shown.locator(".door h2").all_inner_texts()
    assert doors == [
        *("调度员\n从这里开始", "规划员", "街道领导", "部门、所队", "网格员", "居民", "数据员")
    ], "one's own first"
    links = shown.locator(".plans a")
    assert links.count() == 2
    assert links.first.get_attribute("href") == "/plans/7"
    ways = [shown.locator(f".beside a[href='/{way}']").count() for way in ("accounts", "audit")]
    assert ways == [1, 0]
    page.shoot("home")
    page.shoot("home", PHONE)


def test_a_demo_person_is_chosen_by_a_button(page: Watched, site: Site) -> None:
    site.replaced["/as/P3"] = (200, {})
    shown = page.open(site.address, ready="home")
    buttons = shown.locator(".person")
    assert "调度员" in shown.inner_text(".person[aria-pressed=true]")
    assert "<b>赵</b>" in buttons.nth(2).inner_text()
    buttons.nth(2).click()
    shown.wait_for_url("**/as/P3")
    assert site.posted == ["/as/P3"]


def test_no_plans_is_said_with_the_next_step(page: Watched, site: Site) -> None:
    site.replaced["/api/plans"] = (200, [])
    shown = page.open(site.address, ready="home")
    assert "make demo" in shown.inner_text(".plans")


def test_a_page_that_is_not_there_says_so_and_leads_back(page: Watched, site: Site) -> None:
    shown = page.open(f"{site.address}/<b>七", ready="problem")
    assert shown.inner_text("h1") == "没有这个页面"
    assert "404 Missing" in shown.inner_text("#panel")
    assert shown.locator("#panel b").count() == 0
    shown.get_by_role("link", name="回首页").click()
    shown.wait_for_selector("body[data-ready=home]")


def test_the_policy_travels_with_every_page(page: Watched, site: Site) -> None:
    page.open(site.address, ready="home")
    answer = page.page.request.get(site.address)
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")


def test_the_keyboard_reaches_the_content_first(page: Watched, site: Site) -> None:
    shown = page.open(f"{site.address}/?lang=en", ready="home")
    shown.keyboard.press("Tab")
    assert shown.evaluate("document.activeElement.className") == "skip"


def test_every_role_has_its_pages_in_the_bar() -> None:
    assert set(ROLES) <= set(OFTEN)
    assert all(set(keys) <= set(NAVIGATION) for keys in OFTEN.values())


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_the_bar_fits_every_window_and_its_menu_leads_everywhere(
    page: Watched, site: Site, lang: str
) -> None:
    shown = page.open(f"{site.address}/?lang={lang}", ready="home")
    for width in (320, 390, 820, 1440):
        shown.set_viewport_size({"width": width, "height": 700})
        assert shown.evaluate("document.documentElement.scrollWidth") == width
        expect(shown.locator(".bar nav > [aria-current]")).to_be_in_viewport(ratio=0.9)
    shown.set_viewport_size({"width": 320, "height": 700})
    menu = shown.locator("#menu")
    menu.locator("summary").press("Enter")
    ways = menu.locator("div a")
    assert [way.get_attribute("href") for way in ways.all()] == list(NAVIGATION.values())
    expect(ways.last).to_be_in_viewport(ratio=0.9)
    shown.keyboard.press("Escape")
    expect(ways.last).to_be_hidden()
    menu.locator("summary").click()
    shown.mouse.click(160, 660)
    expect(ways.last).to_be_hidden()


def test_the_bar_shows_what_a_role_does_all_day(page: Watched, site: Site) -> None:
    shown = page.open(site.address, ready="home")
    assert shown.locator(".bar nav > a").all_inner_texts() == ["首页", "调度", "登记", "台账"]


def test_a_page_is_in_the_language_of_the_one_before(page: Watched, site: Site) -> None:
    shown = page.open(f"{site.address}/?lang=en", ready="home")
    kept = {each["name"]: each.get("value") for each in shown.context.cookies()}
    assert kept["jingwei_lang"] == "en"


def test_a_draft_is_of_one_s_own_area_or_of_one_whose_name_is_typed_out(
    page: Watched, site: Site
) -> None:
    site.replaced["/api/plans"] = (200, [])
    shown = page.open(f"{site.address}/plans/all", ready="plans")
    area = shown.get_by_label("范围")
    expect(area).to_have_value("柳岸街道")
    begin = shown.get_by_role("button", name="按现行网格新建")
    area.fill("文庙")
    begin.click()
    expect(shown.locator(".begin .fault")).to_contain_text("选一个")
    area.fill("文庙社区")
    expect(shown.locator("#plan-scope-list li")).to_have_count(1)
    with shown.expect_request(lambda asked: asked.method == "POST") as sent:
        begin.click()
    assert f'"scope":"{toy.SCOPE}002"' in str(sent.value.post_data)
