"""Archives unpacked into a private folder under names of our own, within limits."""

from __future__ import annotations

import gzip
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Final, NamedTuple

from geo.errors import UnreadableFileError, UnsafeArchiveError
from geo.load.encodings import name_text

MOST_MEMBERS: Final = 2_000
MOST_BYTES: Final = 4 * 2**30
# Ordinary tables of text reach 30:1, DBF files of blanks 200:1; small archives may exceed it.
MOST_RATIO: Final = 300
_RATIO_MATTERS_ABOVE: Final = 64 * 2**20
_STEP: Final = 2**20
_UTF8_NAME: Final = 0x800
_ENCRYPTED: Final = 0x1

# What belongs to one shapefile; the rest of its companions are not needed.
SHAPEFILE_PARTS: Final = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_DATA: Final = (
    *(".gpkg", ".geojson", ".json", ".kml", ".fgb", ".parquet", ".geoparquet", ".csv"),
    *(".tsv", ".xlsx", ".xlsm", ".pbf", ".gml", ".dxf"),
)


class Member(NamedTuple):
    """A data file taken out of an archive: where it now is, and what the archive called it."""

    path: Path
    name: str


class Unpacked(NamedTuple):
    """The data files of an archive, and the names of what was left."""

    members: tuple[Member, ...]
    skipped: tuple[str, ...]


class _Entry(NamedTuple):
    info: zipfile.ZipInfo
    path: PurePosixPath


def unzipped(path: Path, name: str, folder: Path) -> Unpacked:
    """Return the data files of a .zip, unpacked into numbered folders of a private folder.

    Names decide only how members are grouped and shown, never where they are written.

    Raises
    ------
    UnsafeArchiveError
        For a bomb, a name outside the archive, a link or a password.
    UnreadableFileError
        For a broken archive.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = list(_entries(archive, name))
            _check_sizes(entries, path.stat().st_size, name)
            return _unpack(archive, entries, name, folder)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise UnreadableFileError(file=name, reason=error) from error


def gunzipped(path: Path, name: str, folder: Path) -> Member:
    """Return the one file of a .gz, unpacked into a private folder, within the same limits."""
    target = folder / "gunzipped"
    try:
        with gzip.open(path) as source:
            _copy(source, target, name, MOST_BYTES, path.stat().st_size)
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise UnreadableFileError(file=name, reason=error) from error
    return Member(target, name.removesuffix(".gz"))


def check_workbook(path: Path, name: str) -> None:
    """Refuse a workbook that is a bomb, before anything opens it."""
    try:
        with zipfile.ZipFile(path) as archive:
            _check_sizes(list(_entries(archive, name)), path.stat().st_size, name)
    except zipfile.BadZipFile as error:
        raise UnreadableFileError(file=name, reason=error) from error


def _entries(archive: zipfile.ZipFile, name: str) -> Iterator[_Entry]:
    for info in archive.infolist():
        path = PurePosixPath(_member_name(info).replace("\\", "/"))
        _check_entry(info, path, name)
        if not info.is_dir():
            yield _Entry(info, path)


def _member_name(info: zipfile.ZipInfo) -> str:
    """Return a member's name; without the UTF-8 flag Chinese programs write GBK."""
    if info.flag_bits & _UTF8_NAME:
        return info.filename
    return name_text(info.orig_filename.encode("cp437", "replace"))


def _check_entry(info: zipfile.ZipInfo, path: PurePosixPath, name: str) -> None:
    shown = str(path)
    drive = len(shown) > 1 and shown[1] == ":"
    if path.is_absolute() or drive or ".." in path.parts or "\0" in info.orig_filename:
        raise _unsafe(name, f"成员“{shown}”指向包外", f"member '{shown}' points outside")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise _unsafe(name, f"成员“{shown}”是链接", f"member '{shown}' is a link")
    if info.flag_bits & _ENCRYPTED:
        raise _unsafe(name, "有密码", "it has a password")


def _check_sizes(entries: list[_Entry], packed: int, name: str) -> None:
    total = sum(entry.info.file_size for entry in entries)
    if len(entries) > MOST_MEMBERS:
        count = len(entries)
        raise _unsafe(name, f"有 {count} 个成员", f"it has {count} members")
    if total > MOST_BYTES or _inflated(total, packed):
        raise _too_big(name, total, packed)


def _inflated(size: int, packed: int) -> bool:
    return size > _RATIO_MATTERS_ABOVE and size > MOST_RATIO * max(packed, 1)


def _unpack(archive: zipfile.ZipFile, entries: list[_Entry], name: str, folder: Path) -> Unpacked:
    shapes = {_stem(e.path): number for number, e in enumerate(entries) if _is(e.path, ".shp")}
    members, skipped = [], []
    for number, entry in enumerate(entries):
        suffix = entry.path.suffix.lower()
        part = suffix in SHAPEFILE_PARTS and _stem(entry.path) in shapes
        if _hidden(entry.path) or not (part or suffix in _DATA):
            skipped.append(str(entry.path))
            continue
        target = folder / str(shapes[_stem(entry.path)] if part else number) / f"data{suffix}"
        target.parent.mkdir(exist_ok=True)
        with archive.open(entry.info) as source:
            _copy(source, target, name, entry.info.file_size, entry.info.compress_size)
        if not part or suffix == ".shp":
            members.append(Member(target, str(entry.path)))
    return Unpacked(tuple(members), tuple(skipped))


def _copy(
    source: IO[bytes] | gzip.GzipFile, target: Path, name: str, most: int, packed: int
) -> None:
    """Copy in steps, stopping at a limit: the sizes an archive declares may be lies."""
    written = 0
    with target.open("wb") as out:
        while step := source.read(_STEP):
            written += len(step)
            if written > most or _inflated(written, packed):
                raise _too_big(name, written, packed)
            out.write(step)


def _is(path: PurePosixPath, suffix: str) -> bool:
    return path.suffix.lower() == suffix and not _hidden(path)


def _stem(path: PurePosixPath) -> str:
    return str(path.with_suffix("")).lower()


def _hidden(path: PurePosixPath) -> bool:
    return "__MACOSX" in path.parts or path.name.startswith((".", "~$"))


def _unsafe(name: str, reason_zh: str, reason_en: str) -> UnsafeArchiveError:
    return UnsafeArchiveError(file=name, reason_zh=reason_zh, reason_en=reason_en)


def _too_big(name: str, size: int, packed: int) -> UnsafeArchiveError:
    mib, times = size // 2**20, size // max(packed, 1)
    return _unsafe(
        name,
        f"解压后超过 {mib} MiB，为原来的 {times} 倍",
        f"it unpacks to over {mib} MiB, {times} times its size",
    )
