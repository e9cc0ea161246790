"""A plan as a workbook: the grid ledger to read and print, the assignment to take back."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import IllegalCharacterError
from openpyxl.worksheet.worksheet import Worksheet

from geo.errors import FileNotWrittenError
from geo.load.guards import guarded, in_workbook
from geo.plan import LEDGER_COLUMNS

LEDGER_SHEET: Final = "网格台账"
ASSIGNMENT_SHEET: Final = "地块归属"
ASSIGNMENT_HEADINGS: Final = {"atom": "地块", "grid": "网格"}
MOST_ROWS: Final = 1_048_575  # of a sheet, below its heading
_WIDTHS: Final = {"code": 18, "name": 22, "bounds": 48, "key_places": 36}
_WIDTH: Final = 14
_HEAD: Final = PatternFill("solid", fgColor="E8EEF4")


def write_workbook(ledger: pd.DataFrame, assignment: pd.DataFrame, path: Path) -> None:
    """Write the ledger and the assignment as two sheets of a workbook; every text is text.

    Raises
    ------
    FileNotWrittenError
        When a sheet cannot hold the rows, or a cell the characters.
    """
    if len(assignment) > MOST_ROWS:
        raise FileNotWrittenError(path=path.name, reason=f"{len(assignment):,} > {MOST_ROWS:,}")
    book = Workbook()
    first = book.active
    if isinstance(first, Worksheet):
        book.remove(first)
    try:
        fill(book.create_sheet(LEDGER_SHEET), ledger.rename(columns=LEDGER_COLUMNS))
        fill(book.create_sheet(ASSIGNMENT_SHEET), assignment.rename(columns=ASSIGNMENT_HEADINGS))
    except IllegalCharacterError as error:
        raise FileNotWrittenError(path=path.name, reason=error) from error
    _dress(book[LEDGER_SHEET])
    book.save(path)


def fill(sheet: Worksheet, table: pd.DataFrame) -> None:
    """Write a table below its headings; every text is text, whatever it looks like."""
    for column, heading in enumerate(table.columns, start=1):
        sheet.cell(1, column, heading).font = Font(bold=True)
        sheet.cell(1, column).fill = _HEAD
    for row, values in enumerate(table.itertuples(index=False), start=2):
        for column, value in enumerate(values, start=1):
            _put(sheet, row, column, value)
    sheet.freeze_panes = "A2"


def _put(sheet: Worksheet, row: int, column: int, value: object) -> None:
    if pd.isna(value):
        return
    if not isinstance(value, str):
        number = value if isinstance(value, float) else int(value)  # type: ignore[call-overload]
        sheet.cell(row, column, number)
    elif value:
        cell = sheet.cell(row, column, in_workbook(guarded(value)))
        cell.data_type = "s"  # text, whatever it looks like: a code keeps its zeros
        cell.number_format = "@"


def _dress(sheet: Worksheet) -> None:
    """Make the ledger fit to be read and printed: widths, wrapped lines, landscape."""
    for number, name in enumerate(LEDGER_COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTHS.get(name, _WIDTH)
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.print_title_rows = "1:1"
    if sheet.sheet_properties.pageSetUpPr is not None:
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
