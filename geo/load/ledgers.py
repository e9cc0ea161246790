"""Sheets of an Excel ledger (网格台账) as tables: merged cells filled, numbers as shown."""

from __future__ import annotations

import datetime as dt
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final
from xml.etree.ElementTree import ParseError

import pandas as pd

from geo.errors import EmptyFileError, UnreadableFileError
from geo.load.archives import check_workbook
from geo.load.files import Source
from geo.load.findings import Finding, RawLayer
from geo.load.headings import PREVIEW, column_names, data_only, heading_line, titles_said

if TYPE_CHECKING:
    from openpyxl.cell import Cell, MergedCell
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_BROKEN: Final = (
    zipfile.BadZipFile,
    ParseError,
    KeyError,
    ValueError,
    OSError,
    TypeError,
)
_ALL_ZEROS: Final = re.compile(r"0{2,}")
_CELLS_SHOWN: Final = 5
_ERRORS: Final = ("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!")


def sheets(source: Source) -> list[str]:
    """Return the names of the sheets that have a cell, in order, hidden ones too.

    Raises
    ------
    UnreadableFileError, UnsafeArchiveError
        When the workbook is broken, or a bomb.
    """
    with _opened(source) as book:
        return [sheet.title for sheet in book.worksheets if _used(sheet)]


def read_sheet(source: Source, name: str) -> RawLayer:
    """Return a sheet as a table of text, rows numbered from the heading down.

    Titles above the heading, totals and notes are left out and said; cells merged downwards are
    filled and said.

    Raises
    ------
    EmptyFileError
        When the sheet has no row below its heading.
    """
    with _opened(source) as book:
        sheet = book[name]
        rows = [[_text(cell) for cell in row] for row in sheet.iter_rows()]
        merged = _fill(rows, sheet)
    line = heading_line(rows[:PREVIEW]) if rows else 0
    if line + 1 >= len(rows):
        raise EmptyFileError(file=f"{source.name}（{name}）")
    names = column_names(rows[line])
    index = pd.RangeIndex(1, len(rows) - line, name="row")
    frame = pd.DataFrame(rows[line + 1 :], index=index, columns=names, dtype="str")
    table = data_only(frame.where(frame != ""))
    filled = _filled_said(merged, line, names)
    return RawLayer(
        name, table.frame, findings=(*titles_said(rows, line), *filled, *table.findings)
    )


@contextmanager
def _opened(source: Source) -> Iterator[Workbook]:
    # Half a second of a library, which only a workbook is worth.
    from openpyxl import load_workbook  # noqa: PLC0415
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    check_workbook(source.path, source.name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and extensions: they concern no cell
            book = load_workbook(source.path, data_only=True)
    except (InvalidFileException, *_BROKEN) as error:
        raise UnreadableFileError(file=source.name, reason=error) from error
    try:
        yield book
    finally:
        book.close()


def _used(sheet: Worksheet) -> bool:
    return any(cell.value is not None for row in sheet.iter_rows() for cell in row)


def _text(cell: Cell | MergedCell) -> str:
    """Return a cell as a person sees it: whole numbers without a point, dates in ISO form."""
    value: Any = cell.value
    if value is None or value in _ERRORS:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, int | float):
        return _number(value, str(cell.number_format))
    return str(value).strip()


def _number(value: float, shown_as: str) -> str:
    """Return a number as text; a format of zeros keeps the zeros in front.

    >>> _number(370102001001001.0, "General"), _number(7, "000"), _number(117.02, "General")
    ('370102001001001', '007', '117.02')
    """
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 not-a-number
        return ""
    text = str(int(value)) if float(value).is_integer() else repr(value)
    return text.zfill(len(shown_as)) if _ALL_ZEROS.fullmatch(shown_as) else text


def _fill(rows: list[list[str]], sheet: Worksheet) -> list[tuple[int, int]]:
    """Fill merged cells with their first one's text; return (row, column) of those filled."""
    filled = []
    for block in sheet.merged_cells.ranges:
        top, left = block.min_row - 1, block.min_col - 1
        inside = [
            (row, column)
            for row in range(top, min(block.max_row, len(rows)))
            for column in range(left, min(block.max_col, len(rows[row])))
        ]
        for row, column in inside:
            rows[row][column] = rows[top][left]
        filled += [(row, column) for row, column in inside if row > top]
    return filled


def _filled_said(
    merged: Sequence[tuple[int, int]], line: int, names: Sequence[str]
) -> tuple[Finding, ...]:
    """Say which rows of data were filled from a merged cell above."""
    data = [(row - line, column) for row, column in merged if row > line + 1]
    if not data:
        return ()
    rows = sorted({row for row, _ in data})
    columns = "、".join(names[column] for column in sorted({column for _, column in data}))
    values = {"columns": columns, "count": len(rows)}
    return (Finding("merged-filled", rows, values=values),)
