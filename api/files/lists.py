"""A list written as CSV or as a workbook, in the form that the file's ending names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from api.files.replacing import replacing
from geo.errors import FileNotWrittenError, FormatUnknownError
from geo.load.exports import in_words, write_csv
from geo.load.guards import guarded, in_workbook

MOST_ROWS: Final = {".csv": 2_000_000, ".xlsx": 100_000}  # a workbook is made cell by cell


def write_list(table: pd.DataFrame, out: Path, *, title: str) -> None:
    """Write a table, whole or not at all; texts are guarded, numbers stay numbers.

    Parameters
    ----------
    title
        Of the sheet, in a workbook.

    Raises
    ------
    FormatUnknownError
        When the ending is not .csv or .xlsx.
    FileNotWrittenError
        When the form cannot hold so many rows, or the folder may not be written to.
    """
    write = _writer(out, title)
    most = MOST_ROWS[out.suffix.lower()]
    if len(table) > most:
        raise FileNotWrittenError(path=out.name, reason=f"{len(table):,} > {most:,}")
    with replacing(out) as draft:
        write(table, draft)


def _writer(out: Path, title: str) -> Callable[[pd.DataFrame, Path], None]:
    match out.suffix.lower():
        case ".csv":
            return write_csv
        case ".xlsx":
            return lambda table, path: _workbook(table, path, title)
        case _:
            raise FormatUnknownError(path=out.name, known=", ".join(MOST_ROWS))


def _workbook(table: pd.DataFrame, path: Path, title: str) -> None:
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
