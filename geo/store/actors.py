"""Who acts: the person of the transaction, what it belongs to, and its roles over a place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Text,
    case,
    column,
    exists,
    func,
    not_,
    or_,
    select,
    values,
)
from sqlalchemy.dialects.postgresql import ARRAY

from geo.issues import Actor
from geo.store.schema.tables import AREA

RESIDENT: Final = "web:"  # and the number of a report: who acts for its reporter
_DISTRICT: Final = ("district", "city")  # kinds of area whose approver rules


def acting(conn: Connection, path: list[str]) -> Actor:
    """Return the acting person, the parties it belongs to, its roles over what a path leads to."""
    asked = select(
        func.coalesce(func.acting_person(), ""),
        func.acting_parties(),
        func.acting_roles(path),
        _rules_over(path),
    )
    return _actor(*conn.execute(asked).one())


def acting_each(conn: Connection, paths: Sequence[list[str]]) -> list[Actor]:
    """Return the acting person over each of many paths, as `acting`; all of them at once."""
    distinct = {tuple(path): list(path) for path in paths}
    if len(distinct) <= 1:
        return [acting(conn, path) for path in distinct.values()] * len(paths)
    asked = select(func.coalesce(func.acting_person(), ""), func.acting_parties())
    person, parties = conn.execute(asked).one()
    each = values(column("nth", Integer), column("path", ARRAY(Text)), name="each")
    each = each.data(list(enumerate(distinct.values())))
    over = or_(func.cardinality(each.c.path) == 0, AREA.c.code == func.any(each.c.path))
    told = select(func.acting_roles(each.c.path), _rules(over)).order_by(each.c.nth)
    answers = zip(distinct, conn.execute(told), strict=True)
    actors = {path: _actor(person, parties, *roles_and_rules) for path, roles_and_rules in answers}
    return [actors[tuple(path)] for path in paths]


def _actor(person: str, parties: list[str], roles: list[str], rules: bool) -> Actor:  # noqa: FBT001 as the rows have it
    also = ["district"] if rules else []
    return Actor(person, frozenset([*parties, person]), frozenset([*roles, *also]))


def _rules_over(path: list[str]) -> ColumnElement[bool]:
    """Return whether the acting person approves for a district on a path, or above it.

    As `acting_roles`: over what lies nowhere, for any.
    """
    return _rules(*([AREA.c.code.in_(path)] if path else []))


def _rules(*where: ColumnElement[bool]) -> ColumnElement[bool]:
    approved = select(func.unnest(func.duty_codes(["approver"])))
    return exists().where(
        AREA.c.net == "admin",
        AREA.c.valid_to.is_(None),
        AREA.c.kind.in_(_DISTRICT),
        AREA.c.code.in_(approved),
        *where,
    )


def acting_on(conn: Connection, path: list[str], received_by: str | None) -> Actor:
    """Return who acts on an issue: as `acting`, its reporter too where a resident's report is."""
    actor = acting(conn, path)
    is_own = actor.person == received_by and actor.person.startswith(RESIDENT)
    return actor._replace(roles=actor.roles | {"reporter"}) if is_own else actor


def words_of(
    issue: ColumnElement[int],
    words: ColumnElement[str],
    *,
    path: ColumnElement[Sequence[str]] | None = None,
) -> ColumnElement[str]:
    """Return what was said of an issue, '' of a confidential one that is not the person's to read.

    The owner's role reads everything; what is of no issue is no secret of one. What is said in a
    step, at a `path`, is read by who verifies and who rules there too, as in history.sql.
    """
    reads = or_(issue.is_(None), not_(func.row_security_active("issue")), func.acting_reads(issue))
    if path is not None:
        reads = reads_steps(issue, path)
    return case((reads, words), else_="").label(words.key)


def reads_steps(
    issue: ColumnElement[int], path: ColumnElement[Sequence[str]]
) -> ColumnElement[bool]:
    """Return whether the person reads what is said in the steps of an issue: see `words_of`."""
    verifies = select(func.duty_codes(["checker", "approver"])).scalar_subquery()
    owner, reads = not_(func.row_security_active("issue")), func.acting_reads(issue)
    return or_(issue.is_(None), owner, reads, path.op("&&")(verifies))
