"""The board where there is little room: on a phone, on a tablet held upright."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.maps import toy_board
from tests.maps.server import Site
from tests.plugins.browser import PHONE, Watched

# What stands over the map, is seen, and runs into the card or out of its own box.
OVERLAID = """() => {
  const edge = document.getElementById("card").getBoundingClientRect().left;
  return [...document.querySelectorAll(".over .strip *, .over .segments, .over .zoom")]
    .filter((each) => each.checkVisibility() && each.getBoundingClientRect().width > 1)
    .filter((each) => each.getBoundingClientRect().right > edge + 1)
    .map((each) => each.className?.baseVal ?? each.className);
}"""


def test_the_page_works_on_a_phone_and_in_english(phone: Watched, site: Site) -> None:
    shown = phone.open(f"{site.address}/issues?lang=en", ready="board")
    assert shown.inner_text("h1") == "Worklist"
    wide = shown.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE[0]
    phone.shoot("board", PHONE)
    shown.locator(".work").first.click()
    phone.shoot("board-card", PHONE)


@pytest.mark.parametrize(("lang", "most"), [("en", 9_999), ("zh-CN", 99_999)])
def test_all_queues_are_in_sight_however_many_wait(
    page: Watched, site: Site, lang: str, most: int
) -> None:
    queues = dict.fromkeys(("sent", "new", "returned", "soon", "done", "unclaimed"), most)
    told = toy_board.board(site.issues, {"days": "7"}) | {"total": most, "queues": queues}
    site.replaced["/api/board"] = (200, told)
    shown = page.open(f"{site.address}/issues?lang={lang}", ready="board")
    assert shown.locator(".queues").evaluate("e => e.scrollWidth <= e.clientWidth")


def test_nothing_lies_over_another_on_a_narrow_board(page: Watched, site: Site) -> None:
    page.page.set_viewport_size({"width": 820, "height": 1180})
    shown = page.open(f"{site.address}/issues?lang=en", ready="board")
    boxes = {name: shown.locator(name).bounding_box() for name in (".scale", ".strip")}
    scale, strip = boxes[".scale"], boxes[".strip"]
    assert scale
    assert strip
    assert scale["y"] + scale["height"] < strip["y"]
    whole = "e => e.scrollWidth <= e.clientWidth && e.scrollHeight <= e.clientHeight"
    assert shown.locator(".strip-days b").evaluate(whole)
    names = shown.locator("[role=tab] span").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect()).map(b => [b.left, b.right])"
    )
    assert all(right + 6 <= left for (_, right), (left, _) in pairwise(names))
    box = shown.locator(".work-row > input").first.bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= 24
    page.shoot("board-narrow", (820, 1180))
    shown.locator(".work").first.click()
    shown.wait_for_selector("#card h2")
    for wide in (820, 1024, 1180, 1279):  # what stands over the map lies beside the card, whole
        page.page.set_viewport_size({"width": wide, "height": 768})
        assert shown.evaluate(OVERLAID) == [], wide
