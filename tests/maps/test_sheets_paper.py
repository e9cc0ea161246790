"""Sheets of grids on paper: what people typed is there in full, and names can be read."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from api.files.browsers import printed
from maps.sheets_page import Contact, Sheet, Sheets, sheets_file
from maps.site_names import Name
from maps.site_plan import HEIGHT, WIDTH, site_plan
from tests.naughty import STRINGS
from tests.plugins.browser import Watched

pytestmark = pytest.mark.usefixtures("front_end")

LONG = ("长" * 1000, "A" * 1000, "\u202eabc", "</script><script>window.ran=1</script>", "{{ 7*7 }}")
TYPED = (*LONG, *STRINGS)
NOTHING = gpd.GeoDataFrame(
    {"name": pd.Series(dtype="str"), "kind": pd.Series(dtype="str")}, geometry=[], crs="EPSG:4326"
)
SIDE = 0.004
# Of the rows of a table: whether a cell reaches beyond its column, and names as they stand there.
CELLS = """() => [...document.querySelectorAll('.building-list tbody tr')].map(row => {
  const widths = [...row.cells].map(cell => cell.offsetWidth);
  const all = row.closest('table').parentElement.offsetWidth;
  return [widths.every(w => w > 20) && row.offsetWidth <= all, row.cells[1].textContent];
})"""
TEXT = re.compile(r'<text x="([-\d.]+)" y="([-\d.]+)" font-size="11"[^>]*?'
                  r'(?:transform="rotate\(([-\d.]+)[^>]*)?>([^<]+)</text>')  # fmt: skip


def sheet() -> Sheet:
    at = [(n % 24 / 24 * SIDE, n // 24 / 24 * SIDE) for n in range(len(TYPED))]
    buildings = gpd.GeoDataFrame(
        {"name": TYPED, "households": 1, "people": 2}, geometry=shapely.points(at), crs="EPSG:4326"
    )
    return Sheet(
        "370102001001001", LONG[3], ["甲"], [("sheets.households", "1")], LONG[4], buildings,
        [Contact("grid_leader", text) for text in LONG], shapely.box(0, 0, SIDE, SIDE),
        NOTHING, NOTHING,
    )  # fmt: skip


def test_every_name_is_on_paper_in_full_and_does_nothing(page: Watched, tmp_path: Path) -> None:
    path = tmp_path / "sheets.html"
    path.write_text(sheets_file(Sheets(1, "x", "draft", "x", "handover", [sheet()])), "utf-8")
    page.page.emulate_media(media="print")
    page.page.set_viewport_size({"width": 718, "height": 1000})  # A4 without its margins
    shown = page.open(path.as_uri())
    rows = shown.evaluate(CELLS)
    assert all(fits for fits, _ in rows), "no name pushes what stands beside it off the paper"
    ends = str.maketrans({"\r": "\n", "\0": "\ufffd"})  # as HTML reads them
    read = [told.translate(ends).strip() for _, told in rows]
    assert read == [told.replace("\r\n", "\n").translate(ends).strip() for told in TYPED]
    assert shown.evaluate("window.ran") is None
    assert len(page.requests) == 1
    printed(path, tmp_path / "sheets.pdf")
    paper = (tmp_path / "sheets.pdf").read_bytes()
    assert not re.findall(rb"/(?:JavaScript|JS|OpenAction|URI|Launch|EmbeddedFile)\b", paper)


@pytest.mark.parametrize("streets", [3, 9, 20])
def test_no_name_on_a_plan_lies_over_another_one(streets: int) -> None:
    steps = np.linspace(-0.1, 1.1, streets) * SIDE
    ends = (-SIDE, 2 * SIDE)
    roads = [
        *(shapely.LineString([(ends[0], y), (ends[1], y + SIDE / 9)]) for y in steps),
        *(shapely.LineString([(x, ends[0]), (x + SIDE / 9, ends[1])]) for x in steps),
    ]
    names = [f"经{n}路" for n in range(len(roads))]
    ground = gpd.GeoDataFrame({"name": names, "kind": "road"}, geometry=roads, crs="EPSG:4326")
    beside = gpd.GeoDataFrame(
        {"name": ["文庙社区第2网格", "文庙社区第3网格"]},
        geometry=[shapely.box(SIDE, 0, 2 * SIDE, SIDE), shapely.box(-SIDE, 0, 0, SIDE)],
        crs="EPSG:4326",
    )
    houses = gpd.GeoDataFrame(
        geometry=shapely.points([(SIDE * n / 30, SIDE * n / 30) for n in range(30)]), crs=4326
    )
    svg, _ = site_plan(shapely.box(0, 0, SIDE, SIDE), beside, ground, houses, title="x")
    found = [
        Name(text, float(x), float(y), float(turn or 0))
        for x, y, turn, text in TEXT.findall(svg)
        if text != "N"
    ]
    grounds = [name.covers().buffer(-1) for name in found]
    assert not [pair for pair in combinations(grounds, 2) if pair[0].intersects(pair[1])]
    assert all(shapely.box(0, 0, WIDTH, HEIGHT).contains(each) for each in grounds)
    assert {name.text for name in found} >= {"文庙社区第2网格", "文庙社区第3网格"}
    assert len(found) > min(streets, 8), "and there are names"
