"""Tables of text: CSV in any encoding and delimiter, every cell as it stands."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Sequence
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from geo.errors import EmptyFileError
from geo.load.encodings import damaged, decoded
from geo.load.files import Source
from geo.load.findings import Finding, RawLayer
from geo.load.guards import undone
from geo.load.headings import (
    PREVIEW,
    column_names,
    data_only,
    guards_said,
    heading_line,
    titles_said,
)
from geo.load.outsized import LONGEST_LINE, demand_lines, too_long
from geo.load.reasons import unreadable

_DELIMITERS: Final = (",", "\t", ";", "|", "，")
_NUL: Final = "\ufdd0"  # no character, stands for NUL while text is split: the parsers stop at it
_BLOCK: Final = 2**24
_WIDEST: Final = 2_000  # columns
_MOST_LINES: Final = 200  # rows of one kind that get a line each
_FEWEST_COLUMNS: Final = 3  # of fewer any line of prose may have as many
_DECIMALS: Final = re.compile(r"\d\.\d")
_ENOUGH: Final = 2**16  # letters of a cell that are looked at
_SWALLOWED: Final = 20  # lines in one cell: more than anybody types


def read_csv(source: Source, layer: str) -> RawLayer:
    """Return a table of text, all cells text, rows numbered from the heading down.

    Raises
    ------
    EmptyFileError
        When there is a heading at most.
    UnreadableFileError, BeyondLimitError
        When it cannot be split into columns, or has a line longer than any table's.
    """
    demand_lines(source.path, source.name)
    text, about_text = decoded(source.path.read_bytes())
    text = text.replace("\0", _NUL)
    delimiter = _delimiter(text)
    if delimiter == "，":
        text, delimiter = text.replace("，", ","), ","
    preview = _preview(text, delimiter)
    widest = max((len(cells) for cells, _ in preview), default=0)
    if widest > _WIDEST:
        raise unreadable(source.name, f"{widest} columns", f"有 {widest} 列")
    line = heading_line([cells for cells, _ in preview])
    names = column_names(preview[line][0]) if preview else []
    if not text or text.isspace():
        raise EmptyFileError(file=source.name)
    if not names:
        raise unreadable(source.name, "no columns", "分不成列")
    text = _after(text, preview[line][1])
    if not text:
        raise EmptyFileError(file=source.name)
    frame, ragged = _split(text.encode(), delimiter, names, source.name)
    table = data_only(frame)
    if table.frame.empty and not ragged:
        raise EmptyFileError(file=source.name)
    titles = titles_said([cells for cells, _ in preview], line)
    guessed = _delimiter_said(delimiter)
    plain, guards = undone(table.frame)
    kept = (*table.findings, *ragged, *damaged(table.frame), *guards_said(guards))
    return RawLayer(layer, plain, findings=(*about_text, *guessed, *titles, *kept))


def _delimiter(text: str) -> str:
    """Return the delimiter that splits most of the first lines into most columns.

    Chinese prose is full of full-width commas: they delimit only where no line does without them.
    """
    lines = [line for line in text[:65536].splitlines()[:PREVIEW] if line.strip()]
    counts = {d: sorted(line.count(d) for line in lines) for d in _DELIMITERS}
    middles = {d: found[len(found) // 2] if found else 0 for d, found in counts.items()}
    prose = any("，" not in line and any(d in line for d in _DELIMITERS) for line in lines)
    known = [d for d in _DELIMITERS if not (prose and d == "，")]
    return max(known, key=lambda d: middles[d])


def _delimiter_said(delimiter: str) -> tuple[Finding, ...]:
    shown = {"\t": "Tab"}.get(delimiter, delimiter)
    return () if delimiter == "," else (Finding("delimiter-guessed", values={"delimiter": shown}),)


def _preview(text: str, delimiter: str) -> list[tuple[list[str], int]]:
    """Return the first rows with the number of lines they end at."""
    reader = csv.reader(io.StringIO(text[: 2**20], newline=""), delimiter=delimiter)
    rows = []
    try:
        for row in itertools.islice(reader, PREVIEW):
            rows += [([cell.strip() for cell in row], reader.line_num)]
    except csv.Error:
        return rows
    return rows


def _after(text: str, line: int) -> str:
    """Return the text below a number of lines."""
    place = 0
    for _ in range(line):
        ends = [end for mark in "\n\r" if (end := text.find(mark, place)) >= 0]
        if not ends:
            return ""
        place = min(ends) + (2 if text.startswith("\r\n", min(ends)) else 1)
    return text[place:]


def _split(
    data: bytes, delimiter: str, names: Sequence[str], file: str
) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the cells, and the rows that have too many; a row that has too few is padded."""
    odd: list[tuple[int, str]] = []

    def put_aside(row: arrow_csv.InvalidRow) -> str:
        odd.append((row.number, row.text))
        return "skip"

    columns = [f"c{i}" for i in range(len(names))]
    try:
        table = arrow_csv.read_csv(
            io.BytesIO(data),
            read_options=arrow_csv.ReadOptions(
                use_threads=False, block_size=_block(data), column_names=columns
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=put_aside,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(columns, pa.string()),
                null_values=[""],
                strings_can_be_null=True,
            ),
        )
    except pa.ArrowException as error:
        raise unreadable(file, error) from error
    _demand_short_cells(table, odd, file)
    return _whole(table, odd, delimiter, names)


def _demand_short_cells(table: pa.Table, odd: Sequence[tuple[int, str]], file: str) -> None:
    """Refuse a cell as long as no line may be: a quote that was never closed."""
    for number, text in odd:
        if len(text) > LONGEST_LINE:
            raise too_long(file, number + 1)
    for column in table.columns:
        lengths = pc.binary_length(column)
        longest = pc.max(lengths).as_py() or 0
        if longest > LONGEST_LINE:
            raise too_long(file, pc.index(lengths, longest).as_py() + 2)


def _block(data: bytes) -> int:
    return max(1024, min(len(data) + 1, _BLOCK))


def _whole(
    table: pa.Table, odd: Sequence[tuple[int, str]], delimiter: str, names: Sequence[str]
) -> tuple[pd.DataFrame, list[Finding]]:
    """Return good rows and padded short ones in order, numbered; and what is said of the rest."""
    numbers = [number for number, _ in odd]
    index = pd.RangeIndex(1, table.num_rows + len(odd) + 1).difference(pd.Index(numbers))
    frame = table.to_pandas().set_axis(list(names), axis=1).set_axis(index, axis=0)
    rows = {n: _cells(text, delimiter) for n, (_, text) in zip(numbers, odd, strict=True)}
    ragged = {n: cells for n, cells in rows.items() if len(cells) > len(names)}
    short = {n: cells for n, cells in rows.items() if n not in ragged}
    whole = pd.concat([frame, _padded(short, names)]).sort_index() if short else frame
    whole = whole.rename_axis("row").astype("str")
    wide = {n: len(cells) for n, cells in ragged.items()}
    quotes = _open_quotes(whole, delimiter, set(short))
    return whole, [*_ragged(wide, len(names), len(whole)), *quotes]


def _cells(text: str, delimiter: str) -> list[str]:
    """Return the cells of one row, without empty ones that trail."""
    try:
        cells = next(csv.reader([text], delimiter=delimiter), [])
    except csv.Error:  # a cell longer than any: a quote that was never closed
        cells = [text]
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def _padded(rows: dict[int, list[str]], names: Sequence[str]) -> pd.DataFrame:
    data = [cells + [""] * (len(names) - len(cells)) for cells in rows.values()]
    frame = pd.DataFrame(data, index=list(rows), columns=list(names), dtype="str")
    return frame.where(frame != "")


def _ragged(wide: dict[int, int], expected: int, whole: int) -> list[Finding]:
    """Say which rows have too many cells: one by one, or those of one width where they are many.

    When every row has, the heading or the delimiter is wrong and not the rows: an error.
    """
    if wide and not whole:
        values = {"count": len(wide), "found": max(wide.values()), "expected": expected}
        return [Finding("table-ragged", wide, values=values)]
    by_width: dict[int, list[int]] = {}
    for row, found in wide.items():
        by_width.setdefault(found, []).append(row)
    groups = [
        (found, part)
        for found, rows in by_width.items()
        for part in ([rows] if len(rows) > _MOST_LINES else [[row] for row in rows])
    ]
    return [
        Finding("row-ragged", rows, values={"found": found, "expected": expected})
        for found, rows in sorted(groups, key=lambda group: group[1][0])
    ]


def _open_quotes(frame: pd.DataFrame, delimiter: str, short: set[int]) -> list[Finding]:
    """Say which cells swallowed the rows below them: a quote must have been left open.

    They hold more lines than anybody types, or lines that are whole rows by their delimiters; the
    last line counts where the row then lacks cells. Or they end with the quote that opened the same
    cell of a row below.
    """
    found = [
        (int(row), cell, place)
        for place, name in enumerate(frame.columns)
        for row, cell in frame[name][frame[name].str.contains("\n", regex=False, na=False)].items()
    ]
    columns = len(frame.columns)
    return [
        _swallowed(row, cell.count("\n"))
        for row, cell, place in found
        if _is_torn(cell, delimiter, place)
        or _many_rows(lines := cell[:_ENOUGH].splitlines()[1:], delimiter)
        or _rows_within(lines, delimiter, columns, lacking=row in short)
    ]


def _is_torn(cell: str, delimiter: str, place: int) -> bool:
    """Tell whether a cell ends inside the same cell of a row below, whose quote closed it."""
    last = cell.rpartition("\n")[2]
    is_odd = cell.count('"') % 2 == 1  # what people quote, they quote on both sides
    return cell.endswith('"') and is_odd and last.count(delimiter) == place > 0


def _many_rows(lines: Sequence[str], delimiter: str) -> bool:
    """Tell whether a cell has more lines than anybody types, most of them with a delimiter."""
    split = sum(delimiter in line for line in lines)
    return len(lines) >= _SWALLOWED and split * 2 > len(lines)


def _rows_within(lines: Sequence[str], delimiter: str, columns: int, *, lacking: bool) -> int:
    """Return how many lines of a cell are whole rows; decimals tell them from prose."""
    inner = lines if lacking else [line for line in lines[:-1] if _DECIMALS.search(line)]
    if columns < _FEWEST_COLUMNS:
        return 0
    return sum(line.count(delimiter) == columns - 1 for line in inner)


def _swallowed(row: int, count: int) -> Finding:
    return Finding("quote-open", [row], values={"count": count})
