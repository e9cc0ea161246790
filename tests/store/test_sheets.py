"""Sheets of a plan's grids: for whom names are said, and that text of people stays text."""

from __future__ import annotations

import re
from pathlib import Path

import geopandas as gpd
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from api.app import create_app
from api.settings import Settings
from api.sheets import Chosen, sheets_of, way_to
from geo.errors import MissingError, NotAllowedError, TooManySheetsError
from geo.store import imports
from geo.store.database import Store, transaction
from geo.store.planning.comments import answer_thread, begin_thread, settle
from tests.api.conftest import HERE
from tests.store import toy
from tests.store.test_plan_command import run
from tests.store.test_plans import drawn, merged

HOSTILE = "<script>alert(1)</script>&王晓东"
MANY = 150  # buildings of one grid
INSIDE = toy.points((0.4, 1.6))[0].coords[0]


@pytest.fixture
def store(toy_store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr("api.cli.planning.open_store", lambda _: toy_store)
    houses = gpd.GeoDataFrame(
        {"kind": "building", "code": ["b", "c"], "households": [10, 20], "people": [25, 51]}
        | {"name": "", "address": [f"甲社区 10号楼 {HOSTILE}", "甲社区 2号楼"]},
        geometry=toy.points((0.2, 1.8), (0.3, 1.8)),
        crs="EPSG:4326",
    )
    with transaction(toy_store.owner, "import") as conn:
        imports.commit_places(conn, houses, imports.open_batch(conn, "toy"))
        named = text("update party set name = :name where code = :code")
        conn.execute(named, {"name": HOSTILE, "code": f"leader-{toy.ONE}001"})
    return toy_store


def test_a_notice_hides_names_and_people_and_a_hand_over_tells_them(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = drawn(store, merged(1))
    with transaction(store.app, "planner") as conn:
        wall = begin_thread(conn, plan, HOSTILE, *toy.points((0.3, 1.7))[0].coords[0])
        answer_thread(conn, plan, "改走北门", wall)
        begin_thread(conn, plan, "在别的网格", *toy.points((1.3, 1.7))[0].coords[0])
        settle(conn, plan, begin_thread(conn, plan, "路已通", *INSIDE), settled=True)
        notice, handed = (
            sheets_of(conn, plan, Chosen(purpose)) for purpose in ("notice", "handover")
        )
    first, given = notice.sheets[0], handed.sheets[0]
    assert [sheet.code[-3:] for sheet in notice.sheets] == ["001", "002", "003", "004", "901"]
    assert (first.places[-1], first.bounds.count("至")) == ("甲社区", 4)
    assert first.buildings["name"].tolist() == ["2号楼", f"10号楼 {HOSTILE}"]
    assert [each.name for each in first.contacts] == ["<**"]
    assert [each.name for each in given.contacts] == [HOSTILE]
    assert ("sheets.people", "76") in given.figures
    assert "sheets.people" not in dict(first.figures)
    said = [(one.is_settled, [each.text for each in one.said]) for one in given.said]
    assert said == [(False, [HOSTILE, "改走北门"]), (True, ["路已通"])]
    assert not any(sheet.said for sheet in notice.sheets)
    with transaction(store.app, "dispatcher") as conn, pytest.raises(NotAllowedError):
        sheets_of(conn, plan, Chosen("handover"))
    with transaction(store.app, "planner") as conn:
        with pytest.raises(MissingError):
            sheets_of(conn, plan, Chosen(grid=f"{toy.TWO}001"))
        assert len(sheets_of(conn, plan, Chosen(community=toy.ONE)).sheets) == 5
        monkeypatch.setattr("api.sheets.MOST", 4)
        with pytest.raises(TooManySheetsError, match="by community"):
            sheets_of(conn, plan, Chosen())


def test_sheets_are_printed_one_to_a_page_and_what_people_typed_stays_text(
    store: Store, tmp_path: Path
) -> None:
    plan = drawn(store, merged(1))
    many = [f"柳岸{number}号楼" for number in range(1, MANY + 1)]
    houses = gpd.GeoDataFrame(
        {"kind": "building", "code": many, "households": 10, "people": 25, "name": many}
        | {"address": ""},
        geometry=toy.points(*[(0.1 + n / 400, 1.8) for n in range(MANY)]),
        crs="EPSG:4326",
    )
    with transaction(store.owner, "import") as conn:
        imports.commit_places(conn, houses, imports.open_batch(conn, "many"))
    with transaction(store.app, "planner") as conn:
        begin_thread(conn, plan, HOSTILE, *INSIDE)
    out = tmp_path / "公示.pdf"
    assert "5 张" in run("sheets", plan, "--purpose", "handover", "--out", out)
    page = out.with_suffix(".html").read_text("utf-8")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;王晓东" in page
    assert len(re.findall(rb"/Type\s*/Page[^s]", out.read_bytes())) == 6, "a second for the many"
    assert re.search(r">A</text>.*<b>A</b> <div><p>&lt;script", page, re.DOTALL)
    with TestClient(create_app(store, person="planner"), client=HERE) as client:
        served = client.get(f"/plans/{plan}/sheets?grid={toy.ONE}001")
        assert (served.status_code, served.text.count("grid-sheet")) == (200, 1)
        assert "王晓东" not in served.text.split("</table>")[1]
        assert client.get(f"/plans/{plan}/sheets?purpose=x").status_code == 422
        assert "class=way" not in served.text, "residents may not report from elsewhere"
        handed = client.get(f"/plans/{plan}/sheets?purpose=handover").text
        assert f'title="http://testserver/plans/{plan}"' in handed
        assert "东至网格001" in handed, "a grid of the community beyond"
    public = Settings(tmp_path, residents="public", url="https://grid.example.cn")
    assert way_to(public, "", plan, "notice") == "https://grid.example.cn/report"
    assert way_to(Settings(tmp_path), "", plan, "handover") == "", "nobody knows the address"
