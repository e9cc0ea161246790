"""`jingwei hook`: who outside hears of what, what failed, what was never acknowledged."""

from __future__ import annotations

from typing import Annotated, Final

import pandas as pd
import typer

from api.cli.planning import DRY, Commit, opened, owner_engine, print_rows
from api.outgoing.secrets import forget_secret, made_secret
from api.outgoing.targets import allowed, demand_target
from api.settings import settings
from geo.outbox import limits
from geo.store.database import transaction
from geo.store.outgoing import hooks, outbox
from geo.store.outgoing.hooks import Hook

app = typer.Typer(no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="订阅名：小写字母、数字、连字符 The hook's name")]
Person = Annotated[str, typer.Option("--as", help="由谁操作（人员代码） Who acts")]
Number = Annotated[int, typer.Argument(help="投递编号 The delivery's number")]
Listed = Annotated[int, typer.Option("--limit", min=1, max=10_000, help="最多几行 Rows")]
_HOOKS: Final = {
    "name": "名称 Name",
    "kind": "方式 Kind",
    "url": "地址 URL",
    "about": "内容 About",
    "area": "区域 Area",
    "party": "移交 For",
    "pending": "待发 Waiting",
    "dead": "失败 Failed",
}
_DELIVERIES: Final = {
    "id": "编号 No.",
    "hook": "订阅 Hook",
    "what": "内容 What",
    "state": "状态 State",
    "attempts": "次数 Tries",
    "said": "回答 Answer",
    "since": "自 Since",
}


@app.command("add")
def add(
    name: Name,
    *,
    area: Annotated[str, typer.Option("--area", help="区域代码，含下级 Area and what is below")],
    url: Annotated[str, typer.Option("--url", help="接收地址 Where to")] = "",
    kind: Annotated[
        str, typer.Option("--kind", help="webhook、file（落文件）、log Way of sending")
    ] = "webhook",
    noun: Annotated[list[str] | None, typer.Option("--noun", help="对象，可重复 Nouns")] = None,
    event: Annotated[list[str] | None, typer.Option("--event", help="事件，可重复 Events")] = None,
    party: Annotated[
        str | None, typer.Option("--party", help="把派给该主体的任务移交出去 Hand over its tasks")
    ] = None,
    who: Person = "cli",
    commit: Commit = False,
) -> None:
    """添加订阅；密钥只显示这一次。Add a hook; its secret is shown this once: a dry run first."""
    chosen = settings()
    told = Hook(name, area, kind, url, tuple(noun or ()), tuple(event or ()), party)
    if kind == "webhook":
        demand_target(url, allowed(chosen.hook_hosts))
    with owner_engine() as engine, transaction(engine, who, commit=commit) as conn:
        hooks.add(conn, told)
    if not commit:
        typer.echo(DRY)
    elif kind == "webhook":
        typer.echo(f"密钥 Secret: {made_secret(chosen.home, name)}")


@app.command("list")
def listed() -> None:
    """列出订阅。List the hooks."""
    with owner_engine() as engine, transaction(engine, "cli") as conn:
        found = hooks.read_hooks(conn)
    about = [
        " ".join([*nouns, *names]) or "*"
        for nouns, names in zip(found["nouns"], found["names"], strict=True)
    ]
    print_rows(found.assign(about=about, party=found["party"].fillna("")), _HOOKS)


@app.command("remove")
def remove(name: Name, *, who: Person = "cli", commit: Commit = False) -> None:
    """删除订阅；未发出的不再发。Remove a hook; what still waits for it is not sent."""
    with owner_engine() as engine, transaction(engine, who, commit=commit) as conn:
        hooks.remove(conn, name)
    if commit:
        forget_secret(settings().home, name)
    else:
        typer.echo(DRY)


@app.command("test")
def test(name: Name) -> None:
    """现在就发一条测试消息，看回答。Send one message of trial now, and show the answer."""
    from api.outgoing.trial import sent_on_trial  # noqa: PLC0415 aiohttp is heavy

    with opened() as store:
        answer = sent_on_trial(store.owner, settings(), name)
    said = answer.said or f"HTTP {answer.status}" if answer.status else answer.said or "ok"
    typer.echo(f"{'✓' if answer.ok else '✗'} {said}")
    raise typer.Exit(0 if answer.ok else 1)


@app.command("failed")
def failed(*, limit: Listed = 100) -> None:
    """列出多次发送仍失败的。List deliveries that were given up."""
    _print(state="dead", limit=limit)


@app.command("waiting")
def waiting(
    *,
    hours: Annotated[
        float | None, typer.Option("--hours", min=0, help="多少小时没有回执 Hours without a number")
    ] = None,
    limit: Listed = 100,
) -> None:
    """列出移交后迟迟没有回执的。List hand-overs that nobody acknowledged for long."""
    _print(hours=limits().hand_over_hours if hours is None else hours, limit=limit)


@app.command("retry")
def retry(
    *,
    number: Annotated[int | None, typer.Option("--delivery", help="投递编号 One delivery")] = None,
    name: Annotated[
        str | None, typer.Option("--hook", help="某订阅全部失败的 All of a hook")
    ] = None,
    who: Person = "cli",
    commit: Commit = False,
) -> None:
    """重发失败的。Send again what was given up: one delivery, or all of a hook."""
    with owner_engine() as engine, transaction(engine, who, commit=commit) as conn:
        if number is not None:
            outbox.retry(conn, number)
        count = outbox.retry_all(conn, hooks.demand_hook(conn, name)) if name else 0
    typer.echo(f"{count + (number is not None)} 件重发 sent again" if commit else DRY)


@app.command("acknowledge")
def acknowledge(
    number: Number,
    reference: Annotated[str, typer.Argument(help="对方系统的编号 The other system's number")],
    *,
    who: Person = "cli",
    commit: Commit = False,
) -> None:
    """记下对方系统的受理编号。Write down the number under which it was taken over."""
    with owner_engine() as engine, transaction(engine, who, commit=commit) as conn:
        outbox.acknowledge(conn, number, reference)
    if not commit:
        typer.echo(DRY)


def _print(*, state: str | None = None, hours: float | None = None, limit: int) -> None:
    with owner_engine() as engine, transaction(engine, "cli") as conn:
        found = outbox.read_deliveries(conn, state=state, hours=hours, limit=limit)
    what = found["noun"] + "." + found["event"] + " " + found["subject"]
    since = pd.to_datetime(found["made_at"], utc=True).dt.tz_convert("Asia/Shanghai")
    told = found.assign(what=what, since=since.dt.strftime("%m-%d %H:%M"))
    print_rows(told, _DELIVERIES)
