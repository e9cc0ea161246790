"""`jingwei list`: the responsibility list taken in, shown, written out, tried before it holds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

import pandas as pd
import typer

from api.cli.findings_screen import show as show_reports
from api.cli.planning import DRY, Commit, owner_engine, print_rows
from api.cli.progress import working
from api.duty_lists import (
    HEADINGS,
    MOVES,
    TITLE,
    fault_words,
    faulty,
    list_table,
    moves_named,
    problems_told,
    rows_of_file,
    trial_in_words,
)
from api.files.lists import write_list
from api.periods import between
from geo.load import ReadOptions, Report
from geo.store.database import transaction
from geo.store.net.duty_list import list_problems
from geo.store.net.revisions import today
from geo.store.rules.list_keeping import keep_list
from geo.store.rules.list_trial import tried

app = typer.Typer(no_args_is_help=True)

File = Annotated[Path, typer.Argument(help="清单文件（Excel、CSV） A list, as Excel or CSV")]
Scope = Annotated[
    str | None, typer.Option("--scope", help="哪个区域（代码）的清单 The area whose list it is")
]
Whole = Annotated[
    bool,
    typer.Option("--whole", help="就是该区域的全部清单：没写的行作废 All of it: other rows end"),
]
Sheet = Annotated[list[str] | None, typer.Option("--layer", help="工作表，可重复 A sheet")]
Column = Annotated[
    list[str] | None, typer.Option("--column", help="列的对应，如 lead=主责单位 Our column=its own")
]
Day = typer.Option(formats=["%Y-%m-%d"], help="日期 A day")
_FAULTY: Final = {"line": "行 Line", "service": "事项 Service", "area": "区域 Area",
                  "lead": "牵头 Lead", "faults": "须处理 Needs attention"}  # fmt: skip
_PROBLEMS: Final = {"row_number": "行号 Row", "service": "事项 Service", "area_name": "区域 Area",
                    "lead_names": "牵头 Lead", "faults": "须处理 Needs attention"}  # fmt: skip


@app.command("import")
def take_in(
    file: File,
    *,
    scope: Scope = None,
    whole: Whole = False,
    layer: Sheet = None,
    column: Column = None,
    who: Annotated[str, typer.Option("--as", help="由谁操作 Who acts")] = "importer",
    commit: Commit = False,
) -> None:
    """读入责任清单：先看报告，加 --commit 才写入。Take a list in: a report first."""
    options = _options(layer, column)
    with owner_engine() as engine, transaction(engine, who, commit=commit) as conn:
        rows, reports = rows_of_file(conn, file, options, scope=scope)
        kept = keep_list(conn, rows, scope=scope if whole else None)
        wrong, problems = faulty(rows), problems_told(list_problems(conn, scope=scope))
    show_reports(reports)
    _print(wrong, _FAULTY)
    _say_problems(problems)
    typer.echo(
        f"新 {kept.new}，改 {kept.changed}，不变 {kept.same}，作废 {kept.ended}。"
        f"{kept.new} new, {kept.changed} changed, {kept.same} the same, {kept.ended} ended."
    )
    if not commit:
        typer.echo(DRY)
    raise typer.Exit(1 if wrong or problems or any(r.errors for r in reports) else 0)


@app.command("show")
def show(*, scope: Scope = None) -> None:
    """看清单：谁牵头、谁配合、依据。Show the list: who leads, who assists, on what basis."""
    with owner_engine() as engine, transaction(engine, "cli") as conn:
        table = list_table(conn, scope=scope)
    print_rows(table, {name: name for name in HEADINGS.values()})


@app.command("problems")
def problems(*, scope: Scope = None) -> None:
    """清单里不能执行的行，和原因。Rows of the list that cannot be evaluated, and why."""
    with owner_engine() as engine, transaction(engine, "cli") as conn:
        rows = problems_told(list_problems(conn, scope=scope))
    _print(rows, _PROBLEMS)
    typer.echo(f"{len(rows)} 行须处理。{len(rows)} rows need attention.")
    raise typer.Exit(1 if rows else 0)


@app.command("export")
def export(
    out: Annotated[Path, typer.Argument(help="写到哪里（.xlsx、.csv） Where to")],
    *,
    scope: Scope = None,
) -> None:
    """写出清单，改好再读回，行号不变。Write the list out; read back in, rows keep their numbers."""
    with owner_engine() as engine, transaction(engine, "cli") as conn:
        table = list_table(conn, scope=scope)
    write_list(table, out, title=TITLE)
    typer.echo(f"{len(table)} 行 rows → {out}")


@app.command("try")
def trial(
    file: File,
    *,
    since: Annotated[datetime, Day],
    until: Annotated[datetime | None, Day] = None,
    scope: Scope = None,
    whole: Whole = False,
    layer: Sheet = None,
    column: Column = None,
    out: Annotated[Path | None, typer.Option("--out", help="把改派写成文件 Write moves")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="只输出 JSON JSON only")] = False,
) -> None:
    """试行：拿以前的诉求试改后的清单，什么也不写。Try a list on past issues; writes nothing."""
    doing = working("试行清单", "Trying the list")
    with owner_engine() as engine, doing, transaction(engine, "cli", commit=False) as conn:
        rows, reports = rows_of_file(conn, file, _options(layer, column), scope=scope)
        last, ended = until.date() if until else today(conn), scope if whole else None
        between(since.date(), last)
        found = tried(conn, rows, since=since.date(), until=last, scope=ended)
        told, moves = trial_in_words(conn, found), moves_named(conn, found.moves)
    told |= {"faulty": faulty(rows)}
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        _say(told, moves, reports)
    if out is not None:
        shown = moves.assign(issues=[", ".join(map(str, ids)) for ids in moves["issues"]])
        write_list(shown[list(MOVES)].rename(columns=MOVES), out, title="改派")


def _say(told: dict[str, Any], moves: pd.DataFrame, reports: Sequence[Report]) -> None:
    show_reports(reports)
    _print(told["faulty"], _FAULTY)
    _say_problems(told["problems"])
    shown = moves.assign(issues=[", ".join(map(str, ids)) for ids in moves["issues"]])
    if len(shown):
        print_rows(shown, MOVES)
    typer.echo(
        f"涉及 {told['issues']:,} 件，改派 {told['moved']:,} 件，"
        f"新增无主 {told['newly_unowned']:,} 件，"
        f"遇到须处理的行而不再自动派出 {told['newly_faulty']:,} 件。"
        f"{told['issues']:,} issues, {told['moved']:,} would go elsewhere,"
        f" {told['newly_unowned']:,} newly without an owner,"
        f" {told['newly_faulty']:,} kept from being sent by a row that needs attention."
    )
    typer.echo("没有写入。Nothing was written.")


def _say_problems(problems: Sequence[dict[str, Any]]) -> None:
    if problems:
        typer.echo(f"清单里须处理的行 Rows of the list that need attention: {len(problems)}")
        _print(problems, _PROBLEMS)


def _options(layer: list[str] | None, column: list[str] | None) -> ReadOptions:
    pairs = (text.partition("=") for text in column or ())
    return ReadOptions(
        layers=tuple(layer or ()),
        all_layers=not layer,
        columns={own.strip(): name.strip() for own, _, name in pairs},
    )


def _print(rows: Sequence[dict[str, Any]], headings: dict[str, str]) -> None:
    if rows:
        print_rows(pd.DataFrame(rows).assign(faults=fault_words(rows)), headings)
