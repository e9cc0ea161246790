"""`jingwei import` as a person runs it: exit status, report, map, quarantine, commit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from api.cli import app, imports
from geo.crs import from_wgs84
from geo.store.database import Store
from tests.load.made import grids

RUNNER = CliRunner()


class _Kept:
    """A store that the command may close without taking the test's own connections."""

    def __init__(self, store: Store) -> None:
        self.owner, self.app = store.owner, store.app

    def close(self) -> None:
        """Leave the connections to the fixture."""


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("JINGWEI_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("JINGWEI_DATABASE_URL", raising=False)
    yield
    assert not (tmp_path / "home" / "data").exists()


@pytest.fixture
def areas_file(tmp_path: Path) -> Path:
    grids(kind="grid", net="grid").to_file(tmp_path / "a.gpkg")
    return tmp_path / "a.gpkg"


def run(*words: object) -> Any:
    return RUNNER.invoke(app, ["import", *map(str, words)])


def test_a_dry_run_needs_no_database_and_writes_nothing(areas_file: Path, tmp_path: Path) -> None:
    result = run("areas", areas_file, "--datum", "wgs84")
    assert result.exit_code == 0, result.output
    assert "读 read 3，用 used 3" in result.output
    assert "--commit" in result.output
    assert not (tmp_path / "home").exists()


def test_an_open_question_is_status_three_and_names_its_option(areas_file: Path) -> None:
    result = run("areas", areas_file, "--commit")
    assert result.exit_code == 3
    assert "--datum wgs84|cgcs2000|gcj02|bd09" in result.output
    assert "没有写入" in result.output


def test_a_file_that_cannot_be_read_is_status_one_in_two_languages(tmp_path: Path) -> None:
    result = run("areas", tmp_path / "none.gpkg")
    assert result.exit_code == 1
    assert "找不到文件" in result.stderr
    assert "There is no file" in result.stderr


def test_json_on_the_screen_is_json_only(areas_file: Path, tmp_path: Path) -> None:
    result = run("areas", areas_file, tmp_path / "none.gpkg", "--datum", "wgs84", "--json")
    told = json.loads(result.stdout)
    assert told["status"] == 1
    assert told["reports"][0]["rows_used"] == 3
    assert len(told["errors"]) == 1


def test_report_map_quarantine_and_rows_are_written_as_files(tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    table.write_text("code,lon,lat\na,117.01,36.61\nb,0,0\nc,13800138000,36.6\n", encoding="utf-8")
    names = {"report": "r.json", "map": "m.html", "quarantine": "q.csv", "out": "rows.gpkg"}
    flags = [word for k, v in names.items() for word in (f"--{k}", tmp_path / v)]
    result = run("places", table, "--datum", "gcj02", *flags)
    assert result.exit_code == 0, result.output
    assert json.loads((tmp_path / "r.json").read_text("utf-8"))["reports"][0]["rows_used"] == 1
    assert "point-zero" in (tmp_path / "m.html").read_text("utf-8")
    aside = pd.read_csv(tmp_path / "q.csv", dtype=str)
    assert aside["row"].tolist() == ["2", "3"]
    assert aside["lon"].tolist() == ["0", "13800138000"]
    assert gpd.read_file(tmp_path / "rows.gpkg")["code"].tolist() == ["a"]


def test_a_shapefile_written_gets_short_names_and_says_so(tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    table.write_text("工单编号,诉求内容,经度,纬度\n1,x,117.01,36.61\n", encoding="utf-8")
    result = run("issues", table, "--datum", "wgs84", "--out", tmp_path / "a.shp")
    assert "reported_at → reported" in result.stderr
    assert {"reference", "reported"} <= set(gpd.read_file(tmp_path / "a.shp").columns)


def test_known_areas_measure_the_datum_which_must_then_be_confirmed(tmp_path: Path) -> None:
    table, known = _gcj02_table(tmp_path)
    asked = run("places", table, "--known", known)
    assert asked.exit_code == 3
    confirmed = run("places", table, "--known", known, "--datum", "measured", "--json")
    report = json.loads(confirmed.stdout)["reports"][0]
    assert (report["datum"], report["datum_known"]) == ("gcj02", "measured")
    denied = run("places", table, "--known", known, "--datum", "wgs84")
    assert denied.exit_code == 3
    assert "--datum gcj02 / --accept datum" in denied.output
    assert run("places", table, "--datum", "gcj02", "--accept", "datumm").exit_code == 1
    assert confirmed.exit_code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--datum", "mars"), "mars"),
        (("--kind", "planet"), "planet"),
        (("--net", "planet"), "planet"),
        (("--column", "code"), "--column"),
        (("--timezone", "Mars/Olympus"), "Mars/Olympus"),
        (("--layer", "none"), "none"),
    ],
)
def test_a_wrong_option_is_refused_with_what_may_be_said(
    areas_file: Path, words: tuple[str, ...], said: str
) -> None:
    result = run("areas", areas_file, *words)
    assert result.exit_code == 1
    assert said in str(result.exception) + result.stderr


def test_committing_twice_changes_nothing(
    areas_file: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "open_store", lambda _: _Kept(store))
    words = ("areas", areas_file, "--datum", "wgs84", "--net", "dept-test", "--commit")
    first, second = run(*words), run(*words)
    assert first.exit_code == second.exit_code == 0, first.output
    assert "新增 3，改动 0，不变 0" in first.output
    assert "新增 0，改动 0，不变 3" in second.output


def test_a_dry_run_of_issues_says_what_would_become_of_them_where_a_database_runs(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "day.csv"
    table.write_text("工单编号,诉求内容,类别\nA1,路灯不亮,路灯\nA2,井盖塌了,井盖\n", "utf-8")
    words = ("issues", table, "--source", "hotline")
    assert "新增" not in run(*words).output
    monkeypatch.setattr(imports, "open_store", lambda _: _Kept(store))
    monkeypatch.setenv("JINGWEI_DATABASE_URL", "postgresql://by-the-test")
    before = _count(store)
    tried = run(*words)
    assert tried.exit_code == 0, tried.exception
    told = tried.output
    assert (
        "若写入：新增 2，改动 0，不变 0；按地址定位 0；按规则派出 0；来源已办结 0；待认领 2" in told
    )
    assert "事项目录里没有的类别 2 种" in told
    assert "--commit" in told
    assert _count(store) == before
    assert "已写入：新增 2" in run(*words, "--commit").output
    table.write_text("工单编号,诉求内容,类别\nA1,路灯亮了,路灯\nA3,井盖塌了,井盖\n", "utf-8")
    told = json.loads(run(*words, "--json").stdout)
    assert told["committed"] is None
    assert (told["trial"]["new"], told["trial"]["conflicts"]) == (1, ["hotline A1"])
    late = "工单编号,诉求内容,类别,办理时限\nA1,路灯不亮,路灯,2026-12-09 18:00\n"
    table.write_text(late, "utf-8")
    moved = "编号已有而内容不同，保留原件 1 件：hotline A1（办理时限：— → 2026-12-09 18:00）"
    assert moved in run(*words).output


def test_a_question_in_one_file_leaves_no_row_of_the_others(
    areas_file: Path, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "open_store", lambda _: _Kept(store))
    bad = tmp_path / "b.csv"
    bad.write_text("code,x,y\na,1091138,1813891\n", encoding="utf-8")
    before = _count(store)
    result = run("areas", areas_file, bad, "--datum", "wgs84", "--commit")
    assert result.exit_code == 3
    assert _count(store) == before


def _count(store: Store) -> int:
    with store.owner.connect() as conn:
        return int(conn.execute(text("select count(*) from import_batch")).scalar_one())


def _gcj02_table(folder: Path) -> tuple[Path, Path]:
    """Return points in GCJ-02 that name their grids, and those grids in WGS 84."""
    known = grids(net="grid", kind="grid")
    inside = known.geometry.sample_points(80, rng=7).explode()
    lon, lat = from_wgs84(inside.x.to_numpy(), inside.y.to_numpy(), "gcj02")
    codes = known["code"].loc[inside.index].to_numpy()
    data = {"code": [f"b{n}" for n in range(len(lon))], "grid": codes, "lon": lon, "lat": lat}
    pd.DataFrame(data).to_csv(folder / "a.csv", index=False)
    known.to_file(folder / "known.gpkg")
    return folder / "a.csv", folder / "known.gpkg"


def test_rows_the_store_refuses_leave_nothing_and_the_report_is_still_shown(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "open_store", lambda _: _Kept(store))
    path = tmp_path / "a.gpkg"
    grids(net="grid", kind="grid", parent=["nowhere"] * 3).to_file(path)
    before = _count(store)
    result = run("areas", path, "--datum", "wgs84", "--commit")
    assert result.exit_code == 1
    assert "读 read 3" in result.output
    assert _count(store) == before
