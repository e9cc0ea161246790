"""`jingwei merge`: departments' nets merged into one, from files to files, without a database."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import typer

from api.cli.progress import working
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
from geo.errors import BadOptionError

Files: TypeAlias = Annotated[
    list[str] | None,
    typer.Argument(help="各部门的网 FILE 或 FILE:LAYER The nets, FILE or FILE:LAYER"),
]
Named: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(help="起名的网 NAME=FILE[:LAYER]，可重复 A net with a name, repeatable"),
]
Places: TypeAlias = Annotated[
    str | None, typer.Option(help="楼栋 FILE[:LAYER] Buildings with households")
]
Within: TypeAlias = Annotated[
    str | None,
    typer.Option(help="社区边界文件，或第一张网的列 Communities: a file, or a column of net 1"),
]
Groups: TypeAlias = Annotated[
    str | None, typer.Option(help="楼栋中不可拆分的小区列 Column of estates never split")
]
Previous: TypeAlias = Annotated[
    str | None, typer.Option(help="哪张网是现有网格 The net that is today's grids")
]
Tolerance: TypeAlias = Annotated[
    float, typer.Option(min=0, help="相距不足几米的边界视为同一条 Borders so near are one")
]
Datums: TypeAlias = Annotated[
    list[str] | None, typer.Option(help="坐标基准 [NET=]wgs84|cgcs2000|gcj02|bd09")
]
Systems: TypeAlias = Annotated[list[str] | None, typer.Option(help="坐标系 [NET=]EPSG:4548")]
Codes: TypeAlias = Annotated[
    list[str] | None, typer.Option(help="编码列 [NET=]COLUMN Column of codes")
]
Accepted: TypeAlias = Annotated[
    list[str] | None, typer.Option(help="同意导入的建议 Carry a proposal of the importer out")
]


def merge(
    files: Files = None,
    *,
    out: Out,
    net: Named = None,
    places: Places = None,
    weight: Weight = "households",
    within: Within = None,
    groups: Groups = None,
    previous: Previous = None,
    barriers: Barriers = None,
    band: Band = None,
    rules: RulesFile = None,
    tolerance: Tolerance = 10.0,
    datum: Datums = None,
    crs: Systems = None,
    code: Codes = None,
    accept: Accepted = None,
    seed: Seed = 1,
    quality: Quality = Effort.best,
    threads: Threads = None,
) -> None:
    """Merge departments' nets into one that keeps their borders; needs no database."""
    # numba and the engine take a second to load: not for other commands.
    from api.files.mergers import SUFFIXES  # noqa: PLC0415 start-up, as said
    from api.files.merging import How, Job, Known, run  # noqa: PLC0415 start-up, as said
    from api.files.nets import PLACES, net_file, systems_of  # noqa: PLC0415 start-up, as said
    from api.files.redrawing import rules_of  # noqa: PLC0415 start-up, as said
    from geo.nets.loads import GROUND  # noqa: PLC0415 start-up, as said

    check_out(out, SUFFIXES)
    if weight == GROUND and band is None and rules is None:
        raise BadOptionError(option="--weight", found=weight, expected="+ --band 公顷 hectares")
    nets = tuple(net_file(text) for text in (*(files or ()), *(net or ())))
    systems = systems_of([each.name for each in nets], crs, datum, code, accept)
    homes = None if places is None else net_file(f"{PLACES}={places}")
    known = Known(homes, within, weight, groups, previous, tuple(barriers or ()))
    how = How(rules_of(band, rules), tolerance, seed, quality.value, threads)
    run(Job(nets, systems, known, how), out, working)
