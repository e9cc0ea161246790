"""Coordinates as people type them, read as degrees: decimal, degrees-minutes-seconds, packed.

What cannot be read is not-a-number; how each was read is said, so that a report can show it.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from geo.crs import Degrees
from geo.load.outsized import LONGEST_WORD
from geo.load.repairs import Mask

_BLANK: Final = frozenset({"", "nan", "none", "null", "<na>", "-", "--", "/", "无", "n/a"})
_SOUTH_OR_WEST: Final = frozenset("SWsw南西")
_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
# Degrees, minutes, seconds with their signs, or with spaces or colons between three numbers.
_PARTS: Final = re.compile(
    r"(?P<front>[NSEWnsew东西南北]?)(?:经|纬|:)?\s*(?P<sign>[+-]?)(?P<d>\d{1,3}(?:\.\d+)?)"
    r"(?:\s*[°º˚度dD]\s*|[\s:]+(?=\d)|(?<=\d)-(?=\d))"
    r"(?:(?P<m>\d{1,2}(?:\.\d+)?)\s*(?:['′’‘`分mM]|[\s:]|-(?=\d)|$)\s*)?"
    r"(?:(?P<s>\d{1,2}(?:\.\d+)?)\s*(?:[\"″”“秒sS]|''|′′|$)\s*)?"
    r"(?P<back>[NSEWnsew东西南北]?)"
)
_SIXTY: Final = 60.0
# No telephone number is as long; beyond it arithmetic would overflow.
_HUGE: Final = 1e15
# dddmm.mm and dddmmss as one number: the largest degrees they can stand for is 180.
_PACKED_SCALES: Final = (100.0, 10_000.0)


class Reading(NamedTuple):
    """One axis as read: degrees (not-a-number where unread), blanks, and degrees-minutes-seconds.

    `typed` is the column as it was.
    """

    degrees: Degrees
    blank: Mask
    sexagesimal: Mask
    typed: pd.Series

    def text(self, place: int) -> str:
        """Return what was typed at a place of the column."""
        return _clean(self.typed.iloc[place])


def read_axis(values: pd.Series) -> Reading:
    """Return the reading of a column of longitudes or latitudes, numbers or text.

    >>> read_axis(pd.Series(["117.02", "117°01′12″E", "", "电话"])).degrees.tolist()
    [117.02, 117.02, nan, nan]
    """
    degrees = pd.to_numeric(values, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    degrees = degrees.copy()
    blank, sexagesimal = np.zeros(len(values), dtype=bool), np.zeros(len(values), dtype=bool)
    for place in np.flatnonzero(np.isnan(degrees)):
        word = _clean(values.iloc[place])
        blank[place] = word.lower() in _BLANK
        if len(word) > LONGEST_WORD:
            continue
        number = _NUMBER.fullmatch(word) is not None
        degrees[place] = float(word) if number else _sexagesimal(word)
        sexagesimal[place] = not number and not np.isnan(degrees[place])
    degrees[np.abs(degrees) > _HUGE] = np.inf
    return Reading(degrees, blank, sexagesimal, values)


def _clean(value: object) -> str:
    """Return what was typed, full-width digits made plain, NUL and outer blanks dropped."""
    if value is None:
        return ""
    word = repr(value) if type(value) is float else str(value)
    kept = word.replace("″", '"').replace("′", "'").replace("º", "°")
    return unicodedata.normalize("NFKC", kept).replace("\0", "").strip()


def _sexagesimal(word: str) -> float:
    match = _PARTS.fullmatch(word)
    if match is None:
        return float("nan")
    minutes, seconds = float(match["m"] or 0.0), float(match["s"] or 0.0)
    if minutes >= _SIXTY or seconds >= _SIXTY:
        return float("nan")
    size = float(match["d"]) + minutes / _SIXTY + seconds / _SIXTY**2
    negative = match["sign"] == "-" or bool({match["front"], match["back"]} & _SOUTH_OR_WEST)
    return round(-size if negative else size, 9)


def unpacked(degrees: Degrees, limit: float) -> Degrees:
    """Return dddmm.mm or dddmmss numbers as degrees, not-a-number where they are neither.

    >>> unpacked(np.array([11701.2, 1170112.0, 117.02, 13800138001.0]), 180.0).tolist()
    [117.02, 117.02, nan, nan]
    """
    result = np.full(degrees.shape, np.nan)
    for scale in _PACKED_SCALES:
        whole, rest = np.divmod(np.where(np.isfinite(degrees), degrees, 0.0), scale)
        read = whole + (_minutes(rest) if scale == _PACKED_SCALES[0] else _clock(rest))
        fits = (whole <= limit) & (whole >= 1) & (degrees > limit) & np.isfinite(read)
        result = np.where(fits & np.isnan(result), read.round(9), result)
    return result


def unpacked_fraction(degrees: Degrees) -> Degrees:
    """Return dd.mmss numbers as degrees, not-a-number where minutes or seconds reach sixty.

    >>> unpacked_fraction(np.array([117.0112, 117.6512])).tolist()
    [117.02, nan]
    """
    whole = np.floor(degrees)
    return np.asarray((whole + _clock((degrees - whole).round(9) * 10_000.0)).round(9))


def _minutes(rest: Degrees) -> Degrees:
    return np.where(rest < _SIXTY, rest / _SIXTY, np.nan)


def _clock(rest: Degrees) -> Degrees:
    """Return mmss.s as a fraction of a degree."""
    minutes, seconds = np.divmod(rest.round(5), 100.0)
    return np.where(
        (minutes < _SIXTY) & (seconds < _SIXTY), minutes / _SIXTY + seconds / _SIXTY**2, np.nan
    )


def mended(value: float, low: float, high: float) -> float:
    """Return the one number between the bounds that a slip of a digit would turn into `value`.

    A slip is a lost digit before the point, a wrong one there, or a shifted point. Not-a-number
    where no such number, or more than one, lies between the bounds.

    >>> mended(17.01867, 116.5, 117.8), mended(11701.867, 116.5, 117.8)
    (117.01867, 117.01867)
    >>> mended(10.99, 116.5, 117.8)
    nan
    """
    if not np.isfinite(value) or value <= 0:
        return float("nan")
    whole, _, fraction = f"{value:.9f}".rstrip("0").partition(".")
    lost = {f"{whole[:i]}{d}{whole[i:]}" for i in range(len(whole) + 1) for d in "0123456789"}
    wrong = {f"{whole[:i]}{d}{whole[i + 1 :]}" for i in range(len(whole)) for d in "0123456789"}
    candidates = {float(f"{number}.{fraction or 0}") for number in lost | wrong}
    candidates |= {float(f"{value * scale:.9g}") for scale in (0.01, 0.1, 10.0, 100.0)}
    fitting = {number for number in candidates if low <= number <= high}
    return fitting.pop() if len(fitting) == 1 else float("nan")
