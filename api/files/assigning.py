"""Points from a file to a file, each row with the grid that owns it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from api.files.grid_defects import Remark
from api.files.grids import GridFile, Grids, read_grids
from api.files.numbers import axes_among
from api.files.owners import Owners, Tally
from api.files.replacing import replacing
from api.files.sinks import PARQUET, TEXT, check_form, pass_on, suffix_of, write
from api.files.sources import Asked, Place, ogr_source, parquet_source, text_source
from api.files.systems import System
from api.files.texts import text_table, uncollected
from geo.errors import ColumnTakenError, SameFileError

_TYPED: Final = (".txt", ".txt.gz")  # text tables that are read but not written


class Assigned(NamedTuple):
    """What became of the rows, and what had to be done to grids."""

    tally: Tally
    remarks: tuple[Remark, ...]


def assigned(points: Path, asked: Asked, grids: GridFile, column: str, out: Path) -> Assigned:
    """Write the rows of `points` as they are, with a column more; return what became of them.

    Raises
    ------
    JingweiError
        What is wrong with a file or its columns; nothing is written then.
    """
    check_form(out)
    _check_apart(out, points, grids.path)
    read = read_grids(grids)
    with replacing(out) as draft:
        owners = _assign(points, asked, read, column, draft)
    return Assigned(owners.tally, owners.remarks)


def _check_apart(out: Path, *inputs: Path) -> None:
    for path in inputs:
        if out.exists() and out.samefile(path):
            raise SameFileError(path=path)


def _check_free(column: str, names: Sequence[str]) -> None:
    if column.casefold() in {name.strip().casefold() for name in names}:
        raise ColumnTakenError(column=column)


def _assign(points: Path, asked: Asked, grids: Grids, column: str, draft: Path) -> Owners:
    """Read the points as what their ending says and write them, each with its owner."""
    if suffix_of(points) in (*TEXT, *_TYPED):
        return _assign_text(points, asked, grids, column, draft)
    opened = parquet_source if suffix_of(points) in PARQUET else ogr_source
    with opened(points, asked) as source:
        _check_free(column, source.schema.names)
        owners = Owners.among(grids, source.system)
        write(source, owners, column, draft)
    return owners


def _assign_text(points: Path, asked: Asked, grids: Grids, column: str, draft: Path) -> Owners:
    table = text_table(points)
    _check_free(column, table.header.fields)
    place = Place(axes_among(table.header.fields), System.of(None, asked.datum))
    owners = Owners.among(grids, place.system)
    as_it_is = _kind(draft) == _kind(points)
    with uncollected():
        if as_it_is or (suffix_of(points) in _TYPED and suffix_of(draft) in TEXT):
            pass_on(table, place, owners, column, draft)
        else:
            write(text_source(table, place), owners, column, draft)
    return owners


def _kind(path: Path) -> str:
    return suffix_of(path).removesuffix(".gz")
