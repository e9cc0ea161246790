"""An issue as a command is told it: by our number, or by that of its source."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import typer

from geo.errors import BadOptionError, MissingError
from geo.reference import sources
from geo.store.database import Connection
from geo.store.incoming.entering import issues_of_reference

Issue: TypeAlias = Annotated[
    str,
    typer.Argument(
        help="诉求编号，或来源的编号 The issue's number, or its source's: 17, JN-1, hotline/JN-1"
    ),
]


def number_of(conn: Connection, said: str) -> int:
    """Return the number of the issue that is meant; digits alone are ours.

    Raises
    ------
    MissingError
        When there is none that the acting person may see.
    BadOptionError
        When several sources have one of that number.
    """
    if said.isdecimal():
        return int(said)
    found = issues_of_reference(conn, said, tuple(sources()))
    source, _, reference = said.partition("/")
    if not found and source in sources():
        found = issues_of_reference(conn, reference, (source,))
    if not found:
        raise MissingError(noun="issue", noun_zh="诉求", key=said[:80])
    if len(found) > 1:
        several = ", ".join(f"{name}/{said}" for name in found)
        raise BadOptionError(option="ISSUE", found=said, expected=several)
    return next(iter(found.values()))
