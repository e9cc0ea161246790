"""Plans forked: a draft that begins with what another plan says, and goes its own way."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import count
from typing import Final

import pandas as pd
from sqlalchemy import Connection, RowMapping, update

from geo.store.answers import question, rows_of, run_parts
from geo.store.planning import drafts
from geo.store.planning.locks import going_on, keep_locks, locked_atoms
from geo.store.planning.plans import create, read_plans
from geo.store.planning.standing import locked_plan
from geo.store.schema.tables import PLAN

_COPY: Final = re.compile(r"（副本 \d+）$")
_LONGEST_TITLE: Final = 200


def fork(conn: Connection, plan: int, *, title: str | None = None) -> int:
    """Return the number of a new draft with the atoms, grids and locks of a plan, in any state.

    A plan not yet published hands on its base: a fork of a stale plan is as stale. Of one that is
    or was in force the fork starts from the newest revision, its codes given anew by the rule.

    Parameters
    ----------
    title
        By default that of the plan with the number of the copy, one that nobody sees yet.

    Raises
    ------
    MissingError, NotAllowedError
        When the acting person may not see the plan, or plans elsewhere.
    """
    source = locked_plan(conn, plan)  # so that its history ends here, for the fork
    net, scope = source["net"], source["scope"]
    called = title or _copy_of(source["title"], read_plans(conn)["title"])
    made = create(conn, net=net, scope=scope, title=called, forked_from=plan)
    run_parts(conn, "atoms_forked", source=plan, plan=made)
    row = locked_plan(conn, made)
    if source["revision"] is None:
        conn.execute(update(PLAN).where(PLAN.c.id == made).values(base=source["base"]))
    else:
        _begin_anew(conn, row)
    keep_locks(conn, row, going_on(conn, made, locked_atoms(conn, plan)))
    return made


def read_log(conn: Connection, plan: int, name: str | None = None) -> pd.DataFrame:
    """Return what happened to a plan, and before it was forked to those it came from.

    Columns plan, id, name, detail, person, at; the oldest first.

    Parameters
    ----------
    name
        Only events of that name.
    """
    return rows_of(conn, question("log_of_plan"), plan=plan, name=name)


def _copy_of(title: str, known: Iterable[str]) -> str:
    """Return a title that tells a copy from what it was copied from, and from other copies.

    >>> _copy_of("重划", ["重划"]), _copy_of("重划（副本 2）", ["重划（副本 2）", "重划"])
    ('重划（副本 2）', '重划（副本 3）')
    """
    bare, taken = _COPY.sub("", title), set(known)
    ends = (f"（副本 {number}）" for number in count(2))
    named = (f"{bare[: _LONGEST_TITLE - len(end)]}{end}" for end in ends)
    return next(name for name in named if name not in taken)


def _begin_anew(conn: Connection, row: RowMapping) -> None:
    drafts.find_previous(conn, row["id"], anew=True)
    drafts.derive(conn, row)
