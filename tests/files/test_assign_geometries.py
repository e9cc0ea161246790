"""`jingwei assign` on files with geometries: any form in, any form out."""

from __future__ import annotations

import zipfile
from itertools import chain
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from shapely import Point

from geo.crs import from_wgs84
from geo.errors import FileUnreadableError, JingweiError, NotPointsError
from tests.files.given import Run, places, typed
from tests.load.hostile import shapes, tables
from tests.load.viewed import add_spatial_view


@pytest.mark.parametrize("suffix", ["gpkg", "geojson", "fgb", "parquet"])
@pytest.mark.parametrize("target", ["gpkg", "geojson", "fgb", "parquet"])
def test_any_geometry_file_becomes_any_other_in_order(
    run: Run, tmp_path: Path, suffix: str, target: str
) -> None:
    path = tmp_path / f"points.{suffix}"
    if suffix == "parquet":
        places().to_parquet(path)
    elif suffix == "fgb":
        places().to_file(path, SPATIAL_INDEX="NO")
    else:
        places().to_file(path)
    out = run(path, f"out.{target}")
    found = gpd.read_parquet(out) if target == "parquet" else gpd.read_file(out)
    assert found["id"].tolist() == list("abcd")
    assert found["n"].astype("Int64").equals(places()["n"])
    assert found["grid"].fillna("").tolist() == ["007", "", "010", ""]
    assert found.geometry.set_crs(4326).geom_equals(places().geometry).drop(1).all()
    assert found.geometry.isna().tolist() == [False, True, False, False]


def test_of_geopackages_the_tables_are_read_and_views_of_a_spatial_database_left(
    run: Run, grids: Path, tmp_path: Path
) -> None:
    places().to_file(tmp_path / "p.gpkg")
    before = add_spatial_view(tmp_path / "p.gpkg", "p"), add_spatial_view(grids, "grid")
    assert gpd.read_file(run(tmp_path / "p.gpkg", "out.gpkg"))["grid"].notna().sum() == 2
    assert ((tmp_path / "p.gpkg").read_bytes(), grids.read_bytes()) == before


def test_points_in_metres_need_no_datum_and_keep_their_coordinates(
    run: Run, tmp_path: Path
) -> None:
    metres = places().to_crs("EPSG:4548")
    metres.to_file(tmp_path / "p.gpkg")
    out = gpd.read_file(run(tmp_path / "p.gpkg", "out.gpkg", datum=""))
    assert out["grid"].fillna("").tolist() == ["007", "", "010", ""]
    assert out.crs == metres.crs
    assert (out.geometry.get_coordinates() == metres.geometry.get_coordinates()).all().all()


def test_geometries_become_text_in_csv_and_points_are_made_for_layers(
    run: Run, tmp_path: Path
) -> None:
    places().to_file(tmp_path / "p.gpkg")
    assert gpd.read_file(run(tmp_path / "p.gpkg", "out.json"))["id"].tolist() == list("abcd")
    text = run(tmp_path / "p.gpkg", "out.csv").read_text().splitlines()
    assert text[1].endswith(',"POINT (117.005 36.605)","007"')
    shifted = from_wgs84(117.005, 36.605, "gcj02")
    points = typed(
        tmp_path, f"lon,lat,geometry\n{float(shifted[0])!r},{float(shifted[1])!r},x\n,,y\n"
    )
    out = run(points, "out.gpkg", datum="gcj02")
    layer = pyogrio.read_dataframe(out, columns=["grid"])
    assert pyogrio.read_info(out)["fields"].tolist() == ["lon", "lat", "geometry", "grid"]
    assert shapely.distance(layer.geometry.iloc[0], Point(117.005, 36.605)) < 1e-8
    assert layer.geometry.isna().tolist() == [False, True]


def test_a_collection_of_one_point_is_a_point(run: Run, tmp_path: Path) -> None:
    one = gpd.GeoDataFrame(geometry=[shapely.MultiPoint([(117.005, 36.605)])], crs=4326)
    one.to_file(tmp_path / "p.gpkg")
    assert gpd.read_file(run(tmp_path / "p.gpkg", "o.gpkg"))["grid"].tolist() == ["007"]


def test_geometries_that_are_no_points_are_refused_by_their_rows(run: Run, tmp_path: Path) -> None:
    shapes = [Point(117, 36), Point(117, 36).buffer(1), Point(117, 36).buffer(2)]
    gpd.GeoDataFrame(geometry=shapes, crs=4326).to_file(tmp_path / "p.geojson")
    with pytest.raises(NotPointsError, match=r"2 geometries are no points but polygon.*2, 3"):
        run(tmp_path / "p.geojson", "out.gpkg")
    assert not (tmp_path / "out.gpkg").exists()


@pytest.mark.parametrize(
    ("name", "says"), [("endless.gpkg", "does not end"), ("inflated.parquet", "are packed into")]
)
def test_points_made_to_hurt_are_refused_with_a_sentence(
    run: Run, tmp_path: Path, name: str, says: str
) -> None:
    (tmp_path / name).write_bytes(dict(chain(shapes(), tables()))[name])
    with pytest.raises(JingweiError, match=says):
        run(tmp_path / name, "out.gpkg")
    assert not (tmp_path / "out.gpkg").exists()


def test_geoarrow_points_are_points(run: Run, tmp_path: Path) -> None:
    places().dropna(subset="geometry").to_parquet(
        tmp_path / "p.parquet", geometry_encoding="geoarrow"
    )
    out = run(tmp_path / "p.parquet", "out.csv")
    assert pd.read_csv(out, dtype=str)["grid"].fillna("").tolist() == ["007", "010", ""]


@pytest.mark.parametrize("declared", [None, "UTF-8", "GBK"])
def test_shapefiles_are_read_in_their_real_encoding_and_out_of_folders_in_archives(
    run: Run, tmp_path: Path, declared: str | None
) -> None:
    named = gpd.GeoDataFrame(
        {"name": ["历下区", "济南"]}, geometry=[Point(117.005, 36.605)] * 2, crs=4326
    )
    named.to_file(tmp_path / "p.shp", encoding="GBK")
    (tmp_path / "p.cpg").unlink()
    if declared:
        (tmp_path / "p.cpg").write_text(declared)
    assert pd.read_csv(run(tmp_path / "p.shp", "shp.csv"))["name"].tolist() == ["历下区", "济南"]
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        for part in tmp_path.glob("p.??[xfgp]"):
            archive.write(part, f"数据/{part.name}")
    out = pd.read_csv(run(tmp_path / "p.zip", "zip.csv"), dtype=str)
    assert out[["name", "grid"]].to_numpy().tolist() == [["历下区", "007"], ["济南", "007"]]


def test_an_archive_of_two_files_is_not_chosen_from(run: Run, tmp_path: Path) -> None:
    places().to_file(tmp_path / "a.geojson")
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        archive.write(tmp_path / "a.geojson", "a.geojson")
        archive.write(tmp_path / "a.geojson", "b.geojson")
    with pytest.raises(FileUnreadableError, match=r"a\.geojson.*b\.geojson"):
        run(tmp_path / "p.zip")


def test_layers_of_geometries_keep_times_and_names_of_columns(run: Run, tmp_path: Path) -> None:
    when = pd.to_datetime(["2020-01-01T10:00:00.123", None])
    rows = gpd.GeoDataFrame({"when": when}, geometry=[Point(117.005, 36.605)] * 2, crs=4326)
    pyogrio.write_dataframe(rows, tmp_path / "t.gpkg")
    out = pyogrio.read_dataframe(run(tmp_path / "t.gpkg", "t2.gpkg"))
    assert out["when"].isna().tolist() == [False, True]
    assert out["when"][0] == when[0]
    odd = typed(tmp_path, "fid,geom,lon,lat\n007,x,117.005,36.605\n")
    kept = pyogrio.read_dataframe(run(odd, "odd.gpkg"))
    assert kept[["fid", "geom"]].to_numpy().tolist() == [["007", "x"]]


def test_points_without_a_system_stay_without_one(run: Run, tmp_path: Path) -> None:
    bare = gpd.GeoDataFrame({"a": [1]}, geometry=[Point(117.005, 36.605)])
    bare.to_parquet(tmp_path / "p.parquet")
    out = pyogrio.read_dataframe(run(tmp_path / "p.parquet", "o.gpkg"))
    assert out["grid"].tolist() == ["007"]
    assert gpd.read_parquet(run(tmp_path / "p.parquet", "o.parquet")).crs is None
