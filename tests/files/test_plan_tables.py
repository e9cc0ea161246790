"""A plan goes to a file and its assignment comes back, whatever its codes look like."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from api.files.assignments import fitted, read_assignment
from api.files.plan_tables import PlanTables, write_plan_tables
from geo.errors import (
    BadAssignmentError,
    FileUnreadableError,
    FormatUnknownError,
    JingweiError,
    UnknownColumnError,
    UnreadableFileError,
)
from geo.plan import LEDGER_COLUMNS

ENDINGS = (".csv", ".gpkg", ".parquet", ".xlsx")
HOSTILE = ["=cmd|' /C calc'!A0", "'=1", "007", "+86", "@x", "-1", "1.0", 'a,"b', "地块 1", "Ａ"]


def tables(atoms: Sequence[str], grids: Sequence[str | None]) -> PlanTables:
    shapes = [shapely.box(i, 0, i + 1, 1) for i in range(len(atoms))]
    frame = gpd.GeoDataFrame(
        {"atom": pd.Series(list(atoms), dtype="str"), "grid": pd.Series(list(grids), dtype="str")},
        geometry=shapes,
        crs="EPSG:4326",
    )
    grid = gpd.GeoDataFrame({"code": ["g"]}, geometry=[shapely.box(0, 0, 1, 1)], crs="EPSG:4326")
    row = dict.fromkeys(LEDGER_COLUMNS, '=HYPERLINK("x")')
    return PlanTables(frame, grid, pd.DataFrame([{**row, "buildings": 3}]))


def back(made: PlanTables, path: Path) -> pd.Series:
    write_plan_tables(made, path)
    return fitted(read_assignment(path), made.atoms["atom"].tolist(), partial=False)


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_assignment_comes_back_as_it_went(ending: str, tmp_path: Path) -> None:
    grids = [*HOSTILE[1:], None]
    found = back(tables(HOSTILE, grids), tmp_path / f"方案{ending}")
    assert found.index.tolist() == HOSTILE
    assert found.astype("object").where(found.notna(), None).tolist() == grids


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1).filter(
            lambda text: text == text.strip()
        ),
        min_size=1,
        max_size=4,
        unique=True,
    )
)
def test_any_code_comes_back_from_a_text_table(codes: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = back(tables(codes, codes[::-1]), Path(folder) / "a.csv")
    assert found.to_dict() == dict(zip(codes, codes[::-1], strict=True))


def test_no_cell_of_a_file_for_spreadsheets_starts_a_formula(tmp_path: Path) -> None:
    made = tables(HOSTILE, HOSTILE)
    for ending in (".csv", ".xlsx"):
        write_plan_tables(made, tmp_path / f"a{ending}")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    written = [str(cell.value) for cell in cells]
    written += pd.read_csv(tmp_path / "a.csv", dtype="str").to_numpy().ravel().tolist()
    assert not [text for text in written if text[0] in "=+-@"]
    assert [cell.value for cell in book["网格台账"][1]] == list(LEDGER_COLUMNS.values())


def test_the_layers_are_grids_and_assignment(tmp_path: Path) -> None:
    write_plan_tables(tables(["a"], ["g"]), tmp_path / "a.gpkg")
    assert pyogrio.list_layers(tmp_path / "a.gpkg")[:, 0].tolist() == ["grids", "assignment"]
    with pytest.raises(FormatUnknownError, match="gpkg"):
        write_plan_tables(tables(["a"], ["g"]), tmp_path / "a.shp")
    assert [path.name for path in tmp_path.iterdir()] == ["a.gpkg"]


_SENTENCE = 400  # characters, whatever the file holds
BAD: tuple[tuple[str, str, type[JingweiError]], ...] = (
    ("csv", "atom,grid\na,g\n", BadAssignmentError),  # b is left out
    ("csv", "atom,grid\na,g\nb,g\na,g\n", BadAssignmentError),
    ("csv", "atom,grid\na,g\nb,g\nc,g\n", BadAssignmentError),
    ("csv", "atom,grid\na,g\nb\n", BadAssignmentError),  # cut short
    ("csv", "atom,grid\na,3.70102E+14\nb,3.70102E+14\n", BadAssignmentError),
    ("csv", "atom,area\na,g\nb,g\n", UnknownColumnError),
    ("csv", "atom,grid,网格\na,g,h\nb,g,h\n", BadAssignmentError),  # which of the two?
    ("csv", "\0\n" * 9 + "x" * 10**6, UnknownColumnError),
    ("csv", "", JingweiError),
    ("xlsx", "no workbook", UnreadableFileError),
    ("gpkg", "no layers", FileUnreadableError),
    ("parquet", "no table", FileUnreadableError),
    ("txt", "atom,grid\na,g\nb,g\n", FileUnreadableError),
)


@pytest.mark.parametrize(("ending", "text", "error"), BAD)
def test_a_table_that_does_not_fit_is_refused(
    ending: str, text: str, error: type[JingweiError], tmp_path: Path
) -> None:
    path = tmp_path / f"a.{ending}"
    path.write_text(text, "utf-8")
    with pytest.raises(error) as refused:
        fitted(read_assignment(path), ["a", "b"], partial=False)
    said = refused.value.sentence_zh
    assert (len(said) < _SENTENCE, said.isprintable()) == (True, True)
    assert str(tmp_path) not in said + refused.value.sentence_en


def test_a_table_of_an_office_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("序号;网格 ; 地块\r\n1; 1网格 ;a\r\n;;\r\n2;;b \r\n\r\n".encode("gb18030"))
    found = fitted(read_assignment(path), ["a", "b", "c"], partial=True)
    assert found.astype("object").where(found.notna(), None).to_dict() == {"a": "1网格", "b": None}
    book = openpyxl.Workbook()
    for row in (["龙洞街道"], [], ["地块", "备注", "网格"], ["a", None, 7], ["b"]):
        book.worksheets[0].append(row)
    book.save(tmp_path / "a.xlsx")
    found = fitted(read_assignment(tmp_path / "a.xlsx"), ["a", "b"], partial=False)
    assert found.astype("object").where(found.notna(), None).to_dict() == {"a": "7", "b": None}
    numbered = pd.DataFrame({"Atom": [1.0, 2.0], "GRID": [370102001001001, 370102001001002]})
    numbered.to_parquet(tmp_path / "a.parquet")
    found = fitted(read_assignment(tmp_path / "a.parquet"), ["1", "2"], partial=False)
    assert found.to_dict() == {"1": "370102001001001", "2": "370102001001002"}
