from __future__ import annotations

import json
import re
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from typer.testing import CliRunner

from api.cli import app
from api.files import redrawing
from geo.errors import (
    BadOptionError,
    BadPolygonsError,
    DatumNotNamedError,
    FileNotWrittenError,
    FileUnreadableError,
    ImportRefusedError,
    JingweiError,
    LayerNotNamedError,
    NoGeometryError,
    NoSuchColumnsError,
    OverlapError,
    SameFileError,
)
from tests.load.viewed import add_spatial_view
from tests.redraw.toy import town

TOWN = "aa....\naa..##\n......\nbb..3."


@pytest.fixture
def atoms(tmp_path: Path) -> Path:
    path = tmp_path / "atoms.gpkg"
    town(TOWN).assign(grid="A", seat=False).to_file(path, layer="atoms")
    return path


def run(*words: object) -> str:
    result = CliRunner().invoke(app, ["redraw", *map(str, words)])
    if isinstance(result.exception, JingweiError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def test_a_file_of_atoms_becomes_a_plan_with_a_report_beside_it(
    atoms: Path, tmp_path: Path
) -> None:
    out = tmp_path / "plan.gpkg"
    said = run(
        atoms, "--weight", "households", "--within", "within", "--band", 300, 500,
        "--groups", "estate", "--previous", "grid", "--anchors", "seat", "--out", out,
    )  # fmt: skip
    grids = gpd.read_file(out, layer="grids")
    rows = pyogrio.read_dataframe(out, layer="assignment")
    report = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    assert {"code", "within", "households", "compactness"} <= set(grids.columns)
    assert grids.crs == "EPSG:4548"
    assert (grids["code"].str[:-3] == grids["within"]).all()
    assert shapely.coverage_is_valid(grids.geometry.to_numpy())
    assert rows["atom"].tolist() == town(TOWN)["atom"].tolist()
    assert set(rows["grid"]) == set(grids["code"])
    assert report["households"] == town(TOWN)["households"].sum() == grids["households"].sum()
    assert (report["pieces"], report["communities"][0]["reason"]) == (0, "in_band")
    assert set(report["seconds"]) == {"prepare", "search", "dissolve"}
    assert "达标" in said


def test_atoms_without_a_name_are_called_by_their_row(tmp_path: Path) -> None:
    town("....").drop(columns="atom").to_file(tmp_path / "a.fgb")
    run(tmp_path / "a.fgb", "--out", tmp_path / "plan.gpkg", "--quality", "fast")
    rows = pyogrio.read_dataframe(tmp_path / "plan.gpkg", layer="assignment")
    assert rows["atom"].tolist() == [0, 1, 2, 3]


def test_buildings_are_cut_apart_by_roads(tmp_path: Path) -> None:
    points = town("33\n33").drop(columns="special")
    points.geometry = points.geometry.centroid
    points.to_parquet(tmp_path / "points.parquet")
    road = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 110), (300, 110)])], crs="EPSG:4548")
    road.to_crs(4326).to_file(tmp_path / "roads.gpkg")
    said = run(
        tmp_path / "points.parquet", "--within", "within", "--threads", 1,
        "--barriers", tmp_path / "roads.gpkg", "--out", tmp_path / "plan.gpkg",
    )  # fmt: skip
    grids = gpd.read_file(tmp_path / "plan.gpkg", layer="grids")
    assert grids["households"].sum() == 1200
    assert "4 rows" in said


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_table_with_longitudes_and_latitudes_is_buildings(tmp_path: Path, ending: str) -> None:
    points = town("33\n33").geometry.centroid.translate(500_000, 4_050_000).to_crs(4326)
    table = pd.DataFrame({"户数": 300, "社区": "0001", "经度": points.x, "纬度": points.y})
    path, out = tmp_path / f"points.{ending}", tmp_path / "plan.gpkg"
    if ending == "csv":
        table.to_csv(path, index=False, encoding="gb18030")
    else:
        table.to_excel(path, index=False)
    words = (path, "--weight", "户数", "--within", "社区", "--out", out)
    with pytest.raises(DatumNotNamedError):
        run(*words)
    run(*words, "--datum", "gcj02")
    grids = gpd.read_file(out, layer="grids")
    assert grids["code"].tolist() == ["0001001", "0001002", "0001003", "0001004"]
    assert grids.crs == 4326
    assert 300 < grids.to_crs(4548).centroid.distance(points.to_crs(4548).union_all()).min() < 900
    with pytest.raises(BadOptionError, match="--datum"):
        run(out, "--layer", "grids", "--datum", "gcj02", "--out", tmp_path / "b.gpkg")


def test_borders_along_roads_are_said_whatever_the_layers_and_the_crs(
    atoms: Path, tmp_path: Path
) -> None:
    road = gpd.GeoDataFrame(
        {"osm_id": ["1", "2"], "other_tags": ['"railway"=>"rail"', '"landuse"=>"forest"']},
        geometry=[shapely.LineString([(0, 205), (900, 205)]), shapely.box(0, 0, 1, 1)],
        crs="EPSG:4548",
    )
    road.iloc[:1].to_crs(4326).to_file(tmp_path / "osm.gpkg", layer="lines")
    road.iloc[1:].to_file(tmp_path / "osm.gpkg", layer="multipolygons")
    spot = road.iloc[:1].assign(geometry=road.centroid)
    spot.to_file(tmp_path / "osm.gpkg", layer="points")
    out = tmp_path / "plan.gpkg"
    said = run(atoms, "--barriers", tmp_path / "osm.gpkg", "--barriers", atoms, "--out", out)
    report = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    assert report["borders_on_barriers"] == report["communities"][0]["borders_on_barriers"] == 1
    assert report["barriers"]["used"] == 1 + len(town(TOWN))
    assert "100.0 %" in said
    said = run(atoms, "--barriers", tmp_path / "osm.gpkg", "--out", out)
    assert "2 roads" in said
    for name in ("stops", "trees"):
        spot.to_file(tmp_path / "dots.gpkg", layer=name)
    assert "2 points" in run(atoms, "--barriers", tmp_path / "dots.gpkg", "--out", out)
    assert "1 of classes that are no border" in said


def test_communities_out_of_band_are_listed_with_the_reason(tmp_path: Path) -> None:
    parts = [
        town("..", within=f"3701020010{n:02d}").assign(atom=[f"{n}a", f"{n}b"]) for n in range(14)
    ]
    for n, part in enumerate(parts):
        part.geometry = part.geometry.translate(xoff=1000 * n)
    both = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True))
    both.to_file(tmp_path / "a.gpkg")
    said = run(tmp_path / "a.gpkg", "--within", "within", "--out", tmp_path / "plan.gpkg")
    assert "不足下限" in said
    assert "14 in all" in said


def test_a_first_redraw_says_what_it_waits_for(
    atoms: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redrawing, "is_ready", lambda: False)
    assert "compiling the search, once" in run(atoms, "--out", tmp_path / "plan.gpkg")


def test_a_wrong_column_is_said_before_the_compiler_is_waited_for(
    atoms: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redrawing, "is_ready", lambda: False)
    words = ["redraw", str(atoms), "--within", "nowhere", "--out", str(tmp_path / "plan.gpkg")]
    result = CliRunner().invoke(app, words)
    assert isinstance(result.exception, NoSuchColumnsError)
    assert "compiling" not in result.output


def test_kernels_of_the_search_and_of_the_lookup_can_be_compiled_ahead() -> None:
    # In a process of its own: here others have compiled them by now.
    script = (
        "from api.cli.warm import warm\n"
        "warm()\n"
        "from geo.lookup import cells, search\n"
        "kernels = search.position_at, search.positions, cells.draw, cells.meeting\n"
        "print(*(len(kernel.signatures) for kernel in kernels))"
    )
    line = [sys.executable, "-c", script]
    done = subprocess.run(line, capture_output=True, text=True, check=True)  # noqa: S603 our own words
    assert "The kernels are ready" in done.stdout
    assert "NUMBA_CACHE_DIR" not in done.stderr
    assert done.stdout.split()[-4:] == ["1"] * 4


def test_a_shapefile_in_chinese_alone_or_packed_in_a_folder_is_read(tmp_path: Path) -> None:
    atoms = town("....").rename(columns={"households": "户数", "within": "社区"})
    pyogrio.write_dataframe(atoms.assign(社区="历下区一社区"), tmp_path / "a.shp", encoding="GBK")
    (tmp_path / "a.cpg").unlink(missing_ok=True)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        for ending in ("shp", "shx", "dbf", "prj"):
            packed.write(tmp_path / f"a.{ending}", f"地块/a.{ending}")
    for name in ("a.shp", "a.zip"):
        out = tmp_path / "plan.gpkg"
        run(tmp_path / name, "--weight", "户数", "--within", "社区", "--out", out)
        assert gpd.read_file(out, layer="grids")["code"].tolist() == ["历下区一社区001"]
    with pytest.raises(LayerNotNamedError, match="a"):
        run(tmp_path / "a.zip", "--layer", "b", "--out", tmp_path / "plan.gpkg")


def test_a_packed_row_that_cannot_be_read_is_named_not_left_out(tmp_path: Path) -> None:
    shapes = [shapely.to_wkb(shape) for shape in town("...").geometry]
    shapes[1] = struct.pack("<BIII4d", 1, 3, 1, 2, 0, 0, 1, 1)  # a ring of two points
    told = {"geometry_type": "Polygon", "crs": "EPSG:4548", "driver": "GPKG"}
    households = [np.array([50, 50, 50])]
    pyogrio.raw.write(
        tmp_path / "a.gpkg", np.array(shapes, object), households, ["households"], **told
    )
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.write(tmp_path / "a.gpkg", "a.gpkg")
    for name in ("a.gpkg", "a.zip"):
        with pytest.raises(BadPolygonsError, match=r"rows 2"):
            run(tmp_path / name, "--out", tmp_path / "plan.gpkg")


def test_shapes_with_measures_are_drawn_flat(tmp_path: Path) -> None:
    atoms = town("....")
    flat = shapely.to_wkt(atoms.geometry.to_numpy(), rounding_precision=0)
    measured = [re.sub(r"(\d)(,|\))", r"\1 7\2", text).replace("(", "M (", 1) for text in flat]
    atoms = atoms.set_geometry(gpd.GeoSeries.from_wkt(measured, crs=atoms.crs))
    assert atoms.geometry.has_m.all()
    atoms.to_parquet(tmp_path / "a.parquet")
    run(tmp_path / "a.parquet", "--quality", "fast", "--out", tmp_path / "plan.gpkg")
    grids = gpd.read_file(tmp_path / "plan.gpkg", layer="grids").geometry
    assert not grids.has_z.any()


def test_of_a_geopackage_the_tables_are_read_and_views_of_a_spatial_database_left(
    atoms: Path, tmp_path: Path
) -> None:
    before = add_spatial_view(atoms, "atoms")
    road = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 205), (900, 205)])], crs="EPSG:4548")
    road.to_file(tmp_path / "roads.gpkg", layer="roads")
    add_spatial_view(tmp_path / "roads.gpkg", "roads")
    out = tmp_path / "plan.gpkg"
    said = run(atoms, "--barriers", tmp_path / "roads.gpkg", "--quality", "draft", "--out", out)
    assert "atoms.gpkg：视图已跳过：sizes" in said
    assert "roads.gpkg：视图已跳过：sizes" in said
    assert len(pyogrio.read_dataframe(out, layer="assignment")) == len(town(TOWN))
    assert json.loads((tmp_path / "plan.json").read_text("utf-8"))["barriers"]["used"] == 1
    with pytest.raises(LayerNotNamedError, match=rf"^{re.escape(str(atoms))} .* atoms\."):
        run(atoms, "--layer", "sizes", "--out", out)
    assert atoms.read_bytes() == before


def test_more_grids_than_three_digits_can_number_are_said_before_they_are_drawn(
    tmp_path: Path,
) -> None:
    atoms = town(("." * 40 + "\n") * 26, households=100)
    upon = atoms.geometry.to_numpy().copy()
    upon[1] = upon[0]  # which is found out later
    atoms.set_geometry(upon).to_file(tmp_path / "a.fgb")
    words = ["redraw", str(tmp_path / "a.fgb"), "--band", "100", "100"]
    done = CliRunner().invoke(app, [*words, "--out", str(tmp_path / "plan.gpkg")])
    assert isinstance(done.exception, OverlapError)
    assert "社区 – 约要划成 1040 个网格" in done.output
    assert "community – will have about 1040 grids" in done.output
    done = CliRunner().invoke(
        app, [*words, "--within", "atom", "--out", str(tmp_path / "plan.gpkg")]
    )
    assert isinstance(done.exception, OverlapError)
    assert "约要划成" not in done.output


def test_what_cannot_be_used_is_said(atoms: Path, tmp_path: Path) -> None:
    out = tmp_path / "plan.gpkg"
    with pytest.raises(BadOptionError, match="gpkg"):
        run(atoms, "--out", tmp_path / "plan.shp")
    with pytest.raises(SameFileError):
        run(atoms, "--out", atoms)
    with pytest.raises(FileNotWrittenError, match="no such folder"):
        run(atoms, "--out", tmp_path / "none" / "plan.gpkg")
    rules = tmp_path / "rules.toml"
    rules.write_text("[band.urban]\nlow = 1\nhigh = 2\n", encoding="utf-8-sig")  # as Windows does
    with pytest.raises(BadOptionError, match="--rules"):
        run(atoms, "--band", 1, 2, "--rules", rules, "--out", out)
    assert run(atoms, "--rules", rules, "--out", out)
    for band in ((500, 300), (-1, 3), (0, 0)):
        with pytest.raises(BadOptionError, match="--band"):
            run(atoms, "--band", *band, "--out", out)
    with pytest.raises(LayerNotNamedError):
        run(out, "--out", tmp_path / "b.gpkg")
    with pytest.raises(NoGeometryError):
        run(out, "--layer", "assignment", "--out", tmp_path / "b.gpkg")
    pd.DataFrame({"a": [1]}).to_csv(tmp_path / "t.csv", index=False)
    with pytest.raises(NoGeometryError):
        run(atoms, "--barriers", tmp_path / "t.csv", "--out", out)
    (tmp_path / "bad.zip").write_bytes(b"PK\x03\x04 cut short")
    with pytest.raises(ImportRefusedError):
        run(tmp_path / "bad.zip", "--out", out)
    for name in ("bad.gpkg", "bad.parquet"):
        (tmp_path / name).write_bytes(b"no such thing")
        with pytest.raises(BadOptionError, match="seed"):  # said before it is read
            run(tmp_path / name, "--seed", -1, "--out", out)
        with pytest.raises(FileUnreadableError):
            run(tmp_path / name, "--out", out)


def test_a_community_without_a_plan_has_its_proof_in_the_report(tmp_path: Path) -> None:
    path, out = tmp_path / "atoms.gpkg", tmp_path / "plan.gpkg"
    town("24.3", households=150).to_file(path)
    said = run(path, "--band", 300, 500, "--quality", "proven", "--out", out)
    row = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))["communities"][0]
    assert (row["reason"], row["status"]) == ("impossible", "proven")
    assert row["proofs"][0]["grids"] is None
    assert row["proofs"][0]["en"] in row["en"]
    assert row["deterministic_time"] == 0
    assert "无论分成几个网格都没有可行方案" in said


def test_a_plan_with_proofs_is_held_against_the_least_moment_of_inertia(tmp_path: Path) -> None:
    path, out = tmp_path / "atoms.gpkg", tmp_path / "plan.gpkg"
    town("....\n....\n....", households=100).to_file(path)
    for quality, keys in (("fast", []), ("proven", ["moment_of_inertia"])):
        run(path, "--band", 300, 500, "--quality", quality, "--out", out)
        row = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))["communities"][0]
        assert list(row["bounds"]) == keys
    bound = row["bounds"]["moment_of_inertia"]
    # Squares of 2 × 2 are a plan: around one atom lie two neighbours and a diagonal one.
    assert 0 < bound["bound"] <= bound["best"] <= 3 * 100 * (100**2 + 100**2 + 2 * 100**2)
    assert 1 - bound["gap"] <= bound["bound"] / bound["best"] + 1e-6
    assert bound["ours_over_bound"] >= 1
