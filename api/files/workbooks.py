"""A table written as a workbook: one sheet, texts as text, numbers as they are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from geo.load.exports import in_words
from geo.load.guards import guarded, in_workbook


def write_workbook(table: pd.DataFrame, path: Path, title: str) -> None:
    """Write a table as a workbook of one sheet, its headings kept in sight."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    sheet.append([_heading(sheet, str(name)) for name in table.columns])
    for row in in_words(table).to_numpy():
        sheet.append(list(_cells(sheet, row)))
    book.save(path)


def _heading(sheet: Any, name: str) -> Any:  # noqa: ANN401 the library has no type for them
    cell = WriteOnlyCell(sheet, name)
    cell.font = Font(bold=True)
    return cell


def _cells(sheet: Any, row: Any) -> Iterator[Any]:  # noqa: ANN401 as above; cells of any type
    for value in row:
        if isinstance(value, float):
            # The library would write sixteen digits, and a position would come back as another.
            cell = WriteOnlyCell(sheet, repr(float(value)))
            cell.data_type = "n"
            yield cell
        elif isinstance(value, str):
            cell = WriteOnlyCell(sheet, in_workbook(guarded(value)))
            cell.data_type = "s"  # text, whatever it looks like: a code keeps its zeros
            cell.number_format = "@"
            yield cell if value else None
        else:
            yield value
