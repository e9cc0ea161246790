"""`jingwei assign`: the grid of every point, from files to a file, without a database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from api.settling import nothing_swept

Points: TypeAlias = Annotated[
    Path,
    typer.Argument(
        exists=True,
        dir_okay=False,
        readable=True,
        metavar="POINTS",
        help="点：CSV、Parquet 或图层文件 Points: CSV, Parquet or a file of layers",
    ),
]
Grids: TypeAlias = Annotated[
    Path,
    typer.Option(
        exists=True,
        help="网格：面图层，有 code 列，可有 special 列 Grids: polygons with a column code",
    ),
]
Out: TypeAlias = Annotated[Path, typer.Option(help="输出文件，格式看扩展名 The file to write")]
Datum: TypeAlias = Annotated[
    str | None,
    typer.Option(help="点的坐标基准 Datum of the points: wgs84 | cgcs2000 | gcj02 | bd09"),
]
Layers: TypeAlias = Annotated[
    list[str] | None, typer.Option(help="网格图层，可重复 Layers of grids, may be repeated")
]
PointsLayer: TypeAlias = Annotated[str | None, typer.Option(help="点图层 The layer of points")]
Column: TypeAlias = Annotated[str, typer.Option(help="新列的名字 Name of the new column")]
With: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--with", help="网格的其他列也带上，如 parent、name，可重复 Columns of the grids to add"
    ),
]
Outcome: TypeAlias = Annotated[
    str | None,
    typer.Option(help="再加一列：owned、outside 或 nowhere A column of what became of the row"),
]
Code: TypeAlias = Annotated[str, typer.Option(help="网格编码列 Column of the grids' codes")]
GridsDatum: TypeAlias = Annotated[
    str, typer.Option(help="网格的坐标基准 Datum of the grids, where they are in degrees")
]
GridsCrs: TypeAlias = Annotated[
    str | None, typer.Option(help="网格的坐标系，文件没写时 CRS of the grids, such as EPSG:4548")
]


def assign(
    points: Points,
    *,
    grids: Grids,
    out: Out,
    datum: Datum = None,
    layer: Layers = None,
    points_layer: PointsLayer = None,
    column: Column = "grid",
    with_: With = None,
    outcome: Outcome = None,
    code: Code = "code",
    grids_datum: GridsDatum = "wgs84",
    grids_crs: GridsCrs = None,
) -> None:
    """Add to every row the grid that owns its point."""
    for option, name in (("--column", column), ("--outcome", outcome)):
        if name is not None and not name.strip():
            raise typer.BadParameter("列名是空的 The name is empty", param_hint=option)
    # A second or two of libraries: not for whoever asks for help or mistypes an option.
    with nothing_swept():
        from api.files.assigning import assigned  # noqa: PLC0415 as said
        from api.files.grids import GridFile  # noqa: PLC0415 as said
        from api.files.owners import Wanted  # noqa: PLC0415 as said
        from api.files.sources import Asked  # noqa: PLC0415 as said
        from geo.crs import parse_datum  # noqa: PLC0415 as said

    asked = Asked(parse_datum(datum) if datum else None, points_layer)
    wanted = Wanted(column, tuple(dict.fromkeys(with_ or ())), outcome)
    file = GridFile(grids, layer or (), code, parse_datum(grids_datum), grids_crs, wanted.beside)
    tally, remarks = assigned(points, asked, file, wanted, out)
    for remark in remarks:
        typer.echo(f"{remark.zh}\n{remark.en}", err=True)
    _say(tally.rows, tally.owned, tally.nowhere)


def _say(rows: int, owned: int, nowhere: int) -> None:
    """Sum up on standard error, so that standard output stays free."""
    outside = rows - owned - nowhere
    typer.echo(
        f"共 {rows} 行：{owned} 行找到网格，{outside} 行不在任何网格内，"
        f"{nowhere} 行没有可用坐标。\n"
        f"{rows} rows: {owned} in a grid, {outside} in none, {nowhere} without usable coordinates.",
        err=True,
    )
    if outside and not owned:
        typer.echo(
            "没有一行落在网格内：请检查 --datum、坐标系和城市是否一致。\n"
            "Not one row lies in a grid: see that --datum, the CRS and the city are right.",
            err=True,
        )
