"""A calendar as a file: days that are not as their weekday says."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Final

import pandas as pd

from geo.errors import BadCalendarError, MissingFileError
from geo.load.guards import unguarded
from geo.load.reasons import not_opened

_HEADINGS: Final = {
    "day": ("day", "date", "日期", "时间"),
    "works": ("works", "是否上班", "上班", "工作日", "是否工作日"),
    "name": ("name", "名称", "说明", "节日", "节假日"),
}
_WORKS: Final = dict.fromkeys(("yes", "true", "1", "是", "上班", "班", "工作日"), True) | (
    dict.fromkeys(("no", "false", "0", "否", "休", "休息", "放假", "节假日"), False)
)
_ENCODINGS: Final = ("utf-8-sig", "gb18030")
_EXCEL: Final = (".xlsx", ".xlsm")
_FIRST_YEAR, _LAST_YEAR = 2000, 2049
_HEAD: Final = 2  # the number of the first row below the headings


def read_days(path: Path) -> pd.DataFrame:
    """Return the days of a CSV or Excel file: `day`, `works`, `name`, by day.

    Raises
    ------
    MissingFileError, FileUnreadableError
        When there is no such file, or it is no table.
    BadCalendarError
        Which row makes no sense, and why.
    """
    table = _table(path)
    named = {_heading(name): name for name in table.columns}
    if lacking := {"day", "works"} - set(named):
        raise BadCalendarError(path=path.name, row=1, found=f"– {', '.join(sorted(lacking))}")
    table = table.assign(row=range(_HEAD, len(table) + _HEAD))
    table = table[table[named["day"]].str.strip() != ""]
    days = pd.DataFrame(
        {
            "day": pd.to_datetime(table[named["day"]].str.strip(), errors="coerce", format="mixed"),
            "works": table[named["works"]].str.strip().str.lower().map(_WORKS),
            "name": table[named["name"]].str.strip().map(unguarded) if "name" in named else "",
        }
    )
    _demand_sense(days, table["row"], path)
    return days.assign(works=days["works"].astype(bool)).sort_values("day", ignore_index=True)


def _demand_sense(days: pd.DataFrame, rows: pd.Series, path: Path) -> None:
    reckoned = days["day"].dt.year.between(_FIRST_YEAR, _LAST_YEAR)
    for column, wrong in (
        ("day", days["day"].isna() | ~reckoned),
        ("works", days["works"].isna()),
        ("day ×2", days["day"].duplicated()),
    ):
        if wrong.any():
            raise BadCalendarError(path=path.name, row=int(rows[wrong].iloc[0]), found=column)
    if days.empty:
        raise BadCalendarError(path=path.name, row=_HEAD, found="–")


def _heading(name: object) -> str:
    word = str(name).strip().lower()
    return next((column for column, known in _HEADINGS.items() if word in known), word)


def _table(path: Path) -> pd.DataFrame:
    """Return a table of text, blanks as nothing."""
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415 start-up time

    if not path.is_file():
        raise MissingFileError(file=path.name)
    try:
        if path.suffix.lower() in _EXCEL:
            return pd.read_excel(path, dtype="str").fillna("")
        return pd.read_csv(_opened(path), dtype="str", keep_default_na=False)
    except (ValueError, OSError, zipfile.BadZipFile, InvalidFileException) as error:
        raise not_opened(path.name, error) from error


def _opened(path: Path) -> io.StringIO:
    """Return the file's text as a stream, in the encoding that it is in."""
    held = path.read_bytes()
    for encoding in _ENCODINGS:
        try:
            return io.StringIO(held.decode(encoding))
        except UnicodeDecodeError:
            continue
    raise not_opened(path.name, "neither UTF-8 nor GB18030", "既不是 UTF-8 也不是 GB18030")
