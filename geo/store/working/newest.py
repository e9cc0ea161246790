"""The latest issues that a question asks for, sought among the newest of all first."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Sized
from typing import Final, TypeVar

from sqlalchemy import Connection, func, select

Rows = TypeVar("Rows", bound=Sized)
# What has a fortieth of what comes in, as a district has, finds its latest so.
_SHARE: Final = 40
_MOST: Final = 200  # of a page


def latest(
    conn: Connection,
    asked: Callable[[Sequence[int] | None], Rows],
    most: int | None,
    *,
    away: int = 0,
) -> Rows:
    """Return the latest `most` issues that a question finds behind `away`; all for None.

    Parameters
    ----------
    asked
        The question, in the order of their moments: among issues of these numbers, None for all.
        All that may be seen of a district are read to be put in order: the newest of all, a few
        thousand, nearly always hold its latest.
    """
    if most is not None and most + away <= _MOST:
        newest = conn.execute(select(func.newest_issues(_SHARE * (most + away)))).scalar_one()
        found = asked(newest)
        if len(found) >= most:
            return found
    return asked(None)
