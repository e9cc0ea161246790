"""`jingwei db`: the database of the data folder, started, stopped, looked at, migrated."""

from __future__ import annotations

import typer

from api.settings import Settings, settings
from geo.store.private import cluster

app = typer.Typer(name="db", no_args_is_help=True)

_STATES = {"absent": "尚未建立", "stopped": "已停止", "running": "运行中"}


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
    """查看数据库状态。Show how the database stands."""
    _say(settings())


@app.command()
def migrate() -> None:
    """把表升级到当前版本。Bring the tables to this program's version."""
    from api.opening import open_store  # noqa: PLC0415 as above
    from geo.store import migrations  # noqa: PLC0415 as above

    store = open_store(settings())
    version = migrations.current(store.owner)
    store.close()
    typer.echo(f"表结构版本：{version}。Schema version: {version}.")


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
