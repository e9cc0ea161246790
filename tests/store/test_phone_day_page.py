"""A worker's day on the phone, with the network cut and back: doors, and what was found."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any, Final

import geopandas as gpd
import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect
from sqlalchemy import text

from geo.store import imports
from geo.store.database import transaction
from tests.judged import CONTRAST, faults
from tests.plugins.browser import pictured
from tests.store import toy
from tests.store.phone import (
    HOLDER,
    Server,
    day_of,
    job,
    kept_for_later,
    sent_in,
    shown,
    small,
    waited,
)

OF_A_DAY: Final = tuple(f"/api/phone/{n}" for n in range(1, 100))
# What each door shows: the sign under its number, drawn by the sheet; without one the number.
# All of one moment: a door that is painted anew meanwhile has no sign any more.
SIGNS = """() => [...document.querySelectorAll(".door")].map(door => {
  const sign = getComputedStyle(door.querySelector("span"), ":before").content;
  return sign.replace(/"/g, "") || door.innerText;
})"""
# The draft of a report as the phone keeps it.
DRAFT = """() => new Promise(resolve => {
    const asked = indexedDB.open("jingwei-phone");
    asked.onsuccess = () => {
        const row = asked.result.transaction("draft").objectStore("draft").get("draft/report");
        row.onsuccess = () => resolve(row.result || {});
    };
})"""
SOON = 0.3  # s, somewhat less than a page waits for more to arrive before it asks what is new


@pytest.fixture
def day(server: Server) -> str:
    """The address of the holder's day: a building of two stairs and two floors, a bare one."""
    place = {"kind": "building", "code": "B1", "name": "文庙里 12 号楼", "units": 2, "floors": 2}
    bare = {"kind": "building", "code": "B2", "name": "文庙里 13 号楼", "households": 0}
    with transaction(server.store.owner, "import") as conn:
        batch = imports.open_batch(conn, "places")
        frame = gpd.GeoDataFrame(
            [{**place, "dwellings": 8, "households": 8}, bare],
            geometry=toy.points((2.4, 0.4), (2.5, 0.4)),
            crs="EPSG:4326",
        )
        imports.commit_places(conn, frame, batch)
        conn.execute(text("delete from task where kind = 'visit'"))  # of a test before
    return day_of(server, HOLDER)


def report(page: Page) -> None:
    """Report what was found, with a photo, where the phone says it is."""
    page.evaluate("location.hash = '#report'")
    expect(page.locator(".land canvas")).to_have_accessible_name(re.compile("移动它，让图钉对准"))
    page.fill("#found-text", "井盖松动")
    page.click("[data-act=here]")
    page.wait_for_selector("text=定位误差 9 米")
    page.set_input_files("[data-stage=report]", small())
    page.wait_for_selector("text=已选 1 张")
    page.click("[data-act=report]")
    page.wait_for_selector(".queue li:nth-child(2)")
    pictured(page, "phone-report-390x844")


def without_a_chart(page: Page) -> None:
    """Of the bare building what is missing can be reported."""
    page.click("nav.parts >> text=网格")
    page.click("text=文庙里 13 号楼")
    page.click("[data-act=missing]")
    expect(page.locator("#found-text")).to_have_value(re.compile("文庙里 13 号楼没有楼栋图"))


def pauses(arrivals: list[Request]) -> int:
    """How often the next came so late, on a slow machine, that what is new was asked meanwhile."""
    ends = [one.timing["startTime"] / 1000 + one.timing["responseEnd"] / 1000 for one in arrivals]
    return sum(later - end > SOON for end, later in pairwise(sorted(ends)))


def written_down(server: Server) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Return the visits, and the finds with their photos, that the server has."""
    with transaction(server.store.owner, "x") as conn:
        asked = text("select place, found from task where kind = 'visit' order by id")
        visits = [tuple(row) for row in conn.execute(asked)]
        asked = text("select i.accuracy_m, a.stage from issue i join attachment a on a.issue = i.id"
                     " where i.source = 'patrol'")  # fmt: skip
        finds = [tuple(row) for row in conn.execute(asked)]
    return visits, finds


def test_a_days_doors_and_finds_are_written_down_without_a_network(
    server: Server, context: BrowserContext, day: str
) -> None:
    it = job(server, "of the day")
    context.grant_permissions(["geolocation"])
    (there,) = toy.points((2.6, 0.6))
    context.set_geolocation({"longitude": there.x, "latitude": there.y, "accuracy": 9})
    page = shown(context, day)
    assert page.locator(f"a[href='#task-{it.task}']").count() == 1
    without_a_chart(page)
    page.click("nav.parts >> text=网格")
    page.click("text=文庙里 12 号楼")
    page.wait_for_selector(".door")
    expect(page.locator(".tally")).to_be_in_viewport(ratio=1)  # which building, how much is done
    assert faults(page) == []
    kept_for_later(page)
    context.set_offline(True)
    for found in ("visited", "nobody", "let"):
        page.locator(f".find[data-found={found}]").press("Enter")
        expect(page.locator(f".find[data-found={found}]")).to_be_focused()
    page.wait_for_selector("li[data-name=let]")
    expect(page.locator(".tally")).to_contain_text("3/8")
    signs = page.evaluate(SIGNS)
    assert " ".join(sign.split()[-1] for sign in signs) == "租 202 201 202 ✓ ○ 101 102"
    assert faults(page) == [], "without a network too"
    pictured(page, "phone-doors-390x844")
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert faults(page, CONTRAST) == [], "in the dark too"
    pictured(page, "phone-doors-dark-390x844")
    page.emulate_media(color_scheme="light")
    report(page)
    looks, arrivals = list[str](), list[Request]()
    page.on("request", lambda one: looks.append(one.url) if one.url.endswith(OF_A_DAY) else None)
    page.on("requestfinished", lambda one: arrivals.append(one) if one.method == "POST" else None)
    context.set_offline(False)
    sent_in(page, 2)
    page.wait_for_timeout(500)
    assert 1 <= len(looks) <= 3 + pauses(arrivals), "not one for each of five things"
    visits, finds = written_down(server)
    assert visits == [("B1-1-101", "visited"), ("B1-1-102", "nobody"), ("B1-1-201", "let")]
    assert finds == [(9.0, "before")]


def test_who_has_no_grid_and_no_position_reports_by_address(
    server: Server, context: BrowserContext
) -> None:
    page = shown(context, day_of(server, "checker"))
    page.evaluate("location.hash = '#report'")
    page.click("[data-act=here]")
    page.wait_for_selector("text=写下在哪里也能报")
    page.fill("#found-text", "消火栓漏水")
    page.click("[data-act=report]")
    page.wait_for_selector("text=先定位、拖动地图，或写下在哪里。")
    page.fill("#found-address", "哪里也不是 88 号旁")
    page.set_input_files("[data-stage=report]", small())
    page.wait_for_selector("text=已选 1 张")
    page.reload()
    expect(page.locator("#found-address")).to_have_value("哪里也不是 88 号旁")
    page.wait_for_selector("text=已选 1 张")
    assert faults(page) == []
    page.click("[data-act=report]")
    sent_in(page, 2)
    with transaction(server.store.owner, "x") as conn:
        asked = text("select i.address, i.path, count(a.id) from issue i join attachment a"
                     " on a.issue = i.id where i.text = '消火栓漏水' group by i.id")  # fmt: skip
        assert [tuple(row) for row in conn.execute(asked)] == [("哪里也不是 88 号旁", [], 1)]


def test_the_place_of_a_report_is_kept_with_its_words(context: BrowserContext, day: str) -> None:
    context.grant_permissions(["geolocation"])
    (there,) = toy.points((2.6, 0.6))
    context.set_geolocation({"longitude": there.x, "latitude": there.y, "accuracy": 9e6})
    page = shown(context, day)
    page.evaluate("location.hash = '#report'")
    page.wait_for_selector(".land canvas")
    page.fill("#found-text", "护栏断了")
    page.click("[data-act=here]")
    page.wait_for_selector("text=定位误差 100000 米，太大。")
    waited(page, lambda: page.evaluate(DRAFT).get("spot"))
    page.reload()
    page.wait_for_selector("text=/位置是 .+ 定的。/")
    page.click("[data-act=report]")
    sent_in(page, 1)
