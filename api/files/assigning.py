"""Points from a file to a file, each row with the grid that owns it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

from api.files.grid_defects import Remark
from api.files.grids import GridFile, Grids, read_grids
from api.files.numbers import axes_among
from api.files.owners import Owners, Tally, Wanted
from api.files.replacing import replacing
from api.files.sinks import PARQUET, TEXT, check_form, pass_on, suffix_of, write
from api.files.sources import Asked, Place, ogr_source, parquet_source, text_source
from api.files.systems import System
from api.files.texts import text_table, uncollected
from api.files.unpacking import unpacked
from geo.errors import ColumnTakenError, SameFileError

_TYPED: Final = (".txt", ".txt.gz")  # text tables that are read but not written


class Assigned(NamedTuple):
    """What became of the rows, and what had to be done to grids."""

    tally: Tally
    remarks: tuple[Remark, ...]


def assigned(points: Path, asked: Asked, grids: GridFile, wanted: Wanted, out: Path) -> Assigned:
    """Write the rows of `points` as they are, with new columns; return what became of them.

    Raises
    ------
    JingweiError
        What is wrong with a file or its columns; nothing is written then.
    """
    check_form(out)
    _check_apart(out, points, grids.path)
    with uncollected():
        read = read_grids(grids)
        with replacing(out) as draft:
            owners = _assign(points, asked, read, wanted, draft)
    return Assigned(owners.tally, owners.remarks)


def _check_apart(out: Path, *inputs: Path) -> None:
    for path in inputs:
        if out.exists() and out.samefile(path):
            raise SameFileError(path=path)


def _check_free(wanted: Wanted, names: Sequence[str]) -> None:
    taken = {name.strip().casefold() for name in names}
    for column in wanted.names:
        if column.casefold() in taken:
            raise ColumnTakenError(column=column)
        taken.add(column.casefold())


def _assign(points: Path, asked: Asked, grids: Grids, wanted: Wanted, draft: Path) -> Owners:
    """Read the points as what their ending says and write them, each with its owner."""
    if suffix_of(points) in (*TEXT, *_TYPED):
        return _assign_text(points, asked, grids, wanted, draft)
    opened = parquet_source if suffix_of(points) in PARQUET else ogr_source
    with unpacked(points) as file, opened(file, asked) as source:
        _check_free(wanted, source.schema.names)
        owners = Owners.among(grids, source.system, wanted)
        write(source, owners, draft)
    return owners


def _assign_text(points: Path, asked: Asked, grids: Grids, wanted: Wanted, draft: Path) -> Owners:
    table = text_table(points, lenient=True)
    _check_free(wanted, table.header.fields)
    place = Place(axes_among(table.header.fields), System.of(None, asked.datum))
    owners = Owners.among(grids, place.system, wanted)
    as_it_is = _kind(draft) == _kind(points)
    if as_it_is or (suffix_of(points) in _TYPED and suffix_of(draft) in TEXT):
        pass_on(table, place, owners, draft)
    else:
        write(text_source(table, place), owners, draft)
    return replace(owners, remarks=(*owners.remarks, *table.damaged))


def _kind(path: Path) -> str:
    return suffix_of(path).removesuffix(".gz")
