"""Times as they are typed: ISO, American, Chinese, Excel's serial days; given back in UTC."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from geo.load.outsized import LONGEST_WORD

_ZONED: Final = r"(?:[Zz]|UTC|GMT|[+-]\d{2}:?\d{2})\s*$"
_CHINESE: Final = (
    (r"[年月]|(?<=\d)/(?=\d{1,2}/\d)", "-"),
    (r"日\s*", " "),
    (r"\s*[时点]\s*(?=\d)", ":"),
    (r"[时点]", ":00"),
    (r"分(?=\d)", ":"),
    (r"[分秒]", ""),
    (r"星期.|周[一二三四五六日]", ""),
)
_YEAR_FIRST: Final = (
    *("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y.%m.%d", "%Y.%m.%d %H:%M"),
    *("%Y.%m.%d %H:%M:%S", "%Y%m%d%H%M%S", "%Y%m%d%H%M", "%Y%m%d"),
)
_DAY_TIMES: Final = (" %I:%M:%S %p", " %I:%M %p", " %H:%M:%S", " %H:%M", "")
_SERIAL_DAYS: Final = (20_000.0, 80_000.0)  # Excel's day numbers of 1954 to 2119
_MONTHS: Final = 12
_FORTH: Final = r"^(\d{1,2})[/-](\d{1,2})[/-](\d{4})"
_DIGITS_ONLY: Final = r"^\d+(?:\.\d+)?$"
# Seconds and milliseconds since 1970, of 2001 to 2065.
_EPOCH: Final = ((1e9, 3e9, "s"), (1e12, 3e12, "ms"))
# Issues are of our days: what lies beyond was never meant ("0001-01-01", "9999-12-31").
_FIRST, _LAST = pd.Timestamp("1970-01-02", tz="UTC"), pd.Timestamp("2200-01-01", tz="UTC")
_TO_ITS_END: Final = pd.Timedelta(days=1) - pd.Timedelta(seconds=1)


class Moments(NamedTuple):
    """Times in UTC; which cells cannot be read; whether any names no zone; the order of dates.

    `example` is a cell whose order had to be judged; `days` are those that name a day alone.
    """

    times: pd.Series
    unread: pd.Series
    naive: bool
    order: str
    example: str
    days: pd.Series


def moments(cells: pd.Series, zone: str, *, ends: bool = False) -> Moments:
    """Return the times of cells of text, those without a zone taken to be in `zone`.

    A day without a time (a workbook's midnight too) is its first moment; its last second if `ends`.

    >>> typed = pd.Series(["2026年11月23日 14时05分", "11/23/2026 02:05:00 PM"])
    >>> found = moments(typed, "Asia/Shanghai")
    >>> found.times.dt.strftime("%Y-%m-%d %H:%M").tolist()
    ['2026-11-23 06:05', '2026-11-23 06:05']
    """
    told = cells.astype("str").str.normalize("NFKC").str.strip()
    text = told.where(told.str.len() <= LONGEST_WORD)
    zoned = text.str.contains(_ZONED, regex=True, na=False) & text.str.contains(":", na=False)
    aware = pd.to_datetime(text.where(zoned), format="ISO8601", errors="coerce", utc=True)
    aware = aware.astype("datetime64[us, UTC]").fillna(_epoch(text))
    local, order = _local(text.mask(zoned | aware.notna()))
    days = local.notna() & (local == local.dt.normalize())
    if ends:
        local = local.mask(days, local + _TO_ITS_END)
    settled = local.dt.tz_localize(
        zone, ambiguous=np.zeros(len(local), dtype=bool), nonexistent="shift_forward"
    )
    times = aware.fillna(settled.dt.tz_convert("UTC"))
    times = times.where(times.between(_FIRST, _LAST))
    said = told.notna() & (told != "")
    judged = text[text.str.match(_FORTH, na=False)] if order else pd.Series([""])
    naive = bool(local.notna().any())
    return Moments(times, times.isna() & said, naive, order, judged.iloc[0], days & times.notna())


def _local(text: pd.Series) -> tuple[pd.Series, str]:
    """Return times without a zone, and "month/day" or "day/month" where that had to be judged."""
    bare = text.str.contains(_DIGITS_ONLY, regex=True, na=False)
    times = _parsed(text.mask(bare), "ISO8601")  # which takes any number for a year
    rest = text.where(times.isna())
    slashed = rest.str.extract(_FORTH).astype("float64")
    dashed = rest.where(slashed[0].isna())
    for pattern, by in _CHINESE:
        dashed = dashed.str.replace(pattern, by, regex=True)
    dashed = _afternoons(dashed.str.strip())
    for form in _YEAR_FIRST:
        times = times.fillna(_parsed(dashed.where(times.isna()), form))
    times = times.fillna(_serial(dashed.where(times.isna())))
    if slashed[0].isna().all():
        return times, ""
    day_first = bool((slashed[0] > _MONTHS).any())
    return _slashed(rest, times, day_first=day_first), "day/month" if day_first else "month/day"


def _slashed(text: pd.Series, times: pd.Series, *, day_first: bool) -> pd.Series:
    plain = text.str.replace("-", "/", regex=False)
    date = "%d/%m/%Y" if day_first else "%m/%d/%Y"
    for day_time in _DAY_TIMES:
        times = times.fillna(_parsed(plain.where(times.isna()), date + day_time))
    return times


def _parsed(text: pd.Series, form: str) -> pd.Series:
    if text.isna().all():
        return pd.Series(pd.NaT, index=text.index, dtype="datetime64[us]")
    return pd.to_datetime(text, format=form, errors="coerce").astype("datetime64[us]")


def _afternoons(text: pd.Series) -> pd.Series:
    """Return text with 下午 and 晚上 turned into hours of the day."""
    parts = text.str.extract(r"^(.*?)\s*(上午|早上|中午|下午|晚上)\s*(\d{1,2})(:.*)?$")
    late = parts[1].isin(["下午", "晚上", "中午"])
    hours = pd.to_numeric(parts[2], errors="coerce")
    hours = hours.where(~(late & (hours < _MONTHS)), hours + 12)
    shown = hours.astype("Int64").astype("str").str.zfill(2)
    joined = parts[0] + " " + shown + parts[3].fillna(":00")
    return text.where(parts[1].isna(), joined)


def _epoch(text: pd.Series) -> pd.Series:
    """Return the times of cells that count seconds or milliseconds since 1970, in UTC."""
    counts = pd.to_numeric(text, errors="coerce").astype("float64")
    times = pd.Series(pd.NaT, index=text.index, dtype="datetime64[us, UTC]")
    for low, high, unit in _EPOCH:
        meant = pd.to_datetime(counts.where(counts.between(low, high)), unit=unit, utc=True)
        times = times.fillna(meant.astype("datetime64[us, UTC]"))
    return times


def _serial(text: pd.Series) -> pd.Series:
    """Return the moments of serial days, to the millisecond: the ninth decimal is one tenth."""
    days = pd.to_numeric(text, errors="coerce").astype("float64")
    days = days.where(days.between(*_SERIAL_DAYS))
    times = pd.Timestamp("1899-12-30") + pd.to_timedelta(days, unit="D")
    return times.dt.round("ms").astype("datetime64[us]")
