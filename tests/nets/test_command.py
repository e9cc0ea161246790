from __future__ import annotations

import csv
import json
from pathlib import Path

import geopandas as gpd
import openpyxl
import pyogrio
import pytest
import shapely
from typer.testing import CliRunner

from api.cli import app
from api.files.mergers import HOUSEHOLDS_SHEET
from geo.errors import (
    BadOptionError,
    EmptyFileError,
    JingweiError,
    LayerNotNamedError,
    MissingFileError,
    NetFileError,
    NetQuestionsError,
    NetsApartError,
    NoHouseholdsError,
    OneNetError,
    SameFileError,
    UnknownChoiceError,
    UnknownColumnError,
)
from tests.nets.drawn import homes, net

WGS84 = ("--datum", "wgs84")


@pytest.fixture
def nets(tmp_path: Path) -> Path:
    """Two nets in one file, another in a shapefile in GBK without .prj, and places."""
    police = net("aaaabbbb\naaaabbbb").assign(name=["=1+1", "乙所"])
    police.to_crs(4326).to_file(tmp_path / "nets.gpkg", layer="police")
    net("aaaaabbb\naaaaabbb").to_crs(4326).to_file(tmp_path / "nets.gpkg", layer="fire")
    urban = net("ppqqrrss\nppqqrrss").rename(columns={"code": "城管编号"})
    urban.to_file(tmp_path / "urban.shp", encoding="GBK")
    (tmp_path / "urban.cpg").unlink()
    (tmp_path / "urban.prj").unlink()
    homes(8, 2).to_crs(4326).to_file(tmp_path / "places.gpkg")
    return tmp_path


def run(*words: object) -> str:
    result = CliRunner().invoke(app, ["merge", *map(str, words)])
    if isinstance(result.exception, JingweiError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def test_files_become_one_net_with_a_sheet_for_each_department(nets: Path) -> None:
    out = nets / "plan.gpkg"
    said = run(
        f"{nets}/nets.gpkg:police", "--net", f"消防={nets}/nets.gpkg:fire",
        "--net", f"城管={nets}/urban.shp", "--crs", "城管=EPSG:4548", "--code", "城管=城管编号",
        "--places", nets / "places.gpkg", "--quality", "fast", *WGS84, "--out", out,
    )  # fmt: skip
    grids = gpd.read_file(out, layer="grids")
    assert grids["households"].tolist() == [400] * 4
    assert shapely.coverage_is_valid(grids.geometry.to_numpy())
    atoms = gpd.read_file(out, layer="atoms")
    assert {"police", "消防", "城管"} <= set(atoms.columns)
    rows = pyogrio.read_dataframe(out, layer="assignment")
    assert rows["atom"].tolist() == atoms["atom"].tolist()
    assert gpd.read_file(out, layer="conflicts")["households"].sum() == 200 + 200
    report = json.loads((nets / "plan.json").read_text(encoding="utf-8"))
    assert report["plan"]["households"] == 1600
    assert report["files"]["城管"]["crs"] == "EPSG:4548"
    assert [row["conflict"] for row in report["matrix"]] == [200, 0, 200]
    assert "police × 消防：分歧 200 户" in said


def test_estates_are_a_column_of_the_places_and_one_that_is_not_there_is_named(nets: Path) -> None:
    yards = homes(8, 2).assign(院落=["东院" if 2 <= n % 8 <= 5 else None for n in range(16)])
    yards.to_crs(4326).to_file(nets / "yards.gpkg")
    words = f"{nets}/nets.gpkg:police", f"{nets}/nets.gpkg:fire", "--out", nets / "plan.gpkg"
    run(
        *words, "--places", nets / "yards.gpkg", "--groups", "院落", "--quality", "draft",
        "--band", 300, 900, *WGS84,
    )  # fmt: skip
    atoms = gpd.read_file(nets / "plan.gpkg", layer="atoms")
    middle = yards.to_crs(atoms.crs)[yards["院落"] == "东院"].sjoin(atoms)
    assert middle["grid"].nunique() == 1
    with pytest.raises(UnknownColumnError, match="院子"):
        run(*words, "--places", nets / "yards.gpkg", "--groups", "院子", *WGS84)
    with pytest.raises(BadOptionError, match=r"--groups.*院落"):
        run(*words, "--groups", "院落", *WGS84)


def test_a_weight_that_no_net_has_or_that_is_a_column_of_nets_is_not_taken_for_another(
    nets: Path,
) -> None:
    for name in ("one", "two"):
        both = net("aaaabbbb\naaaabbbb").assign(households=400)
        both.to_crs(4326).to_file(nets / f"{name}.gpkg")
    words = nets / "one.gpkg", nets / "two.gpkg", "--out", nets / "plan.gpkg", *WGS84
    with pytest.raises(NoHouseholdsError, match="人数"):
        run(*words, "--weight", "人数")
    with pytest.raises(BadOptionError, match=r"--weight.*geometry"):
        run(*words, "--weight", "geometry")


def test_every_department_gets_its_table_and_no_cell_is_a_formula(nets: Path) -> None:
    run(
        f"{nets}/nets.gpkg:police", f"{nets}/nets.gpkg:fire", "--places", nets / "places.gpkg",
        "--quality", "fast", *WGS84, "--out", nets / "plan.gpkg",
    )  # fmt: skip
    book = openpyxl.load_workbook(nets / "plan.xlsx")
    assert {HOUSEHOLDS_SHEET, "police", "fire"} <= set(book.sheetnames)
    square = list(book[HOUSEHOLDS_SHEET].iter_rows(values_only=True))
    assert square == [("部门", "police", "fire"), ("police", 0, 200), ("fire", 200, 0)]
    cells = [cell.value for row in book["police"].iter_rows() for cell in row]
    assert "'=1+1" in cells
    with (nets / "plan.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["部门"] for row in rows} == {"police", "fire"}
    assert sum(int(row["户数"]) for row in rows) == 2 * 1600
    assert {row["原单元名称"] for row in rows if row["部门"] == "police"} == {"'=1+1", "乙所"}


def test_rows_of_one_code_are_one_unit_with_its_households(tmp_path: Path) -> None:
    parts = net("aabbccdd").assign(code=["x", "y", "x", "y"], households=[300, 120, 300, 280])
    parts.to_crs(4326).to_file(tmp_path / "parts.gpkg")
    net("aabbccdd").to_crs(4326).to_file(tmp_path / "b.gpkg")
    said = run(
        tmp_path / "parts.gpkg", tmp_path / "b.gpkg", *WGS84, "--quality", "fast",
        "--out", tmp_path / "plan.gpkg",
    )  # fmt: skip
    atoms = gpd.read_file(tmp_path / "plan.gpkg", layer="atoms")
    assert atoms.groupby("parts")["households"].sum().to_dict() == {"x": 300, "y": 400}
    assert "'parts', spread by area" in said


def test_what_is_wrong_with_a_file_is_said(nets: Path) -> None:
    police, fire, out = f"{nets}/nets.gpkg:police", f"{nets}/nets.gpkg:fire", nets / "plan.gpkg"
    homes(2, 2).to_file(nets / "points.gpkg")
    net("ab").iloc[:0].to_file(nets / "empty.gpkg")
    both = (police, fire, "--places", nets / "places.gpkg", "--out")
    for words, kind, match in (
        ((police, "--out", out, *WGS84), OneNetError, "redraw"),
        ((police, fire, "--out", out), NetQuestionsError, "--datum"),
        ((f"{nets}/nets.gpkg", fire, "--out", out, *WGS84), LayerNotNamedError, "police"),
        ((police, nets / "none.gpkg", "--out", out), MissingFileError, "none"),
        ((police, nets / "empty.gpkg", "--out", out, *WGS84), EmptyFileError, "empty"),
        ((police, nets / "empty.gpkg", "--seed", -1, "--out", out), BadOptionError, "seed"),
        ((police, nets / "empty.gpkg", "--previous", "x", "--out", out), BadOptionError, "x"),
        ((police, nets / "points.gpkg", "--out", out, *WGS84), NetFileError, "points"),
        ((police, "--net", "消防=", "--out", out), MissingFileError, "消防="),
        ((police, fire, "--accept", "all", "--out", out), UnknownChoiceError, "outlines"),
        ((police, nets / "urban.shp", "--out", out, *WGS84), NetQuestionsError, "--crs"),
        ((police, police, "--out", out, *WGS84), BadOptionError, "--net"),
        ((*both, nets / "nets.gpkg", *WGS84), SameFileError, "nets"),
        ((*both, nets / "plan.shp", *WGS84), BadOptionError, "gpkg"),
        ((police, fire, "--weight", "ground", "--out", out, *WGS84), BadOptionError, "公顷"),
        ((*both, out, "--datum", "公安=wgs84"), JingweiError, "公安=wgs84"),
    ):
        with pytest.raises(kind, match=match):
            run(*words)
    assert not out.exists()


def test_more_grids_than_three_digits_can_number_are_said_before_they_are_drawn(
    nets: Path,
) -> None:
    homes(40, 26).to_crs(4326).to_file(nets / "many.gpkg")
    far = net("ab")
    far.set_geometry(far.translate(50_000)).to_file(nets / "far.gpkg")  # which is found out later
    words = [f"{nets}/nets.gpkg:police", str(nets / "far.gpkg"), *WGS84]
    words += ["--places", str(nets / "many.gpkg"), "--out", str(nets / "plan.gpkg")]
    for band, told in (("50", True), ("500", False)):
        done = CliRunner().invoke(app, ["merge", *words, "--band", band, band])
        assert isinstance(done.exception, NetsApartError), done.output
        assert ("约要划成" in done.output) == told


def test_by_ground_alone_figures_are_said_to_be_hectares(nets: Path) -> None:
    said = run(
        f"{nets}/nets.gpkg:police", f"{nets}/nets.gpkg:fire", "--weight", "ground",
        "--band", 2, 4, "--quality", "draft", *WGS84, "--out", nets / "plan.gpkg",
        "--barriers", nets / "nets.gpkg",
    )  # fmt: skip
    report = json.loads((nets / "plan.json").read_text(encoding="utf-8"))
    assert report["households_from"] == "ground"
    assert report["barriers"]["used"] == report["barriers"]["given"] > 0
    assert "every figure that says households is hectares" in said
