"""Cells of tables for spreadsheets: text that would run as a formula, kept from doing so."""

from __future__ import annotations

import re
from typing import Final

# What starts a formula, full-width signs included (some spreadsheets take them too).
_STARTS: Final = r"\s*[=+\-@|%＝＋－＠\t\r\n\x00]"
_RUNS: Final = re.compile(f"'*{_STARTS}")
_GUARDED: Final = re.compile(f"'+{_STARTS}")


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
