"""An assignment read back from a file: which grid each atom is given to."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import ParseError

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
from openpyxl.utils.exceptions import InvalidFileException
from pyogrio.errors import DataLayerError, DataSourceError

from api.files.plan_tables import ASSIGNMENT
from api.files.sinks import PARQUET, TEXT, suffix_of
from api.files.texts import text_table
from geo.errors import BadAssignmentError, MissingFileError, UnknownColumnError
from geo.load.guards import from_workbook, unguarded
from geo.load.harmless import harmless
from geo.load.reasons import not_opened
from geo.load.workbooks import readable
from geo.scratch import scratch

# Headings of the two columns, as people write them; compared without case and blanks.
_WORDS: Final = {
    "atom": ("atom", "地块", "地块编码", "地块代码", "地块单元"),
    "grid": ("grid", "网格", "网格编码", "网格代码"),
}
_SHORTENED: Final = re.compile(r"\d+(\.\d+)?[Ee]\+\d+")
_SHOWN: Final = 5
_MOST_NAMED: Final = 20  # headings in a sentence, and characters of each
_LONGEST: Final = 40
_WIDEST: Final = 256  # columns that are looked at
_HEADING_WITHIN: Final = 20  # rows of a sheet: a title may stand above


def read_assignment(path: Path) -> pd.DataFrame:
    """Return the rows of a file as two columns of text, `atom` and `grid` (missing: in no grid).

    Raises
    ------
    FileUnreadableError, UnreadableFileError, UnsafeArchiveError, TextTableError, MissingFileError
        When the file is not there, broken, or of a form that holds no assignment.
    UnknownColumnError
        When it lacks one of the two columns.
    BadAssignmentError
        When a row ends before its grid, or a spreadsheet has shortened the codes.
    """
    if not path.is_file():
        raise MissingFileError(file=path.name)
    read = _READERS.get(suffix_of(path))
    if read is None:
        known = ", ".join(_READERS)
        raise not_opened(path.name, f"known endings: {known}", f"可用的扩展名：{known}")
    try:
        found = read(path)
    except (*_BROKEN, OSError, ValueError) as error:
        raise not_opened(path.name, error) from error
    table = found.astype("object").map(_text).astype("str")
    filled = table[table.notna().any(axis=1)].reset_index(drop=True)
    _demand_whole_codes(filled["grid"])
    return filled


def fitted(table: pd.DataFrame, atoms: Sequence[str], *, partial: bool) -> pd.Series:
    """Return the grid of each atom that a table names: indexed by the plan's own codes.

    Parameters
    ----------
    partial
        Whether the table may leave atoms out.

    Raises
    ------
    BadAssignmentError
        When it names an atom the plan has not, one twice, or leaves one out.
    """
    known = pd.Index(atoms)
    # Blanks around a code count only where the plan's own code has them.
    names = table["atom"].astype("object").fillna("")
    names = names.where(names.isin(known), names.str.strip())
    strange = names[~names.isin(known)]
    _demand_none("names atoms the plan has not", "有方案里没有的地块", strange)
    _demand_none("names an atom more than once", "有重复的地块", names[names.duplicated()])
    absent = [] if partial else known.difference(pd.Index(names)).tolist()
    _demand_none(
        "leaves atoms out (to keep these where they are: --partial, over HTTP partial=true)",
        "缺少地块（要让未列出的不动：命令加 --partial，接口加 partial=true）",
        absent,
    )
    return table["grid"].str.strip().set_axis(pd.Index(names))


def _demand_none(en: str, zh: str, found: Iterable[object]) -> None:
    cells = [str(cell) for cell in found]
    if cells:
        some = ", ".join(cells[:_SHOWN])
        raise BadAssignmentError(fault_en=en, fault_zh=zh, count=len(cells), some=some)


def _demand_whole_codes(grids: pd.Series) -> None:
    """Refuse codes such as 3.70102E+14: several grids would become one."""
    _demand_none(
        "holds codes that a spreadsheet has shortened (make the column text first)",
        "有被电子表格改成科学计数法的编码（请先把该列设为文本）",
        grids[grids.str.strip().str.fullmatch(_SHORTENED, na=False)],
    )


def _text(cell: object) -> str | None:
    """Return a cell as the code it stands for; None where it is blank."""
    if pd.isna(cell):
        return None
    if isinstance(cell, float | np.floating) and float(cell).is_integer():
        cell = int(cell)
    return from_workbook(str(cell)) if str(cell).strip() else None


def _from_text(path: Path) -> pd.DataFrame:
    table = text_table(path)
    columns = _columns(table.header.fields)
    rows = [record.fields for batch in table.batches() for record in batch if any(record.fields)]
    short = [fields[0] for fields in rows if len(fields) <= max(columns)]
    _demand_none("has rows that end before both codes", "有不完整的行", short)
    return _pair([[unguarded(fields[place]) for place in columns] for fields in rows])


def _from_workbook(path: Path) -> pd.DataFrame:
    with scratch() as folder:
        plain = readable(path, path.name, folder)
        with plain.open("rb") as file:
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
            sheets = [_filled_out(sheet.iter_rows(values_only=True)) for sheet in book.worksheets]
    tables = [table for rows in sheets if (table := _below_heading(rows))]
    if len(tables) != 1:
        known = " | ".join(_named(rows[0]) for rows in sheets if rows)
        raise UnknownColumnError(column="atom, grid", known=known)
    columns = _columns(tables[0][0])
    return _pair([[unguarded(row[place]) for place in columns] for row in tables[0][1:]])


def _below_heading(rows: list[list[str]]) -> list[list[str]]:
    """Return the rows from the one that heads the two columns; none where no row does."""
    heads = (n for n, row in enumerate(rows[:_HEADING_WITHIN]) if not _missing(row))
    return rows[next(heads, len(rows)) :]


def _filled_out(rows: Iterable[Sequence[Any]]) -> list[list[str]]:
    """Return rows of text, all as long as the longest: a sheet leaves out cells that are blank."""
    texts = [[_text(cell) or "" for cell in row[:_WIDEST]] for row in rows if any(row[:_WIDEST])]
    width = max(map(len, texts), default=0)
    return [row + [""] * (width - len(row)) for row in texts]


def _from_geopackage(path: Path) -> pd.DataFrame:
    with harmless(path) as sources:
        if sources[0].format != "gpkg":
            raise not_opened(path.name, "no GeoPackage", "不是 GeoPackage")
        file = sources[0].path
        layers = [str(name) for name, _ in pyogrio.list_layers(file)]
        layer = layers[0] if len(layers) == 1 else ASSIGNMENT
        return _of_frame(pyogrio.read_dataframe(file, layer=layer, read_geometry=False))


def _from_parquet(path: Path) -> pd.DataFrame:
    names = pq.read_schema(path).names
    wanted = [names[place] for place in _columns(names)]
    return _of_frame(pq.read_table(path, columns=wanted).to_pandas(ignore_metadata=True))


def _of_frame(frame: pd.DataFrame) -> pd.DataFrame:
    return _pair(frame.iloc[:, _columns(list(frame.columns))].to_numpy(object).tolist())


def _pair(rows: list[list[Any]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(_WORDS), dtype="object")


def _columns(names: Sequence[str]) -> list[int]:
    """Return the places of the two columns among the headings.

    Raises
    ------
    UnknownColumnError
        When one is missing.
    BadAssignmentError
        When one is there twice: which of them counts, nobody said.
    """
    if missing := _missing(names):
        raise UnknownColumnError(column=missing[0], known=_named(names))
    for words in _WORDS.values():
        meant = [name for name in names if _folded(name) in words]
        _demand_none("has two columns of one meaning", "有两列说的是同一件事", meant[1:] and meant)
    return [_place(names, words) for words in _WORDS.values()]


def _named(names: Sequence[str]) -> str:
    """Return the first headings of a file, short and on one line, for a sentence."""
    said = ("".join(c if c.isprintable() else "?" for c in name[:_LONGEST]) for name in names)
    return ", ".join([*islice(filter(None, said), _MOST_NAMED)]) + (
        " …" if len(names) > _MOST_NAMED else ""
    )


def _missing(names: Sequence[str]) -> list[str]:
    return [column for column, words in _WORDS.items() if _place(names, words) < 0]


def _place(names: Sequence[str], words: Sequence[str]) -> int:
    """Return the first column whose heading is one of the words; −1 where there is none."""
    return next((place for place, name in enumerate(names) if _folded(name) in words), -1)


def _folded(name: str) -> str:
    return name.strip().casefold()


_BROKEN: Final = (
    DataSourceError,
    DataLayerError,
    pa.ArrowException,
    zipfile.BadZipFile,
    InvalidFileException,
    # openpyxl: a ZIP that is no workbook, or a broken one
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    ParseError,
    zlib.error,
)
_READERS: Final[dict[str, Callable[[Path], pd.DataFrame]]] = {
    **dict.fromkeys(TEXT, _from_text),
    ".gpkg": _from_geopackage,
    **dict.fromkeys(PARQUET, _from_parquet),
    ".xlsx": _from_workbook,
}
