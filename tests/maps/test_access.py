"""Every screen after WCAG 2.1 AA, judged by axe-core: both sizes, languages and grounds."""

from __future__ import annotations

import pytest
from fastapi.routing import APIRoute
from playwright.sync_api import expect

from api.routes import pages, phone_pages, residents, sign_in
from tests.judged import CONTRAST, faults
from tests.maps.server import Site
from tests.plugins.browser import PHONE, Watched

SCREENS = (
    ("/", "home"),
    ("/plans", "plan"),
    ("/plans/7/draw", "draw"),
    ("/plans/7/sheets", "sheets"),
    ("/plans/all", "plans"),
    ("/issues", "board"),
    ("/issues/new", "entry"),
    ("/wall", "wall"),
    ("/inbox", "inbox"),
    ("/city", "city"),
    ("/leader", "leader"),
    ("/report", "resident"),
    ("/report/mine", "resident"),
    ("/ledgers", "ledger"),
    ("/notices", "notice"),
    ("/tasks", "task"),
    ("/tasks/31", "task"),
    ("/accounts", "accounts"),
    ("/audit", "audit"),
    ("/hooks", "hook"),
    ("/issues/import", "upload"),
    ("/issues/4", "one"),
    ("/issues/4/why", "why"),
    ("/sign-in", "sign_in"),
    ("/sign-in/password", "sign_in"),
)
ELSEWHERE = {"/phone/{link}"}  # judged on the real API, in tests/store


def test_no_page_of_the_application_is_left_out() -> None:
    routers = (pages.router, phone_pages.router, residents.router, sign_in.router)
    routes = [route for router in routers for route in router.routes if isinstance(route, APIRoute)]
    shown = [
        route
        for route in routes
        if "GET" in (route.methods or ())
        and route.endpoint.__annotations__["return"] == "HTMLResponse"
    ]
    left = {
        route.path
        for route in shown
        if not any(route.path_regex.match(path) for path, _ in SCREENS)
    }
    assert len(shown) > len(left)
    assert left == ELSEWHERE


# Of a card: what the keys reached, whether something lies over it, whether the page was scrolled.
REACHED = """() => {
  const at = document.activeElement;
  if (!document.getElementById("card").contains(at)) return ["", false, false];
  const box = (at.labels?.[0] ?? at).getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const over = !top || !(top.contains(at) || at.contains(top) || at.labels?.[0]?.contains(top));
  return [at.outerHTML.slice(0, 80), over, document.scrollingElement.scrollTop > 0];
}"""


@pytest.mark.parametrize(("path", "ready"), SCREENS)
def test_a_screen_is_usable_by_everyone_and_needs_no_sideways_scroll_at_320_px(
    page: Watched, site: Site, path: str, ready: str
) -> None:
    page.page.emulate_media(reduced_motion="reduce")  # no colour is on its way to another
    shown = page.open(site.address + path, ready=ready)
    at_the_desk = faults(shown)
    shown.emulate_media(color_scheme="dark")
    at_night = faults(shown, CONTRAST)
    shown.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.open(f"{site.address}{path}?lang=en", ready=ready)
    assert at_the_desk + at_night + faults(shown) == []
    shown.emulate_media(color_scheme="light")
    assert faults(shown, CONTRAST) == []
    shown.set_viewport_size({"width": 320, "height": 256})  # 1280 × 1024 at 400 %
    assert shown.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_map_is_dark_to_its_edges(page: Watched, site: Site) -> None:
    page.page.emulate_media(color_scheme="dark")
    shown = page.open(f"{site.address}/city", ready="city")
    tone = "each => getComputedStyle(each).backgroundColor.match(/\\d+/g).map(Number)"
    assert max(shown.locator(".folium-map").evaluate(tone)) < 64
    line = "each => getComputedStyle(each).borderTopColor.match(/\\d+/g).map(Number)"
    assert min(shown.locator(".sample.district").evaluate(line)) > 192


# What each canvas of a map shows, where anything is drawn on it.
DRAWN = """() => [...document.querySelectorAll(".folium-map canvas")].filter((each) => {
  const { width, height } = each;
  return width && each.getContext("2d").getImageData(0, 0, width, height).data.some(Boolean);
}).map((each) => each.toDataURL())"""
SAME = f"(was) => ({DRAWN})().join() === was.join()"
OTHER = f"(was) => {{ const now = ({DRAWN})(); return now.length && now.join() !== was.join(); }}"


@pytest.mark.parametrize(("path", "ready"), [("/issues/new", "entry"), ("/inbox", "inbox")])
def test_a_map_that_is_open_turns_as_dark_as_one_opened_in_the_dark(
    page: Watched, site: Site, path: str, ready: str
) -> None:
    page.page.emulate_media(color_scheme="dark")
    shown = page.open(site.address + path, ready=ready)
    shown.wait_for_load_state("networkidle")
    at_night = shown.evaluate(DRAWN)
    shown.emulate_media(color_scheme="light")
    shown.wait_for_function(OTHER, arg=at_night)
    shown.emulate_media(color_scheme="dark")
    shown.wait_for_function(SAME, arg=at_night)
    shown.reload()
    shown.wait_for_function(SAME, arg=at_night)


def test_an_open_card_is_usable_by_everyone(page: Watched, site: Site) -> None:
    shown = page.open(f"{site.address}/issues?lang=en", ready="board")
    shown.locator(".work").first.click()
    assert faults(page.page) == []


@pytest.mark.parametrize(("path", "ready"), [("/issues", "board"), ("/inbox", "inbox")])
def test_what_the_keys_reach_in_a_card_is_in_sight(
    page: Watched, site: Site, path: str, ready: str
) -> None:
    nowhere = {"zh": "没有位置", "en": "No place."}
    site.replaced["/api/issues/4/way"] = (404, nowhere)
    page.quiet = ("404",)
    page.page.set_viewport_size({"width": 1440, "height": 560})
    shown = page.open(site.address + path, ready=ready)
    shown.locator(".work").first.press("Enter")
    shown.locator("#card .events, #card .steps").first.wait_for(state="attached")
    reached, hidden = list[str](), list[str]()
    for _ in range(40):
        shown.keyboard.press("Tab")
        here, covered, scrolled = shown.evaluate(REACHED)
        if not here:
            break
        reached.append(here)
        if covered or scrolled:
            hidden.append(here)
    assert len(reached) > 3
    assert hidden == []


def test_who_sent_an_urgent_whistle_is_read_whole(page: Watched, site: Site) -> None:
    page.page.set_viewport_size({"width": 820, "height": 1180})
    shown = page.open(f"{site.address}/inbox?lang=en", ready="inbox")
    assert shown.locator(".from .urgent").count()
    cut = "all => all.filter(e => e.scrollWidth > e.clientWidth).map(e => e.textContent)"
    assert shown.locator(".work .from").evaluate_all(cut) == []
    lines = "all => all.map(e => e.getClientRects().length)"
    assert set(shown.locator(".work .from .whole").evaluate_all(lines)) == {1}, "no time is torn"
    page.shoot("inbox-narrow", (820, 1180))
    expect(shown.locator("#month"), "the bar has no room").to_be_hidden()
    said = "Month in time 98.1% arrival 24 min score 4.6"
    page.shoot("inbox-english")
    expect(shown.locator("#month")).to_be_visible()
    assert shown.locator("#month").inner_text() == said
