"""Steps with several issues in one request: each kept or refused by itself, or all together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from sqlalchemy import Connection, select

from geo.errors import JingweiError
from geo.issues import Order
from geo.store.schema.tables import ISSUE
from geo.store.working.handling import act

OrderMade: TypeAlias = Callable[[Connection], Order]


class Ask(NamedTuple):
    """One step: of which issue, seen at which version (None: whatever it is now).

    `order` gives what is ordered when its turn comes, or raises why it cannot be; `into` is the
    issue that it merges into.
    """

    issue: int
    version: int | None
    order: OrderMade
    into: int | None = None


class Standing(NamedTuple):
    """How an issue stands: what a step may change of it."""

    version: int
    state: str
    outcome: str | None


def act_on_each(
    conn: Connection, asked: Sequence[Ask], *, together: bool
) -> list[JingweiError | None]:
    """Return of each step why it was refused, or None; taken one after the other, in order.

    What is refused has written nothing. The issues are locked first, in the order of their
    numbers, so that two such requests never wait for each other.

    Parameters
    ----------
    together
        Keep all or nothing: one that is refused takes the others back.
    """
    numbers = {number for one in asked for number in (one.issue, one.into) if number is not None}
    with conn.begin_nested() as whole:
        locked = select(ISSUE.c.id).where(ISSUE.c.id.in_(numbers)).order_by(ISSUE.c.id)
        conn.execute(locked.with_for_update())
        refused = [_refusal(conn, one) for one in asked]
        if together and any(refused):
            whole.rollback()
    return refused


def standings(conn: Connection, issues: Sequence[int]) -> dict[int, Standing]:
    """Return how issues stand, by number; those that are not for the acting person are left out."""
    columns = (ISSUE.c.id, ISSUE.c.version, ISSUE.c.state, ISSUE.c.outcome)
    rows = conn.execute(select(*columns).where(ISSUE.c.id.in_(set(issues))))
    return {row.id: Standing(row.version, row.state, row.outcome) for row in rows}


def _refusal(conn: Connection, one: Ask) -> JingweiError | None:
    try:
        with conn.begin_nested():
            act(conn, one.issue, one.order(conn), version=one.version)
    except JingweiError as error:
        return error
    return None
