"""Files opened by what they hold; hostile ones refused with a sentence, never a traceback."""

from __future__ import annotations

import gzip
import json
import stat
import tempfile
import warnings
import zipfile
from pathlib import Path

import pyogrio
import pytest

from geo.errors import (
    EmptyFileError,
    FolderGivenError,
    ImportRefusedError,
    MissingFileError,
    UnreadableFileError,
    UnsafeArchiveError,
    UnsupportedFileError,
)
from geo.load import archives
from tests.load.made import alarms, every, found, grids, one, parts_of, rows_of, shapefile, zipped

SQUARE = [[117.0, 36.6], [117.01, 36.6], [117.01, 36.61], [117.0, 36.6]]


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".fgb", ".gml"])
def test_every_vector_format_is_read(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        grids().to_file(path)
    loaded = one(path)
    assert loaded.report.used == 3
    assert alarms(loaded) == []


def test_two_folders_of_a_kml_are_listed_and_asked(tmp_path: Path) -> None:
    path = tmp_path / "a.kmz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("doc.kml", _kml("甲片", "乙片"))
    (question,) = one(path).questions
    assert question.code == "several-layers"
    assert "甲片、乙片" in question.zh
    assert [x.report.used for x in every(path, all_layers=True)] == [1, 1]


def test_gbk_text_in_json_and_kml_is_read_and_said(tmp_path: Path) -> None:
    text = (
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"历下区"},'
    )
    text += f'"geometry":{{"type":"Polygon","coordinates":[{json.dumps(SQUARE)}]}}}}]}}'
    path = tmp_path / "a.geojson"
    path.write_bytes(text.encode("gbk"))
    loaded = one(path)
    assert loaded.frame["name"].tolist() == ["历下区"]
    assert found(loaded)["encoding-gb18030"] == 1
    kml = tmp_path / "a.kml"
    kml.write_bytes(_kml("片").replace("UTF-8", "GBK").encode("gbk"))
    assert found(one(kml))["encoding-gb18030"] == 1


def test_a_broken_ring_never_aborts_a_file(tmp_path: Path) -> None:
    rings = [SQUARE, SQUARE[:3], SQUARE[:2], None]
    features = [
        {
            "type": "Feature",
            "properties": {"code": f"c{n}"},
            "geometry": ring and {"type": "Polygon", "coordinates": [ring]},
        }
        for n, ring in enumerate(rings)
    ]
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    loaded = one(path, accept=frozenset({"overlaps", "duplicates"}))
    assert rows_of(loaded, "ring-closed") == [2]
    assert rows_of(loaded, "geometry-unreadable") == [3]
    assert set(loaded.report.rows("quarantined")) >= {3, 4}
    assert loaded.report.read == 4


def test_content_beats_the_extension_and_that_is_said(tmp_path: Path) -> None:
    grids().to_file(tmp_path / "a.gpkg")
    (tmp_path / "a.gpkg").rename(tmp_path / "a.csv")
    loaded = one(tmp_path / "a.csv")
    assert loaded.report.used == 3
    assert found(loaded)["wrong-extension"] == 1
    (tmp_path / "a.csv").rename(tmp_path / "upload")  # a body without a name says nothing wrong
    bare = one(tmp_path / "upload")
    assert (bare.report.used, found(bare).get("wrong-extension")) == (3, None)


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("a.dwg", b"AC1027" + bytes(99), "dxf"),
        ("a.rar", b"Rar!\x1a\x07\x00", "zip"),
        ("a.pdf", b"%PDF-1.7", "GeoPackage"),
        ("a.csv", b"<!DOCTYPE html><html>login</html>", "Download"),
        ("a.dbf", b"\x03" + bytes(64), ".shp"),
        ("a.bin", bytes(range(1, 32)) * 50, "GeoPackage"),
    ],
)
def test_a_kind_that_is_not_read_says_what_to_save(
    tmp_path: Path, name: str, data: bytes, word: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(UnsupportedFileError, match=word):
        one(tmp_path / name)


def test_absent_empty_and_folder_each_have_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").touch()
    for path, error in (
        (tmp_path / "none.csv", MissingFileError),
        (tmp_path / "empty.csv", EmptyFileError),
        (tmp_path, FolderGivenError),
    ):
        with pytest.raises(error) as caught:
            one(path)
        assert isinstance(caught.value, ImportRefusedError)
        assert caught.value.sentence_zh


@pytest.mark.parametrize("suffix", [".gpkg", ".fgb", ".geojson"])
def test_a_file_cut_short_is_refused(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    grids().to_file(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(UnreadableFileError):
        one(path)


def test_a_gzip_cut_short_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"code,lon,lat\n" * 5000)[:-20])
    with pytest.raises(UnreadableFileError):
        one(path, "places")


@pytest.mark.parametrize("member", ["../evil.shp", "/etc/evil.shp", "C:\\evil.shp", "..\\evil.shp"])
def test_a_member_outside_the_archive_is_refused(tmp_path: Path, member: str) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, b"x")
    with pytest.raises(UnsafeArchiveError, match="outside"):
        one(path)


def test_links_and_passwords_in_an_archive_are_refused(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("a.shp")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "link.zip", "w") as archive:
        archive.writestr(info, "/etc/passwd")
    with pytest.raises(UnsafeArchiveError, match="link"):
        one(tmp_path / "link.zip")
    with zipfile.ZipFile(tmp_path / "locked.zip", "w") as archive:
        archive.writestr("a.shp", b"secret")
    data = bytearray((tmp_path / "locked.zip").read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "locked.zip").write_bytes(data)
    with pytest.raises(UnsafeArchiveError, match="password"):
        one(tmp_path / "locked.zip")


def test_bombs_are_refused_before_they_unpack(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", bytes(100 * 2**20))
    with pytest.raises(UnsafeArchiveError, match="MiB"):
        one(bomb)
    packed = tmp_path / "a.csv.gz"
    packed.write_bytes(gzip.compress(bytes(100 * 2**20)))
    with pytest.raises(UnsafeArchiveError, match="MiB"):
        one(packed)


def test_a_bomb_in_a_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(100 * 2**20))
    with pytest.raises(UnsafeArchiveError, match="MiB"):
        one(path)


def test_an_archive_of_too_many_members_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MOST_MEMBERS", 3)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for number in range(4):
            archive.writestr(f"{number}.csv", b"x")
    with pytest.raises(UnsafeArchiveError, match="4 members"):
        one(tmp_path / "a.zip")


def test_what_is_no_data_in_an_archive_is_skipped_and_said(tmp_path: Path) -> None:
    path = shapefile(tmp_path / "in", grids())
    extra = tmp_path / "notes.docx"
    extra.write_bytes(b"x")
    parts = {**parts_of(path, "a"), "notes.docx": extra, "__MACOSX/._a.shp": extra}
    loaded = one(zipped(tmp_path / "a.zip", parts))
    (said,) = [f for f in loaded.report.findings if f.code == "members-skipped"]
    assert "notes.docx" in said.zh
    assert "__MACOSX" not in said.zh
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("notes.docx", b"x")
    with pytest.raises(UnsupportedFileError):
        one(tmp_path / "b.zip")


def test_private_folders_are_always_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = tmp_path / "tmp"
    private.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(private))
    path = shapefile(tmp_path / "in", grids())
    one(zipped(tmp_path / "a.zip", parts_of(path, "a")))
    with pytest.raises(UnreadableFileError):
        one(zipped(tmp_path / "b.zip", {"a.shp": _junk(tmp_path)}))
    assert list(private.iterdir()) == []


def test_tables_without_shapes_are_passed_over_and_said(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    grids().to_file(path, layer="grid")
    plain = grids().drop(columns="geometry")
    pyogrio.write_dataframe(plain, path, layer="notes", append=True)
    loaded = one(path)
    assert loaded.report.layer == "grid"
    assert found(loaded)["layers-ignored"] == 1


def _junk(folder: Path) -> Path:
    path = folder / "junk.shp"
    path.write_bytes(b"\x00\x00\x27\x0a" + bytes(300))
    return path


def _kml(*folders: str) -> str:
    ring = " ".join(f"{x},{y},0" for x, y in SQUARE)
    shape = (
        "<Placemark><name>{name}网格</name><Polygon><outerBoundaryIs><LinearRing><coordinates>"
        f"{ring}</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
    )
    body = "".join(
        f"<Folder><name>{name}</name>{shape.format(name=name)}</Folder>" for name in folders
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2">'
        f"<Document>{body}</Document></kml>"
    )
