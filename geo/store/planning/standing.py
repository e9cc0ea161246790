"""Where a plan stands: its row locked, its state moved along an edge, the event that says so."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, or_, select, update

from geo.errors import MissingError
from geo.plan import step
from geo.store.events import record
from geo.store.schema.tables import PLAN


def locked_plan(conn: Connection, plan: int) -> RowMapping:
    """Return a plan's row, which nobody else changes until the transaction ends.

    Raises
    ------
    MissingError
        When there is none that the acting person may see.
    """
    found = _locked(conn, PLAN.c.id == plan)
    if not found:
        raise MissingError(noun="plan", noun_zh="方案", key=plan)
    return found[0]


def touch(conn: Connection, plan: int) -> None:
    """Give a plan that is locked its next version: what was read of it before is old."""
    conn.execute(update(PLAN).where(PLAN.c.id == plan).values(version=PLAN.c.version + 1))


def moved(
    conn: Connection,
    plan: RowMapping,
    edge: str,
    detail: Mapping[str, object] | None = None,
    **columns: Any,  # noqa: ANN401 columns of PLAN
) -> str:
    """Return the state of a locked plan once it has taken a step; columns change with it.

    Raises
    ------
    PlanStepError
        When its state has no such step.
    """
    target = step(plan["state"], edge).target
    values = {"state": target, "version": PLAN.c.version + 1, **columns}
    conn.execute(update(PLAN).where(PLAN.c.id == plan["id"]).values(**values))
    record(conn, "plan", plan["id"], edge, detail, path=plan["path"])
    return target


def supersede(
    conn: Connection, net: str, scopes: Collection[str], number: int, *, but: Collection[int] = ()
) -> None:
    """Supersede by a revision the plans in force whose whole scope lies in one of these."""
    if not scopes:
        return
    within = or_(*(PLAN.c.path.contains([scope]) for scope in scopes))
    apart = PLAN.c.id.not_in(list(but))
    for row in _locked(conn, PLAN.c.net == net, PLAN.c.state == "in_force", within, apart):
        moved(conn, row, "supersede", {"revision": number}, superseded_by=number)


def reinstate(conn: Connection, net: str, *, undone: int, number: int) -> None:
    """Put back in force the plans that a revision had superseded, and take out the one it made.

    Parameters
    ----------
    undone
        The revision that is taken back.
    number
        The revision that takes it back.
    """
    told = {"revision": number, "undoes": undone}
    back = _locked(conn, PLAN.c.net == net, PLAN.c.superseded_by == undone)
    made = (PLAN.c.net == net, PLAN.c.revision == undone, PLAN.c.state == "in_force")
    for row in _locked(conn, *made):
        moved(conn, row, "supersede", told, superseded_by=number)
    for row in back:
        moved(conn, row, "reinstate", told, superseded_by=None)
    # After a rollback of a rollback: what stood in for the plan that is back.
    scopes = [row["scope"] for row in back]
    supersede(conn, net, scopes, number, but=[row["id"] for row in back])


def _locked(conn: Connection, *conditions: ColumnElement[bool]) -> list[RowMapping]:
    query = select(PLAN).where(*conditions).order_by(PLAN.c.id).with_for_update()
    return list(conn.execute(query).mappings())
