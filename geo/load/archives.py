"""Archives unpacked into a private folder under names of our own, within limits."""

from __future__ import annotations

import gzip
import lzma
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import IO, Final, NamedTuple

from geo.errors import UnsafeArchiveError
from geo.load.encodings import name_text
from geo.load.reasons import unreadable

MOST_MEMBERS: Final = 2_000
MOST_BYTES: Final = 4 * 2**30
# Ordinary tables of text reach 30:1, DBF files of blanks 200:1; small archives may exceed it.
MOST_RATIO: Final = 300
_RATIO_MATTERS_ABOVE: Final = 64 * 2**20
# Text is made into objects, many times its size: of it less may come out of little.
_MOST_TEXT_RATIO: Final = 100
_TEXT_MATTERS_ABOVE: Final = 4 * 2**20
_TEXT: Final = frozenset({".csv", ".tsv", ".txt", ".json", ".geojson", ".kml", ".gml", ".gz"})
_MOST_DIRECTORY: Final = 4 * 2**20  # bytes of an archive's list of members
_END, _END_LARGE = b"PK\x05\x06", b"PK\x06\x06"  # of the list: where its size is said
_SIZE: Final = {_END: (12, 16), _END_LARGE: (40, 48)}
_TAIL: Final = 66_000  # bytes that the end and a remark take at most
_STEP: Final = 2**20
_UTF8_NAME: Final = 0x800
_ENCRYPTED: Final = 0x1

# Formats of several files: the main one's extension, and what else of it is needed.
SETS: Final[Mapping[str, tuple[str, ...]]] = {
    ".shp": (".shx", ".dbf", ".prj", ".cpg"),
    ".tab": (".dat", ".map", ".id", ".ind"),
    ".mif": (".mid",),
}
_DATA: Final = (
    *(".gpkg", ".geojson", ".json", ".kml", ".fgb", ".parquet", ".geoparquet", ".csv"),
    *(".tsv", ".xlsx", ".xlsm", ".pbf", ".gml", ".dxf", ".sqlite", ".kmz", ".zip", ".gz"),
)
_SAID_ELSEWHERE: Final = 0xFFFFFFFF
BROKEN: Final = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, OSError),
    UnicodeDecodeError,  # a name that is said to be UTF-8
)
_GDB_FILE: Final = re.compile(r"[\w.]{1,40}", re.ASCII)


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
    demand_short_list(path, name)
    try:
        with zipfile.ZipFile(path) as archive:
            entries = list(_entries(archive, name))
            _check_sizes(entries, path.stat().st_size, name)
            return _unpack(archive, entries, name, folder)
    except BROKEN as error:
        raise unreadable(name, error) from error


def gunzipped(path: Path, name: str, folder: Path) -> Member:
    """Return the one file of a .gz, unpacked into a private folder, within the same limits."""
    target = folder / "gunzipped"
    try:
        with gzip.open(path) as source:
            _copy(source, target, name, MOST_BYTES, path.stat().st_size)
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise unreadable(name, error) from error
    size, packed = target.stat().st_size, path.stat().st_size
    if _inflated_text(PurePosixPath(name), size, packed):
        raise _too_big(name, size, packed)
    return Member(target, name.removesuffix(".gz"))


def check_workbook(path: Path, name: str) -> None:
    """Refuse a workbook that is a bomb, before anything opens it."""
    demand_short_list(path, name)
    try:
        with zipfile.ZipFile(path) as archive:
            _check_sizes(list(_entries(archive, name)), path.stat().st_size, name)
    except BROKEN as error:
        raise unreadable(name, error) from error


def demand_short_list(path: Path, name: str) -> None:
    """Refuse an archive whose list of members is long: all of it is read at once."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        tail = file.read()
    found = {mark: tail.rfind(mark) for mark in _SIZE}
    sizes = [
        int.from_bytes(tail[found[mark] + first : found[mark] + last], "little")
        for mark, (first, last) in _SIZE.items()
        if found[mark] >= 0
    ]
    size = max((size for size in sizes if size != _SAID_ELSEWHERE), default=0)
    if size > _MOST_DIRECTORY:
        mib = size // 2**20
        raise _unsafe(name, f"成员表占 {mib} MiB", f"its list of members takes {mib} MiB")


def _entries(archive: zipfile.ZipFile, name: str) -> Iterator[_Entry]:
    for info in archive.infolist():
        path = PurePosixPath(_member_name(info).replace("\\", "/"))
        _check_entry(info, path, name)
        if path.name and not info.is_dir():  # "." is a folder by another name
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
    for each in entries:
        if _inflated_text(each.path, each.info.file_size, each.info.compress_size):
            raise _too_big(name, each.info.file_size, each.info.compress_size)


def _inflated(size: int, packed: int) -> bool:
    return size > _RATIO_MATTERS_ABOVE and size > MOST_RATIO * max(packed, 1)


def _inflated_text(path: PurePosixPath, size: int, packed: int) -> bool:
    large = size > _TEXT_MATTERS_ABOVE and size > _MOST_TEXT_RATIO * max(packed, 1)
    return large and path.suffix.lower() in _TEXT


def _unpack(archive: zipfile.ZipFile, entries: list[_Entry], name: str, folder: Path) -> Unpacked:
    members: dict[Path, Member] = {}
    skipped = []
    groups = _groups(entries)
    for number, entry in enumerate(entries):
        spot = None if _hidden(entry.path) else _spot(entry.path, number, groups)
        if spot is None:
            skipped.append(str(entry.path))
            continue
        target = folder / spot.file
        target.parent.mkdir(exist_ok=True, parents=True)
        with archive.open(entry.info) as source:
            _copy(source, target, name, entry.info.file_size, entry.info.compress_size)
        if spot.member:
            members.setdefault(folder / spot.member, Member(folder / spot.member, spot.name))
    return Unpacked(tuple(members.values()), tuple(skipped))


class _Spot(NamedTuple):
    """Where a member is written, and the data file it is or makes (empty: a companion)."""

    file: Path
    member: Path | None = None
    name: str = ""


def _groups(entries: list[_Entry]) -> dict[tuple[str, str], int]:
    """Return the number that companions go under, by (stem, extension) or (folder, ".gdb")."""
    groups: dict[tuple[str, str], int] = {}
    for number, entry in enumerate(entries):
        base = _geodatabase(entry.path)
        if base is not None:
            groups.setdefault((str(base).lower(), ".gdb"), number)
        for suffix in () if _hidden(entry.path) else SETS.get(entry.path.suffix.lower(), ()):
            groups[_stem(entry.path), suffix] = number
    return groups


def _spot(path: PurePosixPath, number: int, groups: Mapping[tuple[str, str], int]) -> _Spot | None:
    base, suffix = _geodatabase(path), path.suffix.lower()
    if base is not None:
        whole = Path(str(groups[str(base).lower(), ".gdb"])) / "data.gdb"
        sound = path.parent == base and _GDB_FILE.fullmatch(path.name)
        return _Spot(whole / path.name, whole, str(base)) if sound else None
    if (_stem(path), suffix) in groups:
        return _Spot(Path(str(groups[_stem(path), suffix])) / f"data{suffix}")
    if suffix not in (*_DATA, *SETS):
        return None
    file = Path(str(number)) / f"data{suffix}"
    return _Spot(file, file, str(path))


def _geodatabase(path: PurePosixPath) -> PurePosixPath | None:
    """Return the .gdb folder a member lies in, or None."""
    return next((p for p in path.parents if p.suffix.lower() == ".gdb"), None)


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
