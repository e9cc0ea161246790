"""`jingwei redraw`: grids drawn anew, from a file to a file, without a database."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from geo.errors import BadOptionError, SameFileError


class Effort(StrEnum):
    """How long to search."""

    draft = "draft"
    fast = "fast"
    best = "best"
    proven = "proven"


InFile = typer.Argument(
    exists=True,
    readable=True,
    help="地块（面）或楼栋（点）Atoms (polygons) or buildings (points)",
)


def redraw(
    file: Annotated[Path, InFile],
    *,
    out: Annotated[Path, typer.Option(help="输出的 GeoPackage The GeoPackage to write")],
    weight: Annotated[str, typer.Option(help="户数列 Column of households")] = "households",
    within: Annotated[str | None, typer.Option(help="社区编码列 Column of the community")] = None,
    band: Annotated[
        tuple[float, float] | None, typer.Option(help="户数下限 上限 Least and most households")
    ] = None,
    rules: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="规则文件 Rules file (TOML)")
    ] = None,
    groups: Annotated[
        str | None, typer.Option(help="不可拆分的小区列 Column of estates never split")
    ] = None,
    previous: Annotated[str | None, typer.Option(help="现有网格列 Column of today's grids")] = None,
    locked: Annotated[str | None, typer.Option(help="锁定列（是/否）Column of locks")] = None,
    anchors: Annotated[
        str | None, typer.Option(help="锚点列（是/否或网格名）Column of anchors")
    ] = None,
    barriers: Annotated[
        list[Path] | None,
        typer.Option(exists=True, help="道路、河流、围墙 Roads, rivers, walls; may be repeated"),
    ] = None,
    layer: Annotated[str | None, typer.Option(help="输入图层 Layer of FILE")] = None,
    seed: Annotated[int, typer.Option(help="随机种子 The same seed, the same plan")] = 1,
    quality: Annotated[
        Effort, typer.Option(help="草图 | 快 | 优 | 有证明 How long to search; with proofs")
    ] = Effort.best,
    threads: Annotated[
        int | None, typer.Option(min=1, help="同时处理几个社区 Communities at once")
    ] = None,
) -> None:
    """Draw grids anew to the band; needs no database."""
    # numba and the engine take a second to load: not for other commands.
    from api.files.redrawing import Job, rules_of, run  # noqa: PLC0415 start-up, as said
    from geo.redraw.inputs import Columns  # noqa: PLC0415 start-up, as said

    _check_out(file, out)
    columns = Columns(weight, within, groups, previous, locked, anchors)
    job = Job(columns, rules_of(band, rules), seed, quality.value, threads, tuple(barriers or ()))
    run(file, layer, job, out)


def _check_out(file: Path, out: Path) -> None:
    if out.suffix.lower() != ".gpkg":
        raise BadOptionError(option="--out", found=out.name, expected="*.gpkg")
    if out.exists() and out.samefile(file):
        raise SameFileError(path=file)
