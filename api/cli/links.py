"""`jingwei link`: a link that opens a task, or a worker's day, on a phone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Final

import typer

from api.cli.planning import DRY, Commit, opened
from api.cli.steps import Person, day_of
from api.links.giving import address
from api.links.policy import link_policy
from api.settings import settings
from geo.store.database import transaction
from geo.store.net.revisions import today
from geo.store.working.links import link_to_day, link_to_task, revoke_link

app = typer.Typer(no_args_is_help=True)

_ROOT: Final = "http://127.0.0.1:8000"
Task = Annotated[int, typer.Argument(help="任务编号 The task's number")]
Party = Annotated[str, typer.Argument(help="人员代码 Whose day")]
Link = Annotated[int, typer.Argument(help="链接编号 The link's number")]
Day = Annotated[
    datetime | None, typer.Option("--day", formats=["%Y-%m-%d"], help="哪天，默认今天 The day")
]


@app.command("task")
def task(task: Task, *, who: Person, commit: Commit = False) -> None:
    """任务链接：给承办人的手机，再发即换新。A link to a task for its holder; again: a new one."""
    until = link_policy().task_until(datetime.now(UTC))
    with opened() as store, transaction(store.app, who, commit=commit) as conn:
        link = link_to_task(conn, task, until)
    _print(link, commit=commit)


@app.command("day")
def day(party: Party, *, day: Day = None, who: Person, commit: Commit = False) -> None:
    """当日链接：一个人一天的任务。A link to what a party has to do on a day."""
    with opened() as store, transaction(store.app, who, commit=commit) as conn:
        told = day_of(day) or today(conn)
        until = link_policy().day_until(told)
        link = link_to_day(conn, party, told, until)
    _print(link, commit=commit)


@app.command("revoke")
def revoke(link: Link, *, who: Person, commit: Commit = False) -> None:
    """收回链接，马上打不开。Take a link back: from then on it opens nothing."""
    with opened() as store, transaction(store.app, who, commit=commit) as conn:
        revoke_link(conn, link)
    typer.echo(f"已收回链接 {link}。Link {link} is taken back." if commit else DRY)


def _print(link: dict[str, Any], *, commit: bool) -> None:
    until = link["expires_at"].isoformat(timespec="minutes")
    typer.echo(f"链接 {link['id']} · {link['party']} · 有效至 until {until}")
    if commit:
        typer.echo(address(settings(), _ROOT, link))
    else:
        typer.echo(DRY)
