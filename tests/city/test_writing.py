"""Laws of the files: the same bytes for the same seed, in any process; nothing of it lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import pytest
from typer.testing import CliRunner

from api.cli import app
from geo.city import City, write
from geo.city import writing as city_writing

FILES = {
    "areas.gpkg",
    "lanes.gpkg",
    "places.gpkg",
    "issues.csv",
    "parties.csv",
    "duties.csv",
    "services.csv",
    "truth.npz",
}


@pytest.fixture(scope="module")
def written(small_city: City, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the small city in it."""
    folder = tmp_path_factory.mktemp("city")
    write(small_city, folder)
    return folder


def test_two_processes_write_the_same_bytes(written: Path, tmp_path: Path) -> None:
    there = tmp_path / "there"
    command = "import pathlib, sys; from geo.city import build, write; "
    command += "write(build('small', 1), pathlib.Path(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", command, str(there)], check=True)  # noqa: S603 our own
    assert {path.name for path in written.iterdir()} == FILES
    for path in written.iterdir():
        assert path.read_bytes() == (there / path.name).read_bytes(), path.name


def test_the_command_says_what_it_wrote_in_two_languages(tmp_path: Path) -> None:
    out = tmp_path / "city"
    result = CliRunner().invoke(app, ["city", "--size", "small", "--seed", "4", "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert "生成完毕" in result.output
    assert "Generated" in result.output
    assert {path.name for path in out.iterdir()} == FILES


def test_layers_read_back_as_they_were(small_city: City, written: Path) -> None:
    layers = [name for name, _ in pyogrio.list_layers(written / "areas.gpkg")]
    assert layers[:7] == [
        "city",
        "district",
        "subdistrict",
        "community",
        "grid",
        "special",
        "estate",
    ]
    grid = pyogrio.read_dataframe(written / "areas.gpkg", layer="grid").set_index("code")
    own = small_city.layer("grid").set_index("code").loc[grid.index]
    assert grid.crs == "EPSG:4326"
    assert grid.geometry.geom_equals_exact(own.geometry, 0.0).all()
    buildings = pyogrio.read_dataframe(written / "places.gpkg", layer="building")
    assert buildings["households"].sum() == small_city.places["households"].sum()


def test_issues_are_a_table_that_spreadsheets_open(small_city: City, written: Path) -> None:
    assert (written / "issues.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    table = pd.read_csv(written / "issues.csv", dtype={"service": "str"})
    assert len(table) == len(small_city.issues)
    assert table["lon"].notna().equals(small_city.issues.geometry.notna())
    when = pd.to_datetime(table["reported_at"], utc=True)
    assert (when == small_city.issues["reported_at"].dt.floor("s")).all()


def test_the_truth_file_answers_by_itself(small_city: City, written: Path) -> None:
    with np.load(written / "truth.npz") as truth:
        assert truth["lon"].shape == (truth["grid"].shape[0] + 1, truth["grid"].shape[1] + 1)
        held = truth["issue_grid"][truth["issue_grid"] != ""]
        assert set(held) <= set(truth["code"])
        assert len(truth["issue"]) == len(small_city.issues)


def test_a_large_city_goes_to_parquet(
    small_city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(city_writing, "_MANY", 100)
    one, two = tmp_path / "one", tmp_path / "two"
    written = {(w.path.name, w.rows) for w in write(small_city, one)}
    write(small_city, two)
    assert ("places.parquet", len(small_city.places)) in written
    assert ("issues.parquet", len(small_city.issues)) in written
    for name in ("places.parquet", "issues.parquet"):
        assert (one / name).read_bytes() == (two / name).read_bytes()
