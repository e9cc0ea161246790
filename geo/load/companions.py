"""Formats that are several files side by side: Shapefile and MapInfo, in their real encoding."""

from __future__ import annotations

import shutil
import struct
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyogrio
from numpy.typing import NDArray

from geo.load.archives import SETS
from geo.load.encodings import chosen, name_text, recoded
from geo.load.files import Source
from geo.load.findings import Finding, RawLayer
from geo.load.readers import raw_layer, read_raw
from geo.load.reasons import unreadable

_DBF_HEADER_BYTES: Final = 32
_DBF_LANGUAGE_BYTE: Final = 29
_SHP_LENGTH_BYTES: Final = slice(24, 28)
_SHP_HEADER_BYTES: Final = 100
_BYTES_AS_THEY_ARE: Final = "ISO-8859-1"


def read_mapinfo(source: Source, layer: str) -> RawLayer:
    """Return a MapInfo table (.tab or .mif), read from a private folder with its parts."""
    folder = Path(tempfile.mkdtemp(dir=source.folder))
    for suffix, path in parts(source).items():
        (folder / f"data{suffix}").symlink_to(path.resolve())
    inside = replace(source, path=folder / f"data.{source.format}")
    given = read_raw(inside, None, encoding=_BYTES_AS_THEY_ARE)
    columns, said = _in_real_encoding(given.columns, "")
    return raw_layer(layer, given._replace(columns=columns)).saying(*said)


def parts(source: Source) -> dict[str, Path]:
    """Return the files that belong to a source, by their extension in small letters."""
    main = f".{source.format}"
    same = [p for p in source.path.parent.iterdir() if p.stem.lower() == source.path.stem.lower()]
    wanted = (main, *SETS[main])
    return {p.suffix.lower(): p for p in same if p.suffix.lower() in wanted}


def read_shapefile(source: Source, layer: str) -> RawLayer:
    """Return a shapefile, read from a private copy whose index and encoding we decide."""
    copy, found = _private_copy(source)
    _check_length(copy, source.name)
    restore = ".shx" not in found
    pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": "YES" if restore else None})
    try:
        given = read_raw(replace(source, path=copy), None)
    finally:
        pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": None})
    said = [Finding("shx-restored")] if restore else []
    said += [Finding("dbf-missing")] if ".dbf" not in found else []
    columns, about_text = _in_real_encoding(given.columns, _declared_encoding(found))
    heard = _without_deleted(given.findings, found)
    raw = raw_layer(layer, given._replace(columns=columns, findings=heard))
    return raw.saying(*said, *about_text)


def _without_deleted(said: tuple[Finding, ...], found: Mapping[str, Path]) -> tuple[Finding, ...]:
    """Return findings in which rows marked as deleted are no rows that are missing."""
    gone = [f for f in said if f.code == "rows-missing"]
    if not gone or ".dbf" not in found:
        return said
    deleted = _deleted(found[".dbf"].read_bytes())
    told = gone[0].values  # noqa: PD011 a finding is not a frame
    if told["declared"] != deleted + int(str(told["found"])):
        return said
    others = (f for f in said if f.code != "rows-missing")
    return (*others, Finding("rows-deleted", values={"count": deleted}))


def _deleted(dbf: bytes) -> int:
    """Return how many records of a DBF bear the mark of deletion, of those that are there.

    >>> _deleted(b"short")
    0
    """
    if len(dbf) < _DBF_HEADER_BYTES:
        return 0
    count, head, size = struct.unpack("<IHH", dbf[4:12])
    return dbf[head : head + count * size : size or 1].count(b"*")


def _private_copy(source: Source) -> tuple[Path, dict[str, Path]]:
    """Return a copy of a shapefile's parts that reads as Latin-1, byte for byte."""
    found = parts(source)
    folder = Path(tempfile.mkdtemp(dir=source.folder))
    for suffix, path in found.items():
        shutil.copyfile(path, folder / f"data{suffix}")
    (folder / "data.cpg").write_text(_BYTES_AS_THEY_ARE, encoding="ascii")
    if ".dbf" in found:
        with (folder / "data.dbf").open("r+b") as dbf:
            dbf.seek(_DBF_LANGUAGE_BYTE)
            dbf.write(b"\x00")
    return folder / "data.shp", found


def _check_length(path: Path, name: str) -> None:
    """Refuse a .shp shorter than its header says (in words of two bytes)."""
    with path.open("rb") as file:
        head = file.read(_SHP_HEADER_BYTES)
    declared = int.from_bytes(head[_SHP_LENGTH_BYTES], "big") * 2
    found = path.stat().st_size
    if found < max(declared, _SHP_HEADER_BYTES):
        reason = f".shp: {found} / {declared} bytes"
        raise unreadable(name, reason, f".shp 应有 {declared} 字节，只有 {found} 字节")


def _declared_encoding(found: Mapping[str, Path]) -> str:
    """Return what the .cpg says, else what the DBF's language byte says (0x4D is GBK)."""
    if ".cpg" in found:
        return name_text(found[".cpg"].read_bytes()[:64]).strip("\ufeff \r\n\t\0")
    if ".dbf" not in found:
        return ""
    with found[".dbf"].open("rb") as dbf:
        head = dbf.read(32)
    gbk = len(head) > _DBF_LANGUAGE_BYTE and head[_DBF_LANGUAGE_BYTE] == 0x4D  # noqa: PLR2004
    return "936" if gbk else ""


def _in_real_encoding(
    columns: Mapping[str, NDArray[Any]], declared: str
) -> tuple[dict[str, NDArray[Any]], tuple[Finding, ...]]:
    """Return columns read as Latin-1 in their real encoding, names too, and what is said."""
    texts = {name: pd.Series(v, dtype="object") for name, v in columns.items() if v.dtype == object}
    pieces = [*columns, *(text for column in texts.values() for text in column.dropna().unique())]
    data = b"\x00".join(str(piece).encode("latin-1", "replace") for piece in pieces)
    encoding, said = chosen(data, declared)
    names = recoded(pd.Series(list(columns), dtype="object"), encoding)
    real = {}
    for name, (old, values) in zip(names, columns.items(), strict=True):
        real[name] = recoded(texts[old], encoding).to_numpy() if old in texts else values
    return real, said
