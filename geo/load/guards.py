r"""Text in cells of spreadsheets: kept from running as a formula, and given back as it was.

A cell that begins with one of these signs is run by some spreadsheet, full-width signs included.
Every table that is written goes through `guarded`; every table that is read through `undone`, and
what came out of a cell is, letter for letter, what went in. In a workbook a character that XML
cannot hold is written as the format says (`_x0001_`), and so is what only looks like that.

Source: OWASP, CSV injection; ECMA-376 part 1, 22.9.2.19 (ST_Xstring).
"""

from __future__ import annotations

import re
from typing import Final

import pandas as pd

_STARTS: Final = r"\s*[=+\-@|%＝＋－＠\t\r\n\x00]"
_RUNS: Final = re.compile(f"'*{_STARTS}")
_GUARDED: Final = re.compile(f"'+{_STARTS}")
# What XML 1.0 cannot hold, the line end that its readers rewrite, and what looks like an escape.
_UNWRITABLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_WRITTEN: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")


def guarded(text: str) -> str:
    r"""Return text that no spreadsheet runs: an apostrophe before what would start a formula.

    `unguarded` gives back exactly what went in, whatever it was.

    >>> guarded("=1+1"), guarded("'=1"), guarded("g-1"), guarded("'a")
    ("'=1+1", "''=1", 'g-1', "'a")
    """
    return f"'{text}" if _RUNS.match(text) else text


def unguarded(text: str) -> str:
    """Return the text that `guarded` was given.

    >>> unguarded("'=1+1"), unguarded("''=1"), unguarded("'a"), unguarded("=1")
    ('=1+1', "'=1", "'a", '=1')
    """
    return text[1:] if _GUARDED.match(text) else text


def safe(cell: object) -> object:
    """Return a text guarded, and anything else as it is: a negative number stays a number.

    >>> safe("-1"), safe(-1)
    ("'-1", -1)
    """
    return guarded(cell) if isinstance(cell, str) else cell


def in_workbook(text: str) -> str:
    r"""Return text as a workbook holds it: characters that XML cannot hold are escaped.

    >>> in_workbook("a\x01"), in_workbook("_x0001_"), in_workbook("一\n二")
    ('a_x0001_', '_x005F_x0001_', '一\n二')
    """
    return _UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def from_workbook(text: str) -> str:
    r"""Return the text that `in_workbook` was given.

    >>> from_workbook("a_x0001_"), from_workbook("_x005F_x0001_"), from_workbook("a_x000D_")
    ('a\x01', '_x0001_', 'a\r')
    """
    return _WRITTEN.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def undone(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[int]]:
    """Return a table of text without the guards of its cells, and the rows that had any.

    >>> undone(pd.DataFrame({"a": ["'=1", "'b", None]}, index=[1, 2, 3], dtype="str"))
    (     a
    1   =1
    2   'b
    3  NaN, [1])
    """
    marks = {name: frame[name].str.match(_GUARDED).fillna(value=False) for name in frame.columns}
    touched = {name: mark for name, mark in marks.items() if mark.any()}
    changed = {n: frame[n].where(~mark, frame[n].str[1:]) for n, mark in touched.items()}
    rows = sorted({int(row) for mark in touched.values() for row in mark.index[mark]})
    return (frame.assign(**changed) if changed else frame), rows
