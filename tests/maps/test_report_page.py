"""Maps for others are one file that asks nobody, and shows names as they were typed."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from typer.testing import CliRunner

from api.cli import app
from api.mapping import faults_of, picture_of_file
from geo.errors import GridColumnsError, MapNeedsError
from maps.report_page import KINDS, AsOf, Picture, lighter, report_page
from maps.threads import Said, Thread
from tests.maps import toy
from tests.maps.test_plan_page import NAUGHTY
from tests.plugins.browser import PHONE, Watched

TOPS = "all => all.map(each => each.getBoundingClientRect().top)"
FEET = "all => all.map(each => each.getBoundingClientRect().bottom)"  # of a legend

CLEAR = """() => {
  const [key, ...others] = [".mark-key", ".zoom", ".scale"].map(
    each => document.querySelector(each).getBoundingClientRect());
  return others.every(b => b.left >= key.right || b.right <= key.left || b.top >= key.bottom
    || b.bottom <= key.top);
}"""

pytestmark = pytest.mark.usefixtures("front_end")


def grids() -> gpd.GeoDataFrame:
    """Return the toy's grids, one with a name that would run where it were no text."""
    frame = gpd.GeoDataFrame.from_features(toy.grids("now")["features"], crs=4326)
    return frame.assign(name=[*NAUGHTY[:1], "A" * 1000, *frame["name"][2:]])


def drawn(kind: str) -> Picture:
    frame = grids()
    if kind == "issues":
        points = frame.geometry.representative_point()
        cells = [[point.x, point.y, 40] for point in points]
        return Picture("issues", "诉求", ("10 月",), frame.assign(issues=40), cells=cells, days=30)
    picture = picture_of_file(kind, frame, "甲社区")  # type: ignore[arg-type]
    lon, lat = toy.node(18, 15)
    said = [Said(text, NAUGHTY[0], "2026-11-23 12:00") for text in NAUGHTY]
    threads = [Thread(lon, lat, "文庙社区第3网格", is_settled=False, said=said)]
    return replace(picture, comments=threads) if kind == "plan" else picture


@pytest.mark.parametrize("kind", KINDS)
def test_a_map_is_one_file_that_asks_nobody(page: Watched, tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"{kind}.html"
    path.write_text(report_page(drawn(kind)), encoding="utf-8")
    page.open(path.as_uri(), ready="report")
    assert len(page.requests) == 1
    assert "unsafe-inline" not in re.search(r"Content-Security-Policy[^>]*", path.read_text())[0]  # type: ignore[index]
    if kind != "coverage":
        assert NAUGHTY[0] in page.page.inner_text("#panel")
    said = page.page.locator(".comments p").all_inner_texts()
    assert [text.split("\n")[0] for text in said] == ([*NAUGHTY] if kind == "plan" else [])
    page.shoot(f"map-{kind}")
    if page.page.locator(".mark-key").count():
        page.page.set_viewport_size({"width": 1180, "height": 700})
        assert page.page.evaluate(CLEAR), "the legend lies over no button and no scale"
    page.shoot(f"map-{kind}", PHONE)
    assert page.page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    (foot,) = page.page.eval_on_selector_all(".zoom", TOPS)
    assert all(top < foot for top in page.page.eval_on_selector_all(".mark-key", FEET))


def test_a_map_without_a_title_is_called_by_its_kind_and_heat_says_where_it_begins(
    page: Watched, tmp_path: Path
) -> None:
    path = tmp_path / "net.html"
    path.write_text(report_page(replace(drawn("net"), title="")), encoding="utf-8")
    page.open(path.as_uri(), ready="report")
    assert page.page.inner_text("h1") == "网格图"
    for since, said in ((None, "到 2026-11-28 为止的全部诉求"), ("2026-11-01", "2026-11-01 到")):
        path.write_text(report_page(replace(drawn("issues"), period=(since, "2026-11-28"))))
        page.open(path.as_uri(), ready="report")
        assert said in page.page.inner_text("#panel")
    steps = page.page.locator(".mark-key span", has=page.page.locator("i")).all_inner_texts()
    assert [re.fullmatch(r"≥ [\d.,]+", step) is not None for step in steps] == [True] * 5, steps


def test_a_stranger_reads_of_when_a_map_is_and_no_code_of_ours(
    page: Watched, tmp_path: Path
) -> None:
    frame = grids()
    uses = ["business_park", "菜窖", *[None] * (len(frame) - 2)]
    frame = frame.assign(special=[n < 2 for n in range(len(frame))], **{"class": uses})
    path = tmp_path / "told.html"
    for kind, figures in (("net", ""), ("balance", "户 "), ("plan", "户 ")):
        told = replace(drawn(kind), areas=frame, as_of=AsOf(7, "2026-11-26"))
        path.write_text(report_page(told), encoding="utf-8")
        shown = page.open(path.as_uri(), ready="report")
        rows = shown.locator(".findings li")
        assert rows.filter(has_text=f"{figures}专属网格 · 产业园区").count() == 1, kind
        assert rows.filter(has_text=f"{figures}专属网格 · 菜窖").count() == 1, kind
        assert "截至 2026-11-26 · 第 7 次公布" in shown.inner_text("#panel")
    key = shown.inner_text(".mark-key")
    assert [each in key for each in ("每网格户数", "▼▼ < 150", "边界有变")] == [True] * 3, key


def test_gaps_and_overlaps_are_found_and_measured() -> None:
    boxes = [shapely.box(x, y, x + 1, y + 1) for x in range(3) for y in range(3)]
    hole = [box for n, box in enumerate(boxes) if n != 4]
    frame = gpd.GeoDataFrame({"code": [str(n) for n in range(8)]}, geometry=hole, crs=4326)
    frame = frame.set_geometry(frame.geometry.affine_transform([0.01, 0, 0, 0.01, 117, 36.6]))
    (gap,) = faults_of(frame, None).itertuples()
    assert (gap.kind, round(gap.hectares)) == ("gap", 99)
    wider = frame.geometry.copy()
    wider.iloc[0] = wider.iloc[0].buffer(0.001, join_style="mitre")
    kinds = faults_of(frame.set_geometry(wider), None)["kind"].tolist()
    assert kinds.count("overlap") == 2
    assert picture_of_file("coverage", frame, "x").figures[1] == ("report.gaps", "1")


def test_a_city_is_made_lighter_and_neighbours_keep_their_borders() -> None:
    steps = np.linspace(0, 2 * np.pi, 500)
    middle = np.column_stack([117 + 0.002 * np.sin(9 * steps), 36.6 + steps / 100])
    west = shapely.Polygon([(116.9, 36.6), *middle, (116.9, middle[-1, 1])])
    east = shapely.Polygon([(117.1, 36.6), *middle, (117.1, middle[-1, 1])])
    frame = gpd.GeoDataFrame({"code": ["a", "b"]}, geometry=[west, east], crs=4326)
    light, moved = lighter(frame, 200)
    assert moved > 0
    assert shapely.get_num_coordinates(light.geometry.to_numpy()).sum() <= 200
    assert shapely.coverage_is_valid(light.geometry.to_numpy())


def test_the_command_draws_a_file_and_says_what_it_lacks(tmp_path: Path) -> None:
    path, out = tmp_path / "grids.gpkg", tmp_path / "map.html"
    grids()[["code", "name", "geometry"]].to_file(path, layer="grid")
    done = CliRunner().invoke(app, ["map", "net", "--grids", str(path), "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert out.stat().st_size < 1_000_000
    lacking = CliRunner().invoke(app, ["map", "balance", "--grids", str(path), "--out", str(out)])
    assert isinstance(lacking.exception, MapNeedsError)
    other = tmp_path / "other.gpkg"
    foreign = grids().rename(columns={"code": "NC_ID", "name": "Council"})
    foreign[["NC_ID", "Council", "geometry"]].to_file(other, layer="grid")
    line = ["map", "net", "--grids", str(other), "--out", str(out), "--code", "NC_ID"]
    for named, last in (("Council", foreign["Council"].iloc[-1]), ("NC_ID", foreign["NC_ID"][0])):
        done = CliRunner().invoke(app, [*line, "--name", named])
        assert done.exit_code == 0, done.output
        assert json.dumps(last)[1:-1] in out.read_text("utf-8") or last in out.read_text("utf-8")
    assert isinstance(CliRunner().invoke(app, line[:-2]).exception, GridColumnsError)
    png, pdf = tmp_path / "map.png", tmp_path / "map.pdf"
    line = ["map", "net", "--grids", str(path), "--out", str(out), "--png", str(png)]
    done = CliRunner().invoke(app, [*line, "--pdf", str(pdf)])
    assert done.exit_code == 0, done.output
    assert png.read_bytes()[:4] == b"\x89PNG"
    assert pdf.read_bytes()[:5] == b"%PDF-"
