"""`jingwei review` and `jingwei rates`: who rates whom, and what share of issues went well."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

import pandas as pd
import typer

from api.cli.planning import DRY, Commit, owner_engine, print_rows
from api.periods import instants
from geo.kpi import KPIS
from geo.reviews import KINDS, Review, ReviewKind
from geo.store.database import transaction
from geo.store.working.rates import By, read_rates
from geo.store.working.reviews import add_review, read_reviews

app = typer.Typer(no_args_is_help=True)

Person = Annotated[str, typer.Option("--as", help="由谁操作（人员代码） Who acts")]
Kind = Annotated[
    ReviewKind, typer.Argument(help="；".join(f"{kind.name} {kind.zh}" for kind in KINDS))
]
Stars = Annotated[int | None, typer.Option(min=1, max=5, help="一到五 From 1 to 5")]
Code = Annotated[str, typer.Option(help="主体或区域代码 Code of a party or area")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="日期 A day")]
_SHOWN: Final = {
    "id": "编号 Review",
    "kind": "类别 Kind",
    "rater": "评价方 Rater",
    "ratee": "被评方 Ratee",
    "task": "任务 Task",
    "period": "时期 Period",
    "said": "评价 Said",
}
_SAID: Final = ("solved", "satisfied", "response", "quality", "score")


@app.command("add")
def add(
    kind: Kind,
    *,
    who: Person,
    task: Annotated[int | None, typer.Option(help="任务编号 The task")] = None,
    issue: Annotated[int | None, typer.Option(help="回访并入的哪一件 A merged issue")] = None,
    rater: Code = "",
    ratee: Code = "",
    solved: Annotated[bool | None, typer.Option("--solved/--unsolved")] = None,
    satisfied: Annotated[bool | None, typer.Option("--satisfied/--unsatisfied")] = None,
    response: Stars = None,
    quality: Stars = None,
    score: Annotated[float | None, typer.Option(min=0, max=100, help="0–100")] = None,
    period: Annotated[str | None, typer.Option(help="2026, 2026-Q4, 2026-11")] = None,
    text: Annotated[str, typer.Option(help="说明 Words")] = "",
    commit: Commit = False,
) -> None:
    """评价：回访、街道评部门、部门评街道、考核。Rate: a dry run until --commit."""
    told = Review(
        kind=kind,
        task=task,
        issue=issue,
        rater=rater,
        ratee=ratee,
        solved=solved,
        satisfied=satisfied,
        response=response,
        quality=quality,
        score=score,
        period=period,
        text=text,
    )
    with owner_engine() as engine, transaction(engine, who, commit=commit) as conn:
        kept = add_review(conn, told)
    _print(pd.DataFrame([kept]))
    if not commit:
        typer.echo(DRY)


@app.command("list")
def listed(*, who: Person = "cli", ratee: Code = "", period: Code = "") -> None:
    """看评价，最新在前。Show reviews, the latest first."""
    with owner_engine() as engine, transaction(engine, who) as conn:
        found = read_reviews(conn, ratee=ratee or None, period=period or None)
    _print(found)


def rates(
    *,
    scope: Annotated[str | None, typer.Option(help="区域代码 Code of an area")] = None,
    party: Annotated[str | None, typer.Option(help="主体代码 Code of a party")] = None,
    by: Annotated[By | None, typer.Option(help="按什么分行 One row for each")] = None,
    since: Day = None,
    until: Day = None,
) -> None:
    """响应率、解决率、满意率、按期办结率、网格内解决率。Rates of the issues of a period."""
    with owner_engine() as engine, transaction(engine, "cli") as conn:
        days = (day.date() if day else None for day in (since, until))
        begins, ends, told = instants(conn, *days)
        found = read_rates(conn, since=begins, until=ends, scope=scope, party=party, by=by)
    typer.echo(f"{told['since']} – {told['until']}")
    headings = {name: name for name in (*([by] if by else []), "issues")}
    headings |= {kpi.name: f"{kpi.zh} {kpi.en}" for kpi in KPIS}
    shares = {kpi.name: [_share(row, kpi) for _, row in found.iterrows()] for kpi in KPIS}
    print_rows(found.assign(**shares), headings)


def _share(row: pd.Series, kpi: object) -> str:
    name, part, whole = (getattr(kpi, key) for key in ("name", "part", "whole"))
    value = "—" if pd.isna(row[name]) else f"{row[name]:.1%}"
    return f"{value} ({row[part]}/{row[whole]})"


def _print(found: pd.DataFrame) -> None:
    said = [
        "，".join(f"{name} {row[name]:g}" for name in _SAID if not pd.isna(row[name]))
        for _, row in found.iterrows()
    ]
    print_rows(found.assign(said=said), _SHOWN)
