"""Where a layer really lies, and how its text is written: archives, databases and Shapefiles."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

import typer

from geo.load.encodings import chosen
from geo.load.files import Source
from geo.load.harmless import harmless
from geo.load.reasons import not_opened

_WRAPPED: Final = (".zip", ".shp")
_DATABASES: Final = ("gpkg", "sqlite")
_MOST_TEXT: Final = 16 * 1024 * 1024  # of a table of attributes: enough to tell its encoding by
_HEADER_LENGTH: Final = slice(8, 10)
_ENCODINGS: Final = {"utf-8": "UTF-8", "gb18030": "GB18030", "latin-1": "ISO-8859-1"}


class Unpacked(NamedTuple):
    """A file to open, what the person calls it, and the encoding where it does not say its own."""

    path: Path
    given: Path
    encoding: str | None = None


@contextmanager
def unpacked(path: Path) -> Iterator[Unpacked]:
    """Yield the file to open, looked at: in place of an archive or a Shapefile what is in it.

    In place of a database with views that only a spatial one can ask, a copy without them, which
    is said on standard error. Others as they are.

    Raises
    ------
    ImportRefusedError
        As `geo.load.harmless.harmless`.
    FileUnreadableError
        When an archive holds no layer, or several files of them.
    """
    with harmless(path) as sources:
        for source in sources:
            _say_left(source)
        if path.suffix.lower() in _WRAPPED:
            real = _only(path, sources)
            yield Unpacked(real, path, _attribute_encoding(real))
        else:
            yield Unpacked(_as_database(sources) or path, path)


def _say_left(source: Source) -> None:
    for said in source.findings:
        if said.code == "views-ignored":
            typer.echo(f"{source.name}：{said.zh}{said.en}", err=True)


def _only(path: Path, sources: tuple[Source, ...]) -> Path:
    if len(sources) != 1:
        names = ", ".join(source.name for source in sources) or "0"
        raise not_opened(path, f"data files in it: {names}", f"里面的数据文件：{names}")
    return sources[0].path


def _as_database(sources: tuple[Source, ...]) -> Path | None:
    """Return where the one database is; None where there is none, or another form."""
    found = [source.path for source in sources if source.format in _DATABASES]
    return found[0] if len(found) == len(sources) == 1 else None


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
