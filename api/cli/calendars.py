"""`jingwei import calendar`: the days of a year that are not as their weekday says."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from api.calendar_told import outlook_told
from api.cli.planning import DRY, Commit, owner_engine, print_rows
from api.files.days import read_days
from geo.load.guards import guarded
from geo.store.database import transaction
from geo.store.imports import open_batch
from geo.store.rules.calendars import TakenIn, commit_days, outlook
from geo.store.rules.deadlines import days_known

File = Annotated[
    Path | None, typer.Argument(help="三列：day、works、name，CSV 或 Excel Three columns")
]
Out = Annotated[Path | None, typer.Option("--out", help="现行日历写成 CSV Write the one in force")]
Person = Annotated[str, typer.Option("--as", help="以谁的身份写入 The acting person")]
_HEADINGS = {
    "year": "年 Year",
    "off": "平日放假 Days off",
    "worked": "调休上班 Worked",
    "changed": "有变动 Changed",
}


def take_calendar(
    file: File = None, *, out: Out = None, who: Person = "importer", commit: Commit = False
) -> None:
    """工作日历：放假和调休，按年整体替换。The calendar of working days, year by year."""
    taken: TakenIn | None = None
    with owner_engine() as engine, transaction(engine, who, commit=commit) as conn:
        if file is not None:
            held = hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""
            days = read_days(file)
            batch = open_batch(conn, "calendar", file=file.name, sha256=held)
            taken = commit_days(conn, days, batch)
        known, warning = days_known(conn), outlook_told(outlook(conn))["warning"]
    if taken is not None:
        _say(taken, commit=commit)
    if out is not None:
        write_days(known, out)
    years = sorted(known["day"].dt.year.unique())
    typer.echo("日历已有的年份 Years known: " + (f"{years[0]}–{years[-1]}" if years else "—"))
    if warning:
        typer.echo(f"{warning['zh']}\n{warning['en']}")


def write_days(days: pd.DataFrame, path: Path) -> None:
    """Write a calendar as it is read."""
    told = days.assign(
        day=days["day"].dt.strftime("%Y-%m-%d"),
        works=days["works"].map({True: "yes", False: "no"}),
        name=days["name"].map(guarded),
    )
    told.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")


def _say(taken: TakenIn, *, commit: bool) -> None:
    rows = pd.DataFrame([vars(year) for year in taken.years])
    print_rows(
        rows.assign(changed=rows["changed"].map({True: "是 yes", False: "否 no"})), _HEADINGS
    )
    if taken.reckoned:
        n = taken.reckoned
        typer.echo(f"重算时限的任务 {n:,} 项。{n:,} tasks are due, or warned of, at other times.")
    if not commit:
        typer.echo(DRY)
