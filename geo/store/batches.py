"""Issues taken in by the file: the same as `geo.store.intake` does of a few, asked as sets.

Rows are copied in, located and routed in memory, and stored once each with their tasks and events.
The nets stay locked until the transaction ends, so that what the memory says holds when the rows
are written.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from sqlalchemy import Connection, func, select, text

from geo.frames import ISSUES, Column, Contract
from geo.issues import Case
from geo.store.answers import question, rows_of
from geo.store.deadlines import of_service
from geo.store.locating import Located
from geo.store.making import OF_WORK, as_json, told_of
from geo.store.merging import refusing
from geo.store.routes import Asked, listed, routing_desk
from geo.store.sending import Sending, order_told, reckoned, sending
from geo.store.staging import stage
from geo.store.territory import in_force, locked_revisions

_ARRIVALS: Final = text(
    "select id, source, service, against, due_at, ST_X(geom) as lon, ST_Y(geom) as lat"
    " from pg_temp.unlocated order by id"
)
_ARRIVED: Final = text(
    "create temporary table arrived (id bigint, issue bigint, path text[]) on commit drop"
)
# Where the new issues of a batch lie, by their number in it.
_OWNERS: Final = Contract(
    "owners",
    ("id",),
    (
        Column("id", "int", required=True),
        *(Column(name, "text") for name in ("grid", "community", "subdistrict", "lane")),
    ),
)
# Those that a rule sends: the order, as its event tells it; a row for each of its tasks.
_ORDERS: Final = Contract(
    "orders",
    ("id",),
    (Column("id", "int", required=True), Column("told", "text", required=True)),
)
_TASKS: Final = Contract(
    "tasks",
    ("id", "n"),
    (
        Column("id", "int", required=True),
        Column("n", "int", required=True),
        Column("told", "text", required=True),
    ),
)


def receive_frame(
    conn: Connection, frame: pd.DataFrame, batch: int
) -> tuple[int, int, tuple[str, ...]]:
    """Return how many issues of a frame were new and the same, and the references in conflict.

    Raises
    ------
    BadFrameError, RefusedRowsError
        When the frame or one of its rows cannot be stored.
    """
    stage(conn, frame, ISSUES)
    conn.execute(text("drop table if exists pg_temp.unlocated"))
    fresh = conn.execute(question("gather_unlocated")).rowcount
    new = _stored(conn, batch) if fresh else 0
    conflicts = tuple(conn.execute(question("issues_in_conflict")).scalars())
    if new:
        conn.execute(text("analyze issue"))
    return new, len(frame) - new - len(conflicts), conflicts


def _stored(conn: Connection, batch: int) -> int:
    """Return how many issues of `pg_temp.unlocated` were stored, each where it lies now."""
    revisions = locked_revisions(conn)
    rows = rows_of(conn, _ARRIVALS).astype({"lon": "float64", "lat": "float64"})
    known = in_force(conn)
    owners = known.territory.areas_of(rows["lon"].to_numpy(), rows["lat"].to_numpy())
    stage(conn, owners.assign(id=rows["id"]), _OWNERS)
    told = _sent(conn, rows, known.placed(owners))
    stage(conn, told.orders, _ORDERS)
    stage(conn, told.tasks, _TASKS)
    values = {f"{net}_revision": revisions[net] for net in ("grid", "admin")}
    conn.execute(text("drop table if exists pg_temp.arrived, pg_temp.made"))
    conn.execute(_ARRIVED)
    with refusing(ISSUES.name):
        new = conn.execute(question("insert_located"), {"batch": batch, **values}).rowcount
        if len(told.orders):
            _make_tasks(conn)
    return new


def _make_tasks(conn: Connection) -> None:
    """Make the tasks and events of the issues that are stored and sent."""
    columns = {"{columns}": ", ".join(OF_WORK), "{values}": ", ".join(f"r.{n}" for n in OF_WORK)}
    parts = question("insert_sent").text
    for mark, names in columns.items():
        parts = parts.replace(mark, names)
    for part in parts.split(";\n"):
        conn.execute(text(part))


class _Told(NamedTuple):
    """What a rule sends of a batch, by the contracts `_ORDERS` and `_TASKS`."""

    orders: pd.DataFrame
    tasks: pd.DataFrame


def _sent(conn: Connection, rows: pd.DataFrame, here: Sequence[Located]) -> _Told:
    """Return how those of the rows are sent that a rule sends."""
    services = listed(conn, rows["service"].dropna().unique())
    ruled = [code for code, service in services.items() if service.auto_send]
    chosen = [i for i in np.flatnonzero(rows["service"].isin(ruled)).tolist() if here[i].path]
    few = rows.iloc[chosen]
    cases = _cases(few)
    against = few["against"].astype(object).where(few["against"].notna(), None)
    asked = [
        Asked(here[i], service, other)
        for i, service, other in zip(chosen, few["service"], against, strict=True)
    ]
    routing = routing_desk(conn, asked, services) if asked else None
    now = conn.execute(select(func.now())).scalar_one()
    desk = reckoned(conn, now, [case.due_at for case in cases if case.due_at])
    found = (
        sending(
            case, one.here, routing.route(one), of_service(desk, services[one.service or ""].limits)
        )
        for case, one in zip(cases, asked, strict=True)
        if routing
    )
    return _told([(case.id, how) for case, how in zip(cases, found, strict=True) if how])


def _cases(rows: pd.DataFrame) -> list[Case]:
    """Return issues that are not stored yet; their numbers are those in the batch."""
    due = rows["due_at"].astype(object).where(rows["due_at"].notna(), None)
    return [
        Case(id=int(n), source=source, due_at=at.to_pydatetime() if at else None)
        for n, source, at in zip(rows["id"], rows["source"], due, strict=True)
    ]


def _told(found: Sequence[tuple[int, Sending]]) -> _Told:
    """Return how issues (number in the batch, how it is sent) are sent, as text."""
    orders = [(n, as_json(order_told(how))) for n, how in found]
    tasks = [
        (n, i, as_json(told_of(work))) for n, how in found for i, work in enumerate(how.case.tasks)
    ]
    return _Told(
        pd.DataFrame(orders, columns=["id", "told"]),
        pd.DataFrame(tasks, columns=["id", "n", "told"]),
    )
