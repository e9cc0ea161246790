"""Issues handed out and taken: each step by who may take it, written down as an event."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from sqlalchemy import Connection, RowMapping, func, insert, select, update

from geo.errors import IssueStepError, MissingError, NobodyInChargeError, NotAllowedError
from geo.issues import step
from geo.store.answers import question, rows_of
from geo.store.events import record
from geo.store.intake import metric_srid
from geo.store.tables import DUTY, ISSUE, TASK

_IN_CHARGE = ("grid_leader", "grid_worker")
_OPEN = ("sent", "taken")


def send(conn: Connection, issue: int, party: str | None = None) -> int:
    """Return the task made of an issue: for a party, or for whoever leads its grid of today.

    Raises
    ------
    MissingError, IssueStepError, NotAllowedError
        When the issue is not there, not new, or the acting person dispatches elsewhere.
    NobodyInChargeError
        When no party is given and the grid has neither leader nor worker.
    """
    row = _locked(conn, issue)
    edge = step(row["state"], "send")
    demand_duty(conn, edge.who, row["path"])
    here = _located(conn, row)
    holder, role = (party, None) if party else _in_charge(conn, issue, here["grid"])
    made_by = func.coalesce(func.acting_person(), "")
    task = insert(TASK).values(
        issue=issue,
        party=holder,
        role=role,
        area=here["grid"],
        path=here["path"],
        due_at=row["due_at"],
        made_by=made_by,
    )
    number = int(conn.execute(task.returning(TASK.c.id)).scalar_one())
    _step(conn, row, edge.name, {"task": number, "party": holder, "area": here["grid"]})
    return number


def withdraw(conn: Connection, issue: int) -> None:
    """Take an issue back that was sent and not yet taken.

    Raises
    ------
    MissingError, IssueStepError, NotAllowedError
        When the issue is not there, not sent, or the acting person dispatches elsewhere.
    """
    row = _locked(conn, issue)
    edge = step(row["state"], "withdraw")
    demand_duty(conn, edge.who, row["path"])
    open_tasks = update(TASK).where(TASK.c.issue == issue, TASK.c.state == "sent")
    conn.execute(open_tasks.values(state="withdrawn", version=TASK.c.version + 1))
    _step(conn, row, edge.name, {})


def take(conn: Connection, task: int) -> None:
    """Accept a task: from now on it stays with its holder.

    Raises
    ------
    MissingError, IssueStepError, NotAllowedError
        When the task is not there, not waiting, or another's.
    """
    query = select(TASK.c.issue, TASK.c.state, TASK.c.party, TASK.c.area).where(TASK.c.id == task)
    found = conn.execute(query.with_for_update()).mappings().one_or_none()
    if found is None:
        raise MissingError(noun="task", noun_zh="任务", key=task)
    person = conn.execute(select(func.acting_person())).scalar()
    if found["party"] != person:
        raise NotAllowedError(person=person or "", role="holder", scope=f"task {task}")
    if found["state"] != "sent":
        raise IssueStepError(state=found["state"], step="take", allowed="–")
    row = _locked(conn, found["issue"])
    edge = step(row["state"], "take")
    taken = update(TASK).where(TASK.c.id == task)
    conn.execute(taken.values(state="taken", version=TASK.c.version + 1))
    _step(conn, row, edge.name, {"task": task})


def read_open_tasks(conn: Connection, scope: str) -> pd.DataFrame:
    """Return the tasks in an area that somebody has, or will have, to do: id, state, lon, lat.

    `state` is sent (nobody has taken it) or taken; a task without a position is left out.
    """
    where = (func.ST_X(ISSUE.c.geom).label("lon"), func.ST_Y(ISSUE.c.geom).label("lat"))
    asked = select(TASK.c.id, TASK.c.state, *where).join(ISSUE, ISSUE.c.id == TASK.c.issue)
    chosen = asked.where(
        TASK.c.path.contains([scope]),
        TASK.c.net == "grid",
        TASK.c.state.in_(_OPEN),
        ISSUE.c.geom.is_not(None),
    )
    return rows_of(conn, chosen.order_by(TASK.c.id))


def demand_duty(conn: Connection, roles: Sequence[str | None], path: Sequence[str]) -> None:
    """Refuse unless the acting person holds one of the roles over what a path leads to.

    What lies in no area is for whoever holds the role anywhere.

    Raises
    ------
    NotAllowedError
        Who it is, and which role is missing.
    """
    codes = conn.execute(select(func.duty_codes([role for role in roles if role]))).scalar_one()
    if codes and (not path or set(codes) & set(path)):
        return
    person = conn.execute(select(func.acting_person())).scalar()
    role = "/".join(role for role in roles if role)
    raise NotAllowedError(person=person or "", role=role, scope=path[-1] if path else "–")


def _locked(conn: Connection, issue: int) -> RowMapping:
    columns = (ISSUE.c.id, ISSUE.c.state, ISSUE.c.path, ISSUE.c.due_at, ISSUE.c.grid)
    where = (func.ST_X(ISSUE.c.geom).label("lon"), func.ST_Y(ISSUE.c.geom).label("lat"))
    query = select(*columns, *where).where(ISSUE.c.id == issue).with_for_update()
    found = conn.execute(query).mappings().one_or_none()
    if found is None:
        raise MissingError(noun="issue", noun_zh="诉求", key=issue)
    return found


def _located(conn: Connection, row: RowMapping) -> RowMapping:
    values = {"lon": row["lon"], "lat": row["lat"], "metric_srid": metric_srid(conn)}
    return conn.execute(question("grid_of_point"), values).mappings().one()


def _in_charge(conn: Connection, issue: int, grid: str | None) -> tuple[str, str]:
    held = (DUTY.c.area == grid, DUTY.c.role.in_(_IN_CHARGE), DUTY.c.service.is_(None))
    order = (DUTY.c.role, DUTY.c.lead.desc(), DUTY.c.party)
    query = select(DUTY.c.party, DUTY.c.role).where(*held, DUTY.c.valid_to.is_(None))
    found = conn.execute(query.order_by(*order).limit(1)).one_or_none()
    if found is None:
        raise NobodyInChargeError(issue=issue, grid=grid or "–")
    return found[0], found[1]


def _step(conn: Connection, row: RowMapping, name: str, detail: dict[str, object]) -> None:
    target = step(row["state"], name).target
    one = update(ISSUE).where(ISSUE.c.id == row["id"])
    conn.execute(one.values(state=target, version=ISSUE.c.version + 1))
    record(conn, "issue", row["id"], name, detail, path=row["path"])
