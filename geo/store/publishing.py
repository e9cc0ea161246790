"""Plans put in force and revisions taken back: one revision more, inside one scope, at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Connection, RowMapping, select, text, update

from geo.errors import MissingError, StaleBaseError
from geo.store import drafts
from geo.store.answers import question
from geo.store.events import record
from geo.store.revisions import (
    add_revision,
    effective_date,
    lock_net,
    refresh_paths,
    retire_and_add,
)
from geo.store.succession import follow, give_back
from geo.store.tables import PLAN, REVISION
from geo.store.tasks import demand_duty
from geo.store.tiling import demand_tiling

_SHOWN: Final = 10


@dataclass(frozen=True)
class Published:
    """What a revision changed: codes that are new, gone, and there still with another shape."""

    net: str
    revision: int
    new: tuple[str, ...]
    gone: tuple[str, ...]
    changed: tuple[str, ...]
    tasks_moved: int


def publish_plan(conn: Connection, plan: RowMapping, effective_on: date | None) -> Published:
    """Return what changed by putting an approved plan, locked, in force."""
    lock_net(conn, plan["net"])
    _demand_fresh(conn, plan["net"], plan["scope"], plan["base"])
    drafts.derive(conn, plan)  # codes may have been used, and taken back, since it was saved
    demand_tiling(conn, plan)
    day = effective_date(conn, plan["net"], effective_on)
    conn.execute(text("drop table if exists pg_temp.touched"))
    conn.execute(question("touched_by_plan"), {"plan": plan["id"]})
    details = {"scope": plan["scope"], "path": plan["path"], "plan": plan["id"]}
    published = _put_in_force(conn, plan["net"], "plan", day, details)
    _supersede(conn, plan)
    done = update(PLAN).where(PLAN.c.id == plan["id"])
    values = {"state": "in_force", "effective_on": day, "revision": published.revision}
    conn.execute(done.values(**values, version=PLAN.c.version + 1))
    told = {"revision": published.revision, "tasks_moved": published.tasks_moved}
    record(conn, "plan", plan["id"], "publish", told, path=plan["path"])
    return published


def rollback(
    conn: Connection, revision: int, *, net: str = "grid", effective_on: date | None = None
) -> Published:
    """Return what changed by publishing again what was there before a revision.

    Raises
    ------
    MissingError, NotAllowedError
        When there is no such revision, or the acting person approves elsewhere.
    StaleBaseError
        When what the revision changed has been changed again since.
    """
    lock_net(conn, net)
    which = (REVISION.c.net == net, REVISION.c.number == revision)
    undone = conn.execute(select(REVISION).where(*which)).mappings().one_or_none()
    if undone is None:
        raise MissingError(noun="revision", noun_zh="版本", key=f"{net} {revision}")
    demand_duty(conn, ["approver"], undone["path"])
    values = {"net": net, "number": revision}
    later = conn.execute(question("changed_again"), values).scalars().all()
    if later:
        raise StaleBaseError(scope=undone["scope"] or net, base=revision, codes=_listed(later))
    conn.execute(text("drop table if exists pg_temp.touched"))
    conn.execute(question("touched_by_rollback"), values)
    day = effective_date(conn, net, effective_on)
    details = {"scope": undone["scope"], "path": undone["path"], "undoes": revision}
    published = _put_in_force(conn, net, "rollback", day, details)
    conn.execute(update(PLAN).where(PLAN.c.id == undone["plan"]).values(state="superseded"))
    told = {"undoes": revision, "tasks_moved": published.tasks_moved}
    record(conn, "revision", f"{net} {published.revision}", "rollback", told, path=undone["path"])
    return published


def _put_in_force(
    conn: Connection, net: str, kind: str, day: date, details: dict[str, object]
) -> Published:
    """Return what changed by making `pg_temp.touched` the next revision of a locked net."""
    changes = conn.execute(question("touched_codes")).one()
    number = add_revision(conn, net, kind, effective_on=day, **details)
    retire_and_add(conn, net, number)
    if net != "grid":
        refresh_paths(conn)
    if (undone := details.get("undoes")) is not None:
        give_back(conn, net, undone=int(str(undone)), number=number)
    follow(conn, net, number)
    moved = _move_tasks(conn) if net == "grid" else 0
    new, gone, changed = (tuple(codes) for codes in changes)
    return Published(net, number, new, gone, changed, moved)


def _move_tasks(conn: Connection) -> int:
    """Return how many tasks that nobody has taken went to the grid their issue now lies in."""
    return conn.execute(question("move_untaken_tasks")).rowcount


def _demand_fresh(conn: Connection, net: str, scope: str, base: int) -> None:
    values = {"net": net, "scope": scope, "base": base}
    codes = conn.execute(question("changed_since"), values).scalars().all()
    if codes:
        raise StaleBaseError(scope=scope, base=base, codes=_listed(codes))


def _listed(codes: object) -> str:
    return ", ".join(list(codes)[:_SHOWN])  # type: ignore[call-overload]


def _supersede(conn: Connection, plan: RowMapping) -> None:
    """Mark the plans in force whose whole scope this one covers."""
    covered = (PLAN.c.net == plan["net"], PLAN.c.state == "in_force")
    within = PLAN.c.path.contains([plan["scope"]])
    conn.execute(update(PLAN).where(*covered, within).values(state="superseded"))
