"""Points from a file to a file, each row with the grid that owns it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from api.files.grids import read_grids
from api.files.numbers import axes_among
from api.files.owners import Owners, System, Tally
from api.files.replacing import replacing
from api.files.sinks import PARQUET, TEXT, check_form, pass_on, suffix_of, write
from api.files.sources import Asked, Place, ogr_source, parquet_source, text_source
from api.files.texts import text_table
from geo.errors import ColumnTakenError, SameFileError
from geo.lookup import GridIndex

_TYPED: Final = (".txt", ".txt.gz")  # text tables that are read but not written


@dataclass(frozen=True)
class GridFile:
    """A file of grids: its layers (none named: the only one) and the column of codes."""

    path: Path
    layers: Sequence[str]
    code: str


def assigned(points: Path, asked: Asked, grids: GridFile, column: str, out: Path) -> Tally:
    """Write the rows of `points` as they are, with a column more; return how many went where.

    Raises
    ------
    JingweiError
        What is wrong with a file or its columns; nothing is written then.
    """
    check_form(out)
    _check_apart(out, points, grids.path)
    owners = Owners(GridIndex(read_grids(grids.path, grids.layers, grids.code)))
    with replacing(out) as draft:
        _assign(points, asked, owners, column, draft)
    return owners.tally


def _check_apart(out: Path, *inputs: Path) -> None:
    for path in inputs:
        if out.exists() and out.samefile(path):
            raise SameFileError(path=path)


def _check_free(column: str, names: Sequence[str]) -> None:
    if column.casefold() in {name.strip().casefold() for name in names}:
        raise ColumnTakenError(column=column)


def _assign(points: Path, asked: Asked, owners: Owners, column: str, draft: Path) -> None:
    """Read the points as what their ending says and write them, each with its owner."""
    if suffix_of(points) in (*TEXT, *_TYPED):
        _assign_text(points, asked, owners, column, draft)
        return
    opened = parquet_source if suffix_of(points) in PARQUET else ogr_source
    with opened(points, asked) as source:
        _check_free(column, source.schema.names)
        write(source, owners, column, draft)


def _assign_text(points: Path, asked: Asked, owners: Owners, column: str, draft: Path) -> None:
    table = text_table(points)
    _check_free(column, table.header.fields)
    place = Place(axes_among(table.header.fields), System.of(None, asked.datum))
    if _kind(draft) == _kind(points) or (suffix_of(points) in _TYPED and suffix_of(draft) in TEXT):
        pass_on(table, place, owners, column, draft)
    else:
        write(text_source(table, place), owners, column, draft)


def _kind(path: Path) -> str:
    return suffix_of(path).removesuffix(".gz")
