"""The page of the whole city in Chromium on the real API: tiles, the list, who answers, search."""

from __future__ import annotations

from typing import Final

from playwright.sync_api import Page, expect
from sqlalchemy import text

from api.acting import COOKIE
from geo.store.database import transaction
from tests.plugins.browser import PHONE, Watched
from tests.store import toy
from tests.store.phone import Server
from tests.store.test_plans import drawn, merged

SECOND: Final = f"{toy.ONE}002"
NAUGHTY: Final = "<img src=x onerror=alert(1)>${alert(2)}"


def opened(page: Watched, server: Server, query: str = "") -> Page:
    shown = page.open(f"{server.root}/city{query}", ready="city")
    expect(shown.locator(".city-list button")).to_have_count(9)
    return shown


# There are tiles of the areas, and all there are have come and are painted.
WHOLE: Final = """() => document.querySelector(".leaflet-areas-pane .leaflet-tile") !== null
    && [...document.querySelectorAll(".leaflet-tile")].every(
        (tile) => tile.classList.contains("leaflet-tile-loaded")
            && tile.offsetWidth === tile.firstChild.offsetWidth
            && tile.offsetHeight === tile.firstChild.offsetHeight)"""
IN_VIEW: Final = """() => {
    const map = document.querySelector(".folium-map").getBoundingClientRect();
    return [...document.querySelectorAll(".leaflet-tile")].every((tile) => {
        const [all, part] = [tile, tile.firstChild].map((each) => each.getBoundingClientRect());
        const [left, top] = [Math.max(all.left, map.left), Math.max(all.top, map.top)];
        const [right, bottom] = [Math.min(all.right, map.right), Math.min(all.bottom, map.bottom)];
        return right <= left || bottom <= top || part.left < left + 1 && part.top < top + 1
            && part.right > right - 1 && part.bottom > bottom - 1;
    });
}"""
WHEN_TOLD: Final = """
    const waiting = [];
    window.requestIdleCallback = (done) => waiting.push(done);
    window.nothingToDo = () => waiting.splice(0).forEach((done) => done());
"""


def painted(shown: Page, layer: str = "areas") -> int:
    """How many pixels of a layer are not empty, over all tiles, once these are painted whole."""
    shown.wait_for_function(WHOLE)
    return int(
        shown.evaluate(
            """layer => [...document.querySelectorAll(`.leaflet-${layer}-pane canvas`)].map(
            (each) => each.getContext("2d").getImageData(0, 0, each.width, each.height).data)
            .reduce((sum, data) => sum + data.filter((v, i) => i % 4 === 3 && v).length, 0)""",
            layer,
        )
    )


def test_the_city_opens_as_it_is_in_force_and_a_grid_says_who_answers(
    page: Watched, server: Server
) -> None:
    with transaction(server.store.owner, "x") as conn:
        conn.execute(
            text("update party set name = :n where code = :c"),
            {"n": NAUGHTY, "c": f"leader-{SECOND}"},
        )
    shown = opened(page, server)
    assert painted(shown) > 100_000
    expect(shown.locator(".city-counts b").nth(1)).to_have_text("8")  # one of nine is special
    shown.locator(f"[data-code='{SECOND}']").click()
    card = shown.locator(".city-card")
    expect(card.locator("h2 span").first).to_have_text("网格002")
    expect(card.locator(".facts")).to_contain_text(NAUGHTY)
    expect(card.locator(".facts")).to_contain_text("龙洞街道 › 甲社区")
    assert card.locator("a").first.get_attribute("href") == f"/issues?scope={toy.ONE}&area={SECOND}"
    assert len(page.page.request.get(f"{server.root}/city").body()) < 10_000
    page.shoot("city")


# Red of the ground in the middle of a tile.
SHADE: Final = """() => {
    const canvas = document.querySelector(".leaflet-ground-pane canvas");
    const [x, y] = [canvas.width >> 1, canvas.height >> 1];
    return canvas.width && canvas.getContext("2d").getImageData(x, y, 1, 1).data[0];
}"""


def test_the_city_turns_dark_and_light_with_the_screen_while_it_is_open(
    page: Watched, server: Server
) -> None:
    shown = opened(page, server)
    painted(shown, "ground")
    assert shown.evaluate(SHADE) > 200
    shown.emulate_media(color_scheme="dark")
    shown.wait_for_function(f"() => ({SHADE})() < 96")
    swatch = "getComputedStyle(document.querySelectorAll('.city-step .swatch')[4]).backgroundColor"
    dark = shown.evaluate(swatch)
    shown.emulate_media(color_scheme="light")
    shown.wait_for_function(f"() => ({SHADE})() > 200")
    assert shown.evaluate(swatch) != dark


def test_a_step_into_the_middle_asks_for_nothing_once_the_map_stood_still(
    page: Watched, server: Server
) -> None:
    shown = opened(page, server)
    zoom = int(shown.locator("body").get_attribute("data-drawn") or 0)
    expect(shown.locator("body")).to_have_attribute("data-ahead", str(zoom + 1))
    asked: list[str] = []
    shown.on("request", lambda each: asked.append(each.url) if "/tiles/" in each.url else None)
    shown.evaluate("window.map_city.setZoom(window.map_city.getZoom() + 1)")
    expect(shown.locator("body")).to_have_attribute("data-drawn", str(zoom + 1))
    assert [url for url in asked if f"/{zoom}/" in url] == []


def test_what_is_in_view_of_a_tile_is_painted_first_and_the_rest_when_there_is_nothing_to_do(
    page: Watched, server: Server
) -> None:
    page.page.add_init_script(WHEN_TOLD)
    shown = opened(page, server)
    zoom = int(shown.locator("body").get_attribute("data-drawn") or 0) + 1
    shown.evaluate("zoom => window.map_city.setZoom(zoom)", zoom)
    expect(shown.locator("body")).to_have_attribute("data-drawn", str(zoom))
    shown.wait_for_function(IN_VIEW)
    assert not shown.evaluate(WHOLE)
    shown.wait_for_function(f"() => (nothingToDo(), ({WHOLE})())")


def test_all_of_it_is_reached_by_keys(page: Watched, server: Server) -> None:
    shown = opened(page, server)
    zoom = str(shown.locator("body").get_attribute("data-drawn"))
    shown.get_by_role("button", name="放大").click()
    expect(shown.locator("body")).to_have_attribute("data-drawn", str(int(zoom) + 1))
    shown.get_by_role("button", name="缩小").click()
    expect(shown.locator("body")).to_have_attribute("data-drawn", zoom)
    shown.locator(".folium-map").focus()
    expect(shown.locator(".crosshair")).to_be_visible()
    shown.keyboard.press("Enter")
    expect(shown.locator(".city-card h2 span").first).to_contain_text("网格")
    shown.keyboard.press("Escape")
    expect(shown.locator(".city-card")).to_be_hidden()
    shown.locator(".city-list button").first.focus()
    shown.keyboard.press("ArrowDown")
    shown.keyboard.press("Enter")
    expect(shown.locator(".city-list button").nth(1)).to_have_attribute("aria-pressed", "true")


def test_what_is_looked_for_is_shown_and_picked(page: Watched, server: Server) -> None:
    shown = opened(page, server, "?lang=en")
    expect(shown.locator("h1")).to_have_text("The whole city")
    for words, name in (("乙社区", "网格"), (f"{toy.TWO}003", "网格003"), ("网格002", "网格002")):
        with shown.expect_response(lambda answer: "/api/lookup/who" in answer.url):
            shown.locator("#find").fill(words)
            shown.locator(".choices li").first.click()
        expect(shown.locator(".city-card h2 span").first).to_contain_text(name)
    assert "at=" in shown.url


def test_colours_tell_what_is_chosen_and_the_address_keeps_it(
    page: Watched, server: Server
) -> None:
    shown = opened(page, server)
    with shown.expect_response(lambda answer: "/api/board/areas?kind=grid" in answer.url):
        shown.get_by_role("button", name="未结诉求").click()
    expect(shown.locator(".legend h2 small")).to_have_text("每百户未结件数")
    assert "by=open" in shown.url
    shown.get_by_role("button", name="户数", exact=True).click()
    before = painted(shown)
    steps = shown.locator(".city-step")
    expect(steps).to_have_count(7)
    steps.nth(6).click()
    expect(steps.nth(6)).to_have_attribute("aria-pressed", "true")
    assert painted(shown) <= before
    again = opened(page, server, "?by=households")
    expect(again.get_by_role("button", name="户数", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )


def test_a_draft_lies_over_the_city_for_those_who_may_see_it(page: Watched, server: Server) -> None:
    plan = str(drawn(server.store, merged(1)))
    page.page.context.add_cookies([{"name": COOKIE, "value": "planner", "url": server.root}])
    shown = opened(page, server)
    shown.get_by_label("叠加草案").select_option(plan)
    expect(shown.locator("body")).to_have_attribute("data-draft", plan)
    assert painted(shown, "draft") > 500
    expect(shown.get_by_role("link", name="对比")).to_have_attribute("href", f"/plans/{plan}")
    again = opened(page, server, f"?plan={plan}")
    expect(again.get_by_label("叠加草案")).to_have_value(plan)
    page.page.context.add_cookies([{"name": COOKIE, "value": "stranger", "url": server.root}])
    with shown.expect_response(lambda answer: answer.url.endswith("/api/plans")):
        opened(page, server, f"?plan={plan}")
    assert shown.get_by_label("叠加草案").count() == 0


def test_the_city_fits_a_phone(page: Watched, server: Server) -> None:
    page.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    shown = page.open(f"{server.root}/city", ready="city")
    assert shown.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    page.shoot("city", PHONE)
