"""`jingwei assign`: the grid files it takes, and what becomes of rows that cannot own a point."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from shapely import GeometryCollection, LineString, Point, Polygon, box

from geo.crs import WGS84, Datum, from_wgs84
from geo.errors import (
    FileUnreadableError,
    GridCodesError,
    GridColumnsError,
    GridShapesError,
    GridSystemError,
    JingweiError,
    UnknownCrsError,
)
from tests.files.given import invoke, typed
from tests.load.hostile import shapes

HERE = "lon,lat\n117.5,36.5\n118.5,36.5\n"  # one point in each half
WEST_HALF, EAST_HALF = box(117, 36, 118, 37), box(118, 36, 119, 37)
BOW_TIE = Polygon([(118, 36), (119, 37), (119, 36), (118, 37)])


def halves(codes: object, shape: object = EAST_HALF, **columns: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"code": codes, **columns}, geometry=[WEST_HALF, shape], crs=WGS84)


def owners(
    grids: gpd.GeoDataFrame | pd.DataFrame | None, path: Path, *words: str, rows: str = HERE
) -> tuple[list[str], str]:
    """Return the grids found for the rows, and what was said; None: the file is there already."""
    if isinstance(grids, pd.DataFrame) and path.suffix == ".parquet":
        grids.to_parquet(path)
    elif isinstance(grids, pd.DataFrame):
        pyogrio.write_dataframe(grids, path)
    out = path.with_name("o.csv")
    points = typed(path.parent, rows)
    datum = [] if "--datum" in words else ["--datum", "wgs84"]
    result = invoke(points, "--grids", path, "--out", out, *datum, *words)
    if result.exception:
        raise result.exception
    return pd.read_csv(out, dtype=str, keep_default_na=False)["grid"].tolist(), result.stderr


@pytest.mark.parametrize(
    "codes",
    [
        ["9", "10"],
        [9, 10],
        [9.0, 10.0],
        pd.array([9, 10], "Int64"),
        pd.Categorical(["9", "10"]),
    ],
)
def test_codes_may_be_text_or_whole_numbers_of_any_type(tmp_path: Path, codes: object) -> None:
    assert owners(halves(codes), tmp_path / "g.parquet")[0] == ["9", "10"]


def test_long_numbers_keep_every_digit_beside_a_missing_one(tmp_path: Path) -> None:
    grids = halves(pd.array([370102001001000009, None], "Int64"))
    grids.to_parquet(tmp_path / "p.parquet")
    table = pq.read_table(tmp_path / "p.parquet")
    own = {b"geo": table.schema.metadata[b"geo"]}  # as others than pandas write it
    pq.write_table(table.replace_schema_metadata(own), tmp_path / "g.parquet")
    (tmp_path / "g.geojson").write_text(grids.to_json())
    for name in ("g.parquet", "g.geojson"):
        found, said = owners(None, tmp_path / name)
        assert found == ["370102001001000009", ""]
        assert "left out: row 2" in said


def test_the_column_of_codes_is_found_in_any_case_and_in_the_index(tmp_path: Path) -> None:
    indexed = halves(["a", "b"]).set_index("code")
    assert owners(indexed, tmp_path / "i.parquet")[0] == ["a", "b"]
    both = halves(["a", "b"]).assign(CODE="x")
    assert owners(both, tmp_path / "b.parquet")[0] == ["a", "b"]
    named = halves([1, 2]).rename(columns={"code": "Nc_Id"})
    assert owners(named, tmp_path / "n.gpkg", "--code", "NC_ID")[0] == ["1", "2"]


@pytest.mark.parametrize("shape", [None, Polygon(), LineString([(118, 36), (119, 37)])])
def test_a_grid_without_a_polygon_is_left_out_and_named(tmp_path: Path, shape: object) -> None:
    found, said = owners(halves(["a", "b"], shape), tmp_path / "g.gpkg")
    assert found == ["a", ""]
    assert "1 个网格没有面图形，已略去：b。" in said


def test_an_invalid_grid_is_mended_and_named_and_owns_no_more_than_its_area(tmp_path: Path) -> None:
    rows = "lon,lat\n118.1,36.5\n118.5,36.9\n118.5,36.5\n"
    found, said = owners(halves(["a", "b"], BOW_TIE), tmp_path / "g.parquet", rows=rows)
    assert found == ["b", "", "b"]
    assert "Self-intersection[118.5 36.5]" in said
    spike = Polygon([(118, 36), (119, 36), (118, 36)])  # no area at all
    found, said = owners(halves(["a", "b"], spike), tmp_path / "s.parquet", rows=rows)
    assert found == ["", "", ""]
    assert "left out: b" in said


def test_a_grid_that_only_degrees_make_invalid_is_mended_too(tmp_path: Path) -> None:
    # A vertex a millimetre below a straight edge of a kilometre, which in degrees bends lower.
    edge = [(501_000, 4e6), (5e5, 4e6)]
    notch = Polygon([*edge, (5e5, 3_999_500), (500_500, 4e6 - 1e-3), (501_000, 3_999_500)])
    metres = gpd.GeoDataFrame({"code": ["a", "b"]}, geometry=[box(4e5, 4e6, 5e5, 41e5), notch])
    assert metres.is_valid.all()
    found, said = owners(
        metres.set_crs("EPSG:4548"), tmp_path / "g.gpkg", rows="lon,lat\n116.5,36.5"
    )
    assert found == ["a"]
    assert "1 grid(s) are invalid" in said


def test_of_a_collection_the_polygons_count(tmp_path: Path) -> None:
    parts = GeometryCollection([EAST_HALF, Point(0, 0), LineString([(1, 1), (2, 2)])])
    found, said = owners(halves(["a", "b"], parts), tmp_path / "g.gpkg", rows=HERE + "0,0\n")
    assert found == ["a", "b", ""]
    assert "grid(s)" not in said


def test_rows_of_one_code_are_one_grid_special_where_one_of_them_is(tmp_path: Path) -> None:
    rows = halves(["b", "b"], special=[None, "是"])
    over = gpd.GeoDataFrame({"code": ["a"]}, geometry=[box(117, 36, 119, 37)], crs=WGS84)
    found, said = owners(gpd.pd.concat([over, rows]), tmp_path / "g.gpkg", rows=HERE + "118,36.5\n")
    assert found == ["b", "b", "b"]
    assert "1 code(s) have several rows, made one grid each: b" in said


def test_grids_in_another_datum_are_asked_in_that_datum(tmp_path: Path) -> None:
    def shifted(datum: Datum) -> gpd.GeoDataFrame:
        rows = halves(["a", "b"], box(118, 36, 119, 37))
        moved = shapely.transform(
            rows.geometry.to_numpy(), lambda x, y: from_wgs84(x, y, datum), interleaved=False
        )
        return rows.set_geometry(moved).set_crs(WGS84, allow_override=True)

    near = "lon,lat\n117.9999,36.5\n118.0001,36.5\n"  # nine metres from the border
    path = tmp_path / "g.parquet"
    assert owners(shifted("gcj02"), path, "--grids-datum", "gcj02", rows=near)[0] == ["a", "b"]
    assert owners(shifted("gcj02"), path, rows=near)[0] != ["a", "b"]


def test_points_in_the_datum_of_the_grids_stay_on_their_edges(tmp_path: Path) -> None:
    y = np.linspace(36, 37, 101)[1:]
    rows = "\n".join(["lon,lat", *(f"118,{lat!r}" for lat in y.tolist())])
    words = ("--grids-datum", "bd09", "--datum", "bd09")
    assert owners(halves(["a", "b"]), tmp_path / "g.gpkg", *words, rows=rows)[0] == ["a"] * 100


def test_points_in_the_grids_own_plane_stay_on_its_edges(tmp_path: Path) -> None:
    # The lower grid's upper edge is a kilometre long and straight here; in degrees it is not.
    squares = [box(5e5, 4e6, 501_000, 4_000_500), box(5e5, 4_000_500, 500_400, 4_001_000)]
    squares += [box(500_400, 4_000_500, 501_000, 4_001_000)]
    grids = gpd.GeoDataFrame({"code": ["a", "b", "c"]}, geometry=squares, crs="EPSG:4548")
    grids.to_file(tmp_path / "g.shp")
    x = np.linspace(5e5, 501_000, 101)
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, np.full(101, 4_000_500.0)))
    points.set_crs("EPSG:4548").to_parquet(tmp_path / "p.parquet")
    out = tmp_path / "o.parquet"
    assert (
        invoke(tmp_path / "p.parquet", "--grids", tmp_path / "g.shp", "--out", out).exit_code == 0
    )
    assert gpd.read_parquet(out)["grid"].tolist() == ["a"] * 101


def test_grids_that_declare_no_system_or_an_unknown_one_may_be_told(tmp_path: Path) -> None:
    metres = halves(["a", "b"]).to_crs("EPSG:4527").set_crs(None, allow_override=True)
    with pytest.raises(GridSystemError, match="--grids-crs"):
        owners(metres, tmp_path / "m.parquet")
    told = ("--grids-crs", "EPSG:4527")
    assert owners(metres, tmp_path / "m.parquet", *told)[0] == ["a", "b"]
    site = 'LOCAL_CS["site",UNIT["metre",1]]'
    with pytest.raises(UnknownCrsError, match="site"):
        owners(metres.set_crs(site), tmp_path / "s.gpkg")
    with pytest.raises(UnknownCrsError, match="EPSG:1"):
        owners(metres, tmp_path / "m.parquet", "--grids-crs", "EPSG:1")
    undeclared = halves(["a", "b"]).set_crs(None, allow_override=True)
    assert owners(undeclared, tmp_path / "d.parquet")[0] == ["a", "b"]


def test_files_without_one_usable_grid_are_refused(tmp_path: Path) -> None:
    with pytest.raises(GridCodesError, match=r"1\.5"):
        owners(halves([1.5, None]), tmp_path / "c.gpkg")
    lines = halves(["a", "b"]).set_geometry([LineString([(0, 0), (1, 1)])] * 2)
    with pytest.raises(GridShapesError, match="have no polygon: a, b"):
        owners(lines.set_crs(WGS84, allow_override=True), tmp_path / "l.gpkg")
    with pytest.raises(GridColumnsError, match="'code'; found: name"):
        owners(halves(["a", "b"]).rename(columns={"code": "name"}), tmp_path / "n.gpkg")
    plain = pd.DataFrame({"code": ["x"]})
    with pytest.raises(FileUnreadableError):
        owners(plain, tmp_path / "p.parquet")
    with pytest.raises(GridColumnsError, match="geometry"):
        owners(plain, tmp_path / "p.gpkg")
    assert owners(halves(["a", "b"]).iloc[:0], tmp_path / "e.gpkg")[0] == ["", ""]


@pytest.mark.parametrize(
    ("name", "says"),
    [("endless.gpkg", "does not end"), ("crossed.geojson", "meets itself"), ("a.parquet", "JSON")],
)
def test_grids_made_to_hurt_are_refused_with_a_sentence(
    name: str, says: str, tmp_path: Path
) -> None:
    made = dict(shapes())
    halves(["a", "b"]).to_parquet(tmp_path / "whole.parquet")
    table = pq.read_table(tmp_path / "whole.parquet")
    pq.write_table(table.replace_schema_metadata({b"geo": b"[" * 99_999}), tmp_path / "a.parquet")
    if name in made:
        (tmp_path / name).write_bytes(made[name])
    with pytest.raises(JingweiError, match=says):
        owners(None, tmp_path / name)
