"""The inbox in Chromium on the real API: acknowledge, arrive, report, contest, pass a trip on."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from api.acting import COOKIE
from api.clock import draw_anew
from geo.store import imports
from geo.store.database import transaction
from tests.plugins.browser import PHONE, Watched
from tests.store import toy
from tests.store.phone import Server, waited
from tests.store.test_inbox import staffed, step, whistled

NEARER = """at => window[JSON.parse(document.getElementById('config').textContent).map]
    .setView(at, 17, {animate: false})"""
# Whether there is anything on a canvas.
PAINTED = """all => all.some(canvas => canvas.width > 0 && canvas.getContext('2d')
    .getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean))"""
# Whether a canvas has a point of the colour of a dwelling, #D9D3C8.
BUILT = """all => all.some(canvas => {
    if (!canvas.width) return false;
    const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    for (let i = 0; i < data.length; i += 4)
        if (data[i] === 217 && data[i + 1] === 211 && data[i + 2] === 200) return true;
    return false;
})"""
NEAR = {"lon": toy.WEST + 0.005, "lat": toy.SOUTH + 0.005}


@pytest.fixture(scope="module")
def desk(server: Server) -> Server:
    """The server, with two departments that are called in."""
    staffed(server.store)
    house = {"kind": "building", "code": "B1", "name": "文庙里 1 号楼", "households": 8}
    with transaction(server.store.owner, "import") as conn:
        frame = gpd.GeoDataFrame([house], geometry=toy.points((2.5, 0.5)), crs="EPSG:4326")
        imports.commit_places(conn, frame, imports.open_batch(conn, "places"))
    draw_anew(server.store)
    return server


def opened(page: Page, desk: Server, person: str = "desk") -> Page:
    page.context.add_cookies([{"name": COOKIE, "value": person, "url": desk.root}])
    page.goto(f"{desk.root}/inbox")
    expect(page.locator("body[data-ready=inbox]")).to_be_attached()
    return page


def test_a_department_finds_its_pages_in_the_bar(page: Watched, desk: Server) -> None:
    shown = opened(page.page, desk)
    assert shown.locator(".bar nav > a").all_inner_texts() == ["部门", "任务", "登记"]
    city = shown.locator(".leaflet-frame-pane canvas")  # an inbox without work shows it
    waited(shown, lambda: city.evaluate_all(PAINTED))
    expect(shown.locator("#who")).to_contain_text("责任单位")
    (there,) = toy.points((2.5, 0.5))
    shown.evaluate(NEARER, [there.y, there.x])
    waited(shown, lambda: shown.locator(".leaflet-ground-pane canvas").evaluate_all(BUILT))


def row(page: Page, issue: int) -> Any:
    return page.locator(f".work-row[data-issue='{issue}']")


def group(page: Page, issue: int, owes: str) -> Any:
    return page.locator(f".owed[data-owes={owes}] .work-row[data-issue='{issue}']")


def test_a_department_acknowledges_arrives_and_reports(page: Watched, desk: Server) -> None:
    page.quiet = ("409", "412")  # too far away, and overtaken
    issue = whistled(desk.store, "page-1", emergency=True)
    shown = opened(page.page, desk)
    row(shown, issue).locator(".work").press("Enter")
    expect(shown.locator("#card h2")).to_be_focused()
    expect(shown.locator("#card .land canvas")).to_be_visible()
    expect(shown.locator("#card .way-there a")).to_have_count(5)
    expect(row(shown, issue)).to_contain_text("到场剩")
    shown.locator("#card [data-step=take]").click()
    expect(group(shown, issue, "arrive")).to_be_visible()
    expect(shown.locator(".inbox-panel > .sent")).to_have_text("已办：签收")
    expect(shown.locator("#card .path .next")).to_contain_text("报到")
    shown.locator("#card [data-step=arrive]").click()
    for lon, said in ((toy.WEST + 0.035, "才算到场"), (NEAR["lon"], "")):
        shown.locator("#step-spot").fill(f"{lon}, {NEAR['lat']}")
        shown.locator("#step-spot-datum").select_option("wgs84")
        shown.locator("#card .deed .main").click()
        if said:
            expect(shown.locator("#card .deeds > .fault")).to_contain_text(said)
    expect(group(shown, issue, "report")).to_be_visible()
    shown.locator("#card [data-step=finish]").click()
    late, told = list[Route](), list[bool]()  # the inbox as it is then comes after the refusal

    def hold(route: Route) -> None:
        route.continue_() if told else late.append(route)

    shown.route("**/api/inbox*", hold)
    step(desk.store, "desk", issue, "ask_extend", days=2.0, reason="同事先动了一下")
    shown.locator("#step-result").fill("井盖已换")
    shown.locator("#card .deed .main").click()
    expect(shown.locator("#card .sent")).to_contain_text("已更新")
    before = shown.locator("#card .card-head").element_handle()
    told.append(True)
    for route in late:
        route.continue_()
    shown.wait_for_function("before => !before.isConnected", arg=before)
    expect(shown.locator("#card .sent")).to_contain_text("已更新")
    shown.locator("#card [data-step=finish]").click()
    shown.locator("#step-result").fill("井盖已换")
    shown.locator("#card .deed .main").click()
    expect(group(shown, issue, "done")).to_be_visible()


def test_a_trip_is_numbered_and_goes_to_a_section_whole(page: Watched, desk: Server) -> None:
    issues = [whistled(desk.store, f"page-2{n}", emergency=True) for n in range(3)]
    shown = opened(page.page, desk)
    for issue in issues:
        row(shown, issue).locator("input").check()
        expect(row(shown, issue).locator(".stop")).to_be_visible()
    expect(shown.locator(".jump")).to_be_hidden()
    shown.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    shown.locator(".jump", has_text="一趟 3 件").click()
    expect(shown.locator(".trip ol")).to_be_in_viewport(ratio=0.9)
    shown.locator("[data-trip=near]").click()
    expect(shown.locator(".trip ol li")).to_have_count(3)
    shown.locator("[data-trip=take]").click()
    expect(shown.locator(".inbox-panel > .sent")).to_contain_text("3 件已签收")
    expect(shown.locator("[data-trip=take]")).to_have_count(0)
    stops = shown.locator(".work-row .stop [aria-hidden]").all_text_contents()
    assert sorted(stops) == ["1", "2", "3"]
    shown.locator("[data-trip=go]").click()
    expect(shown.locator(".inbox-panel > .sent")).to_contain_text("3 件已转")
    for issue in issues:
        expect(group(shown, issue, "passed")).to_be_visible()
    expect(shown.locator(".trip ol")).to_have_count(0)


def test_what_comes_meanwhile_appears_and_is_contested_on_a_phone(
    context: BrowserContext, desk: Server
) -> None:
    page, issues = context.new_page(), list[int]()

    def whistle(route: Route) -> None:  # after the first answer, and before anything is heard
        issues.append(whistled(desk.store, "page-3", emergency=True))
        route.continue_()

    page.route("**/api/events/stream**", whistle, times=1)
    with page.expect_response("**/api/events/stream**"):
        shown = opened(page, desk, "well")
    (issue,) = issues
    expect(group(shown, issue, "take")).to_be_visible()
    row(shown, issue).locator(".work").click()
    shown.locator("#card [data-step=return]").click()
    shown.locator("#step-reason").fill("不归我们")
    shown.keyboard.press("Escape")
    shown.locator("#card [data-step=return]").click()
    expect(shown.locator("#step-reason")).to_have_value("不归我们")
    shown.locator("#card .deed .main").click()
    expect(group(shown, issue, "ruling")).to_be_visible()
    expect(shown.locator("#card .tasks").first).to_contain_text("等区县裁定")
    expect(shown.locator("#card .path")).to_have_count(0)
    assert shown.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def test_somebody_of_no_organisation_is_told_so(page: Watched, desk: Server) -> None:
    shown = opened(page.page, desk, "stranger")
    expect(shown.locator(".nobody")).to_be_visible()
    expect(shown.locator(".state.empty")).to_be_visible()
