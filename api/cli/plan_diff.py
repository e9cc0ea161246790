"""`jingwei plan diff`: what changes hands, and which grids came from which."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import pandas as pd
import typer

from api.cli.planning import Who, owner_engine, print_rows
from api.plan_changes import Changes, changes
from geo.store.database import transaction

app = typer.Typer(no_args_is_help=True)

_SHOWN: Final = 40
_SUMS: Final = {"what": "变动 Moves", "count": "数量 Count"}
_NAMES: Final[Mapping[str, str]] = {
    "households": "户 households",
    "people": "人 people",
    "buildings": "楼栋 buildings",
    "estates": "小区 estates",
    "tasks_sent": "未签收任务（随网格转移）tasks that move",
    "tasks_taken": "已签收任务（不转移）tasks that stay with their holder",
    "fresh": "新网格 new grids",
    "gone": "撤销网格 grids gone",
    "changed": "变动网格 grids changed",
}
_LINEAGE: Final = {
    "new": "网格 Grid",
    "old": "来自 From",
    "households": "户 Households",
    "share_of_new": "占新 Of new",
    "share_of_old": "占原 Of old",
}


@app.command("diff")
def diff(
    plan: Annotated[int, typer.Argument(help="方案 A The plan A")],
    other: Annotated[int | None, typer.Argument(help="方案 B；默认与现行对比 The plan B")] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON Print JSON")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", help="按“原网格、新网格”写成 CSV Pairs as CSV")
    ] = None,
    who: Who = None,
) -> None:
    """从现行到方案 A，或从 A 到 B：谁换网格、网格沿革。What changes hands, and the lineage."""
    with owner_engine() as engine, transaction(engine, who or "cli") as conn:
        found = changes(conn, plan, other)
    told = found.told()
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, allow_nan=False))
        return
    if out is not None:
        from api.files.plan_tables import write_rows  # noqa: PLC0415 start-up time

        write_rows(found.pairs, out)
        typer.echo(f"已写入 Written to {out}: {len(found.pairs):,} 对网格 pairs of grids.")
    zh, en = _came_from(found, None if other is None else plan)
    typer.echo(f"从{zh}到方案 {other or plan}。From {en} to plan {other or plan}.")
    _show(told, found.descent.lineage)


def _came_from(found: Changes, plan: int | None) -> tuple[str, str]:
    """Return what it is a change from, in Chinese and English."""
    if plan is not None:
        return f"方案 {plan} ", f"plan {plan}"
    if found.revision is not None:  # a plan once published is held against what was before it
        return f"第 {found.revision} 版", f"revision {found.revision}"
    return "现行网格", "what is in force"


def _show(told: dict[str, Any], lineage: pd.DataFrame) -> None:
    counts = [(name, told[key]) for key, name in _NAMES.items()]
    sums = [(n, f"{v:,}" if isinstance(v, int) else f"{len(v):,}") for n, v in counts]
    print_rows(pd.DataFrame(sums, columns=list(_SUMS)), _SUMS)
    touched = {*told["fresh"], *told["gone"], *told["changed"]}
    rows = lineage[lineage["new"].isin(touched) | lineage["old"].isin(touched)]
    shares = {
        name: rows[name].map("{:.1%}".format, na_action="ignore")
        for name in ("share_of_new", "share_of_old")
    }
    if rows.empty:
        return
    print_rows(rows.head(_SHOWN).assign(**shares), _LINEAGE)
    if (more := len(rows) - _SHOWN) > 0:
        typer.echo(f"……还有 {more} 行，用 --json 看全部。… and {more} more rows: --json has all.")
