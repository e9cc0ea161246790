"""A draft is drawn by keys alone, with each of the tools."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.judged import faults
from tests.maps.server import Site
from tests.maps.test_draw_page import said, tiles
from tests.plugins.browser import Watched

ALOUD = ".over [aria-live=polite]"
WAYS = ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp")


@pytest.fixture
def drawn(page: Watched, site: Site) -> Page:
    """A draft, with the keys on an atom in the middle of it."""
    site.drawing.begin_again()
    shown = page.open(f"{site.address}/plans/7/draw", ready="draw")
    shown.keyboard.press("b")
    shown.keyboard.press("ArrowRight")
    said(shown, "单元")
    return shown


def standing(shown: Page) -> str:
    """The grid where the keys stand, as it was said aloud."""
    found = re.search(r"[^\s，·]+网格", shown.inner_text(ALOUD))
    assert found, shown.inner_text(ALOUD)
    return found[0]


def walk(shown: Page, way: str, *, until: Callable[[str], bool]) -> bool:
    """Walk one way until a grid is reached; tell whether it was."""
    for _ in range(14):
        shown.keyboard.press(way)
        if until(standing(shown)):
            return True
    return False


def walk_out(shown: Page, home: str) -> None:
    """Walk from a grid to another of the same community, turning at its borders."""
    for way, back in zip(WAYS, (*WAYS[2:], *WAYS[:2]), strict=True):
        walk(shown, way, until=lambda here: here != home)
        if standing(shown)[:4] == home[:4] and standing(shown) != home:
            return
        walk(shown, back, until=lambda here: here == home)
    raise AssertionError(home)


def test_grids_are_locked_joined_and_cut_by_keys(drawn: Page) -> None:
    before, home = tiles(drawn), standing(drawn)
    drawn.keyboard.press("k")
    drawn.keyboard.press("Space")
    said(drawn, "已锁定")
    drawn.keyboard.press("Space")
    said(drawn, "已解锁")
    walk(drawn, "ArrowLeft", until=lambda here: here != home)
    drawn.keyboard.press("s")
    drawn.keyboard.press("Space")
    said(drawn, "第 1 点")
    walk(drawn, "ArrowRight", until=lambda here: here == home)
    walk(drawn, "ArrowRight", until=lambda here: here != home)
    for n in (2, 3):
        drawn.keyboard.press("Space")
        said(drawn, f"第 {n} 点")
    drawn.keyboard.press("Backspace")
    drawn.keyboard.press("Enter")
    said(drawn, "已切分")
    assert tiles(drawn)[0].endswith("/ 25")
    drawn.keyboard.press("Control+z")
    said(drawn, "已撤销")
    assert tiles(drawn) == before
    drawn.keyboard.press("m")
    drawn.keyboard.press("ArrowLeft")
    drawn.keyboard.press("Space")
    said(drawn, "选中")
    walk_out(drawn, standing(drawn).removeprefix("选中"))
    drawn.keyboard.press("Space")
    said(drawn, "已合并")
    assert tiles(drawn)[0].endswith("/ 23")


def test_atoms_are_caught_one_by_one_for_a_grid_a_new_one_or_a_special_one(
    drawn: Page, site: Site
) -> None:
    drawn.keyboard.press("l")
    drawn.keyboard.press("Space")
    said(drawn, "1 个单元")
    drawn.keyboard.press("Space")
    said(drawn, "0 个单元")
    for way in ("ArrowUp", "ArrowLeft"):
        drawn.keyboard.press("Space")
        drawn.keyboard.press(way)
    drawn.keyboard.press("n")
    said(drawn, "网格")
    drawn.keyboard.press("Control+z")
    said(drawn, "已撤销")
    drawn.keyboard.press("ArrowRight")
    home = standing(drawn)
    drawn.keyboard.press("Space")
    walk_out(drawn, home)
    drawn.keyboard.press("Enter")
    said(drawn, "已画入")
    drawn.keyboard.press("x")
    drawn.keyboard.press("Space")
    said(drawn, "1 个单元")
    drawn.keyboard.press("Enter")
    drawn.keyboard.type("实验学校")
    assert faults(drawn) == []
    drawn.keyboard.press("Enter")
    said(drawn, "已划为专属网格")
    expect(drawn.locator(".folium-map")).to_be_focused()
    assert site.bodies[-1]["kind"] == "special"
