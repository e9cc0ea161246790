"""What the commands of plans share: the store opened, who acts, rows shown as a table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Final

import pandas as pd
import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.comparing import plan_row
from api.opening import open_store
from api.persons import holder
from api.settings import settings
from geo.plan import PLAN_EDGES
from geo.store.database import Engine, Store, transaction

Number = Annotated[int, typer.Argument(help="方案编号 The plan's number")]
Who = Annotated[
    str | None, typer.Option("--as", help="由谁操作（人员代码）；默认为该职责的担任者 Who acts")
]
Commit = Annotated[
    bool, typer.Option("--commit", help="真正写入；不带则只试运行 Do write; else a dry run")
]
# What moves a terminal's cursor, or turns the direction of what follows.
_COMMANDING: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
DRY: Final = "试运行，没有写入；加 --commit 写入。Dry run; nothing written. Add --commit."
# Roles of the steps that the command line offers under the step's own name.
_ROLES: Final = {edge.name: edge.role for edge in PLAN_EDGES if edge.role is not None}


@contextmanager
def opened() -> Iterator[Store]:
    """Open the store that the settings name, and close it at the end."""
    store = open_store(settings())
    try:
        yield store
    finally:
        store.close()


@contextmanager
def owner_engine() -> Iterator[Engine]:
    """Open the owner's engine: whoever may read the data folder may act in anybody's name.

    Steps still ask for the duty of the person named.
    """
    with opened() as store:
        yield store.owner


def holder_for(engine: Engine, plan: int, step: str) -> str:
    """Return who holds the role that a step of a plan asks for, over its scope.

    Raises
    ------
    MissingError, NobodyHoldsError
        When there is no such plan, or nobody holds it.
    """
    return role_holder(engine, plan, _ROLES[step])


def role_holder(engine: Engine, plan: int, role: str) -> str:
    """Return who holds a role over the scope of a plan.

    Raises
    ------
    MissingError, NobodyHoldsError
        When there is no such plan, or nobody holds it.
    """
    with transaction(engine, "cli") as conn:
        return holder(conn, role, str(plan_row(conn, plan)["scope"]))


def print_rows(rows: pd.DataFrame, headings: Mapping[str, str]) -> None:
    """Print rows as a table; codes, days and states whole, however narrow the screen is."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for key, heading in headings.items():
        longest = max((len(_cell(value)) for value in rows[key]), default=0)
        least = 0 if key == "title" else longest
        table.add_column(heading.replace(" ", "\n", 1), overflow="fold", min_width=least)
    for row in rows.to_dict("records"):
        table.add_row(*(Text(_cell(row[key])) for key in headings))  # no markup: people typed it
    Console().print(table)


def shown(text: str) -> str:
    r"""Return text that people typed as a terminal may have it: nothing in it commands one.

    >>> shown("a\x1b[2Jb\u202ec\td")
    'a�[2Jb�c\td'
    """
    return _COMMANDING.sub("\ufffd", text)


def _cell(value: object) -> str:
    return "—" if pd.isna(value) else shown(str(value))
