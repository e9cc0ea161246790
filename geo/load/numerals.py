"""Numbers of positions as people type them, made plain: "117,04", "503,674.07", "１１７"."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import pandas as pd

from geo.load.outsized import LONGEST_WORD

_GROUPED: Final = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_COMMA: Final = re.compile(r"([+-]?\d+),(\d+)")
_PLAIN: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_DEGREES_MOST: Final = 180


def plain_numbers(typed: pd.DataFrame) -> pd.DataFrame:
    """Return columns of typed numbers, each cell that can be read as a plain number made one.

    A comma is a decimal one or groups thousands: which, is decided for all the columns at once.
    Cells that are plain already, or no numbers at all, come back as they are.

    >>> plain_numbers(pd.DataFrame({"lon": ["117,0411", "电话"], "lat": ["３６．６", 36.6]}))
            lon   lat
    0  117.0411  36.6
    1        电话  36.6
    >>> plain_numbers(pd.DataFrame({"lon": ["503,674"], "lat": ["4,060,034.5"]}))
          lon        lat
    0  503674  4060034.5
    """
    odd = {name: _odd(typed[name]) for name in typed.columns}
    tidy = {name: {text: _tidy(text) for text in words} for name, words in odd.items()}
    grouped = any(_thousands(text) for words in tidy.values() for text in words.values())
    read = {
        name: {was: _number(text, was, grouped=grouped) for was, text in words.items()}
        for name, words in tidy.items()
    }
    made = {name: typed[name].map(lambda cell, r=read[name]: r.get(cell, cell)) for name in read}
    return pd.DataFrame(made, index=typed.index)


def _odd(cells: pd.Series) -> list[str]:
    """Return the distinct texts of a column that no parser of numbers reads."""
    unread = cells[pd.to_numeric(cells, errors="coerce").isna() & cells.notna()]
    texts = (text for text in unread.unique() if isinstance(text, str))
    return [text for text in texts if len(text) <= LONGEST_WORD]


def _tidy(text: str) -> str:
    """Return text half-width, without outer blanks, an apostrophe of Excel's, a Chinese stop."""
    plain = unicodedata.normalize("NFKC", text.replace("。", ".")).strip()
    return plain.lstrip("'")


def _thousands(text: str) -> bool:
    """Tell whether a comma cannot be a decimal one: two of them, a point too, or no degrees."""
    if not _GROUPED.fullmatch(text):
        return False
    head = text.partition(",")[0]
    return text.count(",") > 1 or "." in text or abs(int(head)) > _DEGREES_MOST


def _number(text: str, was: str, *, grouped: bool) -> str:
    if grouped and _GROUPED.fullmatch(text):
        return text.replace(",", "")
    if not grouped and _COMMA.fullmatch(text):
        return text.replace(",", ".")
    return text if _PLAIN.fullmatch(text) else was
