"""Sheets of an Excel ledger (网格台账) as tables: merged cells filled, numbers as shown."""

from __future__ import annotations

import datetime as dt
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias
from xml.etree.ElementTree import ParseError

import pandas as pd

from geo.errors import EmptyFileError
from geo.load.files import Source
from geo.load.findings import Finding, RawLayer
from geo.load.guards import from_workbook, undone
from geo.load.headings import (
    PREVIEW,
    column_names,
    data_only,
    guards_said,
    heading_line,
    titles_said,
)
from geo.load.reasons import unreadable
from geo.load.workbooks import has_formulas, readable

if TYPE_CHECKING:
    from openpyxl.cell import Cell, MergedCell
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_BROKEN: Final = (
    zipfile.BadZipFile,
    ParseError,
    LookupError,
    ValueError,
    OSError,
    TypeError,
    AttributeError,
    ArithmeticError,
    EOFError,
    zlib.error,
    NotImplementedError,
)
_ALL_ZEROS: Final = re.compile(r"0{2,}")
_CELLS_SHOWN: Final = 5
_MOST_CELLS: Final = 20_000_000  # of the table a sheet becomes
_ERROR: Final = "e"  # the type of a cell that holds one of Excel's errors
_EXACT: Final = 1e15  # Excel keeps fifteen digits of a number: a longer code has lost some

Place: TypeAlias = tuple[int, int]  # row and column of a cell, from 1
Cells: TypeAlias = Mapping[Place, str]


class Sheet(NamedTuple):
    """The cells of a sheet that say something, and how it came to that."""

    name: str
    is_hidden: bool
    cells: Cells
    filled: frozenset[Place]  # from a merged cell above
    hidden: frozenset[int]  # rows
    broken: Mapping[Place, str]  # cells that hold an error of Excel's
    uncounted: frozenset[Place]  # formulas whose result was never saved


def sheets(source: Source) -> Mapping[str, Sheet]:
    """Return the sheets that have a cell, by name, in order, hidden ones too.

    The workbook is opened once for all of them: to read a sheet is to read every other.

    Raises
    ------
    UnreadableFileError, UnsafeArchiveError
        When the workbook is broken, or a bomb.
    """
    with _opened(source) as book:
        found = {each.title: _seen(each) for each in book.worksheets if _used(each)}
    if not has_formulas(source.path):
        return found
    with _opened(source, results=False) as book:
        return {
            name: sheet._replace(uncounted=_uncounted(book[name], sheet))
            for name, sheet in found.items()
        }


def read_sheet(source: Source, sheet: Sheet) -> RawLayer:
    """Return a sheet as a table of text, rows numbered from the heading down.

    Titles above the heading, totals and notes are left out and said; cells merged downwards are
    filled and said; so are hidden rows, errors and formulas without a result.

    Raises
    ------
    EmptyFileError, UnreadableFileError
        When the sheet has no row below its heading, or lies scattered over too many cells.
    """
    numbers = sorted({row for row, _ in sheet.cells})
    columns = sorted({column for _, column in sheet.cells})
    if len(numbers) * len(columns) > _MOST_CELLS:
        size = f"{len(numbers)} × {len(columns)}"
        reason = f"{size} cells, most of them blank"
        raise unreadable(source.name, reason, f"{size} 个单元格，几乎都是空的")
    rows = [[sheet.cells.get((n, c), "") for c in columns] for n in numbers]
    line = heading_line(rows[:PREVIEW]) if rows else 0
    if line + 1 >= len(rows):
        raise EmptyFileError(file=f"{source.name}（{sheet.name}）")
    marks = [cell or f"列{c}" for cell, c in zip(rows[line], columns, strict=True)]
    names = dict(zip(columns, column_names(marks), strict=True))
    index = pd.Index([n - numbers[line] for n in numbers[line + 1 :]], name="row")
    frame = pd.DataFrame(rows[line + 1 :], index=index, columns=list(names.values()), dtype="str")
    table = data_only(frame.where(frame != ""))
    said = (
        *_sheet_said(sheet.name, hidden=sheet.is_hidden),
        *titles_said(rows, line, numbers[line]),
    )
    about = _cells_said(sheet, numbers[line], names, kept=frozenset(table.frame.index))
    plain, guards = undone(table.frame)
    return RawLayer(
        sheet.name, plain, findings=(*said, *about, *table.findings, *guards_said(guards))
    )


@contextmanager
def _opened(source: Source, *, results: bool = True) -> Iterator[Workbook]:
    """Give the workbook with the results of formulas, or with the formulas."""
    # Half a second of a library, which only a workbook is worth.
    from openpyxl import load_workbook  # noqa: PLC0415
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    path = readable(source.path, source.name, source.folder)
    with path.open("rb") as file:  # the library leaves a path it was given open when it fails
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # styles and extensions: they concern no cell
                book = load_workbook(file, data_only=results)
        except (InvalidFileException, *_BROKEN) as error:
            raise unreadable(source.name, error) from error
        yield book


def _used(sheet: Worksheet) -> bool:
    return any(cell.value is not None for cell in _there(sheet).values())


def _there(sheet: Worksheet) -> Mapping[Place, Cell | MergedCell]:
    """Return the cells a sheet holds: going through rows would make every cell up to the last."""
    cells: Mapping[Place, Cell | MergedCell] = sheet._cells  # noqa: SLF001 the library offers no other
    return cells


def _seen(sheet: Worksheet) -> Sheet:
    texts = {place: _text(cell) for place, cell in _there(sheet).items()}
    cells = {place: text for place, text in texts.items() if text}
    merged = _merged(cells, sheet)
    broken = {p: str(c.value) for p, c in _there(sheet).items() if c.data_type == _ERROR}
    hidden = {number for number, row in sheet.row_dimensions.items() if row.hidden}
    filled = frozenset(place for place, top in merged.items() if place[0] > top[0])
    whole = {**cells, **{place: cells[top] for place, top in merged.items()}}
    is_hidden = sheet.sheet_state != "visible"
    rows = frozenset(hidden)
    return Sheet(sheet.title, is_hidden, whole, filled, rows, broken, frozenset())


def _merged(cells: Cells, sheet: Worksheet) -> dict[Place, Place]:
    """Return cell → the first cell of the merged block it belongs to, within what is used."""
    last_row = max((row for row, _ in cells), default=0)
    last_column = max((column for _, column in cells), default=0)
    blocks = (b for b in sheet.merged_cells.ranges if (b.min_row, b.min_col) in cells)
    return {
        (row, column): (block.min_row, block.min_col)
        for block in blocks
        for row in range(block.min_row, min(block.max_row, last_row) + 1)
        for column in range(block.min_col, min(block.max_col, last_column) + 1)
    }


def _uncounted(sheet: Worksheet, seen: Sheet) -> frozenset[Place]:
    formulas = (place for place, cell in _there(sheet).items() if cell.data_type == "f")
    return frozenset(formulas) - seen.cells.keys() - seen.broken.keys()


def _text(cell: Cell | MergedCell) -> str:
    """Return a cell as a person sees it: whole numbers without a point, dates in ISO form."""
    value: Any = cell.value
    if value is None or cell.data_type == _ERROR:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, int | float):
        return _number(value, str(cell.number_format))
    text = from_workbook(str(value))
    return text if text.strip() else ""


def _number(value: float, shown_as: str) -> str:
    """Return a number as text; a format of zeros keeps the zeros in front.

    One too long for Excel to keep is shown as Excel shows it, cut, so that no code is made of it.

    >>> _number(370102001001001.0, "General"), _number(7, "000"), _number(117.02, "General")
    ('370102001001001', '007', '117.02')
    >>> _number(370102199001011200, "0")
    '3.70102E+17'
    """
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 not-a-number
        return ""
    if abs(value) >= _EXACT:
        return f"{value:.5E}"
    text = str(int(value)) if float(value).is_integer() else repr(value)
    return text.zfill(len(shown_as)) if _ALL_ZEROS.fullmatch(shown_as) else text


def _sheet_said(name: str, *, hidden: bool) -> tuple[Finding, ...]:
    return (Finding("sheet-hidden", values={"names": name}),) if hidden else ()


def _cells_said(
    sheet: Sheet, heading: int, names: Mapping[int, str], *, kept: frozenset[int]
) -> tuple[Finding, ...]:
    """Say of the rows of data which cells were filled, hidden, errors, or without a result."""
    said = [_filled_said(sheet.filled, heading, names)]
    rows = sorted({row - heading for row in sheet.hidden} & kept)
    said.append([Finding("rows-hidden", rows, values={"count": len(rows)})] if rows else [])
    for code, places in (("cell-error", sheet.broken), ("formula-empty", sheet.uncounted)):
        data = sorted(place for place in places if place[0] - heading in kept)
        said.append(_blanks_said(code, data, heading) if data else [])
    return tuple(finding for findings in said for finding in findings)


def _blanks_said(code: str, places: Sequence[Place], heading: int) -> list[Finding]:
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 as above

    shown = "、".join(f"{get_column_letter(c)}{r}" for r, c in places[:_CELLS_SHOWN])
    more = f" …（{len(places)}）" if len(places) > _CELLS_SHOWN else ""
    rows = sorted({row - heading for row, _ in places})
    return [Finding(code, rows, values={"cells": shown + more})]


def _filled_said(filled: frozenset[Place], heading: int, names: Mapping[int, str]) -> list[Finding]:
    """Say which rows of data were filled from a merged cell above."""
    data = [(row - heading, column) for row, column in filled if row > heading + 1]
    if not data:
        return []
    rows = sorted({row for row, _ in data})
    columns = "、".join(names[column] for column in sorted({column for _, column in data}))
    return [Finding("merged-filled", rows, values={"columns": columns, "count": len(rows)})]
