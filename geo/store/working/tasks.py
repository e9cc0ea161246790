"""Issues handed out and taken: each step by who may take it, written down as an event."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from sqlalchemy import Connection, func, select

from geo.errors import MissingError, NoDutyError, NotAllowedError
from geo.issues import Order
from geo.names import roles_told
from geo.store.answers import rows_of
from geo.store.schema.tables import ISSUE, TASK
from geo.store.working.handling import act
from geo.versions import Seen

_OPEN = ("sent", "taken")


def send(conn: Connection, issue: int, party: str | None = None, *, version: Seen = None) -> int:
    """Return the leading task made of an issue: for a party, or for whose it is by its route.

    Parameters
    ----------
    version
        The version of the issue that the person saw; None: whatever it is now.

    Raises
    ------
    JingweiError
        The errors of `geo.store.working.handling.act`.
    """
    sent = act(conn, issue, Order(step="send", party=party), version=version)
    return next(work.id for work in sent.tasks[::-1] if work.lead)


def withdraw(conn: Connection, issue: int) -> None:
    """Take an issue back that was sent and not yet taken; errors as of `send`."""
    act(conn, issue, Order(step="withdraw"))


def take(conn: Connection, task: int, *, version: Seen = None) -> None:
    """Accept a task: from now on it stays with its holder; `version` is its issue's, as of `send`.

    Raises
    ------
    MissingError
        When the task is not there, not for the acting person to see, or of no issue.
    JingweiError
        The errors of `geo.store.working.handling.act`.
    """
    issue = conn.execute(select(TASK.c.issue).where(TASK.c.id == task)).scalar()
    if issue is None:
        raise MissingError(noun="task", noun_zh="任务", key=task)
    act(conn, issue, Order(step="take", task=task), version=version)


def read_open_tasks(conn: Connection, scope: str) -> pd.DataFrame:
    """Return the tasks in an area that somebody has, or will have, to do.

    Columns `id`, `state` (sent: nobody has taken it; taken), `area`, `lon`, `lat` (missing: of no
    issue, or of one without a position).
    """
    where = (func.ST_X(ISSUE.c.geom).label("lon"), func.ST_Y(ISSUE.c.geom).label("lat"))
    columns = (TASK.c.id, TASK.c.state, TASK.c.area, *where)
    asked = select(*columns).outerjoin(ISSUE, ISSUE.c.id == TASK.c.issue)
    chosen = asked.where(
        TASK.c.path.contains([scope]), TASK.c.net == "grid", TASK.c.state.in_(_OPEN)
    )
    return rows_of(conn, chosen.order_by(TASK.c.id))


def holds(conn: Connection, roles: Sequence[str | None], path: Sequence[str]) -> bool:
    """Tell whether the acting person holds one of the roles over what a path leads to."""
    codes = conn.execute(select(func.duty_codes([role for role in roles if role]))).scalar_one()
    return bool(codes and (not path or set(codes) & set(path)))


def demand_duty(conn: Connection, roles: Sequence[str | None], path: Sequence[str]) -> None:
    """Refuse unless the acting person holds one of the roles over what a path leads to.

    What lies in no area is for whoever holds the role anywhere.

    Raises
    ------
    NotAllowedError, NoDutyError
        Who it is, and which role is missing, there or anywhere.
    """
    if holds(conn, roles, path):
        return
    person = conn.execute(select(func.acting_person())).scalar()
    told = roles_told(role for role in roles if role)
    if not path:
        raise NoDutyError(person=person or "", **told)
    raise NotAllowedError(person=person or "", scope=path[-1], **told)
