"""What was made to hurt is answered with a sentence, soon, in little memory, and leaves nothing."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from unittest.mock import Mock

import openpyxl
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geo.errors import BeyondLimitError
from geo.load import Noun, ReadOptions, read
from tests.deep import DEEP, cases
from tests.load.hostile import garbled, shapes, tables, workbook, workbooks
from tests.load.measured import Measured, told
from tests.load.packed import MEMBERS, Member, archives, packed

MADE: Final = dict([*workbooks(), *tables(), *shapes(), *archives()])
CPU_S: Final = 2.0
MEMORY_MB: Final = 200
NOUNS: Final[tuple[Noun, ...]] = ("issues", "areas", "places")


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Measured]:
    """What became of each file, read in a process of its own."""
    folder = tmp_path_factory.mktemp("hostile") / "made"
    folder.mkdir()
    for name, content in MADE.items():
        (folder / name).write_bytes(content)
    order = (sys.executable, "-m", "tests.load.measured", str(folder))
    done = subprocess.run(order, capture_output=True, check=True)  # noqa: S603 ours
    lines = (Measured(*json.loads(line)) for line in done.stdout.decode().splitlines())
    return {line.name: line for line in lines}


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))


@pytest.mark.parametrize("name", MADE)
def test_it_is_refused_or_told_of_soon_in_little_memory_and_nothing_is_left(
    name: str, measured: Mapping[str, Measured]
) -> None:
    found = measured[name]
    assert found.said
    assert found.left == 0
    assert found.cpu_s < CPU_S
    assert found.memory_mb < MEMORY_MB


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("longest-cell.xlsx", "A2 有一格长于"),
        ("cell-of-runs.xlsx", "A2 有一格长于"),
        ("beyond.xlsx", "1,048,576"),
        ("rows-of-nothing.xlsx", "个单元格压缩成"),
        ("blocks.xlsx", "20,000 处合并"),
        ("styles.xlsx", "样式"),
        ("longest-cell.csv", "第 2 行长于 4 MB"),
        ("longest-quote.csv", "第 2 行长于 4 MB"),
        ("blank-lines.csv", "几乎都是空行"),
        ("millions.csv", "有 2,000,002 行（一次最多 2,000,000 行）"),
        ("rings-without-end.geojson", "第 1 个图形有超过 300,000 个点"),
        ("rings-without-end.kml", "第 1 个图形有超过 300,000 个点"),
        ("longest-text.geojson", "第 1 个图形（含属性）超过 16 MB"),
        ("rings-on-one-line.geojson", "geometry-unreadable"),
        ("crossed.wkt.csv", "geometry-unreadable"),
        ("piled.geojson", "overlaps-everywhere"),
        ("one-part-many-times.geojson", "geometry-unreadable"),
        ("arcs.parquet", "geometry-unreadable"),
        ("arcs.wkt.csv", "wkt-unreadable"),
        ("endless.gpkg", "“t”没有尽头"),
        ("endless-column.gpkg", "“t”没有尽头"),
        ("long-columns.gpkg", "“t”没有尽头"),
        ("large-value.gpkg", "“t”算出的一个值超过 16 MB"),
        ("generated.gpkg", "“t”算出的一个值超过 16 MB"),
        ("large-values.gpkg", "“t”算出的内容超过 64 MB"),
        ("rows-of-nothing.gpkg", "“t”算出的内容超过 64 MB"),
        ("nested.gpkg", "等视图层层相套，共 2,000 个以上"),
        ("unknown-function.gpkg", "只有视图，用了不认识或不接受的函数：t"),
        ("view-beside-tables.gpkg", "views-ignored"),
        ("listed.zip", "成员表占"),
        ("many.zip", "3000 个成员"),
        ("inflated.zip", "倍"),
        ("no-utf8.zip", "读不出来"),
    ],
)
def test_the_sentence_says_what_there_is_too_much_of_and_where(
    name: str, words: str, measured: Mapping[str, Measured]
) -> None:
    assert words in measured[name].said


def test_of_shapes_that_cross_themselves_by_turns_the_first_are_read(
    measured: Mapping[str, Measured],
) -> None:
    said = measured["crossed-by-turns.geojson"].said.split()
    assert {"geometry-unreadable", "polygon-doubtful"} <= set(said)


def test_what_is_blank_or_merged_too_far_is_no_reason_to_refuse_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "merged-column.xlsx"
    path.write_bytes(MADE[path.name])
    (found,) = read(path, "issues", ReadOptions())
    assert found.frame["reference"].tolist() == ["x"]


def test_layers_that_are_too_many_to_be_read_at_once_are_told(tmp_path: Path) -> None:
    folders = "".join(f"<Folder><name>{n}</name></Folder>" for n in range(201))
    path = tmp_path / "many.kml"
    path.write_text(
        f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{folders}</Document></kml>'
    )
    assert "several-layers" in told(path, "areas")
    with pytest.raises(BeyondLimitError, match="201 layers or sheets"):
        read(path, "areas", ReadOptions(all_layers=True))


def test_a_workbook_is_opened_once_for_all_its_sheets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "sheets.xlsx"
    with pd.ExcelWriter(path) as book:
        for n in range(3):
            pd.DataFrame({"工单编号": [n], "内容": "x"}).to_excel(
                book, sheet_name=str(n), index=False
            )
    opened = Mock(wraps=openpyxl.load_workbook)
    monkeypatch.setattr(openpyxl, "load_workbook", opened)
    found = read(path, "issues", ReadOptions(all_layers=True))
    assert [each.frame["reference"].tolist() for each in found] == [["0"], ["1"], ["2"]]
    assert opened.call_count == 1


def test_reading_gml_leaves_no_file_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a.gml"
    path.write_text(
        '<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml"><gml:featureMember><a>'
        "<code>1</code><gml:Point><gml:pos>36 117</gml:pos></gml:Point></a></gml:featureMember>"
        "</gml:FeatureCollection>"
    )
    before = set(tmp_path.iterdir())
    assert told(path, "places")
    assert set(tmp_path.iterdir()) == before


ROW: Final = '<row r="{0}"><c r="A{0}"><v>{0}</v></c><c r="B{0}" s="0"/></row>'


@settings(max_examples=cases(4), deadline=None)
@given(st.lists(st.integers(2, 30_000), min_size=1, max_size=9, unique=True).map(sorted))
def test_rows_among_blanks_are_read_as_if_there_were_none(filled: list[int]) -> None:
    said = set(filled)
    rows = "".join(
        ROW.format(n) if n in said else f'<x:row r="{n}"><x:c r="A{n}"/></x:row>'.replace("x:", "")
        for n in range(2, 30_001)
    )
    head = '<row r="1"><c r="A1" t="inlineStr"><is><t>工单编号</t></is></c></row>'
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        path.write_bytes(workbook(head + rows))
        (found,) = read(path, "issues", ReadOptions())
    assert found.frame["reference"].tolist() == [str(n) for n in filled]


@settings(max_examples=cases(25), deadline=None)
@given(st.lists(MEMBERS, max_size=4), st.floats(0.5, 1.0))
@example([Member(b"a.csv"), Member(b"a.csv")], 1.0)
@example([Member(b"."), Member(b"./."), Member(b".\\")], 1.0)
def test_an_archive_of_whatever_names_is_refused_or_read_and_nothing_lies_outside(
    members: list[Member], kept: float
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        inside = Path(folder) / "in"
        inside.mkdir()
        content = packed(members)
        (inside / "a.zip").write_bytes(content[: max(1, round(kept * len(content)))])
        assert told(inside / "a.zip", "issues")
        assert [p.name for p in Path(folder).rglob("*")] == ["in", "a.zip"]


@pytest.mark.skipif(DEEP == 1, reason="make fuzz: half a minute")
@pytest.mark.parametrize("name", [name for name in MADE if len(MADE[name]) < 2**20])
def test_bytes_that_are_cut_or_changed_are_told_of_too(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    for seed in range(DEEP):
        path.write_bytes(garbled(MADE[name], seed))
        for noun in NOUNS:
            assert told(path, noun) is not None, (seed, noun)
        assert not list((tmp_path / "temporary").iterdir())
