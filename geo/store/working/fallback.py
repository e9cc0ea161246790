"""The ledgers of what nobody owns (兜底), is held (挂账), is appealed (申诉); and rulings."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, NamedTuple

import pandas as pd
from sqlalchemy import Connection, select

from geo.errors import MissingError
from geo.issues import ALONE, Case, Order, edge_named
from geo.issues.edges import OVER
from geo.issues.refusals import demand
from geo.responsibility import ListRow, Named
from geo.store.answers import question, rows_of
from geo.store.net.duty_list import read_list
from geo.store.rules.list_keeping import add_row, end_rows
from geo.store.rules.routing import recused
from geo.store.schema.tables import AREA, ISSUE, PARTY, SERVICE, TASK
from geo.store.working.handling import act
from geo.store.working.tasks import demand_duty
from geo.versions import Seen

MOST_ALIKE: Final = 200  # issues that one ruling gives to whom it names
_GROUPS: Final = ("district", "subdistrict", "service")


def fallback_ledger(conn: Connection, *, scope: str | None = None) -> pd.DataFrame:
    """Return what nobody owns, the oldest first: columns as in fallback_ledger.sql.

    Parameters
    ----------
    scope
        Code of an area that the issues lay in at intake; `""`: what lies nowhere.
    """
    return rows_of(conn, question("fallback_ledger"), scope=scope)


def fallback_counts(ledger: pd.DataFrame) -> pd.DataFrame:
    """Return how many entries each district, subdistrict and service has, and since when.

    Columns: the codes and names, `n`, `since` (the oldest); the most first.
    """
    keys = [name for group in _GROUPS for name in (group, f"{group}_name")]
    grouped = ledger.groupby(keys, dropna=False, sort=False)
    counts = grouped.agg(n=("issue", "size"), since=("since", "min")).reset_index()
    return counts.sort_values(["n", "since"], ascending=[False, True], ignore_index=True)


def held_ledger(conn: Connection, *, scope: str | None = None) -> pd.DataFrame:
    """Return what is held, or asked to be, by day of review: columns as in held_ledger.sql."""
    return rows_of(conn, question("held_ledger"), scope=scope)


def appeals_ledger(conn: Connection, *, scope: str | None = None) -> pd.DataFrame:
    """Return what somebody asks to be struck from the rates: columns as in appeals_ledger.sql."""
    return rows_of(conn, question("appeals_ledger"), scope=scope)


class Ruling(NamedTuple):
    """What a ruling made: the number of the list's row it rests on, and the issue after it.

    `row` is None where it is of this issue alone: it names no service that the catalogue has, or
    the list names somebody else there already, in row `stands`. `alike` are other issues that went
    with it.
    """

    row: int | None
    case: Case
    stands: int | None = None
    alike: tuple[int, ...] = ()


def rule_on(
    conn: Connection,
    issue: int,
    party: str,
    reason: str,
    *,
    area: str | None = None,
    alike: bool = False,
    version: Seen = None,
) -> Ruling:
    """Rule whose an issue is that nobody owned: a row of the list, and the issue goes to it.

    The row holds for the issue's service from today on, its basis "裁定 No …" with the reason; rows
    there that could not be evaluated end. Where a sound row names another lead already (whom the
    issue complains about), or the catalogue does not have the service, the ruling is of this issue
    alone.

    Parameters
    ----------
    party
        Code of who leads from now on.
    area
        Code of the area that the row is for, one that the issue lies in; its district by default.
    alike
        Whether what waits in that area of the same service goes to them by the same row, too: the
        oldest `MOST_ALIKE`, but what complains about them.
    version
        The version of the issue that the person saw; None: whatever it is now.

    Raises
    ------
    MissingError
        When issue, party or area are not there or not for the acting person to see.
    NotAllowedError
        When the person approves for no district, or for another one.
    StepRefusedError
        When the issue has an owner; when nobody knows where it is: it is put into an area first;
        when it complains about the party.
    IssueStepError, StaleIssueError
        See `geo.store.working.handling.act`.
    """
    found = conn.execute(select(ISSUE.c.service, ISSUE.c.path).where(ISSUE.c.id == issue)).first()
    if found is None:
        raise MissingError(noun="issue", noun_zh="诉求", key=issue)
    if conn.execute(select(PARTY.c.code).where(PARTY.c.code == party)).first() is None:
        raise MissingError(noun="party", noun_zh="主体", key=party)
    demand(bool(found.path), edge_named("settle"), "unplaced")
    place, above = _place(conn, found.path, area)
    demand_duty(conn, ["approver"], above)
    task = _task(conn, issue)
    known = conn.execute(select(SERVICE.c.code).where(SERVICE.c.code == found.service)).scalar()
    row, stands = (None, None) if known is None else _row(conn, known, place, party, reason)
    order = Order(step="settle", task=task, party=party, reason=reason, row=row or ALONE)
    case = act(conn, issue, order, version=version)
    others = _alike(conn, known, place, order) if alike and row is not None else ()
    return Ruling(row, case, stands, others)


def _alike(conn: Connection, service: str | None, place: str, order: Order) -> tuple[int, ...]:
    """Return the issues that a ruling's row answers for as well, each given to whom it names."""
    wait = (TASK.c.provisional, TASK.c.lead, TASK.c.state.not_in(OVER))
    asked = (
        select(TASK.c.issue, TASK.c.id, ISSUE.c.against)
        .join(ISSUE, ISSUE.c.id == TASK.c.issue)
        .where(*wait, ISSUE.c.service == service, ISSUE.c.path.contains([place]))
        .order_by(TASK.c.made_at, TASK.c.issue)
        .limit(MOST_ALIKE)
    )
    given = []
    for issue, task, against in conn.execute(asked).all():
        if order.party in recused(conn, against):
            continue
        act(conn, issue, replace(order, task=task))
        given.append(issue)
    return tuple(given)


def _task(conn: Connection, issue: int) -> int:
    """Return the task that is with the subdistrict only until the district rules.

    Raises
    ------
    StepRefusedError
        When the issue is not in the ledger.
    """
    open_ = (TASK.c.provisional, TASK.c.lead, TASK.c.state.not_in(OVER))
    found = conn.execute(select(TASK.c.id).where(TASK.c.issue == issue, *open_)).scalars().all()
    demand(bool(found), edge_named("settle"), "ledger")
    return int(found[0])


def _place(conn: Connection, path: list[str], area: str | None) -> tuple[str, list[str]]:
    """Return the area that a ruling is for, and the codes from the top down to the district.

    Raises
    ------
    MissingError
        When the issue lies in no such area, or in no district.
    """
    now = (AREA.c.net == "admin", AREA.c.valid_to.is_(None), AREA.c.code.in_(path))
    asked = select(AREA.c.code, AREA.c.path).where(*now, AREA.c.kind == "district")
    district = conn.execute(asked).first()
    place = area or (district.code if district else None)
    if district is None or place not in path:
        raise MissingError(noun="area of the issue", noun_zh="诉求所在区域", key=place or "–")
    return place, list(district.path)


def _row(
    conn: Connection, service: str, area: str, party: str, reason: str
) -> tuple[int | None, int | None]:
    """Return the row that the ruling rests on, made now unless there is one; one that says else."""
    listed = read_list(conn)
    same = listed[(listed["service"] == service) & (listed["area"] == area)]
    sound = same[same["faults"].map(len) == 0]
    if len(sound):
        number = int(sound["row_number"].iloc[0])
        return (number, None) if party in sound["leads"].iloc[0] else (None, number)
    end_rows(conn, [int(number) for number in same["row_number"]])
    row = ListRow(
        line=0, service=service, net="admin", area=area, leads=(Named(party, party),), basis=reason
    )
    return add_row(conn, row, basis="裁定 No {number}：{basis}"), None
