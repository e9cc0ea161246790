"""`jingwei task`: errands, mediations, visits, recurring duties, meetings; tasks of no issue."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

import pandas as pd
import typer

from api.cli.planning import DRY, Commit, owner_engine, print_rows
from api.cli.steps import Days, Person, Reason, Result, Review, To, day_of
from geo.issues import EDGES, Order, step_called
from geo.issues.alone import KINDS, AloneKind
from geo.store.database import transaction
from geo.store.working.alone import (
    AloneLook,
    NewTask,
    act_alone,
    count_alone,
    list_alone,
    look_alone,
    new_task,
)

app = typer.Typer(no_args_is_help=True)

Number = Annotated[int, typer.Argument(help="任务编号 The task's number")]
Kind = Annotated[
    AloneKind, typer.Argument(help="；".join(f"{kind.name} {kind.zh}" for kind in KINDS))
]
_STEPS: Final = "、".join(edge.name for edge in EDGES if edge.on == "task")
_LISTED: Final = {
    "id": "编号 Task",
    "kind": "类别 Kind",
    "party": "承办 Holder",
    "state": "状态 State",
    "area": "区域 Area",
    "due_at": "时限 Due",
    "text": "事由 About",
}
_COUNTED: Final = {"kind": "类别 Kind", "state": "状态 State", "tasks": "件数 Tasks"}


@app.command("new")
def new(
    kind: Kind,
    text: Annotated[str, typer.Argument(help="事由 What it is about")],
    *,
    who: Person,
    to: Annotated[str, typer.Option("--to", help="交给谁（主体代码） To whom")],
    area: Annotated[str, typer.Option(help="区域代码 Code of the area")],
    among: Annotated[
        list[str] | None, typer.Option(help="当事人（主体代码），可重复 Among whom, repeatable")
    ] = None,
    reference: Annotated[
        str | None, typer.Option(help="自己的编号，重发不重复 Written down once by it")
    ] = None,
    commit: Commit = False,
) -> None:
    """登记一项任务。Write a task down: a dry run until --commit."""
    told = NewTask(
        kind=kind, party=to, area=area, text=text, among=tuple(among or ()), reference=reference
    )
    with owner_engine() as engine, transaction(engine, who, commit=commit) as conn:
        seen = look_alone(conn, new_task(conn, told).id)
    _print(seen)
    if not commit:
        typer.echo(DRY)


@app.command("show")
def show(task: Number, *, who: Person = "cli") -> None:
    """看一项任务。Show a task and what may be done with it."""
    with owner_engine() as engine, transaction(engine, who) as conn:
        _print(look_alone(conn, task))


@app.command("step")
def step(
    task: Number,
    name: Annotated[str, typer.Argument(help=f"环节：{_STEPS}")],
    *,
    who: Person,
    to: To = None,
    reason: Reason = "",
    result: Result = "",
    days: Days = None,
    review: Review = None,
    commit: Commit = False,
) -> None:
    """办理一步。Take one step with a task: a dry run until --commit."""
    day = day_of(review)
    order = Order(
        step=step_called(name), party=to, reason=reason, result=result, days=days, review_on=day
    )
    with owner_engine() as engine, transaction(engine, who, commit=commit) as conn:
        act_alone(conn, task, order)
        seen = look_alone(conn, task)
    _print(seen)
    if not commit:
        typer.echo(DRY)


@app.command("list")
def listed(
    *,
    kind: Annotated[AloneKind | None, typer.Option(help="类别 Kind")] = None,
    scope: Annotated[str | None, typer.Option(help="区域代码 Code of an area")] = None,
) -> None:
    """列出任务，最新在前。List tasks, the latest first."""
    with owner_engine() as engine, transaction(engine, "cli") as conn:
        rows = list_alone(conn, kind=kind, scope=scope)
    hidden = rows["text"].where(~rows["confidential"].astype(bool), "（保密 confidential）")
    print_rows(rows.assign(text=hidden, due_at=rows["due_at"].map(_minute)), _LISTED)


@app.command("count")
def count(scope: Annotated[str, typer.Argument(help="区域代码 Area")], *, who: Person) -> None:
    """按类别和状态计数，保密的也计入。Count tasks by kind and state, the confidential too."""
    with owner_engine() as engine, transaction(engine, who) as conn:
        print_rows(count_alone(conn, scope), _COUNTED)


def _minute(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")


def _print(seen: AloneLook) -> None:
    work = seen.task.work
    row = pd.DataFrame([{**vars(work), "area": seen.area, "text": seen.text}])
    print_rows(row.assign(due_at=row["due_at"].map(_minute)), _LISTED)
    steps = "、".join(f"{edge.zh} {edge.name}" for edge in seen.offered)
    typer.echo(f"可办 May: {steps or '—'}")
