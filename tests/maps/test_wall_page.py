"""The wall: figures, map, hot spots and queues; nobody named, nobody's words, days on end."""

from __future__ import annotations

import json
import re
from itertools import count
from typing import Any

from playwright.sync_api import Route, expect

from tests.maps import toy
from tests.maps.server import Site
from tests.maps.test_plan_page import NAUGHTY
from tests.plugins.browser import Watched

WALL = (1920, 1080)


def hung(page: Watched, site: Site) -> Any:
    page.page.set_viewport_size({"width": WALL[0], "height": WALL[1]})
    return page.open(f"{site.address}/wall", ready="wall")


def test_six_figures_queues_hot_spots_and_the_newest_hang_on_the_wall(
    page: Watched, site: Site
) -> None:
    shown = hung(page, site)
    expect(shown.locator(".wall-value b")).to_have_count(6)
    expect(shown.locator(".wall-tile").nth(2)).to_contain_text("96.8")
    expect(shown.locator(".wall-tile").nth(5)).to_contain_text("27")
    assert "较上周同一时刻 ＋6%" in shown.inner_text(".wall-tile >> nth=0")
    undone = [f["properties"] for f in toy.issues()["features"]]
    waiting = sum(fact["state"] == "new" for fact in undone)
    assert str(waiting) in shown.inner_text(".wall-queues > div >> nth=1")
    expect(shown.locator(".wall-spots li").first).to_contain_text("文庙东巷")
    expect(shown.locator(".wall-spots li").first).to_contain_text("▲12")
    expect(shown.locator(".wall-foot > span")).to_have_count(5)
    assert shown.evaluate("document.documentElement.dataset.base") == "dark"
    page.shoot("wall", WALL)
    marks = [url for url in page.requests if "/cells" in url and "is_open=true" in url]
    assert marks
    assert all("since=" in url for url in marks), "those of the period, as the heat under them"
    expect(shown.locator(".wall-legend .glyph-key span")).to_have_count(3)


def test_a_wall_names_nothing_that_it_does_not_show(page: Watched, site: Site) -> None:
    crowd = {"total": 800, "cells": [], "marks": None}
    site.replaced["/api/board/cells"] = (200, crowd)
    held: list[Route] = []
    page.page.route("**/api/board/spots*", lambda route: held.append(route))  # noqa: PLW0108
    shown = hung(page, site)
    expect(shown.locator(".wall-legend .heat-key")).to_be_visible()
    expect(shown.locator(".wall-legend .glyph-key")).to_have_count(0)
    expect(shown.locator(".wall-queues")).to_be_visible()
    assert shown.locator(".wall-spots").count() == 0, "nobody knows yet whether there are any"
    for route in held:
        route.fulfill(json=[])
    expect(shown.locator(".wall-spots")).to_contain_text("没有明显集中的地方")


def test_a_narrow_wall_has_room_for_its_words(page: Watched, site: Site) -> None:
    told = site.answer("/api/board/figures", {})[2]
    rates = json.loads(told)
    rates["all"] |= {"solved_in_grid": None, "solved_in_grid_verified": None}
    site.replaced["/api/board/figures"] = (200, rates)
    page.page.set_viewport_size({"width": 820, "height": 1180})
    shown = page.open(f"{site.address}/wall?lang=en", ready="wall")
    tiles = shown.locator(".wall-tile")
    expect(tiles.nth(3)).to_contain_text("Solved in grid")
    assert "%" not in tiles.nth(3).inner_text(), "a dash is no rate"
    assert shown.evaluate("document.documentElement.scrollWidth") == 820
    cut = "all => all.filter(e => e.scrollWidth > e.clientWidth).map(e => e.textContent)"
    assert tiles.evaluate_all(cut) == []
    tops = tiles.evaluate_all("all => all.map(e => e.getBoundingClientRect().top)")
    assert len(set(tops)) == 2
    title, bar = (shown.locator(name).bounding_box() for name in (".bar h1", ".bar"))
    assert title
    assert bar
    assert title["y"] > 0
    assert title["y"] + title["height"] < bar["y"] + bar["height"]
    page.shoot("wall-narrow", (820, 1180))


def test_nobody_is_named_and_nobodys_words_reach_the_wall(page: Watched, site: Site) -> None:
    words = {"text": NAUGHTY[0], "address": NAUGHTY[1], "grid_leader": "刘洋"}
    site.issues = [
        {**f, "properties": {**f["properties"], **words, "service": NAUGHTY[2]}}
        for f in toy.issues()["features"]
    ]
    answers: list[str] = []
    page.page.on("response", lambda told: answers.append(told.url))
    shown = hung(page, site)
    asked = [url for url in answers if "/api/" in url]
    assert asked
    assert not [url for url in asked if "/api/board/issues" in url or "issues.geojson" in url]
    assert "刘洋" not in shown.inner_text("body")
    assert NAUGHTY[2] in shown.inner_text(".wall-foot")
    assert shown.evaluate("window.ran") is None


def test_a_wall_that_is_cut_off_says_how_old_its_figures_are(page: Watched, site: Site) -> None:
    page.quiet = ("503",)
    page.page.clock.install()
    # It asks twice: at once, then when the line stands. An answer that seemed to take minutes
    # would let it rest for as many more.
    answers = count(1)
    asked = re.compile("/api/board/(cells|newest)")
    with page.page.expect_response(lambda got: bool(asked.search(got.url)) and next(answers) == 6):
        shown = hung(page, site)
    expect(shown.locator(".live")).to_contain_text("更新")
    nodes = shown.evaluate("document.querySelectorAll('*').length")
    site.replaced["/api/board"] = (503, {"zh": "数据库暂不可用。", "en": "The database is away."})
    with shown.expect_response(lambda got: got.status == 503):
        shown.clock.fast_forward("01:00")  # it asks again once it has read what came before
    shown.clock.fast_forward("05:00")
    expect(shown.locator(".live")).to_contain_text("没有连上，这是")
    assert "off" in str(shown.get_attribute(".live", "class"))
    assert shown.evaluate("document.querySelectorAll('*').length") <= nodes + 5


def test_a_wall_waits_for_its_server_and_comes_by_itself(page: Watched, site: Site) -> None:
    page.quiet = ("503",)
    site.replaced["/api/board"] = (503, {})
    page.page.goto(f"{site.address}/wall")
    expect(page.page.locator(".live")).to_contain_text("正在读取")
    del site.replaced["/api/board"]
    page.page.wait_for_selector("body[data-ready=wall]")
    assert json.loads(str(page.page.text_content("#config")))["scope"] == toy.SCOPE
