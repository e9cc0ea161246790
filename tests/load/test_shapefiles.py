"""Shapefiles as they arrive: encodings, missing parts, archives, undeclared systems."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path

import pyogrio
import pytest

from geo.errors import UnknownCrsError, UnknownLayerError, UnreadableFileError
from tests.load.made import (
    CODES,
    alarms,
    chinese_grids,
    every,
    found,
    grids,
    in_metres,
    one,
    parts_of,
    rows_of,
    shapefile,
    undeclared,
    zipped,
)


@pytest.fixture(autouse=True)
def _quiet_writer() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*'crs' was not provided.*")
        yield


def test_a_clean_shapefile_raises_no_alarm(tmp_path: Path) -> None:
    loaded = one(shapefile(tmp_path, grids()))
    assert alarms(loaded) == []
    assert loaded.frame["code"].tolist() == list(CODES)
    assert loaded.report.used == loaded.report.read == 3


def test_gbk_without_cpg_is_read_as_gb18030_and_said(tmp_path: Path) -> None:
    loaded = one(shapefile(tmp_path, chinese_grids(), encoding="GBK", without=".cpg"))
    assert loaded.frame["name"].tolist() == ["一网格", "二网格", "三网格"]
    assert loaded.frame["code"].tolist() == list(CODES)
    assert found(loaded)["encoding-gb18030"] == 1
    assert alarms(loaded) == []


def test_a_lying_cpg_is_found_out_and_said(tmp_path: Path) -> None:
    path = shapefile(tmp_path, chinese_grids(), encoding="GBK")
    path.with_suffix(".cpg").write_text("UTF-8", encoding="ascii")
    loaded = one(path)
    assert loaded.frame["name"].tolist() == ["一网格", "二网格", "三网格"]
    said = [f.zh for f in loaded.report.findings if f.code == "encoding-gb18030"]
    assert said == ["文字按 GB18030（GBK）读取：文件声明 UTF-8，与内容不符。"]


def test_utf8_that_is_declared_as_gbk_is_found_out(tmp_path: Path) -> None:
    path = shapefile(tmp_path, chinese_grids())
    path.with_suffix(".cpg").write_text("GBK", encoding="ascii")
    loaded = one(path)
    assert loaded.frame["name"].tolist() == ["一网格", "二网格", "三网格"]
    assert found(loaded)["encoding-utf8"] == 1


def test_western_text_stays_latin(tmp_path: Path) -> None:
    frame = grids(name=("Montréal", "Québec", "Trois-Rivières"))
    path = shapefile(tmp_path, frame, encoding="ISO-8859-1")
    assert one(path).frame["name"].tolist() == ["Montréal", "Québec", "Trois-Rivières"]


def test_chinese_cut_by_the_width_of_a_field_loses_only_the_cut_character(tmp_path: Path) -> None:
    frame = chinese_grids().assign(很长的列名字=["甲"] * 3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = shapefile(tmp_path, frame)
    loaded = one(path)
    assert loaded.frame["name"].tolist() == ["一网格", "二网格", "三网格"]


def test_a_missing_shx_is_restored_on_a_copy(tmp_path: Path) -> None:
    path = shapefile(tmp_path, grids(), without=".shx")
    loaded = one(path)
    assert loaded.report.used == 3
    assert found(loaded)["shx-restored"] == 1
    assert not path.with_suffix(".shx").exists()
    assert pyogrio.get_gdal_config_option("SHAPE_RESTORE_SHX") is None


def test_a_missing_dbf_means_made_codes_and_that_is_said(tmp_path: Path) -> None:
    path = shapefile(tmp_path, grids(), without=".dbf.cpg")
    first, second = one(path), one(path)
    assert {"dbf-missing", "codes-made"} <= set(found(first))
    assert first.frame["code"].tolist() == second.frame["code"].tolist()
    assert first.frame["code"].is_unique


@pytest.mark.parametrize("crs", ["EPSG:4527", "EPSG:4548"])
def test_a_missing_prj_is_guessed_by_range_and_asked(tmp_path: Path, crs: str) -> None:
    path = shapefile(tmp_path, in_metres(grids(), crs), without=".prj")
    loaded = one(path, datum=None)
    (question,) = loaded.questions
    assert question.code == "crs-guessed"
    assert question.answer == f"--crs {crs}"
    assert loaded.frame.total_bounds[:2] == pytest.approx((117.0, 36.6), abs=1e-6)
    assert one(path, crs=crs, datum=None).questions == ()


def test_degrees_without_prj_are_guessed_and_asked(tmp_path: Path) -> None:
    loaded = one(shapefile(tmp_path, grids(), without=".prj"))
    assert [q.answer for q in loaded.questions] == ["--crs EPSG:4326"]


def test_a_range_that_fits_nothing_is_never_guessed(tmp_path: Path) -> None:
    path = shapefile(tmp_path, in_metres(grids(), "EPSG:3857"), without=".prj")
    loaded = one(path)
    assert [q.code for q in loaded.questions] == ["crs-unknown"]
    assert loaded.report.used == 0


def test_the_option_beats_a_declared_system_and_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    grids().to_file(path)
    loaded = one(path, crs="EPSG:4490")
    assert found(loaded)["crs-overridden"] == 1
    with pytest.raises(UnknownCrsError, match="EPSG:1"):
        one(path, crs="EPSG:1")


def test_a_shp_in_a_folder_of_a_zip_with_gbk_names_is_read(tmp_path: Path) -> None:
    path = shapefile(tmp_path / "in", chinese_grids(), encoding="GBK", without=".cpg")
    archive = zipped(tmp_path / "a.zip", parts_of(path, "历下区/网格"), gbk=True)
    loaded = one(archive)
    assert loaded.report.layer == "网格"
    assert loaded.frame["name"].tolist() == ["一网格", "二网格", "三网格"]


def test_two_layers_in_a_zip_are_listed_and_asked(tmp_path: Path) -> None:
    path = shapefile(tmp_path / "in", grids())
    parts = {**parts_of(path, "a/one"), **parts_of(path, "b/two")}
    archive = zipped(tmp_path / "a.zip", parts)
    (question,) = one(archive).questions
    assert question.code == "several-layers"
    assert "a/one、b/two" in question.zh
    assert [x.report.layer for x in every(archive, all_layers=True)] == ["a/one", "b/two"]
    assert one(archive, layers=("b/two",)).report.used == 3
    with pytest.raises(UnknownLayerError, match="three"):
        one(archive, layers=("three",))


def test_a_companion_leads_to_its_shapefile(tmp_path: Path) -> None:
    path = shapefile(tmp_path, grids())
    assert one(path.with_suffix(".dbf")).report.used == 3


def test_a_shapefile_cut_short_is_refused(tmp_path: Path) -> None:
    path = shapefile(tmp_path, grids())
    path.write_bytes(path.read_bytes()[:-80])
    with pytest.raises(UnreadableFileError, match="bytes"):
        one(path)


def test_the_source_is_never_touched(tmp_path: Path) -> None:
    path = shapefile(tmp_path / "in", chinese_grids(), encoding="GBK", without=".shx.cpg")
    before = {p.name: p.read_bytes() for p in path.parent.iterdir()}
    one(path)
    assert {p.name: p.read_bytes() for p in path.parent.iterdir()} == before


def test_rows_outside_their_system_are_set_aside(tmp_path: Path) -> None:
    frame = in_metres(grids(), "EPSG:4548")
    frame.loc[1, "geometry"] = frame.geometry.translate(5e12, 0).iloc[1]
    path = tmp_path / "a.gpkg"
    frame.to_file(path)
    loaded = one(path)
    assert loaded.report.used == 2
    assert loaded.report.rows("quarantined") == (2,)


def test_undeclared_gpkg_asks_too(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    undeclared(grids()).to_file(path)
    assert [q.code for q in one(path).questions] == ["crs-guessed"]
    shutil.copy(path, tmp_path / "b.gpkg")
    assert rows_of(one(path), "crs-guessed") == []


@pytest.mark.parametrize("deleted", [True, False])
def test_rows_marked_as_deleted_are_not_missing(tmp_path: Path, *, deleted: bool) -> None:
    path = shapefile(tmp_path, grids())
    table = path.with_suffix(".dbf")
    data = bytearray(table.read_bytes())
    head, size = int.from_bytes(data[8:10], "little"), int.from_bytes(data[10:12], "little")
    if deleted:
        data[head + size] = ord("*")
    else:
        data[4:8] = (2).to_bytes(4, "little")
        del data[head + 2 * size : -1]
    table.write_bytes(data)
    loaded = one(path)
    codes = [f.code for f in loaded.report.findings]
    assert codes == (["rows-deleted"] if deleted else ["rows-missing"])
    assert len(loaded.frame) == (2 if deleted else 0)
