"""Workbooks made fit to be read: what says nothing is left out, what no spreadsheet makes refused.

The library makes an object of every cell a sheet lists and of every cell a merged block covers:
a few kilobytes may ask for millions. Formatted blanks down to the last row are common (somebody
coloured a whole column); blocks over a whole column are too. Parts are looked through a piece at
a time, once for each workbook.
"""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import IO, Final, NamedTuple

from geo.load.advice import beyond
from geo.load.archives import BROKEN, check_workbook
from geo.load.reasons import unreadable

_MOST_ROWS: Final = 1_048_576  # of a sheet, as spreadsheets keep it
_MOST_LETTERS: Final = 32_767  # of a cell
_MOST_CELL: Final = 2**20  # bytes of a cell with all its marks
_MOST_PIECE: Final = 8 * 2**20  # bytes of a row
_MOST_BESIDE: Final = 16 * 2**20  # bytes of styles, remarks and the like
_WORTH: Final = 200_000  # bytes that say nothing: fewer cost nothing
_MOST_MERGED: Final = 200_000  # cells in merged blocks
_MOST_BLOCKS: Final = 20_000
_CELLS_MATTER_ABOVE: Final = 200_000  # that say something: a byte of the file holds one at most
_STEP: Final = 2**20
_TABLE: Final = re.compile(r"xl/(worksheets/[^/]+|sharedStrings)\.xml", re.IGNORECASE)
_XML: Final = re.compile(r".*\.(xml|rels|vml)", re.IGNORECASE | re.DOTALL)
_HOLDS_CELLS: Final = re.compile(rb"<(?:\w+:)?(?:sheetData|si)\b")
# Rows of blanks as spreadsheets write them, a row at a time: there may be a million.
_BLANKS: Final = re.compile(rb'<row r="\d++"[^<>/]*+>(?:<c r="[A-Z]{1,3}+\d++"[^<>/]*+/>)*+</row>')
# Only what says where it stands: without that, leaving one out would move those after it.
_BLANK_CELL: Final = re.compile(
    rb"<((?:\w+:)?c)\b(?=[^<>]*\br=)[^<>]*(?:/>|>\s*"
    rb"(?:<(?:\w+:)?(?:v|is)\s*/>|<((?:\w+:)?(?:v|is))>\s*"
    rb"(?:<(?:\w+:)?t\b[^<>]*(?:/>|>\s*</(?:\w+:)?t>)\s*)?</\2>)?\s*</\1>)"
)
_BLANK_ROW: Final = re.compile(rb"<((?:\w+:)?row)\b(?=[^<>]*\br=)[^<>]*(?:/>|>\s*</\1>)")
_BLOCK: Final = re.compile(rb"<(?:\w+:)?mergeCell\b[^<>]*?\bref=[\"']([^\"'<>]*)[\"'][^<>]*/?>")
_PLACE: Final = re.compile(rb"([A-Za-z]{1,3})(\d{1,7})")
_FAR: Final = re.compile(rb"<(?:\w+:)?(?:row|c)\b[^<>]*?\br=[\"'][A-Za-z]*0*([1-9]\d{6,})[\"']")
_LONG: Final = re.compile(rb">[^<]{%d}" % (4 * _MOST_LETTERS))  # bytes: letters have four at most
_STRANGE: Final = re.compile(rb"\0|<!DOCTYPE|<!ENTITY")
_STANDS: Final = re.compile(rb"<(?:\w+:)?(?:row|c|si)\b")
_LAST_START: Final = re.compile(rb"(?s).*(?=<(?:\w+:)?(?:row|si)\b)")
_END_OF_DATA: Final = re.compile(rb"</((?:\w+:)?)sheetData\s*>")
_AT: Final = re.compile(rb"\br=[\"']([A-Z]{1,3}\d{1,7})[\"']")
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f\b")
_BROKEN: Final = (*BROKEN, RuntimeError)  # one with a password


def readable(path: Path, name: str, folder: Path) -> Path:
    """Return a workbook to read, in its private folder: a link to the file, or a copy.

    The copy lacks blanks, blocks that cover too much, and what stands below the cells.

    Raises
    ------
    UnreadableFileError, UnsafeArchiveError
        When it is broken or a bomb.
    BeyondLimitError
        When it holds what no spreadsheet holds: a cell of more letters, a row beyond the last,
        more cells than bytes.
    """
    copy = folder / f"{path.name}.readable.xlsx"
    if copy.exists():
        return copy
    check_workbook(path, name)
    draft = folder / f"{path.name}.draft.xlsx"
    try:
        with zipfile.ZipFile(path) as archive:
            _demand_little_beside(archive, name)
            left_out = _copied(archive, draft, name)
    except _BROKEN as error:
        raise unreadable(name, error) from error
    if left_out < _WORTH:
        draft.unlink()
        draft.symlink_to(path.resolve())
    return draft.replace(copy)


def has_formulas(path: Path) -> bool:
    """Tell whether any sheet of a workbook has a formula."""
    with zipfile.ZipFile(path) as archive:
        parts = [info for info in archive.infolist() if _TABLE.fullmatch(info.filename)]
        return any(_FORMULA.search(piece) for info in parts for piece in _steps(archive, info))


def _steps(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """Give a part in steps that overlap by a little, so that no mark is cut."""
    end = b""
    with archive.open(info) as part:
        while step := part.read(_STEP):
            yield end + step
            end = step[-64:]


def _demand_little_beside(archive: zipfile.ZipFile, name: str) -> None:
    beside = [
        info.file_size
        for info in archive.infolist()
        if _XML.fullmatch(info.filename) and not _TABLE.fullmatch(info.filename)
    ]
    if sum(beside) > _MOST_BESIDE:
        raise beyond("beside", name, found=sum(beside) // 2**20, most=_MOST_BESIDE // 2**20)


def _is_table(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bool:
    """Tell whether a part holds cells or texts, wherever the workbook keeps it.

    Raises
    ------
    UnreadableFileError
        When it is written in UTF-16, or has entities of its own, which no spreadsheet does.
    """
    if not _XML.fullmatch(info.filename):
        return False
    for piece in _steps(archive, info):
        if strange := _STRANGE.search(piece):
            raise unreadable(name, f"{info.filename}: {strange[0]!r}", "含有表格软件不会写的内容")
        if _HOLDS_CELLS.search(piece):
            return True
    return False


def _copied(archive: zipfile.ZipFile, draft: Path, name: str) -> int:
    """Write a workbook without what says nothing; return how many bytes less there are."""
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED) as out:
        parts = {info.filename: info for info in archive.infolist()}
        return sum(_part_copied(archive, info, out, name) for info in parts.values())


def _part_copied(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, out: zipfile.ZipFile, name: str
) -> int:
    read = written = stands = 0
    with archive.open(info) as part, out.open(info.filename, "w", force_zip64=True) as copy:
        if not _is_table(archive, info, name):
            shutil.copyfileobj(part, copy)
            return 0
        for piece in _plain_pieces(part, _Part(name, info.filename)):
            copy.write(piece.plain)
            read, written = read + piece.size, written + len(piece.plain)
            stands += len(_STANDS.findall(piece.plain))
            if stands > max(_CELLS_MATTER_ABOVE, info.compress_size):
                raise beyond("cells", name, found=stands, most=info.compress_size)
    return read - written


class _Part(NamedTuple):
    """A part of a workbook: whose, and which."""

    file: str
    name: str


class _Piece(NamedTuple):
    """What is kept of a piece, and how many bytes it had."""

    plain: bytes
    size: int


def _plain_pieces(part: IO[bytes], of: _Part) -> Iterator[_Piece]:
    """Give a part without cells and rows that say nothing, nor what stands below them."""
    for piece in _pieces(part, of):
        end = _END_OF_DATA.search(piece)
        if end is None:
            yield _Piece(_plain(piece, of), len(piece))
            continue
        yield _Piece(_plain(piece[: end.start()], of), end.start())
        yield _below(part, piece[end.start() :], end[1], of)
        return


def _pieces(part: IO[bytes], of: _Part) -> Iterator[bytes]:
    """Give a part piece by piece: all but the first begin with a row or a text."""
    held = b""
    while step := part.read(_STEP):
        held += step
        start = _LAST_START.match(held)
        if start is not None and start.end():
            yield held[: start.end()]
            held = held[start.end() :]
        elif _END_OF_DATA.search(held):
            yield held
            held = b""
        if len(held) > _MOST_PIECE:
            raise beyond("cell", of.file, where=_where(held, of), most=_MOST_LETTERS)
    yield held


def _plain(piece: bytes, of: _Part) -> bytes:
    """Return a piece without cells and rows that say nothing.

    Raises
    ------
    BeyondLimitError
        When a cell is longer, or a row lies further down, than in any spreadsheet.
    """
    long = _LONG.search(piece)
    if long is not None:
        raise beyond("cell", of.file, where=_where(piece[: long.start()], of), most=_MOST_LETTERS)
    fewer = _BLANK_ROW.sub(b"", _BLANK_CELL.sub(b"", _BLANKS.sub(b"", piece)))
    if any(int(far[1]) > _MOST_ROWS for far in _FAR.finditer(fewer)):
        raise beyond("row", of.file, most=_MOST_ROWS)
    starts = (found.start() for found in _STANDS.finditer(fewer))
    for start, end in pairwise((*starts, len(fewer))):
        if end - start > _MOST_CELL:
            where = _where(fewer[: start + 200], of)
            raise beyond("cell", of.file, where=where, most=_MOST_LETTERS)
    return fewer


def _where(before: bytes, of: _Part) -> str:
    """Return the cell that bytes end in, or else the part of the workbook."""
    places = _AT.findall(before[-1_000:]) or _AT.findall(before[:1_000])
    return places[-1].decode() if places else of.name


def _below(part: IO[bytes], begun: bytes, prefix: bytes, of: _Part) -> _Piece:
    """Return what is kept of what stands below the cells: blocks that do not cover too much."""
    blocks, size, held = list[bytes](), len(begun), begun
    while True:
        blocks += [found[1] for found in _BLOCK.finditer(held)]
        if len(blocks) > _MOST_BLOCKS:
            raise beyond("blocks", of.file, found=len(blocks), most=_MOST_BLOCKS)
        step = part.read(_STEP)
        if not step:
            break
        size += len(step)
        begun = held[held.rfind(b"<") :]  # a mark that may go on
        held = (b"" if b">" in begun else begun[:_STEP]) + step
    kept = [b'<%smergeCell ref="%s"/>' % (prefix, ref) for ref in _not_too_large(blocks)]
    merged = b"<%smergeCells>%s</%smergeCells>" % (prefix, b"".join(kept), prefix) if kept else b""
    size += _WORTH if len(kept) < len(blocks) else 0
    return _Piece(b"</%ssheetData>%s</%sworksheet>" % (prefix, merged, prefix), size)


def _not_too_large(blocks: list[bytes]) -> list[bytes]:
    """Return blocks but for those over a whole column or a whole sheet, which no ledger means."""
    cells = [_cells_of(block) for block in blocks]
    most = _MOST_MERGED // len(blocks) if sum(cells) > _MOST_MERGED else _MOST_MERGED
    return [block for block, count in zip(blocks, cells, strict=True) if count <= most]


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
