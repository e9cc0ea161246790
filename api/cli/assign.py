"""`jingwei assign`: the grid of every point, from files to a file, without a database."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from api.files.grids import read_grids
from api.files.numbers import axes_among
from api.files.owners import Owners, System, Tally
from api.files.replacing import replacing
from api.files.sinks import PARQUET, TEXT, check_form, pass_on, suffix_of, write
from api.files.sources import Asked, Place, ogr_source, parquet_source, text_source
from api.files.texts import text_table
from geo.crs import parse_datum
from geo.errors import ColumnTakenError, SameFileError
from geo.lookup import GridIndex

_TYPED: Final = (".txt", ".txt.gz")  # text tables that are read but not written

InFile = typer.Argument(
    exists=True,
    dir_okay=False,
    readable=True,
    metavar="POINTS",
    help="点：CSV、Parquet 或图层文件 Points: CSV, Parquet or a file of layers",
)
GridFile = typer.Option(
    exists=True, help="网格：面图层，有 code 列，可有 special 列 Grids: polygons with a column code"
)


def assign(
    points: Annotated[Path, InFile],
    *,
    grids: Annotated[Path, GridFile],
    out: Annotated[Path, typer.Option(help="输出文件，格式看扩展名 The file to write")],
    datum: Annotated[
        str | None,
        typer.Option(help="点的坐标基准 Datum of the points: wgs84 | cgcs2000 | gcj02 | bd09"),
    ] = None,
    layer: Annotated[
        list[str] | None, typer.Option(help="网格图层，可重复 Layers of grids, may be repeated")
    ] = None,
    points_layer: Annotated[str | None, typer.Option(help="点图层 The layer of points")] = None,
    column: Annotated[str, typer.Option(help="新列的名字 Name of the new column")] = "grid",
    code: Annotated[str, typer.Option(help="网格编码列 Column of the grids' codes")] = "code",
) -> None:
    """给每个点找到它的网格：原样输出各行，加一列。Add to every row the grid that owns its point."""
    check_form(out)
    if not column.strip():
        raise typer.BadParameter("列名是空的 The name is empty", param_hint="--column")
    _check_apart(out, points, grids)
    asked = Asked(parse_datum(datum) if datum else None, points_layer)
    owners = Owners(GridIndex(read_grids(grids, layer or (), code)))
    with replacing(out) as draft:
        _assign(points, asked, owners, column, draft)
    _say(owners.tally)


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


def _say(tally: Tally) -> None:
    """Sum up on standard error, so that standard output stays free."""
    outside = tally.rows - tally.owned - tally.nowhere
    typer.echo(
        f"共 {tally.rows} 行：{tally.owned} 行找到网格，{outside} 行不在任何网格内，"
        f"{tally.nowhere} 行没有可用坐标。\n"
        f"{tally.rows} rows: {tally.owned} in a grid, {outside} in none, "
        f"{tally.nowhere} without usable coordinates.",
        err=True,
    )
    if outside and not tally.owned:
        typer.echo(
            "没有一行落在网格内：请检查 --datum、坐标系和城市是否一致。\n"
            "Not one row lies in a grid: see that --datum, the CRS and the city are right.",
            err=True,
        )
