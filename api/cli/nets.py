"""`jingwei net`: departments' nets and what they are called."""

from __future__ import annotations

from typing import Annotated, Final

import pandas as pd
import typer

from api.cli.planning import DRY, Commit, owner_engine, print_rows
from geo.store.database import transaction
from geo.store.net.areas import call_net, departmental_nets

app = typer.Typer(no_args_is_help=True)

_HEADINGS: Final = {"net": "代码 Code", "name": "名称 Name"}
_MOST: Final = 40  # letters of a name: what a choice shows


@app.command("list")
def listed() -> None:
    """列出部门网。List the nets of departments."""
    with owner_engine() as engine, transaction(engine, "cli") as conn:
        print_rows(pd.DataFrame(departmental_nets(conn), columns=list(_HEADINGS)), _HEADINGS)


@app.command("call")
def call(
    net: Annotated[str, typer.Argument(help="网的代码（dept-…） Its code")],
    name: Annotated[str, typer.Argument(help="怎么叫它；空着就只显示代码 What people call it")],
    *,
    commit: Commit = False,
) -> None:
    """给部门网取名，页面上显示名称。Call a department's net by a name."""
    with owner_engine() as engine, transaction(engine, "cli", commit=commit) as conn:
        call_net(conn, net, name[:_MOST])
        shown = pd.DataFrame(departmental_nets(conn), columns=list(_HEADINGS))
    print_rows(shown[shown["net"] == net], _HEADINGS)
    if not commit:
        typer.echo(DRY)
