"""`jingwei redraw`: grids drawn anew, from a file to a file, without a database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from api.cli.redrawing import (
    Band,
    Barriers,
    Effort,
    Out,
    Quality,
    RulesFile,
    Seed,
    Threads,
    Weight,
    check_out,
)
from geo.errors import SameFileError

InFile: TypeAlias = Annotated[
    Path,
    typer.Argument(
        exists=True,
        readable=True,
        help="地块（面）或楼栋（点，也可是经纬度表）"
        "Atoms (polygons) or buildings (points, or a table)",
    ),
]
Within: TypeAlias = Annotated[str | None, typer.Option(help="社区编码列 Column of the community")]
Groups: TypeAlias = Annotated[
    str | None, typer.Option(help="不可拆分的小区列 Column of estates never split")
]
Previous: TypeAlias = Annotated[str | None, typer.Option(help="现有网格列 Column of today's grids")]
Locked: TypeAlias = Annotated[str | None, typer.Option(help="锁定列（是/否）Column of locks")]
Anchors: TypeAlias = Annotated[
    str | None, typer.Option(help="锚点列（是/否或网格名）Column of anchors")
]
Layer: TypeAlias = Annotated[str | None, typer.Option(help="输入图层 Layer of FILE")]
DatumWord: TypeAlias = Annotated[
    str | None,
    typer.Option(help="表中经纬度的基准 Datum of a table: wgs84 | cgcs2000 | gcj02 | bd09"),
]


def redraw(
    file: InFile,
    *,
    out: Out,
    weight: Weight = "households",
    within: Within = None,
    band: Band = None,
    rules: RulesFile = None,
    groups: Groups = None,
    previous: Previous = None,
    locked: Locked = None,
    anchors: Anchors = None,
    barriers: Barriers = None,
    layer: Layer = None,
    datum: DatumWord = None,
    seed: Seed = 1,
    quality: Quality = Effort.best,
    threads: Threads = None,
) -> None:
    """Draw grids anew to the band; needs no database."""
    # numba and the engine take a second to load: not for other commands.
    from api.files.redrawing import Job, rules_of, run  # noqa: PLC0415 start-up, as said
    from geo.crs import parse_datum  # noqa: PLC0415 start-up, as said
    from geo.redraw.inputs import Columns  # noqa: PLC0415 start-up, as said

    check_out(out)
    if out.exists() and out.samefile(file):
        raise SameFileError(path=file)
    said = parse_datum(datum) if datum is not None else None
    columns = Columns(weight, within, groups, previous, locked, anchors)
    job = Job(
        columns, rules_of(band, rules), seed, quality.value, threads, tuple(barriers or ()), said
    )
    run(file, layer, job, out)
