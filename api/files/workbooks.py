"""A table written as a workbook: one sheet, texts as text, numbers and dates as they are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from geo.load.exports import in_words
from geo.load.guards import guarded, in_workbook
from geo.store.database import CITY_TIME

_MOMENT: Final = "yyyy-mm-dd hh:mm"
_WIDTH: Final = 17  # of a column of moments: a narrower one shows "####"


def write_workbook(table: pd.DataFrame, path: Path, title: str) -> None:
    """Write a table as a workbook of one sheet, its headings kept in sight.

    Moments of whole seconds are dates of the city's clock, as the hotline's own file has them, and
    what the importer takes them for; finer ones stay text in ISO form, which loses nothing.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for number, kind in enumerate(table.dtypes, start=1):
        if isinstance(kind, pd.DatetimeTZDtype):
            sheet.column_dimensions[get_column_letter(number)].width = _WIDTH
    sheet.append([_heading(sheet, str(name)) for name in table.columns])
    for row in in_words(_by_the_city(table)).to_numpy():
        sheet.append(list(_cells(sheet, row)))
    book.save(path)


def _by_the_city(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose moments of whole seconds are datetimes without a zone."""
    times = [c for c in table.columns if isinstance(table[c].dtype, pd.DatetimeTZDtype)]
    local = {c: table[c].dt.tz_convert(CITY_TIME).astype("object") for c in times}
    return table.assign(**{c: local[c].map(_plain, na_action="ignore") for c in times})


def _plain(moment: pd.Timestamp) -> datetime | str:
    """Return a moment as a cell holds it."""
    if moment.microsecond or moment.nanosecond:
        return str(moment.isoformat())
    local: datetime = moment.tz_localize(None).to_pydatetime()
    return local


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
        elif isinstance(value, datetime):
            cell = WriteOnlyCell(sheet, value)
            cell.number_format = _MOMENT
            yield cell
        else:
            yield value
