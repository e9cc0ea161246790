"""`jingwei assign`: bytes that are no text cost no row, and come back as they were."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from geo.errors import TextTableError
from tests.files.given import Run, invoke


@pytest.mark.parametrize(("encoding", "name"), [("utf-8", "p.csv"), ("gb18030", "p.csv.gz")])
def test_a_damaged_byte_costs_no_row_and_is_passed_on_as_it_was(
    grids: Path, tmp_path: Path, encoding: str, name: str
) -> None:
    opened, options = gzip.open if name.endswith(".gz") else open, ("--datum", "wgs84")
    text = "lon,lat,备注\n117.005,36.605,历?下\n117.01?,36.605,\n117.015,36.605,好\n"
    given = text.encode(encoding).replace(b"?", b"\xff")
    with opened(tmp_path / name, "wb") as file:
        file.write(given)
    out, table = tmp_path / f"out-{name}", tmp_path / "out.parquet"
    said = invoke(tmp_path / name, "--grids", grids, "--out", out, *options).output
    assert "2 行含不是" in said
    assert "第 2, 3 行" in said
    with opened(out, "rb") as file:
        told = file.read().splitlines()
    added = [b",grid", b",007", b",", b",010"]
    assert told == [line + code for line, code in zip(given.splitlines(), added, strict=True)]
    invoke(tmp_path / name, "--grids", grids, "--out", table, *options)
    rows = pq.read_table(table).to_pydict()
    assert rows["lon"][1] == "117.01\ufffd"
    assert rows["grid"] == ["007", None, "010"]


def test_utf_16_that_is_cut_short_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_bytes("lon,lat\n117,36\n".encode("utf-16")[:-1])
    with pytest.raises(TextTableError, match="neither UTF-8 nor GB18030"):
        run(tmp_path / "p.csv")
