"""Tables as text (CSV): each record's own characters are kept, to be passed on unchanged."""

from __future__ import annotations

import codecs
import csv
import gc
import gzip
import io
import re
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, NamedTuple, TextIO

from api.files.grid_defects import Remark, some
from api.files.numbers import has_axes
from geo.errors import TextTableError
from geo.load.encodings import chosen
from geo.load.reasons import not_opened

DELIMITERS: Final = (",", "\t", ";", "|")
# A record may hold a polygon as text; what is larger is no table.
LONGEST_LINE: Final = 16 * 1024 * 1024
_CHUNK: Final = 1024 * 1024
_BATCH: Final = 50_000
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# A byte that is no text is passed on as it is, in the guise of half a surrogate.
_AS_IT_IS: Final = "surrogateescape"
_GUISE: Final = re.compile("[\udc80-\udcff]")


class Writing(NamedTuple):
    """How a text file is written; `errors` is what becomes of bytes that are no text."""

    encoding: str
    errors: Literal["strict", "surrogateescape"] = "strict"


class Record(NamedTuple):
    """One record: its characters as they stand in the file, line end included, and its fields.

    Bytes that are no text are in `raw` as they are, and "�" in the fields.
    """

    raw: str
    fields: list[str]


@dataclass(frozen=True)
class TextTable:
    """A table in a text file: how it is written, and the names of its columns.

    `damaged`: what is to be said of lines with bytes that are no text.
    """

    path: Path
    writing: Writing
    delimiter: str
    header: Record
    damaged: tuple[Remark, ...] = ()

    def batches(self) -> Iterator[list[Record]]:
        """Yield the records after the header, in order, some thousands at a time.

        Blank lines come as records without fields.

        Raises
        ------
        TextTableError
            When a quote never closes or a record has more fields than the header.
        """
        batch: list[Record] = []
        with open_text(self.path, "r", self.writing) as file:
            records = _records(file, self.delimiter, self.path)
            next(records)
            if self.damaged:
                records = map(_readable, records)
            for number, record in enumerate(records, start=2):
                if len(record.fields) > len(self.header.fields):
                    raise _too_wide(self.path, number, record, self.header)
                batch.append(record)
                if len(batch) == _BATCH:
                    yield batch
                    batch = []
        yield batch


def text_table(path: Path, *, lenient: bool = False) -> TextTable:
    """Return what a text file is: its encoding, delimiter and header, found from the bytes.

    UTF-8 and UTF-16 by their marks, else UTF-8 where every byte fits, else GB18030. Where neither
    fits and `lenient`, the one that reads most: lines with bytes that are no text are told of.

    Raises
    ------
    FileUnreadableError, TextTableError
        When the bytes fit none of them, or there is no header.
    """
    writing = _writing(path, lenient=lenient)
    with open_text(path, "r", writing) as file:
        first = file.readline(LONGEST_LINE)
    delimiter = _delimiter(first)
    with open_text(path, "r", writing) as file:
        header = next(_records(file, delimiter, path), None)
    if header is None or not any(header.fields):
        raise TextTableError(path=path.name, fault_zh="没有表头", fault_en="there is no header")
    damaged = _damage_said(path, writing) if writing.errors == _AS_IT_IS else ()
    return TextTable(path, writing, delimiter, _readable(header), damaged)


def widened(record: Record, width: int, values: Sequence[str], delimiter: str) -> str:
    r"""Return the record's own characters with more fields, in the columns after `width`.

    >>> widened(Record('"007",a\r\n', ["007", "a"]), 3, ["g,1"], ",")
    '"007",a,,"g,1"\r\n'
    """
    if not record.fields:
        return record.raw
    body = record.raw.rstrip("\r\n")
    gap = delimiter * (width - len(record.fields) + 1)
    added = delimiter.join(quoted(value, delimiter) for value in values)
    return body + gap + added + record.raw[len(body) :]


def quoted(value: str, delimiter: str) -> str:
    """Return a field as it is written: in quotes where it has to be."""
    if any(mark in value for mark in (delimiter, '"', "\r", "\n")):
        return '"' + value.replace('"', '""') + '"'
    return value


def open_text(path: Path, mode: Literal["r", "w"], writing: Writing) -> TextIO:
    """Return the file opened as text with line ends untouched, through gzip where named so."""
    if is_packed(path):
        # No time inside: the same rows make the same bytes.
        binary = gzip.GzipFile(path, mode + "b", mtime=0)
        return io.TextIOWrapper(binary, writing.encoding, writing.errors, newline="")
    return path.open(mode, encoding=writing.encoding, errors=writing.errors, newline="")


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep Python's collector of cycles still meanwhile.

    Records are millions of small objects in no cycle, and grids some ten thousands: looking for
    some took half of the time of a text table, a twentieth of that of Parquet.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def is_packed(path: Path) -> bool:
    """Tell whether a file's name says gzip."""
    return path.suffix.lower() == ".gz"


def _writing(path: Path, *, lenient: bool) -> Writing:
    """Return the first encoding that every byte of the file fits, else the one that reads most.

    Raises
    ------
    FileUnreadableError, TextTableError
    """
    try:
        with _open_bytes(path) as file:
            start = file.read(len(codecs.BOM_UTF8))
        marked = [encoding for mark, encoding in _MARKS if start.startswith(mark)]
        known = marked or ("utf-8", "gb18030")
        fitting = next((name for name in known if _fits(path, name)), None)
        likeliest = fitting or (marked[0] if marked else _likeliest(path))
    except (OSError, EOFError, zlib.error) as error:
        raise not_opened(path, error) from error
    if fitting:
        return Writing(fitting)
    foreign = Writing(likeliest, _AS_IT_IS)
    if lenient and likeliest != "utf-16":
        return foreign
    where = some(_damaged_lines(path, foreign)) if likeliest != "utf-16" else "–"
    raise TextTableError(
        path=path.name,
        fault_zh=f"既不是 UTF-8 也不是 GB18030（第 {where} 行）",
        fault_en=f"neither UTF-8 nor GB18030 (line {where})",
    )


def _open_bytes(path: Path) -> gzip.GzipFile | io.BufferedReader:
    return gzip.open(path, "rb") if is_packed(path) else path.open("rb")


def _likeliest(path: Path) -> str:
    """Return the encoding that the first bytes above ASCII are in, damaged as they may be."""
    with _open_bytes(path) as file:
        chunk = file.read(_CHUNK)
        while chunk and chunk.isascii():
            chunk = file.read(_CHUNK)
    return chosen(chunk).encoding


def _damaged_lines(path: Path, writing: Writing) -> list[int]:
    with open_text(path, "r", writing) as file:
        return [number for number, line in enumerate(file, 1) if _GUISE.search(line)]


def _damage_said(path: Path, writing: Writing) -> tuple[Remark, ...]:
    """Return what is said of the lines that have bytes which are no text."""
    lines = _damaged_lines(path, writing)
    count, named, name = len(lines), some(lines), writing.encoding.removesuffix("-sig").upper()
    zh = f"{count} 行含不是 {name} 的字节：第 {named} 行。文本表里原样保留，其他格式以 � 代替。"
    en = f"{count} line(s) with bytes that are no {name}: line {named}. "
    return (Remark(zh, en + "Kept as they are in a text table; � stands for them elsewhere."),)


def _readable(record: Record) -> Record:
    """Return the record with "�" in its fields for bytes that are no text."""
    if not _GUISE.search(record.raw):
        return record
    return record._replace(fields=[_GUISE.sub("\ufffd", field) for field in record.fields])


def _fits(path: Path, encoding: str) -> bool:
    try:
        with open_text(path, "r", Writing(encoding)) as file:
            while file.read(_CHUNK):
                pass
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(line: str) -> str:
    """Return the delimiter that makes columns of coordinates of the header, else the likeliest."""
    csv.field_size_limit(LONGEST_LINE)

    def columns(delimiter: str) -> tuple[bool, int]:
        names = next(csv.reader([line], delimiter=delimiter), [])
        return has_axes(names), len(names)

    return max(DELIMITERS, key=columns)


def _records(file: TextIO, delimiter: str, path: Path) -> Iterator[Record]:
    """Yield records with their own characters: the lines the reader took to make each one."""
    taken: list[str] = []
    unfinished = False

    def lines() -> Iterator[str]:
        nonlocal unfinished
        while line := file.readline(LONGEST_LINE):
            if len(line) == LONGEST_LINE:
                raise _too_long(path)
            taken.append(line)
            yield line
        unfinished = bool(taken)  # the file ends in the middle of a record

    csv.field_size_limit(LONGEST_LINE)
    for fields in csv.reader(lines(), delimiter=delimiter):
        if unfinished:
            raise TextTableError(
                path=path.name,
                fault_zh=f"引号没有闭合：{taken[0][:40]!r}",
                fault_en=f"a quote never closes: {taken[0][:40]!r}",
            )
        yield Record("".join(taken), fields)
        taken.clear()


def _too_long(path: Path) -> TextTableError:
    most = LONGEST_LINE // 1024**2
    return TextTableError(
        path=path.name,
        fault_zh=f"有一行超过 {most} MB",
        fault_en=f"a line is longer than {most} MB",
    )


def _too_wide(path: Path, number: int, record: Record, header: Record) -> TextTableError:
    here, there = len(record.fields), len(header.fields)
    return TextTableError(
        path=path.name,
        fault_zh=f"第 {number} 条记录有 {here} 列，表头只有 {there} 列",
        fault_en=f"record {number} has {here} fields, the header {there}",
    )
