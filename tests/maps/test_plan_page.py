from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from geo.errors import BadPageCodeError
from maps import assets
from maps.plan_page import MEASURES, plan_page
from tests.maps import toy
from tests.maps.server import Site
from tests.plugins.browser import PHONE, Watched

NAUGHTY = (
    "<img src=x onerror=window.ran=1>",
    "${window.ran=1}",
    "`+(window.ran=1)+`",
    "</script><script>window.ran=1</script>",
    "'\"><svg onload=window.ran=1>",
    "{{ 6 * 7 }}",
    "长" * 400,
)


# How light the ground of the map is in the middle of what was painted, 0 to 255.
TONE = """() => {
  const drawn = document.querySelector('.leaflet-ground-pane canvas');
  const {width, height} = drawn;
  const all = drawn.getContext('2d').getImageData(0, 0, width, height).data;
  const solid = [];
  for (let i = 0; i < all.length; i += 4) if (all[i + 3] > 250) solid.push(all[i]);
  return solid.sort((a, b) => a - b)[solid.length >> 1];
}"""


def tone(shown: Page) -> int:
    return int(shown.evaluate(TONE))


def test_a_plan_is_compared_with_today(page: Watched, site: Site) -> None:
    shown = page.open(f"{site.address}/plans", ready="plan")
    assert shown.inner_text("h1") == "方案对比"
    assert shown.locator("html").get_attribute("lang") == "zh-CN"
    rows = shown.locator("#measures tbody tr").all_inner_texts()
    assert [row.split("\t")[0] for row in rows] == [
        *("达标网格", "调整户数", "最多 / 最少", "不连片", "紧凑度")
    ]
    assert "0.43优" in rows[4].replace(" ", "")
    assert shown.inner_text(".caption.left") == "现行 · 第 7 次公布"
    assert "明湖区 › 柳岸街道" in shown.inner_text("#scope")
    page.shoot("plan")
    page.shoot("plan", PHONE)


def test_another_plan_is_held_against_it_in_a_column_of_its_own(page: Watched, site: Site) -> None:
    other = {"id": 8, "title": NAUGHTY[0], "state": "draft", "scope": toy.SCOPE}
    site.replaced["/api/plans"] = (200, [*toy.plans(), other])
    moved = [{"key": "moved", "now": None, "draft": 12}, {"key": "pieces", "now": 0, "draft": 9}]
    site.replaced["/api/plans/8/compare"] = (200, {**toy.compare(), **other, "measures": moved})
    shown = page.open(f"{site.address}/plans", ready="plan")
    against = f"**/api/plans/8/compare?at={toy.compare()['revision']}"
    with (
        shown.expect_request("**/api/areas.geojson?*kind=grid&plan=8"),
        shown.expect_request(against),  # both plans against the same grids
    ):
        shown.select_option("#beside", "8")
    expect(shown.locator(".caption.left")).to_have_text(NAUGHTY[0])
    heads = shown.locator("#measures thead th").all_inner_texts()
    assert heads[1:] == ["现行", NAUGHTY[0], toy.compare()["title"]]
    row = shown.locator("#measures tr", has_text="调整户数")
    expect(row.locator("td").nth(1)).to_have_text("12优")
    page.shoot("plan-beside")
    shown.emulate_media(media="print")
    expect(shown.locator(".bar")).to_be_hidden()
    expect(shown.locator("#measures")).to_be_visible()
    shown.emulate_media(media="screen")
    site.replaced["/api/plans/8/fork"] = (201, {"plan": 9})
    shown.route("**/plans/9/draw", lambda route: route.fulfill(body="drawn"))
    shown.get_by_role("button", name="采用“<img src=x o…”为草案").click()
    shown.wait_for_url("**/plans/9/draw")
    assert site.posted[-1] == "/api/plans/8/fork", "a copy: what is another's stays as it is"
    others = [{**row, "forkable": False} for row in (*toy.plans(), other)]
    site.replaced["/api/plans"] = (200, others)
    shown = page.open(f"{site.address}/plans?beside=8", ready="plan")
    expect(shown.locator("#beside")).to_be_visible()
    expect(shown.get_by_role("button", name="为草案")).to_have_count(0)


def test_every_grid_of_the_draft_is_in_the_list_worst_first(page: Watched, site: Site) -> None:
    shown = page.open(f"{site.address}/plans", ready="plan")
    rows = shown.locator("#grids button")
    codes = [{f["properties"]["code"] for f in toy.grids(w)["features"]} for w in ("now", "draft")]
    assert rows.count() == len(codes[0] | codes[1])
    rows.first.focus()
    shown.keyboard.press("ArrowDown")
    assert rows.nth(1).evaluate("e => e === document.activeElement")
    assert shown.locator("#grids button[tabindex='0']").count() == 1, "one stop for Tab"
    assert shown.locator(".tag", has_text="撤销").count() == len(codes[0] - codes[1])
    assert "缺 130" in rows.first.inner_text()
    assert "专属网格" in " ".join(rows.all_inner_texts())
    assert "超 60" in " ".join(rows.all_inner_texts())


def test_the_divider_moves_by_keys(page: Watched, site: Site) -> None:
    shown = page.open(f"{site.address}/plans", ready="plan")
    handle = shown.get_by_role("slider")
    handle.focus()
    seen = []
    for key in ("ArrowRight", "ArrowLeft", "ArrowLeft", "Home", "End"):
        handle.press(key)
        seen.append(handle.get_attribute("aria-valuenow"))
    assert seen == ["51", "50", "49", "0", "100"]


def test_the_divider_follows_the_pointer_and_clips_both_sides(page: Watched, site: Site) -> None:
    shown = page.open(f"{site.address}/plans", ready="plan")
    box = shown.get_by_role("slider").bounding_box()
    assert box is not None
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    shown.mouse.move(*middle)
    shown.mouse.down()
    shown.mouse.move(250, middle[1])
    shown.mouse.up()
    assert shown.get_by_role("slider").get_attribute("aria-valuenow") == "25"
    clipped = [f".leaflet-{name}-pane" for name in ("now", "draft")]
    paths = [shown.locator(pane).evaluate("e => e.style.clipPath") for pane in clipped]
    assert all(path.startswith("polygon(") for path in paths)


def test_space_swaps_the_sides(page: Watched, site: Site) -> None:
    shown = page.open(f"{site.address}/plans", ready="plan")
    shown.get_by_role("slider").press("Space")
    assert shown.inner_text(".caption.left") == "草案 · 均衡"
    assert "today" in (shown.locator(".caption.right").get_attribute("class") or "")


def test_a_row_and_the_map_pick_the_same_grid(page: Watched, site: Site) -> None:
    shown = page.open(f"{site.address}/plans", ready="plan")
    shown.locator("#grids button").nth(3).click()
    assert shown.locator("#grids button[aria-pressed=true]").count() == 1
    shown.mouse.click(760, 600)
    picked = shown.locator("#grids button[aria-pressed=true]")
    assert picked.count() == 1
    page.shoot("plan-picked")


def test_the_legend_explains_itself_and_filters(page: Watched, site: Site) -> None:
    shown = page.open(f"{site.address}/plans", ready="plan")
    assert shown.locator(".limits span").all_inner_texts() == [
        *("150", "225", "300", "500", "575", "650")
    ]
    step = shown.locator(".step").nth(4)
    step.click()
    assert step.get_attribute("aria-pressed") == "true"
    assert "501–575 户" in shown.inner_text(".legend .note")
    page.shoot("plan-filtered")
    step.click()
    assert "多数网格的标准是 300–500 户" in shown.inner_text(".legend .note")


def test_the_legend_of_villages_has_their_band(page: Watched, site: Site) -> None:
    """Each was in its band, and all were drawn below the urban one."""

    def villages(route: Route) -> None:
        told = route.fetch().json()
        for feature in told["features"]:
            if feature["properties"]["low"] is not None:
                feature["properties"] |= {"low": 100, "high": 300, "rule": "village"}
        route.fulfill(json=told)

    page.page.route("**/api/areas.geojson?*kind=grid*", villages)
    shown = page.open(f"{site.address}/plans", ready="plan")
    limits = shown.locator(".limits span").all_inner_texts()
    assert limits == ["50", "75", "100", "300", "345", "390"]
    expect(shown.locator(".legend .note")).to_contain_text("100–300 户")
    expect(shown.locator(".panel")).to_contain_text("标准 100–300 户")


def test_what_cannot_be_in_band_is_named_with_the_reason(page: Watched, site: Site) -> None:
    shown = page.open(f"{site.address}/plans", ready="plan")
    said = shown.inner_text(".reasons")
    assert "草案还差 10 个" in said
    assert "柳岸社区 共 588 户" in said


def test_the_page_speaks_english(page: Watched, site: Site) -> None:
    shown = page.open(f"{site.address}/plans?scope=1&lang=en", ready="plan")
    assert shown.inner_text("h1") == "Compare plans"
    assert shown.locator("html").get_attribute("lang") == "en"
    link = shown.locator("#language").get_attribute("href") or ""
    assert "lang=zh-CN" in link
    assert "scope=1" in link
    page.shoot("plan-en")


def test_captions_are_whole_on_a_phone(phone: Watched, site: Site) -> None:
    title = "草案 · 按户数均衡、少动老小区的第二稿"
    site.replaced[f"/api/plans/{toy.PLAN}/compare"] = (200, {**toy.compare(), "title": title})
    shown = phone.open(f"{site.address}/plans?lang=en", ready="plan")
    whole = "all => all.every(e => e.scrollWidth <= e.clientWidth && e.clientHeight < 90)"
    assert shown.locator(".caption").evaluate_all(whole)
    assert shown.locator(".caption").all_inner_texts() == ["Today · publication 7", title]
    seen = shown.locator(".caption").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect()).map(b => [b.left, b.right])"
    )
    assert min(seen[0]) >= 0
    assert max(seen[1]) <= 390
    phone.shoot("plan-captions", (390, 844))


def test_the_map_is_painted_on_canvas_dark_on_a_dark_screen_and_light_on_paper(
    page: Watched, site: Site
) -> None:
    page.page.emulate_media(color_scheme="dark")
    shown = page.open(f"{site.address}/plans", ready="plan")
    assert shown.locator(".leaflet-pane canvas").count() == 6
    assert tone(shown) < 96
    assert shown.pdf(prefer_css_page_size=True).count(b"/Subtype /Image") >= 6, "each layer"
    shown.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert tone(shown) > 160
    shown.emulate_media(media="print", color_scheme="dark")
    on_paper = shown.locator(".folium-map").bounding_box()
    assert on_paper == shown.locator(".over").bounding_box(), "all of the map, under its captions"
    panel = shown.locator("#panel").bounding_box()
    assert on_paper
    assert panel
    assert on_paper["y"] == 0
    assert 0 < on_paper["height"] < panel["y"]
    ink = "getComputedStyle(document.body).color"
    assert shown.evaluate(ink) == "rgb(22, 32, 43)", "and its words are dark"
    shown.emulate_media(media="screen", color_scheme="dark")
    shown.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert tone(shown) < 96
    inked = shown.evaluate(
        "() => [...document.querySelectorAll('.leaflet-pane canvas')].map(c => "
        "c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(v => v))"
    )
    assert all(inked)
    fill = "getComputedStyle(document.querySelector('.steps .step')).backgroundColor"
    for scheme, turned, step in (
        ("light", "> 160", "rgb(13, 79, 139)"),
        ("dark", "< 96", "rgb(124, 196, 255)"),
    ):
        shown.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        shown.wait_for_function(f"() => ({TONE})() {turned}")
        assert shown.evaluate(fill) == step, "while it is open, without a reload"


def test_names_are_shown_as_typed_and_never_run(page: Watched, site: Site) -> None:
    grids = toy.grids("draft")
    named = [
        {**f, "properties": {**f["properties"], "name": NAUGHTY[i % len(NAUGHTY)]}}
        for i, f in enumerate(grids["features"])
    ]
    site.replaced["/api/areas.geojson"] = (200, toy.collection(named))
    told = toy.compare()
    site.replaced[f"/api/plans/{toy.PLAN}/compare"] = (
        200,
        {**told, "title": NAUGHTY[0], "scope": {**told["scope"], "path": list(NAUGHTY)}},
    )
    shown = page.open(f"{site.address}/plans", ready="plan")
    assert shown.evaluate("window.ran") is None
    assert all(text in shown.inner_text("#scope") for text in NAUGHTY)
    assert NAUGHTY[3] in " ".join(shown.locator(".row-name").all_inner_texts())
    assert shown.evaluate("document.documentElement.scrollWidth") <= 1440


def test_a_plan_whose_ground_has_moved_says_so(page: Watched, site: Site) -> None:
    code = f"{toy.SCOPE}001001"
    stale = {"base": 6, "areas": [code]}
    told = {
        **toy.compare(),
        "stale": stale,
        "reasons": [],
        "recounted": {"drawn": 8, "now": 1200, "atoms": 3},
    }
    site.replaced[f"/api/plans/{toy.PLAN}/compare"] = (200, {**told, "state": "draft"})
    shown = page.open(f"{site.address}/plans", ready="plan")
    offered = shown.locator(".panel-head a.button")
    assert offered.inner_text() == "看地图", "to redraw is for those who plan there"
    assert "现行网格已更新到第 7 次" in shown.inner_text(".stale")
    assert "泉涌·第1网格" in shown.inner_text(".stale")
    assert "按 8 户画成" in shown.locator(".stale", has_text="1,200").inner_text()
    assert "缺 130" in shown.inner_text(".reasons"), "grids are named where no reason is known"


def test_no_grids_at_all_is_said_with_the_next_step(page: Watched, site: Site) -> None:
    site.replaced["/api/areas.geojson"] = (200, toy.collection([]))
    shown = page.open(f"{site.address}/plans")
    shown.wait_for_selector(".state.empty")
    assert "先导入边界" in shown.inner_text("#panel")


def test_a_failure_keeps_one_button_and_a_code(page: Watched, site: Site) -> None:
    page.quiet = ("500",)
    site.replaced[f"/api/plans/{toy.PLAN}/compare"] = (
        500,
        {"title": "Cluster", "zh": "数据库没有回答。", "en": "No answer."},
    )
    shown = page.open(f"{site.address}/plans")
    shown.wait_for_selector(".state.failed")
    assert "数据库没有回答。" in shown.inner_text("#panel")
    assert "500 Cluster" in shown.inner_text("#panel")
    page.shoot("plan-error")
    del site.replaced[f"/api/plans/{toy.PLAN}/compare"]
    shown.get_by_role("button", name="再试一次").click()
    shown.wait_for_selector("body[data-ready=plan]")


def test_who_may_not_see_is_told_whom_to_ask(page: Watched, site: Site) -> None:
    page.quiet = ("403",)
    site.replaced[f"/api/plans/{toy.PLAN}/compare"] = (403, {"title": "Denied"})
    shown = page.open(f"{site.address}/plans")
    shown.wait_for_selector(".state.denied")
    assert "网格中心" in shown.inner_text("#panel")


def test_loading_shows_grey_rows_then_says_why_it_is_slow(page: Watched, site: Site) -> None:
    page.page.route("**/compare", lambda _: None)
    shown = page.open(f"{site.address}/plans")
    shown.wait_for_selector(".loading .ghost")
    shown.wait_for_selector(".loading .note:has-text('还在读取方案对比')")
    assert shown.get_attribute("#panel", "aria-busy") == "true"


@pytest.mark.parametrize("code", ["7'", "<b>", "a b", "x" * 65, "七"])
def test_a_code_that_is_no_code_is_refused(code: str) -> None:
    with pytest.raises(BadPageCodeError):
        plan_page(code, toy.SCOPE)


def test_the_page_is_small() -> None:
    made = plan_page(toy.PLAN, toy.SCOPE)
    assert len(made.html) <= 10_000


def test_script_and_page_name_the_same_measures() -> None:
    source = Path(assets.ROOT / assets.WEB / "measures.js").read_text("utf-8")
    assert tuple(re.findall(r'key: "(\w+)", better: "(\w+)"', source)) == MEASURES
