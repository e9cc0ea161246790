"""Cells to the contract's types: codes, whole numbers, yes and no, words of a list, times."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
import pandas as pd

from geo.frames import (
    AREA_KINDS,
    NETS,
    PARTY_KINDS,
    PLACE_KINDS,
    ROLES,
    RULES,
    SERVICE_KINDS,
)
from geo.load.amounts import amounts
from geo.load.findings import Finding
from geo.load.moments import moments
from geo.load.synonyms import folded, value_words
from geo.reference import sources

# Highest believable value of a column; beyond it the row is set aside.
_HIGHEST: Final = {
    "households": 100_000,
    "dwellings": 100_000,
    "people": 1_000_000,
    "floors": 200,
    "units": 500,
}
LISTS: Final = {
    "kind": (*AREA_KINDS, *PLACE_KINDS),
    "rule": RULES,
    "source": tuple(sources()),
    "role": ROLES,
    "party_kind": PARTY_KINDS,
    "service_kind": SERVICE_KINDS,
    "net": NETS,
}
# As Excel and programs write it, "3.7E+11", "3.7E11", "4E+11"; "5E12" is a door.
_SCIENTIFIC: Final = r"^[+-]?\d(?:\.\d+[eE]\+?|[eE]\+)\d+$"
_ODD_IN_CODES: Final = r"[^0-9A-Za-z/_-]"
_EXACT_DIGITS: Final = 11  # Excel shows longer numbers in scientific notation, cut to six digits
_CONTROLS: Final = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufdd0\u200b\ufeff\ud800-\udfff]"
# In what people wrote only what the database cannot hold is odd: some emoticons have a BOM in them.
_UNHELD: Final = r"[\x00\ufdd0\ud800-\udfff]"
_PROSE: Final = ("text", "address")
_DUE: Final = ("due_at",)
_SHOWN: Final = 60


class Cells(NamedTuple):
    """A column in its type, what was found, and the rows that are set aside."""

    column: pd.Series
    findings: tuple[Finding, ...] = ()
    lost: tuple[int, ...] = ()


Reader: TypeAlias = Callable[[pd.Series, str], Cells]


def text(cells: pd.Series, column: str) -> Cells:
    """Return text without control characters; numbers as a person writes them.

    Blanks around it are trimmed, but for what people wrote to be read: that is kept as it is.
    """
    plain = _as_text(cells)
    odd = _UNHELD if column in _PROSE else _CONTROLS
    dirty = plain.str.contains(odd, regex=True, na=False)
    clean = plain.str.replace(odd, "", regex=True) if dirty.any() else plain
    kept = clean if column in _PROSE else clean.str.strip()
    shown = plain[dirty].map(_visible)
    return Cells(kept, _changed("controls-removed", dirty, shown, clean, column))


def contacts(cells: pd.Series, column: str) -> Cells:
    """Return telephones and accounts as text; nothing is said of them, for reports are kept."""
    return Cells(text(cells, column).column)


def codes(cells: pd.Series, column: str) -> Cells:
    """Return codes as text: no decimals, no blanks, half-width; zeros in front are kept.

    "3.70102E+11" has lost digits and is set aside; "3.70102001001E+11" still has them all.

    >>> codes(pd.Series(["370102001001.0", "３７０１０２", "0071"]), "code").column.tolist()
    ['370102001001', '370102', '0071']
    """
    cleaned = text(cells, column)
    odd = cleaned.column.str.contains(_ODD_IN_CODES, regex=True, na=False)
    distinct = cleaned.column[odd].unique()
    tidied = cleaned.column[odd].map({code: _code(code) for code in distinct}).astype("str")
    meant = cleaned.column.mask(odd, tidied)
    cut = meant.str.contains(_SCIENTIFIC, regex=True, na=False)
    lost = _each("code-cut", column, cleaned.column[cut])
    given = _as_text(cells).str.strip()
    changed = (given != meant) & meant.notna() & ~cut & cells.map(_is_text).astype(bool)
    said = _changed("code-cleaned", changed, given, meant, column)
    found = (*(f for f in cleaned.findings if not said), *said, *lost)
    return Cells(meant.where(~cut), found, tuple(int(r) for r in meant.index[cut]))


def whole(cells: pd.Series, column: str) -> Cells:
    """Return whole numbers; text that had to be read is a repair, what cannot be is set aside.

    >>> whole(pd.Series([1.0, 1e300]), "households").column.tolist()
    [1, <NA>]
    """
    read = amounts(cells)
    highest = _HIGHEST.get(column, np.iinfo(np.int32).max)
    impossible = read.numbers.notna() & ~read.numbers.between(0, highest)
    shown = _as_text(cells)
    said = list(_changed("number-read", read.guessed & ~impossible, shown, read.numbers, column))
    said += _each("number-unreadable", column, shown[read.unread])
    said += _each("number-impossible", column, shown[impossible], high=highest)
    lost = tuple(int(row) for row in cells.index[read.unread | impossible])
    return Cells(read.numbers.mask(impossible).astype("Int64"), tuple(said), lost)


def real(cells: pd.Series, column: str) -> Cells:
    """Return numbers that are finite and not negative; the rest is left blank and said."""
    numbers = pd.to_numeric(cells, errors="coerce").astype("float64")
    good = numbers.where(np.isfinite(numbers) & (numbers >= 0))
    bad = _as_text(cells).notna() & good.isna()
    blank = pd.Series("", index=cells.index)
    said = _changed("number-blanked", bad, _as_text(cells), blank, column)
    return Cells(good.astype("Float64"), tuple(said))


def flag(cells: pd.Series, column: str) -> Cells:
    """Return yes or no from 是, 否, 1, 0, true, false; anything else is set aside."""
    return _listed(cells, column, value_words("yes"), {"yes": True, "no": False}, "boolean")


def listed(cells: pd.Series, column: str, name: str) -> Cells:
    """Return our identifiers of a list from its words in either language; others are set aside."""
    known = {word: word for word in LISTS[name]}
    return _listed(cells, column, value_words(name), known, "str")


def worded(cells: pd.Series, column: str, name: str) -> Cells:
    """Return our identifiers where a list has the words, and the words as they are where not."""
    plain = text(cells, column)
    words = value_words(name)
    meant = plain.column.map(lambda w: words.get(folded(w), w), na_action="ignore")
    return plain._replace(column=meant.astype("str"))


def nets(cells: pd.Series, column: str) -> Cells:
    """Return names of nets: ours, or a department's own ("dept-fire"); others are set aside."""
    shown = _as_text(cells).str.strip()
    own = {net: net for net in shown.dropna().unique() if net.startswith("dept-")}
    known = {net: net for net in NETS} | own
    return _listed(cells, column, value_words("net"), known, "str")


def whens(cells: pd.Series, column: str, zone: str) -> Cells:
    """Return times in UTC; one that cannot be read is left blank and said, the row stays.

    What is due on a day is due by its end.
    """
    shown = _as_text(cells)
    ends = column in _DUE
    read = moments(shown, zone, ends=ends)
    blank = pd.Series("", index=cells.index)
    said = list(_changed("time-unreadable", read.unread, shown, blank, column))
    if ends:
        said += _changed("due-by-day", read.days, shown, _as_text(read.times), column)
    if read.naive:
        said.append(Finding("time-zone", values={"column": column, "zone": zone}))
    if read.order:
        values = {"column": column, "order": read.order, "example": read.example}
        said.append(Finding("date-order", values=values))
    return Cells(read.times, tuple(said))


def _listed(
    cells: pd.Series, column: str, words: Mapping[str, str], known: Mapping[str, Any], dtype: str
) -> Cells:
    shown = _as_text(cells).str.strip()
    meant = {
        word: known.get(word, known.get(words.get(folded(word), ""), None))
        for word in shown.dropna().unique()
    }
    found = shown.map(meant)
    bad = shown[shown.notna() & found.isna()]
    said = _each("value-unknown", column, bad, known=", ".join(known))
    return Cells(found.astype(dtype), tuple(said), tuple(int(row) for row in bad.index))


def _visible(text: object) -> object:
    """Return text with its control characters shown as codes, to be read in a report."""
    if not isinstance(text, str):
        return text
    return re.sub(_CONTROLS, lambda met: f"\\u{ord(met[0]):04x}", text.replace("\ufdd0", "\0"))


def _as_text(cells: pd.Series) -> pd.Series:
    """Return cells as text; whole numbers that arrived as floats lose their ".0"."""
    if pd.api.types.is_bool_dtype(cells.dtype):
        return cells.map({True: "1", False: "0"}).astype("str")
    if pd.api.types.is_float_dtype(cells.dtype):
        numbers = cells.astype("float64")
        integral = (numbers == np.floor(numbers)) & (numbers.abs() < 2**53)
        if bool((integral | numbers.isna()).all()) and bool(integral.any()):
            return numbers.astype("Int64").astype("str")
    try:
        filled = cells.astype("str")
    except UnicodeDecodeError:  # a column of bytes that are no text
        filled = cells.map(_decoded).astype("str")
    return filled.where(cells.notna().to_numpy() & (filled != ""))


def _decoded(value: object) -> object:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _code(code: str) -> str:
    """Return one code as it was meant."""
    plain = "".join(unicodedata.normalize("NFKC", code).split()).lstrip("'")
    head, point, tail = plain.partition(".")
    if point and head.isdigit() and tail.strip("0") == "":
        return head
    mantissa, e, exponent = plain.upper().partition("E")
    digits = mantissa.replace(".", "")
    if not (e and digits.isdigit() and "." in mantissa and exponent.lstrip("+").isdigit()):
        return plain
    size = int(exponent.lstrip("+"))
    enough = len(digits) >= _EXACT_DIGITS and size < 18  # noqa: PLR2004 digits of a code at most
    return digits.ljust(size + 1, "0") if enough and len(digits) <= size + 1 else plain


def _each(code: str, column: str, bad: pd.Series, **more: object) -> list[Finding]:
    """Return one finding for each distinct cell that cannot be used, with its rows."""
    return [
        Finding(code, rows, values={"column": column, "found": str(found)[:_SHOWN], **more})
        for found, rows in bad.groupby(bad, sort=False).groups.items()
    ]


def _changed(
    code: str, mask: pd.Series, before: pd.Series, after: pd.Series, column: str
) -> tuple[Finding, ...]:
    """Return one finding for a column's changed rows, with each kind of change before → after."""
    rows = mask.index[mask.astype(bool)]
    if not len(rows):
        return ()
    pairs = dict.fromkeys(zip(before[rows], after[rows], strict=True))
    was, now = zip(*list(pairs)[:3], strict=True)
    more = " …" if len(pairs) > len(was) else ""
    values = {
        "column": column,
        "count": len(rows),
        "changes": {str(int(r)): [str(before[r]), _plain(after[r])] for r in rows[:1000]},
    }
    shown = (" | ".join(map(str, was)) + more)[:200], (" | ".join(map(_plain, now)) + more)[:200]
    return (Finding(code, rows, values=values, before=shown[0], after=shown[1]),)


def _plain(value: object) -> str:
    return f"{value:.0f}" if isinstance(value, float) else str(value)
