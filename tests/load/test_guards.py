"""Text goes to a spreadsheet without running there, and comes back letter for letter."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from api.files.lists import write_list
from geo.load import ledgers, tables
from geo.load.files import Source, opened
from geo.load.guards import from_workbook, guarded, in_workbook, unguarded
from geo.load.moments import moments

FINE = "2026-11-26T08:00:00.000001+08:00"
STARTS = "=+-@|%＝＋－＠\t\r\n"
# Blank text is a blank cell; NUL and lone surrogates are refused before anything is stored.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)
HOSTILE = st.one_of(
    TEXTS,
    st.builds(lambda a, b, c: a + b + c, st.sampled_from(["", "'", "''", " "]),
              st.sampled_from(list(STARTS)), TEXTS),
    st.from_regex(r"\A_x[0-9A-Fa-f]{4}_[^\0]{0,3}\Z"),
    st.sampled_from(["#N/A", "TRUE", "1e5", "007", "-5", "]]>", "2026-11-26", "一，二，三，四"]),
).filter(lambda text: bool(text.strip()))  # fmt: skip


@given(HOSTILE)
@settings(deadline=None)
def test_a_guard_is_undone_exactly_and_nothing_guarded_starts_a_formula(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert guarded(text).lstrip()[0] not in "=+-@|%＝＋－＠"
    assert from_workbook(in_workbook(text)) == text


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
@settings(max_examples=40, deadline=None)
@given(texts=st.lists(HOSTILE, min_size=1, max_size=5))
@example(texts=["\n".join("多行" * 3 for _ in range(30)), "_x000D_", "'=1", "\r\n a \r"])
def test_any_text_comes_back_from_a_file_as_it_was(ending: str, texts: list[str]) -> None:
    table = pd.DataFrame({"工单编号": [f"N{i}" for i in range(len(texts))], "内容": texts})
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"a{ending}"
        write_list(table, path, title="诉求")
        assert read(path)["内容"].tolist() == texts


def read(path: Path) -> pd.DataFrame:
    with opened(path) as sources:
        (source,) = sources
        return _read(source)


def _read(source: Source) -> pd.DataFrame:
    if source.path.suffix == ".csv":
        return tables.read_csv(source, "a").frame
    (sheet,) = ledgers.sheets(source).values()
    return ledgers.read_sheet(source, sheet).frame


def test_numbers_stay_numbers_and_times_those_of_the_city(tmp_path: Path) -> None:
    times = pd.to_datetime(
        ["2026-11-26T00:00:00Z", "2026-11-26T00:00:00.000001Z"], format="ISO8601", utc=True
    ).tz_convert("Asia/Shanghai")
    table = pd.DataFrame({"n": [-5, 3], "lat": [-36.5, None], "text": ["-5", None], "at": times})
    for ending in (".csv", ".xlsx"):
        write_list(table, tmp_path / f"a{ending}", title="表")
    lines = (tmp_path / "a.csv").read_text("utf-8-sig").splitlines()
    assert lines == ["n,lat,text,at", "-5,-36.5,'-5,2026-11-26T08:00:00+08:00", f"3,,,{FINE}"]
    rows = list(openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0].iter_rows(min_row=2))
    assert [cell.value for cell in rows[0]] == [-5, -36.5, "'-5", datetime(2026, 11, 26, 8)]  # noqa: DTZ001 as a cell holds it
    assert [cell.data_type for cell in rows[0]] == ["n", "n", "s", "d"]
    assert rows[1][3].value == FINE


@given(st.datetimes(datetime(1970, 1, 3), datetime(2199, 12, 31)))  # noqa: DTZ001 as above
@settings(max_examples=40, deadline=None)
def test_a_moment_in_a_workbook_is_read_back_as_it_was(local: datetime) -> None:
    moment = pd.Timestamp(local.replace(microsecond=0), tz="Asia/Shanghai")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        write_list(pd.DataFrame({"办理时限": [moment]}), path, title="诉求")
        assert moments(read(path)["办理时限"], "Asia/Shanghai").times.iloc[0] == moment


def test_an_undone_guard_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("编号,内容\n1,'=1+1\n2,'引用'\n", "utf-8")
    with opened(path) as (source,):
        raw = tables.read_csv(source, "a")
    assert raw.frame["内容"].tolist() == ["=1+1", "'引用'"]
    assert [(f.code, f.rows) for f in raw.findings] == [("guard-undone", (1,))]
