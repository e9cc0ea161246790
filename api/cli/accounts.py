"""`jingwei account`: who may sign in; on the server itself, by whoever runs it."""

from __future__ import annotations

from typing import Annotated

import pandas as pd
import typer

from api.cli.planning import opened
from api.persons import cast_in
from api.signing_in.opening import opened_account, reset_account
from geo.store import accounts
from geo.store.database import Connection, transaction
from geo.store.net.people import parties_called

app = typer.Typer(no_args_is_help=True)

Party = Annotated[str, typer.Argument(help="人员代码 The person's code")]
Name = Annotated[str | None, typer.Option(help="账号名，默认是人员代码 The account's name")]
Subject = Annotated[str | None, typer.Option(help="统一认证标识 Subject of the city's sign-on")]
_ACTS = "cli"
_MOST_SHOWN = 50


@app.command("add")
def add(party: Party, *, name: Name = None, subject: Subject = None) -> None:
    """开通账号，给出一次性口令，只显示这一次。Open an account; its one-time password, once."""
    with opened() as store, transaction(store.owner, _ACTS) as conn:
        password = opened_account(conn, party, name=name, subject=subject)
    _tell(name or party, password)


@app.command("reset")
def reset(party: Party) -> None:
    """重置口令，全部退出。A new one-time password; signed out everywhere."""
    with opened() as store, transaction(store.owner, _ACTS) as conn:
        password = reset_account(conn, party)
    _tell(party, password)


@app.command("close")
def close(party: Party) -> None:
    """停用账号，全部退出。Close an account; signed out everywhere."""
    _set_open(party, is_open=False)
    typer.echo(f"已停用 {party}。Closed {party}.")


@app.command("open")
def reopen(party: Party) -> None:
    """恢复账号。Open a closed account again."""
    _set_open(party, is_open=True)
    typer.echo(f"已恢复 {party}。Opened {party} again.")


@app.command("list")
def listed() -> None:
    """账号列表，没有口令。Accounts, without passwords."""
    with opened() as store, transaction(store.owner, _ACTS) as conn:
        found = accounts.read_accounts(conn)
    for row in found.itertuples():
        state = "停用 closed" if pd.notna(row.closed_at) else f"在线 signed in {row.sessions}"
        typer.echo(f"{row.name} · {row.person} · {state}")
    if found.empty:
        typer.echo("还没有账号：jingwei account add 人员代码。No account yet: add one.")


@app.command("people")
def people(
    words: Annotated[str, typer.Argument(help="姓名或代码里的字 Letters of a name or code")] = "",
) -> None:
    """人员代码：按姓名找，不给字则列出管理员。Codes of people by name; else the administrators."""
    with opened() as store, transaction(store.owner, _ACTS) as conn:
        found = _called(conn, words) if words else cast_in(conn, "administrator")
    for row in found.itertuples():
        typer.echo(
            f"{row.party} · {row.name} · {row.area_name if pd.notna(row.area_name) else '-'}"
        )
    if found.empty:
        typer.echo("没有找到人员。Nobody found: jingwei import duties, or other letters.")


def _called(conn: Connection, words: str) -> pd.DataFrame:
    """Return persons with letters in name or code: party, name, area_name (what they belong to)."""
    found = parties_called(conn, words, _MOST_SHOWN)
    persons = found[found["kind"] == "person"]
    return persons.rename(columns={"code": "party", "above": "area_name"})


def _set_open(party: str, *, is_open: bool) -> None:
    with opened() as store, transaction(store.owner, _ACTS) as conn:
        accounts.set_open(conn, party, is_open=is_open)


def _tell(name: str, password: str) -> None:
    typer.echo(f"账号 account: {name.strip().lower()}")
    typer.echo(f"一次性口令 one-time password: {password}")
    typer.echo("在 /sign-in 登录后设自己的口令。Sign in at /sign-in and choose your own.")
