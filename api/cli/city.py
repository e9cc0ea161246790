"""`jingwei city`: a generated city written into a folder."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer


def city(
    *,
    out: Annotated[
        Path, typer.Option(file_okay=False, help="写到哪个文件夹 The folder to write to")
    ],
    size: Annotated[str, typer.Option(help="small | medium | city")] = "small",
    seed: Annotated[
        int, typer.Option(help="随机种子，同种子同结果 The same seed, the same bytes")
    ] = 1,
) -> None:
    """Write a generated city: areas, buildings, people, issues."""
    # Building a city needs half of the scientific stack: not loaded for other commands.
    from geo.city import build, write  # noqa: PLC0415 start-up time of every other command

    started = perf_counter()
    typer.echo(f"正在生成（{size}，种子 {seed}）…  Generating ({size}, seed {seed})…")
    made = build(size, seed)
    typer.echo(
        f"生成完毕：{len(made.places):,} 栋楼，{int(made.places['households'].sum()):,} 户，"
        f"{len(made.layer('grid')):,} 个网格，{len(made.issues):,} 件诉求。"
    )
    typer.echo(
        f"Generated: {len(made.places):,} buildings, {len(made.layer('grid')):,} grids, "
        f"{len(made.issues):,} issues, in {perf_counter() - started:.1f} s."
    )
    write(made, out, heard=lambda one: _say(one.path.name, one.layer, one.rows))
    typer.echo(f"已写入 {out}，共 {perf_counter() - started:.1f} 秒。Written to {out}.")


def _say(file: str, layer: str, rows: int) -> None:
    typer.echo(f"  {file:<16} {layer:<22} {rows:>10,}")
