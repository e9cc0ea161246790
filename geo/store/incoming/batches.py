"""Issues taken in by the file: the same as `incoming.intake` does of a few, asked as sets.

Rows are copied in, located and routed in memory, and stored once each with their tasks and events.
The nets stay locked until the transaction ends, so that what the memory says holds when the rows
are written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple

import pandas as pd
from sqlalchemy import Connection, func, select, text

from geo.frames import ISSUES, Column, Contract
from geo.issues import Case, Desk
from geo.issues.intake import area_named
from geo.routing import Route
from geo.store.answers import question, rows_of
from geo.store.incoming.sending import Sending, order_told, reckoned, sending
from geo.store.locating import Located
from geo.store.making import OF_WORK, as_json
from geo.store.merging import refusing
from geo.store.net.territory import in_force, locked_revisions
from geo.store.rules.deadlines import of_service, ruler
from geo.store.rules.routes import Asked, Listed, listed, routing_desk
from geo.store.staging import stage

_ARRIVALS: Final = text(
    "select id, source, service, against, due_at, closed_at, located_as, ST_X(geom) as lon,"
    " ST_Y(geom) as lat"
    " from pg_temp.unlocated order by id"
)
_ARRIVED: Final = text(
    "create temporary table arrived (issue bigint, grid text, path text[], sent bigint)"
    " on commit drop"
)
# As much more as the server itself waits for before it counts a table anew.
_OUTGROWN: Final = text(
    "select reltuples < 10 * cast(:new as float8) from pg_class where oid = 'issue'::regclass"
)
CLOSED_BEFORE: Final = "closed_before"  # the event of an issue that came in closed
# What policies, boards and lists choose by. Positions and what indexes compute take as long again;
# PostgreSQL counts them by itself soon, and finds positions by their index until then.
_COUNTED: Final = text(
    "analyze issue (path, state, service, source, grid, community, subdistrict, lane, received_by,"
    " due_at)"
)
# Where the new issues of a batch lie, by their number in it, and by which order they are sent.
_OWNERS: Final = Contract(
    "owners",
    ("id",),
    (
        Column("id", "int", required=True),
        *(Column(name, "text") for name in ("grid", "community", "subdistrict", "lane")),
        Column("sent", "int"),
    ),
)
# The orders of rules that differ, and what the source was done with, each as its event tells it and
# as it leaves the issue; a row for each task one makes.
_ORDERS: Final = Contract(
    "orders",
    ("sent",),
    (
        Column("sent", "int", required=True),
        *(Column(name, "text", required=True) for name in ("name", "told", "state")),
        Column("outcome", "text"),
    ),
)
_TASKS: Final = Contract(
    "tasks",
    ("sent", "n"),
    (
        Column("sent", "int", required=True),
        Column("n", "int", required=True),
        Column("told", "text", required=True),
    ),
)


class Clash(NamedTuple):
    """An issue that is there with other content, and was left as it is.

    `key` is "source reference"; `fields` are those that differ, `position` where it lies; `due_was`
    is the source's own due time as kept, `due_said` as it came now. Without fields: another's, of
    which nothing is told, not even whether it differs.
    """

    key: str
    fields: Sequence[str]
    due_was: datetime | None
    due_said: datetime | None


def receive_frame(
    conn: Connection, frame: pd.DataFrame, batch: int, *, of_all: bool = True
) -> tuple[int, int, tuple[Clash, ...]]:
    """Return how many issues of a frame were new and the same, and those in conflict.

    Parameters
    ----------
    of_all
        Whether what differs is told of every issue that is there, else of those alone that the
        acting person received or dispatches.

    Raises
    ------
    BadFrameError, RefusedRowsError
        When the frame or one of its rows cannot be stored.
    """
    stage(conn, frame, ISSUES)
    conn.execute(text("drop table if exists pg_temp.unlocated"))
    fresh = conn.execute(question("gather_unlocated")).rowcount
    new = _stored(conn, batch) if fresh else 0
    told_before = len(frame) - new
    asked = question("issues_in_conflict")
    found = conn.execute(asked, {"of_all": of_all}) if told_before else ()
    clashes = tuple(Clash(*row) for row in found)
    if new and conn.execute(_OUTGROWN, {"new": new}).scalar_one():
        conn.execute(_COUNTED)
    return new, told_before - len(clashes), clashes


def _stored(conn: Connection, batch: int) -> int:
    """Return how many issues of `pg_temp.unlocated` were stored, each where it lies now."""
    revisions = locked_revisions(conn)
    rows = rows_of(conn, _ARRIVALS).astype({"lon": "float64", "lat": "float64"})
    known = in_force(conn)
    owners = known.territory.areas_of(rows["lon"].to_numpy(), rows["lat"].to_numpy())
    named = rows["located_as"].map(area_named, na_action="ignore").where(rows["lon"].isna())
    owners = known.within(owners, named)
    told = _sent(conn, rows, known.placed(owners))
    stage(conn, owners.assign(id=rows["id"], sent=told.sent), _OWNERS)
    stage(conn, told.orders, _ORDERS)
    stage(conn, told.tasks, _TASKS)
    values = {f"{net}_revision": revisions[net] for net in ("grid", "admin")}
    conn.execute(text("drop table if exists pg_temp.arrived, pg_temp.made"))
    conn.execute(_ARRIVED)
    with refusing(ISSUES.name):
        told_of_them = {"batch": batch, **values}
        new = int(conn.execute(question("insert_located"), told_of_them).scalar_one())
        if len(told.orders):
            _make_tasks(conn)
    return new


def _make_tasks(conn: Connection) -> None:
    """Make the tasks and events of the issues that are stored and sent."""
    parts = question("insert_sent").text
    for mark, table in (("{columns}", ""), ("{values}", "r."), ("{works}", "w.")):
        parts = parts.replace(mark, ", ".join(f"{table}{name}" for name in OF_WORK))
    for part in parts.split(";\n"):
        conn.execute(text(part))


class _Told(NamedTuple):
    """What becomes of a batch by itself: the order of each row or none, `_ORDERS`, `_TASKS`."""

    sent: pd.Series
    orders: pd.DataFrame
    tasks: pd.DataFrame


def _sent(conn: Connection, rows: pd.DataFrame, here: Sequence[Located]) -> _Told:
    """Return how those of the rows are sent that a rule sends; what its source closed is closed."""
    now = conn.execute(select(func.now())).scalar_one()
    over = pd.to_datetime(rows["closed_at"], utc=True) <= now
    services = listed(conn, rows["service"].dropna().unique())
    ruled = {code for code, service in services.items() if service.auto_send}
    chosen = [
        i for i, code in enumerate(rows["service"])
        if code in ruled and here[i].path and not over.iloc[i]
    ]  # fmt: skip
    few = rows.iloc[chosen]
    against, due = (_plain(few[name]) for name in ("against", "due_at"))
    asked = [Asked(here[i], *s) for i, *s in zip(chosen, few["service"], against, strict=True)]
    orders = _Orders(services)
    if asked:
        routing = routing_desk(conn, asked, services)
        desk = reckoned(ruler(conn), now, [at for at in due if at])
        for one, source, at in zip(asked, few["source"], due, strict=True):
            orders.give(one, routing.route(one), source, at, desk)
    sent = pd.Series(orders.given, rows.index[chosen], dtype="Int64").reindex(rows.index)
    made, tasks = orders.told()
    closed, number = _closings(rows["closed_at"][over], len(made))
    return _Told(sent.fillna(number), pd.concat([made, closed], ignore_index=True), tasks)


def _closings(at: pd.Series, first: int) -> tuple[pd.DataFrame, pd.Series]:
    """Return `_ORDERS`, numbered from `first`, that close issues at moments, and whose each is."""
    place, moments = pd.factorize(at)
    issue = {"state": "closed", "outcome": "answered"}
    told = [
        as_json({"by": "source", "order": {"closed_at": moment}, "issue": issue})
        for moment in moments
    ]
    orders = pd.DataFrame({"sent": range(first, first + len(told)), "told": told})
    orders = orders.assign(name=CLOSED_BEFORE, **issue)
    return orders, pd.Series(place + first, at.index, dtype="Int64")


def _plain(values: pd.Series) -> list[Any]:
    """Return values as Python has them, None where one is missing."""
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        return [None if at is pd.NaT else at.to_pydatetime() for at in values]
    plain: list[Any] = values.astype(object).where(values.notna(), None).tolist()
    return plain


@dataclass
class _Orders:
    """The orders of rules as they are given, in turn: issues that are sent alike share one.

    `given` has for each issue the number of its order, None where it waits for a dispatcher.
    """

    services: Mapping[str, Listed]
    given: list[int | None] = field(default_factory=list)
    known: dict[tuple[int, str, datetime | None], int | None] = field(default_factory=dict)
    made: list[Sending] = field(default_factory=list)

    def give(
        self, asked: Asked, found: Route, source: str, due: datetime | None, desk: Desk
    ) -> None:
        """Give the order for an issue; its route, of its service, says all but the times."""
        like = (id(found), source, due)
        if like not in self.known:
            case = Case(id=0, source=source, due_at=due)
            limits = self.services[asked.service or ""].limits
            how = sending(case, asked.here, found, of_service(desk, limits))
            self.known[like] = len(self.made) if how else None
            self.made += [how] if how else []
        self.given.append(self.known[like])

    def told(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return the orders and their tasks as text."""
        orders = [
            (n, "send", as_json(order_told(how)), how.case.state, how.case.outcome)
            for n, how in enumerate(self.made)
        ]
        tasks = [
            (n, i, as_json({name: getattr(work, name) for name in OF_WORK}))
            for n, how in enumerate(self.made)
            for i, work in enumerate(how.case.tasks)
        ]
        return (
            pd.DataFrame(orders, columns=[column.name for column in _ORDERS.columns]),
            pd.DataFrame(tasks, columns=["sent", "n", "told"]),
        )
