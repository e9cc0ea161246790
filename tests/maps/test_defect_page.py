from __future__ import annotations

import math
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geo.load.findings import Finding, Report
from maps import defect_page as module
from maps.defect_page import defect_page
from tests.maps import toy
from tests.maps.test_plan_page import NAUGHTY
from tests.plugins.browser import Watched

pytestmark = pytest.mark.usefixtures("front_end")


def outlines() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame.from_features(toy.communities()["features"], crs=4326)


def report(*findings: Finding, file: str = "社区边界.shp") -> Report:
    return Report(file, "社区", "areas", crs="EPSG:4548", read=6, used=5, findings=findings)


def some() -> Report:
    lon, lat = toy.node(11, 20)
    overlap = shapely.box(lon, lat, lon + 0.001, lat + 0.001)
    return report(
        Finding("overlap", (1, 2), values={"a": "甲", "b": "乙", "area": 9}, geometry=overlap),
        Finding(
            "point-swapped",
            (7,),
            values={"lon": 36.6, "lat": 117.0},
            place=(lon, lat),
            before="36.6, 117.0",
            after="117.0, 36.6",
        ),
        Finding("point-zero", (3,)),
    )


def opened(page: Watched, html: str, folder: Path) -> Watched:
    path = folder / "defects.html"
    path.write_text(html, encoding="utf-8")
    page.open(path.as_uri(), ready="defect")
    return page


def test_the_report_is_one_file_that_asks_nobody(page: Watched, tmp_path: Path) -> None:
    opened(page, defect_page([some()], outlines()), tmp_path)
    assert len(page.requests) == 1
    text = page.page.inner_text("#panel")
    assert "导入检查" in text
    assert "甲 与 乙 重叠 9 平方米" in text
    assert "36.6, 117.0 → 改为 117.0, 36.6" in text
    page.shoot("defect")


def test_kinds_come_gravest_first(page: Watched, tmp_path: Path) -> None:
    opened(page, defect_page([some()], outlines(), lang="en"), tmp_path)
    kinds = page.page.locator(".kind").all_inner_texts()
    assert kinds == ["question", "question", "quarantined"]


def test_a_place_leads_to_the_map(page: Watched, tmp_path: Path) -> None:
    opened(page, defect_page([some()], outlines()), tmp_path)
    page.page.locator("button.place").first.click()
    assert page.page.evaluate("window.map_defect.getZoom()") >= 17
    page.shoot("defect-place")


def test_a_click_on_the_map_shows_what_was_found_there(page: Watched, tmp_path: Path) -> None:
    lon, lat = toy.node(11, 20)
    many = [Finding("point-zero", (row,), place=(lon + row / 1e4, lat)) for row in range(40)]
    opened(page, defect_page([report(*many)], outlines()), tmp_path)
    point = page.page.evaluate(
        f"(() => {{ const m = window.map_defect, b = m.getContainer().getBoundingClientRect();"
        f"const p = m.latLngToContainerPoint([{lat}, {lon + 0.0035}]);"
        "return [b.x + p.x, b.y + p.y]; })()"
    )
    page.page.mouse.click(*point)
    picked = page.page.locator(".findings .picked")
    assert "数据第 35 行" in picked.inner_text()
    assert picked.is_visible()


def test_kinds_are_called_in_chinese_and_rows_that_wait_are_counted(
    page: Watched, tmp_path: Path
) -> None:
    opened(page, defect_page([some()], outlines()), tmp_path)
    text = page.page.inner_text("#panel")
    assert all(word in text for word in ("重叠", "经纬度颠倒", "坐标是 (0,0)", "读出 6 行"))
    assert page.page.locator(".counts b").all_inner_texts() == ["5", "0", "0", "1"]


def test_a_clean_file_raises_no_alarm(page: Watched, tmp_path: Path) -> None:
    opened(page, defect_page([report()], None), tmp_path)
    assert "没有发现问题" in page.page.inner_text("#panel")
    assert page.page.is_hidden(".mark-key")


def test_thousands_of_findings_come_a_page_at_a_time(page: Watched, tmp_path: Path) -> None:
    many = [Finding("point-zero", (row,), place=(117 + row / 1e4, 36.6)) for row in range(300)]
    opened(page, defect_page([report(*many)]), tmp_path)
    assert page.page.locator(".findings > li").count() == 20
    page.page.get_by_role("button", name="再看 280 条").click()
    assert page.page.locator(".findings > li").count() == 120


def test_names_in_a_file_never_run(page: Watched, tmp_path: Path) -> None:
    named = outlines()
    named["name"] = NAUGHTY[: len(named)]
    said = [Finding("overlap", values={"a": n, "b": n, "area": 1}, before=n) for n in NAUGHTY]
    opened(page, defect_page([report(*said, file=NAUGHTY[3])], named), tmp_path)
    assert page.page.evaluate("window.ran") is None
    assert all(text in page.page.inner_text("#panel") for text in NAUGHTY)


def test_the_map_shows_where_the_findings_are(page: Watched, tmp_path: Path) -> None:
    far = [Finding("point-zero", (row,), place=(-118.2 + row / 1e3, 34.0)) for row in range(30)]
    stray = Finding("point-zero", (99,), place=(2.3, 48.9))
    opened(page, defect_page([report(*far, stray)], outlines()), tmp_path)
    west, east = page.page.evaluate(
        "() => { const b = window.map_defect.getBounds(); return [b.getWest(), b.getEast()] }"
    )
    assert west < -118.19
    assert -118.18 < east < -118.0


def test_places_that_are_no_numbers_are_left_out(page: Watched, tmp_path: Path) -> None:
    odd = Finding(
        "point-zero", (1,), place=(math.nan, math.inf), geometry=shapely.Point(math.nan, 1)
    )
    opened(page, defect_page([report(odd)], outlines()), tmp_path)
    assert page.page.locator("button.place").count() == 0


def test_very_fine_outlines_are_drawn_coarser(monkeypatch: pytest.MonkeyPatch) -> None:
    fine = defect_page([report()], outlines())
    monkeypatch.setattr(module, "_MOST_VERTICES", 10)
    assert len(defect_page([report()], outlines())) < len(fine)


def test_outlines_without_names_or_shapes_are_allowed() -> None:
    bare = outlines()[["geometry"]]
    bare.loc[0, "geometry"] = None
    assert defect_page([report()], bare)
