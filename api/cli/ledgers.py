"""`jingwei ledger`: what nobody owns, what is held, appeals, and rulings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import pandas as pd
import typer

from api.cli.issue_number import Issue, number_of
from api.cli.planning import DRY, Commit, owner_engine, print_rows
from api.files.lists import write_list
from api.standing_ledgers import appeals_table, fallback_table, held_table
from geo.store.database import transaction
from geo.store.working.fallback import Ruling, rule_on

app = typer.Typer(no_args_is_help=True)

_ALONE: Final = (
    "目录里没有这个事项，只裁这一件，没有写入清单 This one alone: the catalogue lacks its service"
)
_BESIDE: Final = (
    "清单第 {row} 行另有牵头单位，只裁这一件；要改规则请改清单"
    " This one alone: row {row} of the list names somebody else; change the list to change the rule"
)
Scope = Annotated[str | None, typer.Option("--scope", help="只看某区域（代码） Of one area")]
Out = Annotated[Path | None, typer.Option("--out", help="写成文件（.xlsx、.csv） Write a file")]


@app.command("fallback")
def fallback(*, scope: Scope = None, out: Out = None) -> None:
    """兜底台账：没有人负责的件，等区县裁定。What nobody owns, for the district to rule on."""
    with owner_engine() as engine, transaction(engine, "cli") as conn:
        _show(fallback_table(conn, scope=scope), out, "兜底台账")


@app.command("held")
def held(*, scope: Scope = None, out: Out = None) -> None:
    """挂账台账：挂账的件和复核日期。What is held, and when it is looked at again."""
    with owner_engine() as engine, transaction(engine, "cli") as conn:
        _show(held_table(conn, scope=scope), out, "挂账台账")


@app.command("appeals")
def appeals(*, scope: Scope = None, out: Out = None) -> None:
    """申诉台账：请求从考核中剔除、还没裁定的。What somebody asks to be struck from the rates."""
    with owner_engine() as engine, transaction(engine, "cli") as conn:
        _show(appeals_table(conn, scope=scope), out, "申诉台账")


@app.command("rule")
def rule(
    issue: Issue,
    *,
    to: Annotated[str, typer.Option("--to", help="归谁（主体代码） Whose it is")],
    reason: Annotated[str, typer.Option("--reason", help="依据和理由 Why")],
    who: Annotated[str, typer.Option("--as", help="由谁操作（人员代码） Who acts")],
    area: Annotated[
        str | None, typer.Option("--area", help="适用区域，默认全区 For which area")
    ] = None,
    alike: Annotated[
        bool, typer.Option("--alike", help="同类的一并 What waits of the same service, too")
    ] = False,
    commit: Commit = False,
) -> None:
    """裁定：写入责任清单，并派给他。Rule: a row of the list, and the issue goes there."""
    with owner_engine() as engine, transaction(engine, who, commit=commit) as conn:
        made = rule_on(conn, number_of(conn, issue), to, reason, area=area, alike=alike)
    typer.echo(f"{_rests_on(made)}；诉求 {issue} 派给 {to}。Sent to {to}.")
    if made.alike:
        others = "、".join(map(str, made.alike))
        typer.echo(f"同类 {len(made.alike)} 件一并派去 With it, of the same service: {others}")
    if not commit:
        typer.echo(DRY)


def _rests_on(made: Ruling) -> str:
    """Return which row of the list a ruling rests on, or why it is of one issue alone."""
    if made.row is not None:
        return f"清单第 {made.row} 行 Row {made.row}"
    return _ALONE if made.stands is None else _BESIDE.format(row=made.stands)


def _show(table: pd.DataFrame, out: Path | None, title: str) -> None:
    if out is not None:
        write_list(table, out, title=title)
    elif len(table):
        print_rows(table, {name: name for name in table.columns})
    typer.echo(f"{len(table)} 件 issues")
