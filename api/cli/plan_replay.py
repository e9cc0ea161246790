"""`jingwei plan replay`: what each grid would have had to carry of the issues of a period."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Final

import pandas as pd
import typer

from api.cli.planning import Number, Who, owner_engine, print_rows
from api.replaying import Replayed, replayed
from geo.names import counted
from geo.store.database import transaction

app = typer.Typer(no_args_is_help=True)

_SHOWN: Final = 30
_DAY: Final = ["%Y-%m-%d"]
_GRIDS: Final = {
    "code": "网格 Grid",
    "before": "原件数 Before",
    "after": "现件数 After",
    "open": "未结 Open",
    "overdue": "超期 Overdue",
    "per_100_after": "每百户 Per_100",
    "heavy": "偏重 Heavy",
}


@app.command("replay")
def replays(
    plan: Number,
    *,
    since: Annotated[
        datetime | None, typer.Option("--from", formats=_DAY, help="从哪天（含）From, included")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option("--to", formats=_DAY, help="到哪天（含）To, included")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON Print JSON")] = False,
    who: Who = None,
) -> None:
    """签字之前看负担：近三个月诉求按方案重放到各网格。Replay the issues of a period on a plan."""
    days = [day and day.date() for day in (since, until)]
    with owner_engine() as engine, transaction(engine, who or "cli") as conn:
        found = replayed(conn, plan, since=days[0], until=days[1])
    if as_json:
        typer.echo(json.dumps(found.told(), ensure_ascii=False, allow_nan=False))
        return
    for line in summary(found):
        typer.echo(line)
    if found.load.issues:
        _show(found.load.grids)


def summary(found: Replayed) -> list[str]:
    """Return a replay in a few lines, Chinese and English."""
    load, days = found.load, (found.since, found.until)
    if not load.issues:
        return ["{} 至 {} 没有诉求可重放。No issues from {} to {}.".format(*days, *days)]
    grid, holder = (f"{n / load.issues:.1%}" for n in (load.other_grid, load.other_holder))
    heavy, median = int(load.grids["heavy"].sum()), f"{load.median:g}"
    told = [
        f"{days[0]} 至 {days[1]} 诉求 {load.issues:,} 件：{grid} 换网格，{holder} 换负责人；",
        f"每网格中位数 {median} 件，超过其两倍的网格 {heavy} 个。",
        f"{counted(load.issues, 'issue')}: {grid} to another grid, {holder} to another person;",
        f"median {median} a grid, {counted(heavy, 'grid')} with over twice that.",
    ]
    if load.unplaced:
        count = f"{load.unplaced:,}"
        told.append(f"其中 {count} 件无坐标，按其派往的网格计。")
        told.append(f"{count} have no position and count with the grid they were sent to.")
    if load.nowhere:
        told.append(f"{load.nowhere:,} 件不在任何网格。{load.nowhere:,} lie in no grid.")
    return told


def _show(grids: pd.DataFrame) -> None:
    rows = grids.head(_SHOWN).assign(heavy=grids["heavy"].map({True: "●", False: ""}))
    print_rows(rows, _GRIDS)
    if (more := len(grids) - _SHOWN) > 0:
        typer.echo(f"……还有 {more} 个，用 --json 看全部。… and {more} more: --json has all.")
    for grid in grids[grids["heavy"]].head(_SHOWN).itertuples():
        typer.echo(f"{grid.code} {grid.name}：{_services(grid.services)}")


def _services(pairs: list[tuple[str, int]]) -> str:
    return "、".join(f"{name} {count}" for name, count in pairs)
