"""Why an issue is whose it is: one page, on screen and on paper."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import expect

from geo import store
from geo.store.rules.routing import CALLS
from maps.words import WORDS
from tests.maps import toy_routes
from tests.maps.server import Site
from tests.maps.toy_routes import NAUGHTY
from tests.plugins.browser import Watched


def test_one_page_says_whose_it_is_and_why(page: Watched, site: Site) -> None:
    shown = page.open(f"{site.address}/issues/4/why", ready="why")
    told = shown.inner_text("#panel")
    for words in ("第 12 行", "照明条例第四条", "东至历山路", "区城管局", "供电所", "街巷长"):
        assert words in told
    chain = shown.inner_text(".chain")
    assert "责任清单第 12 行 · 柳岸街道（g） 路灯不亮（s） → 区城管局（D1）" in chain
    assert "吹哨 赵 → 供电所、D3" in told
    assert told.count(NAUGHTY) == 2  # as text, in the walker's name and in the reason
    assert shown.locator(".why-map path").count() > 6
    assert "文庙街（图上的粗线）：街巷长" in told
    expect(shown.locator(".why-map path.lane")).to_have_count(2)  # in its colour, on white
    assert shown.locator(".grid-name").count() == 6
    page.shoot("why")


def test_what_lies_nowhere_has_no_empty_map_on_its_page(page: Watched, site: Site) -> None:
    told = toy_routes.why(4)
    grids = {"type": "FeatureCollection", "features": []}
    nowhere = told | {"about": told["about"] | {"lon": None, "lat": None}, "grids": grids}
    nowhere |= {"lane": grids, "walkers": []}
    site.replaced["/api/issues/4/why"] = (200, nowhere)
    shown = page.open(f"{site.address}/issues/4/why", ready="why")
    assert "没有位置" in shown.inner_text("#panel")
    expect(shown.locator(".why-map")).to_have_count(0)


def test_every_step_that_it_may_tell_has_a_word() -> None:
    asked = Path(store.__file__).with_name("sql").joinpath("sent_route.sql").read_text("utf-8")
    names = re.findall(r"'(\w+)'", asked.partition("e.name in")[2])
    assert set(CALLS) < set(names)
    assert [name for name in names if f"step.{name}" not in WORDS] == []


def test_it_prints_on_one_sheet_of_a4(page: Watched, site: Site) -> None:
    shown = page.open(f"{site.address}/issues/4/why", ready="why")
    sheet = shown.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", sheet)) == 1
    assert b"/MediaBox [0 0 594.95" in sheet or b"/MediaBox [0 0 595" in sheet
    shown.emulate_media(media="print")
    assert shown.is_hidden(".bar")
    assert shown.is_hidden(".unprinted")
    assert shown.is_visible(".why-map")
