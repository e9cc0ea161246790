"""Options that the commands which draw grids share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeAlias

import typer


class Effort(StrEnum):
    """How long to search."""

    draft = "draft"
    fast = "fast"
    best = "best"
    proven = "proven"


Out: TypeAlias = Annotated[Path, typer.Option(help="输出的 GeoPackage The GeoPackage to write")]
Weight: TypeAlias = Annotated[str, typer.Option(help="户数列 Column of households")]
Band: TypeAlias = Annotated[
    tuple[float, float] | None, typer.Option(help="户数下限 上限 Least and most households")
]
RulesFile: TypeAlias = Annotated[
    Path | None, typer.Option(exists=True, dir_okay=False, help="规则文件 Rules file (TOML)")
]
Seed: TypeAlias = Annotated[int, typer.Option(help="随机种子 The same seed, the same plan")]
Quality: TypeAlias = Annotated[
    Effort, typer.Option(help="草图 | 快 | 优 | 有证明 How long to search; with proofs")
]
Threads: TypeAlias = Annotated[
    int | None, typer.Option(min=1, help="同时处理几个社区 Communities at once")
]
