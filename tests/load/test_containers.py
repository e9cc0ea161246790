"""Files beside files, folders that are files, archives in archives, and names that mislead."""

from __future__ import annotations

import gzip
import shutil
import sqlite3
import warnings
import zipfile
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pytest

from geo.errors import FolderGivenError, UnsafeArchiveError, UnsupportedFileError
from geo.load.files import opened
from geo.load.vectors import layers
from geo.load.vectors import read as read_layer
from tests.load.made import alarms, chinese_grids, every, found, grids, one, shapefile, zipped


def geodatabase(folder: Path) -> Path:
    path = folder / "city.gdb"
    grids().to_crs("EPSG:4548").to_file(path, driver="OpenFileGDB", layer="wangge")
    return path


def mapinfo(path: Path, *, encoding: str = "UTF-8") -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frame = grids().to_crs("EPSG:4548")
        frame.to_file(path, driver="MapInfo File", encoding=encoding)
    return path


@pytest.mark.parametrize("suffix", [".tab", ".mif"])
def test_a_mapinfo_table_is_read_with_its_parts_alone_or_zipped(
    tmp_path: Path, suffix: str
) -> None:
    path = mapinfo(tmp_path / f"wangge{suffix}", encoding="GB18030")
    parts = {p.name.upper(): p for p in sorted(tmp_path.iterdir())}
    archive = zipped(tmp_path / "all.zip", {f"数据/{name}": p for name, p in parts.items()})
    part = next(p for p in tmp_path.iterdir() if p.stem == path.stem and p != path)
    for file in (path, archive, part):
        loaded = one(file)
        assert alarms(loaded) == []
        assert loaded.frame["name"].tolist() == ["一网格", "二网格", "三网格"]
    assert one(path).report.layer == "wangge"


def test_a_file_geodatabase_is_read_as_a_folder_and_zipped(tmp_path: Path) -> None:
    base = geodatabase(tmp_path)
    members = {f"导出/city.gdb/{p.name}": p for p in sorted(base.iterdir())}
    for file in (base, zipped(tmp_path / "a.zip", members)):
        loaded = one(file)
        assert alarms(loaded) == []
        assert (loaded.report.layer, len(loaded.frame)) == ("wangge", 3)
    with pytest.raises(FolderGivenError):
        one(tmp_path)


def test_of_a_geopackage_the_tables_are_read_and_views_of_a_spatial_database_named(
    tmp_path: Path,
) -> None:
    path, laid = tmp_path / "a.gpkg", tmp_path / "in.zip"
    grids().to_file(path, driver="GPKG", layer="wangge")
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.executescript("""
            create view sizes as select fid, geom, ST_Area(geom) as size from wangge;
            create view named as select * from sizes;
            create view plain as select fid, geom, code from wangge;
            insert into gpkg_contents (table_name, data_type, identifier, srs_id)
                values ('sizes', 'features', 'sizes', 4326);
            insert into gpkg_geometry_columns values ('sizes', 'geom', 'POLYGON', 4326, 0, 0);
        """)
    before = path.read_bytes()
    for file in (path, zipped(laid, {"a.gpkg": path})):
        loaded = one(file)
        assert (loaded.report.layer, len(loaded.frame), alarms(loaded)) == ("wangge", 3, [])
        assert found(loaded)["views-ignored"] == 1
        (said,) = (each for each in loaded.report.findings if each.code == "views-ignored")
        assert said.values["names"] == "named、sizes"
    assert path.read_bytes() == before


def test_each_layer_of_a_geopackage_is_read_by_its_name_whatever_that_is(tmp_path: Path) -> None:
    path, names = tmp_path / "a.gpkg", ["wangge", "o'clock", '街"道', "a' or 'a' = 'a", "未列"]
    for number, name in enumerate(names):
        one_of = grids().assign(name=f"{number}").to_crs("EPSG:4548" if number else "EPSG:4326")
        one_of.to_file(path, driver="GPKG", layer=name, mode="a" if number else "w")
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.execute("delete from gpkg_contents where table_name = '未列'")
    with opened(path) as (source,):
        assert {layer.name for layer in layers(source)} == set(names)
        read = [read_layer(source, name) for name in names]
    assert [set(each.frame["name"]) for each in read] == [{str(n)} for n in range(5)]
    assert [each.crs and each.crs.to_epsg() for each in read] == [4326, 4548, 4548, 4548, None]


def test_a_database_of_spatialite_is_told_from_a_geopackage(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    grids().to_crs("EPSG:4548").to_file(path, driver="SQLite")
    assert alarms(one(path)) == []


def test_archives_within_an_archive_are_opened_once(tmp_path: Path) -> None:
    inner = tmp_path / "a.geojson"
    grids().to_file(inner)
    file = inner
    for number in range(3):
        file = zipped(tmp_path / f"{number}.zip", {file.name: file})
        if number < 2:
            assert one(file).report.used == 3
    with pytest.raises(UnsafeArchiveError, match=r"1\.zip|0\.zip"):
        one(file)


def test_a_packed_file_within_a_packed_file_is_opened_once(tmp_path: Path) -> None:
    inner = tmp_path / "a.geojson"
    grids().to_file(inner)
    file, text = inner, inner.read_bytes()
    for number in range(3):
        file, text = Path(f"{file}.gz"), gzip.compress(text)
        file.write_bytes(text)
        if number < 2:
            assert one(file).report.used == 3
    with pytest.raises(UnsafeArchiveError, match=r"a\.geojson"):
        one(file)


def test_a_folder_zipped_into_itself_is_read_without_its_half_archive(tmp_path: Path) -> None:
    inner = tmp_path / "a.geojson"
    grids().to_file(inner)
    (tmp_path / "half.zip").write_bytes(
        zipped(tmp_path / "b.zip", {"a.geojson": inner}).read_bytes()[:99]
    )
    members = {"a.geojson": inner, "数据/half.zip": tmp_path / "half.zip"}
    loaded = one(zipped(tmp_path / "c.zip", members))
    assert found(loaded) == {"members-skipped": 1}
    assert "half.zip" in loaded.report.findings[0].zh


def test_layers_of_an_inner_archive_bear_its_name(tmp_path: Path) -> None:
    paths = {f"{name}.geojson": tmp_path / f"{name}.geojson" for name in "ab"}
    for path in paths.values():
        grids().to_file(path)
    outer = zipped(tmp_path / "o.zip", {"i.kmz": zipped(tmp_path / "i.kmz", paths)})
    (question,) = one(outer).questions
    assert "i.kmz/a、i.kmz/b" in question.zh
    assert [x.report.used for x in every(outer, all_layers=True)] == [3, 0]


@pytest.mark.parametrize(
    "text",
    [
        "<OGRVRTDataSource><OGRVRTLayer name='gml'><SrcDataSource>/etc/x</SrcDataSource>",
        "<OGRWFSDataSource><URL>http://127.0.0.1:9/gml</URL></OGRWFSDataSource>",
        '{"type": "gdal_streamed_alg", "command_line": "gdal vector read http://127.0.0.1:9"}',
        '{"type": "FeatureCollection", "crs": {"type": "link", "properties": {"href": "http://x"}}}',
        '{"features": [' + " " * 2**20 + '], "CRS"  : {"properties": {}, "type": "Link"}}',
        '{"features": [], "c\\u0072s": {"type": "l\\u0069nk", "properties": {"href": "http://x"}}}',
        '{"features": [], \'crs\': /* */ {"type": "link", "properties": {"href": "http://x"}}}',
        '{"features": [], "crs": ' + " " * 2**17 + '{"type": "link", "properties": {}}}',
    ],
)
def test_what_only_points_elsewhere_is_never_followed(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.gml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnsupportedFileError, match="points to data elsewhere"):
        one(path)


def test_what_a_file_says_of_its_system_by_name_is_read(tmp_path: Path) -> None:
    path, told = tmp_path / "a.geojson", '"crs": {"type": "name", "properties": {"name": "%s"}}'
    whole = grids().assign(crs="link", note='"crs": {"type": "link"}').to_json(drop_id=True)
    for system in ("urn:ogc:def:crs:OGC:1.3:CRS84", "http://127.0.0.1:9/crs"):
        path.write_text("{" + told % system + ", " + whole[1:], encoding="utf-8")
        assert one(path).report.used == 3


def test_a_path_with_signs_that_mean_something_to_the_reader_is_a_path(tmp_path: Path) -> None:
    folder = tmp_path / "a!b 目录#%"
    folder.mkdir()
    for name in ("网格 (1)!#%?.gpkg", "网格!.geojson"):
        plain = tmp_path / f"plain{Path(name).suffix}"
        grids().to_file(plain)
        assert one(plain.rename(folder / name)).report.used == 3
    for part in shapefile(tmp_path / "s", chinese_grids()).parent.iterdir():
        part.rename(folder / f"c!d{part.suffix}")
    assert one(folder / "c!d.shp").report.layer == "c!d"


def test_a_private_copy_does_not_name_the_layer(tmp_path: Path) -> None:
    path = tmp_path / "网格.geojson"
    path.write_bytes(grids().to_json(ensure_ascii=False).encode("gbk"))
    assert one(path).report.layer == "网格"


def test_a_kml_with_a_prefix_is_a_kml(tmp_path: Path) -> None:
    path = tmp_path / "a.kml"
    path.write_text(
        '<k:kml xmlns:k="http://www.opengis.net/kml/2.2"><k:Document><k:Placemark><k:name>a'
        "</k:name><k:Polygon><k:outerBoundaryIs><k:LinearRing><k:coordinates>117,36.6 117.01,36.6"
        " 117.01,36.61 117,36.6</k:coordinates></k:LinearRing></k:outerBoundaryIs></k:Polygon>"
        "</k:Placemark></k:Document></k:kml>",
        encoding="utf-8",
    )
    assert one(path).frame["name"].tolist() == ["a"]


def test_shapes_of_geoarrow_are_read_as_those_of_wkb(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    grids().to_crs("EPSG:4548").to_parquet(path, geometry_encoding="geoarrow")
    loaded = one(path)
    assert found(loaded) == {}
    assert loaded.frame.geometry.geom_equals_exact(grids().geometry.set_axis([1, 2, 3]), 1e-8).all()


def test_a_companion_alone_is_explained(tmp_path: Path) -> None:
    gpd.GeoDataFrame(chinese_grids()).to_file(tmp_path / "a.shp", encoding="UTF-8")
    shutil.copy(tmp_path / "a.dbf", tmp_path / "alone.dbf")
    with pytest.raises(UnsupportedFileError, match=r"without its \.shp"):
        one(tmp_path / "alone.dbf")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(tmp_path / "a.dbf", "a.dbf")
    with pytest.raises(UnsupportedFileError):
        one(tmp_path / "a.zip")
