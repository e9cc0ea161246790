"""A redraw from a file to a file: atoms or buildings in, a plan and its report out."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

import pandas as pd
import typer

from api.files.barriers import read_barrier_files, said_of_barriers
from api.files.memory import give_back
from api.files.plans import write_plan
from api.files.rows import read_rows
from geo.crs import Datum
from geo.errors import BadOptionError
from geo.names import counted
from geo.redraw import Quality, Redrawn, Search, draw_rows, is_ready, warm
from geo.redraw.drawing import check_search
from geo.redraw.inputs import Columns, demand
from geo.redraw.remarks import remarks_ahead
from geo.rules import Rules, barrier_rules, load_rules, one_band

_SHOWN: Final = 12


class Job(NamedTuple):
    """What to do with the file, apart from where it goes."""

    columns: Columns
    rules: Rules
    seed: int
    quality: Quality
    threads: int | None
    barriers: tuple[Path, ...]
    datum: Datum | None = None


def rules_of(band: tuple[float, float] | None, path: Path | None) -> Rules:
    """Return one band for all, the rules of a file, or those that come with the program.

    Raises
    ------
    BadOptionError, BadRulesError
        When both are given, or none of them can be a band.
    """
    if band is not None and path is not None:
        raise BadOptionError(option="--band", found="--rules", expected="--band | --rules")
    if band is None:
        return load_rules(path)
    if not 0 <= band[0] <= band[1] or not band[1] > 0:
        found = " ".join(f"{bound:g}" for bound in band)
        raise BadOptionError(option="--band", found=found, expected="下限 上限 low high: 300 500")
    return one_band(*band)


def run(file: Path, layer: str | None, job: Job, out: Path) -> None:
    """Read, draw, write, and say on standard error what came of it."""
    how = Search(job.seed, job.quality, job.threads)
    check_search(how.seed, how.quality, how.threads)  # said before anything is read
    atoms = read_rows(file, layer, job.datum)
    rules = barrier_rules(job.rules)
    barriers = read_barrier_files(job.barriers, atoms, rules) if job.barriers else None
    give_back()
    demand(atoms, job.columns)  # said before the compiler is waited for
    _say_all(said_of_rows(remarks_ahead(atoms, job.columns, job.rules)))
    if not is_ready():
        typer.echo("本机首次划分，先编译计算核心（一次，约半分钟）…", err=True)
        typer.echo(
            "First redraw on this machine: compiling the search, once, half a minute…", err=True
        )
        warm()
    typer.echo(f"已读入 {len(atoms):,} 行，正在划分…  {len(atoms):,} rows read, drawing…", err=True)
    drawn = draw_rows(atoms, job.columns, job.rules, how, barriers)
    report = write_plan(drawn, atoms, out)
    _say(drawn)
    typer.echo(f"已写入 {out} 和 {report}。Written to {out} and {report}.", err=True)


def _say_all(lines: list[str]) -> None:
    for line in lines:
        typer.echo(line, err=True)


def _say(drawn: Redrawn) -> None:
    """Sum up on standard error; communities out of band with the reason."""
    table = drawn.report.communities
    ordinary = drawn.grids.loc[~drawn.grids["special"]]
    good, total = int(ordinary["in_band"].sum()), len(ordinary)
    seconds = sum(drawn.report.seconds.values())
    typer.echo(
        f"{len(table):,} 个社区，{total:,} 个网格，{good:,} 个达标，"
        f"平均紧凑度 {ordinary['compactness'].mean():.3f}，用时 {seconds:.1f} 秒。\n"
        f"{counted(len(table), 'community')}, {counted(total, 'grid')}, {good:,} in band, "
        f"mean compactness {ordinary['compactness'].mean():.3f}, {seconds:.1f} s.",
        err=True,
    )
    if drawn.report.barriers:
        typer.echo(said_of_barriers(drawn.report), err=True)
    _say_all(said_of_rows(drawn.report.remarks))
    out = table.loc[~table["in_band"]]
    for row in out.head(_SHOWN).itertuples():
        typer.echo(f"  {row.within}：{row.zh}。{row.en}.", err=True)
    if len(out) > _SHOWN:
        typer.echo(f"  …共 {len(out)} 个社区，见报告。{len(out)} in all, see the report.", err=True)


def said_of_rows(remarks: pd.DataFrame) -> list[str]:
    """Return what is odd in the rows, a line each, the first few of each kind."""
    lines = []
    for _, kind in remarks.groupby("kind", sort=False):
        lines += [f"  ! {row.zh}。{row.en}." for row in kind.head(_SHOWN).itertuples()]
        if (more := len(kind) - _SHOWN) > 0:
            lines += [f"  ! …另有 {more} 处同类，见报告。{more} more like these, see the report."]
    return lines
