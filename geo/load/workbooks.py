"""A workbook made fit to be read: what says nothing is left out, what no spreadsheet makes refused.

The library makes an object of every cell a sheet lists and of every cell a merged block covers:
a few kilobytes may ask for millions. Formatted blanks down to the last row are common (somebody
coloured a whole column); blocks over a whole column are too.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path
from typing import Final

from geo.errors import UnreadableFileError
from geo.load.archives import check_workbook

_MOST_ROWS: Final = 1_048_576  # of a sheet, as spreadsheets keep it
_MOST_LETTERS: Final = 32_767  # of a cell
_WORTH: Final = 200_000  # bytes of blanks that are left out: fewer cost nothing
_MOST_MERGED: Final = 200_000  # cells in merged blocks
_SHEET: Final = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
# Only what says where it stands: without that, leaving one out would move those after it.
_BLANK_CELL: Final = re.compile(rb"<((?:\w+:)?c)\b(?=[^<>]*\br=)[^<>]*(?:/>|></\1>)")
_BLANK_ROW: Final = re.compile(rb"<((?:\w+:)?row)\b(?=[^<>]*\br=)[^<>]*(?:/>|>\s*</\1>)")
_BLOCK: Final = re.compile(rb"<(?:\w+:)?mergeCell\b[^<>]*?\bref=[\"']([^\"']*)[\"'][^<>]*/>")
_PLACE: Final = re.compile(rb"([A-Za-z]{1,3})(\d{1,7})")
_FAR: Final = re.compile(rb"<(?:\w+:)?(?:row|c)\b[^<>]*?\br=[\"'][A-Za-z]*0*([1-9]\d{6,})[\"']")
_LONG: Final = re.compile(rb">[^<]{%d}" % (4 * _MOST_LETTERS))  # bytes: letters have four at most


def readable(path: Path, name: str, folder: Path) -> Path:
    """Return a workbook to read: the file itself, or a copy in its private folder without blanks.

    Raises
    ------
    UnreadableFileError, UnsafeArchiveError
        When it is broken or a bomb, or holds what no spreadsheet holds: a cell of more letters, a
        row beyond the last.
    """
    check_workbook(path, name)
    copy = folder / f"{path.name}.readable.xlsx"
    if copy.exists():
        return copy
    try:
        with zipfile.ZipFile(path) as archive:
            parts = {
                info.filename: archive.read(info)
                for info in archive.infolist()
                if _SHEET.fullmatch(info.filename) or info.filename == "xl/sharedStrings.xml"
            }
            plain = {part: _plain(content, name) for part, content in parts.items()}
            if plain == parts:
                return path
            return _copied(archive, plain, copy)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise UnreadableFileError(file=name, reason=error) from error


def _plain(content: bytes, name: str) -> bytes:
    """Return a part without cells and rows that say nothing, nor blocks that cover too much."""
    if _LONG.search(content):
        raise UnreadableFileError(file=name, reason=f"a cell of more than {_MOST_LETTERS} letters")
    if any(int(far[1]) > _MOST_ROWS for far in _FAR.finditer(content)):
        raise UnreadableFileError(file=name, reason=f"a row beyond {_MOST_ROWS}")
    fewer = _BLANK_ROW.sub(b"", _BLANK_CELL.sub(b"", content))
    fewer = fewer if len(content) - len(fewer) >= _WORTH else content
    blocks = [(found[0], _cells_of(found[1])) for found in _BLOCK.finditer(fewer)]
    if sum(count for _, count in blocks) <= _MOST_MERGED:
        return fewer
    each = _MOST_MERGED // len(blocks)  # what no ledger merges: a whole column, a whole sheet
    for block in {block for block, count in blocks if count > each}:
        fewer = fewer.replace(block, b"")
    return fewer


def _cells_of(reference: bytes) -> int:
    """Return how many cells a block covers.

    >>> _cells_of(b"A1:XFD1048576"), _cells_of(b"B2"), _cells_of(b"?")
    (17179869184, 1, 0)
    """
    places = _PLACE.findall(reference)
    if not places:
        return 0
    columns = [_column(letters) for letters, _ in places]
    rows = [int(row) for _, row in places]
    return (max(columns) - min(columns) + 1) * (max(rows) - min(rows) + 1)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _copied(archive: zipfile.ZipFile, plain: dict[str, bytes], copy: Path) -> Path:
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as out:
        for info in archive.infolist():
            out.writestr(info.filename, plain.get(info.filename) or archive.read(info))
    return copy
