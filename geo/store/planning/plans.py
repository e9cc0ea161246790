"""Plans: drafts of a net for a scope, kept as atoms, moved step by step towards being in force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

import geopandas as gpd
import pandas as pd
from sqlalchemy import Connection, RowMapping, false, func, insert, select

from geo.errors import EffectiveDateError, PlanScopeError, ReasonNeededError
from geo.plan import PlanEdge, allowed_steps, no_step, step
from geo.store.answers import rows_of
from geo.store.events import record
from geo.store.net.areas import ancestry
from geo.store.net.revisions import number_at, today
from geo.store.planning import drafts
from geo.store.planning.editing import is_edited, seen_plan
from geo.store.planning.locks import going_on, keep_locks, locked_atoms
from geo.store.planning.publishing import Published, changed_since, publish_plan, rollback
from geo.store.planning.rebasing import carry_over
from geo.store.planning.scheduling import schedule
from geo.store.planning.standing import locked_plan, moved, touch
from geo.store.planning.tiling import demand_tiling
from geo.store.schema.tables import AREA, PLAN
from geo.store.working.tasks import demand_duty, holds

__all__ = ["Published", "create", "move", "publish", "read_atoms", "read_plans", "rollback"]

# Departments' nets change by import until nets are merged: their areas nest in no community.
PLANNED_NETS: Final = ("grid",)
SCOPE_KINDS: Final = ("district", "subdistrict", "community")
# Steps that put a plan in force, on a day.
WITH_A_DAY: Final = frozenset({"publish", "schedule"})
# Steps that hand a draft on: it must be whole by then.
_HANDING_ON = frozenset({"submit", "check", "approve"})


def create(
    conn: Connection, *, net: str, scope: str, title: str, forked_from: int | None = None
) -> int:
    """Return the number of a new draft for a scope, forked from the newest revision of its net.

    Parameters
    ----------
    scope
        Code of a district, subdistrict or community.
    forked_from
        The plan it comes from (`geo.store.planning.forking`).

    Raises
    ------
    MissingError
        When there is no such area.
    PlanScopeError
        When the area is of another kind, or the net is not one of grids.
    NotAllowedError
        When the acting person plans elsewhere.
    """
    if net not in PLANNED_NETS:
        known = ", ".join(PLANNED_NETS)
        raise PlanScopeError(what="net", what_zh="网", found=net, known=known)
    path = ancestry(conn, scope)
    _demand_kind(conn, scope)
    demand_duty(conn, ["planner"], path)
    row = {"net": net, "scope": scope, "path": path, "title": title, "forked_from": forked_from}
    base, made_by = number_at(conn, net, None), func.coalesce(func.acting_person(), "")
    query = insert(PLAN).values(**row, base=base, made_by=made_by).returning(PLAN.c.id)
    plan = int(conn.execute(query).scalar_one())
    told = {"net": net, "scope": scope, "base": base, "forked_from": forked_from}
    record(conn, "plan", plan, "create", told, path=path)
    return plan


def _demand_kind(conn: Connection, scope: str) -> None:
    now = (AREA.c.net == "admin", AREA.c.code == scope, AREA.c.valid_to.is_(None))
    kind = conn.execute(select(AREA.c.kind).where(*now)).scalar()
    if kind not in SCOPE_KINDS:
        found, known = f"{scope} ({kind})", ", ".join(SCOPE_KINDS)
        raise PlanScopeError(what="area", what_zh="区划", found=found, known=known)


def save_assignment(conn: Connection, plan: int, atoms: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the areas a draft has once its atoms are these; whatever it held before is gone.

    Locks stay on the grids that go on (`geo.store.planning.locks`).

    Parameters
    ----------
    atoms
        `code` (or the index), `geometry`, `households`, `within` (community), `grid` (any label,
        one grid each) and, if there, `estate` and `previous` (code of today's grid; looked up
        otherwise). Atoms without a grid are kept, and are missed when the plan is submitted.

    Raises
    ------
    MissingError, NotAllowedError
        When the acting person may not see the plan, or plans elsewhere.
    PlanStepError
        When it is no draft any more.
    BadDraftError
        When a grid lies in two communities, or an atom outside the scope.
    """
    row = locked_plan(conn, plan)
    demand_duty(conn, ["planner"], row["path"])
    if row["state"] != "draft":
        raise no_step(row["state"], "save")
    locked = locked_atoms(conn, plan)
    redrawn = drafts.keep_atoms(conn, plan, atoms)
    areas = drafts.derive(conn, row)
    touch(conn, plan)
    locks = going_on(conn, plan, locked)
    told = {"atoms": len(atoms), "communities": redrawn, **locks}
    record(conn, "plan", plan, "save", told, path=row["path"])
    keep_locks(conn, row, locks)
    return areas


def move(
    conn: Connection,
    plan: int,
    edge: str,
    *,
    reason: str | None = None,
    effective_on: date | None = None,
) -> str:
    """Return the state of a plan after one step of PLAN_EDGES.

    Parameters
    ----------
    effective_on
        The day on which what `publish` and `schedule` do takes effect: today by default.

    Raises
    ------
    MissingError, NotAllowedError, PlanStepError
        When the plan is not to be seen, the person has not the role, or the state not the step.
    ReasonNeededError
        When the step has to say why.
    NotTiledError, StaleBaseError, EffectiveDateError, ScheduledAlreadyError
        When it is handed on and its grids do not tile its communities, its base is old, or the day
        is not to be used.
    NothingToRebaseError
        When its base is the newest already.
    """
    if edge in WITH_A_DAY:
        return publish_by(conn, plan, edge, effective_on).state
    row = locked_plan(conn, plan)
    taken = step(row["state"], edge)
    if taken.role is None:
        raise no_step(row["state"], edge)
    demand_duty(conn, [taken.role], row["path"])
    if taken.reason and not (reason or "").strip():
        raise ReasonNeededError(step=edge, step_zh=taken.zh)
    told = _numbered(conn, row) if edge == "submit" else {}
    if edge in _HANDING_ON:
        demand_tiling(conn, row)
    told = carry_over(conn, row) if edge == "rebase" else told
    said = {"reason": reason or "", **told}
    state = moved(conn, row, edge, said, effective_on=None, scheduled_by=None)
    keep_locks(conn, row, told)
    return state


def _numbered(conn: Connection, plan: RowMapping) -> dict[str, list[str]]:
    """Number the grids of a draft by the rule where they were drawn by hand; return its locks."""
    locked = locked_atoms(conn, plan["id"])
    if is_edited(conn, plan["id"]):
        drafts.derive(conn, plan)
    return going_on(conn, plan["id"], locked)


def publish(
    conn: Connection, plan: int, *, effective_on: date | None = None, now: date | None = None
) -> Published:
    """Return what changed by putting a plan in force: the areas of its scope, in this transaction.

    On a day to come it is scheduled instead: nothing is in force before that day, when everything
    is asked again (`geo.store.planning.scheduling`). Its `revision` is then 0.

    Parameters
    ----------
    now
        Today, in the city; the database's clock by default.

    Raises
    ------
    MissingError, NotAllowedError, PlanStepError
        When the plan is not to be seen, not approved, or the acting person approves elsewhere.
    StaleBaseError
        When its scope has changed since its base; the codes that differ are named.
    NotTiledError, EffectiveDateError, ScheduledAlreadyError
        When its grids do not tile its communities, the date is before the newest revision's, or
        another plan for the same ground is scheduled.
    """
    now = now or today(conn)
    later = effective_on is not None and effective_on > now
    row = locked_plan(conn, plan)
    edge = step(row["state"], "schedule" if later else "publish")
    demand_duty(conn, [edge.role], row["path"])
    if effective_on is not None and later:
        return schedule(conn, row, effective_on, now=now)
    return publish_plan(conn, row, effective_on, now=now)


def steps_open(conn: Connection, plan: int) -> list[PlanEdge]:
    """Return the steps that the acting person may take with a plan, in the table's order.

    What has changed since its base may be taken over where anything has. Whether what is drawn
    allows the others is asked when they are taken.

    Raises
    ------
    MissingError
        When there is no such plan that the person may see.
    """
    row = seen_plan(conn, plan)
    edges = [
        edge for edge in allowed_steps(row["state"]) if edge.role and _has_cause(conn, row, edge)
    ]
    roles = {edge.role for edge in edges if holds(conn, [edge.role], row["path"])}
    return [edge for edge in edges if edge.role in roles]


def _has_cause(conn: Connection, row: Mapping[str, Any], edge: PlanEdge) -> bool:
    """Tell whether there is anything that a step would do to a plan."""
    if edge.name != "rebase":
        return True
    return bool(changed_since(conn, row["net"], row["scope"], row["base"]))


def may_edit(conn: Connection, plan: int) -> bool:
    """Tell whether the acting person may draw in a plan they see: a planner there, in a draft."""
    row = seen_plan(conn, plan)
    return row["state"] == "draft" and holds(conn, ["planner"], row["path"])


def read_plans(
    conn: Connection, *, net: str | None = None, state: str | None = None
) -> pd.DataFrame:
    """Return the plans the acting person may see, newest first, one row each.

    `forkable`: whether they plan in its area, and so may go on from it.
    """
    names = ("id", "net", "scope", "title", "base", "state", "effective_on", "revision")
    later = ("superseded_by", "scheduled_by", "forked_from", "version", "made_by", "made_at")
    columns = [PLAN.c[name] for name in (*names, *later)]
    theirs = PLAN.c.path.overlap(func.duty_codes(["planner"]))
    forkable = func.coalesce(theirs, false()).label("forkable")
    asked = select(*columns, forkable).order_by(PLAN.c.id.desc())
    for name, value in (("net", net), ("state", state)):
        asked = asked if value is None else asked.where(PLAN.c[name] == value)
    found = rows_of(conn, asked)
    return found.astype(dict.fromkeys(("revision", "superseded_by", "forked_from"), "Int64"))


def scheduled_by(conn: Connection, day: date) -> list[dict[str, object]]:
    """Return the plans that wait for a day until then, as far as the acting person may see them.

    Each as plan, net, scope, effective_on (ISO 8601).
    """
    waiting = read_plans(conn, state="scheduled")
    due = waiting[waiting["effective_on"] <= day].sort_values(["effective_on", "id"])
    return [
        {
            "plan": int(row["id"]),
            "net": row["net"],
            "scope": row["scope"],
            "effective_on": row["effective_on"].isoformat(),
        }
        for row in due.to_dict("records")
    ]


def read_atoms(conn: Connection, plan: int) -> gpd.GeoDataFrame:
    """Return the atoms of a plan the acting person may see, by code.

    Columns code, households, within, estate, grid, previous (today's grid), geometry.
    """
    return drafts.read_atoms(conn, plan)


def publish_by(conn: Connection, plan: int, edge: str, day: date | None) -> Published:
    """Return what changed by a step that puts a plan in force, or sets it to a day to come.

    Raises
    ------
    EffectiveDateError
        When it is to be scheduled, and the day is missing or not to come.
    MissingError, NotAllowedError, PlanStepError, StaleBaseError, NotTiledError
        As `publish` does.
    """
    now = today(conn)
    if edge == "schedule" and (day is None or day <= now):
        raise EffectiveDateError(date=day or now, first=now + timedelta(days=1))
    return publish(conn, plan, effective_on=day, now=now)
