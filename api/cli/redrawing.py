"""Options that the commands which draw grids share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, TypeAlias

import typer

from geo.errors import BadOptionError, FileNotWrittenError


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
Barriers: TypeAlias = Annotated[
    list[Path] | None,
    typer.Option(exists=True, help="道路、河流、围墙 Roads, rivers, walls; may be repeated"),
]


_SHOWN: Final = 40  # letters of a name that is too long


def check_out(out: Path, beside: tuple[str, ...] = (".json",)) -> None:
    """Raise where a plan could not be written, before it is drawn.

    Parameters
    ----------
    beside
        Endings of what is written beside it.

    Raises
    ------
    BadOptionError, FileNotWrittenError
        When it is no GeoPackage by its name, its folder is absent, or a folder has its name.
    """
    if out.suffix.lower() != ".gpkg":
        raise BadOptionError(option="--out", found=out.name, expected="*.gpkg")
    if not out.parent.is_dir():
        raise FileNotWrittenError(path=out, reason="没有这个文件夹 no such folder")
    try:
        taken = [path for path in (out, *map(out.with_suffix, beside)) if path.is_dir()]
        out.exists()
    except (OSError, ValueError) as error:
        raise FileNotWrittenError(path=out.name[:_SHOWN], reason=error) from error
    if taken:
        raise FileNotWrittenError(path=taken[0], reason="这是文件夹 it is a folder")
