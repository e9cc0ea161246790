"""The page where a planner redraws grids, over the real edits kept in memory."""

from __future__ import annotations

import gzip
import json

import pytest
from playwright.sync_api import Page, Route

from geo.errors import BadPageCodeError
from maps import assets
from maps.draw_page import draw_page
from tests.judged import faults
from tests.maps import toy
from tests.maps.server import Site
from tests.plugins.browser import PIXEL, Watched

PATH = f"/plans/{toy.PLAN}/draw"
# Of 文庙社区 in the draft: grids 3 and 4 lie side by side, 1 and 2 below them.
WEST, EAST = (14, 26), (20, 26)


# Mean red of the ground.
LAND = """() => {
  const canvas = document.querySelector(".leaflet-ground-pane canvas");
  const all = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  const red = all.filter((_, i) => i % 4 === 0);
  return red.reduce((sum, value) => sum + value, 0) / red.length;
}"""


def at(shown: Page, column: float, row: float) -> tuple[float, float]:
    """Where a place of the lattice is on the screen."""
    x, y = shown.evaluate(PIXEL, toy.node(column, row))
    return x, y


def drag(shown: Page, *places: tuple[float, float], release: bool = True) -> None:
    """Drag over places of the lattice."""
    shown.mouse.move(*at(shown, *places[0]))
    shown.mouse.down()
    for place in places[1:]:
        shown.mouse.move(*at(shown, *place), steps=6)
    if release:
        shown.mouse.up()


def said(shown: Page, words: str) -> None:
    """Wait until the page has said so aloud."""
    shown.wait_for_selector(f".over [aria-live=polite]:has-text('{words}')", state="attached")


def sent(site: Site) -> list[str]:
    """Edits that reached the server."""
    return [path for path in site.posted if path.endswith("/edits")]


def tiles(shown: Page) -> list[str]:
    return shown.locator(".tile-value").all_inner_texts()


def test_a_draft_is_opened_with_its_figures_lists_and_legend(drawn: Page, page: Watched) -> None:
    drawn.wait_for_selector("h1:has-text('柳岸街道 ·')")
    assert "第 14 版 · 以第 7 次公布为底" in drawn.inner_text(".draw-panel header")
    drawn.wait_for_selector(".tile:has-text('人') .tile-note")
    one_line = "all => all.every(e => e.offsetHeight < 30)"
    assert drawn.locator(".tile-note").evaluate_all(one_line)
    assert tiles(drawn)[0].endswith("/ 24")
    assert drawn.locator("[data-list=missed] .rows button").count() > 0
    assert drawn.get_by_role("button", name="撤销").is_disabled()
    assert drawn.locator(".leaflet-pane canvas").count() == 4
    page.shoot("draw")
    page.shoot("draw", (1180, 800))
    assert drawn.locator(".legend-lines").is_visible(), "each line in use has its sample"
    cut = "all => all.filter(e => e.lastChild.scrollWidth > e.lastChild.offsetWidth).length"
    assert drawn.locator(".rows .name").evaluate_all(cut) == 0, "the number of a grid is read whole"


def test_a_stroke_shows_both_totals_before_it_is_let_go(drawn: Page, page: Watched) -> None:
    before = tiles(drawn)
    drawn.keyboard.press("b")
    drag(drawn, WEST, (18, 26), (19, 25), release=False)
    drawn.wait_for_selector(".tip:has-text('画入 第3网格')")
    assert "→" in drawn.inner_text(".tip-lines")
    assert drawn.locator(".painting .rows button").count() == 2
    assert drawn.locator(".saved").inner_text() == ""
    page.shoot("draw-stroke")
    drawn.mouse.up()
    said(drawn, "已画入")
    assert "已自动保存" in drawn.inner_text(".saved")
    assert tiles(drawn)[1] != before[1]
    drawn.keyboard.press("Control+z")
    said(drawn, "已撤销")
    assert tiles(drawn) == before
    drawn.keyboard.press("Control+y")
    said(drawn, "已重做")
    assert tiles(drawn) != before


def test_escape_drops_a_stroke(drawn: Page, site: Site) -> None:
    before = tiles(drawn)
    drawn.keyboard.press("b")
    drag(drawn, WEST, (19, 26), release=False)
    drawn.wait_for_selector(".tip:visible")
    drawn.keyboard.press("Escape")
    drawn.mouse.up()
    assert tiles(drawn) == before
    assert not sent(site)


def test_what_a_lasso_catches_goes_where_one_clicks_and_a_broken_piece_is_mended(
    drawn: Page, page: Watched
) -> None:
    drawn.keyboard.press("l")
    drag(drawn, (19.9, 25.9), (22.1, 25.9), (22.1, 28.1), (19.9, 28.1), (19.9, 26))
    drawn.wait_for_selector(".callout:has-text('圈住 4 个单元')")
    drawn.mouse.click(*at(drawn, 13, 20))
    said(drawn, "已画入")
    card = drawn.locator(".callout.broken")
    assert "不连片：第1网格" in card.inner_text()
    assert tiles(drawn)[2] == "1"
    page.shoot("draw-broken")
    drawn.get_by_role("button", name="定位").click()
    card.get_by_role("button", name="并入").click()
    drawn.wait_for_selector(".callout.broken", state="detached")
    assert tiles(drawn)[2] == "0"


def test_a_lasso_can_make_a_new_grid(drawn: Page) -> None:
    drawn.keyboard.press("l")
    drag(drawn, (11.2, 16.2), (14.1, 16.2), (14.1, 20.1), (11.2, 20.1), (11.2, 17))
    drawn.wait_for_selector(".callout:has-text('设为新网格')")
    drawn.keyboard.press("n")
    said(drawn, "文庙社区第")
    assert tiles(drawn)[0].endswith("/ 25")


def test_the_map_is_drawn_on_by_keys(drawn: Page) -> None:
    drawn.keyboard.press("b")
    drawn.keyboard.press("ArrowRight")
    said(drawn, "单元")
    drawn.keyboard.press("Enter")
    said(drawn, "选中")
    picked = drawn.locator(".rows button[aria-pressed=true]")
    name = drawn.inner_text(".over [aria-live=polite]").removeprefix("选中")
    for _ in range(8):
        drawn.keyboard.press("ArrowLeft")
        if name not in drawn.inner_text(".over [aria-live=polite]"):
            break
    drawn.keyboard.press("Space")
    said(drawn, "已画入")
    assert picked.count() <= 2


def proposed(shown: Page, words: str) -> None:
    """Have one community drawn anew, and wait for what is said of it."""
    only = shown.get_by_role("button", name="只划文庙社区")
    if not only.count():
        shown.mouse.click(*at(shown, *WEST))
    only.click()
    shown.wait_for_selector(f".proposal:has-text('{words}')")


def test_a_proposal_for_one_community_is_a_step_that_undo_takes_back(
    drawn: Page, page: Watched
) -> None:
    before = tiles(drawn)
    proposed(drawn, "提完了")
    assert tiles(drawn) != before
    page.open(drawn.url, ready="draw")
    proposed(drawn, "没有改动：重算出来就是现在的划法")
    drawn.keyboard.press("Control+z")
    said(drawn, "已撤销")
    assert tiles(drawn) == before
    drawn.get_by_role("button", name="全部锁定").click()
    said(drawn, "已锁定，共")
    proposed(drawn, "没有改动：这里的网格都已锁定")


def test_a_proposal_says_how_long_it_takes_and_is_let_go_of_at_once(
    drawn: Page, site: Site
) -> None:
    before = tiles(drawn)
    first = drawn.get_by_role("button", name="重划全部")
    first.wait_for()
    drawn.clock.install()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)  # no answer comes

    drawn.route("**/edits", hold)
    with drawn.expect_request("**/edits"):
        first.click()
    drawn.clock.run_for(7_000)
    drawn.wait_for_selector(".proposal:has-text('正在划')")
    with drawn.expect_event("requestfailed", lambda each: each.url.endswith("/edits")):
        drawn.get_by_role("button", name="取消").click()
    drawn.wait_for_selector(".proposal:has-text('已取消，草案还是原来的样子')")
    with drawn.expect_request("**/edits"):
        first.click()
    with drawn.expect_event("requestfailed", lambda each: each.url.endswith("/edits")):
        drawn.clock.run_for(60_000)
    drawn.wait_for_selector(".proposal:has-text('没有回音')")
    drawn.unroute("**/edits")
    assert len(held) == 2, "nobody asks again by themselves"
    assert not sent(site)
    drawn.keyboard.press("b")
    drag(drawn, WEST, (18, 26), (19, 25))
    said(drawn, "已画入")
    assert tiles(drawn) != before, "the draft is drawn on as before"


def test_households_imported_since_are_taken_into_the_draft_as_a_step(
    page: Watched, site: Site
) -> None:
    site.drawing.begin_again()
    under = {**json.loads(site.drawing.over()), "recounted": {"drawn": 5, "now": 600, "atoms": 1}}
    site.replaced[f"/api/plans/{toy.PLAN}/base"] = (200, under)
    drawn = page.open(f"{site.address}{PATH}", ready="draw")
    drawn.wait_for_selector(".notice:has-text('现为 600 户，1 个地块的户数变了')")
    before = tiles(drawn)
    page.shoot("draw-recount")
    drawn.get_by_role("button", name="按现在的户数重算").click()
    drawn.wait_for_selector(".notice:has-text('由此未达标 1 个：文庙社区第3网格')")
    assert tiles(drawn)[0] != before[0]
    drawn.keyboard.press("Control+z")
    said(drawn, "已撤销")
    assert tiles(drawn) == before


def test_a_draft_is_handed_in_after_it_was_said_what_will_move(
    drawn: Page, page: Watched, site: Site
) -> None:
    drawn.get_by_role("button", name="提交街道审核").click()
    drawn.wait_for_selector(".deed:has-text('2,899 户、约 8,059 人、120 栋楼换网格')")
    page.shoot("draw-submit")
    with drawn.expect_navigation():
        drawn.locator(".deed .main").evaluate("each => { each.click(); each.click(); }")
    assert site.bodies.count({"step": "submit"}) == 1, "pressed twice it is sent once"


def test_the_keys_are_on_a_sheet(drawn: Page) -> None:
    drawn.keyboard.press("?")
    assert "拖动两个网格之间的边界" in drawn.inner_text("dialog[open]")
    assert faults(drawn) == []
    drawn.keyboard.press("Escape")
    assert drawn.locator("dialog[open]").count() == 0


def test_the_name_of_a_special_grid_is_asked_in_a_dialog_usable_by_everyone(drawn: Page) -> None:
    drawn.keyboard.press("x")
    drag(drawn, (19.9, 25.9), (22.1, 25.9), (22.1, 28.1), (19.9, 28.1), (19.9, 26))
    drawn.wait_for_selector("dialog[open] #name-asked")
    assert faults(drawn) == []


def test_a_plan_that_is_no_draft_is_only_looked_at(page: Watched, site: Site) -> None:
    told = {**toy.plan(), "state": "submitted", "editable": False}
    site.replaced[f"/api/plans/{toy.PLAN}"] = (200, told)
    shown = page.open(f"{site.address}{PATH}", ready="draw")
    assert "只能看" in " ".join(shown.locator(".notice").all_inner_texts())
    assert shown.get_by_role("button", name="画笔").is_disabled()
    shown.keyboard.press("b")
    assert shown.get_by_role("button", name="选择").get_attribute("aria-pressed") == "true"


def test_the_choice_of_a_department_s_net_can_be_hit(page: Watched, site: Site) -> None:
    site.replaced[f"/api/plans/{toy.PLAN}/nets"] = (
        200,
        [{"net": "dept-police", "name": "公安警务网"}],
    )
    choice = page.open(site.address + PATH, ready="draw").get_by_label("部门网")
    choice.wait_for()
    box = choice.bounding_box()
    assert box
    assert box["height"] >= 24


def test_both_style_sheets_together_stay_small() -> None:
    sheets = b"".join(assets.content(f"web/{name}.css") for name in ("page", "draw"))
    assert len(gzip.compress(sheets)) <= 12_000
    assert len(draw_page(toy.PLAN, toy.SCOPE).html) <= 10_000


def test_a_code_that_is_no_code_is_refused() -> None:
    with pytest.raises(BadPageCodeError):
        draw_page("7'", toy.SCOPE)


def test_the_page_speaks_english_and_follows_the_dark(page: Watched, site: Site) -> None:
    page.page.emulate_media(color_scheme="dark")
    shown = page.open(f"{site.address}{PATH}?lang=en", ready="draw")
    assert shown.inner_text(".rail button >> nth=1").startswith("Brush")
    page.shoot("draw-dark")
    behind = shown.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g)")
    assert max(int(part) for part in behind) < 64, "light on dark"
    assert shown.evaluate(LAND) < 96
    page.page.emulate_media(color_scheme="light")
    shown.wait_for_function(f"() => ({LAND})() > 160")
