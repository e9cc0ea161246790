"""Where a layer really lies, and how its text is written: archives and Shapefiles."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from geo.load.encodings import chosen
from geo.load.files import opened
from geo.load.reasons import not_opened

_WRAPPED: Final = (".zip", ".shp")
_MOST_TEXT: Final = 16 * 1024 * 1024  # of a table of attributes: enough to tell its encoding by
_HEADER_LENGTH: Final = slice(8, 10)
_ENCODINGS: Final = {"utf-8": "UTF-8", "gb18030": "GB18030", "latin-1": "ISO-8859-1"}


class Unpacked(NamedTuple):
    """A file to open, and the encoding of its text where it does not say so itself."""

    path: Path
    encoding: str | None = None


@contextmanager
def unpacked(path: Path) -> Iterator[Unpacked]:
    """Yield the file to open in place of an archive or a Shapefile; others as they are.

    Raises
    ------
    FileUnreadableError
        When an archive holds no layer, or several files of them.
    """
    if path.suffix.lower() not in _WRAPPED:
        yield Unpacked(path)
        return
    with opened(path) as sources:
        if len(sources) != 1:
            names = ", ".join(source.name for source in sources) or "0"
            raise not_opened(path, f"data files in it: {names}", f"里面的数据文件：{names}")
        real = sources[0].path
        yield Unpacked(real, _attribute_encoding(real))


def _attribute_encoding(path: Path) -> str | None:
    """Return the encoding of a Shapefile's table, by its bytes more than by what it says."""
    table = next(
        (p for p in path.parent.glob(f"{path.stem}.*") if p.suffix.lower() == ".dbf"), None
    )
    if path.suffix.lower() != ".shp" or table is None:
        return None
    says = table.with_suffix(".cpg")
    declared = says.read_text("latin-1").strip() if says.exists() else ""
    with table.open("rb") as file:
        head = file.read(32)
        file.seek(int.from_bytes(head[_HEADER_LENGTH], "little"))
        text = file.read(_MOST_TEXT)
    return _ENCODINGS.get(chosen(text, declared).encoding)
