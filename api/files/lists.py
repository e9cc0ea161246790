"""A list written as CSV or as a workbook, in the form that the file's ending names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pandas as pd

from api.files.replacing import replacing
from geo.errors import FileNotWrittenError, FormatUnknownError
from geo.load.exports import write_csv

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
            from api.files.workbooks import write_workbook  # noqa: PLC0415 heavy, for this form

            return lambda table, path: write_workbook(table, path, title)
        case _:
            raise FormatUnknownError(path=out.name, known=", ".join(MOST_ROWS))
