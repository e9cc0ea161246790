"""A change of the responsibility list tried against issues that came in: what would move."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain, islice
from typing import Final, NamedTuple

import pandas as pd
from sqlalchemy import Connection, RowMapping

from geo.responsibility import ListRow
from geo.routing import Route
from geo.store.answers import question
from geo.store.locating import Located
from geo.store.net.duty_list import list_problems
from geo.store.rules.list_keeping import Kept, keep_list
from geo.store.rules.routes import Asked, routes_of

_SHOWN: Final = 3  # issues of each group


class Trial(NamedTuple):
    """What a change of the list would do to the issues of a period.

    Parameters
    ----------
    kept
        What would become of the rows.
    issues
        How many came in, with an owner, on the services that the change touches.
    attention
        How many of them would meet a row that cannot be evaluated, and do not today: no rule
        sends those, whoever they are for.
    moves
        `service, before, after` (parties that lead, None: nobody), `before_unowned,
        after_unowned` (nobody, or the subdistrict provisionally), `attention` (a row that cannot
        be evaluated is met then), `n`, `issues` (ids of a few): those that would go elsewhere, or
        be owned otherwise.
    problems
        The rows of the list with something wrong, as it would be.
    """

    kept: Kept
    issues: int
    attention: int
    moves: pd.DataFrame
    problems: pd.DataFrame


def tried(
    conn: Connection,
    rows: Sequence[ListRow],
    *,
    since: date,
    until: date,
    scope: str | None = None,
) -> Trial:
    """Return what a list would do to the issues of some days, the first and the last included.

    The list is written and taken back inside the caller's transaction, and issues are routed by
    the function that routes them, so a trial says what will be. Issues count where they lay when
    they came in. `scope`: see `keep_list`.
    """
    with conn.begin_nested() as written:
        kept = keep_list(conn, rows, scope=scope)
        problems = list_problems(conn, scope=scope)
        groups = _groups(conn, kept.services, since, until)
        after = routes_of(conn, [_asked(group) for group in groups])
        written.rollback()
    before = routes_of(conn, [_asked(group) for group in groups])
    told = [_move(*each) for each in zip(groups, before, after, strict=True)]
    moves = pd.DataFrame(told, columns=list(_Move._fields))
    stopped = moves["attention"].astype(bool) & ~moves["before_attention"].astype(bool)
    counts = (int(moves["n"].sum()), int(moves.loc[stopped, "n"].sum()))
    return Trial(kept, *counts, _summed(moves), problems)


def _groups(
    conn: Connection, services: Sequence[str], since: date, until: date
) -> Sequence[RowMapping]:
    below = conn.execute(question("services_below"), {"services": sorted(services)}).scalars()
    asked = {"services": list(below), "since": since, "until": until}
    return conn.execute(question("issues_tried"), asked).mappings().all()


def _asked(group: RowMapping) -> Asked:
    here = Located(group["grid"], None, group["subdistrict"], None, tuple(group["path"]))
    return Asked(here, group["service"], group["against"])


class _Move(NamedTuple):
    """Issues that are routed alike, before and after."""

    service: str
    before: str | None
    after: str | None
    before_unowned: bool
    after_unowned: bool
    before_attention: bool
    attention: bool
    n: int
    issues: list[int]


def _move(group: RowMapping, before: Route, after: Route) -> _Move:
    unowned = (_is_unowned(before), _is_unowned(after))
    faulty, counted = (before.attention, after.attention), (int(group["n"]), list(group["issues"]))
    return _Move(group["service"], before.party, after.party, *unowned, *faulty, *counted)


def _is_unowned(found: Route) -> bool:
    return found.party is None or found.provisional


def _summed(moves: pd.DataFrame) -> pd.DataFrame:
    """Return the groups that move, those of one service from one party to another as one row."""
    changed = (moves["before"].fillna("") != moves["after"].fillna("")) | (
        moves["before_unowned"] != moves["after_unowned"]
    )
    keys = ["service", "before", "after", "before_unowned", "after_unowned", "attention"]
    grouped = moves[changed].groupby(keys, dropna=False, sort=False)
    summed = grouped.agg(n=("n", "sum"), issues=("issues", _a_few))
    return summed.reset_index().sort_values(["n", "service"], ascending=[False, True])


def _a_few(issues: Iterable[list[int]]) -> list[int]:
    return list(islice(chain.from_iterable(issues), _SHOWN))
