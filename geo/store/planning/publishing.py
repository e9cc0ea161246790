"""Plans put in force and revisions taken back: one revision more, inside one scope, at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, select, text

from geo.errors import ChangedAgainError, MissingError, StaleBaseError
from geo.store.answers import question
from geo.store.events import record
from geo.store.net.revisions import (
    add_revision,
    effective_date,
    hold_alone,
    lock_net,
    number_at,
    refresh_paths,
    retire_and_add,
    today,
)
from geo.store.planning import drafts
from geo.store.planning.cornering import corner
from geo.store.planning.moving import move_late, move_untaken
from geo.store.planning.standing import moved, reinstate, supersede
from geo.store.planning.succession import Begun, Ended, begun_with, follow, give_back, named_with
from geo.store.planning.tiling import demand_tiling
from geo.store.schema.tables import REVISION
from geo.store.working.tasks import demand_duty

_SHOWN: Final = 10


@dataclass(frozen=True)
class Published:
    """What a revision changed: codes that are new, gone, and there still with another shape.

    `revision` is 0 for a plan whose day, `effective_on`, is still to come: it would change this.
    `duties_moved` counts duties that someone holds on an area from then on and did not before;
    `duties` names the first of them; `ended` all that ended with special grids.
    """

    net: str
    revision: int
    effective_on: date
    new: tuple[str, ...]
    gone: tuple[str, ...]
    changed: tuple[str, ...]
    tasks_moved: int
    duties_moved: int
    duties: tuple[Begun, ...] = ()
    ended: tuple[Ended, ...] = ()

    @property
    def state(self) -> str:
        """The state of a plan that was published so."""
        return "in_force" if self.revision else "scheduled"


def publish_plan(
    conn: Connection,
    plan: RowMapping,
    effective_on: date | None,
    *,
    now: date,
    edge: str = "publish",
) -> Published:
    """Return what changed by putting a locked plan in force, today or earlier, along an edge."""
    lock_net(conn, plan["net"])
    _demand_fresh(conn, plan["net"], plan["scope"], plan["base"])
    drafts.derive(conn, plan)  # codes may have been used, and taken back, since it was saved
    demand_tiling(conn, plan)
    day = effective_date(conn, plan["net"], effective_on, now=now)
    conn.execute(text("drop table if exists pg_temp.touched"))
    conn.execute(question("touched_by_plan"), {"plan": plan["id"]})
    details = {"scope": plan["scope"], "path": plan["path"], "plan": plan["id"]}
    done = _put_in_force(conn, plan["net"], "plan", day, details)
    supersede(conn, plan["net"], [plan["scope"]], done.revision)
    told = {"revision": done.revision, "tasks_moved": done.tasks_moved}
    moved(conn, plan, edge, told, effective_on=day, revision=done.revision)
    return done


def rollback(conn: Connection, revision: int, *, net: str = "grid") -> Published:
    """Return what changed by publishing again, today, what was there before a revision.

    The plans that the revision had superseded are in force again.

    Raises
    ------
    MissingError, NotAllowedError
        When there is no such revision, or the acting person approves elsewhere.
    ChangedAgainError
        When what the revision changed has been changed again since, and that not taken back.
    UnknownParentError
        When an area that would come back has lost the one above it, or one would lose it.
    """
    undone = _revision(conn, net, revision)
    demand_duty(conn, ["approver"], undone["path"])
    lock_net(conn, net)
    values = {"net": net, "number": revision}
    later = conn.execute(question("changed_again"), values).scalars().all()
    if later:
        raise ChangedAgainError(scope=undone["scope"] or net, base=revision, codes=_listed(later))
    conn.execute(text("drop table if exists pg_temp.touched"))
    conn.execute(question("touched_by_rollback"), values)
    path = undone["path"] or _common_path(conn)
    demand_duty(conn, ["approver"], path or [net])  # what an import touched is known only now
    day = effective_date(conn, net, None, now=today(conn))
    details = {"scope": undone["scope"], "path": path, "undoes": revision}
    done = _put_in_force(conn, net, "rollback", day, details)
    reinstate(conn, net, undone=revision, number=done.revision)
    told = {"undoes": revision, "tasks_moved": done.tasks_moved}
    record(conn, "revision", f"{net} {done.revision}", "rollback", told, path=path)
    return done


def _put_in_force(
    conn: Connection, net: str, kind: str, day: date, details: Mapping[str, Any]
) -> Published:
    """Return what changed by making `pg_temp.touched` the next revision of a locked net.

    Issues come in until nearly all is done; then they wait for those few tasks that came meanwhile.
    """
    changes = conn.execute(question("touched_codes")).one()
    corner(conn, net)
    number = add_revision(conn, net, kind, effective_on=day, **details)
    if net != "grid" or "undoes" in details:
        refresh_paths(conn)
    retire_and_add(conn, net, number)
    if "undoes" in details:
        give_back(conn, net, undone=details["undoes"], number=number)
    ended = follow(conn, net, number)
    sent_on = move_untaken(conn) if net == "grid" else 0
    new, gone, changed = (tuple(codes) for codes in changes)
    begun, named = begun_with(conn, net, number), named_with(conn, net, number)
    hold_alone(conn)
    sent_on += move_late(conn) if net == "grid" else 0
    return Published(net, number, day, new, gone, changed, sent_on, begun, named, ended)


def changed_since(conn: Connection, net: str, scope: str, base: int) -> list[str]:
    """Return the codes of the areas in a scope that are not what they were at a revision."""
    values = {"net": net, "scope": scope, "base": base}
    return list(conn.execute(question("changed_since"), values).scalars().all())


def _demand_fresh(conn: Connection, net: str, scope: str, base: int) -> None:
    if codes := changed_since(conn, net, scope, base):
        raise StaleBaseError(scope=scope, base=base, codes=_listed(codes))


def _revision(conn: Connection, net: str, number: int) -> RowMapping:
    number_at(conn, net, number)
    which = (REVISION.c.net == net, REVISION.c.number == number)
    found = conn.execute(select(REVISION).where(*which)).mappings().one_or_none()
    if found is None:
        raise MissingError(noun="revision", noun_zh="版本", key=f"{net} {number}")
    return found


def _listed(codes: object) -> str:
    return ", ".join(list(codes)[:_SHOWN])  # type: ignore[call-overload]


def _common_path(conn: Connection) -> list[str]:
    """Return the codes, from the top down, above everything in `pg_temp.touched`."""
    paths = conn.execute(text("select distinct path from pg_temp.touched")).scalars().all()
    shared = takewhile(lambda level: len(set(level)) == 1, zip(*paths, strict=False))
    return [level[0] for level in shared]
