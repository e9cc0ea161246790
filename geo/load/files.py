"""A file opened by what it holds, not by what it is called: sources to read layers from."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal, TypeAlias

from geo.errors import (
    EmptyFileError,
    FolderGivenError,
    MissingFileError,
    UnreadableFileError,
    UnsafeArchiveError,
    UnsupportedFileError,
)
from geo.load.advice import UNSUPPORTED
from geo.load.archives import SETS, Member, gunzipped, unzipped
from geo.load.elsewhere import keep_offline, points_elsewhere
from geo.load.encodings import decoded
from geo.load.findings import Finding
from geo.load.reasons import unreadable
from geo.scratch import scratch

Format: TypeAlias = Literal[
    "gpkg",
    "shp",
    "geojson",
    "kml",
    "fgb",
    "parquet",
    "csv",
    "xlsx",
    "osm",
    "gml",
    "dxf",
    "tab",
    "mif",
    "gdb",
    "sqlite",
]

_HEAD: Final = 8192
_DEEPEST: Final = 1  # an archive in an archive: a .kmz that was sent zipped
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
    "tab": (".tab",),
    "mif": (".mif",),
    "gdb": (".gdb",),
    "sqlite": (".sqlite", ".db", ".db3"),
}
_GEOPACKAGE: Final = (b"GPKG", b"GP10", b"GP11")
_APPLICATION: Final = slice(68, 72)  # of an SQLite file: whose it is
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


_TEXTS: Final[tuple[tuple[str, str], ...]] = (
    # What the reader would follow to other files or servers.
    (r"(?s).*<(OGRVRT|OGRWFS|VRTDataset|GDAL_|WFS_Cap|wfs:WFS_Cap)", "indirect"),
    (r"(?s)\s*\{.*gdal_streamed_alg", "indirect"),
    (r"\s*\[\s*[{\[\]]", "json"),
    (r"\s*[{\[]", "geojson"),
    (r"(?s).*<(\w+:)?kml\b", "kml"),
    (r"(?is)\s*(<!doctype html|<html)", "html"),
    (r"(?s)\s*<\?xml.*<osm\b|\s*<osm\b", "osm"),
    (r"(?s)\s*<.*(gml|FeatureCollection)", "gml"),
    (r"\s*0\s*[\r\n]+\s*SECTION", "dxf"),
    (r"(?i)\s*!table\b", "tab"),
    (r"(?is)\s*version\s+\d+\s.*\bcolumns\s+\d", "mif"),
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

    Everything unpacked or copied lies in a private folder that is removed at the end; of a process
    that was killed, when the next one is made.

    Raises
    ------
    ImportRefusedError
        When the file is absent, a folder, empty, unsafe, or of a kind that is not read.
    """
    _check(path)
    keep_offline()
    with scratch() as folder:
        yield tuple(_sources(path, path.name, folder))


def _check(path: Path) -> None:
    if path.is_dir() and any(path.glob("*.gdbtable")):
        return
    if path.is_dir():
        raise FolderGivenError(file=path.name)
    if not path.is_file():
        raise MissingFileError(file=path)
    if path.stat().st_size == 0:
        raise EmptyFileError(file=path.name)
    if not os.access(path, os.R_OK):
        raise unreadable(path.name, "permission denied")


def _sources(path: Path, name: str, folder: Path, depth: int = 0) -> Iterator[Source]:
    found = _found(path, name)
    if found not in _UNPACKERS:
        yield _source(path, name, found, folder)
        return
    if depth > _DEEPEST:
        why = ("压缩包层层相套", "archives within archives within archives")
        raise UnsafeArchiveError(file=name, reason_zh=why[0], reason_en=why[1])
    yield from _UNPACKERS[found](path, name, folder, depth)


def _found(path: Path, name: str) -> str:
    """Return what a file holds: a format, or a word of `UNSUPPORTED`."""
    if path.is_dir():
        return "gdb"
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if _is_part(path, name):
        return "part"
    if head[4:].startswith(b"\x0a\x09OSMHeader"):
        return "osm"
    for signature, found in _SIGNATURES:
        if head.startswith(signature):
            within = _KINDS_WITHIN.get(found)
            return within(path, name, head) if within else found
    kind = _text_kind(head)
    return "indirect" if kind == "geojson" and points_elsewhere(path) else kind


def _is_part(path: Path, name: str) -> bool:
    """Tell whether a file is the companion of another; few know .dat and .map as MapInfo's."""
    suffix = Path(name).suffix.lower()
    return suffix in SETS[".shp"] or _sibling(path) is not None


def _sqlite_kind(_: Path, name: str, head: bytes) -> str:
    """Return what an SQLite file is; a GeoPackage may lack its mark but not its name."""
    marked = head[_APPLICATION] in _GEOPACKAGE
    return "gpkg" if marked or Path(name).suffix.lower() == ".gpkg" else "sqlite"


def _zip_kind(path: Path, name: str, _: bytes) -> str:
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


_KINDS_WITHIN: Final[dict[str, Callable[[Path, str, bytes], str]]] = {
    "zip": _zip_kind,
    "gpkg": _sqlite_kind,
}


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
        return _source(sibling, sibling.name, _found(sibling, sibling.name), folder)
    kind = next((known for known in _SUFFIXES if known == found), None)
    if kind is None:
        advice = UNSUPPORTED[found]
        raise UnsupportedFileError(file=name, **advice._asdict())
    source = Source(path, kind, name, folder)
    suffix = Path(name).suffix.lower()
    if suffix in _SUFFIXES[kind]:
        stays = _plain(path, suffix) and kind != "gml"  # its reader writes a file beside it
        return source if stays or f".{kind}" in SETS else _renamed(source)
    if not suffix:  # what came without a name says nothing wrong
        return _renamed(source)
    said = Finding("wrong-extension", values={"name": name, "found": kind})
    return replace(_renamed(source), findings=(said,))


def _plain(path: Path, suffix: str) -> bool:
    """Tell whether the reader takes a path as it is: to it "a!b" is b within the archive a."""
    return path.suffix.lower() == suffix and "!" not in str(path)


def _sibling(path: Path) -> Path | None:
    """Return the main file beside a companion, in any case of letters."""
    mains = [main for main, parts in SETS.items() if path.suffix.lower() in parts]
    same = (p for p in path.parent.iterdir() if p.stem == path.stem) if mains else ()
    return next((p for p in same if p.suffix.lower() in mains), None)


def _renamed(source: Source) -> Source:
    """Return the source under a name whose extension fits: readers look at it."""
    folder = Path(tempfile.mkdtemp(dir=source.folder))
    link = folder / f"data{_SUFFIXES[source.format][0]}"
    link.symlink_to(source.path.resolve())
    schema = source.path.with_suffix(".xsd")
    if source.format == "gml" and schema.is_file():
        link.with_suffix(".xsd").symlink_to(schema.resolve())
    return replace(source, path=link)


def _from_zip(path: Path, name: str, folder: Path, depth: int) -> Iterator[Source]:
    unpacked = unzipped(path, name, Path(tempfile.mkdtemp(dir=folder)))
    if not unpacked.members:
        raise UnsupportedFileError(file=name, **UNSUPPORTED["archive"]._asdict())
    inner = [_within(member, folder, depth) for member in unpacked.members]
    broken = [
        member.name for member, (_, sound) in zip(unpacked.members, inner, strict=True) if not sound
    ]
    sources = [source for found, _ in inner for source in found]
    if not sources:
        raise UnsupportedFileError(file=name, **UNSUPPORTED["archive"]._asdict())
    said = _skipped((*unpacked.skipped, *broken))
    for source in sources:
        yield replace(source, findings=(*source.findings, *said))


def _within(member: Member, folder: Path, depth: int) -> tuple[list[Source], bool]:
    """Return the sources of a member, and whether it is sound: a broken inner archive is left.

    A folder that was zipped into itself holds half of its own archive.
    """
    try:
        sources = list(_sources(member.path, member.name, folder, depth + 1))
    except UnreadableFileError:
        return [], False
    prefix = f"{member.name}/"
    named = [s if s.name == member.name else replace(s, name=prefix + s.name) for s in sources]
    return named, True


def _skipped(names: tuple[str, ...]) -> tuple[Finding, ...]:
    """Say which members were left; what accompanies every archive is not worth a word."""
    worth = [name for name in names if not _usual(name)]
    if not worth:
        return ()
    return (Finding("members-skipped", values={"count": len(worth), "names": ", ".join(worth)}),)


def _usual(name: str) -> bool:
    usual = (".sbn", ".sbx", ".qix", ".qmd", ".qml", ".sld", ".xml", ".txt", ".md", ".png", ".jpg")
    return name.lower().endswith(usual) or "__MACOSX" in name or Path(name).name.startswith(".")


def _from_gzip(path: Path, name: str, folder: Path, depth: int) -> Iterator[Source]:
    member = gunzipped(path, name, Path(tempfile.mkdtemp(dir=folder)))
    if member.path.stat().st_size == 0:
        raise EmptyFileError(file=name)
    yield from _sources(member.path, member.name, folder, depth + 1)


_UNPACKERS: Final[dict[str, Callable[[Path, str, Path, int], Iterator[Source]]]] = {
    "zip": _from_zip,
    "gzip": _from_gzip,
}
