"""A file opened by what it holds, not by what it is called: sources to read layers from."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal, NamedTuple, TypeAlias

from geo.errors import (
    EmptyFileError,
    FolderGivenError,
    MissingFileError,
    UnreadableFileError,
    UnsupportedFileError,
)
from geo.load.archives import SHAPEFILE_PARTS, gunzipped, unzipped
from geo.load.encodings import decoded
from geo.load.findings import Finding

Format: TypeAlias = Literal[
    "gpkg", "shp", "geojson", "kml", "fgb", "parquet", "csv", "xlsx", "osm", "gml", "dxf"
]

_HEAD: Final = 8192
_SUFFIXES: Final[dict[Format, tuple[str, ...]]] = {
    "gpkg": (".gpkg",),
    "shp": (".shp",),
    "geojson": (".geojson", ".json", ".geojsonl", ".topojson"),
    "kml": (".kml",),
    "fgb": (".fgb",),
    "parquet": (".parquet", ".geoparquet", ".pq"),
    "csv": (".csv", ".txt", ".tsv"),
    "xlsx": (".xlsx", ".xlsm"),
    "osm": (".pbf", ".osm"),
    "gml": (".gml", ".xml"),
    "dxf": (".dxf",),
}
# First bytes → what it is. "zip", "gzip" are opened further, the rest of the words refused.
_SIGNATURES: Final = (
    (b"SQLite format 3\x00", "gpkg"),
    (b"fgb\x03", "fgb"),
    (b"PAR1", "parquet"),
    (b"\x00\x00\x27\x0a", "shp"),
    (b"\x1f\x8b", "gzip"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0", "ole"),
    (b"AC10", "dwg"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "rar"),
    (b"%PDF", "picture"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
)


class _Advice(NamedTuple):
    found_zh: str
    found_en: str
    advice_zh: str
    advice_en: str


_KNOWN_ZH: Final = (
    "可用：GeoPackage、Shapefile、GeoJSON、KML/KMZ、FlatGeobuf、GeoParquet、CSV、.xlsx。"
)
_KNOWN_EN: Final = (
    "Use GeoPackage, Shapefile, GeoJSON, KML/KMZ, FlatGeobuf, GeoParquet, CSV or .xlsx."
)
_UNSUPPORTED: Final = {
    "ole": _Advice(
        "旧版 Excel（.xls）或加密的工作簿",
        "an old Excel file (.xls) or a workbook with a password",
        "请在 Excel 里另存为不加密的 .xlsx。",
        "Save it as .xlsx without a password.",
    ),
    "dwg": _Advice(
        "CAD 图纸（.dwg）",
        "a CAD drawing (.dwg)",
        "请在 CAD 里导出为 .dxf，或转换为 GeoPackage。",
        "Export it as .dxf or GeoPackage.",
    ),
    "rar": _Advice("RAR 或 7z 压缩包", "a RAR or 7z archive", "请改用 .zip。", "Pack it as .zip."),
    "picture": _Advice("图片或 PDF", "a picture or a PDF", _KNOWN_ZH, _KNOWN_EN),
    "html": _Advice(
        "网页（可能是登录页或报错页）",
        "a web page (a login or an error page, perhaps)",
        "请重新下载数据文件。",
        "Download the data file again.",
    ),
    "part": _Advice(
        "Shapefile 的附属文件，旁边没有 .shp",
        "a companion of a shapefile without its .shp",
        "请给出 .shp，或整套压缩成 .zip。",
        "Give the .shp, or zip the whole set.",
    ),
    "ods": _Advice(
        "OpenDocument 表格", "an OpenDocument file", "请另存为 .xlsx。", "Save it as .xlsx."
    ),
    "binary": _Advice("认不出的二进制文件", "a binary file of no known kind", _KNOWN_ZH, _KNOWN_EN),
    "archive": _Advice(
        "没有数据文件的压缩包", "an archive without a data file", _KNOWN_ZH, _KNOWN_EN
    ),
}
_TEXTS: Final[tuple[tuple[str, str], ...]] = (
    (r"\s*[{\[]", "geojson"),
    (r"(?s).*<kml\b", "kml"),
    (r"(?is)\s*(<!doctype html|<html)", "html"),
    (r"(?s)\s*<\?xml.*<osm\b|\s*<osm\b", "osm"),
    (r"(?s)\s*<.*(gml|FeatureCollection)", "gml"),
    (r"\s*0\s*[\r\n]+\s*SECTION", "dxf"),
)


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read layers from.

    `path` is where it is, `name` what the person calls it, `folder` a private folder for copies.
    """

    path: Path
    format: Format
    name: str
    folder: Path
    findings: tuple[Finding, ...] = ()


@contextmanager
def opened(path: Path) -> Iterator[tuple[Source, ...]]:
    """Give the sources a file holds: itself, or the data files of an archive.

    Everything unpacked or copied lies in a private folder that is removed at the end.

    Raises
    ------
    ImportRefusedError
        When the file is absent, a folder, empty, unsafe, or of a kind that is not read.
    """
    _check(path)
    with tempfile.TemporaryDirectory(prefix="jingwei-import-") as folder:
        yield tuple(_sources(path, path.name, Path(folder)))


def _check(path: Path) -> None:
    if path.is_dir():
        raise FolderGivenError(file=path.name)
    if not path.is_file():
        raise MissingFileError(file=path)
    if path.stat().st_size == 0:
        raise EmptyFileError(file=path.name)
    if not os.access(path, os.R_OK):
        raise UnreadableFileError(file=path.name, reason="permission denied")


def _sources(path: Path, name: str, folder: Path) -> Iterator[Source]:
    found = _found(path, name)
    if found in _UNPACKERS:
        yield from _UNPACKERS[found](path, name, folder)
    else:
        yield _source(path, name, found, folder)


def _found(path: Path, name: str) -> str:
    """Return what a file holds: a format, or a word of `_UNSUPPORTED`."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    suffix = Path(name).suffix.lower()
    if suffix in SHAPEFILE_PARTS[1:]:
        return "part"
    if head[4:].startswith(b"\x0a\x09OSMHeader"):
        return "osm"
    for signature, found in _SIGNATURES:
        if head.startswith(signature):
            return _zip_kind(path, name) if found == "zip" else found
    return _text_kind(head)


def _zip_kind(path: Path, name: str) -> str:
    """Return what a ZIP container is: a workbook, a document, or an archive."""
    with path.open("rb") as file:
        data = file.read(_HEAD)
        file.seek(max(0, path.stat().st_size - 64 * 1024))
        data += file.read()
    if b"xl/workbook" in data:
        return "xlsx"
    suffix = Path(name).suffix.lower()
    return (
        "ods"
        if data[30:].startswith(b"mimetypeapplication/vnd.oasis") or suffix == ".ods"
        else "zip"
    )


def _text_kind(head: bytes) -> str:
    text = decoded(head).text
    if text.count("\0") > len(text) // 8:
        return "binary"
    for pattern, found in _TEXTS:
        if re.match(pattern, text):
            return found
    controls = sum(c < " " and c not in "\t\r\n\0" for c in text)
    return "binary" if controls + text.count("\ufffd") > len(text) // 8 else "csv"


def _source(path: Path, name: str, found: str, folder: Path) -> Source:
    sibling = _sibling(path) if found == "part" else None
    if sibling is not None:
        return Source(sibling, "shp", sibling.name, folder)
    kind = next((known for known in _SUFFIXES if known == found), None)
    if kind is None:
        advice = _UNSUPPORTED[found]
        raise UnsupportedFileError(file=name, **advice._asdict())
    source = Source(path, kind, name, folder)
    suffix = Path(name).suffix.lower()
    if suffix in _SUFFIXES[kind]:
        return source if path.suffix.lower() == suffix else _renamed(source)
    said = Finding("wrong-extension", values={"name": name, "found": kind})
    return replace(_renamed(source), findings=(said,))


def _sibling(path: Path) -> Path | None:
    """Return the .shp beside a companion file, in any case of letters."""
    same = (p for p in path.parent.iterdir() if p.stem == path.stem)
    return next((p for p in same if p.suffix.lower() == ".shp"), None)


def _renamed(source: Source) -> Source:
    """Return the source under a name whose extension fits: readers look at it."""
    folder = Path(tempfile.mkdtemp(dir=source.folder))
    link = folder / f"data{_SUFFIXES[source.format][0]}"
    link.symlink_to(source.path.resolve())
    return replace(source, path=link)


def _from_zip(path: Path, name: str, folder: Path) -> Iterator[Source]:
    unpacked = unzipped(path, name, Path(tempfile.mkdtemp(dir=folder)))
    if not unpacked.members:
        raise UnsupportedFileError(file=name, **_UNSUPPORTED["archive"]._asdict())
    said = _skipped(unpacked.skipped)
    for member in unpacked.members:
        source = _source(member.path, member.name, _found(member.path, member.name), folder)
        yield replace(source, findings=(*source.findings, *said))


def _skipped(names: tuple[str, ...]) -> tuple[Finding, ...]:
    """Say which members were left; what accompanies every archive is not worth a word."""
    worth = [name for name in names if not _usual(name)]
    if not worth:
        return ()
    return (Finding("members-skipped", values={"count": len(worth), "names": ", ".join(worth)}),)


def _usual(name: str) -> bool:
    usual = (".sbn", ".sbx", ".qix", ".qmd", ".qml", ".sld", ".xml", ".txt", ".md", ".png", ".jpg")
    return name.lower().endswith(usual) or "__MACOSX" in name or Path(name).name.startswith(".")


def _from_gzip(path: Path, name: str, folder: Path) -> Iterator[Source]:
    member = gunzipped(path, name, Path(tempfile.mkdtemp(dir=folder)))
    if member.path.stat().st_size == 0:
        raise EmptyFileError(file=name)
    yield _source(member.path, member.name, _found(member.path, member.name), folder)


_UNPACKERS: Final[dict[str, Callable[[Path, str, Path], Iterator[Source]]]] = {
    "zip": _from_zip,
    "gzip": _from_gzip,
}
