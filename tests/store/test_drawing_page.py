"""The page that redraws grids on the real API: drawn, taken back, locked, refused, handed in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from api.acting import COOKIE
from api.app import create_app
from geo.store import imports
from geo.store.database import Store, transaction
from geo.store.net.areas import call_net
from geo.store.planning import plans
from tests.plugins.browser import PIXEL, slowed
from tests.plugins.database import Databases
from tests.serving import served
from tests.store import toy
from tests.store.phone import waited
from tests.store.test_issues import at, received
from tests.store.test_plans import approved, drawn, merged

A, B, C, D = (f"{toy.ONE}{n:03d}" for n in (1, 2, 3, 4))


class Server(NamedTuple):
    """A running server on the toy city."""

    root: str
    store: Store


@pytest.fixture(scope="module")
def server(databases: Databases, toy_database: str, front_end: object) -> Iterator[Server]:
    assert front_end
    name, store = databases.make(toy_database)
    app = create_app(store, person="planner")
    with served(app) as root:
        yield Server(root, store)
    store.close()
    databases.drop(name)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    yield slowed(made)
    made.close()


def opened(context: BrowserContext, server: Server, plan: int, person: str = "planner") -> Page:
    """The page of a plan, as a person sees it."""
    context.add_cookies([{"name": COOKIE, "value": person, "url": server.root}])
    page = context.new_page()
    page.goto(f"{server.root}/plans/{plan}/draw")
    page.wait_for_selector("body[data-ready=draw]")
    return page


def drag(page: Page, *places: tuple[float, float], lift: bool = True) -> None:
    """Drag over places of the toy's lattice, on the page in front: others draw once a second."""
    page.bring_to_front()
    for i, (column, row) in enumerate(places):
        lon, lat = toy.WEST + column * toy.STEP, toy.SOUTH + row * toy.STEP
        x, y = page.evaluate(PIXEL, [lon, lat])
        page.mouse.move(x, y, steps=4)
        if not i:
            page.mouse.down()
    if lift:
        page.mouse.up()


def said(page: Page, words: str) -> None:
    """Wait until the page has said so aloud."""
    page.wait_for_selector(f".over [aria-live=polite]:has-text('{words}')", state="attached")


def grids_of(store: Store, plan: int) -> list[int]:
    """Atoms of each grid, as the database has them."""
    with transaction(store.app, "planner") as conn:
        atoms = plans.read_atoms(conn, plan)
    counts = atoms["grid"].value_counts()
    return [int(counts.get(code, 0)) for code in (A, B, C, D)]


def test_a_draft_is_drawn_undone_locked_refused_and_handed_in(
    server: Server, context: BrowserContext
) -> None:
    plan = drawn(server.store, toy.atoms())
    page = opened(context, server, plan)
    page.keyboard.press("b")
    drag(page, (0.75, 1.75), (1.25, 1.75))
    said(page, "已画入")
    assert grids_of(server.store, plan) == [5, 3, 4, 3]
    page.keyboard.press("Control+z")
    said(page, "已撤销")
    assert grids_of(server.store, plan) == [4, 4, 4, 3]
    page.keyboard.press("Control+y")
    said(page, "已重做")
    page.keyboard.press("k")
    drag(page, (0.25, 0.25), (0.25, 0.25))
    said(page, "已锁定")
    page.keyboard.press("b")
    drag(page, (0.25, 1.25), (0.25, 0.75))
    page.keyboard.press("s")
    drag(page, (0.1, 0.1), (0.2, 0.15))
    page.wait_for_selector(".notice[data-kind=error]")
    assert "甲社区第3网格" in page.inner_text(".notice[data-kind=error]")
    assert grids_of(server.store, plan) == [5, 3, 4, 3], "a locked grid stays as it is"
    page.get_by_role("button", name="提交街道审核").click()
    page.wait_for_selector(".deed p:has-text('换网格')")
    page.locator(".deed .main").click()
    page.wait_for_selector(".tag:has-text('已提交'), .notice:has-text('只能看')")
    with transaction(server.store.app, "planner") as conn:
        state = plans.read_plans(conn).set_index("id").loc[plan, "state"]
    assert state == "submitted"
    seen = opened(context, server, plan, "checker")
    expect(seen.get_by_role("button", name="审核通过")).to_have_count(1)
    expect(seen.get_by_role("button", name="画笔")).to_be_disabled()


def test_of_two_windows_on_one_draft_each_sees_what_the_other_draws(
    server: Server, context: BrowserContext
) -> None:
    plan = drawn(server.store, toy.atoms())
    one, other = opened(context, server, plan), opened(context, server, plan)
    one.keyboard.press("b")
    drag(one, (0.75, 1.75), (1.25, 1.75))
    said(one, "已画入")
    other.wait_for_selector(".notice:has-text('另一位刚改过')")
    figures = [each.locator(".tile-value") for each in (one, other)]
    waited(one, lambda: figures[0].all_inner_texts() == figures[1].all_inner_texts())
    other.keyboard.press("b")
    drag(other, (0.75, 0.75), (1.25, 0.75))
    said(other, "已画入")
    assert grids_of(server.store, plan) == [5, 3, 5, 2]


def test_what_another_draws_under_a_stroke_is_not_painted_over_unsaid(
    server: Server, context: BrowserContext
) -> None:
    """It was taken over while the hand drew on, and the stroke then sent as if made after it."""
    plan = drawn(server.store, toy.atoms())
    one, other = opened(context, server, plan), opened(context, server, plan)
    for page in (one, other):
        page.keyboard.press("b")
    drag(one, (0.75, 1.75), (1.25, 1.75), lift=False)
    drag(other, (1.25, 0.75), (1.25, 1.75))
    said(other, "已画入")
    one.bring_to_front()
    for _ in range(2):  # the first may have been asked before
        one.wait_for_event("response", lambda answer: answer.url.endswith("/here"))
    one.mouse.up()
    expect(one.locator(".notice").filter(has_text="再画上")).to_be_visible()
    assert grids_of(server.store, plan) == [4, 2, 4, 5], "as the other drew it"
    one.get_by_role("button", name="再画上").click()
    said(one, "已画入")
    assert grids_of(server.store, plan) == [5, 2, 4, 4], "now that it is said"


def test_at_two_processes_each_sees_who_is_there_what_they_draw_and_what_they_say(
    server: Server, context: BrowserContext, browser: Browser
) -> None:
    plan = drawn(server.store, toy.atoms())
    words = "<b>墙</b> ${1}"
    with served(create_app(server.store, person="planner")) as root:
        beside = browser.new_context(locale="zh-CN", color_scheme="dark")
        one = opened(context, server, plan)
        other = opened(slowed(beside), Server(root, server.store), plan, "checker")
        expect(one.locator(".company")).to_contain_text("2 人在改")
        one.keyboard.press("b")
        drag(one, (0.75, 1.75), (1.25, 1.75))
        said(one, "已画入")
        other.bring_to_front()
        expect(other.locator(".notice")).to_contain_text("另一位刚改过")
        one.keyboard.press("c")
        drag(one, (1.5, 0.5))
        one.fill(".thread textarea", words)
        one.locator(".thread .main").dblclick()
        other.bring_to_front()
        expect(other.locator(".pin")).to_have_text(["1"])
        other.locator(".comments li button").click()
        expect(other.locator(".thread li")).to_contain_text([words])
        other.fill(".thread textarea", "走北门")
        other.locator(".thread .main").click()
        expect(one.locator(".thread li")).to_contain_text([words, "走北门"])
        other.get_by_role("button", name="已解决", exact=True).click()
        expect(one.locator(".pin")).to_have_text(["✓"])
        beside.close()


def test_a_plan_is_published_once_it_is_said_what_moves_and_taken_back_so(
    server: Server, context: BrowserContext
) -> None:
    plan = approved(server.store, merged(3))
    page = opened(context, server, plan, "approver")
    page.get_by_role("button", name="公布", exact=True).click()
    form = page.locator(".deed")
    expect(form).to_contain_text("2 项职责随之新任")
    page.fill("#step-day", "2000-01-01")
    expect(form.locator(".fault")).to_contain_text("生效日期")
    expect(form.locator(".main")).to_be_disabled()
    page.fill("#step-day", "2999-01-01")
    expect(form).to_contain_text("1 月 1 日起自动施行")
    page.fill("#step-day", "")
    expect(form).to_contain_text("日起施行。")
    form.locator(".main").click()
    expect(page.locator(".draw-panel .tag")).to_have_text("现行")
    page.goto(f"{server.root}/plans")
    expect(page.locator(".revisions tbody tr").last).to_contain_text("导入 边界来自文件")
    page.get_by_role("button", name="回退", exact=True).first.click()
    expect(page.locator(".under")).to_contain_text("新设 1 个，撤销 1 个")
    page.locator(".under .main").click()
    expect(page.locator(".revisions tbody tr").first).to_contain_text("退回第")
    expect(page.locator(".revisions tbody tr").nth(1)).to_contain_text("之后又有变动")
    with transaction(server.store.app, "approver") as conn:
        state = plans.read_plans(conn).set_index("id").loc[plan, "state"]
    assert state == "superseded"


def test_a_ring_becomes_a_special_grid_once_it_has_a_name(
    server: Server, context: BrowserContext
) -> None:
    plan, name = drawn(server.store, toy.atoms()), "<b>小学</b>"
    page = opened(context, server, plan)
    page.keyboard.press("x")
    drag(page, (0.05, 0.05), (0.45, 0.05), (0.45, 0.45), (0.05, 0.45))
    page.keyboard.type(" ")
    page.get_by_role("button", name="划为专属网格").click()
    assert page.evaluate("document.querySelector('dialog[open]') !== null"), "it has no name yet"
    page.fill("#name-asked", name)
    page.get_by_role("button", name="划为专属网格").click()
    said(page, "已划为专属网格")
    page.locator(".every summary").click()
    row = page.locator(f".every button[data-code='{toy.ONE}902']")
    expect(row).to_contain_text(name)
    expect(row).to_contain_text("不设标准")
    page.keyboard.press("Control+z")
    said(page, "已撤销")
    expect(row).to_have_count(0)


def test_last_quarters_issues_and_the_people_who_move_follow_the_draft(
    server: Server, context: BrowserContext
) -> None:
    received(server.store, at(0.75, 1.75))
    plan = drawn(server.store, toy.atoms())
    page = opened(context, server, plan)
    page.locator(".every summary").click()
    rows = [page.locator(f".every button[data-code='{code}']") for code in (A, B)]
    page.get_by_label("上季度诉求").check()
    expect(rows[0]).to_contain_text("1 件")
    expect(page.locator(".load-legend")).to_contain_text("中位数 1 件")
    page.keyboard.press("b")
    drag(page, (1.25, 1.75), (0.75, 1.75))
    said(page, "已画入")
    expect(rows[0]).to_contain_text("0 件")
    expect(rows[1]).to_contain_text("1 件")
    expect(page.locator(".tile").nth(1)).to_contain_text("人")
    page.get_by_label("上季度诉求").uncheck()
    expect(rows[1]).to_contain_text("达标")


def test_a_departments_net_is_laid_over_the_draft(server: Server, context: BrowserContext) -> None:
    rows: list[tuple[object, ...]] = [
        ("dept-police", "grid", "GA1", "警务区", None, toy.square(0, 0, 1.5, 2)),
        ("dept-police", "grid", "GA3", "<b>东所</b>", None, toy.square(1.5, 0, 0.5, 2)),
        ("dept-police", "grid", "GA2", "别处", None, toy.square(3, 0, 1, 2)),
    ]
    police = toy.frame(rows, "net kind code name parent geometry")
    with transaction(server.store.owner, "import") as conn:
        imports.commit_areas(conn, police, imports.open_batch(conn, "police"))
        call_net(conn, "dept-police", " <i>公安</i>警务网 ")
    plan = drawn(server.store, toy.atoms())
    page = opened(context, server, plan)
    choice = page.get_by_label("部门网")
    expect(choice).to_be_visible()
    expect(choice.locator("option")).to_have_text(["不显示", "<i>公安</i>警务网"])
    sample = page.locator(".sample.department")
    expect(sample).to_be_hidden()
    with page.expect_response("**/nets/dept-police") as answered:
        choice.select_option("dept-police")
    told = answered.value.json()["features"]
    codes = [each["properties"]["code"] for each in told]
    assert codes == ["GA1", "GA3"], "only on the plan's ground"
    odd = page.locator("[data-list=conflicts] li button")
    expect(odd).to_have_count(2)
    expect(sample, "each line in use is in the legend").to_be_visible()
    expect(odd.last).to_contain_text("第4网格 × 警务区")
    expect(odd.last).to_contain_text("100 户")
    before = page.evaluate(PIXEL, [toy.WEST, toy.SOUTH])
    odd.last.click()
    waited(page, lambda: page.evaluate(PIXEL, [toy.WEST, toy.SOUTH]) != before)  # where they live
    assert page.request.get(f"{server.root}/api/plans/999/nets").status == 404
    assert page.request.get(f"{server.root}/api/plans/{plan}/nets/none").json()["features"] == []
