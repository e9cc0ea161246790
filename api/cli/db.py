"""`jingwei db`: the database of the data folder, started, stopped, looked at, migrated."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from api.settings import Settings, settings
from geo.store.private import cluster

if TYPE_CHECKING:
    from geo.store.conditions import Unmet

app = typer.Typer(name="db", no_args_is_help=True)

_STATES: Final = {"absent": "尚未建立", "stopped": "已停止", "running": "运行中"}
# What is said of the tables, by how they stand to the program.
_TABLES: Final = {
    "none": (
        "还没有表；jingwei db migrate 会建好",
        "There are no tables yet; jingwei db migrate makes them",
    ),
    "same": (
        "表结构是 {version}，与本程序一致",
        "The tables are at {version}, as this program's are",
    ),
    "older": (
        "表结构是 {version}，本程序要 {newest}：先停下服务并备份，再运行 jingwei db migrate",
        "The tables are at {version}, not at {newest}: stop, back up, then run jingwei db migrate",
    ),
    "newer": (
        "表结构是 {version}，本程序只认到 {newest}：请换用更新的经纬",
        "The tables are at {version}, this program knows {newest} at most: use a newer program",
    ),
}


@app.command()
def start() -> None:
    """启动数据库并建好表。Start the database and make its tables."""
    from api.opening import open_store  # noqa: PLC0415 what looks at a database loads no driver

    chosen = settings()
    open_store(chosen).close()
    _say(chosen)


@app.command()
def stop() -> None:
    """停止数据库，数据保留。Stop the database; its data stays."""
    chosen = settings()
    if chosen.database_url:
        typer.echo(
            "使用外部数据库，不由本程序停止。A server of somebody else's is not stopped here."
        )
    elif cluster.stop(chosen.home):
        typer.echo("已停止，数据保留。Stopped; the data stays.")
    else:
        typer.echo("本来就没有运行。It was not running.")


@app.command()
def status() -> None:
    """查看数据库和表结构的状态，不作改动。Show how the database and its tables stand."""
    chosen = settings()
    _say(chosen)
    if chosen.database_url:
        _say_tables(chosen.database_url)
    elif cluster.status(chosen.home).state == "running":
        _say_tables(chosen.home)


@app.command()
def migrate() -> None:
    """把表升级到当前版本。Bring the tables to this program's version."""
    from api.opening import open_store  # noqa: PLC0415 as above
    from geo.store import migrations  # noqa: PLC0415 as above
    from geo.store.health import unmet_of  # noqa: PLC0415 as above

    store = open_store(settings())
    version = migrations.current(store.owner)
    found = unmet_of(store.owner)
    store.close()
    typer.echo(f"表结构版本：{version}。Schema version: {version}.")
    _say_unmet(found)


def _say(chosen: Settings) -> None:
    if chosen.database_url:
        typer.echo("使用外部数据库。Using the server of JINGWEI_DATABASE_URL.")
        return
    found = cluster.status(chosen.home)
    process = f"，进程 pid {found.pid}" if found.pid else ""
    typer.echo(f"数据库{_STATES[found.state]}{process}。Database {found.state}.")
    typer.echo(f"数据目录 home: {chosen.home}")
    if found.state != "absent":
        typer.echo(f"连接 socket: {found.socket}\n日志 log: {found.log}")


def _say_tables(place: Path | str) -> None:
    from geo.store.health import state_at  # noqa: PLC0415 what looks at a stopped one loads no driver

    found, others = state_at(place)
    zh, en = (words.format(**found._asdict()) for words in _TABLES[found.standing])
    typer.echo(f"{zh}。{en}.")
    _say_unmet(others)


def _say_unmet(found: Sequence[Unmet]) -> None:
    for one in found:
        typer.echo(f"⚠ {one.found}：{one.why_zh}。请管理员执行：{one.mend}")
        typer.echo(f"  {one.why_en}. Ask an administrator for it.")
