"""What the page that draws refuses, and how it says so: locks, borders, another's edits."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, Route

from tests.maps import toy
from tests.maps.server import Site
from tests.maps.test_draw_page import EAST, WEST, at, drag, proposed, said, sent, tiles
from tests.plugins.browser import Watched


def test_a_lasso_over_two_communities_makes_no_grid_and_gives_what_can_go(
    drawn: Page, site: Site
) -> None:
    before = tiles(drawn)
    drawn.keyboard.press("l")
    drag(drawn, (9.9, 25.9), (15.1, 25.9), (15.1, 28.1), (9.9, 28.1), (9.9, 26))
    drawn.wait_for_selector(".callout:has-text('圈住')")
    drawn.keyboard.press("n")
    drawn.wait_for_selector(".notice:has-text('圈住的单元分属几个社区')")
    assert drawn.locator(".callout:has-text('圈住')").count() == 1, "what was caught stays caught"
    assert not sent(site)
    assert tiles(drawn) == before
    drawn.mouse.click(*at(drawn, 13, 20))
    said(drawn, "已画入")
    drawn.wait_for_selector(".notice:has-text('个没有动：在别的社区')")
    moved = site.bodies[[path.endswith("/edits") for path in site.posted].index(True)]
    homes = {toy.community_of(int(atom[-4:-2]), int(atom[-2:])) for atom in moved["atoms"]}
    assert homes == {toy.community_of(13, 20)}


def test_grids_are_merged_and_locked_ones_are_not(drawn: Page, page: Watched) -> None:
    page.quiet = ("409",)
    drawn.keyboard.press("m")
    drawn.mouse.click(*at(drawn, *WEST))
    drawn.mouse.click(*at(drawn, *EAST))
    said(drawn, "已合并")
    assert tiles(drawn)[0].endswith("/ 23")
    drawn.keyboard.press("Control+z")
    said(drawn, "已撤销")
    drawn.keyboard.press("k")
    drawn.mouse.click(*at(drawn, *EAST))
    said(drawn, "已锁定")
    assert "文庙·第4网格" in (drawn.text_content("[data-list=locked]") or "")
    drawn.keyboard.press("m")
    drawn.mouse.click(*at(drawn, *EAST))
    drawn.wait_for_selector(".notice[data-kind=error]:has-text('文庙社区第4网格')")
    assert tiles(drawn)[0].endswith("/ 24"), "the picture is put right"
    drawn.get_by_role("button", name="全部锁定").click()
    said(drawn, "已锁定，共")
    drawn.get_by_role("button", name="全部解锁").click()
    said(drawn, "已解锁，共")
    assert "没有锁定" in drawn.inner_text("[data-list=locked]")


def test_a_border_follows_the_pointer_back_and_forth(drawn: Page, site: Site) -> None:
    before = tiles(drawn)
    drawn.keyboard.press("e")
    drag(drawn, (17.9, 25), (19, 25), (20, 25), release=False)
    drawn.wait_for_selector(".tip:has-text('画入 第3网格')")
    drawn.mouse.move(*at(drawn, 17.9, 25), steps=6)
    drawn.wait_for_selector(".tip:has-text(' 0 户'), .tip:has-text('第4网格')")
    drawn.mouse.move(*at(drawn, 19, 25), steps=6)
    kept = tiles(drawn)
    drawn.mouse.move(*at(drawn, 35, 25))
    drawn.wait_for_selector(".tip-note:has-text('边界不能拖进第三个网格')")
    assert tiles(drawn) == kept
    drawn.keyboard.press("Escape")
    drawn.mouse.up()
    assert tiles(drawn) == before
    assert not sent(site)


def test_an_edit_without_an_answer_is_kept_and_offered_again(
    drawn: Page, page: Watched, site: Site
) -> None:
    page.quiet = ("ERR_",)
    stop: Callable[[Route], None] = lambda route: route.abort()  # noqa: E731
    drawn.route("**/edits", stop)
    drawn.keyboard.press("b")
    drag(drawn, WEST, (19, 26))
    drawn.wait_for_selector(".saved.waits:has-text('1 笔待存')")
    after = tiles(drawn)
    drawn.unroute("**/edits", stop)
    drawn.reload()
    drawn.wait_for_selector("body[data-ready=draw]")
    drawn.wait_for_selector(".notice:has-text('有 1 笔没有存进草案')")
    assert tiles(drawn) != after
    drawn.get_by_role("button", name="再画上").click()
    said(drawn, "已画入")
    assert tiles(drawn) == after
    assert len(sent(site)) == 1


def test_a_bent_line_cuts_the_grid_it_runs_through_and_none_that_is_locked(
    drawn: Page, page: Watched, site: Site
) -> None:
    page.quiet = ("409",)
    drawn.keyboard.press("k")
    drawn.mouse.click(*at(drawn, *EAST))
    said(drawn, "已锁定")
    before = tiles(drawn)
    drawn.keyboard.press("s")
    for place in ((17, 27), (19, 26), (21, 25), (26, 26)):
        drawn.mouse.click(*at(drawn, *place))
    drawn.keyboard.press("Enter")
    drawn.wait_for_selector(".notice[data-kind=error]:has-text('“文庙社区第4网格”已锁定')")
    assert tiles(drawn) == before
    drag(drawn, (10, 26), (14, 25), (16, 27), (20, 26), (25, 25))
    said(drawn, "已切分，文庙社区第3网格")
    row = site.drawing.bench.draft
    assert sorted(row.locked) == [toy.code_of(20, 26, 4)]
    assert tiles(drawn)[0].endswith("/ 25")


def test_what_another_has_drawn_meanwhile_is_not_overwritten(
    drawn: Page, page: Watched, site: Site
) -> None:
    page.quiet = ("412", "ERR_")
    drawn.route("**/here", lambda route: route.abort())  # nobody tells this page of theirs
    atoms = [f"{toy.SCOPE}-1826", f"{toy.SCOPE}-1827"]
    theirs = {"kind": "move", "atoms": atoms, "grid": toy.code_of(14, 26, 3)}
    site.drawing.edit(theirs, '"14"')
    drawn.keyboard.press("b")
    drag(drawn, WEST, (19, 24))
    drawn.wait_for_selector(".notice:has-text('有 1 笔没有存进草案')")
    told = " ".join(drawn.locator(".notice").all_inner_texts())
    assert "另一位刚改过" in told
    assert "：把 3 个单元画入文庙社区第3网格。" in told
    kept = site.drawing.look()["moved_households"]
    shown = tiles(drawn)[1].replace(",", "")
    assert shown == str(round(kept)), "what was not kept is not shown as done"
    drawn.get_by_role("button", name="不要了").click()
    drawn.keyboard.press("b")
    drag(drawn, (5, 20), (5, 23.5))
    said(drawn, "已画入")
    assert site.drawing.bench.state[0] == 16


def test_a_proposal_that_another_planner_cut_short_says_that_it_stopped(
    drawn: Page, page: Watched, site: Site
) -> None:
    page.quiet = ("412", "ERR_")
    drawn.route("**/here", lambda route: route.abort())  # nobody tells this page of theirs
    theirs = {"kind": "move", "atoms": [f"{toy.SCOPE}-1826"], "grid": toy.code_of(14, 26, 3)}
    site.drawing.edit(theirs, '"14"')
    proposed(drawn, "提到第 0/1 个社区停下了")
    drawn.wait_for_selector(".notice:has-text('有 1 笔没有存进草案')")


def test_edits_elsewhere_go_on_without_a_question(drawn: Page, page: Watched, site: Site) -> None:
    page.quiet = ("412", "ERR_")
    drawn.route("**/here", lambda route: route.abort())  # nobody tells this page of theirs
    theirs = {"kind": "move", "atoms": [f"{toy.SCOPE}-1826"], "grid": toy.code_of(14, 26, 3)}
    site.drawing.edit(theirs, '"14"')
    drawn.keyboard.press("b")
    drag(drawn, (30, 5), (30, 10))
    said(drawn, "已画入")
    assert site.drawing.bench.state[0] == 16
    assert drawn.locator(".notice[data-kind=held]").count() == 0


def test_another_planner_is_seen_and_what_they_draw_is_taken_over(
    drawn: Page, page: Watched, site: Site
) -> None:
    lon, lat = toy.node(20, 10)
    other = {"person": "P9", "name": "李敏", "tool": "edge", "at": [lon, lat]}
    site.drawing.others = [other]
    before = tiles(drawn)
    theirs = {"kind": "move", "atoms": [f"{toy.SCOPE}-1826"], "grid": toy.code_of(14, 26, 3)}
    site.drawing.edit(theirs, '"14"')
    site.drawing.edit({"kind": "recount"}, '"15"')
    drawn.wait_for_selector(".other:has-text('李敏 · 拖边界')", state="attached")
    assert "2 人在改" in drawn.inner_text(".company")
    drawn.wait_for_selector(".notice:has-text('另一位刚改过')")
    drawn.wait_for_selector("[data-list=missed] .rows button:has-text('1,007')")
    assert tiles(drawn) != before
    page.shoot("draw-two")
