"""Ledgers in Excel: titles, merged cells, totals, hedged numbers, several sheets."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from geo.errors import EmptyFileError, UnreadableFileError, UnsupportedFileError
from tests.load.made import alarms, every, found, grids, one, rows_of, workbook

HEADING = ["所属社区", "楼栋编码", "楼栋名称", "户数", "经度", "纬度"]
LEDGER: list[list[Any]] = [
    ["历下区某某街道网格台账", None, None, None, None, None],
    ["填报单位：某某街道", None, None, None, None, None],
    HEADING,
    ["佛山苑社区", "370102001001", "1号楼", "约350户", 117.01, 36.61],
    [None, "370102001002", "2号楼", 24, 117.02, 36.62],
    ["小计", None, None, 374, None, None],
    ["泉城路社区", 370102001003.0, "3号楼", "三十六户", 117.03, 36.63],
    ["合计", None, None, 410, None, None],
]


def test_a_ledger_is_read_and_each_guess_is_said(tmp_path: Path) -> None:
    loaded = one(workbook(tmp_path / "台账.xlsx", LEDGER, merged=["A1:F1", "A4:A5"]), "places")
    assert loaded.frame["households"].tolist() == [350, 24, 36]
    assert loaded.frame["code"].tolist() == ["370102001001", "370102001002", "370102001003"]
    said = found(loaded)
    for code in ("header-found", "merged-filled", "totals-dropped", "number-read"):
        assert said[code] == 1, code
    assert rows_of(loaded, "merged-filled") == [2]
    assert rows_of(loaded, "number-read") == [1, 4]
    assert rows_of(loaded, "totals-dropped") == [3, 5]


def test_a_clean_sheet_raises_no_alarm(tmp_path: Path) -> None:
    rows = [["code", "name", "lon", "lat"], ["a", "甲", 117.01, 36.61]]
    loaded = one(workbook(tmp_path / "a.xlsx", rows), "places")
    assert alarms(loaded) == []
    assert loaded.report.used == 1


def test_a_heading_over_two_rows_is_read_by_its_lower_row(tmp_path: Path) -> None:
    rows = [
        ["楼栋编码", "坐标", None, "户数"],
        [None, "经度", "纬度", None],
        ["a", 117.01, 36.61, 12],
    ]
    merged = ["A1:A2", "B1:C1", "D1:D2"]
    loaded = one(workbook(tmp_path / "a.xlsx", rows, merged=merged), "places")
    assert loaded.frame["households"].tolist() == [12]
    assert loaded.frame.geometry.x.tolist() == [117.01]


def test_several_sheets_are_listed_and_asked(tmp_path: Path) -> None:
    rows = [["code", "lon", "lat"], ["a", 117.01, 36.61]]
    path = workbook(tmp_path / "a.xlsx", rows, rows)
    (question,) = one(path, "places").questions
    assert question.code == "several-layers"
    assert "第2页" in question.zh
    assert len(every(path, "places", all_layers=True)) == 2
    assert one(path, "places", layers=("第2页",)).report.layer == "第2页"


def test_zeros_that_a_format_shows_are_kept(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["编码", "经度", "纬度"], [7, 117.01, 36.61]])
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["A2"].number_format = "0000"
    book.save(path)
    assert one(path, "places").frame["code"].tolist() == ["0007"]


def test_a_ledger_of_grids_takes_its_shapes_from_known_areas(tmp_path: Path) -> None:
    known = grids(net="grid", kind="grid")
    rows = [["网格编码", "网格名称"], ["370102001001001", "新名字"], ["999", "没有"]]
    loaded = one(workbook(tmp_path / "a.xlsx", rows), known=known)
    assert loaded.frame["name"].tolist() == ["新名字"]
    assert found(loaded)["geometry-known"] == 1
    assert rows_of(loaded, "geometry-not-known") == [2]


def test_a_ledger_of_grids_without_shapes_is_an_error_that_still_says_its_guesses(
    tmp_path: Path,
) -> None:
    rows = [["某街道网格台账", None], ["网格编码", "户数"], ["370102001001001", "约350户"]]
    loaded = one(workbook(tmp_path / "a.xlsx", rows, merged=["A1:B1"]))
    assert [e.code for e in loaded.report.errors] == ["no-geometry"]
    assert {"header-found", "number-read"} <= set(found(loaded))


@pytest.mark.parametrize("rows", [[], [["code", "lon", "lat"]]])
def test_a_workbook_without_rows_is_refused(tmp_path: Path, rows: list[list[Any]]) -> None:
    with pytest.raises(EmptyFileError):
        one(workbook(tmp_path / "a.xlsx", rows), "places")


def test_a_workbook_cut_short_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", LEDGER)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(UnreadableFileError):
        one(path, "places")


def test_an_old_workbook_is_refused_with_what_to_save(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    with pytest.raises(UnsupportedFileError, match="xlsx"):
        one(path, "places")


def test_dates_and_answers_in_cells_are_text_in_iso_form(tmp_path: Path) -> None:
    rows = [
        ["工单编号", "诉求内容", "受理时间", "经度", "纬度"],
        ["a", True, dt.datetime(2026, 11, 23, 8, 0, tzinfo=None), 117.01, 36.61],  # noqa: DTZ001 as Excel
    ]
    loaded = one(workbook(tmp_path / "a.xlsx", rows), "issues", source="hotline")
    assert loaded.frame["text"].tolist() == ["是"]
    assert loaded.frame["reported_at"].dt.strftime("%m-%d %H:%M").tolist() == ["11-23 00:00"]


def test_what_a_sheet_hides_or_lost_is_said_of_its_rows_of_data(tmp_path: Path) -> None:
    rows = [["编码", "户数", "经度", "纬度"], *[[f"b{n}", n, 117.01, 36.61] for n in range(1, 5)]]
    path = workbook(tmp_path / "a.xlsx", [*rows, ["合计", "=SUM(B2:B5)", None, None]])
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    sheet["B2"], sheet["B3"] = "=1+1", "#REF!"
    sheet.row_dimensions[5].hidden = True
    book.save(path)
    loaded = one(path, "places")
    assert rows_of(loaded, "formula-empty") == [1]
    assert rows_of(loaded, "cell-error") == [2]
    assert rows_of(loaded, "rows-hidden") == [4]
    assert loaded.report.used == 4


def test_a_stray_cell_far_away_costs_nothing_and_a_hidden_sheet_is_said(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["编码", "经度", "纬度"], ["a", 117.01, 36.61]], [])
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["XFD1048576"] = "x"
    book.worksheets[0].sheet_state = "hidden"
    book.active = 1
    book.save(path)
    loaded = one(path, "places")
    assert loaded.frame.index.tolist() == [1]
    assert rows_of(loaded, "value-missing") == [1_048_575]
    assert found(loaded)["sheet-hidden"] == 1


def test_a_number_longer_than_excel_keeps_makes_no_code(tmp_path: Path) -> None:
    rows = [
        ["编码", "经度", "纬度"],
        [370102001001001, 117.01, 36.61],
        [37010219900101123, 117, 36],
    ]
    loaded = one(workbook(tmp_path / "a.xlsx", rows), "places")
    assert loaded.frame["code"].tolist() == ["370102001001001"]
    assert rows_of(loaded, "code-cut") == [2]


def test_a_sheet_without_rows_does_not_stop_the_others(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["code", "lon", "lat"], ["a", 117.01, 36.61]], [["说明"]])
    data, notes = every(path, "places", all_layers=True)
    assert data.report.used == 1
    assert (found(notes)["layer-empty"], alarms(notes)) == (1, [])


def test_a_row_of_data_that_says_a_headings_word_is_no_heading(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("人员编号,角色,网格编码,专职\np1,网格员,370102001001001,专职\n", "utf-8")
    assert one(path, "duties").frame["party"].tolist() == ["p1"]
