"""Where the heading of a table is, and which rows below it are not data."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

import pandas as pd

from geo.crs import Datum
from geo.load.findings import Finding
from geo.load.synonyms import folded, known_headings

PREVIEW: Final = 20  # rows among which a heading is looked for
_FULL_ENOUGH: Final = 0.6
_TITLE_LENGTH: Final = 30
_TEXTS_SHOWN: Final = 3
_DATUM_MARKS: Final[tuple[tuple[Datum, tuple[str, ...]], ...]] = (
    ("gcj02", ("gcj", "高德", "腾讯", "火星", "amap")),
    ("bd09", ("bd09", "bdlng", "bdlon", "baidu", "百度")),
    ("cgcs2000", ("cgcs", "国家2000")),
    ("wgs84", ("wgs", "gps")),
)
_TOTAL: Final = (
    r"^\s*(?:合\s*计|小\s*计|总\s*计|共\s*计|总\s*数|本页合计|累\s*计|(?:grand |sub)?total)"
    r"\s*(?:$|[:：(（\d])"
)
_NOTE: Final = (
    r"^\s*(?:(?:填表|填报|制表|审核|负责)(?:人|单位|时间|日期)?|备注|注|说明|联系电话)"
    r"\s*\d*\s*[:：]"
)


class Table(NamedTuple):
    """A table under its heading, rows numbered from the heading down, and what was guessed."""

    frame: pd.DataFrame
    findings: tuple[Finding, ...] = ()


def heading_line(rows: Sequence[Sequence[str]]) -> int:
    """Return the index of the row that is the heading.

    The row with most words known for columns; of two such rows that repeat each other (a heading
    merged over two rows), the lower. Where no word is known, the first row that is mostly full.

    >>> heading_line([["历下区网格台账", ""], ["网格编码", "户数"], ["370102001001001", "约350户"]])
    1
    """
    known = [sum(map(_known, {cell for cell in row if cell})) for row in rows]
    if not any(known):
        width = max((_filled(row) for row in rows), default=0)
        return next((i for i, row in enumerate(rows) if _filled(row) >= width * _FULL_ENOUGH), 0)
    first = known.index(max(known))
    return first + 1 if _continues(rows, first) else first


def column_names(cells: Sequence[str]) -> list[str]:
    """Return one name a column, none twice, none empty.

    >>> column_names(["编码", "", "编码"])
    ['编码', '列2', '编码.2']
    """
    seen: Counter[str] = Counter()
    names = []
    for number, cell in enumerate(cells, start=1):
        name = " ".join(str(cell).split()) or f"列{number}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name}.{seen[name]}")
    return names


def datum_named(heading: str) -> Datum | None:
    """Return the datum a heading of positions names, if it does.

    >>> datum_named("经度(GCJ-02)"), datum_named("百度经度"), datum_named("经度")
    ('gcj02', 'bd09', None)
    """
    plain = unicodedata.normalize("NFKC", heading).lower().replace("-", "").replace("_", "")
    words = (datum for datum, marks in _DATUM_MARKS if any(mark in plain for mark in marks))
    return next(words, None)


def titles_said(
    rows: Sequence[Sequence[str]], line: int, number: int | None = None
) -> tuple[Finding, ...]:
    """Say which row was taken for the heading, unless it is the first; `number`: as it is shown."""
    if line == 0:
        return ()
    titles = [next((cell for cell in row if cell), "") for row in rows[:line]]
    shown = "；".join(title[:_TITLE_LENGTH] for title in titles if title)
    if not shown:
        return ()
    values = {"line": number or line + 1, "count": line, "titles": shown}
    return (Finding("header-found", values=values),)


def guards_said(rows: Sequence[int]) -> tuple[Finding, ...]:
    """Say in which rows a guard against formulas was undone."""
    return (Finding("guard-undone", rows, values={"count": len(rows)}),) if rows else ()


def data_only(frame: pd.DataFrame) -> Table:
    """Return the rows that are data: no totals, no notes, no rows without a single cell."""
    filled = frame[~frame.isna().all(axis=1)]
    first = _first_cells(filled)
    totals = first.str.contains(_TOTAL, case=False, regex=True, na=False) | _inner_total(filled)
    notes = first.str.contains(_NOTE, regex=True, na=False) & ~totals
    said = (*_said("totals-dropped", first[totals]), *_said("notes-dropped", first[notes]))
    return Table(filled[~(totals | notes)], said)


def _first_cells(frame: pd.DataFrame) -> pd.Series:
    """Return the first cell of each row that is filled."""
    first = pd.Series(index=frame.index, dtype="str")
    for name in frame.columns:
        first = first.fillna(frame[name])
        if not first.isna().any():
            break
    return first


def _inner_total(frame: pd.DataFrame) -> pd.Series:
    """Tell which rows say "小计" alone in one of the first columns."""
    marks = [
        frame[c].str.fullmatch(r"\s*(?:合|小|总)\s*计\s*", na=False) for c in frame.columns[:4]
    ]
    return pd.concat(marks, axis=1).any(axis=1) if marks else pd.Series(dtype=bool)


def _said(code: str, texts: pd.Series) -> list[Finding]:
    if texts.empty:
        return []
    shown = "、".join(str(t)[:_TITLE_LENGTH] for t in texts.iloc[:_TEXTS_SHOWN])
    return [Finding(code, texts.index, values={"count": len(texts), "texts": shown})]


def _filled(row: Sequence[str]) -> int:
    return len({cell for cell in row if cell})


def _continues(rows: Sequence[Sequence[str]], line: int) -> bool:
    """Tell whether the next row repeats headings of this one: cells merged over both rows.

    A row of data may say a heading's word by chance ("专职" in the column 专职), but not mostly.
    """
    if line + 1 >= len(rows):
        return False
    lower = [cell for cell in rows[line + 1] if cell]
    words = sum(map(_known, lower))
    pairs = zip(rows[line], rows[line + 1], strict=False)
    repeats = any(upper and upper == under for upper, under in pairs if _known(upper))
    return repeats and words * 2 > len(lower)


def _known(cell: str) -> bool:
    return folded(cell) in known_headings()
