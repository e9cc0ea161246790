"""Codes and names of divisions that were merged or renamed, brought to today's.

The history is data (`geo.reference.code_history`): an old code stands until its `valid_to`.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Final

import geopandas as gpd
import pandas as pd

from geo.load.findings import Finding
from geo.load.repairs import Checked, was
from geo.reference import code_history

# Columns that hold a division's code, or one that begins with it.
_CODE_COLUMNS: Final = ("code", "parent", "area", "grid", "estate")
_NAME_COLUMNS: Final = ("name",)
# Codes of districts and below carry the old code as their beginning; a city's does not.
_DISTRICT_DIGITS: Final = 6
_ENDINGS: Final = re.compile(
    r"(街道办事处|街道办|办事处|街道|镇|乡"
    r"|社区居民委员会|社区居委会|社区村委会|居民委员会|村民委员会|居委会|村委会|社区|村"
    r"|区|县|市)$"
)


def plain_name(name: object) -> str:
    """Return a division's name without the words that say what it is.

    >>> [plain_name(name) for name in ("解放路街道办事处", "佛山苑社区居委会", "历下区")]
    ['解放路', '佛山苑', '历下']
    """
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", str(name)))
    short = _ENDINGS.sub("", text)
    return short or text


def check(
    frame: gpd.GeoDataFrame, *, on: dt.date | None = None, history: pd.DataFrame | None = None
) -> Checked:
    """Return the rows with today's codes and names, and a line for each that was an old one.

    Parameters
    ----------
    frame
        Any contract's frame, indexed by source row.
    on
        The date the codes are to be good for; left out: today's, that is the whole history.
    history
        Columns as `geo.reference.code_history` gives them, which is the one used if left out.
    """
    past = _ended(code_history() if history is None else history, on)
    checked = Checked(frame)
    for record in past.to_dict("records"):
        for column in _present(frame, _CODE_COLUMNS):
            checked = checked.then(_recoded(checked.frame, column, record))
        for column in _present(frame, _NAME_COLUMNS):
            checked = checked.then(_renamed(checked.frame, column, record))
    return checked


def _present(frame: pd.DataFrame, names: tuple[str, ...]) -> list[str]:
    return [name for name in names if name in frame.columns]


def _ended(history: pd.DataFrame, on: dt.date | None) -> pd.DataFrame:
    """Return the codes that no longer stood on the date, longest first, so the finest wins."""
    ended = history[history["valid_to"].notna()]
    if on is not None:
        ended = ended[pd.to_datetime(ended["valid_to"]) <= pd.Timestamp(on)]
    digits = ended["old_code"].str.len()
    return ended.loc[digits.sort_values(ascending=False, kind="stable").index]


def _recoded(frame: gpd.GeoDataFrame, column: str, record: dict[str, str]) -> Checked:
    codes = frame[column].astype("str")
    old, new = record["old_code"], record["new_code"]
    begins = codes.str.startswith(old) if len(old) >= _DISTRICT_DIGITS else codes == old
    rows = frame.index[begins.fillna(value=False).astype(bool)]
    if old == new or rows.empty:
        return Checked(frame)
    changed = codes.where(~frame.index.isin(rows), new + codes.str[len(old) :])
    return _listed(frame, (column, changed, rows), "code-old", record)


def _renamed(frame: gpd.GeoDataFrame, column: str, record: dict[str, str]) -> Checked:
    names = frame[column].astype("str")
    old, new = record["old_name"], record["new_name"]
    rows = frame.index[(names.str.strip() == old).fillna(value=False).astype(bool)]
    if old == new or rows.empty:
        return Checked(frame)
    changed = names.where(~frame.index.isin(rows), new)
    return _listed(frame, (column, changed, rows), "name-old", record)


def _listed(
    frame: gpd.GeoDataFrame,
    change: tuple[str, pd.Series, pd.Index],
    code: str,
    record: dict[str, str],
) -> Checked:
    """Return the frame with the column changed, and the line that says so."""
    column, changed, rows = change
    values: dict[str, object] = {
        "count": len(rows),
        "old": record["old_code"],
        "new": record["new_code"],
        "old_name": record["old_name"],
        "new_name": record["new_name"],
        "was": was(frame, column, rows),
    }
    before, after = str(frame.loc[rows[0], column]), str(changed.loc[rows[0]])
    finding = Finding(code, rows, values=values, before=before, after=after)
    return Checked(frame.assign(**{column: changed}), (finding,))
