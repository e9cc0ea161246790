"""Whole numbers as planners type them: "约350户", "１，２００", "三百五十", "300-350"."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

_DIGITS: Final = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_NOUGHTS: Final = "零〇"
_TENS: Final = {"十": 10, "百": 100, "千": 1000}
_CHINESE: Final = re.compile(r"[〇零一二两三四五六七八九十百千万]+")
_HEDGE: Final = re.compile(
    r"约|大约|大概|近|将近|左右|余|多|以上|不足|共|计|有|\+$|^[~≈]|approx\.?|ca\.?"
)
_VAGUE: Final = re.compile(r"^(?:约|大约|大概)|(?:左右|余)$")  # what may stand around a range
_UNIT: Final = re.compile(
    r"(户|家|人|口|栋|幢|层|套|间|个|单元|名|处|households|people)$", re.IGNORECASE
)
_RANGE: Final = re.compile(r"(\d+(?:\.\d+)?)(?:-|—|–|~|至|到)(\d+(?:\.\d+)?)")
_NOTHING: Final = frozenset({"", "-", "--", "—", "/", "\\", "无", "none", "null", "nan", "n/a"})


class Amounts(NamedTuple):
    """Numbers, which cells were read from more than digits, and which cannot be read."""

    numbers: pd.Series
    guessed: pd.Series
    unread: pd.Series


def amounts(cells: pd.Series) -> Amounts:
    """Return whole numbers from cells of text or numbers; half a household rounds down.

    >>> amounts(pd.Series(["约350户", "12", "不详"])).numbers.tolist()
    [350.0, 12.0, nan]
    >>> amounts(pd.Series([True, False])).unread.tolist()
    [True, True]
    """
    cells = _with_flags_as_words(cells)
    plain = pd.to_numeric(cells, errors="coerce").astype("float64")
    plain = plain.where(np.isfinite(plain))
    rest = cells[plain.isna() & cells.notna()].astype("str")
    read = {text: amount(text) for text in rest.unique()}
    numbers = plain.fillna(rest.map(read).astype("float64"))
    said = rest.map(_nothing)
    guessed = pd.Series(data=False, index=cells.index)
    guessed[rest.index] = numbers[rest.index].notna()
    unread = pd.Series(data=False, index=cells.index)
    unread[rest.index] = numbers[rest.index].isna() & ~said.astype(bool)
    return Amounts(np.floor(numbers), guessed | _broken(plain), unread)


def _with_flags_as_words(cells: pd.Series) -> pd.Series:
    """Return cells in which yes and no are no 1 and 0."""
    if pd.api.types.is_bool_dtype(cells):
        return cells.astype("str")
    if not pd.api.types.is_object_dtype(cells):
        return cells
    flags = cells.map(lambda cell: isinstance(cell, bool | np.bool_)).astype(bool)
    return cells.where(~flags, cells[flags].astype("str")) if flags.any() else cells


def amount(text: str) -> float:
    """Return the number a cell means, or not-a-number.

    A range means its middle.

    >>> [amount(t) for t in ("三万五", "12+3", "2026-01-01")]
    [35000.0, nan, nan]
    >>> [amount(t) for t in ("近３００余户", "三百五", "300-350户", "1,200", "1.2万")]
    [300.0, 350.0, 325.0, 1200.0, 12000.0]
    """
    plain = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "")
    between = _RANGE.fullmatch(_UNIT.sub("", _VAGUE.sub("", plain)))
    if between and float(between[1]) <= float(between[2]):
        return (float(between[1]) + float(between[2])) / 2
    bare = _UNIT.sub("", _HEDGE.sub("", _UNIT.sub("", plain)))
    times = 10_000.0 if bare.endswith("万") and len(bare) > 1 else 1.0
    bare = bare.removesuffix("万") if times > 1 else bare
    return times * _bare(bare)


def _bare(text: str) -> float:
    if _CHINESE.fullmatch(text):
        return _chinese(text)
    return float(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else float("nan")


def _chinese(text: str) -> float:
    """Return a number written in Chinese ("三百五十"); "三百五" is short for it."""
    many, ten_thousand, rest = text.rpartition("万")
    if ten_thousand:
        short = rest in _DIGITS and rest not in _NOUGHTS
        return _chinese(many) * 10_000 + _chinese(rest) * (1_000 if short else 1)
    total, digit, unit = 0, 0, 1
    for sign in text:
        if sign in _TENS:
            unit = _TENS[sign]
            total += (digit or 1) * unit
            digit = 0
        else:
            unit = 1 if sign in _NOUGHTS else unit
            digit = digit * 10 + _DIGITS.get(sign, 0)
    short = unit >= _TENS["百"] and digit < _TENS["十"]
    return float(total + digit * (unit // 10 if short else 1))


def _nothing(text: str) -> bool:
    return text.strip().lower() in _NOTHING


def _broken(numbers: pd.Series) -> pd.Series:
    """Tell which numbers are no whole ones: rounding them down is a change to be said."""
    return (numbers.notna() & (numbers != np.floor(numbers))).astype(bool)
